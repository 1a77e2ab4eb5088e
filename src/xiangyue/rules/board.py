"""Rule 7: the red and black board drawn from one group's results in one category; ties favour the subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Literal, NamedTuple

from .numbers import show
from .settings import Board, Side

Spared = Literal["", "help", "cured", "upheld"]
SPARED_WORDS: dict[str, str] = {
    "help": "需要帮助的农户，转为帮扶事项，不上黑榜",
    "cured": "已在整改期内改好",
    "upheld": "异议成立",
}


class Standing(NamedTuple):
    """A rated subject that a board is drawn from.

    `spared`: why it would be taken off black; `red_upheld`: whether an objection against its red place is upheld.
    """

    code: str
    result: int
    checks: int = 1
    spared: Spared = ""
    red_upheld: bool = False


@dataclass(frozen=True, slots=True)
class TakenOff:
    """One who was drawn and is not listed, and why; nobody moves into the place."""

    code: str
    side: Literal["red", "black"]
    reason: Spared
    why: str


@dataclass(frozen=True, slots=True)
class BoardDraw:
    """A drawn board: codes before (`drawn_`) and after the take-offs, best first on red, worst first on black."""

    board: str
    group: str
    category: str
    pool: int
    red: tuple[str, ...] = ()
    black: tuple[str, ...] = ()
    drawn_red: tuple[str, ...] = ()
    drawn_black: tuple[str, ...] = ()
    taken_off: tuple[TakenOff, ...] = ()
    red_line: int | None = None
    """The lowest result that is red."""
    black_line: int | None = None
    """The highest result that is black."""
    red_places: int = 0
    black_places: int = 0
    min_checks: int = 1
    none_because: str = ""
    """Why there is no board; empty when there is one."""
    why: str = ""


def places(side: Side, pool: int) -> int:
    """How many a side lists: its number, or its share of the pool, at least one."""
    if side.n > 0:
        return side.n
    return max(1, pool * side.per_mille // 1000) if side.per_mille > 0 else 0


def draw(pool: Iterable[Standing], board: Board, group: str = "", category: str = "") -> BoardDraw:
    """The board of one group and category, from its rated subjects."""
    held = [standing for standing in pool if standing[2] >= board.min_checks]
    size = len(held)
    empty = BoardDraw(board.code, group, category, size, min_checks=board.min_checks)
    if size < board.pool_min:
        words = f"检查够 {board.min_checks} 次且有成绩的只有 {size} 个，不足 {board.pool_min} 个，本期不设榜"
        return replace(empty, none_because=words)
    held.sort(key=itemgetter(0))
    held.sort(key=itemgetter(1), reverse=True)
    n_red, n_black = places(board.red, size), places(board.black, size)
    reds = _reds(held, n_red, board.red.limit)
    blacks = _blacks(held[len(reds) :], n_black, board.black.limit)
    listed = _listed(empty, reds, blacks)
    return replace(listed, red_places=n_red, black_places=n_black, why=_words(board, size, n_red, n_black))


def _listed(empty: BoardDraw, reds: Sequence[Standing], blacks: Sequence[Standing]) -> BoardDraw:
    return replace(
        empty,
        red=tuple(row[0] for row in reds if not row[4]),
        black=tuple(row[0] for row in blacks if not row[3]),
        drawn_red=tuple(row[0] for row in reds),
        drawn_black=tuple(row[0] for row in blacks),
        taken_off=(
            *(TakenOff(row[0], "red", "upheld", SPARED_WORDS["upheld"]) for row in reds if row[4]),
            *(TakenOff(row[0], "black", row[3], SPARED_WORDS[row[3]]) for row in blacks if row[3]),
        ),
        red_line=reds[-1][1] if reds else None,
        black_line=blacks[-1][1] if blacks else None,
    )


def _reds(held: Sequence[Standing], n: int, floor: int) -> list[Standing]:
    """`held` is high to low: the first n at or over the floor, and all who equal the n-th."""
    if n <= 0:
        return []
    line = max(floor, held[min(n, len(held)) - 1][1])
    return [row for row in held if row[1] >= line]


def _blacks(others: Sequence[Standing], n: int, ceiling: int) -> list[Standing]:
    """`others` is high to low: the last n at or under the ceiling, lowest first; a tie across the edge stays off."""
    if n <= 0 or not others:
        return []
    edge = others[-n][1] if n <= len(others) else others[0][1]
    cut_tie = n < len(others) and others[-n - 1][1] == edge
    picked = [row for row in others[-n:] if row[1] <= ceiling and not (cut_tie and row[1] == edge)]
    return sorted(picked, key=lambda row: (row[1], row[0]))


def _words(board: Board, size: int, n_red: int, n_black: int) -> str:
    return (
        f"参评 {size} 个。红榜 {n_red} 名，不低于 {show(board.red.limit)}，末位同分的都上；"
        f"黑榜 {n_black} 名，不高于 {show(board.black.limit)}，末位同分跨线的都不上"
    )
