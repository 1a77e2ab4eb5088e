"""The lines in which a village or township puts forward places for a title: who, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xiangyue.base.roles import STAFF
from xiangyue.base.scope import Scope, below
from xiangyue.places.models import Level, Place

APART = re.compile(r"[\s,，、：:;；]+")
MOST = 300


@dataclass(frozen=True, slots=True)
class Line:
    """Who is meant, as it was typed and as found on the actor's ground; and why."""

    typed: str
    place: Place | None
    reason: str


def read_lines(text: str, scope: Scope) -> list[Line]:
    """One line each: a code, or a village and a door (桃花村 3号); then the reason, set apart by a blank or a mark."""
    rows = [parts for line in text.splitlines() if (parts := [part for part in APART.split(line.strip(), 2) if part])]
    codes = {row.code: row for row in Place.objects.filter(code__in={parts[0] for parts in rows})}
    doors = _doors({(parts[0], parts[1]) for parts in rows if len(parts) > 1 and parts[0] not in codes}, scope)
    found = []
    for parts in rows:
        door = doors.get((parts[0], parts[1])) if len(parts) > 1 else None
        place = codes.get(parts[0]) or door
        own = place is not None and scope.holds(STAFF, place.path)
        reason = parts[2:] if door else parts[1:]
        found.append(Line(" ".join(parts[:2]) if door else parts[0], place if own else None, "，".join(reason)))
    return found


def _doors(asked: set[tuple[str, str]], scope: Scope) -> dict[tuple[str, str], Place]:
    """Households on the actor's ground by village and door, where these say which one."""
    if not asked:
        return {}
    rows = Place.objects.filter(
        below("path", scope.paths(STAFF)), level=Level.HOUSEHOLD, to_on=None,
        village__name__in={village for village, _door in asked}, name__in={door for _village, door in asked},
    ).select_related("village")  # fmt: skip
    held: dict[tuple[str, str], list[Place]] = {}
    for row in rows:
        held.setdefault((row.village.name if row.village else "", row.name), []).append(row)
    return {key: rows[0] for key, rows in held.items() if len(rows) == 1}
