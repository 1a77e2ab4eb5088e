"""Many rounds at once (a load, a demo, a paper backlog): stored set-wise, rule 2 settled and totals counted by SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from xiangyue.base.bulk import insert_rows, next_ids, roomy, stored
from xiangyue.base.consequences import follow
from xiangyue.captures.models import Capture
from xiangyue.checks.models import Check, DayCount, Entry, SheetTotal
from xiangyue.checks.totals import month_days
from xiangyue.rules import sheet

CHUNK = 2_000
"""Rounds a statement."""


class Seen(NamedTuple):
    """One subject of a round, scored: `score` in hundredths, None for a void sheet."""

    subject_id: int
    code: str
    score: int | None
    n_faults: int = 0
    entries: tuple[sheet.Entry, ...] = ()


class Round(NamedTuple):
    """What one inspector saw at one time: becomes one capture and one check a subject."""

    uuid: UUID
    digest: str
    kind_id: int
    kind_code: str
    scheme_version_id: int
    place_id: int
    inspector_id: int
    user_id: int | None
    channel: str
    made_at: datetime
    day: date
    seen: tuple[Seen, ...]


class Stored(NamedTuple):
    """What was stored."""

    rounds: int
    checks: int
    entries: int
    months: frozenset[int]


CAPTURE = ("id", "uuid", "digest", "kind", "place", "person", "user", "channel", "made_at", "clock_error",
           "received_at", "state", "body")  # fmt: skip
CHECK = ("id", "ground", "kind", "subject", "inspector", "scheme_version", "capture", "day", "month", "made_at",
         "score", "n_faults", "state")  # fmt: skip
ENTRY = ("check_row", "item", "step", "n", "grade", "amount", "applicable", "failed")


def store_rounds(
    ground_id: int,
    rounds: Iterable[Round],
    *,
    now: datetime,
    closed: Callable[[int], bool] = lambda month: False,
    say: Callable[[int], None] = lambda n: None,
) -> Stored:
    """Store the rounds inside the caller's transaction; rounds whose id is on file already are left alone.

    Sheets of one kind, inspector, subject and day settle by rule 2 (made at, then id). The running totals of every
    month touched are counted anew. Sheets of a month (yyyymm) that is `closed` are stored as late. Nothing is
    asked of duties here: who may send what is the caller's to check.
    """
    taken = _Taken(ground_id, closed)
    n_rounds = n_checks = n_entries = 0
    source = iter(rounds)
    with roomy():
        while chunk := list(islice(source, CHUNK)):
            fresh = _fresh(chunk)
            counts = _store_chunk(ground_id, fresh, taken, now)
            n_rounds += len(fresh)
            n_checks += counts[0]
            n_entries += counts[1]
            say(n_checks)
        for month in taken.unsettled:
            settle(ground_id, month)
        for month in taken.months:
            recount(ground_id, month)
    return Stored(n_rounds, n_checks, n_entries, frozenset(taken.months))


class _Taken:
    """Which (kind, inspector, subject, day) have a counted sheet; months that need settling afterwards."""

    def __init__(self, ground_id: int, closed: Callable[[int], bool]) -> None:
        self.ground_id = ground_id
        self.ask_closed = closed
        self.closed: dict[int, bool] = {}
        self.keys: set[tuple[int, int, int, int]] = set()
        self.months: set[int] = set()
        self.unsettled: set[int] = set()
        self.begun: dict[int, bool] = {}

    def is_closed(self, month: int) -> bool:
        """Whether the month is closed; asked once a month."""
        if month not in self.closed:
            self.closed[month] = self.ask_closed(month)
        return self.closed[month]

    def state(self, month: int, key: tuple[int, int, int, int]) -> int:
        """COUNTED for the first of a key; the rest wait as REPLACED to be settled. LATE in a closed month."""
        if self.is_closed(month):
            return Check.State.LATE
        if month not in self.begun:
            self.begun[month] = Check.objects.filter(ground_id=self.ground_id, month=month).exists()
            self.months.add(month)
        if self.begun[month] or key in self.keys:
            self.unsettled.add(month)
            return Check.State.REPLACED
        self.keys.add(key)
        return Check.State.COUNTED


def _fresh(chunk: list[Round]) -> list[Round]:
    on_file = set(Capture.objects.filter(uuid__in=[row.uuid for row in chunk]).values_list("uuid", flat=True))
    return [row for row in chunk if row.uuid not in on_file]


def _store_chunk(ground_id: int, chunk: list[Round], taken: _Taken, now: datetime) -> tuple[int, int]:
    received = stored(now)
    capture_ids = next_ids(Capture, len(chunk))
    check_ids = iter(next_ids(Check, sum(len(row.seen) for row in chunk)))
    checks: list[tuple[object, ...]] = []
    entries: list[tuple[object, ...]] = []
    captures: list[tuple[object, ...]] = []
    for capture_id, row in zip(capture_ids, chunk, strict=True):
        made, day, month = stored(row.made_at), stored(row.day), row.day.year * 100 + row.day.month
        number = row.day.toordinal()
        captures.append(
            (capture_id, stored(row.uuid), row.digest, "round", row.place_id, row.inspector_id, row.user_id,
             row.channel, made, 0, received, _capture_state(month, taken), _body(row))
        )  # fmt: skip
        for seen, check_id in zip(row.seen, check_ids, strict=False):
            state = int(Check.State.VOID)
            if seen.score is not None:
                state = taken.state(month, (row.kind_id, row.inspector_id, seen.subject_id, number))
            checks.append(
                (check_id, ground_id, row.kind_id, seen.subject_id, row.inspector_id, row.scheme_version_id,
                 capture_id, day, month, made, seen.score, seen.n_faults, state)
            )  # fmt: skip
            entries.extend(_entry(check_id, entry) for entry in seen.entries)
    insert_rows(Capture, CAPTURE, captures)
    insert_rows(Check, CHECK, checks)
    insert_rows(Entry, ENTRY, entries)
    return len(checks), len(entries)


def _capture_state(month: int, taken: _Taken) -> str:
    return Capture.State.LATE if taken.is_closed(month) else Capture.State.STORED


def _entry(check_id: int, entry: sheet.Entry) -> tuple[object, ...]:
    return (
        check_id, entry.item, entry.step, entry.n, entry.grade, entry.amount,
        stored(entry.applicable), stored(entry.failed),
    )  # fmt: skip


def _body(row: Round) -> str:
    """The capture's body: every subject by code, so that it can be replayed; faults stand in the entries."""
    codes = ",".join(f'"{seen.code}"' for seen in row.seen)
    return f'{{"kind":"{row.kind_code}","subjects":[{codes}]}}'


def settle(ground_id: int, month: int) -> None:
    """Rule 2 over a month: of the sheets of a kind, inspector, subject and day only the last made counts."""
    ranked = """
        SELECT c.id, c.state, ROW_NUMBER() OVER (
            PARTITION BY c.kind_id, c.inspector_id, c.subject_id, c.day, c.voice ORDER BY c.made_at DESC, p.uuid DESC, c.id DESC
        ) AS place
        FROM checks_check c JOIN captures_capture p ON p.id = c.capture_id
        WHERE c.ground_id = %s AND c.month = %s AND c.state IN (1, 2)
    """
    with connection.cursor() as cursor:
        for place, was, becomes in (("> 1", 1, 2), ("= 1", 2, 1)):
            cursor.execute(
                f"UPDATE checks_check SET state = {becomes} WHERE id IN "
                f"(SELECT id FROM ({ranked}) r WHERE r.place {place} AND r.state = {was})",
                [ground_id, month],
            )


def recount(ground_id: int, month: int) -> None:
    """The running totals and day counts of a month, counted anew from its counted sheets."""
    first, last = (stored(day) for day in month_days(month))
    total, count = SheetTotal._meta.db_table, DayCount._meta.db_table
    kinds = "(SELECT id FROM checks_kind WHERE ground_id = %s)"
    counted = "FROM checks_check c WHERE c.ground_id = %s AND c.month = %s AND c.state = 1"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {total} WHERE kind_id IN {kinds} AND month = %s", [ground_id, month])
        # the sums come from the closing's index alone, the last made from the subject's own index, backwards
        cursor.execute(
            f"INSERT INTO {total} (subject_id, kind_id, month, n, total, lowest, highest, last, last_at) "
            "SELECT c.subject_id, c.kind_id, c.month, COUNT(*), SUM(c.score), MIN(c.score), MAX(c.score), 0, %s "
            f"{counted} GROUP BY c.kind_id, c.subject_id, c.month",
            [first, ground_id, month],
        )
        cursor.execute(
            f"UPDATE {total} SET (last, last_at) = (SELECT c.score, c.made_at FROM checks_check c "
            f"JOIN captures_capture e ON e.id = c.capture_id WHERE c.state = 1 AND c.subject_id = {total}.subject_id "
            f"AND c.kind_id = {total}.kind_id AND c.day >= %s AND c.day <= %s "
            f"ORDER BY c.day DESC, c.made_at DESC, e.uuid DESC LIMIT 1) WHERE month = %s AND kind_id IN {kinds}",
            [first, last, month, ground_id],
        )
        cursor.execute(
            f"DELETE FROM {count} WHERE kind_id IN {kinds} AND day >= %s AND day <= %s", [ground_id, first, last]
        )
        cursor.execute(
            f"INSERT INTO {count} (village_id, kind_id, day, n_checks, n_faulty) "
            "SELECT COALESCE(p.village_id, p.id), c.kind_id, c.day, COUNT(*), "
            "SUM(CASE WHEN c.n_faults > 0 THEN 1 ELSE 0 END) "
            "FROM checks_check c JOIN places_place p ON p.id = c.subject_id "
            "WHERE c.ground_id = %s AND c.month = %s AND c.state = 1 "
            "GROUP BY COALESCE(p.village_id, p.id), c.kind_id, c.day",
            [ground_id, month],
        )
    follow("sheets_recounted", month)
