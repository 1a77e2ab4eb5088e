"""Households that are no more (moved away, or taken into another): their last day, the term of what is known of them, and back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.base import changes
from xiangyue.base.consequences import follow
from xiangyue.base.scope import Scope
from xiangyue.base.writes import alone, write
from xiangyue.desk.happened import tell
from xiangyue.places.models import HOUSEHOLD_DAYS, Household, HouseholdState, Place, PlaceSpan
from xiangyue.places.spans import close_spans

AT_ONCE = 1_000
tell("household.left", _("迁走或并户"))
tell("household.back", _("恢复为本村农户"))


@dataclass(frozen=True, slots=True)
class Left:
    """What followers in upper rooms are handed: the households that are no more, and their last day."""

    places: tuple[int, ...]
    last: date


def end_households(actor_id: int | None, rows: QuerySet[Household], *, last: date) -> int:
    """`last` is the last day of these households; their names and phones go a year later, all figures stand. Gives how many."""
    with write():
        alone("households-leaving")
        live = rows.filter(Q(place__to_on=None) | Q(place__to_on__gt=last), place__from_on__lte=last)
        found = list(live.order_by("pk").values_list("pk", "place__path"))
        for start in range(0, len(found), AT_ONCE):
            some = found[start : start + AT_ONCE]
            keys = [pk for pk, _path in some]
            Place.objects.filter(pk__in=keys).update(to_on=last)
            close_spans(keys, last)
            _end_states(keys, last)
            Household.objects.filter(pk__in=keys).update(erase_on=last + timedelta(days=HOUSEHOLD_DAYS))
            follow("households_left", Left(tuple(keys), last))
            _log(actor_id, "household.left", some, {"last": last})
    return len(found)


def take_back_households(actor_id: int | None, rows: QuerySet[Household], *, today: date) -> int:
    """Undo it: they live on as they stood on their last day, and their term is none again. Gives how many.

    Who bore them is not put back: it may be somebody else's by now, and the list of gaps shows them.
    """
    with write():
        alone("households-leaving")
        found = list(rows.exclude(place__to_on=None).order_by("pk").values_list("pk", "place__path", "place__to_on"))
        for start in range(0, len(found), AT_ONCE):
            some = found[start : start + AT_ONCE]
            for last in {row[2] for row in some}:
                keys = [row[0] for row in some if row[2] == last]
                PlaceSpan.objects.filter(place_id__in=keys, to_on=last).update(to_on=None)
                HouseholdState.objects.filter(place_id__in=keys, to_on=last).update(to_on=None)
            keys = [row[0] for row in some]
            Place.objects.filter(pk__in=keys).update(to_on=None)
            Household.objects.filter(pk__in=keys).update(erase_on=None)
            follow("households_left", Left(tuple(keys), today))
            _log(actor_id, "household.back", [row[:2] for row in some], {"on": today})
    return len(found)


def leave_today(scope: Scope, rows: QuerySet[Household]) -> int:
    """For the desk: today is the last day of the chosen households."""
    return end_households(scope.user_id, rows, last=timezone.localdate())


def come_back(scope: Scope, rows: QuerySet[Household]) -> int:
    """For the desk: the chosen households were ended by mistake."""
    return take_back_households(scope.user_id, rows, today=timezone.localdate())


def _end_states(keys: Collection[int], last: date) -> None:
    rows = HouseholdState.objects.filter(place_id__in=keys)
    rows.filter(from_on__gt=last).delete()
    rows.filter(Q(to_on=None) | Q(to_on__gt=last)).update(to_on=last)


def _log(actor_id: int | None, act: str, rows: Collection[tuple[int, str]], told: dict[str, date]) -> None:
    table = Place._meta.label_lower
    changes.log_many([(act, table, str(pk), path, None, told) for pk, path in rows], actor_id)
