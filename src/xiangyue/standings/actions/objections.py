"""Objections to a proposed closing, and black entries: told, cured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.places.models import Place
from xiangyue.standings import problems
from xiangyue.standings.models import BoardEntry, Closing, Objection

if TYPE_CHECKING:
    from xiangyue.people.models import User


def record_objection(
    actor: User | None,
    closing: Closing,
    subject: Place,
    *,
    text: str,
    by_name: str,
    today: date,
    composite: str = "",
) -> Objection:
    """An objection as the office took it down, by word of mouth or on paper, while the notice runs."""
    for what, value in (("异议内容", text), ("提出人", by_name)):
        if not value.strip():
            raise Problem(problems.EMPTY_TEXT, what=what)
    with write():
        row = Closing.objects.select_for_update().get(pk=closing.pk)
        if row.state != Closing.State.PROPOSED or (row.notice_ends_on and today > row.notice_ends_on):
            raise Problem(problems.NOT_IN_NOTICE)
        objection = Objection.objects.create(
            closing=row,
            composite=composite,
            subject=subject,
            text=text.strip()[:500],
            by_name=by_name.strip()[:40],
            received_on=today,
            recorded_by=actor,
        )
        _log(actor, "objection.recorded", objection, subject.path)
    return objection


def answer_objection(
    actor: User | None, objection: Objection, *, upheld: bool, answer: str, now: datetime
) -> Objection:
    """An objection answered, once, with words."""
    if not answer.strip():
        raise Problem(problems.EMPTY_TEXT, what="答复")
    with write():
        row = Objection.objects.select_for_update(of=("self",)).select_related("subject").get(pk=objection.pk)
        if row.upheld is not None:
            raise Problem(problems.ALREADY_ANSWERED, who=str(row.answered_by) if row.answered_by else "命令行")
        row.upheld, row.answer, row.answered_at, row.answered_by = upheld, answer.strip()[:500], now, actor
        row.save(update_fields=["upheld", "answer", "answered_at", "answered_by"])
        _log(actor, "objection.answered", row, row.subject.path)
    return row


def tell(actor: User | None, entries: Sequence[BoardEntry], *, today: date) -> int:
    """Black entries whose subjects were told today: their cure time runs; gives how many were new."""
    with write():
        rows = list(
            BoardEntry.objects.filter(pk__in=[row.pk for row in entries], side="black", told_on=None).select_related(
                "subject"
            )
        )
        for row in rows:
            row.told_on = today
        BoardEntry.objects.bulk_update(rows, ["told_on"], batch_size=500)
        _log_entries(actor, "entry.told", rows, {"on": today.isoformat()})
    return len(rows)


def cure(actor: User | None, entry: BoardEntry, *, today: date, reason: str) -> BoardEntry:
    """A black entry mended: it comes off the list that day; nobody moves into its place."""
    if not reason.strip():
        raise Problem(problems.EMPTY_TEXT, what="整改情况")
    with write():
        row = BoardEntry.objects.select_for_update(of=("self",)).select_related("subject").get(pk=entry.pk)
        if row.side != "black" or row.taken_off:
            raise Problem(problems.NOT_BLACK, subject=row.subject.name)
        row.cured_on = today
        row.save(update_fields=["cured_on"])
        _log_entries(actor, "entry.cured", [row], {"on": today.isoformat()}, reason.strip())
    return row


def _log_entries(
    actor: User | None, act: str, rows: Sequence[BoardEntry], after: dict[str, str], reason: str = ""
) -> None:
    table = BoardEntry._meta.label_lower
    changes.log_many(
        ((act, table, str(row.pk), row.subject.path, None, after) for row in rows),
        actor.pk if actor else None,
        reason=reason[:200],
    )


def _log(actor: User | None, act: str, row: Objection, path: str) -> None:
    after = {"subject": row.subject.code, "upheld": row.upheld}
    changes.log(actor.pk if actor else None, act, row, path=path, after=after)
