"""Short ways to send a round of the named member and to read what it left."""

from __future__ import annotations

from typing import Any

from tests.cast import NOW, Cast
from xiangyue.captures.intake import Actor, Answer
from xiangyue.checks.actions import Fault, record_round
from xiangyue.checks.models import SheetTotal
from xiangyue.rules.sheet import Entry

LITTER = Entry("S01-1", "rubbish", 2)
UNSORTED = Entry("S01-1", "unsorted")


def actor(cast: Cast, name: str = "bearer", channel: str = "phone") -> Actor:
    """Who sends, by what channel."""
    return Actor(cast.users[name].pk, channel)


def codes(cast: Cast, *numbers: int) -> list[str]:
    """The codes of these households."""
    return [cast.household(number).code for number in numbers]


def go(cast: Cast, *fine: int, faults: tuple[Fault, ...] = (), **more: Any) -> Answer:
    """The answer to a daily round: these are fine, those have faults."""
    return record_round(
        more.pop("actor", actor(cast)),
        "daily",
        fine=codes(cast, *fine),
        faults=faults,
        now=more.pop("now", NOW),
        **more,
    )


def total(cast: Cast, number: int) -> tuple[int, int, int, int, int]:
    """A household's sums: sheets, total, lowest, highest, last."""
    row = SheetTotal.objects.get(subject=cast.household(number))
    return row.n, row.total, row.lowest, row.highest, row.last
