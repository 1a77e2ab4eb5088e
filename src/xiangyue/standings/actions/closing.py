"""Closing a period: once, as one transaction; a correction is a newer version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from xiangyue.agreements.in_force import scheme_of, scheme_on
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.places.models import Place
from xiangyue.rules.closing import Closed, close, order_of
from xiangyue.rules.days import local_day, months_of, parse_period, quarter_of, year_of
from xiangyue.rules.settings import Scheme
from xiangyue.standings import problems
from xiangyue.standings.actions.periods import Asked, asked, newest, period_row
from xiangyue.standings.closed import LOCK
from xiangyue.standings.facts import Gathered, Roll, facts_of, gather, ids_of
from xiangyue.standings.late import take_in
from xiangyue.standings.models import Closing, Period, Roster
from xiangyue.standings.roster import unpack
from xiangyue.standings.store import store
from xiangyue.standings.take_offs import carry_over
from xiangyue.standings.totals import fetch

if TYPE_CHECKING:
    from xiangyue.agreements.models import SchemeVersion
    from xiangyue.people.models import User


@dataclass(frozen=True, slots=True)
class Worked:
    """A period worked out on the facts of this moment, nothing stored."""

    asked: Asked
    period: Period
    version: SchemeVersion
    scheme: Scheme
    gathered: Gathered
    closed: Closed

    @property
    def n_checks(self) -> int:
        """Counted sheets in it; for a longer period made of months, those of its months."""
        totals = self.gathered.facts.totals.values()
        months = self.gathered.facts.months.values()
        return sum(held[0] for kind in totals for held in kind.values()) + sum(
            month[2] for subjects in months for held in subjects.values() for month in held
        )

    @property
    def nothing_recorded(self) -> bool:
        """Whether there is not one counted check and not one number."""
        return self.n_checks == 0 and not any(self.gathered.facts.indicators.values())


def close_period(
    actor: User | None,
    ground: Place,
    key: str,
    *,
    now: datetime,
    scheme: str = "",
    early: bool = False,
    empty: bool = False,
    reason: str = "",
) -> Closing:
    """The first version of a period's results; of two who close at once the second is told who did, and when.

    `early`: although its last day is not over; `empty`: although nothing is recorded. Both are asked for once.
    """
    what = asked(ground, key, scheme)
    with write():
        alone(LOCK)
        period = period_row(what)
        last = newest(period)
        if last is not None:
            raise Problem(problems.ALREADY_CLOSED, name=what.span.name, version=last.version, **_by(last))
        if local_day(now) <= what.span.ends_on and not early:
            raise Problem(problems.STILL_RUNNING, name=what.span.name, last=what.span.ends_on)
        worked = work_out(what, period)
        if worked.nothing_recorded and not empty:
            raise Problem(problems.NOTHING_RECORDED, name=what.span.name)
        return _put_down(actor, worked, 1, now, reason)


def open_new_version(
    actor: User | None,
    ground: Place,
    key: str,
    *,
    now: datetime,
    reason: str,
    scheme: str = "",
    expect: int | None = None,
) -> Closing:
    """A newer version on what is on file now, late checks taken in; `expect` is the version that the actor saw."""
    # read here, for the first version of a period has no notice yet
    from xiangyue.standings.actions import publication as notices

    what = asked(ground, key, scheme)
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        # in this order always: a notice put in force takes the same two
        alone(notices.LOCK)
        alone(LOCK)
        period = period_row(what)
        last = newest(period)
        if last is None:
            raise Problem(problems.NOT_CLOSED, name=what.span.name)
        if expect is not None and expect != last.version:
            raise Problem(problems.OTHER_VERSION, seen=expect, version=last.version, **_by(last))
        taken = take_in(ground.pk, what.scheme, what.span)
        if last.state == Closing.State.PROPOSED and last.publication is not None:
            notices.supersede(actor, last.publication, now=now)
        newer = _put_down(actor, work_out(what, period), last.version + 1, now, reason.strip(), taken)
        carry_over(last, newer)
        return newer


def work_out(what: Asked, period: Period) -> Worked:
    """The period worked out on what is on file now; Problem when its months are still open."""
    version, scheme = scheme_on(what.ground, what.scheme, what.span.ends_on)
    if not order_of(scheme, what.span):
        raise Problem(problems.NO_COMPOSITE, scheme=scheme.name, key=what.span.key)
    if what.span.kind != "month":
        _months_are_closed(what)
    gathered = gather(what.facts_ground, scheme, version.version, what.span, period.pk)
    return Worked(what, period, version, scheme, gathered, close(gathered.facts, scheme, what.span))


def worked_again(closing: Closing, into: Callable[[Roll], None] = lambda roll: None) -> Worked:
    """A closing worked out anew from its own roll and the checks up to its cut; `into` adds to the roll."""
    period = closing.period
    span = parse_period(period.key)
    scheme = scheme_of(closing.scheme_version)
    what = Asked(period.ground, period.scheme, span)
    roll = unpack(bytes(Roster.objects.get(closing=closing).data))
    into(roll)
    ids = ids_of(subject.code for subject in roll.subjects)
    codes = {row_id: code for code, row_id in ids.items()}
    facts = facts_of(
        what.facts_ground, scheme, closing.scheme_version.version, span, roll, codes, cut=closing.last_check
    )
    return Worked(what, period, closing.scheme_version, scheme, Gathered(facts, roll, ids), close(facts, scheme, span))


def supersede_older(closing: Closing) -> None:
    """What a newer version takes the place of: all that is not in force at once, the one in force when it is."""
    older = Closing.objects.filter(period=closing.period_id, version__lt=closing.version)
    states = [Closing.State.CLOSED, Closing.State.PROPOSED]
    if closing.state == Closing.State.IN_FORCE:
        states.append(Closing.State.IN_FORCE)
    older.filter(state__in=states).update(state=Closing.State.SUPERSEDED)


def _put_down(actor: User | None, worked: Worked, number: int, now: datetime, reason: str, n_late: int = 0) -> Closing:
    last_check = fetch("SELECT MAX(id) FROM checks_check", [])[0][0] or 0
    closing = Closing.objects.create(
        period=worked.period,
        version=number,
        scheme_version=worked.version,
        last_check=last_check,
        closed_at=now,
        closed_by=actor,
        reason=reason[:200],
    )
    store(closing, worked.gathered, worked.closed, worked.scheme)
    after_closing(actor, closing, worked, n_late)
    return closing


def after_closing(actor: User | None, closing: Closing, worked: Worked, n_late: int = 0) -> None:
    """What belongs to every new version: older ones give way, longer periods are marked, pairs judged, the log."""
    from xiangyue.standings.actions.pairs import judge_pairs

    if closing.version > 1:
        supersede_older(closing)
        _mark_longer(worked)
    judge_pairs(worked.period, worked.closed)
    told = {
        "version": closing.version,
        "checks": worked.n_checks,
        "late": n_late,
        "digests": {composite.code: composite.digest for composite in worked.closed.composites},
    }
    act = "period.closed" if closing.version == 1 else "period.new_version"
    path = worked.asked.ground.path
    changes.log(actor.pk if actor else None, act, closing, path=path, after=told, reason=closing.reason)


def _mark_longer(worked: Worked) -> None:
    """A quarter or year that holds a newer version of a month is out of date."""
    span = worked.asked.span
    if span.kind == "month":
        keys = [quarter_of(span.starts_on).key, year_of(span.starts_on).key]
        Closing.objects.filter(
            period__ground_id=worked.asked.ground.pk, period__scheme=worked.asked.scheme, period__key__in=keys
        ).update(out_of_date=True)


def _months_are_closed(what: Asked) -> None:
    keys = [month.key for month in months_of(what.span)]
    rows = Period.objects.filter(ground=what.ground, scheme=what.scheme, key__in=keys)
    still_open = sorted(rows.filter(closings=None).values_list("key", flat=True))
    if still_open:
        raise Problem(problems.MONTHS_OPEN, name=what.span.name, months="、".join(still_open))


def _by(closing: Closing) -> dict[str, str]:
    from django.utils.timezone import localtime

    who = str(closing.closed_by) if closing.closed_by else "命令行"
    return {"who": who, "when": localtime(closing.closed_at).strftime("%m月%d日 %H:%M")}
