"""Who sees and changes which title, list, holder and contest: names of households only where one's own ground reaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES, STAFF, Role
from xiangyue.base.scope import Scope, below
from xiangyue.places.models import Level, Place
from xiangyue.rewards import access
from xiangyue.rewards.contest_models import Contest, ContestStop
from xiangyue.rewards.honour_frame import Title, title_in, title_on
from xiangyue.rewards.honour_models import SEE, Held, HeldQuerySet, HonourLine, HonourList, Nomination


def titles(scope: Scope, day: date) -> list[Title]:
    """The titles of the schemes in force on grounds that the actor has to do with."""
    around = Q(pk__in=())
    for grant in scope.grants:
        if grant.role in SEE:
            codes = grant.path.split("/")[:-1]
            above = ["/".join(codes[:depth]) + "/" for depth in range(1, len(codes) + 1)]
            around |= Q(ground__path__in=above) | below("ground__path", (grant.path,))
    rows = SchemeVersion.objects.published().filter(around, from_on__lte=day).select_related("ground").defer("text")
    latest: dict[tuple[int, str], SchemeVersion] = {}
    for row in rows.order_by("ground__path", "code", "-from_on", "-version"):
        latest.setdefault((row.ground_id, row.code), row)
    schemes = [(row.ground, scheme_of(row)) for row in latest.values()]
    return [title_in(ground, scheme, one.code) for ground, scheme in schemes for one in scheme.honours]


def title_of(scope: Scope, ground: str, scheme: str, honour: str, day: date, *, to_write: bool = False) -> Title:
    """One title: unseen 404, seen but not the actor's to give 403."""
    place = Place.objects.filter(code=ground).first()
    if place is None or not scope.meets(SEE, place.path):
        raise Http404
    if to_write and not access.writes(scope, place):
        raise PermissionDenied
    try:
        return title_on(place, scheme, honour, day)
    except Problem as problem:
        raise Http404 from problem


def list_of(scope: Scope, pk: int, *, to_write: bool = False) -> HonourList:
    """One list of a title: unseen 404, seen but not the actor's to change 403."""
    return access.found_in(HonourList.objects.all(), scope, SEE, pk, to_write=to_write)


def lines_of(scope: Scope, row: HonourList) -> QuerySet[HonourLine]:
    """The lines that the actor sees: places, and households on the own ground."""
    rows = HonourLine.objects.filter(list=row).select_related("place__village", "place__township", "place__household")
    own = below("place__path", scope.paths(SEE))
    return rows.filter(own | ~Q(place__level=Level.HOUSEHOLD)).order_by("position")


def held(scope: Scope) -> HeldQuerySet:
    """The titles held on the actor's own ground."""
    rows = Held.objects.filter(below("place__path", scope.paths(SEE)))
    return rows.select_related("place__village", "place__township", "place__household", "plaque", "ground")


def held_to_write(scope: Scope, chosen: Sequence[str]) -> list[int]:
    """The chosen ones, all of them the actor's office's to hang and take down: unseen 404, else 403."""
    keys = [int(key) for key in chosen if key.isdigit()]
    paths = dict(Held.objects.filter(pk__in=keys).values_list("pk", "place__path"))
    if len(paths) < len(set(keys)) or not all(scope.holds(SEE, path) for path in paths.values()):
        raise Http404
    if not all(scope.holds(OFFICES, path) for path in paths.values()):
        raise PermissionDenied
    return list(paths)


def nomination_of(scope: Scope, pk: int) -> Nomination:
    """A nomination that the actor may take back."""
    row = Nomination.objects.select_related("place", "ground").filter(pk=pk).first()
    if row is None or not scope.holds(SEE, row.place.path):
        raise Http404
    if not scope.holds(STAFF, row.place.path):
        raise PermissionDenied
    return row


def holder_of(scope: Scope, code: str) -> Place:
    """The holder of titles: a place on the actor's own ground, 404 otherwise."""
    rows = Place.objects.select_related("village", "township", "household")
    row = rows.filter(code=code).filter(below("path", scope.paths(SEE | {Role.BEARER}))).first()
    if row is None:
        raise Http404
    if scope.holds(SEE, row.path) or (scope.person_id and _bears(scope.person_id, row)):
        return row
    raise Http404


def _bears(person_id: int, place: Place) -> bool:
    from django.utils import timezone

    from xiangyue.duties.reading import borne_by_person

    return borne_by_person(person_id, timezone.localdate()).filter(target=place).exists()


def contests(scope: Scope) -> QuerySet[Contest]:
    """The contests of grounds that the actor has to do with."""
    grounds = [
        row.pk for row in Place.objects.filter(pk__in=Contest.objects.values("ground")) if scope.meets(SEE, row.path)
    ]
    return Contest.objects.filter(ground__in=grounds).select_related("ground")


def contest_of(scope: Scope, pk: int, *, to_write: bool = False) -> Contest:
    """One contest: unseen 404, seen but not the actor's to run 403."""
    row = contests(scope).filter(pk=pk).first()
    if row is None:
        raise Http404
    if to_write and not access.writes(scope, row.ground):
        raise PermissionDenied
    return row


def stop_of(scope: Scope, pk: int) -> ContestStop:
    """One stop of a contest that the actor runs."""
    row = ContestStop.objects.select_related("contest__ground", "place").filter(pk=pk).first()
    if row is None:
        raise Http404
    contest_of(scope, row.contest_id, to_write=True)
    return row
