"""What every demo draws its captures with: ids, instants and faults from a seed, the same each time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from hashlib import sha256
from uuid import UUID

from xiangyue.checks.bulk import Round, Seen
from xiangyue.rules import sheet
from xiangyue.rules.settings import Item, Scheme, Standard

LOCAL = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Ids:
    """Database ids by code, and what a round needs besides."""

    places: dict[str, int]
    people: dict[str, int]
    kinds: dict[str, int]
    scheme_version: int


def uuid_of(*parts: object) -> UUID:
    """An id that is the same each time for the same parts."""
    return UUID(bytes=sha256("/".join(map(str, parts)).encode()).digest()[:16], version=4)


def moment(day: date, minutes: int) -> datetime:
    """An instant: minutes after midnight of the day, county time."""
    return datetime.combine(day, time(0), LOCAL).astimezone(UTC) + timedelta(minutes=minutes)


def day_of(month: date, number: int) -> date:
    """The `number`-th day of the month, at most the 28th."""
    return month.replace(day=min(number, 28))


def made(
    ids: Ids, kind: str, place: str, inspector: str, day: date, at: datetime, seen: tuple[Seen, ...], channel: str
) -> Round:
    """A round with an id drawn from what it is about."""
    uuid = uuid_of("demo", kind, place, inspector, day)
    return Round(
        uuid, sha256(uuid.bytes).hexdigest(), ids.kinds[kind], kind, ids.scheme_version,
        ids.places[place], ids.people[inspector], None, channel, at, day, seen,
    )  # fmt: skip


def inspected(
    scheme: Scheme, ids: Ids, kind: str, place: str, inspector: str, day: date, chance: float, key: str = ""
) -> Round:
    """One sheet of a kind for a place: each item is at fault with this chance.

    `key` stands for the day in what is drawn, so that a demo comes out the same whatever day it is built on.
    """
    rng = random.Random(f"{kind}/{place}/{key or day.toordinal()}")
    standard = scheme.standard(scheme.check_kind(kind).standard)
    entries = tuple(drawn(standard, chance, rng))
    seen = Seen(ids.places[place], place, sheet.points(standard, entries), len(entries), entries)
    return made(ids, kind, place, inspector, day, moment(day, rng.randrange(8 * 60, 17 * 60)), (seen,), "office")


def drawn(standard: Standard, chance: float, rng: random.Random) -> Iterator[sheet.Entry]:
    """The entries of a sheet on which each item is at fault with this chance."""
    for item in standard.items:
        if rng.random() < chance:
            yield from _fault(item, rng)


def _fault(item: Item, rng: random.Random) -> Iterator[sheet.Entry]:
    if item.kind == "deduct" and item.steps:
        step = rng.choice(item.steps)
        yield sheet.Entry(item.code, step.code, n=1 if step.all else rng.choice((1, 1, 2, 3)))
    elif item.kind == "grade" and len(item.grades) > 1:
        best = max(grade.points for grade in item.grades)
        lesser = [grade for grade in item.grades if grade.points < best][:2]
        yield sheet.Entry(item.code, grade=rng.choice(lesser).code)
    elif item.kind in ("pass", "zero") and rng.random() < 0.1:
        yield sheet.Entry(item.code, failed=True)
