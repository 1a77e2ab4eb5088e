"""How a ground stands with its visits: each layer's last and running slot, who is behind, by township or village."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.cache import cache

from xiangyue.duties.layers import LayerOn, layers_on
from xiangyue.duties.visits.keeping import Stand, duties_at, facts_of, stands, window, with_cadence
from xiangyue.places.models import Level, Place
from xiangyue.rules.duty import Slot, slot_of
from xiangyue.rules.numbers import FULL, half_up

KEPT_SECONDS, KEPT_LONGER = 60, 300
MANY = 5_000
"""From so many targets on, figures are kept for longer."""
ORDER = list(Level)


@dataclass(frozen=True, slots=True)
class Tally:
    """Bearers added up: what the last slot asked and got, what the running one asks and has, how many are behind."""

    bearers: int
    last_due: int
    last_kept: int
    due: int
    kept: int
    behind: int

    @property
    def last_rate(self) -> int | None:
        """Kept of the last slot in hundredths; None where nothing was due."""
        return half_up(FULL * self.last_kept, self.last_due) if self.last_due else None

    @property
    def left(self) -> int:
        """What the running slot owes still."""
        return self.due - self.kept


@dataclass(frozen=True, slots=True)
class LayerTally:
    """A layer on a ground: its slots and its tally."""

    layer: LayerOn
    slot: Slot
    last: Slot
    tally: Tally


@dataclass(frozen=True, slots=True)
class UnitTally:
    """A township or village and what its bearers add up to."""

    code: str
    name: str
    tally: Tally


def visited_layers(place: Place, day: date) -> tuple[LayerOn, ...]:
    """The layers with a cadence that can have targets at or below the place."""
    at = ORDER.index(Level(place.level))
    return tuple(one for one in with_cadence(layers_on(place, day)) if ORDER.index(Level(one.layer.target)) >= at)


def stands_in_place(one: LayerOn, path: str, day: date) -> list[Stand]:
    """How everybody stands who bears something of the layer at or below `path`; kept for a while."""
    key = f"visits/stands/{one.scheme}/{one.code}/{path}/{day}"
    found: list[Stand] | None = cache.get(key)
    if found is None:
        found = [_slim(row) for row in _worked_out(one, path, day)]
        cache.set(key, found, _seconds(found))
    return found


def _worked_out(one: LayerOn, path: str, day: date) -> list[Stand]:
    assert one.layer.cadence is not None
    first, last = window(one.layer.cadence, day)
    return stands(facts_of(one, duties_at(one, path), first, last), day)


def _slim(row: Stand) -> Stand:
    """Without its slots target by target: a bearer's own page has those."""
    told = replace(row.told, running=replace(row.told.running, slots=()), last=replace(row.told.last, slots=()))
    return replace(row, told=told)


def _seconds(rows: Sequence[Stand]) -> int:
    return KEPT_SECONDS if sum(row.n_targets for row in rows) < MANY else KEPT_LONGER


def _tally(one: LayerOn, path: str, day: date) -> Tally:
    """The layer added up; kept by itself, for a page of many layers needs no bearer of them."""
    key = f"visits/tally/{one.scheme}/{one.code}/{path}/{day}"
    found: Tally | None = cache.get(key)
    if found is None:
        rows = stands_in_place(one, path, day)
        found = tally_of(rows)
        cache.set(key, found, _seconds(rows))
    return found


def tally_of(rows: Iterable[Stand]) -> Tally:
    """The rows added up."""
    held = list(rows)
    return Tally(
        len(held),
        sum(row.told.last.due for row in held),
        sum(row.told.last.kept for row in held),
        sum(row.told.running.due for row in held),
        sum(row.told.running.kept for row in held),
        sum(row.told.is_behind for row in held),
    )


def layer_tallies(place: Place, day: date) -> list[LayerTally]:
    """Every layer of the ground with what its bearers add up to; layers that nobody bears are left out."""
    found = []
    for one in visited_layers(place, day):
        tally = _tally(one, place.path, day)
        if tally.bearers and one.layer.cadence is not None:
            slot = slot_of(one.layer.cadence.every, day)
            last = slot_of(one.layer.cadence.every, window(one.layer.cadence, day)[0])
            found.append(LayerTally(one, slot, last, tally))
    return found


def by_unit(place: Place, rows: Iterable[Stand], target: str) -> list[UnitTally]:
    """By township of a county, by village of a township: a bearer counts where its first target lies."""
    if place.level not in (Level.COUNTY, Level.TOWNSHIP) or target == place.level:
        return []
    county = place.level == Level.COUNTY
    if not county and target == Level.TOWNSHIP:
        return []
    groups: dict[int | None, list[Stand]] = {}
    for row in rows:
        groups.setdefault(row.township_id if county else row.village_id, []).append(row)
    units = Place.objects.filter(pk__in=[pk for pk in groups if pk]).order_by("path")
    found = [UnitTally(unit.code, unit.name, tally_of(groups[unit.pk])) for unit in units]
    return sorted(found, key=lambda unit: -unit.tally.behind)
