"""Dispatch meetings: held, minuted, what somebody is asked to do by when, and that it was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xiangyue.agreements.burden import hold_under_cap
from xiangyue.agreements.in_force import schemes_over
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.duties.actions.single import Bearing, kind_of
from xiangyue.duties.dispatch_models import MINUTES_DAYS, Dispatch, DispatchAsk
from xiangyue.duties.visits import problems
from xiangyue.duties.visits.dispatching import rhythm_of
from xiangyue.duties.visits.received import planned_visits, received_in, village_of
from xiangyue.people.models import User
from xiangyue.places.models import Place
from xiangyue.rules.burden import Received


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody is asked to do by a day, where; a visit is held against the village's cap."""

    doer: Bearing | None
    what: str
    by_on: date
    place: Place | None = None
    is_visit: bool = False


def hold_dispatch(
    actor: User | None, place: Place, held_on: date, *, chair: str = "", today: date, now: datetime
) -> Dispatch:
    """A meeting of the ground on a day; it looks back to the day after the last one."""
    with write():
        alone(f"dispatch:{place.pk}")
        last = Dispatch.objects.filter(place=place).order_by("-held_on").first()
        if last is not None and last.held_on == held_on:
            raise Problem(problems.DISPATCH_TWICE, place=place.name, day=held_on)
        if held_on > today or (last is not None and last.held_on > held_on):
            raise Problem(problems.DISPATCH_DAYS, day=held_on)
        row = Dispatch.objects.create(
            place=place, held_on=held_on, chair=chair.strip()[:40], made_at=now, made_by=actor,
            erase_on=held_on + timedelta(days=MINUTES_DAYS),
            since=last.held_on + timedelta(days=1) if last else held_on - rhythm_of(place, held_on).first_back,
        )  # fmt: skip
        _log(actor, "dispatch.held", row, {"held_on": held_on, "since": row.since})
    return row


def write_minutes(actor: User | None, row: Dispatch, minutes: str, chair: str) -> Dispatch:
    """The meeting with its minutes as they are now; the log keeps that they were changed, not what they said."""
    with write():
        row.minutes, row.chair = minutes.strip()[:4000], chair.strip()[:40]
        row.save(update_fields=["minutes", "chair"])
        _log(actor, "dispatch.minuted", row, {"letters": len(row.minutes)})
    return row


def ask(actor: User | None, row: Dispatch, asking: Asking) -> DispatchAsk:
    """What was asked of somebody; Problem when a planned visit goes over the village's cap of the month."""
    if asking.doer is None:
        raise Problem(problems.ASK_DOER)
    if not asking.what.strip():
        raise Problem(problems.NEEDS_WORDS, what="要办什么")
    if asking.by_on < row.held_on:
        raise Problem(problems.ASK_DAY, day=asking.by_on)
    with write():
        alone(f"dispatch:{row.place_id}")
        if asking.is_visit:
            _hold_cap(asking)
        found = DispatchAsk.objects.create(
            dispatch=row, place=asking.place, what=asking.what.strip()[:200], by_on=asking.by_on,
            is_visit=asking.is_visit, **{kind_of(asking.doer): asking.doer},
        )  # fmt: skip
        told = {"by_on": asking.by_on, "doer": asking.doer.code}
        changes.log(actor.pk if actor else None, "dispatch_ask.made", found, path=row.place.path, after=told)
    return found


def end_ask(actor: User | None, asked: DispatchAsk, state: str, outcome: str, *, today: date) -> DispatchAsk:
    """The asking done, with what came of it, or dropped with the reason."""
    if not outcome.strip():
        raise Problem(problems.NEEDS_WORDS, what="办理情况")
    with write():
        row = DispatchAsk.objects.select_for_update(of=("self",)).select_related("dispatch__place").get(pk=asked.pk)
        if row.state != DispatchAsk.State.OPEN:
            raise Problem(problems.ASK_OVER, state=row.get_state_display())
        row.state, row.done_on, row.outcome = DispatchAsk.State(state), today, outcome.strip()[:200]
        row.erase_on = today + timedelta(days=MINUTES_DAYS)
        row.save(update_fields=["state", "done_on", "outcome", "erase_on"])
        changes.log(
            actor.pk if actor else None, f"dispatch_ask.{state}", row, path=row.dispatch.place.path,
            after={"state": row.get_state_display()},
        )  # fmt: skip
    return row


def _hold_cap(asking: Asking) -> None:
    """Pass only a visit under which the village receives no more in the month than its scheme allows."""
    village = village_of(asking.place)
    if village is None:
        raise Problem(problems.ASK_PLACE)
    month = asking.by_on
    n = received_in(village.path, month).get(village.pk, 0) + planned_visits(village, month) + 1
    for _version, scheme in schemes_over(village, month):
        hold_under_cap(scheme, [Received(village.name, 0, visits=n)])


def _log(actor: User | None, act: str, row: Dispatch, after: dict[str, object]) -> None:
    changes.log(actor.pk if actor else None, act, row, path=row.place.path, after=after)
