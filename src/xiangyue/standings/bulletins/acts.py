"""What an office does with a bulletin: begin, write, issue under a number, supersede, withdraw; and a village reads it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.roles import Role
from xiangyue.base.scope import Scope
from xiangyue.base.writes import alone, write
from xiangyue.people.models import User
from xiangyue.places.models import Place
from xiangyue.rules.days import Span, parse_period
from xiangyue.standings.bulletins import problems
from xiangyue.standings.bulletins.filling import closing_of, digest_of, fill, in_order, mark, only, opening_of
from xiangyue.standings.bulletins.lint import hold_lawful
from xiangyue.standings.bulletins.models import LONGEST, Bulletin, BulletinRead, is_ground
from xiangyue.standings.bulletins.sections import TITLES

State = Bulletin.State
REASON = 200
READING = frozenset({Role.VILLAGE_OFFICE, Role.TOWNSHIP_OFFICE})
"""The offices to whom a bulletin of the level above is addressed."""


def begin_bulletin(actor: User | None, place: Place, key: str, *, today: date, now: datetime) -> Bulletin:
    """A draft of the place's bulletin of a month that is over, with its usual words and every section."""
    span = parse_period(key)
    if not is_ground(place.level):
        raise Problem(problems.NOT_A_GROUND, place=place.name)
    if span.kind != "month" or span.ends_on >= today:
        raise Problem(problems.MONTH_RUNS, month=span.name)
    with write():
        _alone(place)
        _hold_none(place, span)
        row = Bulletin.objects.create(
            place=place, key=span.key, opening=opening_of(span), closing=closing_of(), sections=list(TITLES),
            made_at=now, made_by=actor,
        )  # fmt: skip
        _log(actor, "bulletin.begun", row, {"month": span.key})
    return row


def write_bulletin(
    actor: User | None, row: Bulletin, *, opening: str, closing: str, sections: Iterable[str]
) -> Bulletin:
    """The draft with these words and sections; Problem where words may not stand. Figures are nobody's to write."""
    said = {"opening": _tidy(opening), "closing": _tidy(closing)}
    codes = in_order(sections)
    if not codes:
        raise Problem(problems.NO_SECTION)
    names = {"opening": _("开头语"), "closing": _("结束语")}
    for field, text in said.items():
        if len(text) > LONGEST:
            raise Problem(problems.LONG, field=names[field], n=len(text), most=LONGEST)
    hold_lawful(row.place, {names[field]: text for field, text in said.items()})
    with write():
        held = _held(row, State.DRAFT)
        before: dict[str, Any] = {"opening": held.opening, "closing": held.closing, "sections": held.sections}
        after: dict[str, Any] = {**said, "sections": codes}
        for field, value in after.items():
            setattr(held, field, value)
        held.save(update_fields=list(after))
        old, new = changes.changed(before, after)
        if new:
            _log(actor, "bulletin.written", held, new, old)
    return held


def issue_bulletin(actor: User | None, row: Bulletin, *, seen: str = "", today: date, now: datetime) -> Bulletin:
    """The draft issued: filled anew, fixed, numbered, sealed by its digest; what it replaces is superseded.

    `seen`: the mark of what the office read; a Problem where the figures have moved since. Empty: whatever they are.
    """
    hold_lawful(row.place, {_("开头语"): row.opening, _("结束语"): row.closing})
    # counted before the transaction, which is short
    told = only(fill(row.place, row.span, today), row.sections)
    if seen and seen != mark(told):
        raise Problem(problems.FIGURES_MOVED)
    with write():
        _alone(row.place)
        held = _held(row, State.DRAFT)
        if held.replaces_id:
            _end(actor, held.replaces_id, State.SUPERSEDED, now)
        _hold_none(held.place, held.span, but=held)
        last = Bulletin.objects.filter(place=held.place, year=today.year).aggregate(n=Max("number"))["n"] or 0
        held.state, held.year, held.number = State.ISSUED, today.year, last + 1
        held.told, held.issued_at, held.issued_by = told, now, actor
        held.digest = digest_of(held)
        held.save()
        _log(actor, "bulletin.issued", held, {"number": held.numbered, "digest": held.digest}, reason=held.reason)
    return held


def replace_bulletin(actor: User | None, row: Bulletin, reason: str, *, now: datetime) -> Bulletin:
    """A draft that will supersede an issued bulletin, with its words; it is filled anew. The reason is printed on it."""
    said = _reason(row.place, reason)
    with write():
        _alone(row.place)
        held = _held(row, State.ISSUED)
        if Bulletin.objects.filter(place=held.place, key=held.key, state=State.DRAFT).exists():
            raise Problem(problems.BEGUN, month=held.span.name)
        made = Bulletin.objects.create(
            place=held.place, key=held.key, opening=held.opening, closing=held.closing, sections=held.sections,
            replaces=held, reason=said, made_at=now, made_by=actor,
        )  # fmt: skip
        _log(actor, "bulletin.begun", made, {"month": held.key, "replaces": held.numbered}, reason=said)
    return made


def withdraw_bulletin(actor: User | None, row: Bulletin, reason: str, *, now: datetime) -> Bulletin:
    """An issued bulletin taken back: it stays readable with the reason, and keeps its number."""
    said = _reason(row.place, reason)
    with write():
        _alone(row.place)
        _held(row, State.ISSUED)
        return _end(actor, row.pk, State.WITHDRAWN, now, said)


def drop_draft(actor: User | None, row: Bulletin) -> None:
    """A draft thrown away: nothing of it was ever issued; the change log keeps that there was one."""
    with write():
        _alone(row.place)
        held = _held(row, State.DRAFT)
        _log(actor, "bulletin.dropped", held, {}, {"month": held.key, "opening": held.opening, "closing": held.closing})
        held.delete()


def take_note(actor: User, scope: Scope, row: Bulletin, *, now: datetime) -> int:
    """The offices below for which the actor opened an issued bulletin, noted once each; how many are new."""
    paths = [path for path in scope.paths(READING) if path.startswith(row.place.path) and path != row.place.path]
    if row.state == State.DRAFT or not paths:
        return 0
    places = list(Place.objects.filter(path__in=paths).exclude(pk__in=row.reads.values("place")))
    if places:
        with write():
            BulletinRead.objects.bulk_create(
                [BulletinRead(bulletin=row, place=place, at=now, by=actor) for place in places], ignore_conflicts=True
            )
            for place in places:
                told = {"number": row.numbered}
                changes.log(actor.pk, "bulletin.read", row, path=place.path, after=told)
    return len(places)


def _hold_none(place: Place, span: Span, but: Bulletin | None = None) -> None:
    """Pass only a month of which no other draft waits and no bulletin stands."""
    rows = Bulletin.objects.filter(place=place, key=span.key, state__in=(State.DRAFT, State.ISSUED))
    rows = rows.exclude(pk=but.pk) if but else rows
    found = rows.select_related("place").order_by("state").first()
    if found is None:
        return
    if found.state == State.DRAFT:
        raise Problem(problems.BEGUN, month=span.name)
    raise Problem(problems.ISSUED, month=span.name, number=found.numbered)


def _alone(place: Place) -> None:
    alone(f"bulletin:{place.pk}")


def _held(row: Bulletin, state: str) -> Bulletin:
    """The row, locked and read again, still in that state."""
    held = Bulletin.objects.select_for_update(of=("self",)).select_related("place").filter(pk=row.pk).first()
    if held is None or held.state != state:
        raise Problem(problems.NOT_NOW, state=State(held.state).label if held else _("已删除的草稿"))
    return held


def _end(actor: User | None, pk: int, state: str, now: datetime, reason: str = "") -> Bulletin:
    held = Bulletin.objects.select_for_update(of=("self",)).select_related("place").get(pk=pk)
    if held.state != State.ISSUED:
        raise Problem(problems.NOT_NOW, state=State(held.state).label)
    held.state, held.ended_at, held.ended_by, held.end_reason = State(state), now, actor, reason
    held.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])
    _log(actor, f"bulletin.{state}", held, {"number": held.numbered}, reason=reason)
    return held


def _reason(place: Place, reason: str) -> str:
    said = " ".join(reason.split())
    if not said:
        raise Problem(problems.NO_REASON)
    if len(said) > REASON:
        raise Problem(problems.LONG, field=_("原因"), n=len(said), most=REASON)
    hold_lawful(place, {_("原因"): said})
    return said


def _tidy(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(line for line in lines if line)


def _log(
    actor: User | None, act: str, row: Bulletin, after: dict[str, Any], before: dict[str, Any] | None = None,
    *, reason: str = "",
) -> None:  # fmt: skip
    changes.log(actor.pk if actor else None, act, row, path=row.place.path, before=before, after=after, reason=reason)
