"""Who sees and does what in a review: the county all of it, townships their team, villages what is on notice."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from xiangyue.base.roles import READERS, Role
from xiangyue.base.scope import Scope
from xiangyue.places.models import Level, Place
from xiangyue.standings.reviews.models import Review, ReviewMember, ReviewStageVersion, ReviewTeam

SEE = READERS | {Role.DEPARTMENT}
INSIDE = frozenset({Role.COUNTY_OFFICE, Role.SUPERVISOR, Role.AUDITOR})
"""Who sees a stage while it is worked on, over the review's ground."""
COUNTY = frozenset({Role.COUNTY_OFFICE})
OFFICES_OF_TEAM = frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE})
SHOWN = (ReviewStageVersion.State.PROPOSED, ReviewStageVersion.State.IN_FORCE)


def reviews(scope: Scope) -> QuerySet[Review]:
    """The reviews of grounds at, above or below a place of the actor's."""
    condition = Q(pk__in=())
    for grant in scope.grants:
        if grant.role in SEE:
            codes = grant.path.split("/")[:-1]
            above = ["/".join(codes[:depth]) + "/" for depth in range(1, len(codes) + 1)]
            condition |= Q(ground__path__in=above) | Q(ground__path__startswith=grant.path)
    return Review.objects.filter(condition).select_related("ground", "scheme_version", "opened_by__person")


def review_of(scope: Scope, pk: int) -> Review:
    """One review: unseen 404."""
    found = reviews(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def to_run(scope: Scope, pk: int) -> Review:
    """A review that the actor's county office runs; seen but not theirs 403."""
    found = review_of(scope, pk)
    if not runs(scope, found):
        raise PermissionDenied
    return found


def runs(scope: Scope, review: Review) -> bool:
    """Whether the actor opens, finishes and enters: the office of the ground."""
    roles = OFFICES_OF_TEAM if review.ground.level == Level.TOWNSHIP else COUNTY
    return scope.holds(roles, review.ground.path)


def inside(scope: Scope, review: Review) -> bool:
    """Whether the actor sees stages while they are worked on."""
    return runs(scope, review) or scope.holds(INSIDE, review.ground.path)


def keeps_team(scope: Scope, team: ReviewTeam) -> bool:
    """Whether the actor names the members of a team: the county, and the team's own township."""
    return scope.holds(OFFICES_OF_TEAM, team.township.path)


def my_teams(scope: Scope, review: Review) -> list[ReviewTeam]:
    """The teams that the actor belongs to, or whose members their office names."""
    rows = ReviewTeam.objects.filter(review=review).select_related("township", "review__ground")
    mine = set(
        ReviewMember.objects.filter(team__review=review, person_id=scope.person_id or 0, left_on=None).values_list(
            "team", flat=True
        )
    )
    return [row for row in rows.order_by("township__code") if row.pk in mine or keeps_team(scope, row)]


def team_of(scope: Scope, review: Review, code: str) -> ReviewTeam:
    """A team whose lists the actor sees: its own, or any from inside; seen but not theirs 403."""
    rows = ReviewTeam.objects.select_related("township", "review__ground", "review__scheme_version")
    found = rows.filter(review=review, township__code=code).first()
    if found is None:
        raise Http404
    if not inside(scope, review) and found.pk not in {row.pk for row in my_teams(scope, review)}:
        raise PermissionDenied
    return found


def subject_of(scope: Scope, review: Review, code: str) -> Place:
    """A subject of the review whose figures the actor sees: villages their own, once they are on notice."""
    place = Place.objects.filter(code=code).select_related("township").first()
    if place is None or not place.path.startswith(review.ground.path):
        raise Http404
    if not inside(scope, review) and not scope.holds(SEE, place.path):
        raise PermissionDenied
    return place


def shown_version(scope: Scope, review: Review, stage: str) -> ReviewStageVersion | None:
    """The newest version of a stage that the actor may see: an open one only from inside."""
    rows = ReviewStageVersion.objects.filter(review=review, stage=stage).exclude(
        state=ReviewStageVersion.State.SUPERSEDED
    )
    if not inside(scope, review):
        rows = rows.filter(state__in=SHOWN)
    rows = rows.select_related("publication", "review__ground", "review__scheme_version", "finished_by__person")
    return rows.order_by("-version").first()
