"""What follows from an act in rooms above it: events named below, tied to their followers in `site.consequences`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Follower = Callable[[Any], None]
FOLLOWERS: dict[str, tuple[Follower, ...]] = {}


def tie(event: str, *followers: Follower) -> None:
    """Say who follows an event; the whole table is set once, in `site.consequences`."""
    FOLLOWERS[event] = followers


def follow(event: str, facts: Any) -> None:
    """Let the followers act, in the same transaction."""
    for follower in FOLLOWERS.get(event, ()):
        follower(facts)
