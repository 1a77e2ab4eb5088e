"""One page on a county, township or village for a visit: who answers, how it stands, what is wrong; to be printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.base.dated import held_on
from xiangyue.duties.models import Duty
from xiangyue.places.models import HouseholdState, Level, Place
from xiangyue.public.figures import Sum, sum_of
from xiangyue.site.office.needs import kept
from xiangyue.site.office.parts import Fault, faults_of
from xiangyue.standings import published
from xiangyue.standings.published import Edition, Figure
from xiangyue.standings.today import Day, total, villages_today


@dataclass(frozen=True, slots=True)
class Answers:
    """Somebody who answers for the place."""

    layer: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Child:
    """A village (or township) below the place."""

    code: str
    name: str
    day: Day
    result: int | None
    rank: int | None
    board: str
    category: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What stands on the page."""

    place: Place
    above: tuple[str, ...]
    kind: str
    states: tuple[tuple[str, int], ...]
    n_households: int
    counts: tuple[tuple[str, int], ...]
    answers: tuple[Answers, ...]
    day: Day
    edition: Edition | None
    figure: Figure | None
    sum: Sum | None
    points: tuple[tuple[str, int | None], ...]
    children: tuple[Child, ...]
    faults: tuple[Fault, ...]


UNITS = {
    Level.TOWNSHIP: gettext_lazy("乡镇（街道）"),
    Level.VILLAGE: gettext_lazy("村（社区）"),
    Level.HAMLET: gettext_lazy("屯（组）"),
}


def brief_of(place: Place, today: date) -> Brief:
    """The brief of a place as it stands today."""
    editions = published.editions(place.ground_id or place.pk)
    edition = published.newest(editions, "month")
    figure = published.figure(edition, place.pk) if edition else None
    villages = villages_today((place.path,), today)
    states = _states(place, today)
    village = place.level == Level.VILLAGE
    return Brief(
        place=place,
        above=tuple(one.name for one in Place.objects.above(place.path) if one.pk != place.pk),
        kind=str(place.get_place_class_display()) if place.place_class else str(place.get_level_display()),
        states=states,
        n_households=sum(n for _name, n in states),
        counts=_counts(place, today),
        answers=_answers(place, today),
        day=total(villages),
        edition=edition,
        figure=figure,
        sum=sum_of(figure) if figure else None,
        points=tuple(
            (_("%s月") % held.span.starts_on.month, result)
            for held, result, _rank in published.trend(editions, place.pk, "month")
        ),
        children=() if village else _children(place, villages, edition, today),
        faults=tuple(faults_of(place, today)) if village else (),
    )


def _states(place: Place, today: date) -> tuple[tuple[str, int], ...]:
    """How many households stand how, kept for a minute."""
    counted = kept("states-of", (place.path,), today, lambda paths, day: _count_states(paths[0], day))
    known = [(str(label), counted.get(state, 0)) for state, label in HouseholdState.State.choices]
    return tuple((label, n) for label, n in [*known, (_("未登记状态"), counted.get("", 0))] if n)


def _count_states(path: str, day: date) -> dict[str, int]:
    households = Place.objects.live(day).of(Level.HOUSEHOLD).below(path)
    live = held_on(day, "states__")
    rows = households.filter(live).order_by().values_list("states__state").annotate(n=Count("pk"))
    found = dict(rows)
    found[""] = households.count() - sum(found.values())
    return found


def _counts(place: Place, today: date) -> tuple[tuple[str, int], ...]:
    rows = Place.objects.live(today).below(place.path).filter(level__in=list(UNITS)).exclude(pk=place.pk).order_by()
    found = dict(rows.values_list("level").annotate(n=Count("pk")))
    return tuple((str(words), found[level]) for level, words in UNITS.items() if found.get(level))


def _answers(place: Place, today: date) -> tuple[Answers, ...]:
    from xiangyue.agreements.in_force import schemes_over

    names = {
        (scheme.code, layer.code): layer.name for _v, scheme in schemes_over(place, today) for layer in scheme.layers
    }
    rows = (
        Duty.objects.live(today)
        .filter(target=place)
        .select_related("person__organisation", "organisation")
        .order_by("layer", "pk")
    )
    order = list(names)
    found = sorted(rows, key=lambda duty: _position(order, (duty.scheme, duty.layer)))
    return tuple(
        Answers(
            names.get((duty.scheme, duty.layer), duty.layer),
            str(duty.person or duty.organisation),
            duty.person.organisation.name if duty.person and duty.person.organisation else "",
        )
        for duty in found
    )


def _position(order: list[tuple[str, str]], key: tuple[str, str]) -> int:
    return order.index(key) if key in order else len(order)


def _children(place: Place, villages: list[Day], edition: Edition | None, today: date) -> tuple[Child, ...]:
    """The villages of a township, the townships of a county."""
    tables = published.rankings(edition) if edition else ()
    held = {row.code: (row, table.category_name) for table in tables for row in table.rows}
    if place.level == Level.COUNTY:
        from xiangyue.standings.today import by_township, townships_below

        rows = by_township(villages, townships_below((place.path,), today))
    else:
        rows = villages
    found = []
    for row in rows:
        placed, category = held.get(row.code, (None, ""))
        found.append(
            Child(
                row.code, row.name, row, placed.result if placed else None, placed.rank if placed else None,
                placed.board if placed else "", category,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda child: (child.category, child.rank or 10**6, child.code)))
