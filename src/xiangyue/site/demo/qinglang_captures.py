"""Qinglang's sheets month by month, drawn from a seed: what becomes of them follows by the rules.

Everything hangs on the month's number in the demo, never on the date, so that the outcome is the same whatever day the
demo is built. A year of the demo is ten months, March to December; then it goes on in the same way.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from xiangyue.checks.bulk import Round, Seen
from xiangyue.rules import sheet
from xiangyue.rules.settings import Standard
from xiangyue.site.demo.county import Village
from xiangyue.site.demo.drawing import day_of, inspected, made, moment
from xiangyue.site.demo.inspecting import Gone
from xiangyue.site.demo.qinglang_register import COUNTY, SEED, TOWN
from xiangyue.site.demo.recipe import Built

CYCLE = 10
"""Months of the year that is told: March to December."""
SPELLS: dict[str, tuple[int, ...]] = {
    "431225212204": (1,), "431225212213": (3,), "431225212217": (5,), "431225212201": (8,),
    "431225212203": (12,), "431225212216": (15,), "431225212219": (18,), "431225212212": (21,),
}  # fmt: skip
"""Village → months of the demo in which it lets things slide: four in the year that is told."""
WEAK = 90
"""Of so many thousandths of the households each has a weak spell in ten months."""
FAR, POOR, LAX = 0.08, 0.20, 0.92
"""Officials under the first bring their households far, under the second find them poor and leave them so."""
CYCLES = 3
"""How often ten months go into the longest demo."""
LONG = 5
"""One in so many of the spells lasts two months."""


class Captures:
    """Draws the captures of the township month by month."""

    def __init__(self, built: Built, gone: Gone) -> None:
        self.built, self.ids, self.gone = built, built.ids, gone
        self.standard = built.scheme.standard("D04")
        self.officials: dict[str, list[str]] = {}
        self.ways: dict[str, float] = {}
        for layer, person, _, target, *_rest in built.county.tables["duties"][1:]:
            if layer == "officials":
                self.officials.setdefault(person, []).append(target)
                self.ways[target] = way_of(person)
        self.care = {code: care_of(code) for code in built.county.states}
        self.weak = {code: weak_months(code) for code in built.county.states}

    def month(self, month: date, n: int, until: date) -> Iterator[Round]:
        """All captures of the n-th month up to a day."""
        for number, village in enumerate(self.built.county.villages):
            slides = n in SPELLS.get(village.code, ())
            yield from self._rounds(village, month, n, until, slides)
            yield from self._inspections(village, number, month, n, until, slides)

    def _rounds(self, village: Village, month: date, n: int, until: date, slides: bool) -> Iterator[Round]:
        """The month's review of every home by the township's inspectors, and the officials' own rounds."""
        reviewer = self.built.county.officials[COUNTY][int(village.code[-1]) % 4]
        day = day_of(month, 18 + int(village.code[-2:]) % 8)
        if day <= until:
            yield self._round(
                "household_review", village, reviewer, [c for c, *_ in village.households], day, n, slides
            )
        for bearer in self.built.county.officials[TOWN] + village.committee:
            mine = [code for code in self.officials.get(bearer, ()) if code.startswith(village.code)]
            for number in (6, 21):
                day = day_of(month, number + len(bearer) % 3)
                if mine and day <= until:
                    yield self._round("daily", village, bearer, mine, day, n, slides)

    def _round(self, kind: str, village: Village, by: str, homes: list[str], day: date, n: int, slides: bool) -> Round:
        rng = random.Random(f"{kind}/{village.code}/{by}/{n}/{day.day}")
        states = self.built.county.states
        seen = tuple(self._seen(code, rng, n, slides) for code in homes if states[code] in ("living", "help"))
        return made(self.ids, kind, village.code, by, day, moment(day, rng.randrange(480, 1020)), seen, "office")

    def _seen(self, code: str, rng: random.Random, n: int, slides: bool) -> Seen:
        care = self.care[code] * heed(self.ways[code], n)
        entries = tuple(_faults(self.standard, rng, care, n in self.weak[code], slides))
        return Seen(self.ids.places[code], code, sheet.points(self.standard, entries), len(entries), entries)

    def _inspections(
        self, village: Village, number: int, month: date, n: int, until: date, slides: bool
    ) -> Iterator[Round]:
        """The village's month: the township's check, in a quarter's last month the contest, and what the draws brought."""
        inspectors = self.built.county.officials[COUNTY]
        good = random.Random(f"village/{village.code}").uniform(0.03, 0.15)
        chance = good + 0.05
        plan = [("village_month", 12 + number % 10)]
        if month.month % 3 == 0:
            plan += [("contest", 24), ("overall", 26)]
        for at, (kind, day) in enumerate(plan):
            on = day_of(month, day)
            if on <= until:
                by = inspectors[(number + at) % 4]
                if slides and kind == "village_month":
                    yield self._slid(kind, village.code, by, on, n)
                else:
                    yield inspected(self.built.scheme, self.ids, kind, village.code, by, on, chance, key=str(n))
        for on, by in self.gone.get((village.code, month), ()):
            if slides:
                yield self._slid("unannounced", village.code, by, on, n)
            else:
                yield inspected(self.built.scheme, self.ids, "unannounced", village.code, by, on, chance, key=str(n))

    def _slid(self, kind: str, village: str, by: str, day: date, n: int) -> Round:
        """A sheet of a village that let things slide: every item at fault in several places."""
        rng = random.Random(f"slid/{kind}/{village}/{n}")
        standard = self.built.scheme.standard(self.built.scheme.check_kind(kind).standard)
        entries = tuple(
            sheet.Entry(item.code, item.steps[0].code, n=rng.randrange(3, 7))
            for item in standard.items
            if item.kind == "deduct" and item.steps
        )
        seen = Seen(self.ids.places[village], village, sheet.points(standard, entries), len(entries), entries)
        return made(self.ids, kind, village, by, day, moment(day, rng.randrange(480, 1020)), (seen,), "office")


def care_of(code: str) -> float:
    """A household's usual chance of a fault in an item."""
    return min(0.4, 0.10 + random.Random(f"care/{code}").expovariate(1 / 0.06))


def weak_months(code: str) -> frozenset[int]:
    """The months in which a household lets things slide: one spell at most in ten months, of one month or two."""
    found: set[int] = set()
    for cycle in range(CYCLES):
        rng = random.Random(f"weak/{SEED}/{cycle}/{code}")
        if rng.randrange(1000) < WEAK:
            first = cycle * CYCLE + rng.randrange(0 if cycle else 1, CYCLE)
            found |= {first, first + 1} if rng.randrange(LONG) == 0 else {first}
    return frozenset(found)


def way_of(official: str) -> float:
    """How an official looks after the households, 0 to 1: low brings them far, high lets go, most do as elsewhere."""
    return random.Random(f"heed/{SEED}/{official}").random()


def heed(way: float, n: int) -> float:
    """How many times as often as elsewhere the households of such an official have faults in the n-th month."""
    done = min(n, CYCLE) / CYCLE
    if way < FAR:
        return 3.4 - 2.9 * done
    if way < POOR:
        return 2.8
    return 0.9 + 2.4 * done if way > LAX else 1.0


def _faults(standard: Standard, rng: random.Random, care: float, weak: bool, slides: bool) -> Iterator[sheet.Entry]:
    """Entries of one home: in a weak month most items are at fault several times over."""
    chance = 0.95 if weak else min(0.9, care * (1.6 if slides else 1.0))
    for item in standard.items:
        if item.kind == "deduct" and item.steps and rng.random() < chance:
            yield sheet.Entry(item.code, item.steps[0].code, n=rng.randrange(3, 6) if weak else rng.choice((1, 1, 2)))
