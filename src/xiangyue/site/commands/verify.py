"""`xiangyue verify`: recompute what was closed from its records and compare."""

from __future__ import annotations

import click

from xiangyue.site.cli import start_django


@click.command()
@click.argument("ground", required=False, default="")
@click.argument("period", required=False, default="")
def command(ground: str, period: str) -> None:
    """Recompute every version closed (of GROUND, of PERIOD) from the checks and the roll it was closed on. 核验。

    Compares digests, figures, ranks and boards, and the stars of every rating. Exit code 1 when something differs.
    """
    start_django()
    from xiangyue.base.problems import Problem
    from xiangyue.standings.actions.periods import ground_of, span_of
    from xiangyue.standings.ratings.verify import ratings_to_verify, verify_rating
    from xiangyue.standings.verify import closings_to_verify, verify

    try:
        place = ground_of(ground) if ground else None
        key = span_of(period).key if period else ""
    except Problem as problem:
        raise click.ClickException(f"{problem.words}{problem.mend}") from None
    closings = closings_to_verify(place.pk if place else None, key)
    ratings = ratings_to_verify(place.pk if place else None, key)
    if not closings and not ratings:
        click.echo("没有已关账的考核期可核验。")
        return
    n = 0
    for closing in closings:
        differences = verify(closing)
        n += len(differences)
        where = f"{closing.period.ground.name} {closing.period.key} 第{closing.version}版"
        click.echo(f"{where}:{'相符' if not differences else f'{len(differences)} 处不符'}")
        for row in differences:
            click.echo(f"  {row}")
    for rating in ratings:
        found = verify_rating(rating)
        n += len(found)
        where = f"{rating.ground.name} {rating.key} {rating.name} 第{rating.version}版"
        click.echo(f"{where}:{'相符' if not found else f'{len(found)} 处不符'}")
        for row in found:
            click.echo(f"  {row}")
    if n:
        raise SystemExit(1)
