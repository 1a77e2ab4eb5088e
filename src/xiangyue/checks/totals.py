"""Running sums of the counted sheets: added to as checks come in, worked out anew where one is replaced or undone."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from xiangyue.base.bulk import stored
from xiangyue.base.roundtrip import Command, Question, Rows, among, tell


class TotalChange(NamedTuple):
    """A subject's sums of one kind and month that have changed; what live standings follow."""

    subject_id: int
    kind_id: int
    month: int
    ground_id: int


class Counted(NamedTuple):
    """A sheet that counts; `made_at` in the form the database stores."""

    subject_id: int
    kind_id: int
    month: int
    ground_id: int
    score: int
    made_at: Any


class DayChange(NamedTuple):
    """Checks more (or fewer) of a village, kind and day, and how many of them with faults."""

    village_id: int
    kind_id: int
    day: Any
    n_checks: int
    n_faulty: int


type Key = tuple[int, int, int]
"""Subject, kind, month."""

TOTAL_COLUMNS = "subject_id, kind_id, month, n, total, lowest, highest, last, last_at"
ADD_TOTAL = f"""INSERT INTO checks_sheettotal ({TOTAL_COLUMNS}) VALUES {{}}
ON CONFLICT (subject_id, kind_id, month) DO UPDATE SET
n = checks_sheettotal.n + excluded.n, total = checks_sheettotal.total + excluded.total,
lowest = CASE WHEN excluded.lowest < checks_sheettotal.lowest THEN excluded.lowest ELSE checks_sheettotal.lowest END,
highest = CASE WHEN excluded.highest > checks_sheettotal.highest THEN excluded.highest
 ELSE checks_sheettotal.highest END,
last = CASE WHEN excluded.last_at > checks_sheettotal.last_at THEN excluded.last ELSE checks_sheettotal.last END,
last_at = CASE WHEN excluded.last_at > checks_sheettotal.last_at THEN excluded.last_at
 ELSE checks_sheettotal.last_at END"""
SET_TOTAL = f"""INSERT INTO checks_sheettotal ({TOTAL_COLUMNS}) VALUES {{}}
ON CONFLICT (subject_id, kind_id, month) DO UPDATE SET n = excluded.n, total = excluded.total,
lowest = excluded.lowest, highest = excluded.highest, last = excluded.last, last_at = excluded.last_at"""
ADD_DAY = """INSERT INTO checks_daycount (village_id, kind_id, day, n_checks, n_faulty) VALUES {}
ON CONFLICT (village_id, kind_id, day) DO UPDATE SET
n_checks = checks_daycount.n_checks + excluded.n_checks, n_faulty = checks_daycount.n_faulty + excluded.n_faulty"""


def added(sheets: Sequence[Counted]) -> tuple[dict[Key, list[Any]], set[Key]]:
    """What to add to the sums, and the keys of which two were made at the same instant, to be worked out anew."""
    sums: dict[Key, list[Any]] = {}
    tied: set[Key] = set()
    for subject, kind, month, _ground, score, made_at in sheets:
        held = sums.get((subject, kind, month))
        if held is None:
            sums[subject, kind, month] = [1, score, score, score, score, made_at]
            continue
        held[0] += 1
        held[1] += score
        held[2] = min(held[2], score)
        held[3] = max(held[3], score)
        if made_at > held[5]:
            held[4], held[5] = score, made_at
        elif made_at == held[5]:
            tied.add((subject, kind, month))
    return sums, tied


def addition(sums: dict[Key, list[Any]]) -> Command:
    """The command that adds them."""
    # in order of their keys: two who add at once do not wait for each other crosswise
    return Command(ADD_TOTAL, [(*key, *held) for key, held in sorted(sums.items())])


def last_made(subjects: Collection[int], kinds: Collection[int], months: Collection[int]) -> Question:
    """The question when the last sheet of each key on file was made; `same_instant` reads the answer."""
    asked = [among("subject_id", subjects), among("kind_id", kinds), among("month", months)]
    condition = " AND ".join(words for words, _values in asked)
    sql = f"SELECT subject_id, kind_id, month, last_at FROM checks_sheettotal WHERE {condition}"
    return sql, [value for _words, values in asked for value in values]


def same_instant(sums: dict[Key, list[Any]], rows: Rows) -> set[Key]:
    """Keys whose last sheet on file was made at the very instant of the new one."""
    found: set[Key] = set()
    for subject, kind, month, last_at in rows:
        held = sums.get((subject, kind, month))
        if held is not None and held[5] == stored_instant(last_at):
            found.add((subject, kind, month))
    return found


def stored_instant(value: Any) -> Any:
    """An instant as the database gave it, in the form that `stored` makes."""
    return str(value) if connection.vendor == "sqlite" else value


def work_out(keys: Collection[Key]) -> None:
    """Set the sums of these keys from the rows that count."""
    if not keys:
        return
    _hold(keys)
    sums: dict[Key, list[Any]] = {}
    for subject, kind, month, score, made_at in _rows_of(keys):
        if (subject, kind, month) in keys:
            held = sums.setdefault((subject, kind, month), [0, 0, score, score, score, made_at])
            held[0] += 1
            held[1] += score
            held[2:] = [min(held[2], score), max(held[3], score), score, made_at]
    tell(Command(SET_TOTAL, [(*key, *held) for key, held in sorted(sums.items())]))
    gone = sorted(key for key in keys if key not in sums)
    with connection.cursor() as cursor:
        for key in gone:
            cursor.execute("DELETE FROM checks_sheettotal WHERE subject_id = %s AND kind_id = %s AND month = %s", key)


def day_addition(changes: Iterable[DayChange]) -> Command:
    """The command that adds to the villages' counts by day."""
    sums: dict[tuple[int, int, Any], list[int]] = {}
    for village, kind, day, n, faulty in changes:
        held = sums.setdefault((village, kind, day), [0, 0])
        held[0] += n
        held[1] += faulty
    return Command(ADD_DAY, [(*key, *held) for key, held in sorted(sums.items()) if any(held)])


def month_days(month: int) -> tuple[date, date]:
    """The first and last day of a month written yyyymm."""
    year, number = divmod(month, 100)
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def upsert(statement: str, width: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run an upsert over rows of `width` values."""
    tell(Command(statement, rows))


def _hold(keys: Collection[Key]) -> None:
    """Wait for others who write these sums: what they add is on file when the rows are read."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute(
                "SELECT 1 FROM checks_sheettotal WHERE subject_id = %s AND kind_id = %s AND month = %s FOR UPDATE", key
            )


def _rows_of(keys: Collection[Key]) -> list[tuple[Any, ...]]:
    """The counted rows of these subjects, kinds and months, oldest first (made at, then the maker's id)."""
    rows: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for month in sorted({key[2] for key in keys}):
            first, last = (stored(day) for day in month_days(month))
            mine = [key for key in keys if key[2] == month]
            subjects = ", ".join(str(subject) for subject in sorted({key[0] for key in mine}))
            kinds = ", ".join(str(kind) for kind in sorted({key[1] for key in mine}))
            cursor.execute(
                "SELECT c.subject_id, c.kind_id, c.month, c.score, c.made_at FROM checks_check c"
                " JOIN captures_capture e ON e.id = c.capture_id WHERE c.state = 1"
                f" AND c.subject_id IN ({subjects}) AND c.kind_id IN ({kinds})"
                " AND c.day >= %s AND c.day <= %s ORDER BY c.made_at, e.uuid",
                [first, last],
            )
            rows += cursor.fetchall()
    return rows
