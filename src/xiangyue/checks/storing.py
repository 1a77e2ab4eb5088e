"""Writes checks with their entries, and keeps rule 2: of one kind, inspector, subject, day and voice the last counts."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from xiangyue.base.bulk import stored
from xiangyue.base.consequences import follow
from xiangyue.base.roundtrip import Command, Question, Rows, among, ask, ids_given, ids_wanted, insertion, tell
from xiangyue.checks import totals
from xiangyue.checks.judging import Scored
from xiangyue.checks.models import Check, CheckNote, Entry
from xiangyue.checks.totals import Counted, DayChange, TotalChange
from xiangyue.checks.world import rows_in

NOTE_DAYS = 365
"""How long the free text of a check is kept."""
STATE = Check.State
CHECK_COLUMNS = (
    "id", "ground", "kind", "subject", "inspector", "scheme_version", "capture", "day", "month", "made_at", "score",
    "n_faults", "state", "voice",
)  # fmt: skip
ENTRY_COLUMNS = ("check_row", "item", "step", "n", "grade", "amount", "applicable", "failed")

type Slot = tuple[int, date, int, int, int]
"""Subject, day, kind, inspector, voice: where one sheet counts."""


@dataclass(frozen=True, slots=True)
class Filing:
    """The checks of one capture, made by one inspector at one time; `state` is stored, late or held."""

    capture_id: int
    inspector_id: int
    day: date
    made_at: datetime
    state: str
    scored: Sequence[Scored]


def month_of(day: date) -> int:
    """The day's month as yyyymm."""
    return day.year * 100 + day.month


@dataclass(slots=True)
class _Pile:
    """The rows of one transaction."""

    taken: set[Slot]
    checks: list[tuple[Any, ...]] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    notes: list[tuple[Any, ...]] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    days: list[DayChange] = field(default_factory=list)
    contested: set[Slot] = field(default_factory=set)

    def add(self, filing: Filing, ids: Iterator[int]) -> None:
        """The rows of one capture."""
        day, made_at, month = stored(filing.day), stored(filing.made_at), month_of(filing.day)
        term = stored(filing.day + timedelta(days=NOTE_DAYS))
        for check_id, scored in zip(ids, filing.scored, strict=False):
            place, rule, score, faults = scored.place, scored.rule, scored.score, scored.n_faults
            slot = (place.id, filing.day, rule.kind_id, filing.inspector_id, scored.voice)
            state = _state(filing.state, score, slot in self.taken)
            self.checks.append(
                (
                    check_id, rule.ground_id, rule.kind_id, place.id, filing.inspector_id, rule.version_id,
                    filing.capture_id, day, month, made_at, score, faults, int(state), scored.voice,
                )
            )  # fmt: skip
            if state is STATE.COUNTED and score is not None:
                self.counted.append(Counted(place.id, rule.kind_id, month, rule.ground_id, score, made_at))
                self.days.append(DayChange(place.home_id, rule.kind_id, day, 1, int(faults > 0)))
            elif state is STATE.REPLACED:
                self.contested.add(slot)
            self.entries += [(check_id, *_entry(entry)) for entry in scored.entries]
            if scored.note:
                self.notes.append((check_id, scored.note, term))

    def commands(self) -> list[Command]:
        """What writes them."""
        return [
            insertion(Check, CHECK_COLUMNS, self.checks),
            insertion(Entry, ENTRY_COLUMNS, self.entries),
            insertion(CheckNote, ("check_row", "text", "erase_on"), self.notes),
        ]


def file(filings: Sequence[Filing], *before: Command) -> list[int]:
    """Store the checks of these captures and all that follows from them, in a handful of statements; gives their ids.

    `before` is told in the same trip, first: the captures themselves, where they are not stored yet.
    """
    wanted, twice = _wanted(filings)
    count = sum(len(filing.scored) for filing in filings)
    subjects, kinds = {slot[0] for slot in wanted}, {slot[2] for slot in wanted}
    months = {month_of(filing.day) for filing in filings}
    ids, on_file, made = ask(
        ids_wanted(Check, count), _counted_in(wanted, subjects), totals.last_made(subjects, kinds, months)
    )
    pile = _Pile(twice | _held_already(wanted, on_file))
    numbers = iter(ids_given(ids, count))
    for filing in filings:
        pile.add(filing, itertools.islice(numbers, len(filing.scored)))
    contested = {(slot[0], slot[2], month_of(slot[1])) for slot in pile.contested}
    sums, tied = totals.added([row for row in pile.counted if row[:3] not in contested])
    # what counts beside a contested sheet is worked out anew with it, even where the contest changes nothing
    tied |= totals.same_instant(sums, made) | {row[:3] for row in pile.counted if row[:3] in contested}
    tell(*before, *pile.commands(), totals.addition(sums), totals.day_addition(pile.days))
    changes = {TotalChange(*row[:4]) for row in pile.counted}
    _sum_up(changes, [], pile.contested, tied)
    return [int(row[0]) for row in pile.checks]


def take_out(checks: Collection[int]) -> None:
    """Withdraw checks; what they had replaced counts again."""
    days: list[DayChange] = []
    changes: set[TotalChange] = set()
    slots: set[Slot] = set()
    for subject, day, kind, inspector, voice, state, faults, month, ground, home in rows_in(
        "SELECT c.subject_id, c.day, c.kind_id, c.inspector_id, c.voice, c.state, c.n_faults, c.month, c.ground_id,"
        " COALESCE(p.village_id, p.id) FROM checks_check c JOIN places_place p ON p.id = c.subject_id"
        " WHERE c.id IN ({})",
        checks,
    ):
        if state == STATE.COUNTED:
            days.append(DayChange(home, kind, stored(day), -1, -int(faults > 0)))
            changes.add(TotalChange(subject, kind, month, ground))
            slots.add((subject, day, kind, inspector, voice))
    set_state(checks, STATE.WITHDRAWN)
    _sum_up(changes, days, slots, {change[:3] for change in changes})


def settle(slots: Collection[Slot]) -> None:
    """Let the last made of each slot count (by made at, then the maker's id), and work out what changes with it."""
    _sum_up(set(), [], set(slots), set())


def slots_of(check_ids: Iterable[int]) -> set[Slot]:
    """The slots of these checks."""
    rows = rows_in(
        "SELECT subject_id, day, kind_id, inspector_id, voice FROM checks_check WHERE id IN ({})", list(check_ids)
    )
    return {(row[0], row[1], row[2], row[3], row[4]) for row in rows}


def set_state(check_ids: Collection[int], state: Check.State) -> None:
    """Set the state of these checks."""
    listed = sorted(check_ids)
    for start in range(0, len(listed), 500):
        Check.objects.filter(pk__in=listed[start : start + 500]).update(state=state)


def _sum_up(changes: set[TotalChange], days: list[DayChange], contested: set[Slot], anew: set[totals.Key]) -> None:
    """Settle contested slots, work out anew what that moves, and let those above follow."""
    if contested:
        moved, changed = _settle(contested)
        days = days + moved
        changes = changes | changed
        anew = anew | {change[:3] for change in changed}
    totals.work_out(anew)
    tell(totals.day_addition(days))
    if changes:
        follow("sheets_totalled", sorted(changes))


def _state(answer: str, score: int | None, contested: bool) -> Check.State:
    if answer == "held":
        return STATE.HELD
    if answer == "late":
        return STATE.LATE
    if score is None:
        return STATE.VOID
    # who wins a contested slot is settled when all rows are there
    return STATE.REPLACED if contested else STATE.COUNTED


def _wanted(filings: Sequence[Filing]) -> tuple[set[Slot], set[Slot]]:
    """The slots in which sheets are to count, and those that two of them want."""
    wanted: set[Slot] = set()
    twice: set[Slot] = set()
    for filing in filings:
        if filing.state == "stored":
            for scored in filing.scored:
                if scored.score is not None:
                    slot = (scored.place.id, filing.day, scored.rule.kind_id, filing.inspector_id, scored.voice)
                    (twice if slot in wanted else wanted).add(slot)
    return wanted, twice


def _counted_in(wanted: set[Slot], subjects: set[int]) -> Question:
    """The question which sheets count on these days for these subjects."""
    on_these, days = among("day", [stored(day) for day in sorted({slot[1] for slot in wanted})])
    of_these, keys = among("subject_id", sorted(subjects))
    return (
        "SELECT subject_id, day, kind_id, inspector_id, voice FROM checks_check"
        f" WHERE state = 1 AND {on_these} AND {of_these}",
        [*days, *keys],
    )


def _held_already(wanted: set[Slot], rows: Rows) -> set[Slot]:
    return {row for row in rows if row in wanted}


def _settle(slots: set[Slot]) -> tuple[list[DayChange], set[TotalChange]]:
    """Set which sheet counts in each slot; what changes in day counts, and the sums to be worked out anew."""
    days: list[DayChange] = []
    changes: set[TotalChange] = set()
    down: list[int] = []
    up: list[int] = []
    for slot, rows in _rivals(slots).items():
        winner = max(rows, key=lambda row: (row[4], row[5]))
        before = [row for row in rows if row[1] == STATE.COUNTED]
        if [winner] == before:
            continue
        down += [row[0] for row in before]
        up.append(winner[0])
        home, faulty = winner[7], int(winner[3] > 0) - sum(int(row[3] > 0) for row in before)
        days.append(DayChange(home, slot[2], stored(slot[1]), 1 - len(before), faulty))
        changes.add(TotalChange(slot[0], slot[2], winner[8], winner[6]))
    # first down, then up: at no moment do two sheets count in one slot
    set_state(down, STATE.REPLACED)
    set_state(up, STATE.COUNTED)
    return days, changes


def _rivals(slots: set[Slot]) -> dict[Slot, list[tuple[Any, ...]]]:
    """The counted and replaced sheets of each slot."""
    found: dict[Slot, list[tuple[Any, ...]]] = {}
    lock = " FOR UPDATE OF c" if connection.vendor == "postgresql" else ""
    for inspector, day in sorted({(slot[3], slot[1]) for slot in slots}):
        subjects = {slot[0] for slot in slots if (slot[3], slot[1]) == (inspector, day)}
        for row in rows_in(
            "SELECT c.id, c.state, c.score, c.n_faults, c.made_at, e.uuid, c.ground_id,"
            " COALESCE(p.village_id, p.id), c.month, c.subject_id, c.kind_id, c.voice FROM checks_check c"
            " JOIN captures_capture e ON e.id = c.capture_id JOIN places_place p ON p.id = c.subject_id"
            f" WHERE c.inspector_id = %s AND c.day = %s AND c.state IN (1, 2) AND c.subject_id IN ({{}}){lock}",
            subjects,
            (inspector, stored(day)),
        ):
            slot = (row[9], day, row[10], inspector, row[11])
            if slot in slots:
                found.setdefault(slot, []).append(row)
    return found


def _entry(entry: Any) -> tuple[Any, ...]:
    return entry.item, entry.step, entry.n, entry.grade, entry.amount, entry.applicable, entry.failed
