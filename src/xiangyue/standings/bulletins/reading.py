"""Who has read a bulletin and who has not; and what a place has still to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from xiangyue.places.models import Place
from xiangyue.rules.days import LOCAL
from xiangyue.standings.bulletins.models import Bulletin, BulletinRead

RECENT = timedelta(days=62)
"""How long an unread bulletin stands on the home page: until the one after the next is due."""


@dataclass(frozen=True, slots=True)
class Readers:
    """The villages that a bulletin tells of, and which of their offices opened it."""

    n: int
    read: tuple[str, ...]
    unread: tuple[str, ...]


def readers_of(row: Bulletin) -> Readers:
    """By name, in the order of the bulletin."""
    told = row.told["figures"]["villages"]
    seen = set(row.reads.values_list("place__code", flat=True))
    names = {code: str(one["name"]) for code, one in told.items()}
    return Readers(
        len(names), tuple(name for code, name in names.items() if code in seen),
        tuple(name for code, name in names.items() if code not in seen),
    )  # fmt: skip


def unread(place: Place, today: date) -> list[Bulletin]:
    """The bulletins that stand, of the places over this one, that its office has not opened."""
    return waiting((place.path,), today)


def waiting(paths: tuple[str, ...], today: date) -> list[Bulletin]:
    """The same for several places: each bulletin once, the newest first."""
    above = {"/".join(path.split("/")[:n]) + "/" for path in paths for n in range(1, path.count("/"))}
    since = datetime.combine(today - RECENT, time.min, tzinfo=LOCAL)
    rows = Bulletin.objects.standing().light().filter(place__path__in=above - set(paths), issued_at__gte=since)
    read = BulletinRead.objects.filter(place__path__in=paths).values("bulletin")
    return list(rows.exclude(pk__in=read).select_related("place").order_by("-issued_at"))
