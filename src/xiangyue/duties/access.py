"""Who gets which page about duties: grounds by roles, bearers by what they bear."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from xiangyue.base.roles import STAFF
from xiangyue.base.scope import Scope, below, visible_to
from xiangyue.duties.actions.single import Bearing, borne_by
from xiangyue.duties.models import Duty
from xiangyue.duties.permits import GIVERS, may_give
from xiangyue.duties.reading import borne_by_person
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Level, Place

GROUNDS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)


def seen_ground(scope: Scope, code: str = "") -> Place:
    """The county, township or village that the actor asks about, by default the highest of their own.

    403 without a role that reads duties, 404 for other ground.
    """
    paths = scope.paths(Duty.policy.see)
    if not paths:
        raise PermissionDenied
    rows = Place.objects.filter(below("path", paths), level__in=GROUNDS).select_related("township", "village")
    row = rows.filter(code=code).first() if code else rows.order_by("path").first()
    if row is None:
        raise Http404
    return row


def seen_target(scope: Scope, code: str) -> Place:
    """A place whose bearers the actor may see: on their ground, or borne by themselves."""
    own = Q(pk__in=())
    if scope.person_id:
        own = Q(duties__person_id=scope.person_id)
        own |= Q(pk__in=borne_by_person(scope.person_id, timezone.localdate()).values("target"))
    paths = scope.paths(Duty.policy.see)
    rows = Place.objects.filter(below("path", paths) | own, code=code).select_related("parent", "township", "village")
    row = rows.first()
    if row is None:
        raise Http404
    return row


def seen_person(scope: Scope, code: str) -> Person:
    """A person on the actor's ground, or one who bears (or bore) something there; 404 else."""
    person = Person.objects.select_related("place", "home", "organisation").filter(code=code).first()
    if person is None or not (_reads(scope, Person, person.pk) or _bears_here(scope, person)):
        raise Http404
    return person


def seen_organisation(scope: Scope, code: str) -> Organisation:
    """An organisation that bears (or bore) something on the actor's ground, or has its seat there; 404 else."""
    unit = Organisation.objects.select_related("place").filter(code=code).first()
    if unit is None:
        raise Http404
    paths = scope.paths(Duty.policy.see)
    if not unit.place.path.startswith(paths or ("-",)) and not _bears_here(scope, unit):
        raise Http404
    return unit


def _reads(scope: Scope, model: type[Person], key: int) -> bool:
    return visible_to(model._default_manager.filter(pk=key), scope).exists()


def _bears_here(scope: Scope, bearer: Bearing) -> bool:
    return visible_to(borne_by(bearer), scope).exists()


def writable(scope: Scope, bearer: Bearing, day: date) -> list[Duty]:
    """The bearer's duties that are not over and that the actor may pass on, in the tree's order; 403 when none is."""
    rows = visible_to(borne_by(bearer), scope, to_write=True).filter(pk__in=Duty.objects.not_over(day).values("pk"))
    rows = rows.select_related("target", "target__village", "target__township").order_by("target__path")
    found = [row for row in rows if may_give(scope, row.target.level, row.target.path)]
    if not found:
        raise PermissionDenied
    return found


def may_pass_on(scope: Scope, bearer: Bearing, day: date) -> bool:
    """Whether the actor may hand over something that the bearer has on the day."""
    rows = visible_to(borne_by(bearer), scope, to_write=True).filter(pk__in=Duty.objects.not_over(day).values("pk"))
    levels = rows.order_by().values_list("target__level", flat=True).distinct()
    return any(scope.holds(GIVERS.get(level, STAFF)) for level in levels)
