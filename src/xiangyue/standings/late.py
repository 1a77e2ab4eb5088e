"""Late checks: stored for a closed month, listed, and taken in all at once when a new version is opened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xiangyue.checks import totals
from xiangyue.checks.models import Check
from xiangyue.rules.days import Span, months_of
from xiangyue.standings.facts import fetch

CHUNK = 500


def month_numbers(span: Span) -> list[int]:
    """The months of a period as yyyymm."""
    return [month.starts_on.year * 100 + month.starts_on.month for month in months_of(span)]


def count_late(ground_id: int, scheme: str, span: Span) -> int:
    """How many late checks of a period wait for a new version."""
    return (
        Check.objects.aside(Check.State.LATE)
        .filter(ground_id=ground_id, kind__scheme=scheme, month__in=month_numbers(span))
        .count()
    )


def take_in(ground_id: int, scheme: str, span: Span) -> int:
    """Late checks count from now on, by rule 2 against those that counted; gives how many were taken in."""
    if span.kind != "month":
        return 0
    month = month_numbers(span)[0]
    late = _late(ground_id, scheme, month)
    rows = [*late, *_counted(row[4:] for row in late)]
    best: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for row in rows:
        held = best.get(row[4:])
        if held is None or row[1:4] > held[1:4]:
            best[row[4:]] = row
    winners = {row[0] for row in best.values()}
    # those that give way first: a key has one counted row at a time
    _set((row[0] for row in rows if row[0] not in winners), Check.State.REPLACED)
    _set(winners, Check.State.COUNTED)
    totals.work_out({(row[4], row[6], month) for row in late})
    void = Check.objects.aside(Check.State.LATE).filter(ground_id=ground_id, month=month, kind__scheme=scheme)
    void.update(state=Check.State.VOID)
    return len(late)


def _late(ground_id: int, scheme: str, month: int) -> list[tuple[Any, ...]]:
    """(id, made_at, uuid, id, subject, day, kind, inspector) of the late ones."""
    return fetch(
        "SELECT c.id, c.made_at, e.uuid, c.id, c.subject_id, c.day, c.kind_id, c.inspector_id FROM checks_check c"
        " JOIN captures_capture e ON e.id = c.capture_id JOIN checks_kind k ON k.id = c.kind_id"
        " WHERE c.state = 4 AND NOT (c.state = 1) AND c.ground_id = %s AND c.month = %s AND k.scheme = %s AND c.score IS NOT NULL",
        [ground_id, month, scheme],
    )


def _counted(keys: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows that count now for these keys."""
    found: list[tuple[Any, ...]] = []
    wanted = sorted({(key[0], key[1]) for key in keys})
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        marks = ", ".join(["(%s, %s)"] * len(part))
        found += fetch(
            "SELECT c.id, c.made_at, e.uuid, c.id, c.subject_id, c.day, c.kind_id, c.inspector_id"
            " FROM checks_check c JOIN captures_capture e ON e.id = c.capture_id"
            f" WHERE c.state = 1 AND (c.subject_id, c.day) IN (VALUES {marks})",
            [value for pair in part for value in pair],
        )
    return found


def _set(ids: Iterable[int], state: int) -> None:
    held = sorted(ids)
    for start in range(0, len(held), CHUNK):
        Check.objects.filter(pk__in=held[start : start + CHUNK]).update(state=state)
