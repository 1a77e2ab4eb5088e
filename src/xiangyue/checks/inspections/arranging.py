"""Arranging an inspection: sealed on a day of the plan, teams put together, the public number entered, or given up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from xiangyue.agreements.burden import hold_under_cap
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.sealing import commit, require_number, take_number
from xiangyue.base.writes import alone, write
from xiangyue.checks.inspections import problems
from xiangyue.checks.inspections.drawing import digest_of
from xiangyue.checks.inspections.facts import facts_for, received, subjects_of
from xiangyue.checks.inspections.models import Inspection, InspectionMember, InspectionTeam, PlannedInspection
from xiangyue.checks.inspections.planning import line_for
from xiangyue.checks.inspections.seeing import n_sheets
from xiangyue.checks.inspections.ways import draw_of, level_of, way_on
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.rules.burden import Received
from xiangyue.rules.days import local_day
from xiangyue.rules.settings import InspectionKind, Scheme

if TYPE_CHECKING:
    from xiangyue.people.models import User

State = Inspection.State
LONGEST_DRAWN = 3
LONGEST = 31


def arrange(
    actor: User | None, ground: Place, scheme: str, way: str, *, from_on: date, to_on: date | None = None,
    townships: tuple[str, ...] = (), number_name: str = "", number_on: date | None = None, now: datetime,
    secret: str = "",
) -> Inspection:  # fmt: skip
    """An inspection of the filed plan: with a draw its secret is sealed and the hash shown, else its subjects stand."""
    version, read, found = way_on(ground, scheme, way, from_on)
    last, today = to_on or from_on, local_day(now)
    drawn = draw_of(read, found) is not None
    _require_days(from_on, last, today, LONGEST_DRAWN if drawn else LONGEST)
    if drawn:
        if number_on is None:
            number_on = from_on
        require_number(number_name, number_on, today=today)
        if number_on > from_on:
            raise Problem(problems.NUMBER_TOO_LATE, day=number_on, from_on=from_on)
    with write():
        alone(f"inspections {ground.pk}")
        line = line_for(ground, read, found, from_on)
        row = _row(actor, ground, (version, read, found), line, from_on, last, townships, now)
        if drawn and number_on is not None:
            commit(row, number_name, number_on, secret=secret)
        row.state, row.is_drawn = (State.SEALED if drawn else State.READY), drawn
        row.save()
        InspectionTeam.objects.create(inspection=row, number=1)
        told = {"from_on": from_on, "document": line.plan.document, "commitment": row.commitment}
        log(actor, "inspection.arranged", row, told)
    return row


def add_team(actor: User | None, inspection: Inspection, *, vehicle: str = "") -> InspectionTeam:
    """One more team, before the targets are opened."""
    with write():
        row = locked(inspection, (State.SEALED, State.READY), "加组")
        last = InspectionTeam.objects.filter(inspection=row).aggregate(last=Max("number"))["last"] or 0
        team = InspectionTeam.objects.create(inspection=row, number=last + 1, vehicle=vehicle.strip()[:60])
        log(actor, "inspection_team.added", row, {"team": team.number})
    return team


def drop_team(actor: User | None, inspection: Inspection, number: int) -> None:
    """A team taken out before the targets are opened."""
    with write():
        row = locked(inspection, (State.SEALED, State.READY), "撤组")
        team = team_in(row, number)
        log(actor, "inspection_team.dropped", row, {"team": team.number})
        team.delete()


def set_vehicle(actor: User | None, inspection: Inspection, number: int, vehicle: str) -> None:
    """What a team drives in."""
    with write():
        row = locked(inspection, (State.SEALED, State.READY, State.OPENED), "改车辆")
        InspectionTeam.objects.filter(pk=team_in(row, number).pk).update(vehicle=vehicle.strip()[:60])
        log(actor, "inspection_team.vehicle", row, {"team": number, "vehicle": vehicle.strip()[:60]})


def add_member(
    actor: User | None, inspection: Inspection, number: int, code: str, *, leads: bool = False
) -> InspectionMember:
    """A person into a team, before the targets are opened; a new leader takes over from the one before."""
    person = Person.objects.filter(code=code, to_on=None).select_related("place").first()
    if person is None or person.place.path.partition("/")[0] != inspection.ground.path.partition("/")[0]:
        raise Problem(problems.PERSON_UNKNOWN, code=code)
    with write():
        row = locked(inspection, (State.SEALED, State.READY), "改组员")
        team = team_in(row, number)
        held = InspectionMember.objects.filter(team__inspection=row, person=person).select_related("team").first()
        if held is not None and (held.team_id != team.pk or held.leads == leads):
            raise Problem(problems.MEMBER_TWICE, person=person.name, team=held.team.number)
        if leads:
            InspectionMember.objects.filter(team=team, leads=True).update(leads=False)
        member = held or InspectionMember(team=team, person=person)
        member.leads = leads
        member.save()
        log(actor, "inspection_member.added", row, {"team": number, "person": code, "leads": leads})
    return member


def drop_member(actor: User | None, inspection: Inspection, code: str) -> None:
    """A person out of the inspection, before the targets are opened."""
    with write():
        row = locked(inspection, (State.SEALED, State.READY), "改组员")
        InspectionMember.objects.filter(team__inspection=row, person__code=code).delete()
        log(actor, "inspection_member.dropped", row, {"person": code})


def enter_number(actor: User | None, inspection: Inspection, number: str, *, now: datetime) -> Inspection:
    """The public number as it was published; the targets stay closed until the day."""
    with write():
        row = locked(inspection, (State.SEALED,), "填公开数")
        take_number(row, number, today=local_day(now))
        row.state = State.READY
        row.save()
        log(actor, "inspection.number", row, {"number": row.number})
    return row


def give_up(actor: User | None, inspection: Inspection, *, reason: str) -> Inspection:
    """An inspection that does not take place, with a reason, before its first sheet; the plan has its turn again."""
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        row = locked(inspection, (State.SEALED, State.READY, State.OPENED), "取消")
        if n := n_sheets(row):
            raise Problem(problems.SHEETS_IN, n=n)
        row.state, row.reason = State.GIVEN_UP, reason.strip()[:200]
        row.save(update_fields=["state", "reason"])
        log(actor, "inspection.given_up", row, {}, reason=row.reason)
    return row


def team_in(inspection: Inspection, number: int) -> InspectionTeam:
    """The team of that number; Problem when there is none."""
    found = InspectionTeam.objects.filter(inspection=inspection, number=number).first()
    if found is None:
        raise Problem(problems.TEAM_UNKNOWN)
    return found


def locked(inspection: Inspection, states: tuple[Inspection.State, ...], act: str) -> Inspection:
    """The row anew, for this transaction alone, in one of the states; Problem otherwise."""
    rows = Inspection.objects.select_for_update(of=("self",)).select_related("ground", "scheme_version", "line__plan")
    row = rows.get(pk=inspection.pk)
    if row.state not in states:
        raise Problem(problems.STATE, state=row.get_state_display(), act=act)
    return row


def log(actor: User | None, act: str, row: Inspection, after: dict[str, Any], *, reason: str = "") -> None:
    """One change line of an inspection's act, at its ground."""
    changes.log(actor.pk if actor else None, act, row, path=row.ground.path, after=after, reason=reason[:200])


def _require_days(from_on: date, to_on: date, today: date, longest: int) -> None:
    why = ""
    if from_on < today:
        why = "开始的日期已经过了"
    elif to_on < from_on:
        why = "结束在开始以前"
    elif to_on - from_on >= timedelta(days=longest):
        why = f"长于 {longest} 天"
    elif to_on.month != from_on.month:
        why = "跨了两个月"
    if why:
        raise Problem(problems.BAD_DAYS, from_on=from_on, to_on=to_on, why=why)


def _row(
    actor: User | None, ground: Place, way: tuple[SchemeVersion, Scheme, InspectionKind], line: PlannedInspection,
    from_on: date, to_on: date, townships: tuple[str, ...], now: datetime,
) -> Inspection:  # fmt: skip
    """The inspection with its facts, not yet stored."""
    version, scheme, found = way
    level = level_of(scheme, found)
    subjects = subjects_of(ground, level, from_on, townships)
    if not subjects:
        raise Problem(problems.NO_SUBJECTS)
    number = (Inspection.objects.filter(ground=ground, scheme=scheme.code, line=line).count()) + 1
    code = f"{ground.code}/{scheme.code}/{found.code}/{from_on.isoformat()}/{number}"
    facts = facts_for(code, scheme, found, subjects, from_on)
    if draw_of(scheme, found) is None and level == "village":
        had = received(scheme, level, subjects, from_on)
        hold_under_cap(scheme, [Received(place.name, had.get(place.code, 0) + 1) for place in subjects])
    return Inspection(
        line=line, ground=ground, scheme_version=version, scheme=scheme.code, kind=found.code, name=found.name,
        nth=number, from_on=from_on, to_on=to_on, facts=facts, facts_digest=digest_of(facts),
        shown_hour=found.shown_hour, object_days=found.object_days, arranged_at=now, arranged_by=actor,
    )  # fmt: skip
