"""Bearers, persons and organisations alike, under one mark: what they are called, where their pages are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from xiangyue.duties.actions.single import Bearing
from xiangyue.people.models import Organisation, Person


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """`p12` a person, `o3` an organisation."""

    kind: str
    pk: int

    def __str__(self) -> str:
        return f"{self.kind}{self.pk}"

    @staticmethod
    def read(text: str) -> Mark:
        """The mark that the text writes; ValueError for none."""
        if text[:1] not in ("p", "o"):
            raise ValueError(text)
        return Mark(text[0], int(text[1:]))


@dataclass(frozen=True, slots=True)
class Named:
    """What a bearer is called."""

    code: str
    name: str
    url: str
    where: str = ""


def mark_of(person_id: int | None, organisation_id: int | None) -> Mark:
    """The mark of the one of the two that is there."""
    return Mark("p", person_id) if person_id else Mark("o", organisation_id or 0)


def mark(bearer: Bearing) -> Mark:
    """The mark of a person or an organisation."""
    return Mark("p" if isinstance(bearer, Person) else "o", bearer.pk)


def names_of(marks: Collection[Mark]) -> dict[Mark, Named]:
    """What the bearers are called, in two queries at most."""
    people = [one.pk for one in marks if one.kind == "p"]
    units = [one.pk for one in marks if one.kind == "o"]
    found: dict[Mark, Named] = {}
    if people:
        rows = Person.objects.filter(pk__in=people).values_list(
            "pk", "code", "name", "organisation__name", "place__name"
        )
        for pk, code, name, unit, place in rows:
            found[Mark("p", pk)] = Named(code, name, reverse("visits:bearer", args=(code,)), unit or place)
    if units:
        for pk, code, name in Organisation.objects.filter(pk__in=units).values_list("pk", "code", "name"):
            found[Mark("o", pk)] = Named(code, name, reverse("visits:organisation", args=(code,)))
    return found
