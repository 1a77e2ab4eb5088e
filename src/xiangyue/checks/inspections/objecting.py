"""An inspected place objects to its sheet; the ground's office answers, and an upheld objection takes the sheet out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.captures import intake
from xiangyue.captures.models import Capture
from xiangyue.checks.inspections import problems
from xiangyue.checks.inspections.models import InspectionMember, InspectionTurn, SheetObjection
from xiangyue.checks.inspections.seeing import shown_sheets
from xiangyue.checks.models import Check
from xiangyue.checks.storing import NOTE_DAYS, month_of, take_out
from xiangyue.rules.days import local_day

if TYPE_CHECKING:
    from xiangyue.people.models import User

Outcome = SheetObjection.Outcome


def object_to(actor: User | None, turn: InspectionTurn, check: int, text: str, *, now: datetime) -> SheetObjection:
    """An objection to a sheet that is shown, within the scheme's days."""
    row = next((one for one in shown_sheets(turn, now) if one.pk == check), None)
    if row is None:
        raise Problem(problems.NO_SHEET)
    last = last_day(turn, row)
    if local_day(now) > last:
        raise Problem(problems.OBJECTION_LATE, day=last)
    if not text.strip():
        raise Problem(problems.OBJECTION_EMPTY)
    with write():
        # one waits at a time: the turn is held while it is looked at
        InspectionTurn.objects.select_for_update(of=("self",)).get(pk=turn.pk)
        if SheetObjection.objects.filter(turn=turn, outcome=Outcome.OPEN).exists():
            raise Problem(problems.OBJECTION_OPEN)
        made = SheetObjection.objects.create(
            turn=turn, check_row=row, subject=turn.subject, text=text.strip()[:500], made_at=now, made_by=actor,
            erase_on=local_day(now) + timedelta(days=NOTE_DAYS),
        )  # fmt: skip
        _log(actor, "sheet_objection.made", made, {"check": row.pk})
    return made


def answer(actor: User | None, objection: SheetObjection, *, upheld: bool, words: str, now: datetime) -> SheetObjection:
    """The answer in words; upheld, the sheet counts no more, and the team may make it anew for that day."""
    if not words.strip():
        raise Problem(problems.ANSWER_EMPTY)
    if actor is not None and _was_there(actor, objection):
        raise Problem(problems.OWN_SHEET)
    with write():
        rows = SheetObjection.objects.select_for_update(of=("self",)).select_related("check_row__kind", "subject")
        row = rows.get(pk=objection.pk)
        if row.outcome != Outcome.OPEN:
            raise Problem(problems.OBJECTION_ANSWERED)
        if upheld:
            _withdraw(row.check_row)
        row.outcome = Outcome.UPHELD if upheld else Outcome.REJECTED
        row.answer, row.answered_at, row.answered_by = words.strip()[:500], now, actor
        row.save()
        _log(actor, "sheet_objection.answered", row, {"outcome": str(row.outcome), "check": row.check_row_id})
    return row


def last_day(turn: InspectionTurn, sheet: Check) -> date:
    """The last day on which the inspected place may object."""
    return sheet.day + timedelta(days=turn.inspection.object_days)


def _withdraw(check: Check) -> None:
    """Take the sheet out; what it had replaced does not count again, for the objection is to all of that day's."""
    month = month_of(check.day)
    if intake.closed_months(check.ground_id, check.kind.scheme, {month}):
        raise Problem(problems.MONTH_CLOSED, month=f"{check.day.year}年{check.day.month}月")
    same = Check.objects.filter(
        subject=check.subject_id, kind=check.kind_id, inspector=check.inspector_id, day=check.day, voice=check.voice,
        state__in=(Check.State.COUNTED, Check.State.REPLACED),
    )  # fmt: skip
    found = list(same.values_list("pk", "capture_id"))
    take_out([pk for pk, _capture in found])
    Capture.objects.filter(pk__in=[capture for _pk, capture in found]).update(state=Capture.State.WITHDRAWN)


def _was_there(actor: User, objection: SheetObjection) -> bool:
    members = InspectionMember.objects.filter(team__inspection=objection.turn.inspection_id)
    return bool(actor.person_id) and members.filter(person=actor.person_id).exists()


def _log(actor: User | None, act: str, row: SheetObjection, after: dict[str, object]) -> None:
    changes.log(actor.pk if actor else None, act, row, path=row.subject.path, after=after)
