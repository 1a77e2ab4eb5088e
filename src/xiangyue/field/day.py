"""What a bearer has to do on a day: the households of their duty in the order of the doors, and what is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.in_force import schemes_by_ground
from xiangyue.base.bulk import stored
from xiangyue.captures.models import Capture
from xiangyue.checks.handlers import UNDO_WITHIN
from xiangyue.checks.models import Check, Kind, SheetTotal
from xiangyue.checks.storing import month_of
from xiangyue.people.models import Person
from xiangyue.rules.numbers import half_up
from xiangyue.rules.settings import CheckKind, Scheme, Standard

NOT_DUE = ("away", "empty")
UNITS = {"household": _("户"), "village": _("个村"), "hamlet": _("个组"), "public_place": _("处")}
"""What the subjects of a kind of check are counted in."""
DUTIES = """SELECT d.ground_id, d.scheme, d.layer, p.id, p.code, p.name, p.level, p.path, p."order", v.name, u.name,
u.level, h.head_name, s.state, d.person_id FROM duties_duty d JOIN places_place p ON p.id = d.target_id
LEFT JOIN places_place v ON v.id = p.village_id LEFT JOIN places_place u ON u.id = p.parent_id
LEFT JOIN places_household h ON h.place_id = p.id
LEFT JOIN places_householdstate s ON s.place_id = p.id AND s.from_on <= %s AND (s.to_on IS NULL OR s.to_on >= %s)
WHERE d.from_on <= %s AND (d.to_on IS NULL OR d.to_on >= %s) AND p.from_on <= %s
AND (p.to_on IS NULL OR p.to_on >= %s)"""
STANDS_IN = " AND (d.stand_in_from IS NULL OR d.stand_in_from <= %s) AND (d.stand_in_to IS NULL OR d.stand_in_to >= %s)"


@dataclass(slots=True)
class Door:
    """One subject of the round."""

    id: int
    code: str
    name: str
    where: str
    head: str
    state: str
    stands_in: bool
    own_yard: bool = False
    check: Check | None = None
    n: int = 0
    mean: int | None = None
    """Checks of this month and their mean, where asked for."""

    @property
    def due(self) -> bool:
        """Whether it owes a check: away and empty ones do not."""
        return self.state not in NOT_DUE

    @property
    def mark(self) -> str:
        """The badge: clean, fault, held, or unseen."""
        if self.check is None:
            return "unseen" if self.due else self.state
        if self.check.state == Check.State.HELD:
            return "held"
        if self.check.score is None:
            return "void"
        return "fault" if self.check.n_faults else "clean"


@dataclass(slots=True)
class Day:
    """A bearer's day for one kind of check."""

    person: Person
    day: date
    kind: CheckKind | None = None
    standard: Standard | None = None
    scheme: Scheme | None = None
    kinds: list[CheckKind] = field(default_factory=list)
    """All kinds that the bearer makes; one page each."""
    doors: list[Door] = field(default_factory=list)
    kind_id: int = 0

    @property
    def unit(self) -> str:
        """What is counted: households, public places …"""
        return unit_of(self.kind.subject if self.kind else "")

    @property
    def left(self) -> list[Door]:
        """Those still to be seen."""
        return [door for door in self.doors if door.due and door.check is None]

    @property
    def n_due(self) -> int:
        """How many are due today (or seen although not due)."""
        return sum(1 for door in self.doors if door.due or door.check is not None)

    @property
    def n_done(self) -> int:
        """How many are seen."""
        return sum(1 for door in self.doors if door.check is not None)

    @property
    def n_faulty(self) -> int:
        """How many of them had faults."""
        return sum(1 for door in self.doors if door.check is not None and door.check.n_faults)

    def door(self, code: str) -> Door | None:
        """The door of that code."""
        return next((door for door in self.doors if door.code == code), None)


def unit_of(level: str) -> str:
    """What places of a level are counted in; households where nothing else is said."""
    return str(UNITS.get(level, UNITS["household"]))


def day_of(person: Person, day: date, check: str = "") -> Day:
    """The bearer's day: own yard first, then hamlet by hamlet along the doors; in few queries whatever is on file."""
    found = Day(person, day)
    rows = _duties(person, day)
    schemes = schemes_by_ground((row[0] for row in rows), day)
    mine: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        scheme = schemes.get((row[0], row[1]))
        for kind in scheme.check_kinds if scheme else ():
            if row[2] in kind.layers and row[6] == kind.subject:
                if kind.code not in mine:
                    found.kinds.append(kind)
                mine.setdefault(kind.code, []).append(row)
    chosen = next((kind for kind in found.kinds if kind.code == check), found.kinds[0] if found.kinds else None)
    if chosen is None:
        return found
    ground_id, code = mine[chosen.code][0][:2]
    found.kind, found.scheme = chosen, schemes[ground_id, code]
    found.standard = found.scheme.standard(chosen.standard)
    found.doors = _doors(person, mine[chosen.code])
    numbers = Kind.objects.filter(ground_id=ground_id, scheme=code, code=chosen.code).values_list("pk", flat=True)
    found.kind_id = numbers.first() or 0
    _seen(found)
    return found


def with_month(day: Day) -> Day:
    """The day with this month's checks of each door and their mean."""
    totals = SheetTotal.objects.filter(
        subject_id__in=[door.id for door in day.doors], kind_id=day.kind_id, month=month_of(day.day)
    )
    held = {row.subject_id: row for row in totals}
    for door in day.doors:
        row = held.get(door.id)
        if row is not None and row.n:
            door.n, door.mean = row.n, half_up(row.total, row.n)
    return day


def undoable(person: Person, user_id: int, now: datetime) -> list[Capture]:
    """The captures that can still be taken back, newest first."""
    since = now - UNDO_WITHIN
    rows = Capture.objects.filter(person=person, user_id=user_id, received_at__gte=since, kind__in=("round", "sheet"))
    return list(rows.exclude(state=Capture.State.WITHDRAWN).annotate(n=Count("checks")).order_by("-id")[:3])


def _duties(person: Person, day: date) -> list[tuple[Any, ...]]:
    on = stored(day)
    # two halves, each along its own index, instead of one OR that reads every duty
    sql = f"{DUTIES} AND d.person_id = %s UNION {DUTIES} AND d.stand_in_id = %s{STANDS_IN}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*[on] * 6, person.pk, *[on] * 6, person.pk, on, on])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _doors(person: Person, rows: list[tuple[Any, ...]]) -> list[Door]:
    doors: dict[int, Door] = {}
    for row in sorted(rows, key=lambda row: (row[3] != person.home_id, row[7].rsplit("/", 2)[0], row[8], row[7])):
        # a village stands in its township, a door in its hamlet or village
        where = (row[10] if row[11] == "hamlet" or row[6] == "village" else row[9]) or ""
        stands_in = row[14] != person.pk
        door = Door(row[3], row[4], row[5], where, row[12] or "", row[13] or "living", stands_in)
        door.own_yard = row[3] == person.home_id
        doors.setdefault(row[3], door)
    return list(doors.values())


def _seen(found: Day) -> None:
    states = (Check.State.COUNTED, Check.State.VOID, Check.State.HELD, Check.State.LATE)
    # of these doors only: one person may have a whole township's sheets of a day under their name
    doors = [door.id for door in found.doors]
    rows = Check.objects.filter(
        inspector=found.person, day=found.day, kind_id=found.kind_id, state__in=states, subject_id__in=doors
    )
    latest = {row.subject_id: row for row in rows.order_by("id")}
    for door in found.doors:
        door.check = latest.get(door.id)


@dataclass(slots=True)
class Made:
    """One capture of the person's own record."""

    capture_id: int
    day: date
    made_at: datetime
    kind: str
    state: str
    channel: str
    unit: str
    n: int = 0
    faulty: list[str] = field(default_factory=list)


def last_days(person: Person, today: date, days: int = 7) -> list[Made]:
    """What the person recorded in the last days, newest first."""
    first = today - timedelta(days=days - 1)
    rows = Check.objects.filter(inspector=person, day__gte=first).order_by("-day", "-made_at", "-capture_id", "id")
    made: dict[int, Made] = {}
    for capture, day, made_at, kind, state, channel, faults, subject, level in rows.values_list(
        "capture_id",
        "day",
        "made_at",
        "kind__name",
        "capture__state",
        "capture__channel",
        "n_faults",
        "subject__name",
        "kind__level",
    ):
        one = made.setdefault(capture, Made(capture, day, made_at, kind, state, channel, unit_of(level)))
        one.n += 1
        if faults:
            one.faulty.append(subject)
    return list(made.values())
