"""Adding and editing single places, and how a household stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiangyue.base import changes
from xiangyue.base.consequences import follow
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.writes import alone, write
from xiangyue.places.codes import BELOW, checked_code, next_code
from xiangyue.places.models import Household, HouseholdState, Level, Place
from xiangyue.places.spans import keep_spans, open_spans

WRONG_LEVEL = problem_kind(
    "place_level", _("“{parent}”下面不能直接放{level}。"), _("请选它的上一级：县、乡镇、村、屯组、农户依次相接。")
)
CLOSED = problem_kind("place_closed", _("“{place}”在{day}已不存在。"), _("请选现在仍在的区划，或改日期。"), 409)
NO_NAME = problem_kind("place_name", _("名称是空的。"), _("请写上名称；农户写门牌，不写人名。"))
LATER_SPAN = problem_kind(
    "place_later_span", _("“{place}”在{day}之后已有变更。"), _("请选那次变更当天或以后的日期。"), 409
)
NOT_HOUSEHOLD = problem_kind("place_not_household", _("“{place}”不是农户。"), _("请选一户农户再改状态。"))


@dataclass(frozen=True, slots=True)
class New:
    """A place to be made; an empty code asks for the next free one (below villages only)."""

    name: str
    code: str = ""
    place_class: str = ""
    order: int = 0


def add_place(actor_id: int | None, parent: Place | None, level: str, new: New, *, today: date) -> Place:
    """The new place with its first span; a household gets its row and the state "living here"."""
    with write():
        alone(f"place:{parent.path if parent else ''}")
        place = make_place(parent, level, new, on=today)
        told = {"code": place.code, "name": place.name, "level": level}
        changes.log(actor_id, "place.added", place, path=place.path, after=told)
        if level == Level.HOUSEHOLD:
            follow("states_changed", [place.pk])
    return place


def make_place(parent: Place | None, level: str, new: New, *, on: date) -> Place:
    """The stored row, not logged; for use inside a transaction."""
    if (parent is None) != (level == Level.COUNTY) or (parent and level not in BELOW.get(parent.level, ())):
        raise Problem(WRONG_LEVEL, parent=parent.name if parent else "", level=Level(level).label)
    if parent is not None:
        hold_live(parent, on)
    if not new.name.strip():
        raise Problem(NO_NAME)
    code = checked_code(new.code, level) if new.code or parent is None else ""
    if not code and parent is not None:
        code = next_code(parent, level) if level not in (Level.TOWNSHIP, Level.VILLAGE) else checked_code("", level)
    row = Place(code=code, name=new.name.strip(), level=level, place_class=new.place_class, parent=parent)
    row.order, row.from_on, row.path = new.order, on, f"{parent.path if parent else ''}{code}/"
    if parent is not None:
        row.ground_id, row.township_id, row.village_id = parent.ground_id, parent.township_id, parent.village_id
    row.save()
    _points_to_itself(row)
    open_spans([row.pk], on)
    if level == Level.HOUSEHOLD:
        Household.objects.create(place=row)
        HouseholdState.objects.create(place=row, state=HouseholdState.State.LIVING, from_on=on)
    return row


def _points_to_itself(row: Place) -> None:
    own = {Level.COUNTY: "ground_id", Level.TOWNSHIP: "township_id", Level.VILLAGE: "village_id"}.get(Level(row.level))
    if own:
        setattr(row, own, row.pk)
        row.save(update_fields=[own])


def edit_place(actor_id: int | None, place: Place, *, today: date, on: date | None = None, **values: Any) -> None:
    """Change name, class or order from `on` (default: today); what stood before stays in the spans."""
    day = on or today
    hold_live(place, day)
    hold_no_later_span([place.pk], day)
    names = {name: value for name, value in values.items() if name in ("name", "place_class", "order")}
    before, after = changes.changed({name: getattr(place, name) for name in names}, names)
    if not after:
        return
    if "name" in after and not str(after["name"]).strip():
        raise Problem(NO_NAME)
    with write():
        Place.objects.filter(pk=place.pk).update(**after)
        if set(after) - {"order"}:
            keep_spans([place.pk], day)
        changes.log(actor_id, "place.edited", place, path=place.path, before=before, after=after | {"on": day})
    for name, value in after.items():
        setattr(place, name, value)


def set_household_state(actor_id: int | None, place: Place, state: str, *, on: date, to_on: date | None = None) -> None:
    """How the household stands from `on`; what is on file before stays, what is on file after gives way."""
    if place.level != Level.HOUSEHOLD:
        raise Problem(NOT_HOUSEHOLD, place=place.name)
    hold_live(place, on)
    state = HouseholdState.State(state).value
    with write():
        rows = HouseholdState.objects.filter(place=place)
        current = rows.filter(from_on__lte=on).order_by("-from_on").first()
        before = {"state": current.state, "from_on": current.from_on} if current else None
        then = current.state if current else HouseholdState.State.LIVING.value
        rows.filter(from_on__gte=on).delete()
        rows.filter(to_on=None).update(to_on=on - timedelta(days=1))
        rows.filter(to_on__gte=on).update(to_on=on - timedelta(days=1))
        HouseholdState.objects.create(place=place, state=state, from_on=on, to_on=to_on)
        if to_on is not None:
            HouseholdState.objects.create(place=place, state=then, from_on=to_on + timedelta(days=1))
        told = {"state": state, "from_on": on, "to_on": to_on}
        changes.log(actor_id, "household.state", place, path=place.path, before=before, after=told)
        follow("states_changed", [place.pk])


def hold_live(place: Place, on: date) -> None:
    """Pass only a place that exists on `on`."""
    if place.from_on > on or (place.to_on is not None and place.to_on < on):
        raise Problem(CLOSED, place=place.name, day=on)


def hold_no_later_span(ids: list[int], on: date) -> None:
    """Pass only places that nothing changed after `on`."""
    later = Place.objects.filter(pk__in=ids, spans__from_on__gt=on).first()
    if later is not None:
        raise Problem(LATER_SPAN, place=later.name, day=on)
