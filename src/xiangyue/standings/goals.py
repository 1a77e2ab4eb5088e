"""Progress towards a ground's goals in a year, read from what is counted, for every place that has a target or a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from xiangyue.agreements.goal_models import Reading, StageReached, Target
from xiangyue.places.models import Place
from xiangyue.rules.days import Span, year_of
from xiangyue.rules.goals import Progress, progress
from xiangyue.rules.settings import Goal, Level, Scheme
from xiangyue.standings.facts import Ground
from xiangyue.standings.models import Closing, Pair, Result
from xiangyue.standings.ratings.indicators import Numbers
from xiangyue.standings.ratings.models import StarRating, StarRow

DEPTH: dict[Level, int] = {"county": 0, "township": 1, "village": 2}
"""Where the code of a place of the level stands in a path."""


@dataclass(frozen=True, slots=True)
class Row:
    """A place's progress towards a goal."""

    place: Place
    progress: Progress


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """A goal with its places, and the whole: the sum of targets and numbers where there are several places."""

    goal: Goal
    rows: tuple[Row, ...]
    whole: Progress
    stage: str


def goals_of(
    ground: Place, scheme: Scheme, year: int, *, in_public: bool = False, with_target: bool = False, only: str = ""
) -> list[GoalProgress]:
    """Every goal of the scheme with its progress in the year.

    `in_public`: from what is on notice or in force alone. `with_target`: only the goals that have one. `only`: this goal.
    """
    if not scheme.goals:
        return []
    span = year_of(date(year, 1, 1))
    targets: dict[str, dict[int, int]] = {}
    for goal, place, value in Target.objects.filter(ground=ground, scheme=scheme.code, year=year).values_list(
        "goal", "place_id", "value"
    ):
        targets.setdefault(goal, {})[place] = value
    goals = [
        goal for goal in scheme.goals if (not with_target or goal.code in targets) and (not only or goal.code == only)
    ]
    if not goals:
        return []
    levels = {goal.level for goal in goals}
    places = list(Place.objects.below(ground.path).filter(level__in=levels).live(span.ends_on).order_by("path"))
    stages = {stage.code: stage.name for stage in scheme.stages}
    counted = Counted(ground, scheme, span, in_public)
    return [
        _progress(goal, [p for p in places if p.level == goal.level], targets.get(goal.code, {}), counted, stages)
        for goal in goals
    ]


def _progress(
    goal: Goal, places: list[Place], targets: dict[int, int], counted: Counted, stages: dict[str, str]
) -> GoalProgress:
    now = counted.of(goal)
    rows = tuple(
        Row(place, progress(now.get(place.code), targets.get(place.pk), decimals=goal.decimals, unit=goal.unit))
        for place in places
    )
    have = [row.progress.now for row in rows if row.progress.now is not None]
    aim = [row.progress.target for row in rows if row.progress.target is not None]
    whole = progress(sum(have) if have else None, sum(aim) if aim else None, decimals=goal.decimals, unit=goal.unit)
    return GoalProgress(goal, rows, whole, stages.get(goal.stage, ""))


@dataclass
class Counted:
    """What there is now for the goals of a ground in a year: one look at the records a measure."""

    ground: Place
    scheme: Scheme
    span: Span
    in_public: bool = False
    _read: Numbers | None = None
    """The year's numbers, read once for all goals."""

    def of(self, goal: Goal) -> dict[str, int]:
        """Code of each place of the goal's level → number; where things are counted, none of them is 0."""
        if goal.measure == "entered":
            return self._told(goal)
        if goal.measure == "indicator":
            return self._numbers(goal)
        paths = {
            "stars": self._starred, "result": self._good, "stage": self._reached, "left_black": self._left,
        }[goal.measure](goal)  # fmt: skip
        if paths is None:
            return {}
        found = Counter(_at(path, goal.level) for path in paths)
        codes = Place.objects.below(self.ground.path).filter(level=goal.level).live(self.span.ends_on)
        return {code: found.get(code, 0) for code in codes.values_list("code", flat=True)}

    def _hidden(self) -> list[str]:
        """States of versions that are not counted; ratings and closings have the same."""
        return ["superseded", "closed"] if self.in_public else ["superseded"]

    def _told(self, goal: Goal) -> dict[str, int]:
        rows = Reading.objects.filter(
            ground=self.ground, scheme=self.scheme.code, goal=goal.code,
            on__gte=self.span.starts_on, on__lte=self.span.ends_on,
        ).order_by("on", "pk")  # fmt: skip
        return dict(rows.values_list("place__code", "value"))

    def _numbers(self, goal: Goal) -> dict[str, int]:
        """The indicator's figures at the goal's level; those of a level below are added up."""
        if self._read is None:
            self._read = Numbers(Ground(self.ground.pk, self.ground.code, self.ground.path), self.scheme, self.span)
        figures = self._read.of(goal.of)
        paths = dict(Place.objects.filter(code__in=list(figures)).values_list("code", "path"))
        found: dict[str, int] = {}
        for code, figure in figures.items():
            above = _at(paths.get(code, ""), goal.level)
            if above:
                found[above] = found.get(above, 0) + figure.number
        return found

    def _starred(self, goal: Goal) -> Iterable[str] | None:
        """Paths of those with at least so many stars in the year's newest version of the rating."""
        newest = (
            StarRating.objects.filter(ground=self.ground, scheme=self.scheme.code, code=goal.of)
            .filter(key__startswith=str(self.span.starts_on.year))
            .exclude(state__in=self._hidden())
            .order_by("-key", "-version")
            .first()
        )
        if newest is None:
            return None
        return StarRow.objects.filter(rating=newest, stars__gte=goal.least).values_list("subject__path", flat=True)

    def _good(self, goal: Goal) -> Iterable[str] | None:
        """Paths of those with at least so much in the newest closing of the composite in the year."""
        closing = (
            Closing.objects.filter(
                period__ground=self.ground, period__scheme=self.scheme.code, standings__composite=goal.of,
                period__ends_on__gte=self.span.starts_on, period__ends_on__lte=self.span.ends_on,
            )
            .exclude(state__in=self._hidden())
            .aggregate(newest=Max("pk"))["newest"]
        )  # fmt: skip
        if closing is None:
            return None
        rows = Result.objects.filter(standing__closing=closing, standing__composite=goal.of, result__gte=goal.least)
        return rows.values_list("subject__path", flat=True)

    def _reached(self, goal: Goal) -> Iterable[str]:
        rows = StageReached.objects.filter(
            ground=self.ground, scheme=self.scheme.code, stage=goal.of, withdrawn_at=None,
            reached_on__lte=self.span.ends_on,
        )  # fmt: skip
        return rows.values_list("place__path", flat=True)

    def _left(self, goal: Goal) -> Iterable[str]:
        """Paths of the black sides that left a board's black list through pairing in the year."""
        rows = Pair.objects.filter(
            board__board=goal.of, verdict="left", period__ground=self.ground, period__scheme=self.scheme.code,
            period__ends_on__gte=self.span.starts_on, period__ends_on__lte=self.span.ends_on,
        )  # fmt: skip
        return rows.values_list("black__path", flat=True).distinct()


def _at(path: str, level: Level) -> str:
    codes = path.split("/")[:-1]
    return codes[DEPTH[level]] if level in DEPTH and len(codes) > DEPTH[level] else ""
