"""Who bears what on a day: for checks, cards, pages of other rooms, each in one query."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import batched
from typing import NamedTuple

from django.db.models import F, Q

from xiangyue.duties.bulk import CHUNK
from xiangyue.duties.models import Duty, DutyQuerySet


class Bearer(NamedTuple):
    """Someone who answers for a target on a layer on the day asked for; a stand-in does so in the bearer's place."""

    duty_id: int
    target_id: int
    scheme: str
    layer: str
    person_id: int | None
    organisation_id: int | None
    name: str
    team: str
    stand_in_id: int | None
    """Only while standing in on that day."""


class Target(NamedTuple):
    """Something that a person answers for on the day asked for."""

    duty_id: int
    target_id: int
    code: str
    scheme: str
    layer: str
    stands_in: bool


def standing_in(day: date) -> Q:
    """The condition that a duty's stand-in stands in on `day`."""
    begun = Q(stand_in_from=None) | Q(stand_in_from__lte=day)
    not_over = Q(stand_in_to=None) | Q(stand_in_to__gte=day)
    return Q(stand_in__isnull=False) & begun & not_over


def bearers_of(target_ids: Collection[int], day: date) -> dict[int, list[Bearer]]:
    """Target key → who bears it on `day`, by layer and bearer; targets nobody bears are not in it."""
    found: dict[int, list[Bearer]] = {}
    for some in batched(target_ids, CHUNK):
        for bearer in _bearers(some, day):
            found.setdefault(bearer.target_id, []).append(bearer)
    return found


def _bearers(target_ids: Collection[int], day: date) -> Iterator[Bearer]:
    rows = Duty.objects.live(day).filter(target_id__in=target_ids).order_by("target_id", "layer", "pk")
    in_place = set(rows.filter(standing_in(day)).order_by().values_list("pk", flat=True))
    values = rows.values_list(
        "pk", "target_id", "scheme", "layer", "person_id", "organisation_id", "person__name", "organisation__name",
        "team", "stand_in_id",
    )  # fmt: skip
    for pk, target, scheme, layer, person, organisation, name, unit, team, stand_in in values:
        stands = stand_in if pk in in_place else None
        yield Bearer(pk, target, scheme, layer, person, organisation, name or unit or "", team, stands)


def borne_by_person(person_id: int, day: date) -> DutyQuerySet:
    """The duties that a person answers for on `day`: own ones, the organisation's, and those of whom it stands in for."""
    own = Q(person_id=person_id) | Q(organisation__people__pk=person_id)
    return Duty.objects.live(day).filter(own | (Q(stand_in_id=person_id) & standing_in(day)))


def targets_of(person_id: int, day: date, layers: Collection[str] = ()) -> list[Target]:
    """What a person answers for on `day`, in the tree's order: own duties, the organisation's, and as a stand-in.

    `layers` narrows it to these codes.
    """
    rows = borne_by_person(person_id, day)
    if layers:
        rows = rows.filter(layer__in=layers)
    values = rows.annotate(path=F("target__path")).order_by("path", "layer").distinct()
    return [
        Target(pk, target, code, scheme, layer, stand_in == person_id and person != person_id)
        for pk, target, code, scheme, layer, person, stand_in, _path in values.values_list(
            "pk", "target_id", "target__code", "scheme", "layer", "person_id", "stand_in_id", "path"
        )
    ]
