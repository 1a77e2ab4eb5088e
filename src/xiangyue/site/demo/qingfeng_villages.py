"""What is hidden behind Qingfeng's demo: how good each village is, what it lacks, and the numbers that follow.

Nothing of it is an outcome: the numbers are what owners enter, the care is what inspectors find. That the rating comes to
the county's targets follows by the rules.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xiangyue.rules.settings import Rating, Scheme
from xiangyue.site.demo.county import Village, brought_down, spread

SEED = 2022_10_09
REPORTED = {"villages": 503, "five": 6, "four": 50, "three": 150, "weak": 24, "homes": 100, "trained": 7_000}
"""The report's figures for the whole county."""
PLANS = (41, 165, 46, 251)
"""Villages whose plan is done, part of a town's plan, under review, being drawn up."""
COMMON = {"industry": 5.0, "liveable": 3.5, "safe": 6.0, "civilised": 1.0, "branch": 5.0}
"""How often a village of fewer than five stars has each of them."""
LIVEABLE = 0.45
"""The largest share of villages with the liveable star: half of all have no plan yet."""
STRONG = 0.6
"""The better share, among which are the villages with a strong branch: their secretaries are graded good or better."""
SHAPES: Mapping[str, tuple[int, int, int, int]] = {
    "leading_industries": (1, 3, 0, 0), "collective_income": (100_000, 460_000, 18_000, 96_000),
    "branch_coops": (1, 2, 0, 0), "land_transfer": (4_000, 7_800, 1_200, 3_900), "jobs": (30, 95, 4, 28),
    "bad_debt": (0, 0, 5_000, 60_000), "toilets": (9_000, 10_000, 6_500, 8_950),
    "daily_clearing": (9_500, 10_000, 7_800, 9_450), "black_ponds": (0, 0, 1, 3),
    "five_beauties": (8_500, 9_800, 6_000, 8_400), "roads": (9_500, 10_000, 7_000, 9_400),
    "hazards_mended": (9_500, 10_000, 7_600, 9_400), "mediation": (1, 1, 0, 0), "night_watch": (1, 1, 0, 0),
    "safety_talks": (4, 10, 1, 3), "counselling_rounds": (2, 6, 0, 1), "emergency_team": (20, 35, 8, 19),
    "drills": (2, 4, 0, 1), "service_centre": (1, 1, 0, 0), "compact": (1, 1, 0, 0), "associations": (4, 12, 0, 3),
    "civilised_rounds": (1, 3, 0, 0), "day_care": (1, 1, 0, 0), "committee_share": (10_000, 10_000, 6_000, 8_000),
    "party_days": (12, 14, 7, 11), "reserves": (2, 5, 0, 1), "disclosures": (4, 12, 1, 3),
}  # fmt: skip
"""Indicator → lowest and highest number where the item is met, and where it is not."""
APART = frozenset({"village_plan", "five_beauties", "day_care", "secretary_grade"})
"""What is given out over the county, or comes of the year itself, and is not drawn village by village."""


@dataclass
class Hidden:
    """A village as it is."""

    village: Village
    order: int
    """0: the best of the county."""
    stars: frozenset[str] = frozenset()
    lacks: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The village's code."""
        return self.village.code


def scaled(what: str, n: int) -> int:
    """A reported figure brought down to so many villages, at least 1."""
    return brought_down(REPORTED, what, n)


def care(order: int, n: int) -> float:
    """The chance that an inspector finds an item at fault in a village."""
    return 0.04 + 0.42 * order / max(1, n - 1)


def hidden_villages(scheme: Scheme, villages: Sequence[Village]) -> list[Hidden]:
    """All villages as they are, the best first, with the numbers that their owners enter by the end of the year."""
    rng = random.Random(SEED)
    order = sorted(villages, key=lambda village: village.code)
    rng.shuffle(order)
    found = [Hidden(village, at) for at, village in enumerate(order)]
    _stars(found, rng)
    rating = next(row for row in scheme.ratings if row.code == "five_star")
    _lacks(found, rating, rng)
    _plans(found, rng)
    _homes(found)
    _courtyards(found)
    _numbers(found, rng)
    return found


def reported_stars(order: int, n: int) -> int:
    """How many stars a village of that order is good for."""
    five, four, three = (scaled(what, n) for what in ("five", "four", "three"))
    if order < five + four + three:
        return 5 if order < five else 4 if order < five + four else 3
    rest = (order - five - four - three) / (n - five - four - three)
    return 2 if rest < 0.5 else 1 if rest < 0.83 else 0


def _stars(found: Sequence[Hidden], rng: random.Random) -> None:
    """Which stars each village has, within what the county has of plans and homes."""
    n = len(found)
    left = {"civilised": scaled("homes", n) - scaled("five", n) - 2, "liveable": round(LIVEABLE * n)}
    for row in found:
        wanted = reported_stars(row.order, n)
        if wanted == len(COMMON):
            row.stars = frozenset(COMMON)
            continue
        weights = dict(COMMON) if row.order < STRONG * n else {k: v for k, v in COMMON.items() if k != "branch"}
        weights = {code: weight for code, weight in weights.items() if left.get(code, n) > 0}
        chosen: set[str] = set()
        while len(chosen) < wanted:
            chosen |= set(rng.choices(list(weights), list(weights.values())))
        row.stars = frozenset(chosen)
        for code in left:
            left[code] -= code in chosen


def _lacks(found: Iterable[Hidden], rating: Rating, rng: random.Random) -> None:
    """Of each star that a village has not, what it lacks: one to three items."""
    for row in found:
        for domain in rating.domains:
            if domain.code not in row.stars:
                own = [held.indicator for held in domain.thresholds if held.indicator not in APART]
                row.lacks |= set(rng.sample(own, rng.choice((1, 1, 2, 3))))


def _plans(found: Sequence[Hidden], rng: random.Random) -> None:
    """Every village's plan in one of four states; those with the liveable star have one that is begun."""
    first = [row for row in found if "liveable" in row.stars]
    others = [row for row in found if "liveable" not in row.stars]
    counts = spread(len(found), PLANS)
    begun = [state for state, n in enumerate(counts[:3], 1) for _ in range(n)]
    rng.shuffle(begun)
    rng.shuffle(others)
    states = [*begun, *[4] * counts[3]]
    for row, state in zip([*first, *others], states, strict=True):
        row.numbers["village_plan"] = state


def _homes(found: Sequence[Hidden]) -> None:
    """Day-care homes stand where the star is, and in the best of the other villages until they are all given out."""
    wanted = scaled("homes", len(found))
    first = sorted(found, key=lambda row: ("civilised" not in row.stars, row.order))
    for row in first[wanted:]:
        row.lacks.add("day_care")


def _courtyards(found: Sequence[Hidden]) -> None:
    """In each township a tenth of the villages, and none with the liveable star, is short of courtyards."""
    towns: dict[str, list[Hidden]] = {}
    for row in found:
        towns.setdefault(row.village.township, []).append(row)
    for rows in towns.values():
        short = [row for row in reversed(rows) if "liveable" not in row.stars][: len(rows) // 10]
        for row in short:
            row.lacks.add("five_beauties")


def _numbers(found: Sequence[Hidden], rng: random.Random) -> None:
    for row in found:
        for code, (low, high, lacking_low, lacking_high) in SHAPES.items():
            bounds = (lacking_low, lacking_high) if code in row.lacks else (low, high)
            row.numbers[code] = rng.randint(*bounds)
    short = [row for row in found if "farmers_trained" in row.lacks]
    enough = [row for row in found if "farmers_trained" not in row.lacks]
    for row in short:
        row.numbers["farmers_trained"] = rng.randint(2, 10)
    left = scaled("trained", len(found)) - sum(row.numbers["farmers_trained"] for row in short)
    shares = spread(left, [rng.uniform(0.5, 2.0) for _ in enough], low=14)
    for row, n in zip(enough, shares, strict=True):
        row.numbers["farmers_trained"] = n
