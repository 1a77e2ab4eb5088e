"""Coverage and load by layer: how many targets somebody answers for, where nobody does, and how much each bearer has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef

from xiangyue.base.dated import held_on
from xiangyue.duties.layers import LayerOn, groups_of, layers_on
from xiangyue.duties.models import Duty
from xiangyue.places.models import HouseholdState, Level, Place, PlaceQuerySet
from xiangyue.rules.settings import Layer

APART = (HouseholdState.State.AWAY, HouseholdState.State.EMPTY)
"""Households in these states owe nothing and are counted apart."""


@dataclass(frozen=True, slots=True)
class LayerCoverage:
    """One layer on a ground on a day. Layers that exclude each other share their targets, covered and gaps."""

    scheme: str
    code: str
    name: str
    mark: str
    """Equal for layers that are covered together."""
    target: str
    """Level of the targets."""
    targets: int
    """Those that have to be covered; away and empty households stand apart."""
    covered: int
    apart: int
    short: int
    """Covered, but by fewer bearers than the scheme wants."""
    borne: int
    """Duties of this layer alone, each bearer's counted."""
    bearers: int
    load_min: int
    load_median: int
    """The lower middle of an even number, so that it is somebody's number."""
    load_max: int
    over_limit: int
    limit: int
    derived: bool = False
    """Borne by the households themselves: nothing is stored."""

    @property
    def gaps(self) -> int:
        """Targets that nobody answers for."""
        return self.targets - self.covered


class Count(NamedTuple):
    """Coverage of the targets below one place."""

    targets: int
    covered: int
    apart: int
    short: int

    @property
    def gaps(self) -> int:
        """Targets that nobody answers for."""
        return self.targets - self.covered


class Load(NamedTuple):
    """How many targets a bearer has on a layer, on the whole ground."""

    layer: str
    person_id: int | None
    organisation_id: int | None
    n: int


@dataclass(slots=True)
class _Sql:
    text: str
    values: list[Any] = field(default_factory=list)

    def rows(self) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(self.text, self.values)
            return list(cursor.fetchall())


LIVE = "{0}.from_on <= %s AND ({0}.to_on IS NULL OR {0}.to_on >= %s)"
UNITS = {"": "0", Level.TOWNSHIP: "p.township_id", Level.VILLAGE: "p.village_id", Level.HAMLET: "p.parent_id"}


def coverage_of(path: str, day: date) -> tuple[LayerCoverage, ...]:
    """Coverage and load of every layer in force over the targets at or below `path`, in the scheme's order."""
    place = Place.objects.filter(path=path).first()
    if place is None:
        return ()
    found: dict[tuple[str, str], LayerCoverage] = {}
    known: dict[str, Count] = {}
    layers = layers_on(place, day)
    for group in groups_of(layers):
        if not _has_targets(place, group):
            continue
        level, derived = group[0].layer.target, group[0].layer.bearer == "household"
        count = known[level] if derived and level in known else _count(path, day, group)
        known[level] = count._replace(covered=count.targets, short=0)
        loads = [] if derived else loads_of(place, day, group)
        for one in group:
            found[one.scheme, one.code] = _told(one, count, [row.n for row in loads if row.layer == one.code])
    return tuple(found[one.scheme, one.code] for one in layers if (one.scheme, one.code) in found)


def _count(path: str, day: date, group: Sequence[LayerOn]) -> Count:
    return coverage_by(path, day, group).get(0, Count(0, 0, 0, 0))


def _has_targets(place: Place, group: Sequence[LayerOn]) -> bool:
    """Whether a layer's targets can lie at or below the place: no townships lie in a village."""
    order = list(Level)
    return order.index(Level(group[0].layer.target)) >= order.index(Level(place.level))


def _told(one: LayerOn, count: Count, loads: list[int]) -> LayerCoverage:
    loads.sort()
    derived = one.layer.bearer == "household"
    if derived:
        loads = [1] if count.targets else []
    return LayerCoverage(
        scheme=one.scheme, code=one.code, name=one.layer.name, mark=one.mark, target=one.layer.target,
        targets=count.targets, covered=count.covered, apart=count.apart, short=count.short,
        borne=count.targets if derived else sum(loads),
        bearers=count.targets if derived else len(loads),
        load_min=loads[0] if loads else 0,
        load_median=loads[(len(loads) - 1) // 2] if loads else 0,
        load_max=loads[-1] if loads else 0,
        over_limit=sum(0 < one.layer.per_bearer < n for n in loads),
        limit=one.layer.per_bearer, derived=derived,
    )  # fmt: skip


def coverage_by(path: str, day: date, group: Sequence[LayerOn], unit: str = "") -> dict[int, Count]:
    """Place key → coverage of the group's targets below it; `unit` is the level of those places, empty: key 0, all."""
    layer = group[0].layer
    least = max((one.layer.bearers_min for one in group), default=0)
    marks = ", ".join(["%s"] * len(group))
    classes = f" AND p.place_class IN ({', '.join(['%s'] * len(layer.classes))})" if layer.classes else ""
    text = f"""SELECT unit, COUNT(*), SUM(apart),
        SUM(CASE WHEN apart = 0 AND n > 0 THEN 1 ELSE 0 END),
        SUM(CASE WHEN apart = 0 AND n > 0 AND n < %s THEN 1 ELSE 0 END)
    FROM (SELECT {UNITS[unit]} AS unit, CASE WHEN s.id IS NULL THEN 0 ELSE 1 END AS apart,
        (SELECT COUNT(*) FROM duties_duty d WHERE d.target_id = p.id AND d.scheme = %s AND d.layer IN ({marks})
            AND {LIVE.format("d")}) AS n
        FROM places_place p
        LEFT JOIN places_householdstate s ON s.place_id = p.id AND s.state IN (%s, %s) AND {LIVE.format("s")}
        WHERE p.level = %s AND p.path >= %s AND p.path < %s AND {LIVE.format("p")}{classes}) spots
    GROUP BY unit"""
    values = [least, group[0].scheme, *(one.code for one in group), day, day, *APART, day, day,
              layer.target, path, path[:-1] + "0", day, day, *layer.classes]  # fmt: skip
    derived, partial = layer.bearer == "household", all(one.layer.partial for one in group)
    found = {}
    for key, total, apart, covered, short in _Sql(text, values).rows():
        targets = covered if partial else total - apart
        found[key] = Count(targets, targets if derived else covered, 0 if partial else apart, short)
    return found


def loads_of(place: Place, day: date, group: Sequence[LayerOn]) -> list[Load]:
    """What everybody has who bears something of the group at or below the place; counted over the whole ground."""
    marks = ", ".join(["%s"] * len(group))
    scheme, codes = group[0].scheme, [one.code for one in group]
    values: list[Any] = [group[0].ground_id, scheme, *codes, day, day]
    where = ""
    if place.pk != group[0].ground_id:
        here = f"""SELECT {{}} FROM duties_duty h JOIN places_place t ON t.id = h.target_id
            WHERE h.scheme = %s AND h.layer IN ({marks}) AND {LIVE.format("h")} AND t.path >= %s AND t.path < %s
            AND {{}} IS NOT NULL"""
        own = [scheme, *codes, day, day, place.path, place.path[:-1] + "0"]
        where = f""" AND (d.person_id IN ({here.format("h.person_id", "h.person_id")})
            OR d.organisation_id IN ({here.format("h.organisation_id", "h.organisation_id")}))"""
        values += [*own, *own]
    text = f"""SELECT d.layer, d.person_id, d.organisation_id, COUNT(*) FROM duties_duty d
        WHERE d.ground_id = %s AND d.scheme = %s AND d.layer IN ({marks}) AND {LIVE.format("d")}{where}
        GROUP BY d.layer, d.person_id, d.organisation_id"""
    return [Load(*row) for row in _Sql(text, values).rows()]


def gaps_in(path: str, day: date, group: Sequence[LayerOn]) -> PlaceQuerySet:
    """The targets of the group at or below `path` that nobody answers for, in the tree's order; none of partial layers."""
    if all(one.layer.partial for one in group):
        return Place.objects.none()
    borne = Duty.objects.live(day).filter(
        target_id=OuterRef("pk"), scheme=group[0].scheme, layer__in=[one.code for one in group]
    )
    rows = targets_below(group[0].layer, path, day).exclude(Exists(borne))
    return rows.exclude(Exists(_apart(day))).order_by("path")


def targets_below(layer: Layer, path: str, day: date) -> PlaceQuerySet:
    """The places at or below `path` that the layer is about."""
    rows = Place.objects.live(day).below(path).of(layer.target)
    return rows.filter(place_class__in=layer.classes) if layer.classes else rows


def apart_in(path: str, day: date) -> PlaceQuerySet:
    """The households at or below `path` that are away or empty, which are not counted as gaps."""
    return Place.objects.live(day).below(path).of(Level.HOUSEHOLD).filter(Exists(_apart(day))).order_by("path")


def _apart(day: date) -> Any:
    return HouseholdState.objects.filter(held_on(day), place_id=OuterRef("pk"), state__in=APART)
