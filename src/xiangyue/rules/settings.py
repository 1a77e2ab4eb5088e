"""The frozen settings that rules take: one definition of everything a scheme can say.

`schemes` reads TOML into these; rules and apps only ever see these. Points, scores, floors and ceilings are whole
hundredths (8 750 = 87.50); weights are whole numbers >= 0. Field names are the scheme language's key names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["county", "township", "village", "hamlet", "household", "public_place"]
ItemKind = Literal["deduct", "grade", "pass", "bonus", "zero"]
PeriodKind = Literal["month", "quarter", "year"]
Take = Literal["mean", "last", "min", "max"]
Every = Literal["day", "week", "half_month", "month", "quarter"]


@dataclass(frozen=True, slots=True)
class Step:
    """A named deduction (or bonus) step of an item: `amount` hundredths each time, or `all` of the item."""

    code: str
    name: str
    amount: int = 0
    all: bool = False
    unit: str = "处"
    pictogram: str = ""
    """What stands on the button of this step; the item's pictogram when empty."""


@dataclass(frozen=True, slots=True)
class Grade:
    """One of the listed values of a `grade` item; the highest is the clean one."""

    code: str
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a standard. `points` in hundredths; an item without points counts 1.00."""

    code: str
    name: str
    kind: ItemKind
    points: int = 100
    steps: tuple[Step, ...] = ()
    grades: tuple[Grade, ...] = ()
    not_applicable: bool = False
    """Whether a sheet may mark the item as not applicable."""
    fault: str = ""
    """What an inspector taps when it is wrong (乱垛柴草); the item's name when empty."""
    pictogram: str = ""
    photo: str = ""
    """Why a photo is asked for; empty: photos stay optional."""


@dataclass(frozen=True, slots=True)
class Area:
    """A group of items of a standard."""

    code: str
    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Standard:
    """A versioned tree of areas and items that subjects of one level are scored by."""

    code: str
    name: str
    subject: Level
    areas: tuple[Area, ...]
    standing: str = ""
    """示例,非官方 for drafted texts; shown wherever the standard is."""
    months: tuple[int, ...] = ()
    """Months of validity (1–12); empty: all year."""

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order of the standard."""
        return tuple(item for area in self.areas for item in area.items)


@dataclass(frozen=True, slots=True)
class CheckKind:
    """A kind of check named by the scheme (日检查, 明察, 暗访 …)."""

    code: str
    name: str
    subject: Level
    standard: str
    layers: tuple[str, ...] = ()
    """Layers whose bearers make it, for the targets that they bear; empty: made by the office or a team."""
    self_check: bool = False
    """A daily kind made by those who bear the subject; any other kind may not be."""
    per_day: int = 1
    opinion: bool = False


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often: `times` in each slot of `every`, counted per bearer (outings) or per target (visits)."""

    every: Every
    per: Literal["bearer", "target"]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Task:
    """One of the things a bearer does there."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of duty (包保层): who answers for what, how often, doing what."""

    code: str
    name: str
    bearer: Literal["person", "organisation", "household"]
    target: Level
    classes: tuple[str, ...] = ()
    """Place classes of its targets (only 行政村, say); empty: all of the level."""
    posts: tuple[str, ...] = ()
    """Posts that may bear it (people.Post kinds); empty: any person."""
    exclusive: bool = False
    """Whether a target has at most one live duty of this layer (or of its `exclusive_with`) at a time."""
    exclusive_with: tuple[str, ...] = ()
    per_bearer: int = 0
    """The most targets a bearer should have; 0: no limit."""
    bearers_min: int = 0
    """The fewest bearers a target should have; 0: one is enough."""
    cadence: Cadence | None = None
    tasks: tuple[Task, ...] = ()
    standard: str = ""
    """The standard that a bearer's own work is held against (9 项标准), empty: none."""
    standing: str = ""

    @property
    def exclusion(self) -> str:
        """The mark shared by the layers among which a target has one duty at a time; empty: no such bound."""
        return "+".join(sorted({self.code, *self.exclusive_with})) if self.exclusive else ""


@dataclass(frozen=True, slots=True)
class Source:
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


@dataclass(frozen=True, slots=True)
class Component:
    """One weighted part of a composite."""

    code: str
    name: str
    weight: int
    source: Source
    required: bool = False


@dataclass(frozen=True, slots=True)
class Composite:
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


@dataclass(frozen=True, slots=True)
class Category:
    """A class in which subjects of one level are compared; `classes` are place classes (empty: all)."""

    code: str
    name: str
    level: Level
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a board: `n`, or `per_mille` of the pool; `limit` is the red floor or black ceiling, inclusive."""

    limit: int
    n: int = 0
    per_mille: int = 0


@dataclass(frozen=True, slots=True)
class Board:
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


@dataclass(frozen=True, slots=True)
class Ranking:
    """A published ranking of a composite by category, for pages and screens."""

    code: str
    name: str
    composite: str
    group: Level = "county"


@dataclass(frozen=True, slots=True)
class HouseholdRules:
    """Which households are due and rated, and whom boards spare."""

    not_due: tuple[str, ...] = ("away", "empty")
    helped: tuple[str, ...] = ("help",)
    public_min_group: int = 20
    public_min_count: int = 3


@dataclass(frozen=True, slots=True)
class Notice:
    """How publication runs: days of notice for boards and rankings."""

    days: int = 5


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the county's way (四步走)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """A ground's way of working, whole."""

    code: str
    name: str
    ground: str
    """Code of the county, or of the township inside it, that the scheme governs."""
    language: int = 1
    standing: str = ""
    narrows: str = ""
    """For a township's scheme: the code of the county scheme it narrows."""
    late_limit_days: int = 31
    layers: tuple[Layer, ...] = ()
    standards: tuple[Standard, ...] = ()
    check_kinds: tuple[CheckKind, ...] = ()
    categories: tuple[Category, ...] = ()
    composites: tuple[Composite, ...] = ()
    boards: tuple[Board, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    stages: tuple[Stage, ...] = ()
    households: HouseholdRules = field(default_factory=HouseholdRules)
    notice: Notice = field(default_factory=Notice)

    def standard(self, code: str) -> Standard:
        """The standard of that code; KeyError when there is none."""
        return next_of(self.standards, code)

    def check_kind(self, code: str) -> CheckKind:
        """The check kind of that code; KeyError when there is none."""
        return next_of(self.check_kinds, code)

    def layer(self, code: str) -> Layer:
        """The layer of that code; KeyError when there is none."""
        return next_of(self.layers, code)

    def composite(self, code: str) -> Composite:
        """The composite of that code; KeyError when there is none."""
        return next_of(self.composites, code)

    def board(self, code: str) -> Board:
        """The board of that code; KeyError when there is none."""
        return next_of(self.boards, code)


def next_of[T: (Standard, CheckKind, Layer, Composite, Board)](rows: tuple[T, ...], code: str) -> T:
    """The row of that code; KeyError when there is none."""
    for row in rows:
        if row.code == code:
            return row
    raise KeyError(code)
