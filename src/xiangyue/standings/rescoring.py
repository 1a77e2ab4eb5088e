"""Sheets of a period scored once more by other standards: what a draft would have made of what was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from xiangyue.rules.component import SheetTotals
from xiangyue.rules.days import Span, months_of
from xiangyue.rules.settings import Scheme, Standard
from xiangyue.rules.sheet import Entry, SheetError, points, score_clean
from xiangyue.standings.totals import fetch, takes_of

type Totals = dict[str, dict[str, SheetTotals]]


@dataclass(slots=True)
class Rescored:
    """Check kind → subject → sheets as the draft's standards score them, and what was noticed on the way."""

    totals: Totals
    sheets: dict[str, int] = field(default_factory=dict)
    """Check kind → how many sheets were scored once more."""
    dropped: dict[str, Counter[str]] = field(default_factory=dict)
    """Check kind → item → entries that the draft's standard has no place for: they count nothing."""


def changed_kinds(old: Scheme, new: Scheme, span: Span) -> list[str]:
    """The check kinds that count in the period and whose standard scores otherwise than it did."""
    before, standards = {kind.code: kind for kind in old.check_kinds}, {row.code: row for row in old.standards}
    found = []
    for kind in new.check_kinds:
        if kind.code not in takes_of(new, span) or kind.code not in before:
            continue
        was = standards.get(before[kind.code].standard)
        if was is not None and _scoring(was) != _scoring(new.standard(kind.standard)):
            found.append(kind.code)
    return found


def _scoring(standard: Standard) -> tuple[object, ...]:
    """What of a standard moves a score."""
    return tuple(
        (
            item.code, item.kind, item.points, item.not_applicable,
            tuple((step.code, step.amount, step.all) for step in item.steps),
            tuple((grade.code, grade.points) for grade in item.grades),
        )
        for item in standard.items
    )  # fmt: skip


def rescore(ground_id: int, old: Scheme, new: Scheme, span: Span, totals: Totals, codes: Mapping[int, str]) -> Rescored:
    """The period's sheets as the draft's standards score them; kinds whose standard is as it was stay as they are."""
    made = Rescored(dict(totals))
    wanted = changed_kinds(old, new, span)
    ids = {str(code): int(row_id) for row_id, code in _kinds(ground_id, new.code)}
    takes = takes_of(new, span)
    months = [month.starts_on.year * 100 + month.starts_on.month for month in months_of(span)]
    for kind in wanted:
        if kind not in ids:
            continue
        standard = new.standard(new.check_kind(kind).standard)
        scores = _scores(ground_id, months, ids[kind], standard, made, kind)
        if takes[kind] == {"mean"} and score_clean(standard) is not None:
            made.totals[kind] = _moved(totals.get(kind, {}), scores, codes)
        else:
            made.totals[kind] = _counted_anew(ground_id, months, ids[kind], standard, scores, codes)
    return made


def _kinds(ground_id: int, scheme: str) -> list[tuple[int, str]]:
    return [
        (int(row[0]), str(row[1]))
        for row in fetch("SELECT id, code FROM checks_kind WHERE ground_id = %s AND scheme = %s", [ground_id, scheme])
    ]


def _scores(
    ground_id: int, months: list[int], kind_id: int, standard: Standard, made: Rescored, kind: str
) -> dict[int, tuple[int, int, int | None]]:
    """Check → (subject, score as it was, score now) of the sheets with entries; a sheet that is void now has none."""
    rows = fetch(
        "SELECT c.id, c.subject_id, c.score, e.item, e.step, e.n, e.grade, e.amount, e.applicable, e.failed"
        " FROM checks_check c JOIN checks_entry e ON e.check_row_id = c.id"
        " WHERE c.state = 1 AND c.ground_id = %s AND c.month BETWEEN %s AND %s AND c.kind_id = %s ORDER BY c.id, e.id",
        [ground_id, months[0], months[-1], kind_id],
    )
    dropped: Counter[str] = Counter()
    found: dict[int, tuple[int, int, int | None]] = {}
    for check, held in groupby(rows, key=lambda row: row[0]):
        entries = list(held)
        said = [Entry(row[3], row[4], row[5], row[6], row[7], bool(row[8]), bool(row[9])) for row in entries]
        found[int(check)] = (int(entries[0][1]), int(entries[0][2]), score_again(standard, said, dropped))
    made.sheets[kind], made.dropped[kind] = len(found), dropped
    return found


def score_again(standard: Standard, entries: list[Entry], dropped: Counter[str]) -> int | None:
    """The score of entries made by another standard; an item that takes them no more is left out and counted."""
    while True:
        try:
            return points(standard, entries)
        except SheetError as error:
            left = [entry for entry in entries if entry.item != error.item]
            dropped[error.item] += len(entries) - len(left)
            if len(left) == len(entries):
                raise
            entries = left


def _moved(
    totals: Mapping[str, SheetTotals], scores: Mapping[int, tuple[int, int, int | None]], codes: Mapping[int, str]
) -> dict[str, SheetTotals]:
    """The sums with the sheets that score otherwise moved; clean sheets score full marks before and after."""
    sums = {code: list(held) for code, held in totals.items()}
    for subject, was, now in scores.values():
        held = sums.get(codes.get(subject, ""))
        if held is None:
            continue
        held[0] -= now is None
        held[1] += (now or 0) - was
    return {code: SheetTotals(*held) for code, held in sums.items() if held[0] > 0}


def _counted_anew(
    ground_id: int,
    months: list[int],
    kind_id: int,
    standard: Standard,
    scores: Mapping[int, tuple[int, int, int | None]],
    codes: Mapping[int, str],
) -> dict[str, SheetTotals]:
    """The sums sheet by sheet, in the order in which they were made."""
    clean, sums = score_clean(standard), dict[str, list[int]]()
    for check, subject in _in_order(ground_id, months, kind_id):
        code, score = codes.get(subject), scores[check][2] if check in scores else clean
        if code is None or score is None:
            continue
        held = sums.setdefault(code, [0, 0, score, score, score])
        sums[code] = [held[0] + 1, held[1] + score, min(held[2], score), max(held[3], score), score]
    return {code: SheetTotals(*held) for code, held in sums.items()}


def _in_order(ground_id: int, months: list[int], kind_id: int) -> Iterator[tuple[int, int]]:
    rows = fetch(
        "SELECT c.id, c.subject_id FROM checks_check c JOIN captures_capture e ON e.id = c.capture_id"
        " WHERE c.state = 1 AND c.ground_id = %s AND c.month BETWEEN %s AND %s AND c.kind_id = %s"
        " ORDER BY c.day, c.made_at, e.uuid, c.id",
        [ground_id, months[0], months[-1], kind_id],
    )
    return ((int(check), int(subject)) for check, subject in rows)
