"""The problems that wait for the actor where they are: to mend or to verify, with the steps open to them, for a phone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from xiangyue.base.roles import Role
from xiangyue.base.scope import Scope, below, not_hidden
from xiangyue.people.models import Person
from xiangyue.problems.access import Actor, borne, is_office, verifies_as
from xiangyue.problems.kinds import first_tier, kinds_of
from xiangyue.problems.models import IN_HAND, SEE, Problem, State, Step, StepText, Tier
from xiangyue.rules.settings import ProblemKind

MOST = 100
TOLD = 3
"""So many of the words said about a problem go along: the report's and the last ones."""


class Said(NamedTuple):
    """What somebody wrote at a step."""

    day: date
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class AtHand:
    """A problem with what the actor may do there; no step besides notes where they wait for somebody else."""

    row: Problem
    pictogram: str
    steps: tuple[str, ...]
    """Of `requests.IN_FIELD`."""
    said: tuple[Said, ...]


def at_hand(scope: Scope, person: Person | None, paths: Collection[str], today: date) -> list[AtHand]:
    """The actor's problems, the most urgent first, at most `MOST`; in a number of queries that does not grow.

    `paths`: of the places that the person answers for today.
    """
    rows = list(_rows(scope, person, today)[:MOST])
    if not rows:
        return []
    actor, kinds, said = Actor(scope, scope.user_id, person), kinds_of(rows), _said(rows)
    found = []
    for row in rows:
        steps = _open_to(actor, row, kinds[row.pk], paths)
        if steps != ("note",) or _waits(row, person):
            found.append(AtHand(row, kinds[row.pk].pictogram, steps, said.get(row.pk, ())))
    return found


def _rows(scope: Scope, person: Person | None, today: date) -> QuerySet[Problem]:
    """Those in hand of the actor or of the office that they are, and those that wait for their word."""
    offices = {Tier.VILLAGE: Role.VILLAGE_OFFICE, Tier.TOWNSHIP: Role.TOWNSHIP_OFFICE, Tier.COUNTY: Role.COUNTY_OFFICE}
    wanted = Q(state=State.MENDED) & below("place__path", scope.paths(SEE - {Role.AUDITOR}))
    for tier, role in offices.items():
        wanted |= Q(state__in=IN_HAND, tier=tier) & below("place__path", scope.paths(frozenset({role})))
    if person is not None:
        nobodys = Q(person=None, organisation=None) & borne(person.pk, today)
        mine = Q(person=person) | nobodys
        if person.organisation_id:
            mine |= Q(organisation=person.organisation_id)
        wanted |= Q(state__in=IN_HAND) & mine
        wanted |= Q(state__in=(State.MENDED, State.VERIFIED), person=person)
    rows = not_hidden(Problem.objects.filter(wanted), scope)
    with_all = rows.select_related("place__parent", "place__village", "place__township", "person", "organisation")
    return with_all.order_by("deadline", "pk")


def _open_to(actor: Actor, row: Problem, kind: ProblemKind, paths: Collection[str]) -> tuple[str, ...]:
    """The steps of the field that the actor may take now, as the pages would say."""
    found = []
    if row.state in IN_HAND and (is_office(actor, row, first_tier(row.place)) or _is_theirs(actor, row, paths)):
        found += ["claim", "mended"] if row.state == State.OPEN else ["mended"]
    if row.state == State.MENDED and verifies_as(actor, row, kind):
        found += ["verified", "rejected"]
    return (*found, "note")


def _is_theirs(actor: Actor, row: Problem, paths: Collection[str]) -> bool:
    person = actor.person
    if person is None:
        return False
    if row.person_id is not None:
        return row.person_id == person.pk
    if row.organisation_id is not None:
        return row.organisation_id == person.organisation_id
    return row.place.path.startswith(tuple(paths))


def _waits(row: Problem, person: Person | None) -> bool:
    """Mended by the actor and not closed yet: they see that it arrived."""
    return person is not None and row.person_id == person.pk


def _said(rows: Sequence[Problem]) -> dict[int, tuple[Said, ...]]:
    """Problem → its first words and its last ones."""
    texts = StepText.objects.filter(step__problem__in=[row.pk for row in rows]).exclude(text="")
    found: dict[int, list[Said]] = {}
    values = texts.order_by("step__problem", "step__n").values_list("step__problem", "step__day", "step__kind", "text")
    for problem, day, kind, text in values:
        found.setdefault(problem, []).append(Said(day, str(Step.Kind(kind).label), text))
    return {
        problem: tuple(said if len(said) <= TOLD else [said[0], *said[1 - TOLD :]]) for problem, said in found.items()
    }
