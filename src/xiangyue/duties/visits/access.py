"""Who records visits, and who reads what was written about them in words."""

from __future__ import annotations

from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import Scope
from xiangyue.duties.visit_models import Visit

RECORDERS = STAFF | {Role.BEARER, Role.DEPARTMENT}


def may_record(scope: Scope) -> bool:
    """Whether the actor has anybody to record a visit for."""
    return scope.holds(RECORDERS)


def may_read_words(scope: Scope, visit: Visit) -> bool:
    """Whether the actor reads the note of a visit: the offices over the place, and whoever was there."""
    if scope.holds(Visit.TEXTS, visit.target.path):
        return True
    return scope.person_id is not None and visit.party.filter(person_id=scope.person_id).exists()
