"""Search over one's ground: places, people, organisations, by name, code or the tail of a phone number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.base.masking import mask_phone
from xiangyue.base.roles import READERS, STAFF
from xiangyue.base.scope import Scope, below, visible_to
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Household, Level, Place
from xiangyue.places.picking import place_label
from xiangyue.site.context import address

MOST = 20
TAIL = 4
"""Digits from which a number is taken for the tail of a phone number."""
DOOR = re.compile(r"(\D*?)[\s,，、：:]*(\d[\w-]*?)号?")
"""A village, if any, and the number of a door."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found."""

    name: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of one kind; `more` when there is more than is shown."""

    title: str
    rows: tuple[Hit, ...]
    more: bool


def search(scope: Scope, asked: str) -> tuple[Hits, ...]:
    """What is found on the actor's ground; nothing for nothing."""
    text = " ".join(asked.split())[:40]
    if not text:
        return ()
    found = (_places(scope, text), _households(scope, text), _people(scope, text), _organisations(scope, text))
    return tuple(hits for hits in found if hits.rows)


def _cut(title: str, rows: Any, hit: Any) -> Hits:
    held = list(rows[: MOST + 1])
    return Hits(title, tuple(hit(row) for row in held[:MOST]), len(held) > MOST)


def _places(scope: Scope, text: str) -> Hits:
    match = Q(name__icontains=text) | Q(code__startswith=text)
    rows = visible_to(Place.objects.filter(match), scope).exclude(level=Level.HOUSEHOLD)
    rows = rows.select_related("township", "village").order_by("path")
    briefed = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
    reads = bool(scope.roles & READERS)

    def hit(row: Place) -> Hit:
        url = reverse("brief", args=(row.code,)) if reads and row.level in briefed else ""
        return Hit(place_label(row), str(row.get_level_display()), url)

    return _cut(_("区划"), rows, hit)


def _households(scope: Scope, text: str) -> Hits:
    """Households by head, code, door (with its village), or the phone's tail: for those who keep the register."""
    match = Q(head_name__icontains=text) | Q(place__code__startswith=text) | _door(text)
    if text.isdigit() and len(text) >= TAIL:
        match |= Q(phone__endswith=text)
    rows = Household.objects.filter(match).filter(below("place__path", scope.paths(STAFF)))
    rows = rows.select_related("place__township", "place__village").order_by("place__path")

    def hit(row: Household) -> Hit:
        words = "　".join(filter(None, [place_label(row.place), mask_phone(row.phone)]))
        return Hit(row.head_name or row.place.name, words, address("desk:detail", ("household", str(row.pk))))

    return _cut(_("农户"), rows, hit)


def _door(text: str) -> Q:
    """A door as it is said: 3号, 桃花村 3号, 桃花村3."""
    told = DOOR.fullmatch(text)
    if told is None:
        return Q(place__name=text)
    village, door = told.groups()
    here = Q(place__name__in=(door, f"{door}号"))
    return here & Q(place__village__name__startswith=village) if village else here


def _people(scope: Scope, text: str) -> Hits:
    match = Q(name__icontains=text) | Q(code__iexact=text)
    if text.isdigit() and len(text) >= TAIL:
        # over the ground where one may see phones: who sees them half hidden could find the other half by asking
        match |= Q(phone__endswith=text) & below("place__path", scope.paths(STAFF))
    rows = visible_to(Person.objects.filter(match), scope).select_related("place", "organisation").order_by("code")

    def hit(row: Person) -> Hit:
        at = row.organisation.name if row.organisation else row.place.name
        words = "　".join(filter(None, [at, mask_phone(row.phone)]))
        return Hit(row.name, words, address("desk:detail", ("person", str(row.pk))))

    return _cut(_("人员"), rows, hit)


def _organisations(scope: Scope, text: str) -> Hits:
    match = Q(name__icontains=text) | Q(code__iexact=text)
    rows = visible_to(Organisation.objects.filter(match), scope).select_related("place").order_by("code")

    def hit(row: Organisation) -> Hit:
        words = f"{row.get_kind_display()}　{row.place.name}"
        return Hit(row.name, words, address("desk:detail", ("organisation", str(row.pk))))

    return _cut(_("单位"), rows, hit)
