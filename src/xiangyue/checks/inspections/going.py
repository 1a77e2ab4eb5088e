"""The day of an inspection: the team opens its targets, everybody who looks is on record, the sheets come in, it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.cache import cache

from xiangyue.base import changes
from xiangyue.base.consequences import follow
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.checks.inspections import problems
from xiangyue.checks.inspections.arranging import locked, log
from xiangyue.checks.inspections.drawing import Drawn, dealt, digest, drawn_from, lots_of
from xiangyue.checks.inspections.facts import received, seen_in_year, ties_of
from xiangyue.checks.inspections.models import Inspection, InspectionMember, InspectionTeam, InspectionTurn
from xiangyue.checks.inspections.seeing import running_key, stops_of
from xiangyue.checks.inspections.ways import level_of, way_of
from xiangyue.places.models import Place
from xiangyue.rules import draw
from xiangyue.rules.days import local_day

if TYPE_CHECKING:
    from xiangyue.people.models import User

State = Inspection.State
LOOKED = "inspection.looked"


@dataclass(frozen=True, slots=True)
class InspectionFaults:
    """What follows an inspection that ended: its counted sheets, for what is at fault to become problems."""

    inspection_id: int
    ground_id: int
    scheme: str
    check_ids: tuple[int, ...]


def open_targets(actor: User, inspection: Inspection, *, now: datetime) -> Inspection:
    """The targets, drawn and dealt, for the team alone and not before the first day; who opened them is on record."""
    if not _is_one(actor, inspection):
        raise Problem(problems.NOT_ONES_TEAM)
    with write():
        alone(f"inspections {inspection.ground_id}")
        row = locked(inspection, (State.READY, State.SEALED, State.OPENED), "打开")
        if row.state == State.OPENED:
            return row
        today = local_day(now)
        if today < row.from_on or row.state == State.SEALED:
            raise Problem(problems.NOT_TODAY, day=row.from_on)
        if today > row.to_on:
            raise Problem(problems.OVER, day=row.to_on)
        _require_crews(row)
        subjects = _subjects(row)
        row.held = _held(row, subjects)
        found = _drawn(row)
        _require_turns(row, found, subjects)
        _store_turns(row, found, subjects)
        row.state, row.opened_at, row.opened_by = State.OPENED, now, actor
        row.digest = digest(found.turns)
        row.save()
        cache.delete(running_key(today))
        log(actor, "inspection.opened", row, {"turns": len(found.turns), "digest": row.digest})
    return row


def note_look(actor: User, inspection: Inspection) -> None:
    """Put on record that somebody looked at the targets: once a person."""
    if not changes.history(inspection).filter(act=LOOKED, actor=actor).exists():
        log(actor, LOOKED, inspection, {})


def lookers(inspection: Inspection) -> list[Any]:
    """The lines of who looked at the targets after they were opened, oldest first."""
    rows = changes.history(inspection).filter(act=LOOKED).select_related("actor__person")
    return list(rows.order_by("at", "pk"))


def finish(actor: User | None, inspection: Inspection, unseen: Mapping[int, str], *, now: datetime) -> Inspection:
    """The inspection at its end: each turn has its sheets or says why not; what is at fault goes its way."""
    with write():
        row = locked(inspection, (State.OPENED,), "收队")
        stops = stops_of(row)
        for stop in stops:
            reason = unseen.get(stop.turn.pk, "").strip()[:120]
            if stop.missing and reason:
                stop.turn.unseen = reason
                stop.turn.save(update_fields=["unseen"])
        open_still = [stop.turn.subject.name for stop in stops if not stop.is_done]
        if open_still:
            raise Problem(problems.UNSEEN, n=len(open_still), example=open_still[0])
        row.state, row.finished_at, row.finished_by = State.FINISHED, now, actor
        row.save(update_fields=["state", "finished_at", "finished_by"])
        checks = tuple(sorted(sheet.pk for stop in stops for sheet in stop.sheets))
        log(actor, "inspection.finished", row, {"sheets": len(checks)})
        follow("inspection_faults", InspectionFaults(row.pk, row.ground_id, row.scheme, checks))
    return row


def told_of(inspection: Inspection) -> dict[str, Any]:
    """An inspection's draw as anyone may take it along and do it again."""
    turns = inspection.turns.order_by("team__number", "order").values_list("subject__code", "team__number")
    return {
        "facts": inspection.facts, "facts_digest": inspection.facts_digest, "held": inspection.held,
        "commitment": inspection.commitment, "secret": inspection.secret, "number_name": inspection.number_name,
        "number": inspection.number, "turns": [list(turn) for turn in turns],
    }  # fmt: skip


def _is_one(actor: User, inspection: Inspection) -> bool:
    person = getattr(actor, "person_id", None)
    return bool(person) and InspectionMember.objects.filter(team__inspection=inspection, person=person).exists()


def _subjects(row: Inspection) -> list[Place]:
    """The subjects as they were when it was arranged, in the order of the register; who is gone since stays out."""
    codes = [code for code, *_rest in row.facts["subjects"]]
    places = Place.objects.live(row.from_on).filter(code__in=codes)
    return list(places.select_related("township", "village", "ground").order_by("path"))


def _require_crews(row: Inspection) -> None:
    teams = list(row.teams.all())
    if not teams:
        raise Problem(problems.NO_TEAM)
    led = set(InspectionMember.objects.filter(team__inspection=row, leads=True).values_list("team_id", flat=True))
    without = [str(team.number) for team in teams if team.pk not in led]
    if without:
        raise Problem(problems.NO_LEADER, teams="、".join(without))


def _held(row: Inspection, subjects: list[Place]) -> dict[str, Any]:
    """What holds against subjects on the day: received this month and year, ties of every team, gone since."""
    scheme, way = way_of(row)
    ties = ties_of(row, subjects, row.from_on)
    teams: list[tuple[int, str]] = [
        (team.number, _home(team) if way.manner == "exchange" else "") for team in row.teams.all()
    ]
    there = {place.code for place in subjects}
    barred = {code: "已不在区划里" for code, *_rest in row.facts["subjects"] if code not in there}
    towns = {code: town for code, _stratum, _weight, town in row.facts["subjects"]}
    for code in there:
        if all(code in ties.get(number, {}) or home == towns[code] for number, home in teams):
            barred[code] = "各组组员都要回避"
    return {
        "seen": seen_in_year(scheme, way, subjects, row.from_on),
        "month": received(scheme, level_of(scheme, way), subjects, row.from_on, row),
        "barred": barred,
        "teams": [list(team) for team in teams],
        "ties": sorted([number, code] for number, places in ties.items() for code in places),
    }


def _home(team: InspectionTeam) -> str:
    """The township of the team's leader: it does not go there."""
    leader = team.members.filter(leads=True).select_related("person__place__township").first()
    if leader is None:
        return ""
    place = leader.person.place
    return place.township.code if place.township else place.code


def _drawn(row: Inspection) -> Drawn:
    if row.is_drawn:
        return drawn_from(row.facts, row.held, row.seed)
    barred = row.held["barred"]
    targets = [code for code, *_rest in row.facts["subjects"] if code not in barred]
    seed = draw.digest(row.facts["code"])
    return dealt(targets, lots_of(row.facts, row.held, seed), row.facts, row.held, seed)


def _require_turns(row: Inspection, found: Drawn, subjects: list[Place]) -> None:
    if not found.turns:
        raise Problem(problems.NO_ONE_DRAWN)
    if found.lonely:
        names = {place.code: place.name for place in subjects}
        raise Problem(problems.NO_TEAM_FOR, subject=names.get(found.lonely[0], found.lonely[0]))


def _store_turns(row: Inspection, found: Drawn, subjects: list[Place]) -> None:
    """The turns in the order of the day: township by township, in each by the village's code."""
    teams = {team.number: team.pk for team in row.teams.all()}
    team_of = dict(found.turns)
    orders = dict.fromkeys(teams.values(), 0)
    rows = []
    for place in sorted((one for one in subjects if one.code in team_of), key=lambda one: one.path):
        team = teams[team_of[place.code]]
        orders[team] += 1
        rows.append(InspectionTurn(inspection=row, team_id=team, subject=place, order=orders[team]))
    InspectionTurn.objects.bulk_create(rows, batch_size=500)
