"""Objections to what is on notice: taken down while it runs, answered once, reopening only what they touch."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Place
from xiangyue.rules.days import local_day
from xiangyue.standings import problems
from xiangyue.standings.actions.publication import Subject, locked
from xiangyue.standings.notices import problems as told_off
from xiangyue.standings.notices.kinds import kind_of
from xiangyue.standings.notices.models import OBJECTION_DAYS, Objection, Publication

if TYPE_CHECKING:
    from xiangyue.people.models import User


def object_to(
    actor: User | None,
    publication: Publication,
    subject: Subject,
    *,
    text: str,
    by_name: str,
    now: datetime,
    part: str = "",
    received_on: date | None = None,
) -> Objection:
    """An objection as the office took it down, by word of mouth or on paper, while the notice runs."""
    for what, value in (("异议内容", text), ("提出人", by_name)):
        if not value.strip():
            raise Problem(problems.EMPTY_TEXT, what=what)
    day = received_on or local_day(now)
    with write():
        row = locked(publication.pk)
        if not row.is_proposed or day > row.notice_ends_on:
            raise Problem(problems.NOT_IN_NOTICE)
        place = subject if isinstance(subject, Place) else subject.place
        if not place.path.startswith(row.ground.path):
            raise Problem(told_off.NOT_CONCERNED, subject=subject.name, ground=row.ground.name)
        objection = Objection.objects.create(
            publication=row,
            part=part,
            subject=place,
            person=subject if isinstance(subject, Person) else None,
            organisation=subject if isinstance(subject, Organisation) else None,
            text=text.strip()[:500],
            by_name=by_name.strip()[:40],
            received_on=day,
            recorded_by=actor,
        )
        _log(actor, "objection.recorded", objection)
    return objection


def answer(actor: User | None, objection: Objection, upheld: bool, text: str, *, now: datetime) -> Objection:
    """An objection answered, once, with words; upheld, its kind reopens what it touches and says what."""
    if not text.strip():
        raise Problem(problems.EMPTY_TEXT, what="答复")
    with write():
        row = (
            Objection.objects.select_for_update(of=("self",))
            .select_related("subject", "person", "organisation", "publication__ground")
            .get(pk=objection.pk)
        )
        if row.upheld is not None:
            raise Problem(problems.ALREADY_ANSWERED, who=str(row.answered_by) if row.answered_by else "命令行")
        row.upheld, row.answer, row.answered_at, row.answered_by = upheld, text.strip()[:500], now, actor
        row.erase_on = local_day(now) + timedelta(days=OBJECTION_DAYS)
        row.save(update_fields=["upheld", "answer", "answered_at", "answered_by", "erase_on"])
        if upheld:
            row.outcome = kind_of(row.publication.kind).upheld(row, actor, now)[:200]
            row.save(update_fields=["outcome"])
        _log(actor, "objection.answered", row)
    return row


def _log(actor: User | None, act: str, row: Objection) -> None:
    after = {"subject": row.subject.code, "upheld": row.upheld}
    changes.log(actor.pk if actor else None, act, row, path=row.subject.path, after=after)
