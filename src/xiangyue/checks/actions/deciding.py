"""What a clerk decides: a held capture is taken in or dismissed, late ones are taken in by a new version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.base.changes import log
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.roles import OFFICES
from xiangyue.base.scope import Scope, require
from xiangyue.base.writes import write
from xiangyue.captures import afterwards, intake
from xiangyue.captures.models import Capture
from xiangyue.checks import requests
from xiangyue.checks.judging import Scored, judge_row
from xiangyue.checks.models import Check, CheckNote
from xiangyue.checks.storing import STATE, Filing, file, month_of, set_state, settle, slots_of
from xiangyue.checks.world import World, load_for
from xiangyue.people.models import Person
from xiangyue.rules.days import LOCAL, local_day

NOT_HELD = problem_kind("not_held", _("这条记录不在待核对之列。"), _("请刷新清单；可能别人已经处理过。"), 409)
STILL_EARLY = problem_kind(
    "held_early", _("日期{day}还在今天之后，不能计入。"), _("请改成实际检查的日期，或不予计入。")
)
NEEDS_REASON = problem_kind("held_reason", _("没有写原因。"), _("请写一句为什么不予计入，记录人会看到。"))


def accept_held(
    actor: Scope, capture_id: int, *, day: date | None = None, reason: str = "", now: datetime | None = None
) -> str:
    """Take a held capture in, on its own day or the right one; gives stored or late. The held rows stay as they are."""
    moment = now or timezone.now()
    today = local_day(moment)
    with write():
        capture = _held(actor, capture_id)
        on = day or local_day(capture.made_at)
        if on > today:
            raise Problem(STILL_EARLY, day=on)
        room = afterwards.room_of(capture.kind)
        if room is None:
            state = _take_in(capture, on, today)
        else:
            room.let_in(capture, on)
            state = Capture.State.STORED
        Capture.objects.filter(pk=capture.pk).update(state=state)
        after = {"state": state, "day": on}
        log(actor.user_id, "capture.accepted", capture, path=capture.place.path, after=after, reason=reason[:200])
    return str(state)


def _take_in(capture: Capture, on: date, today: date) -> Capture.State:
    """A held round or sheet judged again and filed on its day; late where the month is closed."""
    inspector, scored = _judged_again(capture, on, today)
    rule = scored[0].rule
    shut = bool(intake.closed_months(rule.ground_id, rule.scheme.code, {month_of(on)}))
    state = Capture.State.LATE if shut else Capture.State.STORED
    file([Filing(capture.pk, inspector.pk, on, _moved(capture.made_at, on), state, scored)])
    return state


def dismiss_held(actor: Scope, capture_id: int, *, reason: str) -> None:
    """Leave a held capture out for good; the reason is told to whoever recorded it."""
    if not reason.strip():
        raise Problem(NEEDS_REASON)
    with write():
        capture = _held(actor, capture_id)
        afterwards.take_back([capture])
        Capture.objects.filter(pk=capture.pk).update(state=Capture.State.WITHDRAWN)
        after = {"state": Capture.State.WITHDRAWN}
        log(actor.user_id, "capture.dismissed", capture, path=capture.place.path, after=after, reason=reason[:200])


def take_in_late(ground_id: int, scheme: str, months: Collection[int]) -> int:
    """Let the late checks of these months count, in the transaction of the new version; gives how many came in."""
    late = Check.objects.aside(STATE.LATE).filter(ground_id=ground_id, kind__scheme=scheme, month__in=months)
    # while they are still late, the captures are found by them
    waiting = Capture.objects.waiting(Capture.State.LATE)
    waiting.filter(pk__in=late.values("capture_id")).update(state=Capture.State.STORED)
    void = list(late.filter(score=None).values_list("id", flat=True))
    scored = list(late.exclude(score=None).values_list("id", flat=True))
    set_state(void, STATE.VOID)
    set_state(scored, STATE.REPLACED)
    settle(slots_of(scored))
    return len(scored) + len(void)


def _held(actor: Scope, capture_id: int) -> Capture:
    capture = Capture.objects.select_for_update(of=("self",)).select_related("place").filter(pk=capture_id).first()
    if capture is None:
        raise Problem(NOT_HELD)
    require(actor, OFFICES, capture.place.path)
    if capture.state != Capture.State.HELD:
        raise Problem(NOT_HELD)
    return capture


def _judged_again(capture: Capture, on: date, today: date) -> tuple[Person, tuple[Scored, ...]]:
    """The capture's checks judged for the day they are to count on, with the notes that lie apart."""
    read = requests.read_round if capture.kind == "round" else requests.read_sheet
    request = read(capture.body)
    inspector = Person.objects.get(pk=capture.person_id or 0)
    world: World = load_for(today, (), {row.subject for row in request.rows}, {inspector.code})
    held = CheckNote.objects.filter(check_row__capture=capture, check_row__state=STATE.HELD)
    notes = dict(held.values_list("check_row__subject__code", "text"))
    rows = [replace(row, note=notes.get(row.subject, "")) for row in request.rows]
    who = world.people[inspector.code]
    return inspector, tuple(judge_row(world, request.scheme, request.check, row, who, on) for row in rows)


def _moved(made_at: datetime, on: date) -> datetime:
    """The time of day at which it was made, on the day it counts for."""
    return datetime.combine(on, made_at.astimezone(LOCAL).time(), LOCAL)
