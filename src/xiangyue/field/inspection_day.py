"""The inspections of the actor's teams today, as the phone keeps them: the route once it was opened, nothing before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from xiangyue.base.scope import Scope
from xiangyue.checks.inspections.going import note_look
from xiangyue.checks.inspections.models import Inspection, InspectionMember, InspectionTeam, InspectionTurn
from xiangyue.checks.inspections.seeing import WITH, Stop, stops_among
from xiangyue.checks.inspections.ways import kinds_of, way_of
from xiangyue.people.models import User
from xiangyue.places.models import Place

State = Inspection.State
AHEAD = (State.SEALED, State.READY, State.OPENED)


def own_teams(scope: Scope, day: date) -> list[InspectionTeam]:
    """The teams that the actor is in, of inspections of the day that have not ended."""
    rows = InspectionTeam.objects.filter(
        members__person=scope.person_id or 0, inspection__state__in=AHEAD, inspection__from_on__lte=day,
        inspection__to_on__gte=day,
    )  # fmt: skip
    return list(rows.select_related("inspection__scheme_version", "inspection__ground").order_by("inspection_id"))


def inspections_json(scope: Scope, day: date) -> list[tuple[list[Place], dict[str, Any]]]:
    """Each with its places in the order of the route; without any while its targets are sealed."""
    teams = own_teams(scope, day) if scope.person_id else []
    if not teams:
        return []
    opened = [team.pk for team in teams if team.inspection.state == State.OPENED]
    turns = InspectionTurn.objects.filter(team__in=opened).select_related(*WITH, "subject__parent") if opened else ()
    stops: dict[int, list[Stop]] = {}
    for stop in stops_among(sorted(turns, key=lambda turn: turn.order)):
        stops.setdefault(stop.turn.team_id, []).append(stop)
    crews: dict[int, list[str]] = {}
    members = InspectionMember.objects.filter(team__in=[team.pk for team in teams]).exclude(person=scope.person_id)
    for team, name in members.values_list("team", "person__name"):
        crews.setdefault(team, []).append(name)
    return [
        ([stop.turn.subject for stop in stops.get(team.pk, [])], _one(team, stops.get(team.pk, []), crews))
        for team in teams
    ]


def note_targets_taken(user: User, told: Sequence[dict[str, Any]]) -> None:
    """Put on record that the targets went to somebody's phone, as for whoever opens their page: once a person."""
    opened = [one["id"] for one in told if one["opened"]]
    for row in Inspection.objects.filter(pk__in=opened) if opened else ():
        note_look(user, row)


def _one(team: InspectionTeam, stops: list[Stop], crews: dict[int, list[str]]) -> dict[str, Any]:
    row = team.inspection
    scheme, way = way_of(row)
    return {
        "id": row.pk,
        "name": row.name,
        "team": team.number,
        "vehicle": team.vehicle,
        "with": crews.get(team.pk, []),
        "from": row.from_on.isoformat(),
        "to": row.to_on.isoformat(),
        "opened": row.state == State.OPENED,
        "page": reverse("inspections:day", args=(row.pk,)),
        "checks": [f"{row.scheme}/{kind.code}" for kind in kinds_of(scheme, way)],
        "stops": [
            {
                "place": stop.turn.subject.code,
                "left": [f"{row.scheme}/{kind.code}" for kind in stop.missing],
                "unseen": stop.turn.unseen,
            }
            for stop in stops
        ],
    }
