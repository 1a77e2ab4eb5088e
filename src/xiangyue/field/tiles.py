"""The faults of a standard as tiles to tap: a pictogram and a word each; and what was tapped, as entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiangyue.rules.settings import Item, Standard
from xiangyue.rules.sheet import Entry

MOST = 9
"""The largest number of places that a tile offers; more is typed on a sheet."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One thing to tap: `name` is the form field, `n` how many places were tapped (0: none)."""

    name: str
    words: str
    icon: str
    unit: str = ""
    n: int = 0

    @property
    def counted(self) -> bool:
        """Whether the number of places is asked for."""
        return bool(self.unit)


@dataclass(frozen=True, slots=True)
class Group:
    """The tiles of one item."""

    item: str
    tiles: tuple[Tile, ...]


def groups_of(standard: Standard, held: Mapping[str, int]) -> list[Group]:
    """The tiles of all items that can lose points; `held` is the number already recorded by tile."""
    found = [Group(item.name, tuple(_tiles(item, held))) for item in standard.items if item.kind != "bonus"]
    return [group for group in found if group.tiles]


def held_by(entries: list[tuple[str, str, str, int]]) -> dict[str, int]:
    """Tile name → number, from (item, step, grade, n) on file."""
    return {f"{item}.{step or grade or 'failed'}": n for item, step, grade, n in entries}


def tapped(standard: Standard, form: Mapping[str, str]) -> tuple[Entry, ...]:
    """The entries of what was tapped; a field that is no tile is left alone."""
    found: list[Entry] = []
    for item in standard.items:
        for tile in _tiles(item, {}):
            if not form.get(f"t.{tile.name}"):
                continue
            key = tile.name.partition(".")[2]
            if item.kind == "deduct":
                typed = form.get(f"n.{tile.name}", "1")
                found.append(Entry(item.code, key, int(typed) if typed.isdecimal() else 1))
            elif item.kind == "grade":
                found.append(Entry(item.code, grade=key))
            else:
                found.append(Entry(item.code, failed=True))
    return tuple(found)


def _tiles(item: Item, held: Mapping[str, int]) -> list[Tile]:
    if item.kind == "deduct":
        return [
            Tile(name, step.name, step.pictogram or item.pictogram, "" if step.all else step.unit, held.get(name, 0))
            for step in item.steps
            for name in (f"{item.code}.{step.code}",)
        ]
    if item.kind == "grade":
        best = max(grade.points for grade in item.grades)
        return [
            Tile(name, f"{item.fault or item.name}:{grade.name}", item.pictogram, n=held.get(name, 0))
            for grade in item.grades
            if grade.points < best
            for name in (f"{item.code}.{grade.code}",)
        ]
    if item.kind in ("pass", "zero"):
        name = f"{item.code}.failed"
        return [Tile(name, item.fault or item.name, item.pictogram, n=held.get(name, 0))]
    return []
