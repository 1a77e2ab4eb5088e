"""How the day goes: households checked against households due and against yesterday, never by counting checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Coalesce

from xiangyue.base.scope import below
from xiangyue.checks.models import DayCount, Kind
from xiangyue.places.models import Level, Place
from xiangyue.standings.models import LiveFigure


@dataclass(frozen=True, slots=True)
class Day:
    """A place's households on a day: due, checked, found faulty, and checked the day before."""

    code: str
    name: str
    path: str
    due: int
    checked: int
    faulty: int
    before: int

    @property
    def left(self) -> int:
        """Households still to be checked."""
        return max(0, self.due - self.checked)


def villages_today(paths: tuple[str, ...], day: date) -> list[Day]:
    """The live villages at or below the paths with how far their households' daily check has come, in the tree's order.

    Due are the households that the running month counts as due; a household checked twice on a day counts once a kind.
    """
    villages = Place.objects.live(day).of(Level.VILLAGE).filter(below("path", paths)).order_by("path")
    rows = list(villages.values_list("pk", "code", "name", "path"))
    due = _due(paths, day)
    counted = {village: found for village, *found in _counted(paths, day)}
    days = []
    for pk, code, name, path in rows:
        checked, faulty, before = counted.get(pk, (0, 0, 0))
        most = due.get(pk, 0) or 10**9
        days.append(Day(code, name, path, due.get(pk, 0), min(checked, most), faulty, min(before, most)))
    return days


def by_township(villages: Iterable[Day], townships: Iterable[tuple[str, str, str]]) -> list[Day]:
    """The villages' figures added up under townships given as (code, name, path)."""
    rows = list(villages)
    found = []
    for code, name, path in townships:
        mine = [row for row in rows if row.path.startswith(path)]
        found.append(Day(code, name, path, *(sum(getattr(row, key) for row in mine) for key in KEYS)))
    return found


KEYS = ("due", "checked", "faulty", "before")


def total(rows: Iterable[Day]) -> Day:
    """All of them added up."""
    held = list(rows)
    return Day("", "", "", *(sum(getattr(row, key) for row in held) for key in KEYS))


def townships_below(paths: tuple[str, ...], day: date) -> list[tuple[str, str, str]]:
    """The live townships at or below the paths as (code, name, path)."""
    rows = Place.objects.live(day).of(Level.TOWNSHIP).filter(below("path", paths))
    return list(rows.order_by("order", "code").values_list("code", "name", "path"))


def _due(paths: tuple[str, ...], day: date) -> dict[int, int]:
    """Village → households due in the running month; counted from the register where no month runs yet."""
    rows = LiveFigure.objects.filter(
        below("subject__path", paths),
        subject__level=Level.VILLAGE,
        period__kind="month",
        period__starts_on__lte=day,
        period__ends_on__gte=day,
        n_due__gt=0,
    )
    found = dict(rows.values_list("subject_id").annotate(n=Max("n_due")))
    if found:
        return found
    # a scheme that checks nothing at the door owes nothing there
    doors = Kind.objects.filter(level=Level.HOUSEHOLD).values("ground")
    households = Place.objects.live(day).of(Level.HOUSEHOLD).filter(below("path", paths))
    households = households.filter(Q(ground__in=doors) | Q(township__in=doors))
    return dict(households.order_by().values_list("village_id").annotate(n=Count("pk")))


def _counted(paths: tuple[str, ...], day: date) -> list[tuple[int, int, int, int]]:
    """(village, checks, faulty ones, checks of the day before) over the kinds made at households."""
    eve = day - timedelta(days=1)
    kinds = Kind.objects.filter(level=Level.HOUSEHOLD)
    rows = DayCount.objects.filter(below("village__path", paths), day__in=(eve, day), kind__in=kinds).order_by()
    found = rows.values_list("village_id").annotate(
        n=Coalesce(Sum("n_checks", filter=Q(day=day)), 0),
        faulty=Coalesce(Sum("n_faulty", filter=Q(day=day)), 0),
        before=Coalesce(Sum("n_checks", filter=Q(day=eve)), 0),
    )
    return list(found)
