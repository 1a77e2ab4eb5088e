"""How many problems stand where: open, overdue, mended, closed and relapsed by place; overdue ones by bearer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from xiangyue.duties.reading import bearers_of
from xiangyue.places.models import Level, Place
from xiangyue.problems.models import IN_HAND, Problem, ProblemQuerySet, State, Step
from xiangyue.rules.days import Span
from xiangyue.rules.problems import Rate, closed_share, relapse

BELOW = {Level.COUNTY: Level.TOWNSHIP, Level.TOWNSHIP: Level.VILLAGE}


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a place (and of all that lies below it)."""

    place: Place
    n: int
    in_hand: int
    overdue: int
    mended: int
    closed: int
    looked: int
    relapsed: int

    @property
    def closed_rate(self) -> Rate:
        """The rate of close-out."""
        return closed_share(self.n, self.closed)

    @property
    def relapse_rate(self) -> Rate:
        """The rate of relapse."""
        return relapse(self.looked, self.relapsed)


@dataclass(frozen=True, slots=True)
class Late:
    """A bearer with what is overdue."""

    name: str
    code: str
    n: int
    days: int
    rows: tuple[Problem, ...]


def figures_below(place: Place, today: date, span: Span | None = None) -> tuple[Figures, list[Figures]]:
    """The place's own figures and those of the places right below it, in few statements; by the day of the report."""
    level = BELOW.get(Level(place.level))
    children = list(Place.objects.live(today).below(place.path).of(level).order_by("path")) if level else []
    column = (
        {Level.TOWNSHIP: "place__township_id", Level.VILLAGE: "place__village_id"}.get(level, "place_id")
        if level
        else ""
    )
    rows = Problem.objects.below(place.path)
    looks = Step.objects.filter(kind__in=("fine", "relapsed"), problem__in=rows)
    if span is not None:
        rows = rows.filter(reported_on__gte=span.starts_on, reported_on__lte=span.ends_on)
        looks = looks.filter(day__gte=span.starts_on, day__lte=span.ends_on)
    own = _counted(rows, today, "").get(None, {}) | _looked(looks, "").get(None, {})
    by_child = _counted(rows, today, column) if column else {}
    looked = _looked(looks, f"problem__{column}") if column else {}
    below = [_figures(child, by_child.get(child.pk, {}) | looked.get(child.pk, {})) for child in children]
    return _figures(place, own), below


def _figures(place: Place, told: dict[str, int]) -> Figures:
    names = ("n", "in_hand", "overdue", "mended", "closed", "looked", "relapsed")
    return Figures(place, *(told.get(name, 0) for name in names))


def _counted(rows: ProblemQuerySet, today: date, column: str) -> dict[Any, dict[str, int]]:
    """Counts by the column; all under None without one."""
    counted = {
        "n": Count("pk"),
        "in_hand": Count("pk", filter=Q(state__in=IN_HAND)),
        "overdue": Count("pk", filter=Q(state__in=IN_HAND, deadline__lt=today)),
        "mended": Count("pk", filter=Q(state__in=(State.MENDED, State.VERIFIED))),
        "closed": Count("pk", filter=Q(state=State.CLOSED)),
    }
    real = rows.exclude(state__in=(State.MERGED, State.DISMISSED)).order_by()
    if not column:
        return {None: real.aggregate(**counted)}
    return _by_place(real.values(at=F(column)).annotate(**counted))


def _looked(looks: Any, column: str) -> dict[Any, dict[str, int]]:
    counted = {"looked": Count("pk"), "relapsed": Count("pk", filter=Q(kind="relapsed"))}
    if not column:
        return {None: looks.order_by().aggregate(**counted)}
    return _by_place(looks.order_by().values(at=F(column)).annotate(**counted))


def _by_place(rows: Iterable[Any]) -> dict[Any, dict[str, int]]:
    return {row["at"]: {name: n for name, n in row.items() if name != "at"} for row in rows}


def overdue_by_bearer(rows: ProblemQuerySet, today: date, most: int = 400) -> list[Late]:
    """Whoever has something overdue, most first: who it was given to, else who bears the place, else nobody."""
    late = rows.filter(state__in=IN_HAND, deadline__lt=today).order_by("deadline", "pk")
    found = list(
        late.select_related("person", "organisation", "place__village", "place__township", "place__parent")[:most]
    )
    nobody = [row.place_id for row in found if row.person_id is None and row.organisation_id is None]
    bearing = bearers_of(nobody, today) if nobody else {}
    piles: dict[tuple[str, str], list[Problem]] = {}
    for row in found:
        piles.setdefault(_bearer(row, bearing), []).append(row)
    made = [
        Late(name, code, len(some), (today - some[0].deadline).days, tuple(some))
        for (name, code), some in piles.items()
    ]
    return sorted(made, key=lambda one: (-one.n, -one.days, one.name))


def _bearer(row: Problem, bearing: dict[int, list[Any]]) -> tuple[str, str]:
    if row.person:
        return row.person.name, row.person.code
    if row.organisation:
        return row.organisation.name, row.organisation.code
    some: Sequence[Any] = bearing.get(row.place_id, ())
    return (some[0].name, "") if some else ("", "")
