"""The desks of all rooms, registered by each room's `desk` module when the apps are ready."""

from __future__ import annotations

from django.http import Http404

from xiangyue.desk.declaration import Desk

_DESKS: dict[str, Desk] = {}


def register(desk: Desk) -> Desk:
    """Enter a desk; a name is entered once."""
    if desk.name in _DESKS and _DESKS[desk.name] is not desk:
        raise ValueError(f"desk {desk.name} is registered twice")
    _DESKS[desk.name] = desk
    return desk


def get(name: str) -> Desk:
    """The desk of that name; 404 where there is none."""
    try:
        return _DESKS[name]
    except KeyError:
        raise Http404(name) from None


def known(name: str) -> bool:
    """Whether a desk of that name is registered."""
    return name in _DESKS


def all_desks() -> tuple[Desk, ...]:
    """Every desk, in the order of registration (that of the installed apps)."""
    return tuple(_DESKS.values())
