"""Established violations: entered by the department in charge with document number and clause, lifted with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from xiangyue.agreements.in_force import scheme_on
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.people.models import Organisation
from xiangyue.places.models import Place
from xiangyue.rules.days import year_of
from xiangyue.rules.settings import About, Basis
from xiangyue.rules.violations import Violation, refusals
from xiangyue.standings import problems
from xiangyue.standings.ratings import problems as refused
from xiangyue.standings.ratings.models import EstablishedViolation
from xiangyue.standings.ratings.violations import in_charge, kinds_of

if TYPE_CHECKING:
    from xiangyue.people.models import User

LOCK = "violations"


def enter_violation(
    actor: User | None,
    ground: Place,
    scheme: str,
    subject: Place,
    *,
    kind: str,
    department: Organisation,
    document: str,
    clause: str,
    on: date,
    now: datetime,
    until: date | None = None,
    about: str = "branch",
    basis: str = "discipline",
    words: str = "",
    more: Mapping[str, Any] | None = None,
) -> EstablishedViolation:
    """A violation on file, in force until `until` (the end of its year); Problem where the rules refuse it.

    `more` goes into the line of the log (the import and its row). No person is named: the document has the name, the
    software needs only whom it caps.
    """
    _, found = scheme_on(ground, scheme, on)
    kinds = kinds_of(found)
    draft = Violation(
        subject.code, kind, document.strip(), clause.strip(), in_charge(kinds.get(kind), department),
        cast("Basis", basis), "household" if subject.level == "household" else cast("About", about), words,
    )  # fmt: skip
    why = refusals(draft, kinds.values())
    if why:
        parts = [finding.words.partition("。") for finding in why]
        words, mend = ("".join(dict.fromkeys(told)) for told in (((p[0] + "。") for p in parts), (p[2] for p in parts)))
        raise Problem(refused.VIOLATION_REFUSED, words=words, mend=mend)
    with write():
        alone(LOCK)
        same = EstablishedViolation.objects.filter(
            subject=subject, kind=kind, scheme=scheme, document=draft.document[:60], lifted_at=None
        )
        if same.exists():
            raise Problem(refused.ALREADY_VIOLATED, subject=subject.name, document=draft.document)
        row = EstablishedViolation.objects.create(
            ground=ground, scheme=scheme, kind=kind, subject=subject, about=about, basis=basis, department=department,
            document=draft.document[:60], clause=draft.clause[:120], words=words.strip()[:200], from_on=on,
            to_on=max(on, until or year_of(on).ends_on), entered_at=now, entered_by=actor,
        )  # fmt: skip
        after = {"kind": kinds[kind].name, "document": row.document, "clause": row.clause, **(more or {})}
        changes.log(actor.pk if actor else None, "violation.added", row, path=subject.path, after=after)
    return row


def lift_violation(
    actor: User | None, violation: EstablishedViolation, *, now: datetime, reason: str
) -> EstablishedViolation:
    """A violation that counts no longer (a decision was changed); it stays on file with the reason."""
    if not reason.strip():
        raise Problem(problems.EMPTY_TEXT, what="撤销依据")
    with write():
        row = EstablishedViolation.objects.select_for_update(of=("self",)).get(pk=violation.pk)
        if row.lifted_at is not None:
            raise Problem(refused.ALREADY_LIFTED)
        row.lifted_at, row.lifted_by, row.lift_reason = now, actor, reason.strip()[:200]
        row.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
        changes.log(
            actor.pk if actor else None, "violation.lifted", row, path=row.subject.path,
            after={"document": row.document}, reason=row.lift_reason,
        )  # fmt: skip
    return row
