"""Who answers for what, and how often: layers of duty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .setting import Setting
from .standards import Level

Every = Literal["day", "week", "half_month", "month", "quarter"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Cadence(Setting):
    """How often: `times` in each slot of `every`, counted per bearer (outings) or per target (visits)."""

    every: Every
    per: Literal["bearer", "target"]
    times: int = 1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Task(Setting):
    """One of the things a bearer does there."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Layer(Setting):
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
    article: str = ""
    """The article (or topic) of the village compact that it stands on."""
    partial: bool = False
    """Whether its targets are only those given out (a model route, a pilot): no other place of the level is a gap."""

    @property
    def exclusion(self) -> str:
        """The mark shared by the layers among which a target has one duty at a time; empty: no such bound."""
        return "+".join(sorted({self.code, *self.exclusive_with})) if self.exclusive else ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Dispatching(Setting):
    """The rhythm of dispatch meetings (周调度, 双周调度)."""

    every_days: int = 14
    """Days from one meeting to the day that the next is due."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Bulletin(Setting):
    """The monthly bulletin (月通报) of the ground's own office."""

    by_day: int = 0
    """The day of the next month by which a month's is to be issued; 0: none is asked for."""
    name: str = "月通报"
