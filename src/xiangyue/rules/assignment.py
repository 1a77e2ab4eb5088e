"""Targets given to bearers by rule: the nearest first, the worst to committee members, balanced, stable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .findings import Finding

FAR = 1_000_000
"""Another hamlet is farther than any door in one's own."""


class Home(NamedTuple):
    """A target: its hamlet, its place along the row (door order), its last result, who may not bear it (its own)."""

    code: str
    hamlet: str
    position: int
    result: int | None = None
    own_of: str = ""


class Bearer(NamedTuple):
    """Who bears: where he or she lives (hamlet and place along the row)."""

    code: str
    hamlet: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Assigned:
    """A target's bearer; `kept` when it was so before."""

    target: str
    bearer: str
    kept: bool
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The assignments (by target) and the loads (by bearer)."""

    assigned: tuple[Assigned, ...]
    loads: tuple[tuple[str, int], ...]


def assign(
    homes: Iterable[Home],
    bearers: Iterable[Bearer],
    live: Mapping[str, str] | None = None,
    *,
    own_barred: bool = True,
    limit: int = 0,
) -> tuple[Plan, tuple[Finding, ...]]:
    """Each bearer's nearest targets, loads within one of each other, as many of the `live` (target → bearer) kept.

    `limit` is the most a bearer may have (0: none); what is over it stays unassigned and is found.
    """
    targets = sorted(homes)
    people = sorted(bearers)
    if not targets:
        return Plan((), tuple((person.code, 0) for person in people)), ()
    held = live or {}
    table = _Table(targets, people, own_barred, limit)
    table.keep(held)
    table.fill()
    table.settle(held)
    return table.plan(held)


def assign_worst(
    homes: Iterable[Home],
    members: Iterable[Bearer],
    committee: Iterable[Bearer],
    n_worst: int,
    live: Mapping[str, str] | None = None,
    *,
    own_barred: bool = True,
    limit: int = 0,
) -> tuple[Plan, Plan, tuple[Finding, ...]]:
    """(Committee's plan, members' plan, findings): the `n_worst` targets go to the committee, the rest to members.

    Whom the committee bears already stays with it, up to `n_worst`; who is in both bears as committee member only.
    """
    held = live or {}
    all_homes = sorted(homes)
    heads = sorted(committee)
    codes = {head.code for head in heads}
    worst = {home.code for home in worst_of(all_homes, n_worst, {t for t, b in held.items() if b in codes})}
    if not heads:
        worst = set()
    first, found = assign(
        [home for home in all_homes if home.code in worst], heads, held, own_barred=own_barred, limit=limit
    )
    rest = [home for home in all_homes if home.code not in worst]
    others = [member for member in members if member.code not in codes]
    second, more = assign(rest, others, held, own_barred=own_barred, limit=limit)
    return first, second, found + more


def worst_of(homes: Iterable[Home], n: int, already: Iterable[str] = ()) -> list[Home]:
    """The `n` worst targets: first those `already` counted so, then by result from below; unrated ones come last."""
    stay = set(already)

    def order(home: Home) -> tuple[bool, bool, int, str]:
        return (home.code not in stay, home.result is None, home.result or 0, home.code)

    return sorted(homes, key=order)[: max(0, n)]


class _Table:
    """Who bears what while a plan is made; targets and bearers go by their place in code order."""

    def __init__(self, targets: Sequence[Home], people: Sequence[Bearer], own_barred: bool, limit: int) -> None:
        self.targets = targets
        self.people = people
        hamlets = sorted({home.hamlet for home in targets} | {person.hamlet for person in people})
        self.hamlet = {code: n for n, code in enumerate(hamlets)}
        self.manned = {person.hamlet for person in people}
        self.number = {person.code: n for n, person in enumerate(people)}
        self.barred = [self.number.get(home.own_of, -1) if own_barred else -1 for home in targets]
        self.bearer = [-1] * len(targets)
        self.loads = [0] * len(people)
        self.limit = limit
        share, odd = divmod(len(targets), len(people)) if people else (0, 0)
        capped = 0 < limit <= share
        self.share = limit if capped else share
        # so many bearers may have one more than the share: first those who bear most already, then the nearest
        self.odd = 0 if capped else odd

    def distance(self, target: int, person: int) -> int:
        """How far a target is from a bearer: hamlets apart, then doors apart."""
        home, bearer = self.targets[target], self.people[person]
        apart = abs(self.hamlet[home.hamlet] - self.hamlet[bearer.hamlet])
        return apart * FAR + abs(home.position - bearer.position)

    def keep(self, live: Mapping[str, str]) -> None:
        """Takes over the live assignments that are legal and fit a balanced load; the farthest go first."""
        legal: list[list[int]] = [[] for _ in self.people]
        for t, home in enumerate(self.targets):
            person = self.number.get(live.get(home.code, ""), -1)
            if person >= 0 and person != self.barred[t]:
                legal[person].append(t)
        for person in sorted(range(len(legal)), key=lambda person: (-len(legal[person]), person)):
            for t in sorted(legal[person], key=lambda t: (self.distance(t, person), t)):
                if self._has_room(person):
                    self._give(t, person)

    def _has_room(self, person: int) -> bool:
        return self.loads[person] < self.share or (self.loads[person] == self.share and self.odd > 0)

    def _give(self, target: int, person: int) -> None:
        self.bearer[target] = person
        self.odd -= self.loads[person] == self.share
        self.loads[person] += 1

    def fill(self) -> None:
        """Gives the free targets out, the nearest pair of target and bearer first."""
        free = [t for t, bearer in enumerate(self.bearer) if bearer < 0]
        open_to = [person for person in range(len(self.people)) if self._has_room(person)]
        n_people, n_targets = len(self.people), len(self.targets)
        distance = self.distance
        # one number holds (distance, target, bearer): sorting 24,000 of them is what takes the time
        near = [(distance(t, p) * n_targets + t) * n_people + p for t in free for p in open_to if self.barred[t] != p]
        near.sort()
        for key in near:
            rest, person = divmod(key, n_people)
            t = rest % n_targets
            if self.bearer[t] < 0 and self._has_room(person):
                self._give(t, person)

    def settle(self, live: Mapping[str, str]) -> None:
        """Where only a target's own bearer has room: the two swap with another target, else somebody has one more."""
        for t, bearer in enumerate(self.bearer):
            own = self.barred[t]
            if bearer >= 0 or own < 0:
                continue
            movable = [o for o, held in enumerate(self.bearer) if held not in (-1, own) and self.barred[o] != own]
            if movable and self._has_room(own):
                stays = [live.get(home.code) == self.people[self.bearer[o]].code for o, home in enumerate(self.targets)]
                other = min(movable, key=lambda o: (stays[o], self.distance(o, own), o))
                self.bearer[t] = self.bearer[other]
                self._give(other, own)
            elif others := [p for p in range(len(self.people)) if p != own and not 0 < self.limit <= self.loads[p]]:
                person = min(others, key=lambda p: (self.loads[p], self.distance(t, p), p))
                self.bearer[t] = person
                self.loads[person] += 1

    def plan(self, live: Mapping[str, str]) -> tuple[Plan, tuple[Finding, ...]]:
        """The finished plan, and the targets that nobody could take."""
        assigned, findings = [], []
        for t, person in enumerate(self.bearer):
            code = self.targets[t].code
            if person < 0:
                words = f"{code} 没有可用的包保人。请增加人员或放宽每人户数上限。"
                findings.append(Finding("no-bearer", code, words))
                continue
            bearer = self.people[person].code
            kept = live.get(code) == bearer
            assigned.append(Assigned(code, bearer, kept, self._words(t, person, kept)))
        loads = tuple((person.code, self.loads[n]) for n, person in enumerate(self.people))
        return Plan(tuple(assigned), loads), tuple(findings)

    def _words(self, target: int, person: int, kept: bool) -> str:
        if kept:
            return "沿用原包保人"
        home, bearer = self.targets[target], self.people[person]
        if home.hamlet != bearer.hamlet and home.hamlet not in self.manned:
            return "本屯没有住着的包保人，由邻近的人包保"
        if home.hamlet != bearer.hamlet:
            return "本屯人手已满，由邻近屯的人包保"
        return f"同屯就近，相隔 {abs(home.position - bearer.position)} 户"
