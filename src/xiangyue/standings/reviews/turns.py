"""Who may hand in a review's sheets: a team's members for the villages drawn to it, the county for its own stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from xiangyue.base.problems import Problem
from xiangyue.base.roles import Role
from xiangyue.base.scope import Scope, below
from xiangyue.checks.judging import NOT_YOURS
from xiangyue.checks.permits import Asked
from xiangyue.duties.models import Duty
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.rules.settings import CheckKind, ReviewStage, Scheme
from xiangyue.standings.reviews import problems
from xiangyue.standings.reviews.facts import sheets_until, subjects_for
from xiangyue.standings.reviews.models import (
    Review,
    ReviewMember,
    ReviewPlan,
    ReviewStageVersion,
    ReviewTeam,
    ReviewTurn,
)
from xiangyue.standings.reviews.settings import guarded, kinds_of, scheme_for, settings_for, stage_in, takes

COUNTY_TEAMS = frozenset({Role.COUNTY_OFFICE, Role.SUPERVISOR})
ENTER_FOR_TEAM = frozenset({Role.COUNTY_OFFICE})
type Open = tuple[ReviewStageVersion, ReviewStage]


class ReviewGuard:
    """What reviews say of the kinds of check that are their sheets."""

    def guards(self, scheme: Scheme, kind: CheckKind, ground_id: int, day: date) -> bool:
        """Whether a review's stage takes this kind and nobody else may make it."""
        return bool(scheme.reviews) and not kind.layers and guarded(scheme, kind.code)

    def judge(self, asked: Asked) -> None:
        """Pass a sheet of an open stage by whoever has the turn; a Problem refuses the rest."""
        kind = asked.rule.kind
        found = _open_with(asked.rule.ground_id, asked.rule.scheme.code, kind.code, asked.day)
        if found is None:
            raise Problem(problems.NO_OPEN_STAGE, kind=kind.name, day=asked.day)
        version, stage = found
        if version.only and asked.place.code not in version.only:
            raise Problem(problems.NOT_REOPENED, stage=stage.name, subject=asked.place.name)
        if stage.kind == "mutual":
            _judge_turn(asked, version)
        elif not asked.scope.holds(COUNTY_TEAMS, version.review.ground.path):
            raise Problem(NOT_YOURS, name=asked.place.name, kind=kind.name)

    def offers(self, scope: Scope, today: date) -> Sequence[tuple[Scheme, CheckKind, Sequence[Place]]]:
        """The sheets of open stages that the actor may hand in: of the mutual stage only the own team's villages."""
        found: list[tuple[Scheme, CheckKind, Sequence[Place]]] = []
        if not scope.grants:
            return found
        for version, stage in _open(_on_my_ground(scope), today):
            scheme = scheme_for(version.review)
            places = _turns(scope, version) if stage.kind == "mutual" else _all(scope, version, scheme)
            if version.only:
                places = [place for place in places if place.code in version.only]
            found += [(scheme, kind, places) for kind in kinds_of(scheme, stage) if places]
        return found

    def inspectors(self, scope: Scope, place: Place, kind: str, today: date) -> Sequence[Person]:
        """The members of the teams drawn to the village, leaders first; only the own team's for a team's member."""
        for version, stage in _open(Q(review__ground_id__in=(place.ground_id, place.township_id)), today):
            if stage.kind != "mutual" or not takes(stage, kind):
                continue
            turns = ReviewTurn.objects.filter(plan__review=version.review, plan__state="drawn", subject=place)
            people = Person.objects.filter(pk__in=_members(turns.values("team")).values("person"))
            if not scope.holds(ENTER_FOR_TEAM, version.review.ground.path):
                own = ReviewMember.objects.filter(person_id=scope.person_id or 0, left_on=None).values("team")
                people = people.filter(pk__in=_members(own).values("person"))
            return list(people.select_related("place").order_by("place__path", "code"))
        return []


def _judge_turn(asked: Asked, version: ReviewStageVersion) -> None:
    """Pass an inspector whose team has the turn and who has no tie there, entered by the team itself or the county."""
    person, place = asked.inspector, asked.place
    turns = ReviewTurn.objects.filter(
        plan__review=version.review_id, plan__state=ReviewPlan.State.DRAWN, subject_id=place.id
    )
    teams = set(_members(turns.values("team")).filter(person_id=person.id).values_list("team_id", flat=True))
    name = Person.objects.filter(pk=person.id).values_list("name", flat=True).first() or person.code
    actor_id = asked.scope.person_id
    by_team = actor_id is not None and _members(list(teams)).filter(person_id=actor_id).exists()
    if not teams or not (by_team or asked.scope.holds(ENTER_FOR_TEAM, version.review.ground.path)):
        raise Problem(problems.NOT_YOUR_TURN, subject=place.name, inspector=name)
    ties = Duty.objects.live(asked.day).below(place.path)
    ties = ties.filter(
        Q(person=person.id) | Q(stand_in=person.id) | Q(organisation=person.organisation_id, organisation__isnull=False)
    )
    home = Place.objects.filter(pk=person.home_id or 0).values_list("path", flat=True).first()
    if (home and home.startswith(place.path)) or ties.exists():
        raise Problem(problems.IN_CONFLICT, subject=place.name, inspector=name)


def _members(teams: Any) -> QuerySet[ReviewMember]:
    return ReviewMember.objects.filter(team__in=teams, left_on=None)


def _open(where: Q, day: date) -> list[Open]:
    """The stages that are open on a day."""
    rows = ReviewStageVersion.objects.filter(where, state=ReviewStageVersion.State.OPEN, opened_on__lte=day)
    found: list[Open] = []
    for row in rows.select_related("review__ground", "review__scheme_version").order_by("pk"):
        stage = stage_in(settings_for(row.review), row.stage)
        if stage is not None:
            found.append((row, stage))
    return found


def _open_with(ground_id: int, scheme: str, kind: str, day: date) -> Open | None:
    held = _open(Q(review__ground_id=ground_id, review__scheme=scheme), day)
    return next((pair for pair in held if takes(pair[1], kind)), None)


def _on_my_ground(scope: Scope) -> Q:
    """The reviews of grounds at or above a place of the actor's, or below it."""
    condition = Q(pk__in=())
    for grant in scope.grants:
        codes = grant.path.split("/")[:-1]
        above = ["/".join(codes[:depth]) + "/" for depth in range(1, len(codes) + 1)]
        condition |= Q(review__ground__path__in=above) | below("review__ground__path", (grant.path,))
    return condition


@dataclass(frozen=True, slots=True)
class TeamWork:
    """What a team of an open mutual stage has before it: its villages, and the sheets that are not in."""

    review: Review
    stage: str
    team: str
    n_subjects: int
    n_left: int


def team_work(paths: tuple[str, ...], day: date) -> list[TeamWork]:
    """The work left to the teams of these townships on a day."""
    found: list[TeamWork] = []
    teams = ReviewTeam.objects.filter(below("township__path", paths))
    for version, stage in _open(Q(review__in=teams.values("review")), day):
        if stage.kind != "mutual":
            continue
        kinds = kinds_of(scheme_for(version.review), stage)
        made = {(by, subject, kind) for _check, subject, kind, by, *_rest in sheets_until(version, day)}
        turns = ReviewTurn.objects.filter(
            plan__review=version.review, plan__state=ReviewPlan.State.DRAWN, team__in=teams
        )
        held: dict[str, list[str]] = {}
        for team, subject in turns.values_list("team__township__code", "subject__code"):
            if not version.only or subject in version.only:
                held.setdefault(team, []).append(subject)
        for team, subjects in sorted(held.items()):
            left = sum((team, subject, kind.code) not in made for subject in subjects for kind in kinds)
            found.append(TeamWork(version.review, stage.name, team, len(subjects), left))
    return found


def _turns(scope: Scope, version: ReviewStageVersion) -> list[Place]:
    turns = ReviewTurn.objects.filter(plan__review=version.review_id, plan__state=ReviewPlan.State.DRAWN)
    if not scope.holds(ENTER_FOR_TEAM, version.review.ground.path):
        own = _members(turns.values("team")).filter(person_id=scope.person_id or 0)
        turns = turns.filter(team__in=own.values("team"))
    return list(
        Place.objects.filter(pk__in=turns.values("subject"))
        .select_related("township", "village", "ground")
        .order_by("path")
    )


def _all(scope: Scope, version: ReviewStageVersion, scheme: Scheme) -> list[Place]:
    review = version.review
    if not scope.holds(COUNTY_TEAMS, review.ground.path):
        return []
    codes = [row[0] for row in subjects_for(review)]
    return list(Place.objects.filter(code__in=codes).select_related("township", "village", "ground").order_by("path"))
