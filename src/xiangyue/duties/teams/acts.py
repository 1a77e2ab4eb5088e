"""What is done with a team: founded, named anew, given members, a leader and spots, and disbanded; its duties follow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.scope import Scope
from xiangyue.base.writes import alone, write
from xiangyue.duties.actions.single import Terms, hold_bearer, hold_target
from xiangyue.duties.layers import LayerOn, layer_on
from xiangyue.duties.permits import hold_against_giver
from xiangyue.duties.problems import told_overlaps
from xiangyue.duties.team_models import Team, TeamMember, TeamSpot
from xiangyue.duties.teams import bearing, problems
from xiangyue.people.models import Person, User
from xiangyue.places.models import Level, Place

GROUNDS = (Level.TOWNSHIP, Level.VILLAGE)


def found_team(
    actor: User | None,
    place: Place,
    layer: str,
    name: str,
    from_on: date,
    *,
    scheme: str = "",
    scope: Scope | None = None,
    now: datetime | None = None,
) -> Team:
    """A new team of a township or village for one layer, without members or spots yet."""
    if place.level not in GROUNDS:
        raise Problem(problems.WRONG_GROUND, place=place.name)
    one = layer_on(place, from_on, layer, scheme)
    if not fits(one):
        raise Problem(problems.NO_TEAM_LAYER, layer=one.layer.name)
    with _changing(actor, place, now, scope, one.layer.name) as by:
        row = Team(
            place=place, name=_named(place, name), scheme=one.scheme, layer=one.code, from_on=from_on,
            made_at=by.now, made_by=actor,
        )  # fmt: skip
        row.save()
        _log(by, "team.founded", row, row, {"name": row.name, "layer": one.code, "from_on": from_on})
    return row


def fits(one: LayerOn) -> bool:
    """Whether a team can answer on a layer: persons bear it, for public places."""
    return one.layer.bearer == "person" and one.layer.target == Level.PUBLIC_PLACE.value


def rename_team(actor: User | None, team: Team, name: str, *, scope: Scope | None = None) -> Team:
    """The team under another name; the duties that bear its mark, handed over since or not, bear the new one."""
    with _changing(actor, team.place, None, scope, team.name) as by:
        before = team.name
        if name.strip() == before:
            return team
        team.name = _named(team.place, name)
        team.save(update_fields=["name"])
        bearing.rename(team, before)
        _log(by, "team.renamed", team, team, {"name": team.name}, {"name": before})
    return team


def add_member(
    actor: User | None,
    team: Team,
    person: Person,
    kind: str,
    from_on: date,
    *,
    leads: bool = False,
    scope: Scope | None = None,
    now: datetime | None = None,
) -> TeamMember:
    """The person in the team from a day; answers for each of its spots from then on."""
    with _changing(actor, team.place, now, scope, team.name) as by:
        one = _layer_of(team, from_on)
        hold_bearer(one, person, from_on)
        for twin in TeamMember.objects.meeting(from_on, None).filter(team=team, person=person):
            raise Problem(problems.MEMBER_TWICE, person=person.name, team=team.name, day=twin.from_on)
        if leads:
            team.members.filter(leads=True).update(leads=False)
        row = TeamMember(team=team, person=person, kind=TeamMember.Kind(kind), leads=leads, from_on=from_on)
        row.save()
        told = {"team": team.name, "person": person.code, "kind": row.kind, "leads": leads, "from_on": from_on}
        _log(by, "team_member.added", row, team, told)
        bearing.begin(by, team, one, [row], list(team.spots.not_over(from_on).select_related("place")))
    return row


def add_spot(
    actor: User | None,
    team: Team,
    place: Place,
    from_on: date,
    *,
    scope: Scope | None = None,
    now: datetime | None = None,
) -> TeamSpot:
    """The public place among those that the team answers for from a day; each of its members does from then on."""
    with _changing(actor, team.place, now, scope, team.name) as by:
        one = _layer_of(team, from_on)
        if not place.path.startswith(team.place.path):
            raise Problem(problems.SPOT_OUTSIDE, place=place.name, ground=team.place.name)
        hold_target(one, place, Terms(from_on))
        for twin in TeamSpot.objects.meeting(from_on, None).filter(team=team, place=place):
            raise Problem(problems.SPOT_TWICE, place=place.name, team=team.name, day=twin.from_on)
        row = TeamSpot(team=team, place=place, from_on=from_on)
        row.save()
        _log(by, "team_spot.added", row, team, {"team": team.name, "place": place.code, "from_on": from_on})
        bearing.begin(by, team, one, list(team.members.not_over(from_on).select_related("person")), [row])
    return row


def make_leader(actor: User | None, member: TeamMember, *, scope: Scope | None = None) -> TeamMember:
    """The member leads the team; who led it stays in it."""
    team = member.team
    with _changing(actor, team.place, None, scope, team.name) as by:
        member.refresh_from_db()
        if member.to_on is not None:
            raise Problem(problems.LEFT, day=member.to_on)
        team.members.filter(leads=True).update(leads=False)
        member.leads = True
        member.save(update_fields=["leads"])
        _log(by, "team.leader", member, team, {"team": team.name, "person": member.person.code})
    return member


def end_member(actor: User | None, member: TeamMember, last: date, *, scope: Scope | None = None) -> int:
    """The member's last day in the team; gives how many duties end with it."""
    with _changing(actor, member.team.place, None, scope, member.team.name) as by:
        n = bearing.end(by, bearing.of_member(member), _closed(member, last))
        _log(by, "team_member.ended", member, member.team, {"person": member.person.code, "to_on": last, "duties": n})
    return n


def end_spot(actor: User | None, spot: TeamSpot, last: date, *, scope: Scope | None = None) -> int:
    """The last day on which the team answers for the spot; gives how many duties end with it."""
    with _changing(actor, spot.team.place, None, scope, spot.team.name) as by:
        n = bearing.end(by, bearing.of_spot(spot), _closed(spot, last))
        _log(by, "team_spot.ended", spot, spot.team, {"place": spot.place.code, "to_on": last, "duties": n})
    return n


def disband(actor: User | None, team: Team, last: date, *, scope: Scope | None = None) -> int:
    """The team's last day, for all its members and spots; gives how many duties end with it."""
    with _changing(actor, team.place, None, scope, team.name) as by:
        later = [
            *team.members.filter(from_on__gt=last).values_list("from_on", flat=True),
            *team.spots.filter(from_on__gt=last).values_list("from_on", flat=True),
        ]
        if later:
            raise Problem(problems.NOT_BEGUN, day=max(later))
        n = bearing.end(by, bearing.of_team(team), _closed(team, last))
        team.members.not_over(last).update(to_on=last)
        team.spots.not_over(last).update(to_on=last)
        _log(by, "team.disbanded", team, team, {"to_on": last, "duties": n})
    return n


@contextmanager
def _changing(
    actor: User | None, place: Place, now: datetime | None, scope: Scope | None, name: str
) -> Iterator[bearing.By]:
    """One act at a time on the duties of a ground, by who may give duties for public places there."""
    hold_against_giver(scope, name, [(Level.PUBLIC_PLACE, place.path)])
    with told_overlaps(), write():
        alone(f"duties:{place.ground_id}")
        yield bearing.By(actor.pk if actor else None, now or timezone.now())


def _layer_of(team: Team, day: date) -> LayerOn:
    team.refresh_from_db(fields=["from_on", "to_on"])
    if day < team.from_on or team.to_on is not None:
        raise Problem(problems.NOT_THEN, team=team.name, day=day)
    return layer_on(team.place, day, team.layer, team.scheme)


def _named(place: Place, name: str) -> str:
    found = name.strip()[:40]
    if not found:
        raise Problem(problems.NO_NAME)
    if Team.objects.filter(place=place, name=found, to_on=None).exists():
        raise Problem(problems.SAME_NAME, place=place.name, name=found)
    return found


def _closed[Row: (Team, TeamMember, TeamSpot)](row: Row, last: date) -> date:
    """Set the row's last day, which must not lie before its first, nor after one that it has already."""
    row.refresh_from_db(fields=["from_on", "to_on"])
    if row.to_on is not None and row.to_on <= last:
        raise Problem(problems.LEFT, day=row.to_on)
    if last < row.from_on:
        raise Problem(problems.NOT_BEGUN, day=row.from_on)
    row.to_on = last
    row.save(update_fields=["to_on"])
    return last


def _log(
    by: bearing.By, act: str, row: Any, team: Team, after: dict[str, Any], before: dict[str, Any] | None = None
) -> None:
    changes.log(by.actor_id, act, row, path=team.place.path, before=before, after=after)
