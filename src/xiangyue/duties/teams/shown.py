"""What is shown of teams: members by kind, spots, and what was done there this week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Q

from xiangyue.base.consequences import follow
from xiangyue.base.dated import held_on
from xiangyue.base.scope import below
from xiangyue.duties.layers import LayerOn, layers_on
from xiangyue.duties.team_models import Team, TeamMember, TeamSpot
from xiangyue.duties.visit_models import Visit
from xiangyue.places.models import Place


@dataclass
class Asked:
    """Asked of the rooms above (`spots_told`): what was seen at public places from a day to a day, and what is open."""

    places: Collection[int]
    first: date
    last: date
    checks: dict[int, int] = field(default_factory=dict)
    """Place → checks that count in these days …"""
    faulty: dict[int, int] = field(default_factory=dict)
    """… and those of them with a fault."""
    checked_on: dict[int, date] = field(default_factory=dict)
    """Place → the last check's day, whenever it was."""
    problems: dict[int, int] = field(default_factory=dict)
    """Place → problems that are not closed."""


@dataclass(frozen=True, slots=True)
class TeamShown:
    """A team in the list: how many of each kind, its spots, what its week came to."""

    team: Team
    kinds: tuple[int, ...]
    """In the order of `TeamMember.Kind`."""
    leader: str
    spots: int
    seen: int
    """Spots that one of the team came to this week."""
    visits: int
    tasks: int
    checks: int
    faulty: int
    problems: int

    @property
    def members(self) -> int:
        """How many are in it."""
        return sum(self.kinds)


@dataclass(frozen=True, slots=True)
class SpotShown:
    """A spot on the team's page."""

    row: TeamSpot
    cleared_on: date | None
    came_on: date | None
    checked_on: date | None
    checks: int
    faulty: int
    problems: int


@dataclass(frozen=True, slots=True)
class KindShown:
    """The members of one kind."""

    label: str
    members: tuple[TeamMember, ...]


def week_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def teams_of(place: Place, day: date) -> list[TeamShown]:
    """The teams at or below a place that stand on the day, with this week's work."""
    rows = Team.objects.live(day).filter(below("place__path", (place.path,)))
    teams = list(rows.select_related("place").order_by("place__path", "pk"))
    keys = [team.pk for team in teams]
    members = list(TeamMember.objects.live(day).filter(team__in=keys).select_related("person"))
    spots = list(TeamSpot.objects.live(day).filter(team__in=keys))
    asked = told(spots, week_of(day), day)
    work = _work(teams, members, spots, week_of(day), day)
    return [_shown(team, members, spots, asked, work) for team in teams]


def told(spots: Sequence[TeamSpot], first: date, last: date) -> Asked:
    """What the rooms above know of these spots."""
    asked = Asked({spot.place_id for spot in spots}, first, last)
    if asked.places:
        follow("spots_told", asked)
    return asked


def _work(
    teams: Sequence[Team], members: Sequence[TeamMember], spots: Sequence[TeamSpot], first: date, last: date
) -> dict[int, list[tuple[int, int]]]:
    """Team → (spot's place, tasks done) of each visit by one of its members at one of its spots, on its layer."""
    at: dict[tuple[str, str, int], list[int]] = {}
    layer_of = {team.pk: (team.scheme, team.layer) for team in teams}
    for spot in spots:
        at.setdefault((*layer_of[spot.team_id], spot.place_id), []).append(spot.team_id)
    inside = {(member.team_id, member.person_id) for member in members}
    rows = Visit.objects.counting().between(first, last).filter(target__in={spot.place_id for spot in spots})
    found: dict[int, list[tuple[int, int]]] = {}
    for scheme, layer, target, person, tasks in rows.values_list("scheme", "layer", "target", "person", "tasks"):
        for team in at.get((scheme, layer, target), ()):
            if (team, person) in inside:
                found.setdefault(team, []).append((target, len([code for code in tasks.split(",") if code])))
    return found


def _shown(
    team: Team,
    members: Sequence[TeamMember],
    spots: Sequence[TeamSpot],
    asked: Asked,
    work: dict[int, list[tuple[int, int]]],
) -> TeamShown:
    mine = [member for member in members if member.team_id == team.pk]
    kinds = Counter(member.kind for member in mine)
    places = [spot.place_id for spot in spots if spot.team_id == team.pk]
    done = work.get(team.pk, [])
    sums = [sum(held.get(place, 0) for place in places) for held in (asked.checks, asked.faulty, asked.problems)]
    return TeamShown(
        team, tuple(kinds[kind] for kind in TeamMember.Kind.values),
        next((member.person.name for member in mine if member.leads), ""), len(places),
        len({place for place, _tasks in done}), len(done), sum(tasks for _place, tasks in done), *sums,
    )  # fmt: skip


def layer_for(team: Team, day: date) -> LayerOn | None:
    """The layer that the team serves, as it is in force on the day (None where the scheme has it no more)."""
    found = layers_on(team.place, min(day, team.to_on or day))
    return next((one for one in found if (one.scheme, one.code) == (team.scheme, team.layer)), None)


def members_of(team: Team, day: date) -> list[KindShown]:
    """The team's members on the day (those to come among them) by the five kinds; kinds without members too."""
    rows = team.members.not_over(day).select_related("person", "person__place").order_by("-leads", "person__code")
    held: dict[str, list[TeamMember]] = {}
    for row in rows:
        held.setdefault(row.kind, []).append(row)
    return [KindShown(str(kind.label), tuple(held.get(kind.value, ()))) for kind in TeamMember.Kind]


def spots_of(team: Team, one: LayerOn | None, day: date) -> list[SpotShown]:
    """The team's spots on the day: when last cleared (the layer's first task), come to, checked; what is open."""
    rows = list(team.spots.not_over(day).select_related("place__parent", "place__village").order_by("place__path"))
    asked = told(rows, week_of(day), day)
    came = _came([row.place_id for row in rows], team, one)
    return [
        SpotShown(
            row, came.get(row.place_id, {}).get("cleared"), came.get(row.place_id, {}).get("came"),
            asked.checked_on.get(row.place_id), asked.checks.get(row.place_id, 0), asked.faulty.get(row.place_id, 0),
            asked.problems.get(row.place_id, 0),
        )
        for row in rows
    ]  # fmt: skip


def _came(places: Sequence[int], team: Team, one: LayerOn | None) -> dict[int, dict[str, Any]]:
    first = one.layer.tasks[0].code if one is not None and one.layer.tasks else ""
    rows = Visit.objects.counting().filter(target__in=places, scheme=team.scheme, layer=team.layer)
    # codes stand with commas between; the first task's may be first, last, alone or inside
    cleared = Q(tasks=first) | Q(tasks__startswith=f"{first},") | Q(tasks__endswith=f",{first}")
    cleared |= Q(tasks__contains=f",{first},")
    values = rows.order_by().values("target").annotate(came=Max("day"), cleared=Max("day", filter=cleared))
    return {row["target"]: dict(row) for row in values}


def place_counts(village: Place, day: date) -> list[tuple[Place, int]]:
    """The public places below a place that exist on the day, each with how many teams answer for it."""
    rows = Place.objects.live(day).below(village.path).of("public_place").select_related("parent", "village")
    held: Any = rows.annotate(n=Count("spots_held", filter=held_on(day, "spots_held__"))).order_by("path")
    return [(row, row.n) for row in held]
