"""Rule 8: a red and a black subject made a pair, level by level up the tree, and how a pair's black side came off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from .board import BoardDraw
from .component import LEVEL_NAMES
from .days import Span, following
from .findings import Finding
from .numbers import show
from .ranking import CHAIN
from .settings import Level

Outcome = Literal["left", "stayed", "none"]


class Listed(NamedTuple):
    """A subject on a board in force; `chain` as in ground.Subject."""

    code: str
    result: int
    chain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Red helps black in the next period; `place` is where both belong and `why` how they met."""

    red: str
    black: str
    level: Level
    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a pair's black side; own and result are shown, to see whether it left by its own score."""

    code: str
    outcome: Outcome
    own: int | None
    result: int | None
    why: str


def make_pairs(
    reds: Iterable[Listed],
    blacks: Iterable[Listed],
    *,
    agreed: Collection[str] | None = None,
    taken: Collection[str] = (),
) -> tuple[tuple[Pair, ...], tuple[Finding, ...]]:
    """The pairs of one category's board in force, and who stays alone and why.

    `agreed`: households that agreed to be paired (None: places, nobody is asked); `taken`: who already lives in a pair
    of this composite and period.
    """
    barred: list[Finding] = []
    red = _free(reds, agreed, taken, barred)
    black = _free(blacks, agreed, taken, barred)
    pairs: list[Pair] = []
    for at in range(len(CHAIN) - 1, -1, -1):
        for place in sorted(_places(red, at) & _places(black, at)):
            pairs += _zip(red, black, at, place)
        used = {code for pair in pairs for code in (pair.red, pair.black)}
        red = [row for row in red if row.code not in used]
        black = [row for row in black if row.code not in used]
    alone = [Finding("no-partner", row.code, f"{row.code} 在本辖区内没有可结对的对象，由包保人帮带。") for row in black]
    alone += [Finding("no-partner", row.code, f"{row.code} 没有需要帮带的对象，不结对。") for row in red]
    return tuple(pairs), tuple(sorted(barred + alone, key=lambda finding: (finding.id, finding.subject)))


def lives_in(board_period: Span, closed: Collection[str]) -> Span:
    """The first period after the board's that is still open (its key not among the closed): there the pair lives."""
    span = following(board_period)
    while span.key in closed:
        span = following(span)
    return span


def left_black(code: str, draw: BoardDraw | None, *, own: int | None, result: int | None, checks: int = 1) -> Verdict:
    """Whether a paired black subject left the board, by the next draw before anything is taken off.

    `draw` is the next period's board of its group and category; `own`, `result` and `checks` its figures there.
    """
    if result is None:
        return Verdict(code, "none", own, result, "下期没有成绩，结对结束，不作结论")
    if draw is None or draw.none_because:
        return Verdict(code, "none", own, result, "下期没有设榜，结对结束，不作结论")
    if checks < draw.min_checks:
        words = f"下期检查只有 {checks} 次，不足 {draw.min_checks} 次，不参榜，结对结束，不作结论"
        return Verdict(code, "none", own, result, words)
    figures = f"本身成绩 {show(own)}，考核结果 {show(result)}"
    if code in draw.drawn_black:
        return Verdict(code, "stayed", own, result, f"下期仍在黑榜：{figures}")
    return Verdict(code, "left", own, result, f"下期已脱离黑榜：{figures}")


def _free(
    rows: Iterable[Listed], agreed: Collection[str] | None, taken: Collection[str], barred: list[Finding]
) -> list[Listed]:
    free = []
    for row in rows:
        if row.code in taken:
            barred.append(Finding("already-paired", row.code, f"{row.code} 本期已有结对，不再另结。"))
        elif agreed is not None and row.code not in agreed:
            barred.append(Finding("not-agreed", row.code, f"{row.code} 没有同意结对，由包保人帮带。"))
        else:
            free.append(row)
    return free


def _places(rows: Sequence[Listed], at: int) -> set[str]:
    return {row.chain[at] for row in rows if len(row.chain) > at and row.chain[at]}


def _zip(red: Sequence[Listed], black: Sequence[Listed], at: int, place: str) -> list[Pair]:
    here_red = sorted((r for r in red if r.chain[at : at + 1] == (place,)), key=lambda r: (-r.result, r.code))
    here_black = sorted((b for b in black if b.chain[at : at + 1] == (place,)), key=lambda b: (b.result, b.code))
    level = CHAIN[at]
    return [
        Pair(r.code, b.code, level, place, _words(level, n, r, b))
        for n, (r, b) in enumerate(zip(here_red, here_black, strict=False), 1)
    ]


def _words(level: Level, n: int, red: Listed, black: Listed) -> str:
    return (
        f"同{LEVEL_NAMES[level]}内红榜由高到低第 {n} 位（{show(red.result)}）"
        f"与黑榜由低到高第 {n} 位（{show(black.result)}）结对"
    )
