"""The lines in which a village or township puts forward places for a title: who, and why."""

from __future__ import annotations

from dataclasses import dataclass

from xiangyue.base.roles import STAFF
from xiangyue.base.scope import Scope
from xiangyue.places.meant import APART
from xiangyue.places.meant import doors as homes_at
from xiangyue.places.models import Place

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
    asked = {(parts[0], parts[1]) for parts in rows if len(parts) > 1 and parts[0] not in codes}
    doors = homes_at(asked, scope.paths(STAFF))
    found = []
    for parts in rows:
        door = doors.get((parts[0], parts[1])) if len(parts) > 1 else None
        place = codes.get(parts[0]) or door
        own = place is not None and scope.holds(STAFF, place.path)
        reason = parts[2:] if door else parts[1:]
        found.append(Line(" ".join(parts[:2]) if door else parts[0], place if own else None, "，".join(reason)))
    return found
