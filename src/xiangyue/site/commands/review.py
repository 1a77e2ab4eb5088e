"""`xiangyue review`: recompute who reviews whom from a plan's file, or whole reviews from their records."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def command() -> None:
    """Recompute staged reviews. 逐级评审的核验。"""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def plan(file: Path) -> None:
    """Recompute who reviews whom from FILE, as downloaded from the plan's page; needs no database. 重算互评安排。

    Checks that the secret is the one whose hash was shown, and that secret and number give these very turns. Exit code 1
    when they don't.
    """
    from xiangyue.site.cli import start_django

    start_django()
    from xiangyue.base.problems import Problem
    from xiangyue.standings.reviews.verify import differences, read_told

    try:
        told = read_told(file.read_text(encoding="utf-8"))
    except (Problem, UnicodeDecodeError) as problem:
        raise click.ClickException(str(problem)) from None
    found = differences(told)
    click.echo(f"公开数：{told['number_name']} {told['number']}")
    if found:
        for words in found:
            click.echo(f"  {words}")
        raise SystemExit(1)
    click.echo(f"相符：{len(told['turns'])} 次互评都能由密钥和公开数算出来。")


@command.command()
@click.argument("ground", required=False, default="")
@click.argument("period", required=False, default="")
def verify(ground: str, period: str) -> None:
    """Recompute every review (of GROUND, of PERIOD): plan, scores, stars, digests. 核验逐级评审。

    Exit code 1 when something differs.
    """
    from xiangyue.site.cli import start_django

    start_django()
    from xiangyue.base.problems import Problem
    from xiangyue.standings.actions.periods import ground_of, span_of
    from xiangyue.standings.reviews.verify import reviews_to_verify
    from xiangyue.standings.reviews.verify import verify as recompute

    try:
        place = ground_of(ground) if ground else None
        key = span_of(period).key if period else ""
    except Problem as problem:
        raise click.ClickException(str(problem)) from None
    reviews = reviews_to_verify(place.pk if place else None, key)
    if not reviews:
        click.echo("没有逐级评审可核验。")
        return
    n = 0
    for review in reviews:
        found = recompute(review)
        n += len(found)
        click.echo(f"{review.ground.name} {review}：{'相符' if not found else f'{len(found)} 处不符'}")
        for words in found:
            click.echo(f"  {words}")
    if n:
        raise SystemExit(1)
