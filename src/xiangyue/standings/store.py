"""Writes a closed period's results, boards and roll as rows, past the model layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, repeat
from typing import Any

from xiangyue.base.bulk import insert_beside, insert_rows, next_ids
from xiangyue.rules.board import BoardDraw
from xiangyue.rules.closing import Closed, ClosedComposite
from xiangyue.rules.component import SheetTotals
from xiangyue.rules.numbers import half_up
from xiangyue.rules.settings import Component, Composite, Scheme
from xiangyue.standings.facts import Gathered
from xiangyue.standings.models import BoardEntry, BoardList, Closing, Result, Roster, Standing
from xiangyue.standings.roster import pack

RESULT = (
    "standing", "subject", "group_code", "category", "own", "joint", "paired", "adjustments", "result", "rank",
    "board", "n_checks", "partner", "why", "parts",
)  # fmt: skip
STANDING = ("id", "closing", "composite", "name", "level", "digest", "n_subjects", "n_rated", "mean")
BOARD = (
    "id", "standing", "board", "name", "group", "category", "pool", "n_red", "n_black", "red_line", "black_line",
    "min_checks", "why",
)  # fmt: skip
ENTRY = ("board", "side", "subject", "result", "position", "taken_off")


def store(closing: Closing, gathered: Gathered, closed: Closed, scheme: Scheme) -> None:
    """All rows of a closing, in the caller's transaction."""
    composites = closed.composites
    ids = next_ids(Standing, len(composites))
    groups = _group_ids({draw.group for composite in composites for draw in composite.boards}, gathered)
    results = chain.from_iterable(
        _results(standing, composite, scheme.composite(composite.code), gathered, scheme)
        for standing, composite in zip(ids, composites, strict=True)
    )
    wait = insert_beside(Result, RESULT, results)
    try:
        # meanwhile the digests and the roll: nothing here asks the database
        standings = [_standing(row_id, closing, composite) for row_id, composite in zip(ids, composites, strict=True)]
        roll = pack(gathered.roll)
    finally:
        wait()
    insert_rows(Standing, STANDING, standings)
    Roster.objects.create(closing=closing, data=roll)
    for standing, composite in zip(ids, composites, strict=True):
        _boards(standing, composite, gathered.ids, groups, scheme)


def _standing(standing: int, closing: Closing, composite: ClosedComposite) -> tuple[Any, ...]:
    rated = [row[7] for row in composite.rows if row[7] is not None]
    mean = half_up(sum(rated), len(rated)) if rated else None
    return (
        standing, closing.pk, composite.code, composite.name, composite.level, composite.digest,
        len(composite.rows), len(rated), mean,
    )  # fmt: skip


def _results(
    standing: int, closed: ClosedComposite, composite: Composite, gathered: Gathered, scheme: Scheme
) -> Iterator[tuple[Any, ...]]:
    """The rows of a composite, a column at a time."""
    if not closed.rows:
        return iter(())
    codes, categories, groups, own, joint, paired, added, result, rank, board, checks = zip(*closed.rows, strict=True)
    ids = gathered.ids
    partners = {code: other for pair in gathered.roll.pairs.get(closed.code, ()) for code, other in (pair, pair[::-1])}
    partner_ids = {code: ids.get(other) for code, other in partners.items()}
    not_due = scheme.households.not_due
    states = {s[0]: s[4] for s in gathered.facts.subjects if s[4] in not_due and s[1] == closed.level}
    why = ["" if held is not None else states.get(code) or "none" for code, held in zip(codes, own, strict=True)]
    subjects, partner = map(ids.__getitem__, codes), map(partner_ids.get, codes)
    parts = parts_of(closed, composite, gathered).texts()
    figures = (groups, categories, own, joint, paired, added, result, rank, board, checks)
    # no `strict`: the standing's key has no end
    return zip(repeat(standing), subjects, *figures, partner, why, parts)


class parts_of:  # noqa: N801
    """The components of own figures as JSON text: [value, n, total] and, of children, [rated, due] too."""

    def __init__(self, closed: ClosedComposite, composite: Composite, gathered: Gathered) -> None:
        self.closed, self.composite, self.gathered = closed, composite, gathered
        totals = gathered.facts.totals
        self.simple: list[Mapping[str, SheetTotals]] | None = None
        if composite.mode == "records" and all(_is_mean(component) for component in composite.components):
            self.simple = [totals.get(component.source.check_kind, {}) for component in composite.components]

    def texts(self) -> list[str]:
        """The texts of all subjects, in the order of the rows."""
        codes = [row[0] for row in self.closed.rows]
        if self.simple is None or len(self.simple) > 1:
            return [self(code) for code in codes]
        # one component, as a county's households have: spelled out
        found = map(self.simple[0].get, codes)
        return [f"[[{(2 * t[1] + t[0]) // (2 * t[0])},{t[0]},{t[1]}]]" if t else "[[null,0,0]]" for t in found]

    def __call__(self, code: str) -> str:
        """The text for one subject."""
        if self.simple is not None:
            # spelled out: this runs once for each household of a county
            cells = []
            for held in self.simple:
                row = held.get(code)
                cells.append(f"[{(2 * row[1] + row[0]) // (2 * row[0])},{row[0]},{row[1]}]" if row else "[null,0,0]")
            return f"[{','.join(cells)}]"
        if self.composite.mode == "months":
            months = self.gathered.facts.months.get(self.composite.of, {}).get(code, ())
            return "[" + ",".join(f'["{m[0]}",{_null(m[1])},{m[2]}]' for m in months) + "]"
        children = self.closed.basis.children
        cells = []
        for part in self.closed.parts(code):
            below = children.get(part.code, {}).get(code)
            more = f",{below[1]},{below[0]}" if below else ""
            cells.append(f"[{_null(part.value)},{part.n},{part.total}{more}]")
        return f"[{','.join(cells)}]"


def _is_mean(component: Component) -> bool:
    return component.source.kind == "sheets" and component.source.take == "mean"


def _null(value: int | None) -> str:
    return "null" if value is None else str(value)


def _boards(
    standing: int, closed: ClosedComposite, ids: Mapping[str, int], groups: Mapping[str, int], scheme: Scheme
) -> None:
    board_ids = next_ids(BoardList, len(closed.boards))
    names = {board.code: board.name for board in scheme.boards}
    results = {row[0]: row[7] for row in closed.rows} if closed.boards else {}
    rows, entries = [], []
    for board_id, draw in zip(board_ids, closed.boards, strict=True):
        rows.append((
            board_id, standing, draw.board, names[draw.board], groups[draw.group], draw.category, draw.pool,
            len(draw.drawn_red), len(draw.drawn_black), draw.red_line, draw.black_line, draw.min_checks,
            (draw.none_because or draw.why)[:120],
        ))  # fmt: skip
        entries += _entries(board_id, draw, results, ids)
    insert_rows(BoardList, BOARD, rows)
    insert_rows(BoardEntry, ENTRY, entries)


def _entries(
    board_id: int, draw: BoardDraw, results: Mapping[str, int | None], ids: Mapping[str, int]
) -> list[tuple[Any, ...]]:
    off: dict[tuple[str, str], str] = {(row.side, row.code): row.reason for row in draw.taken_off}
    return [
        (board_id, side, ids[code], results[code], position, off.get((side, code), ""))
        for side, codes in (("red", draw.drawn_red), ("black", draw.drawn_black))
        for position, code in enumerate(codes, 1)
    ]


def _group_ids(codes: set[str], gathered: Gathered) -> dict[str, int]:
    from xiangyue.places.models import Place

    missing = [code for code in codes if code not in gathered.ids]
    found = {code: gathered.ids[code] for code in codes if code in gathered.ids}
    return found | dict(Place.objects.filter(code__in=missing).values_list("code", "id"))
