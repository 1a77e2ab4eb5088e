"""Adjustments: named, signed, with reason and record; the live standing follows."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Max

from xiangyue.agreements.in_force import scheme_on
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.places.models import Place
from xiangyue.rules.numbers import show
from xiangyue.standings import live, problems
from xiangyue.standings.models import Adjustment, Period

if TYPE_CHECKING:
    from xiangyue.people.models import User


def adjust(
    actor: User | None,
    period: Period,
    composite: str,
    subject: Place,
    *,
    amount: int,
    name: str,
    reason: str,
    on: date,
    now: datetime,
    code: str = "",
) -> Adjustment:
    """One adjustment of a subject's result in a period (in hundredths); in a closed one it waits for a new version."""
    for what, value in (("事由", name), ("依据", reason)):
        if not value.strip():
            raise Problem(problems.EMPTY_TEXT, what=what)
    _, scheme = scheme_on(period.ground_id, period.scheme, period.ends_on)
    known = {row.code: row for row in scheme.composites if row.period == period.kind}
    if composite not in known or known[composite].level != subject.level or not _in(period, subject):
        label = known[composite].name if composite in known else composite
        raise Problem(problems.NOT_ITS_SUBJECT, subject=subject.name, composite=label)
    with write():
        row = Adjustment.objects.create(
            period=period,
            composite=composite,
            subject=subject,
            code=code or _next_code(period),
            amount=amount,
            name=name.strip()[:60],
            reason=reason.strip()[:200],
            on=on,
            created_at=now,
            created_by=actor,
        )
        after = {"composite": composite, "amount": show(amount), "name": row.name}
        _log(actor, "adjustment.entered", row, after, row.reason)
        live.entered(period, composite, [subject.pk])
    return row


def withdraw_adjustment(actor: User | None, adjustment: Adjustment, *, now: datetime, reason: str) -> Adjustment:
    """An adjustment that counts no longer; it stays on file."""
    if not reason.strip():
        raise Problem(problems.EMPTY_TEXT, what="撤销原因")
    with write():
        row = (
            Adjustment.objects.select_for_update(of=("self",))
            .select_related("period__ground", "subject")
            .get(pk=adjustment.pk)
        )
        if row.withdrawn_at is None:
            row.withdrawn_at = now
            row.save(update_fields=["withdrawn_at"])
            _log(actor, "adjustment.withdrawn", row, {"amount": show(row.amount)}, reason.strip())
            live.entered(row.period, row.composite, [row.subject_id])
    return row


def _in(period: Period, subject: Place) -> bool:
    return subject.path.startswith(period.ground.path)


def _next_code(period: Period) -> str:
    last = Adjustment.objects.filter(period=period).aggregate(last=Max("pk"))["last"] or 0
    return f"{period.key}-{last + 1}"


def _log(actor: User | None, act: str, row: Adjustment, after: dict[str, str], reason: str) -> None:
    changes.log(actor.pk if actor else None, act, row, path=row.subject.path, after=after, reason=reason[:200])
