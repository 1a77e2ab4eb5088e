"""Who gets which sheet: printed for oneself or by staff over the bearer, typed in by the same, seen on one's ground."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from xiangyue.base.problems import Problem
from xiangyue.base.roles import READERS, STAFF, Role
from xiangyue.base.scope import Scope, below, find, visible_to
from xiangyue.checks.sheets import ENTERERS
from xiangyue.duties.models import Duty
from xiangyue.papers.models import Sheet
from xiangyue.papers.numbers import number_of, read_number, shown
from xiangyue.papers.problems import UNKNOWN_SHEET
from xiangyue.people.models import Person
from xiangyue.places.models import Level, Place

READS = READERS | {Role.BEARER}
PRINTS = ENTERERS | {Role.BEARER}
FOUND = 40


def sheets() -> QuerySet[Sheet]:
    """All sheets with what a line of the register says."""
    return Sheet.objects.select_related(
        "place__township", "person__organisation", "printed_by__person", "typed_by__person"
    )


def seen_sheet(scope: Scope, number: str) -> Sheet:
    """The sheet of that number: unseen (or mistyped) 404."""
    try:
        return find(sheets(), scope, pk=read_number(number))
    except Problem:
        raise Http404 from None


def sheet_to_type(scope: Scope, number: str) -> Sheet:
    """The same, for one who may type it in: the bearer it was printed for, or staff over its place; else 403."""
    sheet = seen_sheet(scope, number)
    if not may_type(scope, sheet):
        raise PermissionDenied
    return sheet


def may_type(scope: Scope, sheet: Sheet) -> bool:
    """Whether the actor may type the sheet in: whose it is, staff over the place, teams and those above what is inspected."""
    own = sheet.person_id is not None and sheet.person_id == scope.person_id and scope.holds(PRINTS)
    if not sheet.is_of_place:
        return own or scope.holds(STAFF, sheet.place.path)
    return own or above(scope, sheet.place)


def above(scope: Scope, place: Place) -> bool:
    """Whether the actor inspects the place by office: nobody does their own, but for a team on its ground."""
    return any(
        grant.role in ENTERERS
        and place.path.startswith(grant.path)
        and (grant.role == Role.SUPERVISOR or grant.path != place.path)
        for grant in scope.grants
    )


def sheet_typed(scope: Scope, typed: str) -> Sheet:
    """The sheet whose number was typed or scanned; a Problem in words says what is wrong with it."""
    pk = read_number(typed)
    sheet = visible_to(sheets(), scope).filter(pk=pk).first()
    if sheet is None or not may_type(scope, sheet):
        raise Problem(UNKNOWN_SHEET, number=shown(number_of(pk)))
    return sheet


def bearer_asked(scope: Scope, code: str) -> Person:
    """Whom sheets are printed for: the actor, or one whom the actor's ground holds; unseen 404, else 403."""
    rows = Person.objects.select_related("place", "organisation")
    if not code:
        own = rows.filter(pk=scope.person_id or 0).first()
        if own is None:
            raise Http404
        return own
    person = find(rows, scope, code=code)
    if person.pk != scope.person_id and not scope.holds(STAFF, person.place.path):
        raise PermissionDenied
    return person


def bearers_found(scope: Scope, q: str, today: date) -> list[Person]:
    """Persons on the actor's ground who answer for something, by name or code."""
    duties = Duty.objects.live(today).exclude(person=None).order_by().values("person_id")
    rows = Person.objects.filter(below("place__path", scope.paths(STAFF)), pk__in=duties)
    found = rows.filter(name__contains=q) | rows.filter(code__startswith=q)
    return list(found.select_related("place").order_by("place__path", "code")[:FOUND])


def villages(scope: Scope, q: str, today: date) -> list[Place]:
    """Villages on the actor's ground, by name or code."""
    rows = Place.objects.live(today).filter(below("path", scope.paths(STAFF)), level=Level.VILLAGE)
    found = rows.filter(name__contains=q) | rows.filter(code__startswith=q)
    return list(found.select_related("township").order_by("path")[:FOUND])
