"""The sheets of an inspection's turns, and who sees targets and sheets when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from xiangyue.base.roles import OFFICES, READERS, Role
from xiangyue.base.scope import Scope
from xiangyue.checks.inspections.models import Inspection, InspectionMember, InspectionTurn
from xiangyue.checks.inspections.ways import kinds_of, way_of
from xiangyue.checks.models import Check, Kind
from xiangyue.places.models import Level, Place
from xiangyue.rules.days import local_day
from xiangyue.rules.settings import CheckKind

COUNTED = Check.State.COUNTED
COUNTY = frozenset({Role.COUNTY_OFFICE})
INSIDE = OFFICES | {Role.SUPERVISOR, Role.AUDITOR}
State = Inspection.State
KEPT_SECONDS = 60
UNDER_WAY = (State.OPENED, State.FINISHED)


@dataclass(frozen=True, slots=True)
class Stop:
    """A turn with its sheets: in the order of the day."""

    turn: InspectionTurn
    sheets: tuple[Check, ...]
    missing: tuple[CheckKind, ...]
    """Kinds of check that no sheet is in of."""

    @property
    def is_done(self) -> bool:
        """Whether all its sheets are in, or it says why not."""
        return not self.missing or bool(self.turn.unseen)


WITH = ("inspection__ground", "inspection__scheme_version", "inspection__line__plan", "team", "subject__township",
        "subject__village", "subject__ground")  # fmt: skip
"""What comes along with a turn."""


def stops_of(inspection: Inspection) -> list[Stop]:
    """Every turn of an inspection with its counted sheets, in the order of the day."""
    return stops_among(list(inspection.turns.select_related(*WITH)))


def stops_among(turns: Sequence[InspectionTurn]) -> list[Stop]:
    """These turns with their counted sheets: of the inspection's kinds, on its days, by the turn's team."""
    held = _sheets_by_subject(turns)
    crew: dict[int, set[int]] = {}
    members = InspectionMember.objects.filter(team__in={turn.team_id for turn in turns})
    for team, person in members.values_list("team_id", "person_id"):
        crew.setdefault(team, set()).add(person)
    found = []
    for turn in turns:
        inspection = turn.inspection
        scheme, way = way_of(inspection)
        sheets = tuple(
            sheet
            for sheet in held.get(turn.subject_id, ())
            if sheet.inspector_id in crew.get(turn.team_id, ())
            and sheet.kind.scheme == inspection.scheme
            and sheet.kind.code in way.checks
            and inspection.from_on <= sheet.day <= inspection.to_on
        )
        there = {sheet.kind.code for sheet in sheets}
        missing = tuple(kind for kind in kinds_of(scheme, way) if kind.code not in there)
        found.append(Stop(turn, sheets, missing))
    return found


def _sheets_by_subject(turns: Sequence[InspectionTurn]) -> dict[int, list[Check]]:
    """Subject → its counted sheets of the days that the turns lie in, oldest first."""
    if not turns:
        return {}
    rows = Check.objects.filter(
        subject__in={turn.subject_id for turn in turns}, state=COUNTED,
        day__gte=min(turn.inspection.from_on for turn in turns), day__lte=max(turn.inspection.to_on for turn in turns),
    ).select_related("kind", "inspector", "subject__township", "scheme_version")  # fmt: skip
    found: dict[int, list[Check]] = {}
    for sheet in rows.order_by("made_at", "pk"):
        found.setdefault(sheet.subject_id, []).append(sheet)
    return found


def n_sheets(inspection: Inspection) -> int:
    """How many sheets are in."""
    return sum(len(stop.sheets) for stop in stops_of(inspection))


def inspections(scope: Scope) -> QuerySet[Inspection]:
    """The inspections that the actor may know of: on their ground, of a ground that they lie in, or their own team's."""
    rows = Inspection.objects.select_related("ground", "line__plan", "scheme_version", "opened_by__person")
    condition = Q(teams__members__person=scope.person_id or 0)
    for grant in scope.grants:
        if grant.role in READERS:
            parts = grant.path.split("/")[:-1]
            above = ["/".join(parts[:n]) + "/" for n in range(1, len(parts) + 1)]
            condition |= Q(ground__path__in=above) | Q(ground__path__startswith=grant.path)
    return rows.filter(condition).distinct()


def inspection_of(scope: Scope, pk: int) -> Inspection:
    """One inspection: unseen 404."""
    found = inspections(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def to_run(scope: Scope, pk: int) -> Inspection:
    """An inspection that the actor's office runs; seen but not theirs 403."""
    found = inspection_of(scope, pk)
    if not runs(scope, found.ground):
        raise PermissionDenied
    return found


def runs(scope: Scope, ground: Place) -> bool:
    """Whether the actor plans and arranges here: the office of the ground."""
    return scope.holds(OFFICES if ground.level == Level.TOWNSHIP else COUNTY, ground.path)


def is_member(scope: Scope, inspection: Inspection) -> bool:
    """Whether the actor sits in one of the teams."""
    members = InspectionMember.objects.filter(team__inspection=inspection, person=scope.person_id or 0)
    return bool(scope.person_id) and members.exists()


def sees_targets(scope: Scope, inspection: Inspection, *, is_one: bool, now: datetime) -> bool:
    """Whether the actor sees where the inspection goes: the team once it is opened, all inside when the day is over.

    What is not drawn is known ahead to all inside.
    """
    if inspection.state not in UNDER_WAY:
        return False
    inside = scope.holds(INSIDE, inspection.ground.path)
    return is_one or (inside and (not inspection.is_drawn or now >= inspection.told_at))


def told(inspection: Inspection, now: datetime) -> bool:
    """Whether secret, facts and turns are open to everybody who knows of the inspection."""
    return inspection.is_drawn and inspection.state in UNDER_WAY and now >= inspection.told_at


def turn_of(scope: Scope, pk: int, now: datetime) -> InspectionTurn:
    """A turn that the actor may see today: its team, who sees all targets, and the inspected once the sheet is shown."""
    turn = InspectionTurn.objects.select_related(*WITH).filter(pk=pk).first()
    if turn is None:
        raise Http404
    inspection = turn.inspection
    one = is_member(scope, inspection)
    if one or sees_targets(scope, inspection, is_one=one, now=now):
        return turn
    if scope.holds(READERS, turn.subject.path) and (shown_sheets(turn, now) or turn.objections.exists()):
        return turn
    raise Http404


def shown_sheets(turn: InspectionTurn, now: datetime) -> list[Check]:
    """The turn's counted sheets that the inspected place sees by now."""
    return shown_of(stops_among([turn])[0], now)


def shown_of(stop: Stop, now: datetime) -> list[Check]:
    """Those of a turn's sheets that the inspected place sees by now."""
    return [sheet for sheet in stop.sheets if now >= stop.turn.inspection.shown_at(sheet.day)]


def hidden_until_shown(scope: Scope) -> Q | None:
    """Today's sheets of inspections that the actor does not see before their hour; None where there are none."""
    now = timezone.now()
    today = local_day(now)
    running = _running(today)
    if not running:
        return None
    rows = Inspection.objects.filter(pk__in=running).exclude(teams__members__person=scope.person_id or 0)
    found: Q | None = None
    for row in rows.select_related("scheme_version"):
        if now < row.shown_at(today):
            _scheme, way = way_of(row)
            kinds = Kind.objects.filter(ground=row.ground_id, scheme=row.scheme, code__in=way.checks)
            one = Q(day=today, kind__in=kinds.values("pk"), subject__in=row.turns.values("subject"))
            found = one if found is None else found | one
    return found


def _running(today: date) -> list[int]:
    """The inspections under way today: asked of every list of checks, so they are kept until one more is opened."""
    key = running_key(today)
    found: list[int] | None = cache.get(key)
    if found is None:
        rows = Inspection.objects.filter(from_on__lte=today, to_on__gte=today, state__in=UNDER_WAY)
        found = list(rows.order_by().values_list("pk", flat=True))
        cache.set(key, found, KEPT_SECONDS)
    return found


def running_key(day: date) -> str:
    """Under what the inspections under way on a day are kept."""
    return f"inspections/running/{day}"
