"""Where a ground wants to be, what its inspections may cost the villages, and how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .setting import Setting
from .standards import Level


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Stage(Setting):
    """A stage of the county's way (四步走)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DrawPlan(Setting):
    """A drawn plan: `n` of each stratum; who was seen `cap` times is not drawn again, 0: no cap (rule 17)."""

    code: str
    name: str
    n: int
    cap: int = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Goal(Setting):
    """Something that places are to reach in a year, and what its progress is read from.

    `indicator`: a number entered or counted. `stars`: how many subjects have at least `least` stars of the rating `of`.
    `result`: how many have at least `least` hundredths in the composite `of`. `stage`: how many reached the stage `of`.
    `left_black`: how many left the black list of the board `of` through pairing. `entered`: a number that is told.
    """

    code: str
    name: str
    level: Level
    """At which targets are set: the county's, each township's, each village's."""
    measure: Literal["indicator", "stars", "result", "stage", "left_black", "entered"]
    of: str = ""
    least: int = 0
    unit: str = ""
    decimals: int = 0
    stage: str = ""
    """The stage of the county's way that it belongs to; empty: none."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Burden(Setting):
    """Caps on what the work may cost the bottom; 0: no cap. A plan over a cap is not published (domain.md 5.1)."""

    minutes_week: int = 0
    """Minutes of entry per cadre and week."""
    inspections_month: int = 0
    """Inspections that a village receives in a month."""
    visits_month: int = 0
    forms_month: int = 0
    """Forms that a village is asked for in a month."""
