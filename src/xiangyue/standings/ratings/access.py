"""Which schemes with stars, numbers and watch lists an actor sees, and who may enter a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404

from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.roles import OFFICES, Role
from xiangyue.base.scope import Scope
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.rules.settings import Indicator, Scheme
from xiangyue.standings.access import SEE
from xiangyue.standings.facts import Ground

ENTERS = OFFICES | {Role.DEPARTMENT}
"""Who enters numbers: offices on their ground; a department those that it answers for."""


@dataclass(frozen=True, slots=True)
class SchemeOn:
    """A scheme in force on a ground."""

    ground: Place
    version: SchemeVersion
    scheme: Scheme

    @property
    def facts_ground(self) -> Ground:
        """The ground as the facts ask for it."""
        return Ground(self.ground.pk, self.ground.code, self.ground.path)

    def indicator(self, code: str) -> Indicator | None:
        """The indicator of that code."""
        return next((row for row in self.scheme.indicators if row.code == code), None)


def schemes_seen(scope: Scope, today: date) -> list[SchemeOn]:
    """The newest version of each scheme on grounds that the actor sees, by ground and code; 403 for who sees none."""
    if not scope.holds(SEE):
        raise PermissionDenied
    rows = SchemeVersion.objects.published().filter(from_on__lte=today).select_related("ground").defer("text")
    newest: dict[tuple[int, str], SchemeVersion] = {}
    for row in rows.order_by("ground__code", "code", "-from_on", "-version"):
        if scope.meets(SEE, row.ground.path):
            newest.setdefault((row.ground_id, row.code), row)
    return [SchemeOn(row.ground, row, scheme_of(row)) for row in newest.values()]


def scheme_seen(scope: Scope, ground: str, code: str, today: date) -> SchemeOn:
    """One scheme of a ground that the actor sees; unseen 404."""
    for found in schemes_seen(scope, today):
        if (found.ground.code, found.scheme.code) == (ground, code):
            return found
    raise Http404


def organisation_of(scope: Scope) -> tuple[str, str]:
    """(Name, code) of the actor's organisation."""
    row = Person.objects.filter(pk=scope.person_id or 0).values_list("organisation__name", "organisation__code").first()
    return (row[0] or "", row[1] or "") if row else ("", "")


def may_enter(scope: Scope, indicator: Indicator, path: str, own: tuple[str, str] | None = None) -> bool:
    """Whether the actor may give the indicator's number for the place at `path`; `own`: its organisation, if known."""
    if indicator.counted is not None:
        return False
    if scope.holds(OFFICES, path):
        return True
    if not scope.holds(frozenset({Role.DEPARTMENT}), path):
        return False
    return bool(indicator.owner) and indicator.owner in (own if own is not None else organisation_of(scope))
