"""Visits recorded in an office or at a counter, and those that the household says never happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.captures.envelope import seal
from xiangyue.captures.ids import new_id
from xiangyue.captures.intake import Actor, Answer, submit
from xiangyue.duties.visit_models import Visit
from xiangyue.duties.visits import problems
from xiangyue.duties.visits.bodies import Given
from xiangyue.people.models import User
from xiangyue.rules.days import LOCAL, local_day

NOON = time(12)


def record_visit(
    actor: Actor,
    target: str,
    layer: str = "",
    *,
    tasks: Sequence[str] = (),
    note: str = "",
    company: Sequence[str] = (),
    given: Sequence[Given] = (),
    person: str = "",
    organisation: str = "",
    id: UUID | None = None,
    day: date | None = None,
    now: datetime,
) -> Answer:
    """The intake's answer to a visit on a day (today where none is said)."""
    body: dict[str, Any] = {"target": target, "layer": layer, "tasks": list(tasks), "with": list(company)}
    body["contributions"] = [
        {"kind": one.kind, "amount": one.amount} | ({"what": one.what} if one.what else {}) for one in given
    ]
    body |= {key: value for key, value in (("note", note), ("person", person), ("organisation", organisation)) if value}
    return submit(seal("visit", body, id=id or new_id(), made_at=made_on(day, now)), actor, now=now)


def record_wish(
    actor: Actor,
    household: str,
    text: str,
    *,
    person: str = "",
    visit: UUID | None = None,
    id: UUID | None = None,
    day: date | None = None,
    now: datetime,
) -> Answer:
    """The intake's answer to a household's wish."""
    body: dict[str, Any] = {"household": household, "text": text, "visit": str(visit) if visit else None}
    body |= {"person": person} if person else {}
    return submit(seal("wish", body, id=id or new_id(), made_at=made_on(day, now)), actor, now=now)


def made_on(day: date | None, now: datetime) -> datetime | None:
    """When something of another day was made: at noon; None: when it arrives."""
    return None if day is None or day == local_day(now) else datetime.combine(day, NOON, LOCAL)


def deny_visit(actor: User | None, visit: Visit, reason: str, *, today: date) -> Visit:
    """The visit that the one visited says never was: it stays on file and keeps nothing; Problem without a reason."""
    if not reason.strip():
        raise Problem(problems.NEEDS_WORDS, what="谁说没有来过、怎么核实的")
    with write():
        row = Visit.objects.select_for_update(of=("self",)).select_related("target").get(pk=visit.pk)
        if row.state != Visit.State.COUNTED:
            raise Problem(problems.VISIT_OVER, state=row.get_state_display())
        row.state, row.denied_on = Visit.State.DENIED, today
        row.save(update_fields=["state", "denied_on"])
        changes.log(
            actor.pk if actor else None, "visit.denied", row, path=row.target.path, before={"state": "计入"},
            after={"state": "对方否认"}, reason=reason.strip()[:200],
        )  # fmt: skip
    return row


def restore_visit(actor: User | None, visit: Visit, reason: str) -> Visit:
    """A denied visit that was made after all counts again; Problem without a reason."""
    if not reason.strip():
        raise Problem(problems.NEEDS_WORDS, what="怎么核实的")
    with write():
        row = Visit.objects.select_for_update(of=("self",)).select_related("target").get(pk=visit.pk)
        if row.state != Visit.State.DENIED:
            raise Problem(problems.VISIT_OVER, state=row.get_state_display())
        row.state, row.denied_on = Visit.State.COUNTED, None
        row.save(update_fields=["state", "denied_on"])
        changes.log(
            actor.pk if actor else None, "visit.restored", row, path=row.target.path, before={"state": "对方否认"},
            after={"state": "计入"}, reason=reason.strip()[:200],
        )  # fmt: skip
    return row
