"""`xiangyue close`: close a month, quarter or year of a ground, or open a newer version of it."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import click

from xiangyue.site.cli import start_django

if TYPE_CHECKING:
    from xiangyue.base.problems import Problem
    from xiangyue.standings.models import Closing


@click.command()
@click.argument("ground")
@click.argument("period")
@click.option("--yes", is_flag=True, help="Close although the period still runs or nothing is recorded. 不再询问。")
@click.option("--new-version", is_flag=True, help="Open a newer version; takes in late checks. 开新版本更正。")
@click.option("--reason", default="", help="Why there is a newer version. 开新版本的原因。")
@click.option("--scheme", default="", help="Code of the scheme, where the ground has several. 方案代码。")
def command(ground: str, period: str, yes: bool, new_version: bool, reason: str, scheme: str) -> None:
    """Close PERIOD (2026-10, 2026-Q4 or 2026) of GROUND (a county's or township's code). 关账。

    Results, ranks and boards are stored as a version with its digest. A period is closed once; corrections go into a
    newer version with a reason. Exit code 1 when it was not closed.
    """
    from xiangyue.standings.ahead import ahead_of

    # a newer version takes late checks in first, so it has nothing to count ahead
    ahead = None if new_version else ahead_of(ground, period)
    # nothing to collect: what is made lives until it is stored, and then the process ends
    gc.disable()
    start_django(lean=True)
    from xiangyue.base.problems import Problem
    from xiangyue.standings import totals

    totals.use(ahead)
    try:
        closing = _close(ground, period, yes, new_version, reason, scheme)
    except Problem as problem:
        raise click.ClickException(f"{problem.words}{problem.mend}{_option(problem)}") from None
    finally:
        gc.freeze()
        gc.enable()
        totals.use(None)
    _tell(closing)


def _option(problem: Problem) -> str:
    """The option of this command that does what the mend says."""
    from xiangyue.standings import problems

    options = {
        problems.STILL_RUNNING: "--yes",
        problems.NOTHING_RECORDED: "--yes",
        problems.ALREADY_CLOSED: "--new-version --reason",
        problems.NEEDS_REASON: "--reason",
    }
    named = next((option for kind, option in options.items() if problem.kind is kind), "")
    return f"在命令行里就是 {named}。" if named else ""


def _close(ground: str, period: str, yes: bool, new_version: bool, reason: str, scheme: str) -> Closing:
    from datetime import UTC, datetime

    from xiangyue.base.problems import Problem
    from xiangyue.standings import problems
    from xiangyue.standings.actions.closing import close_period, open_new_version
    from xiangyue.standings.actions.periods import ground_of

    place = ground_of(ground)
    now = datetime.now(UTC)
    if new_version:
        return open_new_version(None, place, period, now=now, reason=reason, scheme=scheme)
    early = empty = yes
    while True:
        try:
            return close_period(None, place, period, now=now, scheme=scheme, early=early, empty=empty, reason=reason)
        except Problem as problem:
            # asked once each, and only where someone is there to answer
            if problem.kind not in (problems.STILL_RUNNING, problems.NOTHING_RECORDED) or not _asks():
                raise
            click.confirm(f"{problem.words}仍要关账吗", abort=True)
            early = early or problem.kind is problems.STILL_RUNNING
            empty = empty or problem.kind is problems.NOTHING_RECORDED


def _asks() -> bool:
    import sys

    return sys.stdin.isatty()


def _tell(closing: Closing) -> None:
    click.echo(f"{closing.period.key} 已关账，第{closing.version}版，方案 {closing.scheme_version.code}。")
    for standing in closing.standings.order_by("id"):
        mean = "—" if standing.mean is None else f"{standing.mean / 100:.2f}"
        click.echo(
            f"{standing.name}\t应评 {standing.n_subjects}\t有成绩 {standing.n_rated}\t平均 {mean}\t{standing.digest}"
        )
