"""What a person answers for on a day, whoever bears it: they, someone they stand in for, or their organisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F

from xiangyue.base.bulk import stored
from xiangyue.duties.models import Duty
from xiangyue.field.day import DUTIES, STANDS_IN
from xiangyue.people.models import Person


@dataclass(slots=True)
class Target:
    """A place that the person answers for, on these layers: (ground, scheme, layer)."""

    id: int
    code: str
    name: str
    level: str
    path: str
    where: str
    head: str
    state: str
    stands_in: bool
    own_yard: bool
    layers: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def village_code(self) -> str:
        """The code of the village it lies in; its own, where it is one; empty above villages."""
        parts = self.path.rstrip("/").split("/")
        return parts[2] if len(parts) > 2 else ""


def targets_of(person: Person, day: date) -> list[Target]:
    """The person's targets: own yard first, then hamlet by hamlet along the doors; three indexed halves, one trip."""
    on = stored(day)
    sql = f"{DUTIES} AND d.person_id = %s UNION {DUTIES} AND d.stand_in_id = %s{STANDS_IN}"
    keys = [*[on] * 6, person.pk, *[on] * 6, person.pk, on, on]
    if person.organisation_id:
        sql += f" UNION {DUTIES} AND d.organisation_id = %s"
        keys += [*[on] * 6, person.organisation_id]
    with connection.cursor() as cursor:
        cursor.execute(sql, keys)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    found: dict[int, Target] = {}
    for row in sorted(rows, key=lambda row: (row[3] != person.home_id, row[7].rsplit("/", 2)[0], row[8], row[7])):
        where = row[10] if row[11] == "hamlet" or row[6] != "household" else row[9]
        stands_in = row[14] is not None and row[14] != person.pk
        target = Target(
            row[3], row[4], row[5], row[6], row[7], where or "", row[12] or "", row[13] or "living", stands_in,
            row[3] == person.home_id,
        )  # fmt: skip
        found.setdefault(row[3], target).layers.append((row[0], row[1], row[2]))
    return list(found.values())


def partners_of(person: Person, targets: list[Target], day: date) -> dict[str, list[dict[str, str]]]:
    """Place code → who else answers for it: the persons one goes there with."""
    if not targets:
        return {}
    rows = (
        Duty.objects.live(day)
        .filter(target_id__in=[target.id for target in targets], person__isnull=False)
        .exclude(person=person)
        .values_list(F("target__code"), F("person__code"), F("person__name"))
        .order_by("person__code")
        .distinct()
    )
    found: dict[str, list[dict[str, str]]] = {}
    for target, code, name in rows:
        found.setdefault(target, []).append({"code": code, "name": name})
    return found
