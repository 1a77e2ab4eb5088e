"""The facts of a ground that a period is closed on (rule 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .component import SheetTotals
from .result import Adjustment
from .settings import Level


class Subject(NamedTuple):
    """A place or household as of the period's last day.

    `chain` holds the codes of its ancestors: (county, township, village, hamlet), as far as they go; an empty code is
    a level left out. `state` is due, away, empty or help.
    """

    code: str
    level: Level
    category: str
    chain: tuple[str, ...]
    state: str = "due"


class MonthResult(NamedTuple):
    """A subject's result of a month in force or closed; `checks` its counted sheets of the composite's kinds."""

    month: str
    result: int | None
    checks: int = 0


type ByCode[T] = Mapping[str, T]
"""Something for each subject's code."""


@dataclass(frozen=True, slots=True)
class GroundFacts:
    """All that closing a period needs; the outer keys are codes of check kinds, composites, indicators or boards."""

    ground: str
    scheme_version: str
    subjects: Sequence[Subject]
    totals: ByCode[ByCode[SheetTotals]] = field(default_factory=dict)
    """Check kind → subject → its counted sheets (void and replaced ones left out)."""
    adjustments: ByCode[ByCode[Sequence[Adjustment]]] = field(default_factory=dict)
    """Composite → subject → adjustments entered for this very period."""
    pairs: ByCode[Sequence[tuple[str, str]]] = field(default_factory=dict)
    """Composite → pairs that live in this period."""
    partners_own: ByCode[ByCode[int]] = field(default_factory=dict)
    """Composite → own figures of partners who are not among the subjects at hand (a part of the ground)."""
    months: ByCode[ByCode[Sequence[MonthResult]]] = field(default_factory=dict)
    """The month's composite → subject → its months in the period."""
    indicators: ByCode[ByCode[int]] = field(default_factory=dict)
    """Indicator → subject → number."""
    households: ByCode[int] = field(default_factory=dict)
    """Place → its due households, for weights; counted from the subjects where left out."""
    cured: ByCode[frozenset[str]] = field(default_factory=dict)
    """Board → codes that mended in their cure time."""
    upheld: ByCode[frozenset[str]] = field(default_factory=dict)
    """Board → codes whose objection against black is upheld."""
    upheld_red: ByCode[frozenset[str]] = field(default_factory=dict)
    """Board → codes against whose red place an objection is upheld."""
