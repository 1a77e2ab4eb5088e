"""Members and spots from a workbook, each with what only it can have wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiangyue.base.problems import Problem
from xiangyue.base.saying import said_day
from xiangyue.desk.declaration import Named
from xiangyue.desk.importer import ADD, BAD, CHANGE, Planned, Row
from xiangyue.duties.layers import LayerOn
from xiangyue.duties.team_models import Team, TeamMember, TeamSpot
from xiangyue.duties.teams import acts, problems
from xiangyue.duties.teams.joining import Joined, JoiningImporter, Part
from xiangyue.people.models import Person, User
from xiangyue.places.models import Place


class MemberImporter(JoiningImporter):
    """A row is a person in a team, as one of the five kinds, from a day to a day."""

    model, subject, table, act = TeamMember, "person", "duties.teammember", "team_member.added"

    def load(self) -> None:
        """And from when to when persons are on the register."""
        super().load()
        rows = Person.objects.values_list("pk", "code", "from_on", "to_on")
        self.there: dict[int, tuple[str, date, date | None]] = {
            pk: (code, first, last) for pk, code, first, last in rows
        }

    def plan(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """And that a team has one leader."""
        plans = list(super().plan(rows))
        leading: dict[int, list[Planned]] = defaultdict(list)
        for plan in plans:
            part = plan.record if plan.outcome in (ADD, CHANGE) else None
            if part and (part.leads or (plan.outcome == ADD and part.row.leads)) and part.row.to_on is None:
                leading[part.row.team_id].append(plan)
        for given in leading.values():
            for plan in given if len(given) > 1 else ():
                others = "、".join(str(other.number) for other in given if other is not plan)
                plan.outcome = BAD
                plan.errors.append(_("第 %s 行也写了任队长，一支队只能有一名队长。请只留一个“是”。") % others)
        yield from plans

    def found(self, row: Row, errors: list[str]) -> tuple[int, str] | None:
        """The person by code, by name, or by name and the phone's tail."""
        who = self._bearer(row, errors)
        return (who[1], who[2]) if who else None

    def differs(self, row: Row, kept: TeamMember) -> list[str]:
        """Another kind than on file."""
        if row.values.get("kind") in (None, kept.kind):
            return []
        return [_("%(name)s已作为%(kind)s在队里。要换类别，请先写上截止日，再另起一行重新入队。")
                % {"name": kept.person.name, "kind": kept.get_kind_display()}]  # fmt: skip

    def to_lead(self, row: Row, kept: Joined) -> bool:
        """A member who is in the team and is to lead it."""
        return bool(row.values.get("leads")) and isinstance(kept, TeamMember) and not kept.leads and kept.to_on is None

    def make(self, row: Row, team: Team, pk: int, first: date, last: date | None) -> TeamMember:
        """The new member."""
        code, name = self.there[pk][0], self.names["person", pk]
        leads = bool(row.values.get("leads")) and last is None
        person = Person(pk=pk, code=code, name=name)
        return TeamMember(team=team, person=person, kind=row.values["kind"], leads=leads, from_on=first, to_on=last)

    def unfit(self, made: TeamMember, layer: LayerOn) -> list[str]:
        """Away on the first day, or without one of the layer's posts."""
        _code, begun, over = self.there[made.person_id]
        if begun > made.from_on or (over is not None and over < made.from_on):
            return [_("%(name)s在%(day)s不在册。请核对起始日，或换人。")
                    % {"name": made.person.name, "day": said_day(made.from_on)}]  # fmt: skip
        if layer.layer.posts and not self._has_post(made.person_id, layer.layer.posts, made.from_on):
            return [self.no_post(made.person.name, layer)]
        return []

    def twice(self, part: Part, day: date) -> str:
        """In the team already."""
        words = {"person": part.name, "team": part.row.team.name, "day": day}
        return str(Problem(problems.MEMBER_TWICE, **words))

    def change(self, actor: User | None, part: Part) -> None:
        """The last day, or the lead."""
        assert isinstance(part.row, TeamMember)
        if part.leads:
            acts.make_leader(actor, part.row)
        if part.last is not None:
            acts.end_member(actor, part.row, part.last)

    def before_added(self, rows: Sequence[Any]) -> None:
        """Whoever leads a team gives way to a new leader."""
        TeamMember.objects.filter(team__in=[row.team_id for row in rows if row.leads], leads=True).update(leads=False)

    def told(self, row: TeamMember) -> dict[str, Any]:
        """As the change log keeps it."""
        return {"team": row.team.name, "person": row.person.code, "kind": row.kind, "leads": row.leads,
                "from_on": row.from_on, "to_on": row.to_on}  # fmt: skip


class SpotImporter(JoiningImporter):
    """A row is a public place that a team answers for, from a day to a day."""

    model, subject, table, act = TeamSpot, "place", "duties.teamspot", "team_spot.added"

    def found(self, row: Row, errors: list[str]) -> tuple[int, str] | None:
        """The public place, which lies on the team's ground."""
        place, ground = row.values.get("place"), row.values["ground"]
        if not isinstance(place, Named):
            return None
        if not place.path.startswith(ground.path):
            errors.append(str(Problem(problems.SPOT_OUTSIDE, place=place.name, ground=ground.name)))
            return None
        return place.id, place.name

    def differs(self, row: Row, kept: TeamSpot) -> list[str]:
        """Nothing that could differ."""
        return []

    def make(self, row: Row, team: Team, pk: int, first: date, last: date | None) -> TeamSpot:
        """The new spot."""
        named_place = row.values["place"]
        place = Place(pk=pk, code=named_place.code, name=named_place.name, path=named_place.path)
        return TeamSpot(team=team, place=place, from_on=first, to_on=last)

    def unfit(self, made: TeamSpot, layer: LayerOn) -> list[str]:
        """Nothing: what is no public place is not found at all."""
        return []

    def twice(self, part: Part, day: date) -> str:
        """The team's already."""
        words = {"place": part.name, "team": part.row.team.name, "day": day}
        return str(Problem(problems.SPOT_TWICE, **words))

    def change(self, actor: User | None, part: Part) -> None:
        """The last day."""
        assert isinstance(part.row, TeamSpot)
        if part.last is not None:
            acts.end_spot(actor, part.row, part.last)

    def told(self, row: TeamSpot) -> dict[str, Any]:
        """As the change log keeps it."""
        return {"team": row.team.name, "place": row.place.code, "from_on": row.from_on, "to_on": row.to_on}
