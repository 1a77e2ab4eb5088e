"""Who reads and who writes bulletins: a draft is its office's, what was issued is read on all of its ground."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from xiangyue.base.roles import OFFICES
from xiangyue.base.scope import Scope, below
from xiangyue.places.models import Level, Place
from xiangyue.standings.bulletins.models import SEE, Bulletin

GROUNDS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)


def ground_of(scope: Scope, code: str = "") -> Place:
    """The county, township or village whose chain the actor asks about, by default the highest of their own.

    403 without a role that reads bulletins, 404 for other ground.
    """
    paths = scope.paths(SEE)
    if not paths:
        raise PermissionDenied
    rows = Place.objects.filter(below("path", paths), level__in=GROUNDS).select_related("township", "ground")
    row = rows.filter(code=code).first() if code else rows.order_by("path").first()
    if row is None:
        raise Http404
    return row


def bulletin_of(scope: Scope, pk: int, *, to_write: bool = False) -> Bulletin:
    """One bulletin: unseen 404; seen but another office's to write 403."""
    rows = Bulletin.objects.select_related("place", "issued_by__person", "ended_by__person", "replaces__place")
    row = rows.filter(pk=pk).first()
    if row is None or not reads(scope, row):
        raise Http404
    if to_write and not scope.holds(OFFICES, row.place.path):
        raise PermissionDenied
    return row


def reads(scope: Scope, row: Bulletin) -> bool:
    """Whether the actor reads it: what was issued from any part of its ground, a draft only as its office."""
    if row.state == Bulletin.State.DRAFT:
        return scope.holds(OFFICES, row.place.path)
    return scope.meets(SEE, row.place.path)


def readable(scope: Scope, place: Place) -> QuerySet[Bulletin]:
    """The bulletins of a place and of those it lies in that the actor reads, the newest first."""
    own = [row.path for row in Place.objects.above(place.path) if scope.meets(SEE, row.path)]
    drafts = Q(pk__in=())
    for path in own:
        drafts |= Q(place__path=path) if scope.holds(OFFICES, path) else Q(pk__in=())
    rows = Bulletin.objects.light().filter(place__path__in=own).select_related("place")
    return rows.filter(~Q(state=Bulletin.State.DRAFT) | drafts).order_by("-key", "-pk")
