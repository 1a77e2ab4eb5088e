"""What can be done to a capture once it is on file: taken back by its maker, or, while it is held, let in by a person.

Rounds and sheets are the checks' own; every other room says here what it does with the kinds it takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from xiangyue.captures.models import Capture


class Afterwards(Protocol):
    """What a room does with captures of its kinds; both are called inside the act's transaction."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of captures it answers for."""

    def take_back(self, captures: Sequence[Capture]) -> None:
        """Let what these captures said count no more; a Problem where that can't be."""

    def let_in(self, capture: Capture, on: date) -> None:
        """Let a held capture count on that day; a Problem where it can't."""


_rooms: dict[str, Afterwards] = {}


def answer_for(room: Afterwards) -> None:
    """Register a room for its kinds; each kind has one."""
    if any(kind in _rooms for kind in room.kinds):
        raise ValueError(f"captures of kind {room.kinds} are answered for already")
    _rooms.update(dict.fromkeys(room.kinds, room))


def room_of(kind: str) -> Afterwards | None:
    """The room that answers for captures of that kind; None for rounds, sheets and what is unknown."""
    return _rooms.get(kind)


def take_back(captures: Sequence[Capture]) -> None:
    """Let each room take back its own of these captures."""
    by_room: dict[int, tuple[Afterwards, list[Capture]]] = {}
    for capture in captures:
        room = room_of(capture.kind)
        if room is not None:
            by_room.setdefault(id(room), (room, []))[1].append(capture)
    for room, mine in by_room.values():
        room.take_back(mine)
