"""A county of bearers for bench (c): each with a log-in, a key and households of their own; prints them as JSON."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xiangyue.places.models import Place

BEGIN = date(2020, 1, 1)
MADE = datetime(2020, 1, 1, tzinfo=UTC)
COUNTY, TOWN = "990100", "990100100"
VILLAGES = 92


def main() -> None:
    """Make them where the environment says."""
    n_bearers, each = int(sys.argv[1]), int(sys.argv[2])
    from xiangyue.site.cli import start_django

    start_django()
    from django.core.management import call_command
    from django.db import connection, transaction

    from xiangyue.site.new_database import make_new

    make_new()
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        rows = _make(n_bearers, each)
    with connection.cursor() as cursor:  # as any database in use has done by itself
        cursor.execute("ANALYZE")
    json.dump(rows, sys.stdout)


def _make(n_bearers: int, each: int) -> list[tuple[int, str, list[str]]]:
    from xiangyue.base.bulk import insert_rows, stored
    from xiangyue.captures.keys import make_key
    from xiangyue.duties.models import Duty
    from xiangyue.people.models import Person, RoleGrant, User
    from xiangyue.places.models import Place

    begin, made = stored(BEGIN), stored(MADE)
    county, villages = _tree()
    households: list[tuple[object, ...]] = []
    bearers: list[tuple[int, str, list[str]]] = []
    persons, users, grants, duties = [], [], [], []
    first = Place.objects.order_by("-id")[0].pk + 1
    for number in range(n_bearers):
        village, pk = villages[number % VILLAGES], number + 1
        codes = []
        for door in range(each):
            code = f"{village.code}-H{number // VILLAGES * each + door + 1:05d}"
            row_id = first + len(households)
            households.append(
                (row_id, code, f"{door}号", "household", "", village.pk, f"{village.path}{code}/", county.pk,
                 village.township_id, village.pk, door, begin)
            )  # fmt: skip
            duties.append((county.pk, "linjiang", "members", pk, row_id, "households", begin, "rule", made, ""))
            codes.append(code)
        persons.append((pk, f"P{pk}", f"示例{pk}", "", village.pk, True, begin))
        users.append(User(pk=pk, phone=f"199{pk:08d}", password="!bench", person_id=pk))
        grants.append((pk, "bearer", village.pk, begin))
        bearers.append((pk, make_key(pk, "!bench"), codes))
    insert_rows(
        Place,
        ("id", "code", "name", "level", "place_class", "parent", "path", "ground", "township", "village", "order",
         "from_on"),
        households,
    )  # fmt: skip
    insert_rows(Person, ("id", "code", "name", "phone", "place", "party_member", "from_on"), persons)
    User.objects.bulk_create(users, batch_size=500)
    insert_rows(RoleGrant, ("user", "role", "place", "from_on"), grants)
    insert_rows(
        Duty,
        ("ground", "scheme", "layer", "person", "target", "exclusion", "from_on", "source", "created_at", "team"),
        duties,
    )
    _publish(county)
    _open_months(county)
    return bearers


def _publish(county: Place) -> None:
    from xiangyue.agreements.in_force import digest_of
    from xiangyue.agreements.models import SchemeVersion
    from xiangyue.schemes import pack_text

    text = pack_text("linjiang").replace("220681", COUNTY)
    SchemeVersion.objects.create(
        ground=county, code="linjiang", version=1, name="临江", text=text, digest=digest_of(text), state="published",
        from_on=BEGIN, created_at=MADE,
    )  # fmt: skip


def _open_months(county: Place) -> None:
    """This month and the last are open: the live standing follows every check."""
    from django.utils import timezone

    from xiangyue.rules.days import month_of, previous
    from xiangyue.standings.live import open_of, rebuild
    from xiangyue.standings.models import Period

    month = month_of(timezone.localdate())
    for span in (month, previous(month)):
        Period.objects.create(
            ground=county, scheme="linjiang", key=span.key, kind="month", starts_on=span.starts_on, ends_on=span.ends_on
        )
    for period in Period.objects.select_related("ground"):
        opened = open_of(period)
        assert opened is not None
        rebuild(opened)


def _tree() -> tuple[Place, list[Place]]:
    from xiangyue.places.models import Place

    county = Place.objects.create(code=COUNTY, name="示例县", level="county", path=f"{COUNTY}/", from_on=BEGIN)
    Place.objects.filter(pk=county.pk).update(ground=county)
    path = f"{COUNTY}/{TOWN}/"
    town = Place.objects.create(
        code=TOWN, name="示例镇", level="township", parent=county, path=path, ground=county, from_on=BEGIN
    )
    Place.objects.filter(pk=town.pk).update(township=town)
    villages = []
    for number in range(VILLAGES):
        code = f"{TOWN}{200 + number:03d}"
        village = Place.objects.create(
            code=code, name=f"示例村{number}", level="village", parent=town, path=f"{path}{code}/", ground=county,
            township=town, place_class="village", from_on=BEGIN,
        )  # fmt: skip
        Place.objects.filter(pk=village.pk).update(village=village)
        villages.append(village)
    return county, villages


if __name__ == "__main__":
    main()
