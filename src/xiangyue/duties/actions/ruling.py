"""Carrying out an assignment by rule as one operation, putting all back, and ending a batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any

from django.db.models import Max
from django.forms.models import model_to_dict
from django.utils import timezone

from xiangyue.base import changes
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.base.scope import Scope
from xiangyue.base.writes import alone, write
from xiangyue.duties.bulk import CHUNK, DutyRow, end_duties, store_duties
from xiangyue.duties.models import Assignment, Duty
from xiangyue.duties.permits import hold_against_giver
from xiangyue.duties.problems import PLAN_CHANGED, TOO_LATE, UNDONE, told_overlaps
from xiangyue.duties.ruling import Draft, Gives, draft_assignment
from xiangyue.people.models import User
from xiangyue.places.models import Place

KEPT = ("ground", "scheme", "layer", "person", "organisation", "target", "team", "exclusion", "stand_in",
        "stand_in_from", "stand_in_to", "from_on", "to_on", "source", "assignment")  # fmt: skip


def assign_by_rule(
    actor: User | None,
    place: Place,
    codes: Sequence[str],
    *,
    today: date,
    on: date | None = None,
    scheme: str = "",
    worst_percent: int | None = None,
    digest: str = "",
    scope: Scope | None = None,
    now: datetime | None = None,
) -> Assignment | None:
    """The assignment carried out from `on` (default: today); None when everything stays as it is.

    `digest` is the mark of the dry run that was looked at: Problem `duty_plan_changed` when it would come out otherwise.
    """
    first = on or today
    mark = _last_change()
    draft = draft_assignment(place, codes, first, scheme=scheme, worst_percent=worst_percent)
    hold_against_giver(scope, draft.layers[0].layer.name, [(one.layer.target, place.path) for one in draft.layers])
    with told_overlaps(), write():
        alone(f"duties:{place.ground_id}")
        if _last_change() != mark:
            draft = draft_assignment(place, codes, first, scheme=scheme, worst_percent=worst_percent)
        if digest and draft.digest != digest:
            raise Problem(PLAN_CHANGED)
        if not draft.gives and not draft.ends:
            return None
        return _carry_out(actor, draft, now or timezone.now())


def _last_change() -> int:
    return Change.objects.aggregate(last=Max("pk"))["last"] or 0


def _carry_out(actor: User | None, draft: Draft, now: datetime) -> Assignment:
    actor_id = actor.pk if actor else None
    row = Assignment.objects.create(
        place=draft.place, scheme=draft.layers[0].scheme, layers=",".join(one.code for one in draft.layers),
        from_on=draft.on, n_begun=draft.n_begun, n_moved=draft.n_moved, n_kept=draft.n_kept,
        n_left=len(draft.findings), undo=_end(draft), done_at=now, done_by=actor,
    )  # fmt: skip
    rows = (_row(give, draft.on) for give in draft.gives)
    store_duties(rows, source=Duty.Source.RULE, actor_id=actor_id, assignment_id=row.pk)
    told = {"layers": row.layers, "from_on": row.from_on, "begun": row.n_begun, "moved": row.n_moved,
            "kept": row.n_kept, "left": row.n_left}  # fmt: skip
    changes.log(actor_id, "duty.assigned_by_rule", row, path=draft.place.path, after=told)
    return row


def _row(give: Gives, on: date) -> DutyRow:
    layer = give.layer.layer
    return DutyRow(
        give.layer.ground_id, give.layer.scheme, layer.code, give.bearer.person_id, give.bearer.organisation_id,
        give.target.id, "", layer.exclusion, on,
    )  # fmt: skip


def _end(draft: Draft) -> dict[str, Any]:
    """End what gives way on the eve; what would have begun on the day itself is taken away. What it takes to undo."""
    ended = {held.id: held for held in draft.ends if held.from_on < draft.on}
    gone = [held.id for held in draft.ends if held.from_on >= draft.on]
    kept = [model_to_dict(row, KEPT) for some in batched(gone, CHUNK) for row in Duty.objects.filter(pk__in=some)]
    end_duties(ended, draft.on - timedelta(days=1))
    for some in batched(gone, CHUNK):
        Duty.objects.filter(pk__in=some).delete()
    former = [[pk, held.to_on.isoformat() if held.to_on else None] for pk, held in ended.items()]
    return {"ended": former, "gone": [_plain(row) for row in kept]}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def undo_assignment(actor: User | None, row: Assignment, *, today: date, scope: Scope | None = None) -> None:
    """Put everything back as it was before; only on the day it was done, while nobody touched it since."""
    _hold(row, scope)
    with told_overlaps(), write():
        alone(f"duties:{row.place.ground_id}")
        row.refresh_from_db()
        if row.undone_at or row.ended_on:
            raise Problem(UNDONE)
        if timezone.localdate(row.done_at) != today or not _untouched(row):
            raise Problem(TOO_LATE)
        Duty.objects.filter(assignment=row).delete()
        _reopen(row.undo["ended"])
        Duty.objects.bulk_create([_again(kept, row) for kept in row.undo["gone"]], batch_size=500)
        Assignment.objects.filter(pk=row.pk).update(undone_at=timezone.now())
        changes.log(actor.pk if actor else None, "duty.assignment_undone", row, path=row.place.path)


def _reopen(ended: list[tuple[int, str | None]]) -> None:
    """Give what was ended its former last day again."""
    by_day: dict[str | None, list[int]] = {}
    for pk, to_on in ended:
        by_day.setdefault(to_on, []).append(pk)
    for former, keys in by_day.items():
        for some in batched(keys, CHUNK):
            Duty.objects.filter(pk__in=some).update(to_on=former)


def _untouched(row: Assignment) -> bool:
    """Whether all its duties stand as they were given, and what it ended still ends on the eve."""
    made = Duty.objects.filter(assignment=row)
    given = made.filter(from_on=row.from_on, to_on=None, stand_in=None).count()
    eve = row.from_on - timedelta(days=1)
    keys = [pk for pk, _to_on in row.undo["ended"]]
    ended = sum(Duty.objects.filter(pk__in=some, to_on=eve).count() for some in batched(keys, CHUNK))
    return given == made.count() and ended == len(keys) and given > 0


def _again(kept: dict[str, Any], row: Assignment) -> Duty:
    names = {"ground", "person", "organisation", "target", "stand_in", "assignment"}
    values = {f"{name}_id" if name in names else name: value for name, value in kept.items()}
    return Duty(created_at=row.done_at, created_by_id=row.done_by_id, **values)


def end_assignment(
    actor: User | None, row: Assignment, last: date, *, scope: Scope | None = None, reason: str = ""
) -> int:
    """End all duties of the batch that still run with `last` (or their first day, if that is later); gives how many."""
    _hold(row, scope)
    with write():
        alone(f"duties:{row.place.ground_id}")
        row.refresh_from_db()
        if row.undone_at or row.ended_on:
            raise Problem(UNDONE)
        rows = Duty.objects.filter(assignment=row).not_over(last + timedelta(days=1))
        keys = list(rows.values_list("pk", flat=True))
        end_duties(keys, max(last, row.from_on))
        Assignment.objects.filter(pk=row.pk).update(ended_on=last)
        told = {"ended": len(keys), "to_on": last}
        changes.log(actor.pk if actor else None, "duty.assignment_ended", row, path=row.place.path, after=told,
                    reason=reason)  # fmt: skip
    return len(keys)


def _hold(row: Assignment, scope: Scope | None) -> None:
    levels = Duty.objects.filter(assignment=row).values_list("target__level", flat=True).distinct()
    hold_against_giver(scope, row.layers, [(level, row.place.path) for level in levels])
