"""Who sees a problem and who may take which step: offices on their ground, bearers of the place, the units it was given to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from xiangyue.base.roles import OFFICES, STAFF, Role
from xiangyue.base.scope import Scope, below, not_hidden
from xiangyue.duties.models import Duty
from xiangyue.duties.reading import borne_by_person
from xiangyue.people.models import Person
from xiangyue.places.models import Level, Place
from xiangyue.problems.kinds import tier_path
from xiangyue.problems.models import SEE, Problem, ProblemQuerySet, Tier
from xiangyue.rules.settings import ProblemKind

REPORTERS = SEE - {Role.AUDITOR} | {Role.BEARER, Role.DEPARTMENT}
OFFICE_OF: dict[str, frozenset[Role]] = {
    Tier.VILLAGE: STAFF,
    Tier.TOWNSHIP: OFFICES,
    Tier.COUNTY: frozenset({Role.COUNTY_OFFICE}),
}
"""Who acts for a tier: its own office, or one above."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step: the scope, the person behind it and their organisation."""

    scope: Scope
    user_id: int | None
    person: Person | None

    @property
    def who(self) -> str:
        """The key that steps carry: p12 for a person, u5 for a user without one."""
        return f"p{self.person.pk}" if self.person else f"u{self.user_id}"


def actor_of(scope: Scope) -> Actor:
    """The actor of a scope."""
    person = (
        Person.objects.select_related("organisation").filter(pk=scope.person_id).first() if scope.person_id else None
    )
    return Actor(scope, scope.user_id, person)


def borne(person_id: int, day: date) -> Q:
    """The condition that the person answers for the place, or for the village that it lies in: doors only by themselves."""
    targets = borne_by_person(person_id, day).values("target")
    return Q(place__in=targets) | (Q(place__village__in=targets) & ~Q(place__level=Level.HOUSEHOLD))


def seen(scope: Scope) -> ProblemQuerySet:
    """The problems that the actor sees: all on an office's ground; what one bears, reported or was given."""
    condition = below("place__path", scope.paths(SEE))
    if scope.person_id:
        condition |= Q(person_id=scope.person_id) | Q(reported_by_id=scope.person_id)
        condition |= Q(organisation__people__pk=scope.person_id) | borne(scope.person_id, timezone.localdate())
    rows = Problem.objects.filter(pk__in=Problem.objects.filter(condition).values("pk"))
    return cast("ProblemQuerySet", not_hidden(rows, scope))


def found(scope: Scope, pk: int) -> Problem:
    """The problem of that key, with its place and bearer; 404 when it is not the actor's to see."""
    rows = seen(scope).select_related(
        "place__village", "place__township", "place__parent", "person", "organisation", "reported_by", "scheme_version"
    )
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def may_report(scope: Scope, place: Place, day: date) -> bool:
    """Whether the actor may report a problem at a place: on one's ground, or what one bears."""
    if scope.holds(SEE - {Role.AUDITOR}, place.path):
        return True
    if scope.person_id is None:
        return False
    above = Place.objects.above(place.path)
    own = Person.objects.filter(pk=scope.person_id, home=place).exists()
    return own or borne_by_person(scope.person_id, day).filter(target__in=above).exists() or _at_work(scope, place)


def _at_work(scope: Scope, place: Place) -> bool:
    """Public ground where one holds a role: anyone with a grant over it may report there, but not at others' doors."""
    return place.level != Level.HOUSEHOLD and scope.holds(REPORTERS, place.path)


def is_office(actor: Actor, problem: Problem, tier: str = "") -> bool:
    """Whether the actor acts for the office that has the problem in hand, or one above it."""
    tier = tier or problem.tier
    return actor.scope.holds(OFFICE_OF[tier], tier_path(problem.place, tier))


def is_bearer(actor: Actor, problem: Problem, day: date) -> bool:
    """Whether the problem was given to the actor or their organisation, or nobody has it and they bear the place."""
    person = actor.person
    if person is None:
        return False
    if problem.person_id == person.pk:
        return True
    if problem.organisation_id is not None and problem.organisation_id == person.organisation_id:
        return True
    nobody = problem.person_id is None and problem.organisation_id is None
    return nobody and bears(person.pk, problem.place, day)


def bears(person_id: int, place: Place, day: date) -> bool:
    """Whether the person answers for the place, or for a place above it, on the day."""
    return borne_by_person(person_id, day).filter(target__in=Place.objects.above(place.path)).exists()


def verifies_as(actor: Actor, problem: Problem, kind: ProblemKind) -> str:
    """In whose name the actor may say that it is mended: the lowest office of the kind's that they act for; or nothing.

    The household's own word is recorded by the village's staff, who did not mend it themselves.
    """
    if actor.who == problem.mended_by:
        return ""
    for tier in (Tier.VILLAGE, Tier.TOWNSHIP, Tier.COUNTY):
        role = {Tier.VILLAGE: Role.VILLAGE_OFFICE, Tier.TOWNSHIP: Role.TOWNSHIP_OFFICE, Tier.COUNTY: Role.COUNTY_OFFICE}
        if tier in kind.verifiers and actor.scope.holds(frozenset({role[tier]}), tier_path(problem.place, tier)):
            return str(tier)
    if "supervisor" in kind.verifiers and actor.scope.holds(frozenset({Role.SUPERVISOR}), problem.place.path):
        return "supervisor"
    if (
        "household" in kind.verifiers
        and problem.place.level == Level.HOUSEHOLD
        and actor.scope.holds(STAFF, problem.place.path)
    ):
        return "household"
    return ""


def duties_on(problem: Problem, day: date) -> list[Duty]:
    """Who bears the place of a problem on a day, nearest first."""
    rows = Duty.objects.live(day).filter(target__in=Place.objects.above(problem.place.path))
    return list(rows.select_related("person", "organisation", "target").order_by("-target__path", "pk")[:12])
