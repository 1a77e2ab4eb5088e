"""Assigning by rule, worked out before anything is touched: who gets which, what moves, what is left over."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from xiangyue.base.problems import Problem
from xiangyue.duties.facts import Facts, Held, Spot, Who, names_of, read_facts
from xiangyue.duties.layers import LayerOn, group_of, layer_on, layers_on
from xiangyue.duties.problems import HOUSEHOLDS_OWN, NO_BEARERS, WRONG_TARGET
from xiangyue.places.models import Level, Place
from xiangyue.rules.assignment import Bearer, Home, assign, worst_of
from xiangyue.rules.findings import Finding
from xiangyue.rules.numbers import half_up
from xiangyue.rules.sharing import share

WORST_SHARE = 17
"""Per cent of a village's households that go to its committee where nothing is said and nothing stands yet."""
COMMITTEE = "committee_member"


@dataclass(frozen=True, slots=True)
class Gives:
    """A target and who is to bear it from the day; `was` is who bears it now on the layer, if anybody."""

    target: Spot
    layer: LayerOn
    bearer: Who
    was: Held | None = None
    why: str = ""


@dataclass
class Draft:
    """What an assignment by rule would do."""

    place: Place
    on: date
    layers: tuple[LayerOn, ...]
    worst_percent: int | None
    gives: list[Gives] = field(default_factory=list)
    """New bearers of targets that nobody or somebody else bears."""
    ends: list[Held] = field(default_factory=list)
    """Duties that end because another bearer takes the target."""
    n_kept: int = 0
    set_aside: int = 0
    """Targets that stay as they are: borne by teams, on another layer, or already given for a later day."""
    findings: list[Finding] = field(default_factory=list)
    loads: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(layer, bearer code) → number of targets as it would be."""
    names: dict[str, str] = field(default_factory=dict)

    @property
    def n_moved(self) -> int:
        """How many targets change hands."""
        return len({held.target_id for held in self.ends})

    @property
    def n_begun(self) -> int:
        """How many duties begin where nobody's ends."""
        return max(0, len(self.gives) - self.n_moved)

    @property
    def digest(self) -> str:
        """A mark of exactly this draft: who gets which from when, what ends."""
        lines = [f"{self.place.code} {self.on} {','.join(one.code for one in self.layers)}"]
        lines += sorted(f"{give.layer.code} {give.target.code} {give.bearer.code}" for give in self.gives)
        lines += sorted(f"- {held.id}" for held in self.ends)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def draft_assignment(
    place: Place, codes: Sequence[str], on: date, *, scheme: str = "", worst_percent: int | None = None
) -> Draft:
    """The dry run: nothing is written. `worst_percent` of a village's households go to the committee's layer, where
    it is one of two; None keeps as many as it bears now."""
    chosen = tuple(layer_on(place, on, code, scheme) for code in codes)
    everything = layers_on(place, on)
    draft = Draft(place, on, chosen, worst_percent)
    done: set[str] = set()
    for one in chosen:
        if one.layer.bearer == "household":
            raise Problem(HOUSEHOLDS_OWN, layer=one.layer.name)
        if not _can_lie_below(one, place):
            wanted = Level(one.layer.target).label
            raise Problem(WRONG_TARGET, layer=one.layer.name, wanted=wanted, target=place.name)
        if one.mark not in done:
            done.add(one.mark)
            group = group_of(everything, one)
            together = tuple(other for other in chosen if other in group)
            facts = read_facts(place, on, group, together)
            if not any(facts.bearers.values()):
                names = "、".join(other.layer.name for other in together)
                raise Problem(NO_BEARERS, place=place.name, layer=names)
            _Ruling(draft, facts, together).run()
    return draft


def _can_lie_below(one: LayerOn, place: Place) -> bool:
    order = list(Level)
    return order.index(Level(one.layer.target)) >= order.index(Level(place.level))


class _Ruling:
    """One group of layers, unit by unit."""

    def __init__(self, draft: Draft, facts: Facts, layers: tuple[LayerOn, ...]) -> None:
        self.draft, self.facts, self.layers = draft, facts, layers
        self.codes = {one.code for one in layers}
        self.by_key = {
            (who.person_id, who.organisation_id): who for those in facts.bearers.values() for who in reversed(those)
        }
        for who in self.by_key.values():
            draft.names[who.code] = who.name

    def run(self) -> None:
        """Draft every unit: the lowest place over a target where somebody who may bear it has a seat."""
        near = self.layers[0].layer.target in (Level.HOUSEHOLD, Level.HAMLET, Level.PUBLIC_PLACE)
        for seat, spots in self._units().items():
            if near or self.layers[0].layer.exclusive:
                spots = [spot for spot in spots if not self._is_aside(spot)]
            if near:
                self._nearest(spots, seat)
            else:
                self._shared(spots, seat)

    def _units(self) -> dict[str, list[Spot]]:
        seats = {who.seat for those in self.facts.bearers.values() for who in those}
        found: dict[str, list[Spot]] = {}
        for spot in self.facts.spots:
            seat = next((path for path in _upwards(spot.path) if path in seats), None)
            if seat is None:
                if not self.facts.held.get(spot.id):
                    words = _("%s 一带没有可分配的包保人。请先登记职务，或在上级区划里分配。") % spot.name
                    self.draft.findings.append(Finding("no-bearer", spot.code, words))
            else:
                found.setdefault(seat, []).append(spot)
        return found

    def _is_aside(self, spot: Spot) -> bool:
        """Whether a target stays as it is: a team's, another layer's, given for later, or several bearers'."""
        held = self.facts.held.get(spot.id, [])
        later = [one for one in held if one.from_on > self.draft.on]
        foreign = [one for one in held if one.team or one.layer not in self.codes]
        if later or foreign or len(held) > 1:
            self.draft.set_aside += 1
            return True
        return False

    def _nearest(self, spots: list[Spot], seat: str) -> None:
        """Households: the worst to the committee, the rest to the nearest of the others."""
        worst_layer = next((one for one in self.layers if COMMITTEE in one.layer.posts), None)
        heads = self._seated(worst_layer, seat) if worst_layer else []
        rest, taken = spots, set[int]()
        if worst_layer and heads and len(self.layers) > 1:
            first = self._worst(spots, worst_layer)
            rest = [spot for spot in spots if spot.id not in first]
            self._assign([spot for spot in spots if spot.id in first], heads, worst_layer)
            taken = {who.person_id or 0 for who in heads}
        for one in self.layers:
            if one is worst_layer and len(self.layers) > 1:
                continue
            self._assign(rest, [who for who in self._seated(one, seat) if who.person_id not in taken], one)

    def _seated(self, one: LayerOn, seat: str) -> list[Who]:
        return [who for who in self.facts.bearers[one.code] if who.seat == seat]

    def _worst(self, spots: list[Spot], layer: LayerOn) -> set[int]:
        now = {spot.code for spot in spots if any(h.layer == layer.code for h in self.facts.held.get(spot.id, []))}
        percent = self.draft.worst_percent
        if percent is None:
            percent = WORST_SHARE
            n = len(now) or half_up(len(spots) * percent, 100)
        else:
            n = half_up(len(spots) * percent, 100)
        homes = [Home(s.code, s.hamlet, s.position, self.facts.results.get(s.id)) for s in spots]
        codes = {home.code for home in worst_of(homes, n, now)}
        return {spot.id for spot in spots if spot.code in codes}

    def _assign(self, spots: list[Spot], people: list[Who], one: LayerOn) -> None:
        by_code, who_by_code = {spot.code: spot for spot in spots}, {who.code: who for who in people}
        live = {spot.code: who.code for spot in spots if (who := self._bearer_now(spot, one))}
        own = {who.home_id: who.code for who in people if who.home_id}
        plan, findings = assign(
            [Home(spot.code, spot.hamlet, spot.position, None, own.get(spot.id, "")) for spot in spots],
            [Bearer(who.code, who.hamlet, who.position) for who in people],
            live,
            limit=one.layer.per_bearer,
        )
        self.draft.findings += findings
        for made in plan.assigned:
            self._note(by_code[made.target], one, who_by_code[made.bearer], made.kept, made.why)

    def _bearer_now(self, spot: Spot, one: LayerOn) -> Who | None:
        for held in self.facts.held.get(spot.id, []):
            if held.layer == one.code:
                return self.by_key.get((held.person_id, held.organisation_id))
        return None

    def _shared(self, spots: list[Spot], seat: str) -> None:
        """Villages and townships: each enough bearers, each bearer something."""
        by_code = {spot.code: spot for spot in spots}
        for one in self.layers:
            people = {who.code: who for who in self._seated(one, seat)}
            live = [(spot.code, who.code) for spot in spots for who in self._bearers_now(spot, one)]
            pairs, findings = share(
                list(by_code), people, live,
                least=one.layer.bearers_min, limit=one.layer.per_bearer, most=1 if one.layer.exclusive else 0,
            )  # fmt: skip
            self.draft.findings += findings
            for pair in pairs:
                self._note(by_code[pair.target], one, people[pair.bearer], pair.kept)
            stay = {(pair.target, pair.bearer) for pair in pairs}
            for spot in spots:
                self._end_others(spot, one, {bearer for target, bearer in stay if target == spot.code})

    def _bearers_now(self, spot: Spot, one: LayerOn) -> Iterable[Who]:
        for held in self.facts.held.get(spot.id, []):
            who = self.by_key.get((held.person_id, held.organisation_id))
            if held.layer == one.code and who is not None and held.from_on <= self.draft.on:
                yield who

    def _end_others(self, spot: Spot, one: LayerOn, stay: set[str]) -> None:
        for held in self.facts.held.get(spot.id, []):
            who = self.by_key.get((held.person_id, held.organisation_id))
            if held.layer == one.code and who is not None and who.code not in stay and held.from_on <= self.draft.on:
                self.draft.ends.append(held)

    def _note(self, spot: Spot, one: LayerOn, who: Who, kept: bool, why: str = "") -> None:
        self.draft.loads[one.code, who.code] += 1
        held = self.facts.held.get(spot.id, [])
        if kept:
            self.draft.n_kept += 1
            return
        near = self.layers[0].layer.target in (Level.HOUSEHOLD, Level.HAMLET, Level.PUBLIC_PLACE)
        self.draft.gives.append(Gives(spot, one, who, held[0] if held and near else None, why))
        if near:
            self.draft.ends += held


def _upwards(path: str) -> Iterable[str]:
    """The path itself, then those above it."""
    codes = path.split("/")[:-1]
    for depth in range(len(codes), 0, -1):
        yield "/".join(codes[:depth]) + "/"


def bearer_names(draft: Draft) -> dict[int, tuple[str, str]]:
    """Duty key → (code, name) of who bears now what is to change hands."""
    people = {held.person_id for held in draft.ends if held.person_id}
    organisations = {held.organisation_id for held in draft.ends if held.organisation_id}
    names = names_of(people, organisations)
    return {
        held.id: names.get(("person", held.person_id or 0)) or names.get(("organisation", held.organisation_id or 0))
        or ("", "")
        for held in draft.ends
    }  # fmt: skip
