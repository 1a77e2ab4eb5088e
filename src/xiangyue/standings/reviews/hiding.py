"""What of a stage's sheets an actor does not see yet: while it is worked on, only the county and the sheet's own team do."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from xiangyue.base.scope import Scope, below
from xiangyue.checks.models import Kind
from xiangyue.standings.models import Period
from xiangyue.standings.reviews.access import OFFICES_OF_TEAM, inside
from xiangyue.standings.reviews.models import ReviewMember, ReviewStageVersion
from xiangyue.standings.reviews.settings import guarded, kinds_of, scheme_for, settings_for, stage_in


def hidden_sheets(scope: Scope) -> Q | None:
    """The checks that the actor does not see until their stage is on notice; None where there are none."""
    found: Q | None = None
    for version in _kept_back(scope):
        one = Q(kind__in=_kinds(version), day__gte=version.opened_on) & ~Q(inspector__in=_own_team(scope, version))
        if version.only:
            one &= Q(subject__code__in=version.only)
        found = one if found is None else found | one
    return found


def hidden_live(scope: Scope, period: Period, kinds: frozenset[str]) -> bool:
    """Whether a running figure takes sheets of these kinds that the actor does not see yet."""
    return any(
        version.review.scheme == period.scheme
        and version.review.ground_id == period.ground_id
        and not kinds.isdisjoint(_codes(version))
        for version in _kept_back(scope)
    )


def _kept_back(scope: Scope) -> list[ReviewStageVersion]:
    """The open stages of reviews that the actor does not see from inside."""
    rows = ReviewStageVersion.objects.filter(state=ReviewStageVersion.State.OPEN)
    rows = rows.select_related("review__ground", "review__scheme_version").order_by("pk")
    return [row for row in rows if not inside(scope, row.review)]


def _codes(version: ReviewStageVersion) -> list[str]:
    """The kinds that only this stage takes: what is made all year round is not its secret."""
    scheme, stage = scheme_for(version.review), stage_in(settings_for(version.review), version.stage)
    return [kind.code for kind in kinds_of(scheme, stage) if guarded(scheme, kind.code)] if stage is not None else []


def _kinds(version: ReviewStageVersion) -> QuerySet[Kind]:
    review = version.review
    return Kind.objects.filter(ground=review.ground_id, scheme=review.scheme, code__in=_codes(version)).only("pk")


def _own_team(scope: Scope, version: ReviewStageVersion) -> QuerySet[ReviewMember, Any]:
    """The actor, and the members of the teams that they sit in or whose office they hold."""
    rows = ReviewMember.objects.filter(team__review=version.review_id)
    mine = rows.filter(person_id=scope.person_id or 0, left_on=None).values("team")
    held = below("team__township__path", scope.paths(OFFICES_OF_TEAM))
    return rows.filter(Q(team__in=mine) | held).values("person")
