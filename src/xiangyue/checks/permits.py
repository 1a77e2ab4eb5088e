"""What guards say of kinds of check: who may make them, of what, and when (inspections here, reviews above)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from xiangyue.base.scope import Scope
from xiangyue.checks.world import PersonFact, PlaceFact, Rule
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.rules.settings import CheckKind, Scheme


@dataclass(frozen=True, slots=True)
class Asked:
    """A sheet of a guarded kind that someone is about to record."""

    scope: Scope
    inspector: PersonFact
    place: PlaceFact
    rule: Rule
    day: date


class Guard(Protocol):
    """Who has a say: inspections, and rooms above."""

    def guards(self, scheme: Scheme, kind: CheckKind, ground_id: int, day: date) -> bool:
        """Whether it says who may make this kind on a ground that day; quick, asked for every sheet."""

    def judge(self, asked: Asked) -> None:
        """Pass what may be recorded; a Problem refuses the rest."""

    def offers(self, scope: Scope, today: date) -> Sequence[tuple[Scheme, CheckKind, Sequence[Place]]]:
        """The kinds and places that the actor may record today, with the reason being theirs."""

    def inspectors(self, scope: Scope, place: Place, kind: str, today: date) -> Sequence[Person]:
        """Who may have made a sheet of a guarded kind on a place: whom the actor chooses from."""


_guards: list[Guard] = []


def place_guard(guard: Guard) -> None:
    """Add a guard, one of each class: this room's own when it starts, those above in `site.consequences`."""
    _guards[:] = [*(held for held in _guards if type(held) is not type(guard)), guard]


def guards(scheme: Scheme, kind: CheckKind, ground_id: int, day: date) -> bool:
    """Whether somebody says who may make this kind on a ground that day."""
    return any(guard.guards(scheme, kind, ground_id, day) for guard in _guards)


def judge(asked: Asked) -> None:
    """Pass what those who guard it allow; a Problem refuses the rest."""
    rule = asked.rule
    for guard in _guards:
        if guard.guards(rule.scheme, rule.kind, rule.ground_id, asked.day):
            guard.judge(asked)


def offers(scope: Scope, today: date) -> list[tuple[Scheme, CheckKind, Sequence[Place]]]:
    """The guarded kinds that the actor may record today, and of which places."""
    return [offer for guard in _guards for offer in guard.offers(scope, today)]


def inspectors(scope: Scope, place: Place, kind: str, today: date) -> list[Person]:
    """Who may have made a sheet of a guarded kind on a place."""
    return [person for guard in _guards for person in guard.inspectors(scope, place, kind, today)]
