"""What a village receives in a month: visits by those who come from outside, and those planned at dispatch."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, F, Q

from xiangyue.duties.dispatch_models import DispatchAsk
from xiangyue.duties.visit_models import Visit, VisitParty
from xiangyue.places.models import Level, Place
from xiangyue.rules.days import month_of

COMING = Q(person__isnull=False) & ~Q(person__place__village=F("visit__target__village"))
UNIT = Q(person=None, organisation__isnull=False)


def received_in(path: str, day: date) -> dict[int, int]:
    """Village key → visits in the day's month, one for each visitor from outside and day, of villages at or below `path`."""
    month = month_of(day)
    rows = VisitParty.objects.filter(
        COMING | UNIT, visit__state=Visit.State.COUNTED, visit__day__gte=month.starts_on,
        visit__day__lte=month.ends_on, visit__target__path__gte=path, visit__target__path__lt=path[:-1] + "0",
        visit__target__village__isnull=False,
    )  # fmt: skip
    each = rows.order_by().values("visit__target__village", "visit__day", "person", "organisation").distinct()
    found: dict[int, int] = {}
    counted: set[tuple[int, date, int | None, int | None]] = set()
    for row in each:
        village, person = int(row["visit__target__village"] or 0), row["person"]
        key = (village, row["visit__day"], person, None if person else row["organisation"])
        if key not in counted:
            counted.add(key)
            found[village] = found.get(village, 0) + 1
    return found


def planned_visits(village: Place, day: date) -> int:
    """Visits of the day's month that somebody was asked to make and has not made yet."""
    month = month_of(day)
    rows = DispatchAsk.objects.filter(
        state=DispatchAsk.State.OPEN, is_visit=True, by_on__gte=month.starts_on, by_on__lte=month.ends_on,
        place__path__startswith=village.path,
    )  # fmt: skip
    return int(rows.aggregate(n=Count("pk"))["n"])


def village_of(place: Place | None) -> Place | None:
    """The village that a place is or lies in."""
    if place is None:
        return None
    return place if place.level == Level.VILLAGE else place.village
