"""Rule 11: how far an inspector's sheets lie from the others' on the same subjects; advice that enters no result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from .numbers import half_up, show

FEWEST = 10
SHRINK = 5


class Scored(NamedTuple):
    """A counted sheet: who made it, on whom, of what kind, in which period, and its score."""

    inspector: str
    subject: str
    kind: str
    period: str
    score: int


@dataclass(frozen=True, slots=True)
class Offset:
    """An inspector's offset in hundredths, above 0 milder than the others; None: too few sheets. `total / (n + 5)`."""

    inspector: str
    n: int
    total: int
    offset: int | None
    why: str


def offsets(sheets: Iterable[Scored]) -> tuple[Offset, ...]:
    """Every inspector's offset, by inspector, over the sheets of subjects that others also scored."""
    rows = list(sheets)
    sums: dict[tuple[str, str, str], tuple[int, int]] = {}
    own: dict[tuple[str, tuple[str, str, str]], tuple[int, int]] = {}
    for row in rows:
        about = row[1:4]
        sums[about] = _plus(sums.get(about, (0, 0)), row.score)
        own[row.inspector, about] = _plus(own.get((row.inspector, about), (0, 0)), row.score)
    told = {row.inspector: (0, 0) for row in rows}
    for row in rows:
        about = row[1:4]
        n = sums[about][0] - own[row.inspector, about][0]
        if n > 0:
            others = half_up(sums[about][1] - own[row.inspector, about][1], n)
            told[row.inspector] = _plus(told[row.inspector], row.score - others)
    return tuple(_offset(inspector, *told[inspector]) for inspector in sorted(told))


def _plus(held: tuple[int, int], score: int) -> tuple[int, int]:
    return held[0] + 1, held[1] + score


def _offset(inspector: str, n: int, total: int) -> Offset:
    if n < FEWEST:
        return Offset(inspector, n, total, None, f"与他人同评的检查只有 {n} 次，不足 {FEWEST} 次，太少，不作比较")
    value = half_up(total, n + SHRINK)
    lean = "偏宽" if value > 0 else "偏严" if value < 0 else "与他人持平"
    words = (
        f"与他人同评 {n} 次，分差合计 {show(total)}，÷ ({n} + {SHRINK}) = {show(value)}，{lean}；仅供参考，不计入成绩"
    )
    return Offset(inspector, n, total, value, words)
