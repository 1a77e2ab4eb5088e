"""Lüyuan's captures month by month: weekly looks at the doors, checks and supervision of villages, tours to star households.

Only captures are made here. Households have a hidden care that their bearers' diligence betters over the months; villages and
their departments have a hidden standing. What follows of them follows by the rules.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from xiangyue.checks.bulk import Round, Seen
from xiangyue.rules import sheet
from xiangyue.rules.draw import Drawable, draw, drawn, seed
from xiangyue.rules.settings import DrawPlan, Standard
from xiangyue.site.demo.county import Village
from xiangyue.site.demo.drawing import day_of, inspected, made, moment
from xiangyue.site.demo.lvyuan_register import COUNTY
from xiangyue.site.demo.recipe import Built

WEEKS = 4
"""A bearer or a group goes down each week and looks at a quarter of its doors."""
SEEN = ("living", "help")
"""States of the households that are looked at."""
AWARD_QUARTER = 1
"""In the second quarter of the demo the most beautiful families are nominated."""
PER_VILLAGE = (3, 2, 2)
"""Nominated by each village, in turn."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One cadre, or a group that bears together, with its doors in order."""

    village: Village
    members: tuple[str, ...]
    doors: tuple[str, ...]


class Captures:
    """Draws the captures of the district month by month."""

    def __init__(self, built: Built) -> None:
        self.built, self.ids = built, built.ids
        self.looks = built.scheme.standard(built.scheme.check_kind("weekly").standard)
        self.tours = built.scheme.standard(built.scheme.check_kind("star_tour").standard)
        self.units = list(_units(built))
        self.care = {code: care_of(code) for code in built.county.states}
        self.scores: dict[tuple[sheet.Entry, ...], int | None] = {}
        self.toured: dict[int, dict[str, list[str]]] = {}
        """Quarter of the demo → village → the households drawn for its tour."""
        self.supervised: dict[str, list[int]] = defaultdict(list)
        """Village → months of the demo in which it was drawn."""

    def month(self, month: date, n: int, until: date) -> Iterator[Round]:
        """All captures of the n-th month up to a day."""
        for unit in self.units:
            yield from self._weeks(unit, month, n, until)
        yield from self._villages(month, n, until)
        yield from self._supervision(month, n, until)
        if month.month % 3 == 0:
            yield from self._tour(month, n // 3, until)

    def _weeks(self, unit: Unit, month: date, n: int, until: date) -> Iterator[Round]:
        """One outing a week; in a group each goes in turn."""
        better = zeal_of(unit.members[0]) * min(n, 9) / 10
        for week in range(WEEKS):
            doors = unit.doors[week::WEEKS]
            day = day_of(month, 2 + 7 * week + len(unit.doors) % 5)
            if not doors or day > until:
                continue
            by = unit.members[(n * WEEKS + week) % len(unit.members)]
            rng = random.Random(f"look/{unit.members[0]}/{n}/{week}")
            seen = tuple(
                self._look(code, rng, self.care[code] * (1 - better))
                for code in doors
                if self.built.county.states[code] in SEEN
            )
            if seen:
                at = moment(day, rng.randrange(480, 1020))
                yield made(self.ids, "weekly", unit.village.code, by, day, at, seen, "phone")

    def _look(self, code: str, rng: random.Random, chance: float) -> Seen:
        entries = tuple(
            sheet.Entry(item.code, rng.choice(item.steps).code, n=rng.choice((1, 1, 2, 3)))
            for item in self.looks.items
            if rng.random() < chance
        )
        return self._scored(code, self.looks, entries)

    def _scored(self, code: str, standard: Standard, entries: tuple[sheet.Entry, ...]) -> Seen:
        if entries not in self.scores:
            self.scores[entries] = sheet.score(standard, entries).score
        return Seen(self.ids.places[code], code, self.scores[entries], len(entries), entries)

    def _villages(self, month: date, n: int, until: date) -> Iterator[Round]:
        """The district's check of every village."""
        inspectors = self.built.county.officials[COUNTY]
        for at, village in enumerate(self.built.county.villages):
            day = day_of(month, 6 + at % 16)
            if day <= until:
                chance = max(0.02, standing_of(village.code) - 0.008 * min(n, 10))
                by = inspectors[(at + n) % len(inspectors)]
                yield inspected(
                    self.built.scheme, self.ids, "village_check", village.code, by, day, chance, key=str(n)
                )  # fmt: skip

    def _supervision(self, month: date, n: int, until: date) -> Iterator[Round]:
        """The joint team looks at how departments do their duty in the villages drawn in each town (rule 17)."""
        inspectors = self.built.county.officials[COUNTY]
        for at, code in enumerate(self._drawn_villages(n)):
            day = day_of(month, 10 + at % 15)
            if day <= until:
                by = inspectors[(at + n + 3) % len(inspectors)]
                yield inspected(
                    self.built.scheme, self.ids, "supervision", code, by, day, slack_of(code), key=str(n)
                )  # fmt: skip

    def _drawn_villages(self, n: int) -> tuple[str, ...]:
        """The month's draw: weight 1, and 1 more for each quarter unseen; at most so often in a quarter."""
        subjects = []
        for village in self.built.county.villages:
            held = self.supervised[village.code]
            weight = min(5, 1 + (n - (held[-1] if held else -1)) // 3)
            often = sum(one // 3 == n // 3 for one in held)
            subjects.append(Drawable(village.code, village.township, weight, often))
        found = drawn(draw(subjects, self._plan("supervision"), seed(f"示例密数-{n}", f"{n:05d}")))
        for code in found:
            self.supervised[code].append(n)
        return found

    def _plan(self, code: str) -> DrawPlan:
        return next(row for row in self.built.scheme.draws if row.code == code)

    def _tour(self, month: date, quarter: int, until: date) -> Iterator[Round]:
        """Villages tour each other: the households drawn are rated by the secretaries of two other villages."""
        villages = self.built.county.villages
        homes = self.tour_of(quarter)
        again = self._again(quarter)
        for at, village in enumerate(villages):
            day = day_of(month, 16 + at % 9)
            for k in (1, 2):
                by = villages[(at + k) % len(villages)].committee[0]
                codes = [*homes[village.code], *again.get(village.code, ())]
                if day <= until and by != village.committee[0]:
                    rng = random.Random(f"tour/{village.code}/{quarter}/{k}")
                    seen = tuple(self._rated(code, rng, quarter) for code in codes)
                    yield made(
                        self.ids, "star_tour", village.code, by, day, moment(day, 500 + 90 * k), seen, "office"
                    )  # fmt: skip

    def tour_of(self, quarter: int) -> dict[str, list[str]]:
        """Village → the households drawn for the quarter's tour; nobody is drawn again before a year is over."""
        for one in range(quarter + 1):
            if one not in self.toured:
                before = [self.toured[k] for k in range(max(0, one - 3), one)]
                often = {code for held in before for some in held.values() for code in some}
                subjects = [
                    Drawable(code, village.code, 1, int(code in often))
                    for village in self.built.county.villages
                    for code, _hamlet, _order in village.households
                    if self.built.county.states[code] in SEEN
                ]
                lots = drawn(draw(subjects, self._plan("tour"), seed(f"示例拉练-{one}", f"{one:05d}")))
                self.toured[one] = {village.code: [] for village in self.built.county.villages}
                for code in lots:
                    self.toured[one][code.split("-")[0]].append(code)
        return self.toured[quarter]

    @cached_property
    def nominated(self) -> list[str]:
        """The households that each village puts forward: the best cared for of those that the tour saw."""
        found = []
        for at, (_village, homes) in enumerate(sorted(self.tour_of(AWARD_QUARTER).items())):
            found += sorted(homes, key=lambda code: (self.care[code], code))[: PER_VILLAGE[at % len(PER_VILLAGE)]]
        return found

    def _again(self, quarter: int) -> dict[str, list[str]]:
        """Those nominated are looked at again on the two tours after."""
        found: dict[str, list[str]] = defaultdict(list)
        if quarter in (AWARD_QUARTER + 1, AWARD_QUARTER + 2):
            drawn_now = {code for some in self.tour_of(quarter).values() for code in some}
            for code in self.nominated:
                if code not in drawn_now:
                    found[code.split("-")[0]].append(code)
        return found

    def _rated(self, code: str, rng: random.Random, quarter: int) -> Seen:
        if quarter == AWARD_QUARTER + 1 and code == self.nominated[0]:
            # one that lets things slide after the plaque was hung
            grades = dict.fromkeys((item.code for item in self.tours.items), "poor")
        else:
            chance = min(0.95, 3 * self.care[code])
            grades = {
                item.code: rng.choice(("good", "fair", "fair"))
                for item in self.tours.items
                if rng.random() < chance
            }  # fmt: skip
        return self._scored(code, self.tours, tuple(sheet.Entry(item, grade=grade) for item, grade in grades.items()))


def _units(built: Built) -> Iterator[Unit]:
    """Who goes out together, as the duties of the register have it."""
    villages = {village.code: village for village in built.county.villages}
    doors: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    members: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for layer, person, _, target, team, *_rest in built.county.tables["duties"][1:]:
        if layer == "cadres":
            key = (target.split("-")[0], team or person)
            doors[key][target] = None
            members[key][person] = None
    for key, held in doors.items():
        yield Unit(villages[key[0]], tuple(members[key]), tuple(held))


def care_of(code: str) -> float:
    """A household's usual chance of a fault in an item."""
    return min(0.6, 0.05 + random.Random(f"care/{code}").expovariate(1 / 0.18))


def zeal_of(person: str) -> float:
    """How much of the faults at its doors a bearer or group has mended after ten months."""
    return random.Random(f"zeal/{person}").uniform(0.1, 0.8)


def standing_of(village: str) -> float:
    """A village's chance of a fault in an item at the beginning."""
    return random.Random(f"standing/{village}").uniform(0.08, 0.40)


def slack_of(village: str) -> float:
    """The chance that the joint team finds something short in how a village's departments do their duty."""
    return random.Random(f"slack3/{village}").uniform(0.05, 0.9)
