"""The dated states of households in a load: a household stands from each day as told, and never twice on one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xiangyue.base.bulk import insert_rows, stored
from xiangyue.places.models import HouseholdState, Level
from xiangyue.rules.days import runs_on
from xiangyue.site.loading.faults import Faults
from xiangyue.site.loading.register import Known, Rows

DAY = timedelta(days=1)
CHUNK = 500


@dataclass(slots=True)
class Spell:
    """A state from a day to a day; `to_on` none: it runs on."""

    state: str
    from_on: date
    to_on: date | None

    def holds(self, day: date) -> bool:
        """Whether it runs on that day."""
        return runs_on(self.from_on, self.to_on, day)


def load_states(rows: Rows, known: Known, faults: Faults) -> int:
    """Set household states from their day on; gives how many were new.

    A state runs to its last day, and then the one before it goes on; without a last day it runs until the next begins.
    One that is on file from that day is left alone, so that a second load takes nothing back.
    """
    told: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line, row in rows:
        spot = known.spots.get(row["household"])
        if spot is None or spot.level != Level.HOUSEHOLD:
            faults.add("states", line, "household", f"农户“{row['household']}”不存在。", "请改正编码。")
        elif any(other["from"] == row["from"] for other in told[spot.id]):
            faults.add("states", line, "from", "同一户同一天起有两个状态。", "请删去一行，或改正日期。")
        else:
            told[spot.id].append(row)
    on_file = _on_file(list(told))
    changed: dict[int, list[Spell]] = {}
    n = 0
    for place, mine in told.items():
        spells = on_file.get(place, [])
        have = {(spell.state, spell.from_on) for spell in spells}
        fresh = [row for row in sorted(mine, key=lambda row: row["from"]) if (row["state"], row["from"]) not in have]
        for row in fresh:
            spells = _with(spells, Spell(row["state"], row["from"], row["to"]))
        if fresh:
            changed[place] = spells
            n += len(fresh)
    _store(changed)
    return n


def _with(spells: list[Spell], new: Spell) -> list[Spell]:
    """The spells with a new one laid over them: what ran before it ends, and goes on after its last day."""
    kept = [Spell(old.state, old.from_on, min(old.to_on or date.max, new.from_on - DAY)) for old in spells
            if old.from_on < new.from_on]  # fmt: skip
    if new.to_on is None:
        return [*kept, new]
    after = new.to_on + DAY
    later = [Spell(old.state, max(old.from_on, after), old.to_on) for old in spells
             if old.to_on is None or old.to_on >= after]  # fmt: skip
    return [*kept, new, *later]


def _on_file(places: list[int]) -> dict[int, list[Spell]]:
    found: dict[int, list[Spell]] = defaultdict(list)
    for at in range(0, len(places), CHUNK):
        rows = HouseholdState.objects.filter(place__in=places[at : at + CHUNK]).order_by("from_on")
        for place, state, from_on, to_on in rows.values_list("place_id", "state", "from_on", "to_on"):
            found[place].append(Spell(state, from_on, to_on))
    return found


def _store(changed: dict[int, list[Spell]]) -> None:
    places = list(changed)
    for at in range(0, len(places), CHUNK):
        HouseholdState.objects.filter(place__in=places[at : at + CHUNK]).delete()
    insert_rows(
        HouseholdState,
        ("place", "state", "from_on", "to_on"),
        [
            (place, spell.state, stored(spell.from_on), stored(spell.to_on))
            for place, spells in changed.items()
            for spell in spells
        ],
    )
