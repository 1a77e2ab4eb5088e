"""The frozen settings of rules 9–15 and 17: stars, reviews, performance, honours, awards, points, incentives, draws.

The same conventions as `settings`: scores, floors and ceilings in whole hundredths, weights whole numbers >= 0; money
in fen (1 yuan = 100 fen), points of households whole. Field names are the scheme language's key names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .settings import Every, Level

Reaches = Literal["at_least", "at_most", "one_of"]
Basis = Literal["law", "discipline", "petition", "complaint", "other"]
About = Literal["official", "branch", "household"]
Carry = Literal["keep", "half", "expire"]
PickKind = Literal["award", "rank", "board", "stars", "grade"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number entered or counted for a place: its level, unit, source and owner are shown wherever it is used."""

    code: str
    name: str
    level: Level
    unit: str = ""
    decimals: int = 0
    """How many of the number's last digits stand behind the point: 8 500 with two is 85.00."""
    source: str = ""
    owner: str = ""
    """The department that answers for the number."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One condition on an indicator; thresholds of one `item` (its name when empty) are one item of the rating."""

    code: str
    name: str
    indicator: str
    reaches: Reaches = "at_least"
    value: int = 0
    values: tuple[int, ...] = ()
    """For `one_of`: the numbers (or states as numbers) that meet it."""
    item: str = ""
    unit: str = ""
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of a rating; it gives one star when its every threshold is met."""

    code: str
    name: str
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class StarBand:
    """So many stars from this result on, inclusive."""

    stars: int
    floor: int


@dataclass(frozen=True, slots=True)
class Quota:
    """The places of one star number: `n`, or `per_mille` of the rated, rounded down.

    Hard: a group tied across it falls together. Soft: it rises together and the excess is shown.
    """

    stars: int
    n: int = 0
    per_mille: int = 0
    hard: bool = True


@dataclass(frozen=True, slots=True)
class ViolationKind:
    """A kind of established violation that officials or branches can be found in, and the most stars left with it."""

    code: str
    name: str
    most_stars: int
    department: str = ""
    """Who is in charge and may enter it."""


@dataclass(frozen=True, slots=True)
class Rating:
    """Stars for the subjects of a composite, by domains or by bands of the result (rule 9)."""

    code: str
    name: str
    mode: Literal["domains", "bands"]
    composite: str = ""
    """Whose result bands are read from, and which orders equals of `domains`; empty only for `domains`."""
    domains: tuple[Domain, ...] = ()
    bands: tuple[StarBand, ...] = ()
    quotas: tuple[Quota, ...] = ()
    violations: tuple[ViolationKind, ...] = ()

    @property
    def scale(self) -> tuple[int, ...]:
        """The star numbers that can be had, rising from none."""
        given = {band.stars for band in self.bands} if self.mode == "bands" else set(range(len(self.domains) + 1))
        return tuple(sorted(given | {0}))


@dataclass(frozen=True, slots=True)
class ReviewStage:
    """A stage of a review; notice days 0: none between it and the next."""

    code: str
    name: str
    weight: int = 0
    notice_days: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """A staged rating: the stages in order; `reference`: the last alone gives the score, the others are looked at."""

    code: str
    name: str
    rating: str
    stages: tuple[ReviewStage, ...]
    mode: Literal["weighted", "reference"] = "weighted"
    times: int = 2
    """By how many others each is reviewed in the mutual stage."""


@dataclass(frozen=True, slots=True)
class FactorBand:
    """A pay factor (hundredths: 120 is 1.20) from this performance on, inclusive."""

    floor: int
    factor: int


@dataclass(frozen=True, slots=True)
class PartWeight:
    """How much a part of a bearer's performance weighs."""

    code: str
    name: str
    weight: int
    required: bool = False


@dataclass(frozen=True, slots=True)
class Performance:
    """What a bearer's or unit's performance is made of, and what pay factor follows (rule 12).

    Part codes with a meaning of their own: outcomes, progress, problems, visits; visits weigh at most 20 %.
    """

    code: str
    name: str
    layer: str
    parts: tuple[PartWeight, ...]
    factors: tuple[FactorBand, ...] = ()
    unrated_factor: int = 100
    """The factor of who has no figure: nobody loses pay for want of records."""


@dataclass(frozen=True, slots=True)
class Honour:
    """A title with a plaque: how it is given, and when it is taken down (rule 13)."""

    code: str
    name: str
    level: Level
    composite: str = ""
    given_by: Literal["rule", "jury", "assembly"] = "rule"
    give_floor: int = 0
    """For `rule`: the result from which it is given."""
    places: int = 0
    """How many are given at a time; 0: no limit."""
    floor: int = 0
    """Under this result for `periods` rated periods in a row it is taken down; 0: never."""
    periods: int = 2
    causes: tuple[str, ...] = ()
    """Other causes that take it down, named by the scheme."""
    approval: str = ""
    """The approval number of the title; without one the linter says so."""


@dataclass(frozen=True, slots=True)
class AwardClass:
    """A cut of a ranking: so many places, a floor, or both; without places: all from the floor on."""

    code: str
    name: str
    places: int = 0
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Award:
    """Award classes of one category's ranking, top down."""

    code: str
    name: str
    composite: str
    category: str
    classes: tuple[AwardClass, ...]
    approval: str = ""


@dataclass(frozen=True, slots=True)
class PointsRule:
    """What gives a household points (or takes them, below 0); `most` in a month, quarter or year, 0: no limit."""

    code: str
    name: str
    points: int
    most: int = 0
    every: Every = "month"
    article: str = ""
    """The article of the village compact that it stands on."""


@dataclass(frozen=True, slots=True)
class Good:
    """Something on the shelf of the points shop."""

    code: str
    name: str
    price: int
    unit: str = "件"


@dataclass(frozen=True, slots=True)
class PointsScheme:
    """The points of a ground: its rules, its goods, and what becomes of points at year's end."""

    code: str
    name: str
    rules: tuple[PointsRule, ...] = ()
    goods: tuple[Good, ...] = ()
    year_end: Carry = "keep"


@dataclass(frozen=True, slots=True)
class Pick:
    """Whom an incentive picks by a result that they hold: an award's class, a rank range, a board's side, stars, a grade.

    `of` is the code of the award, ranking, board, rating or grading. `values` are names (a class, red, excellent);
    `low`…`high` are ranks or stars, both inside.
    """

    kind: PickKind
    of: str
    values: tuple[str, ...] = ()
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class IncentiveRule:
    """An amount in fen for everyone picked, or for each head of those picked, from one source."""

    code: str
    name: str
    pick: Pick
    amount: int
    source: str
    group: str = ""
    """Of the rules of one group a subject gets only the largest; empty: it is paid in full beside the others."""
    per_head: bool = False
    approval: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a source has to give, in fen."""

    source: str
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Incentives:
    """The incentives of a scheme: their rules and the budgets they are held against."""

    code: str
    name: str
    rules: tuple[IncentiveRule, ...]
    budgets: tuple[Budget, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """A drawn plan: `n` of each stratum; who was seen `cap` times is not drawn again, 0: no cap (rule 17)."""

    code: str
    name: str
    n: int
    cap: int = 0
