"""The demo's captures: daily rounds, village and township inspections, opinion sheets; drawn from a seed.

Only captures are made here. Every household has a hidden care and every village a hidden standing; faults are drawn
from them day by day. What follows (scores, ranks, boards) is computed by the software from these captures.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from xiangyue.checks.bulk import Round, Seen
from xiangyue.rules import sheet
from xiangyue.rules.settings import Scheme
from xiangyue.site.demo.county import County, Village
from xiangyue.site.demo.drawing import Ids, day_of, inspected, made, moment
from xiangyue.site.demo.linjiang_register import COUNTY

SLIDES = 0.9
"""Chance of a fault on a day where a household lets things slide."""
PRESENT = 0.985
"""Share of rounds that are made."""
PILOT_DAYS = (5, 15, 25)
"""Days checked in the months before the daily check began: the pilot."""


def care_of(code: str) -> float:
    """A household's chance of a fault on a day, from its code: most are tidy, one in twenty-five is not."""
    rng = random.Random(f"care/{code}")
    if rng.random() < 0.04:
        return rng.uniform(0.30, 0.62)
    return min(0.28, 0.045 + rng.expovariate(1 / 0.045))


def standing_of(village: str) -> float:
    """A village's hidden standing, about 0.4 (poor) to 1.6 (good), that drifts a little by month."""
    return max(0.4, min(1.6, random.Random(f"standing/{village}").gauss(1.0, 0.28)))


def days_of_checks(first: date, last: date, daily_from: date) -> Iterator[date]:
    """The days on which rounds are made: each day from `daily_from` on, the pilot's days before."""
    day = first
    while day <= last:
        if day >= daily_from or day.day in PILOT_DAYS:
            yield day
        day += timedelta(days=1)


class Captures:
    """Draws the captures of a county over days."""

    def __init__(
        self, county: County, scheme: Scheme, duties: dict[str, list[str]], ids: Ids,
        sliding: Mapping[tuple[int, int], frozenset[str]],
    ) -> None:  # fmt: skip
        """`sliding`: (year, month) → the households that let things slide in it."""
        self.county, self.scheme, self.duties, self.ids, self.sliding = county, scheme, duties, ids, sliding
        self.daily = scheme.standard(scheme.check_kind("daily").standard)
        self.faults = [(item, step) for item in self.daily.items for step in item.steps]
        self.scores = {
            (item.code, step.code): sheet.points(self.daily, [sheet.Entry(item.code, step.code)])
            for item, step in self.faults
        }
        self.clean = sheet.points(self.daily, [])
        self.care = {code: care_of(code) for code in county.states}

    def rounds(self, day: date) -> Iterator[Round]:
        """The daily rounds of every bearer on a day."""
        for village in self.county.villages:
            rng = random.Random(f"round/{village.code}/{day.toordinal()}")
            care = 2.0 - standing_of(village.code)
            for bearer in village.members + village.committee:
                if rng.random() < PRESENT and (targets := self.duties.get(bearer)):
                    yield self._round(village, bearer, targets, day, care, rng)

    def _round(
        self, village: Village, bearer: str, targets: list[str], day: date, care: float, rng: random.Random
    ) -> Round:
        draw, ids, slide = rng.random, self.ids.places, self.sliding.get((day.year, day.month), frozenset())
        seen = [
            Seen(ids[code], code, self.clean)
            if draw() >= (SLIDES if code in slide else self.care[code] * care)
            else self._faulty(code, rng)
            for code in targets
            if self.county.states[code] in ("living", "help")
        ]
        at = moment(day, rng.randrange(6 * 60 + 30, 18 * 60))
        return made(self.ids, "daily", village.code, bearer, day, at, tuple(seen), "phone")

    def _faulty(self, code: str, rng: random.Random) -> Seen:
        item, step = rng.choice(self.faults)
        entry = sheet.Entry(item.code, step.code)
        score = self.scores[item.code, step.code]
        if rng.random() < 0.18:
            other, more = rng.choice(self.faults)
            if other.code != item.code:
                both = (entry, sheet.Entry(other.code, more.code))
                return Seen(self.ids.places[code], code, sheet.points(self.daily, both), 2, both)
        return Seen(self.ids.places[code], code, score, 1, (entry,))

    def inspections(self, month: date, until: date) -> Iterator[Round]:
        """The month's inspections of villages and townships, and the opinion sheets, on days up to `until`."""
        for n, village in enumerate(self.county.villages):
            officials = self.county.officials[village.township]
            inspector = officials[-1 - n % 2]
            supervisors = self.county.officials[COUNTY]
            good = standing_of(village.code)
            place = village.code
            yield from self._inspection("village_open", place, inspector, day_of(month, 8 + n % 12), until, good)
            yield from self._inspection(
                "village_secret", place, supervisors[n % len(supervisors)], day_of(month, 5 + n % 18), until, good
            )
            yield from self._inspection("village_opinion", place, inspector, day_of(month, 12 + n % 9), until, good)
        for n, code in enumerate(sorted(self.county.townships)):
            supervisors = self.county.officials[COUNTY]
            mine = [standing_of(village.code) for village in self.county.villages if village.township == code]
            good = sum(mine) / len(mine)
            for k, kind in enumerate(("township_open", "township_secret", "township_opinion")):
                inspector = supervisors[(n + k) % len(supervisors)]
                yield from self._inspection(kind, code, inspector, day_of(month, 6 + n + 2 * k), until, good)

    def _inspection(
        self, kind: str, place: str, inspector: str, day: date, until: date, good: float
    ) -> Iterator[Round]:
        if day <= until:
            chance = max(0.0, 1.9 - good) ** 2 * 0.4
            yield inspected(self.scheme, self.ids, kind, place, inspector, day, chance)
