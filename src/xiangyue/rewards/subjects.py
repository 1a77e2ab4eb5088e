"""Whom a list, a plan or an appraisal names: places, persons and organisations under one kind of code."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from itertools import batched
from typing import NamedTuple

from xiangyue.base.dated import not_over
from xiangyue.people.models import Organisation, Person, Post
from xiangyue.places.models import Place

CHUNK = 5_000
PERSON = "person:"
UNIT = "unit:"


class Who(NamedTuple):
    """A subject: its code, name, where it stands, and the place that amounts for it are summed under."""

    subject: str
    name: str
    where: str
    path: str
    under: str
    under_name: str
    place_id: int | None = None
    person_id: int | None = None
    organisation_id: int | None = None


def places(ids: Iterable[int]) -> dict[int, Who]:
    """Place key → subject; amounts are summed under its township (a county's and a township's under itself)."""
    found: dict[int, Who] = {}
    fields = ("pk", "code", "name", "path", "township__code", "township__name", "village__name", "level")
    for some in batched(sorted(set(ids)), CHUNK):
        for pk, code, name, path, town, town_name, village, level in Place.objects.filter(pk__in=some).values_list(
            *fields
        ):
            where = "" if level in ("county", "township") else town_name or ""
            where = f"{where}{village}" if level not in ("county", "township", "village") and village else where
            found[pk] = Who(code, name, where, path, town or code, town_name or name, place_id=pk)
    return found


def persons(ids: Iterable[int]) -> dict[int, Who]:
    """Person key → subject, told by department or place; amounts are summed under the township where the person works."""
    found: dict[int, Who] = {}
    fields = (
        "pk", "code", "name", "place__path", "place__code", "place__name", "place__township__code",
        "place__township__name", "organisation__name",
    )  # fmt: skip
    for some in batched(sorted(set(ids)), CHUNK):
        for pk, code, name, path, at, at_name, town, town_name, unit in Person.objects.filter(pk__in=some).values_list(
            *fields
        ):
            where = unit or (at_name if at_name == town_name or not town_name else f"{town_name}{at_name}")
            found[pk] = Who(f"{PERSON}{code}", name, where, path, town or at, town_name or at_name, person_id=pk)
    return found


def organisations(ids: Iterable[int]) -> dict[int, Who]:
    """Organisation key → subject; amounts are summed under its place."""
    found: dict[int, Who] = {}
    fields = ("pk", "code", "name", "kind", "place__path", "place__code", "place__name")
    labels = dict(Organisation.Kind.choices)
    for some in batched(sorted(set(ids)), CHUNK):
        for pk, code, name, kind, path, at, at_name in Organisation.objects.filter(pk__in=some).values_list(*fields):
            found[pk] = Who(f"{UNIT}{code}", name, str(labels[kind]), path, at, at_name, organisation_id=pk)
    return found


def holders(post: str, place_ids: Collection[int], day: date) -> dict[int, list[int]]:
    """Place key → who holds the post there on the day, by code."""
    live = not_over(day)
    found: dict[int, list[int]] = {}
    for some in batched(sorted(place_ids), CHUNK):
        rows = Post.objects.filter(live, kind=post, place_id__in=some, from_on__lte=day).order_by("person__code")
        for place, person in rows.values_list("place_id", "person_id").distinct():
            found.setdefault(place, []).append(person)
    return found
