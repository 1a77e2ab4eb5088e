"""How subjects get figures, are compared and listed: composites, categories, boards, rankings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .setting import Setting
from .standards import Level

PeriodKind = Literal["month", "quarter", "year"]
Take = Literal["mean", "last", "min", "max"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Source(Setting):
    """Where a component's figure comes from (rule 3).

    `sheets`: sheets of one `check_kind`, taken as `take`. `children`: results of the subjects of `level` below, missing
    when under `share` per cent of them is rated, each once or weighted by households. `indicator`: a number entered
    for the subject, mapped by `bands` (ascending (from, hundredths)).
    """

    kind: Literal["sheets", "children", "indicator"]
    check_kind: str = ""
    take: Take = "mean"
    level: Level | None = None
    share: int = 80
    by_households: bool = False
    indicator: str = ""
    bands: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Component(Setting):
    """One weighted part of a composite."""

    code: str
    name: str
    weight: int
    source: Source
    required: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Composite(Setting):
    """How the subjects of a level get a figure for a period.

    `records`: rules 1–4 over the period's records. `months`: the mean of the rated months of the composite `of`, rated
    when `rated_months` of them are (rule 5). `pair_weight` is rule 4's w.
    """

    code: str
    name: str
    level: Level
    period: PeriodKind
    mode: Literal["records", "months"] = "records"
    components: tuple[Component, ...] = ()
    of: str = ""
    rated_months: int = 2
    pair_weight: int = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Category(Setting):
    """A class in which subjects of one level are compared; `classes` are place classes (empty: all)."""

    code: str
    name: str
    level: Level
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Side(Setting):
    """One side of a board: `n`, or `per_mille` of the pool; `limit` is the red floor or black ceiling, inclusive."""

    limit: int
    n: int = 0
    per_mille: int = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Board(Setting):
    """A red and black list drawn from a composite's results within one group (rule 7)."""

    code: str
    name: str
    composite: str
    group: Level
    red: Side
    black: Side
    categories: tuple[str, ...] = ()
    """Category codes; empty: each category of the level."""
    pool_min: int = 5
    min_checks: int = 1
    public: Literal["named", "consent", "private"] = "consent"
    """`named`: places, shown by name. `consent`: households, by consent and else as counts. `private`: never public."""
    cure_days: int = 7
    expire_days: int = 31
    pairs: bool = False
    article: str = ""
    """The article (or topic) of the village compact that its pairs stand on."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ranking(Setting):
    """A published ranking of a composite by category, for pages and screens."""

    code: str
    name: str
    composite: str
    group: Level = "county"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HouseholdRules(Setting):
    """Which households are due and rated, and whom boards spare."""

    not_due: tuple[str, ...] = ("away", "empty")
    helped: tuple[str, ...] = ("help",)
    public_min_group: int = 20
    public_min_count: int = 3


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Notice(Setting):
    """How publication runs: days of notice for boards and rankings."""

    days: int = 5
