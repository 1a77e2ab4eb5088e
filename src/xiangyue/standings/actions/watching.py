"""Watch lists: a place put on one with its basis and end, and turned round with reason and record."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from xiangyue.agreements.in_force import scheme_on
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.places.models import Place
from xiangyue.rules.settings import Scheme, WatchList
from xiangyue.standings import problems
from xiangyue.standings.ratings import problems as refused
from xiangyue.standings.ratings.models import WatchEntry

if TYPE_CHECKING:
    from xiangyue.people.models import User

LOCK = "watch"


def list_of(scheme: Scheme, code: str) -> WatchList:
    """The watch list of that code; Problem where the scheme has none."""
    found = next((row for row in scheme.watch_lists if row.code == code), None)
    if found is None:
        raise Problem(refused.NO_WATCH_LIST, scheme=scheme.name, code=code)
    return found


def end_of(watch_list: WatchList, on: date) -> date:
    """The last day that an entry of that day stands."""
    months = on.month - 1 + watch_list.months
    year, month = on.year + months // 12, months % 12 + 1
    return date(year, month, min(on.day, monthrange(year, month)[1])) - timedelta(days=1)


def watch(
    actor: User | None,
    ground: Place,
    scheme: str,
    code: str,
    place: Place,
    *,
    basis: str,
    on: date,
    now: datetime,
    until: date | None = None,
    more: Mapping[str, Any] | None = None,
) -> WatchEntry:
    """A place on the list from that day, for the scheme's months or until `until`; Problem while it is on it already."""
    if not basis.strip():
        raise Problem(problems.EMPTY_TEXT, what="列入依据")
    _, found = scheme_on(ground, scheme, on)
    held = list_of(found, code)
    if place.level != held.level or not place.path.startswith(ground.path):
        raise Problem(problems.NOT_ITS_SUBJECT, subject=place.name, composite=held.name)
    with write():
        alone(LOCK)
        rows = WatchEntry.objects.filter(place=place, scheme=scheme, watch_list=code)
        other = rows.standing(on).first()
        if other is not None:
            raise Problem(refused.ALREADY_WATCHED, place=place.name, name=held.name, last=other.to_on)
        row = WatchEntry.objects.create(
            ground=ground, scheme=scheme, watch_list=code, place=place, basis=basis.strip()[:200], from_on=on,
            to_on=max(on, until or end_of(held, on)), entered_at=now, entered_by=actor,
        )  # fmt: skip
        after = {"list": held.name, "basis": row.basis, "until": row.to_on.isoformat(), **(more or {})}
        changes.log(actor.pk if actor else None, "watch.added", row, path=place.path, after=after)
    return row


def turn_round(
    actor: User | None, entry: WatchEntry, *, on: date, reason: str, record: str, now: datetime
) -> WatchEntry:
    """A place that has been turned round: what was achieved, by which record, from which day it is off the list."""
    for what, value in (("整顿成效", reason), ("验收记录", record)):
        if not value.strip():
            raise Problem(problems.EMPTY_TEXT, what=what)
    with write():
        rows = WatchEntry.objects.select_for_update(of=("self",)).select_related("place")
        row = rows.get(pk=entry.pk)
        if row.turned_on is not None:
            raise Problem(refused.ALREADY_TURNED, place=row.place.name)
        if on < row.from_on:
            raise Problem(refused.TURNED_TOO_EARLY, day=on, first=row.from_on)
        row.turned_on, row.turned_reason, row.turned_record = on, reason.strip()[:200], record.strip()[:80]
        row.save(update_fields=["turned_on", "turned_reason", "turned_record"])
        after = {"on": on.isoformat(), "record": row.turned_record}
        changes.log(
            actor.pk if actor else None, "watch.turned", row, path=row.place.path, after=after,
            reason=row.turned_reason,
        )  # fmt: skip
    return row
