"""A made-up county of full size for the benches: 92 villages, 411 households each, a month or more of daily checks.

Run as `python -m bench.county` with XIANGYUE_DATA (or DATABASE_URL) set. Every row is the same each time.
"""

from __future__ import annotations

import argparse
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

COUNTY = "990100"
BEGIN = date(2026, 1, 1)
MADE = datetime(2026, 1, 1, tzinfo=UTC)
N_VILLAGES, N_TOWNSHIPS = 92, 13
DOORS = 15
"""Households of one bearer."""
FIELDS = (
    "ground", "kind", "subject", "inspector", "scheme_version", "capture", "day", "month", "made_at", "score",
    "n_faults", "state",
)  # fmt: skip
PLACE = (
    "id", "code", "name", "level", "place_class", "parent", "path", "ground", "township", "village", "order",
    "from_on",
)  # fmt: skip


def places(households: int) -> list[tuple[Any, ...]]:
    """The tree's rows in the order of PLACE."""
    from xiangyue.base.bulk import stored

    begin = stored(BEGIN)
    rows: list[tuple[Any, ...]] = [(1, COUNTY, "示例县", "county", "", None, f"{COUNTY}/", 1, None, None, 0, begin)]
    townships = []
    for number in range(N_TOWNSHIPS):
        row_id, code = len(rows) + 1, f"{COUNTY}{100 + number:03d}"
        kind = "street" if number < 6 else "town"
        rows.append(
            (row_id, code, f"示例镇{number}", "township", kind, 1, f"{COUNTY}/{code}/", 1, row_id, None, 0, begin)
        )
        townships.append((row_id, code))
    for number in range(N_VILLAGES):
        township, above = townships[number % N_TOWNSHIPS]
        row_id, code = len(rows) + 1, f"{above}{200 + number:03d}"
        path = f"{COUNTY}/{above}/{code}/"
        kind = "community" if number < 22 else "village"
        rows.append((row_id, code, f"示例村{number}", "village", kind, township, path, 1, township, row_id, 0, begin))
        rows += _households(rows[-1], households + int(households == 410 and number < 58), len(rows) + 1)
    return rows


def _households(village: tuple[Any, ...], households: int, first: int) -> Iterator[tuple[Any, ...]]:
    row_id, code, path, township, begin = village[0], village[1], village[6], village[8], village[11]
    hamlets = []
    for number in range(1, 6):
        hamlet = f"{code}-Z{number:02d}"
        hamlets.append((first + number - 1, f"{path}{hamlet}/"))
        yield (
            first + number - 1, hamlet, f"{number}组", "hamlet", "", row_id, f"{path}{hamlet}/", 1, township, row_id,
            number, begin,
        )  # fmt: skip
    for number in range(households):
        parent, above = hamlets[number * 5 // households]
        own = f"{code}-H{number + 1:05d}"
        yield (
            first + 5 + number, own, f"{number + 1}号", "household", "", parent, f"{above}{own}/", 1, township, row_id,
            number, begin,
        )  # fmt: skip


def checks(rows: list[tuple[Any, ...]], kinds: dict[str, int], month: date, n_days: int) -> Iterator[tuple[Any, ...]]:
    """A daily check of each household, and two open and secret inspections of each village."""
    from xiangyue.base.bulk import stored

    households = [row[0] for row in rows if row[3] == "household"]
    villages = [row[0] for row in rows if row[3] == "village"]
    number = month.year * 100 + month.month
    for n in range(n_days):
        day = month + timedelta(days=n)
        made = stored(datetime(day.year, day.month, day.day, 1, 0, tzinfo=UTC))
        on = stored(day)
        for at, place in enumerate(households):
            drawn = (place * 7919 + n * 104729) % 1000
            score = 10_000 if drawn < 700 else 10_000 - 833 * (1 + drawn % (2 + place % 5))
            yield (1, kinds["daily"], place, 1 + at // DOORS, 1, 1, on, number, made, score, int(drawn >= 700), 1)
        if n % 10 == 0:
            for place in villages:
                for kind in ("village_open", "village_secret", "village_opinion"):
                    drawn = 6000 + (place * 31 + n * 17 + kinds[kind]) % 4000
                    yield (1, kinds[kind], place, 1, 1, 1, on, number, made, drawn, 1, 1)


def make(households: int, months: list[date], days: int = 0) -> None:
    """The whole county in an empty database."""
    from django.core.management import call_command
    from django.db import transaction

    from xiangyue.agreements.models import SchemeVersion
    from xiangyue.base.bulk import insert_rows, roomy, stored
    from xiangyue.captures.models import Capture
    from xiangyue.checks.models import Check, Kind
    from xiangyue.people.models import Person
    from xiangyue.places.models import HouseholdState, Place, PlaceSpan
    from xiangyue.rules.days import month_of
    from xiangyue.schemes import load, pack_text

    call_command("migrate", verbosity=0, interactive=False)
    rows = places(households)
    with transaction.atomic():
        insert_rows(Place, PLACE, rows)
        begin = stored(BEGIN)
        insert_rows(
            PlaceSpan,
            ("place", "name", "place_class", "parent", "path", "from_on"),
            [(row[0], row[2], row[4], row[5], row[6], begin) for row in rows],
        )
        living = [(row[0], "away" if row[0] % 97 == 0 else "living", begin) for row in rows if row[3] == "household"]
        insert_rows(HouseholdState, ("place", "state", "from_on"), living)
        text = pack_text("linjiang").replace("220681", COUNTY)
        scheme = load(text)
        SchemeVersion.objects.create(
            id=1, ground_id=1, code=scheme.code, version=1, name=scheme.name, text=text, digest="0" * 64,
            state="published", from_on=BEGIN, created_at=MADE,
        )  # fmt: skip
        made = [
            Kind(ground_id=1, scheme=scheme.code, code=k.code, name=k.name, level=k.subject) for k in scheme.check_kinds
        ]
        kinds = {kind.code: kind.pk for kind in Kind.objects.bulk_create(made)}
        bearers = [(n, f"P{n}", f"示例{n}", "", 1, True, begin) for n in range(1, len(living) // DOORS + 2)]
        insert_rows(Person, ("id", "code", "name", "phone", "place", "party_member", "from_on"), bearers)
        Capture.objects.create(
            id=1, uuid=uuid.UUID(int=1), digest="0" * 64, kind="import", place_id=1, channel="import", made_at=MADE,
            received_at=MADE, body={},
        )  # fmt: skip
        longest = max(months, key=lambda month: month_of(month).days)
        insert_rows(Check, FIELDS, checks(rows, kinds, longest, days or month_of(longest).days))
    for month in months:
        if month != longest:
            with roomy(1024), transaction.atomic():
                _like(longest, month, days or month_of(month).days)


def _like(made: date, month: date, n_days: int) -> None:
    """The checks of a month made again for another, in the database itself: a million rows in some seconds."""
    from django.db import connection

    from xiangyue.base.bulk import stored

    with connection.cursor() as cursor:
        cursor.execute("SELECT day, MIN(id), MAX(id) FROM checks_check WHERE month = %s GROUP BY day", [_number(made)])
        ranges = {str(day): (first, last) for day, first, last in cursor.fetchall()}
        for n in range(n_days):
            day = month + timedelta(days=n)
            at = datetime(day.year, day.month, day.day, 1, 0, tzinfo=UTC)
            cursor.execute(
                "INSERT INTO checks_check (day, month, made_at, ground_id, kind_id, subject_id, inspector_id,"
                " scheme_version_id, capture_id, score, n_faults, state)"
                " SELECT %s, %s, %s, ground_id, kind_id, subject_id, inspector_id,"
                " scheme_version_id, capture_id, score, n_faults, state"
                " FROM checks_check WHERE id BETWEEN %s AND %s ORDER BY id",
                [stored(day), _number(month), stored(at), *ranges[str(made + timedelta(days=n))]],
            )


def _number(month: date) -> int:
    return month.year * 100 + month.month


def main() -> None:
    """Make it where the environment says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=410)
    parser.add_argument("--months", default="2026-10")
    parser.add_argument("--days", type=int, default=0, help="only so many days of each month")
    told = parser.parse_args()
    from xiangyue.rules.days import parse_period
    from xiangyue.site.cli import start_django

    start_django()
    make(told.households, [parse_period(key).starts_on for key in told.months.split(",")], told.days)


if __name__ == "__main__":
    main()
