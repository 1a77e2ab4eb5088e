"""A village's public page: its result, rank, trend, the figure written out, and its households as counts."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.places.models import Place
from xiangyue.public.figures import Sum, sum_of
from xiangyue.public.reading import Ground, state_words
from xiangyue.standings import published
from xiangyue.standings.published import Edition, Figure
from xiangyue.standings.published_households import VillageHouseholds, village_households


@dataclass(frozen=True, slots=True)
class Month:
    """A period in a village's course."""

    name: str
    state: str
    result: int | None
    rank: int | None
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class VillagePage:
    """What stands on a village's page."""

    place: Place
    township: str
    kind: str
    edition: Edition | None
    told: str
    figure: Figure | None
    rank_words: str
    change: int | None
    sum: Sum | None
    why: str
    points: tuple[tuple[str, int | None], ...]
    months: tuple[Month, ...]
    longer: tuple[Month, ...]
    households: VillageHouseholds | None


WHY = {
    "none": gettext_lazy("本期没有计入的成绩，未评"),
    "required": gettext_lazy("缺必须有的一项，未评"),
    "away": gettext_lazy("外出，不参评"),
    "empty": gettext_lazy("空置，不参评"),
}


def village_page(ground: Ground, place: Place, asked: Edition | None) -> VillagePage:
    """The page of a village for the newest month, or for the edition asked for."""
    edition = asked or ground.newest("month") or ground.newest("")
    course = published.trend(ground.editions, place.pk, "month")
    longer = published.trend(ground.editions, place.pk, "quarter") + published.trend(ground.editions, place.pk, "year")
    figure = published.figure(edition, place.pk) if edition else None
    monthly = edition is not None and edition.span.kind == "month"
    return VillagePage(
        place=place,
        township=place.township.name if place.township else "",
        kind=str(place.get_place_class_display()),
        edition=edition,
        told=state_words(edition) if edition else "",
        figure=figure,
        rank_words=_("同类%s个里") % figure.n_in_category if figure else "",
        change=_change(edition, course if monthly else longer),
        sum=sum_of(figure) if figure else None,
        why=str(WHY.get(figure.result.why, WHY["none"])) if figure and figure.result.own is None else "",
        points=tuple((_("%s月") % held.span.starts_on.month, result) for held, result, _r in course),
        months=_months(ground, place, course, edition),
        longer=_months(ground, place, longer, edition),
        households=village_households(edition, place.pk, place.code, ground.day) if edition and monthly else None,
    )


def _change(edition: Edition | None, course: list[tuple[Edition, int | None, int | None]]) -> int | None:
    """How the result changed against the period before; None where there is nothing to compare with."""
    for (was, old, _r), (now, new, _s) in itertools.pairwise(course):
        if edition and now.id == edition.id and was.span.kind == now.span.kind and old is not None and new is not None:
            return new - old
    return None


def _months(
    ground: Ground, place: Place, course: list[tuple[Edition, int | None, int | None]], current: Edition | None
) -> tuple[Month, ...]:
    return tuple(
        Month(
            held.span.name,
            held.state,
            result,
            rank,
            reverse("public:village_then", args=(ground.code, place.code, held.id)),
            bool(current and held.id == current.id),
        )
        for held, result, rank in reversed(course)
    )
