"""Who sees which list, appraisal and plan: drafts only who works on them, one's own figures always, money by ground."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from xiangyue.base.roles import OFFICES, READERS, STAFF, Role
from xiangyue.base.scope import Scope, below
from xiangyue.places.models import Place
from xiangyue.rewards.edition import Edition, State
from xiangyue.rewards.incentive_models import IncentivePlan, PlanLine
from xiangyue.rewards.performance_models import Appraisal, AppraisalLine

SEE = READERS | {Role.DEPARTMENT, Role.BEARER}
"""Who sees lists of places once they are on notice."""
WORKS = OFFICES | {Role.AUDITOR}
"""Who sees drafts, over the ground that they are for."""
APPRAISED = STAFF | {Role.AUDITOR, Role.BEARER, Role.DEPARTMENT}
MONEY = STAFF | {Role.AUDITOR}
OUT = (State.PROPOSED, State.IN_FORCE, State.SUPERSEDED)


def writes(scope: Scope, ground: Place) -> bool:
    """Whether the actor's office governs the ground."""
    return scope.holds(OFFICES, ground.path)


def ground_of(scope: Scope, code: str) -> Place:
    """A ground on which the actor draws lists: unseen 404, seen but not theirs 403."""
    found = Place.objects.filter(code=code).first()
    if found is None or not scope.meets(frozenset(Role), found.path):
        raise Http404
    if not writes(scope, found):
        raise PermissionDenied
    return found


def seen[E: Edition](rows: QuerySet[E], scope: Scope, roles: frozenset[Any]) -> QuerySet[E]:
    """Drafts over which the actor works, and what is out on a ground at, above or below a place of theirs."""
    condition = Q(pk__in=())
    for grant in scope.grants:
        if grant.role in roles:
            codes = grant.path.split("/")[:-1]
            above = ["/".join(codes[:depth]) + "/" for depth in range(1, len(codes) + 1)]
            condition |= Q(ground__path__in=above) | below("ground__path", (grant.path,))
    whole = below("ground__path", scope.paths(WORKS))
    return rows.filter(whole | (condition & Q(state__in=OUT)))


def found_in[E: Edition](
    rows: QuerySet[E], scope: Scope, roles: frozenset[Any], pk: int, *, to_write: bool = False
) -> E:
    """One version: unseen 404, seen but not the actor's to change 403."""
    row = seen(rows, scope, roles).select_related("ground", "scheme_version", "made_by__person").filter(pk=pk).first()
    if row is None:
        raise Http404
    if to_write and not writes(scope, row.ground):
        raise PermissionDenied
    return row


def appraisal_lines(scope: Scope, appraisal: Appraisal) -> QuerySet[AppraisalLine]:
    """The lines that the actor sees: all over the whole ground; once out, those of the own ground, and the own one."""
    rows = AppraisalLine.objects.filter(appraisal=appraisal)
    if scope.holds(WORKS, appraisal.ground.path):
        return rows
    if appraisal.state == State.DRAWN:
        return rows.none()
    return rows.filter(below("path", scope.paths(STAFF | {Role.AUDITOR})) | own_lines(scope))


def own_lines(scope: Scope) -> Q:
    """The lines about the actor, and about the organisation that the actor works in as its department."""
    if not scope.person_id:
        return Q(pk__in=())
    mine = Q(person=scope.person_id)
    return mine | Q(organisation__people=scope.person_id) if scope.holds(frozenset({Role.DEPARTMENT})) else mine


def line_of(scope: Scope, pk: int) -> AppraisalLine:
    """One bearer's line: unseen 404."""
    found = AppraisalLine.objects.select_related(
        "appraisal__ground", "appraisal__scheme_version", "person", "organisation"
    )
    row = found.filter(pk=pk).first()
    if row is None or not appraisal_lines(scope, row.appraisal).filter(pk=pk).exists():
        raise Http404
    return row


def sees_factor(scope: Scope, line: AppraisalLine) -> bool:
    """Whether the actor sees the pay factor: the offices and the audit over the ground, and whose it is."""
    return scope.holds(WORKS, line.path) or bool(line.person_id and line.person_id == scope.person_id)


def plan_lines(scope: Scope, plan: IncentivePlan) -> QuerySet[PlanLine]:
    """The lines that the actor sees: all over the whole ground; once approved, those of the own ground."""
    rows = PlanLine.objects.filter(plan=plan)
    if scope.holds(WORKS, plan.ground.path):
        return rows
    return rows.filter(below("path", scope.paths(MONEY))) if plan.state != State.DRAWN else rows.none()


def whole(scope: Scope, row: Edition) -> bool:
    """Whether the actor sees all of it, drafts too."""
    return scope.holds(WORKS, row.ground.path)
