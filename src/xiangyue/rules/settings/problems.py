"""What counts as a problem, how long it may take, who says that it is mended, and where it goes when it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .setting import Setting
from .standards import Level

Tier = Literal["village", "township", "county"]
"""Who has a problem in hand: the offices up the tree."""
Verifier = Literal["household", "village", "township", "county", "supervisor"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Escalation(Setting):
    """A step up the tree: `after` days past the deadline the office at `to` has it in hand."""

    after: int
    to: Tier


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ProblemKind(Setting):
    """A kind of problem (乱堆垃圾, 群众诉求 …) with its deadline and its way to close-out."""

    code: str
    name: str
    days: int
    """Days from the report to the deadline; by it is in time."""
    levels: tuple[Level, ...] = ()
    """Levels of the places it may be at; empty: all."""
    verifiers: tuple[Verifier, ...] = ("village", "township", "county")
    """Who may say that it is mended; never whoever mended it."""
    closes: Literal["verified", "office"] = "verified"
    """Whether it is closed with the verification, or by a further word of the office above."""
    escalations: tuple[Escalation, ...] = ()
    look_weeks: int = 0
    """Weeks after close-out in which a second look falls due; 0: none."""
    look_share: int = 0
    """How many per cent of those closed in a month are drawn for it, in each township; at least one."""
    check_kinds: tuple[str, ...] = ()
    """Kinds of check whose faults open a problem of this kind; empty: none does."""
    faults: tuple[str, ...] = ()
    """The faults that do: `item`, or `item.step`."""
    wishes: bool = False
    """Whether a household's wish that needs someone else becomes a problem of this kind."""
    pictogram: str = ""
