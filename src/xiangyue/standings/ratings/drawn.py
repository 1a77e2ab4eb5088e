"""Numbers drawn from records: results, other indicators, stars, coverage, states and counts of the places below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from xiangyue.rules.days import period_of
from xiangyue.rules.ground import Subject
from xiangyue.rules.numbers import half_up
from xiangyue.rules.ranking import CHAIN
from xiangyue.rules.settings import Counted, Indicator
from xiangyue.standings.facts import closings_of
from xiangyue.standings.ratings.indicators import Figure, Figures, Numbers
from xiangyue.standings.totals import fetch

if TYPE_CHECKING:
    from xiangyue.duties.coverage import Count

WHOLE = 10_000
"""A share of all: 100.00 %."""


def draw(numbers: Numbers, indicator: Indicator) -> Figures:
    """The indicator's figures by place of its level."""
    counted = indicator.counted
    assert counted is not None
    if counted.what == "covered":
        return _covered(numbers, indicator, counted)
    figures = _figures(numbers, counted)
    if counted.take == "own":
        return {code: Figure(number) for code, number in figures.items()}
    at = CHAIN.index(indicator.level) if indicator.level in CHAIN else len(CHAIN)
    absent = () if counted.what == "state" else numbers.scheme.households.not_due
    return gather(numbers.subjects(counted.level), figures, counted, at, absent)


def gather(
    children: Iterable[Subject], figures: Mapping[str, int], counted: Counted, at: int, absent: tuple[str, ...]
) -> dict[str, Figure]:
    """Figures of children brought up to their ancestors of level `at`; children away or empty stand apart."""
    sums: dict[str, list[int]] = {}
    for child in children:
        if child.state in absent or len(child.chain) <= at:
            continue
        held = sums.setdefault(child.chain[at], [0, 0, 0, 0])
        figure = figures.get(child.code)
        held[0] += 1
        if figure is not None:
            held[1] += 1
            held[2] += figure >= counted.least
            held[3] += figure
    if counted.take == "share":
        return {code: Figure(half_up(WHOLE * reached, n)) for code, (n, _, reached, _) in sums.items()}
    if counted.take == "number":
        return {code: Figure(reached) for code, (_, _, reached, _) in sums.items()}
    # nobody has given a number: there is nothing to add up, and that is not a nought
    return {code: Figure(total) for code, (_, given, _, total) in sums.items() if given}


def _figures(numbers: Numbers, counted: Counted) -> Mapping[str, int]:
    """The figures of the places that are counted, by code."""
    if counted.what == "result":
        return _results(numbers, counted.of)
    if counted.what == "indicator":
        return {code: figure.number for code, figure in numbers.of(counted.of).items()}
    if counted.what == "stars":
        return _stars(numbers, counted.of)
    children = numbers.subjects(counted.level)
    if counted.what == "state":
        return {child.code: int(_state(child) == counted.of) for child in children}
    return {child.code: counted.least for child in children}


def _state(child: Subject) -> str:
    return "living" if child.state == "due" else child.state


def _results(numbers: Numbers, composite: str) -> dict[str, int]:
    """Results of the newest closing of the composite's period that holds the day."""
    row = next((held for held in numbers.scheme.composites if held.code == composite), None)
    if row is None:
        return {}
    key = period_of(row.period, numbers.span.ends_on).key
    if key == numbers.closing:
        return {}
    closing = closings_of(numbers.ground.id, numbers.scheme.code, [key]).get(key)
    if closing is None:
        return {}
    rows = fetch(
        "SELECT p.code, r.result FROM standings_result r JOIN standings_standing s ON s.id = r.standing_id"
        " JOIN places_place p ON p.id = r.subject_id"
        " WHERE s.closing_id = %s AND s.composite = %s AND r.result IS NOT NULL",
        [closing, composite],
    )
    return {str(code): int(result) for code, result in rows}


def _stars(numbers: Numbers, rating: str) -> dict[str, int]:
    """Stars of the newest version of the rating's period that holds the day."""
    row = next((held for held in numbers.scheme.ratings if held.code == rating), None)
    if row is None:
        return {}
    key = period_of(row.period, numbers.span.ends_on).key
    rows = fetch(
        "SELECT p.code, r.stars FROM standings_starrow r JOIN standings_starrating s ON s.id = r.rating_id"
        " JOIN places_place p ON p.id = r.subject_id WHERE r.stars IS NOT NULL AND s.id ="
        " (SELECT MAX(v.id) FROM standings_starrating v WHERE v.ground_id = %s AND v.scheme = %s AND v.code = %s"
        " AND v.key = %s)",
        [numbers.ground.id, numbers.scheme.code, rating, key],
    )
    return {str(code): int(stars) for code, stars in rows}


def _covered(numbers: Numbers, indicator: Indicator, counted: Counted) -> dict[str, Figure]:
    """How many targets of a layer somebody answers for, below each place, or their share."""
    from xiangyue.duties.coverage import coverage_by
    from xiangyue.duties.layers import LayerOn, groups_of, layers_on
    from xiangyue.places.models import Place

    ground, day = numbers.ground, numbers.span.ends_on
    layers = layers_on(Place.objects.get(pk=ground.id), day)
    group: tuple[LayerOn, ...] = next(
        (held for held in groups_of(layers) if any(one.code == counted.of for one in held)), ()
    )
    if not group:
        return {}
    if indicator.level == "county":
        whole = coverage_by(ground.path, day, group).get(0)
        return {} if whole is None else {ground.path.split("/")[0]: _share(whole, counted)}
    units = coverage_by(ground.path, day, group, indicator.level)
    listed = ", ".join(str(int(pk)) for pk in units if pk) or "NULL"
    codes = dict(fetch(f"SELECT id, code FROM places_place WHERE id IN ({listed})", []))
    return {str(codes[pk]): _share(count, counted) for pk, count in units.items() if pk in codes and count.targets}


def _share(count: Count, counted: Counted) -> Figure:
    if counted.take == "number":
        return Figure(count.covered)
    return Figure(half_up(WHOLE * count.covered, count.targets) if count.targets else 0)
