"""The counted sheets of a period, summed by the database; and, for `verify`, as they counted at an earlier cut.

A cut is the greatest check id on file when a version was closed. What counted then is worked out from the rows up to
it by rule 2 alone: of one kind, inspector, subject and day the last made. A row taken in later has a greater id or was
late then, and late rows are taken in all at once, by the version whose cut lies behind them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import Any

from django.db import connection

from xiangyue.rules.component import SheetTotals
from xiangyue.rules.days import Span, months_of
from xiangyue.rules.settings import Scheme
from xiangyue.standings.ahead import Ahead, Columns, counted

type Sums = dict[int, list[int]]
"""Subject → [n, total, lowest, highest, last]."""

FEW = 2_000
_ahead: Ahead | None = None


def use(ahead: Ahead | None) -> None:
    """Take a count that was begun before this program was up, as far as it is still right."""
    global _ahead  # noqa: PLW0603
    _ahead = ahead


def begun() -> Ahead | None:
    """What was begun before this program was up, if anything."""
    return _ahead


def sheet_totals(
    ground_id: int, scheme: Scheme, span: Span, codes: Mapping[int, str], cut: int | None = None
) -> dict[str, dict[str, SheetTotals]]:
    """Check kind → subject's code → its sheets in the period."""
    takes = takes_of(scheme, span)
    kinds = {int(row[0]): str(row[1]) for row in _kinds(ground_id, scheme.code) if row[1] in takes}
    months = [month.starts_on.year * 100 + month.starts_on.month for month in months_of(span)]
    wide = any(takes[code] & {"min", "max"} for code in kinds.values())
    if len(months) == 1 and cut is None and not any("last" in takes[code] for code in kinds.values()):
        if not wide:
            return _of_columns(kinds, _columns(ground_id, months[0]), codes)
        return _totals(kinds, _counted(ground_id, months[0], wide, None), codes)
    found: dict[str, dict[str, SheetTotals]] = {}
    sums: dict[int, Sums] = {kind: {} for kind in kinds}
    for month in months:
        _add(sums, _counted(ground_id, month, wide, cut))
        if cut is not None:
            _add(sums, _counted_before(ground_id, month, cut))
    for kind, code in kinds.items():
        if "last" in takes[code]:
            for subject, score in _last(ground_id, months, kind, cut):
                sums[kind][subject][4] = score
        found[code] = {codes[subject]: SheetTotals(*held) for subject, held in sums[kind].items() if subject in codes}
    return found


def running_totals(
    ground_id: int, scheme: Scheme, span: Span, codes: Mapping[int, str]
) -> dict[str, dict[str, SheetTotals]]:
    """The same from the running totals: for the live standing and for looking ahead."""
    takes = takes_of(scheme, span)
    kinds = {int(row[0]): str(row[1]) for row in _kinds(ground_id, scheme.code) if row[1] in takes}
    found: dict[str, dict[str, SheetTotals]] = {code: {} for code in kinds.values()}
    listed = ", ".join(str(kind) for kind in kinds) or "NULL"
    # few subjects are looked up one by one, so that a page never reads the households' sums
    narrowed = f" AND subject_id IN ({', '.join(map(str, codes))})" if 0 < len(codes) <= FEW else ""
    for month in months_of(span):
        number = month.starts_on.year * 100 + month.starts_on.month
        rows = fetch(
            "SELECT kind_id, subject_id, n, total, lowest, highest, last FROM checks_sheettotal"
            f" WHERE month = %s AND kind_id IN ({listed}){narrowed}",
            [number],
        )
        for kind, subject, *held in rows:
            code, by_code = codes.get(subject), found[kinds[kind]]
            if code is not None:
                n, total, low, high, last = held
                old = by_code.get(code)
                if old is not None:
                    n, total, low, high = n + old.n, total + old.total, min(low, old.lowest), max(high, old.highest)
                by_code[code] = SheetTotals(n, total, low, high, last)
    return found


def takes_of(scheme: Scheme, span: Span) -> dict[str, set[str]]:
    """Check kind → how the period's composites take its sheets."""
    takes: dict[str, set[str]] = {}
    for composite in scheme.composites:
        if composite.period == span.kind:
            for component in composite.components:
                if component.source.kind == "sheets":
                    takes.setdefault(component.source.check_kind, set()).add(component.source.take)
    return takes


def fetch(statement: str, params: list[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _kinds(ground_id: int, scheme: str) -> list[tuple[Any, ...]]:
    return fetch("SELECT id, code FROM checks_kind WHERE ground_id = %s AND scheme = %s", [ground_id, scheme])


def _columns(ground_id: int, month: int) -> list[Columns]:
    """Each kind's subjects, numbers and totals: from what was counted beside the start, or by the same walk now."""
    found = _ahead.columns(ground_id, month) if _ahead is not None else None
    if found is not None:
        return found
    if connection.vendor == "postgresql":
        return [row[1:] for row in fetch(counted("array_agg", "%s", "%s"), [ground_id, month])]
    rows = fetch(counted("json_group_array", "%s", "%s"), [ground_id, month])
    return [(kind, *map(json.loads, lists)) for _, kind, *lists in rows]


def _counted(ground_id: int, month: int, wide: bool, cut: int | None) -> list[tuple[Any, ...]]:
    """(kind, subject, n, total, lowest, highest) by a walk along the closing's own index, in its order."""
    # without min and max the walk is a third shorter
    extremes = "MIN(score), MAX(score)" if wide else "0, 0"
    bound = "" if cut is None else f" AND id <= {int(cut)}"
    return fetch(
        f"SELECT kind_id, subject_id, COUNT(*), SUM(score), {extremes} FROM checks_check"
        f" WHERE state = 1 AND ground_id = %s AND month = %s{bound} GROUP BY kind_id, subject_id",
        [ground_id, month],
    )


def _counted_before(ground_id: int, month: int, cut: int) -> list[tuple[Any, ...]]:
    """Those replaced since the cut that counted at it: the last made of their key up to the cut."""
    rows = fetch(
        "SELECT c.kind_id, c.subject_id, c.inspector_id, c.day, c.voice, c.score FROM checks_check c"
        " JOIN captures_capture e ON e.id = c.capture_id"
        " WHERE c.state = 2 AND c.ground_id = %s AND c.month = %s AND c.id <= %s AND NOT EXISTS"
        " (SELECT 1 FROM checks_check o WHERE o.subject_id = c.subject_id AND o.day = c.day AND o.kind_id = c.kind_id"
        " AND o.inspector_id = c.inspector_id AND o.voice = c.voice AND o.state = 1 AND o.id <= %s)"
        " ORDER BY c.made_at, e.uuid, c.id",
        [ground_id, month, cut, cut],
    )
    last = {row[:5]: row for row in rows}
    return [(kind, subject, 1, score, score, score) for kind, subject, _, _, _, score in last.values()]


def _last(ground_id: int, months: list[int], kind: int, cut: int | None) -> list[tuple[int, int]]:
    """(subject, score) of the greatest by (day, made at, id its maker gave it)."""
    states, bound = "c.state = 1", ""
    if cut is not None:
        # with a cut, a replaced row can be the last; the latest made of a day and inspector is always among them
        states, bound = "c.state IN (1, 2)", f" AND c.id <= {int(cut)}"
    rows = fetch(
        "SELECT subject_id, score FROM (SELECT c.subject_id, c.score, ROW_NUMBER() OVER"
        " (PARTITION BY c.subject_id ORDER BY c.day DESC, c.made_at DESC, e.uuid DESC, c.id DESC) AS place"
        " FROM checks_check c JOIN captures_capture e ON e.id = c.capture_id"
        f" WHERE {states} AND c.ground_id = %s AND c.month BETWEEN %s AND %s AND c.kind_id = %s{bound}) AS r"
        " WHERE place = 1",
        [ground_id, months[0], months[-1], kind],
    )
    return [(int(subject), int(score)) for subject, score in rows]


def _of_columns(
    kinds: Mapping[int, str], columns: Iterable[Columns], codes: Mapping[int, str]
) -> dict[str, dict[str, SheetTotals]]:
    """The sheets of one month from lists: no step of the interpreter a household."""
    found: dict[str, dict[str, SheetTotals]] = {code: {} for code in kinds.values()}
    for kind, subjects, numbers, totals in columns:
        if kind in kinds:
            # no `strict`: those repeated have no end
            rows = zip(numbers, totals, *[repeat(0)] * 3)  # noqa: B905
            made = map(tuple.__new__, repeat(SheetTotals), rows)
            held: dict[str | None, SheetTotals] = dict(zip(map(codes.get, subjects), made, strict=True))
            held.pop(None, None)
            found[kinds[kind]] = held  # type: ignore[assignment]
    return found


def _totals(
    kinds: Mapping[int, str], rows: list[tuple[Any, ...]], codes: Mapping[int, str]
) -> dict[str, dict[str, SheetTotals]]:
    """The sheets of one month, each subject and kind counted in one row: nothing to add up."""
    found: dict[str, dict[str, SheetTotals]] = {code: {} for code in kinds.values()}
    by_kind = {kind: found[code] for kind, code in kinds.items()}
    new = tuple.__new__
    for kind, subject, n, total, lowest, highest in rows:
        code = codes.get(subject)
        if code is not None and kind in by_kind:
            by_kind[kind][code] = new(SheetTotals, (n, int(total), lowest, highest, 0))
    return found


def _add(sums: dict[int, Sums], rows: list[tuple[Any, ...]]) -> None:
    for kind, subject, n, total, lowest, highest in rows:
        held = sums.get(kind)
        if held is None:
            continue
        row = held.get(subject)
        if row is None:
            held[subject] = [n, int(total), lowest, highest, 0]
        else:
            held[subject] = [row[0] + n, row[1] + int(total), min(row[2], lowest), max(row[3], highest), 0]
