"""The duties of a team: begun where a member and a spot meet in time, ended when one of the two leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from xiangyue.base.changes import log_many
from xiangyue.base.problems import Problem
from xiangyue.duties.actions.single import hold_room, told
from xiangyue.duties.bulk import end_duties
from xiangyue.duties.layers import LayerOn
from xiangyue.duties.models import Duty
from xiangyue.duties.team_models import Team, TeamDuty, TeamMember, TeamSpot
from xiangyue.duties.teams.problems import BORNE_ALREADY

TABLE = "duties.duty"
type Meeting = tuple[TeamMember, TeamSpot, date, date | None]
"""A member, a spot, and the days on which both are the team's."""


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and when."""

    actor_id: int | None
    now: datetime


def begin(by: By, team: Team, one: LayerOn, members: Sequence[TeamMember], spots: Sequence[TeamSpot]) -> int:
    """How many duties begin: one for each of these members at each of these spots while both are the team's."""
    wanted = meetings(members, spots)
    _hold_free(team, members, spots, [(m.person_id, s.place_id, first, last) for m, s, first, last in wanted])
    for member in members:
        if mine := [first for m, _spot, first, _last in wanted if m is member]:
            hold_room(one, member.person, len(mine), max(mine))
    return lay(by, team, one, wanted)


def lay(by: By, team: Team, one: LayerOn, wanted: Sequence[Meeting]) -> int:
    """How many duties begin: one for each of these, which are known to be free."""
    duties = Duty.objects.bulk_create(
        Duty(
            ground_id=one.ground_id, scheme=team.scheme, layer=team.layer, person=member.person,
            target=spot.place, team=team.name, exclusion=one.layer.exclusion, from_on=first, to_on=last,
            created_at=by.now, created_by_id=by.actor_id,
        )
        for member, spot, first, last in wanted
    )  # fmt: skip
    TeamDuty.objects.bulk_create(
        TeamDuty(member=member, spot=spot, duty=duty)
        for (member, spot, _first, _last), duty in zip(wanted, duties, strict=True)
    )
    log_many(
        (
            ("duty.assigned", TABLE, str(duty.pk), spot.place.path, None, told(duty, member.person, spot.place))
            for (member, spot, _first, _last), duty in zip(wanted, duties, strict=True)
        ),
        by.actor_id,
    )
    return len(duties)


def meetings(members: Sequence[TeamMember], spots: Sequence[TeamSpot]) -> list[Meeting]:
    """Each member with each spot, from when to when both are the team's."""
    return [(member, spot, *days) for member in members for spot in spots if (days := _meet(member, spot))]


def _meet(member: TeamMember, spot: TeamSpot) -> tuple[date, date | None] | None:
    """The days on which the member is in the team and the spot is its own."""
    first = max(member.from_on, spot.from_on)
    ends = [day for day in (member.to_on, spot.to_on) if day is not None]
    last = min(ends) if ends else None
    return None if last is not None and last < first else (first, last)


def _hold_free(
    team: Team,
    members: Sequence[TeamMember],
    spots: Sequence[TeamSpot],
    wanted: Sequence[tuple[int, int, date, date | None]],
) -> None:
    """Pass only where no member bears a spot on the layer already in these days by another's giving."""
    rows = Duty.objects.filter(
        scheme=team.scheme, layer=team.layer, person__in=[member.person_id for member in members],
        target__in=[spot.place_id for spot in spots],
    )  # fmt: skip
    days = {(person, place): (first, last) for person, place, first, last in wanted}
    for row in rows.select_related("person", "target"):
        first, last = days.get((row.person_id or 0, row.target_id), (None, None))
        if first is None or (row.to_on is not None and row.to_on < first) or (last is not None and row.from_on > last):
            continue
        name = row.person.name if row.person else ""
        raise Problem(BORNE_ALREADY, person=name, place=row.target.name, day=row.from_on)


def of_member(member: TeamMember) -> QuerySet[TeamDuty]:
    """What follows from a member, where nobody has passed it on since."""
    return TeamDuty.objects.filter(member=member, duty__person=F("member__person"))


def of_spot(spot: TeamSpot) -> QuerySet[TeamDuty]:
    """What follows from a spot, where nobody has passed it on since."""
    return TeamDuty.objects.filter(spot=spot, duty__person=F("member__person"))


def of_team(team: Team) -> QuerySet[TeamDuty]:
    """What follows from a team, where nobody has passed it on since."""
    return TeamDuty.objects.filter(member__team=team, duty__person=F("member__person"))


def end(by: By, links: QuerySet[TeamDuty], last: date) -> int:
    """How many of the duties end with `last`; those that would have begun later are taken away whole."""
    running = links.filter(Q(duty__to_on=None) | Q(duty__to_on__gt=last)).select_related("duty__target")
    rows = [link.duty for link in running]
    ended, gone = [row for row in rows if row.from_on <= last], [row for row in rows if row.from_on > last]
    end_duties([row.pk for row in ended], last)
    log_many(
        (
            *(("duty.ended", TABLE, str(row.pk), row.target.path, {"to_on": row.to_on}, {"to_on": last})
              for row in ended),
            *(("duty.taken_away", TABLE, str(row.pk), row.target.path, {"from_on": row.from_on}, None)
              for row in gone),
        ),
        by.actor_id,
    )  # fmt: skip
    Duty.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return len(rows)


def rename(team: Team, before: str) -> None:
    """Let the duties that are borne together under the team's former name be so under its new one."""
    rows = Duty.objects.filter(scheme=team.scheme, layer=team.layer, team=before, target__in=team.spots.values("place"))
    for exclusion in list(rows.order_by().values_list("exclusion", flat=True).distinct()):
        keys = list(rows.filter(exclusion=exclusion).values_list("pk", flat=True))
        # half of a group under another name would stand in its own way: exclusive again once all are named
        Duty.objects.filter(pk__in=keys).update(exclusion="")
        Duty.objects.filter(pk__in=keys).update(team=team.name)
        Duty.objects.filter(pk__in=keys).update(exclusion=exclusion)
