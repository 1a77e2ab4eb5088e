"""What follows from results: performance and pay factors, honours, awards, points, incentives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .duties import Every
from .results import PeriodKind
from .setting import Setting
from .standards import Level

Carry = Literal["keep", "half", "expire"]
PickKind = Literal["award", "rank", "board", "stars", "grade"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FactorBand(Setting):
    """A pay factor (hundredths: 120 is 1.20) from this performance on, inclusive."""

    floor: int
    factor: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PartWeight(Setting):
    """How much a part of a bearer's performance weighs."""

    code: str
    name: str
    weight: int
    required: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Performance(Setting):
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
    period: PeriodKind = "year"
    composite: str = ""
    """Whose results are the outcomes; empty: the targets' composite of that period, else their monthly one averaged."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GradeBand(Setting):
    """A grade (优秀, 良好 …): from this figure on, inclusive, to at most so many (0: no limit), top down."""

    code: str
    name: str
    floor: int = 0
    places: int = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Grading(Setting):
    """Grades of bearers or places by a performance's or a composite's figure, within one category (F6).

    `entered`: the office enters each place's grade with its document (the size of a service centre, F5).
    """

    code: str
    name: str
    basis: Literal["performance", "composite", "entered"]
    of: str
    """Code of the performance or the composite; for `entered`, what is entered, in words."""
    grades: tuple[GradeBand, ...]
    category: str = ""
    """For a composite: the category that is graded; empty: each."""
    approval: str = ""
    post: str = ""
    """For a composite: the holder of this post at the place is graded (a village's secretary); empty: the place."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Honour(Setting):
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AwardClass(Setting):
    """A cut of a ranking: so many places, a floor, or both; without places: all from the floor on."""

    code: str
    name: str
    places: int = 0
    floor: int = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Award(Setting):
    """Award classes of one category's ranking, top down."""

    code: str
    name: str
    composite: str
    category: str
    classes: tuple[AwardClass, ...]
    approval: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PointsRule(Setting):
    """What gives a household points (or takes them, below 0); `most` in a month, quarter or year, 0: no limit."""

    code: str
    name: str
    points: int
    most: int = 0
    every: Every = "month"
    article: str = ""
    """The article of the village compact that it stands on."""
    cure_days: int = 0
    """Days to mend and to object before points are taken."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Good(Setting):
    """Something on the shelf of the points shop."""

    code: str
    name: str
    price: int
    unit: str = "件"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PointsScheme(Setting):
    """The points of a ground: its rules, its goods, and what becomes of points at year's end."""

    code: str
    name: str
    rules: tuple[PointsRule, ...] = ()
    goods: tuple[Good, ...] = ()
    year_end: Carry = "keep"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pick(Setting):
    """Whom an incentive picks by a result that they hold: an award's class, a rank range, a board's side, stars, a grade.

    `of` is the code of the award, ranking, board, rating or grading. `values` are names (a class, red, excellent);
    `low`…`high` are ranks or stars, both inside.
    """

    kind: PickKind
    of: str
    values: tuple[str, ...] = ()
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class IncentiveRule(Setting):
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Budget(Setting):
    """What a source has to give, in fen."""

    source: str
    name: str
    amount: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Incentives(Setting):
    """The incentives of a scheme: their rules and the budgets they are held against."""

    code: str
    name: str
    rules: tuple[IncentiveRule, ...]
    budgets: tuple[Budget, ...] = ()
    heads: tuple[str, ...] = ()
    """Posts whose holders at a place are its heads; empty: heads are entered."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Commendation(Setting):
    """Who is commended for a result in force: its holders, or those who bear them on the layers named (L12, L13)."""

    code: str
    name: str
    pick: Pick
    layers: tuple[str, ...] = ()
    """Codes of the layers whose bearers are commended; empty: the holders themselves."""
    least: int = 1
    """A bearer is commended from so many targets on."""
    opening: str = ""
    """The first paragraph of the text for the county's account."""
    approval: str = ""
