"""Stars, staged reviews, and what they rest on: indicators, thresholds, quotas, violations, watch lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .results import Component, PeriodKind
from .setting import Setting
from .standards import Level

Reaches = Literal["at_least", "at_most", "one_of"]
CountedWhat = Literal["result", "indicator", "stars", "covered", "state", "places"]
CountedTake = Literal["own", "number", "share", "sum"]
Basis = Literal["law", "discipline", "petition", "complaint", "other"]
About = Literal["official", "branch", "household"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Counted(Setting):
    """How a number is drawn from records instead of being entered.

    `own`: the place's own figure. Of the places of `level` below it: `number`, how many reach `least`; `share`, the same
    in hundredths of a per cent of those that have a figure or should have one; `sum`, their figures added up. `covered`
    counts targets of a layer that somebody answers for, `state` households in a state, `places` the places themselves.
    """

    what: CountedWhat
    of: str = ""
    """Code of the composite, indicator, rating or layer; for `state` the state of the households."""
    take: CountedTake = "share"
    level: Level = "village"
    least: int = 1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Indicator(Setting):
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
    period: PeriodKind = "year"
    """How often it is given: once a month, quarter or year."""
    stands: bool = False
    """Whether a number holds on in later periods until a newer one is given (a state, a team that was set up)."""
    counted: Counted | None = None
    """Drawn from records; none: entered."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Threshold(Setting):
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Domain(Setting):
    """A domain of a rating; it gives one star when its every threshold is met."""

    code: str
    name: str
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class StarBand(Setting):
    """So many stars from this result on, inclusive."""

    stars: int
    floor: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Quota(Setting):
    """The places of one star number: `n`, or `per_mille` of the rated, rounded down.

    Hard: a group tied across it falls together. Soft: it rises together and the excess is shown.
    """

    stars: int
    n: int = 0
    per_mille: int = 0
    hard: bool = True


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ViolationKind(Setting):
    """A kind of established violation that officials or branches can be found in, and the most stars left with it."""

    code: str
    name: str
    most_stars: int
    department: str = ""
    """Who is in charge and may enter it."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rating(Setting):
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
    level: Level = "village"
    period: PeriodKind = "year"
    group: Level = "county"
    """Within which quotas hold and subjects are ordered."""
    categories: tuple[str, ...] = ()
    """Category codes that are rated; empty: each category of the level, on its own."""

    @property
    def scale(self) -> tuple[int, ...]:
        """The star numbers that can be had, rising from none."""
        given = {band.stars for band in self.bands} if self.mode == "bands" else set(range(len(self.domains) + 1))
        return tuple(sorted(given | {0}))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReviewStage(Setting):
    """A stage of a review; notice days 0: none between it and the next.

    `mutual`: teams of other townships by the drawn plan. `departments`: a named jury. `county`: the county's own
    assessment. The stage's score is the weighted mean of its components (rule 4), from sheets of its check kinds.
    """

    code: str
    name: str
    weight: int = 0
    notice_days: int = 0
    kind: Literal["mutual", "departments", "county"] = "county"
    components: tuple[Component, ...] = ()
    ballot: Literal["none", "jury", "assembly"] = "none"
    """Whose minuted ballot counts into the stage, as the part `ballot_weight` of it."""
    ballot_weight: int = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Review(Setting):
    """A staged rating: the stages in order; `reference`: the last alone gives the score, the others are looked at."""

    code: str
    name: str
    rating: str
    stages: tuple[ReviewStage, ...]
    mode: Literal["weighted", "reference"] = "weighted"
    times: int = 2
    """By how many others each is reviewed in the mutual stage."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WatchList(Setting):
    """A list of those to be turned round (软弱涣散): each entry has its basis and its end; it is no star."""

    code: str
    name: str
    level: Level = "village"
    basis: str = ""
    """What puts a place on it, in words."""
    months: int = 12
    """How long an entry stands unless it is ended before."""
