"""A scheme whole: everything a ground's way of working says, and its rows by code."""

from __future__ import annotations

from dataclasses import dataclass, field

from .duties import Bulletin, Dispatching, Layer
from .goals import Burden, DrawPlan, Goal, Stage
from .inspecting import InspectionKind
from .problems import ProblemKind
from .ratings import Indicator, Rating, Review, WatchList
from .results import Board, Category, Composite, HouseholdRules, Notice, Ranking
from .rewards import Award, Commendation, Grading, Honour, Incentives, Performance, PointsScheme
from .setting import Setting
from .standards import CheckKind, Standard


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scheme(Setting):
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
    indicators: tuple[Indicator, ...] = ()
    ratings: tuple[Rating, ...] = ()
    reviews: tuple[Review, ...] = ()
    watch_lists: tuple[WatchList, ...] = ()
    performances: tuple[Performance, ...] = ()
    gradings: tuple[Grading, ...] = ()
    honours: tuple[Honour, ...] = ()
    awards: tuple[Award, ...] = ()
    incentives: tuple[Incentives, ...] = ()
    points: tuple[PointsScheme, ...] = ()
    goals: tuple[Goal, ...] = ()
    draws: tuple[DrawPlan, ...] = ()
    stages: tuple[Stage, ...] = ()
    households: HouseholdRules = field(default_factory=HouseholdRules)
    notice: Notice = field(default_factory=Notice)
    burden: Burden = field(default_factory=Burden)
    commendations: tuple[Commendation, ...] = ()
    problem_kinds: tuple[ProblemKind, ...] = ()
    inspections: tuple[InspectionKind, ...] = ()
    dispatch: Dispatching = field(default_factory=Dispatching)
    bulletin: Bulletin = field(default_factory=Bulletin)

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
