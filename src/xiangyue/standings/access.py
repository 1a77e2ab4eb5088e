"""Who sees which period and which figure: periods by their ground, households by the roles over their own place."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from xiangyue.base.roles import OFFICES, READERS, STAFF, Role
from xiangyue.base.scope import Scope
from xiangyue.duties.reading import borne_by_person
from xiangyue.places.models import Place
from xiangyue.standings.models import Closing, Period

SEE = READERS | {Role.DEPARTMENT, Role.BEARER}
"""Who sees the standing of villages and townships: everyone with a duty on the ground."""
INSIDE = STAFF | {Role.AUDITOR}
"""Who sees households' figures and black entries, over the household's place."""


def grounds(scope: Scope) -> list[Place]:
    """The grounds with periods that the actor sees."""
    held = Place.objects.filter(pk__in=Period.objects.values("ground"))
    return [place for place in held if scope.meets(SEE, place.path)]


def periods(scope: Scope) -> QuerySet[Period]:
    """The periods that the actor sees."""
    return Period.objects.filter(ground__in=[place.pk for place in grounds(scope)]).select_related("ground")


def period_of(scope: Scope, pk: int) -> Period:
    """One period: unseen 404."""
    period = Period.objects.select_related("ground").filter(pk=pk).first()
    if period is None or not scope.meets(SEE, period.ground.path):
        raise Http404
    return period


def to_close(scope: Scope, pk: int) -> Period:
    """A period that the actor may close and publish; seen but not theirs 403."""
    period = period_of(scope, pk)
    if not may_close(scope, period.ground):
        raise PermissionDenied
    return period


def may_close(scope: Scope, ground: Place) -> bool:
    """Whether the actor's office governs the ground."""
    return scope.holds(OFFICES, ground.path)


def ways(scope: Scope, period: Period) -> frozenset[str]:
    """Which of a period's pages are open to the actor, besides its figures."""
    found = {"preview"} if may_close(scope, period.ground) else set()
    if scope.holds(INSIDE):
        found |= {"notice", "adjustments"}
    if scope.holds(READERS):
        found.add("versions")
    return frozenset(found)


def version_of(period: Period, version: str = "") -> Closing | None:
    """The newest closing of a period, or the one asked for; a version that is not there 404."""
    related = ("scheme_version", "closed_by__person", "period__ground", "publication")
    rows = period.closings.select_related(*related).order_by("-version")
    if version:
        rows = rows.filter(version=int(version) if version.isdigit() else -1)
    found = rows.first()
    if version and found is None:
        raise Http404
    return found


def subject_of(scope: Scope, period: Period, code: str) -> Place:
    """A subject of the period's ground whose figures the actor sees; unseen 404."""
    place = Place.objects.filter(code=code).select_related("parent", "village", "township").first()
    if place is None or not place.path.startswith(period.ground.path) or not sees(scope, place):
        raise Http404
    return place


def sees(scope: Scope, place: Place) -> bool:
    """Whether the actor sees the figures of a place: of households only inside, or as one who answers for it.

    Who stands in, and who belongs to the organisation that bears, answers for it as the bearer does.
    """
    if place.level not in ("household", "public_place", "hamlet"):
        return True
    if scope.holds(INSIDE, place.path):
        return True
    if not scope.person_id:
        return False
    return borne_by_person(scope.person_id, timezone.localdate()).filter(target=place).exists()
