"""Members and spots of teams taken in from a workbook; their duties are judged row by row before they begin."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.cells import narrow
from xiangyue.base.changes import log_many
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone
from xiangyue.desk.declaration import Named
from xiangyue.desk.importer import ADD, BAD, CHANGE, SAME, Planned, Row
from xiangyue.duties.imports import DutyImporter, Term
from xiangyue.duties.layers import LayerOn
from xiangyue.duties.permits import may_give
from xiangyue.duties.problems import told_overlaps
from xiangyue.duties.team_models import Team, TeamDuty, TeamMember, TeamSpot
from xiangyue.duties.teams import bearing, problems
from xiangyue.people.models import User
from xiangyue.places.models import Level, Place

type Joined = TeamMember | TeamSpot


@dataclass(slots=True)
class Part:
    """A member or spot as the sheet has it."""

    row: Joined
    name: str
    layer: LayerOn | None = None
    """That of the duties that follow, for one that is new."""
    terms: list[Term] = field(default_factory=list)
    """The duties that would follow."""
    last: date | None = None
    """For one on file: its new last day."""
    leads: bool = False
    """For one on file: to lead from now on."""


class JoiningImporter(DutyImporter, ABC):
    """What members and spots share: the team is found, the days are free, the duties that follow can stand."""

    model: type[TeamMember] | type[TeamSpot]
    subject = ""
    table = ""
    act = ""

    def load(self) -> None:
        """What duties need, and the teams with those who are in them."""
        super().load()
        self.teams: dict[tuple[int, str], list[Team]] = defaultdict(list)
        for team in Team.objects.select_related("place").order_by("from_on", "pk"):
            self.teams[team.place_id, narrow(team.name)].append(team)
        self.members: dict[int, list[TeamMember]] = defaultdict(list)
        for member in TeamMember.objects.select_related("person").order_by("from_on", "pk"):
            self.members[member.team_id].append(member)
        self.spots: dict[int, list[TeamSpot]] = defaultdict(list)
        for spot in TeamSpot.objects.select_related("place").order_by("from_on", "pk"):
            self.spots[spot.team_id].append(spot)

    def plan(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """What would become of each row; what stands in each other's way is told once all rows are known."""
        plans = self.each(rows)
        by_number = {plan.number: plan for plan in plans}
        ending = [plan.record for plan in plans if plan.outcome == CHANGE and plan.record.last]
        self._tell_twins([plan for plan in plans if plan.outcome == ADD], {part.row.pk: part.last for part in ending})
        terms: dict[int, list[Term]] = defaultdict(list)
        for plan in plans:
            if plan.outcome == ADD:
                for term in plan.record.terms:
                    terms[term.target.id].append(term)
        self._read_duties(terms)
        self._shorten(ending)
        for target, given in terms.items():
            self._find_clashes([*given, *self._left(target, given)], by_number)
        self._find_overload(terms, by_number)
        yield from plans

    def plan_row(self, row: Row) -> Planned:
        """The row's member or spot: new, on file, or with what is to change."""
        errors, ground = self.missing(row), row.values.get("ground")
        if errors or not isinstance(ground, Named):
            return Planned(BAD, row.number, errors=errors or [_("“辖区编码”没有填，请补上。")])
        if not self.context.may_write(ground.path) or not may_give(self.context.scope, Level.PUBLIC_PLACE, ground.path):
            return Planned(BAD, row.number, errors=[self.foreign(ground.name)])
        teams = self.teams[ground.id, narrow(str(row.values["team"]))]
        found = self.found(row, errors)
        if not teams:
            words = _("%(place)s没有叫“%(name)s”的先锋队。请核对队名；还没有成立的，先导入或成立队伍。")
            errors.append(words % {"place": ground.name, "name": row.values["team"]})
        if errors or found is None:
            return Planned(BAD, row.number, errors=errors)
        kept = self._kept(row, teams, found[0])
        return self._known(row, kept, found[1]) if kept is not None else self._new(row, teams, found)

    def _kept(self, row: Row, teams: Sequence[Team], pk: int) -> Joined | None:
        """The row on file that is meant: of that first day; of the one who is in it where the sheet says none."""
        rows = [one for team in teams for one in self._of(team) if getattr(one, f"{self.subject}_id") == pk]
        from_on = row.values.get("from_on")
        return next((one for one in rows if (one.from_on == from_on if from_on else one.to_on is None)), None)

    def _of(self, team: Team) -> Sequence[Joined]:
        return self.members[team.pk] if self.model is TeamMember else self.spots[team.pk]

    def _known(self, row: Row, kept: Joined, name: str) -> Planned:
        last, errors = row.values.get("to_on"), self.differs(row, kept)
        key = (kept.team_id, getattr(kept, f"{self.subject}_id"), kept.from_on)
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        if isinstance(last, date) and last != kept.to_on:
            before["to_on"], after["to_on"] = kept.to_on, last
            if kept.to_on is not None and kept.to_on < last:
                errors.append(str(Problem(problems.LEFT, day=kept.to_on)))
            if last < kept.from_on:
                errors.append(str(Problem(problems.NOT_BEGUN, day=kept.from_on)))
        if self.to_lead(row, kept):
            before["leads"], after["leads"] = False, True
        if errors:
            return Planned(BAD, row.number, key, label=name, errors=errors)
        part = Part(kept, name, last=after.get("to_on"), leads="leads" in after)
        if not after:
            return Planned(SAME, row.number, key, part, name)
        return Planned(CHANGE, row.number, key, part, name, before=before, after=after)

    def _ground(self, row: Joined) -> int:
        return row.team.place_id

    def _new(self, row: Row, teams: Sequence[Team], found: tuple[int, str]) -> Planned:
        from_on = row.values.get("from_on")
        team = next((one for one in teams if one.to_on is None), teams[-1])
        first = from_on or max(team.from_on, self.begins(team.place_id))
        layer = next((one for one in self.layers_for(team.place_id) if one.code == team.layer), None)
        errors, last = [], row.values.get("to_on") or None
        if layer is None or first < team.from_on or team.to_on is not None:
            errors.append(str(Problem(problems.NOT_THEN, team=team.name, day=first)))
        if isinstance(last, date) and last < first:
            errors.append(_("截止日早于起始日。请核对两个日期。"))
        made = self.make(row, team, found[0], first, last)
        if layer is not None:
            errors += self.unfit(made, layer)
        if errors or layer is None:
            return Planned(BAD, row.number, label=found[1], errors=errors)
        part = Part(made, found[1], layer, self._terms(row.number, made, layer))
        return Planned(ADD, row.number, (team.pk, found[0], first), part, f"{team.name} {found[1]}")

    def _terms(self, number: int, made: Joined, layer: LayerOn) -> list[Term]:
        return [
            Term(number, None, ("person", member.person_id), member.person.name, layer, named(spot.place),
                 made.team.name, first, last)
            for member, spot, first, last in self._meetings(made)
        ]  # fmt: skip

    def _meetings(self, made: Joined) -> list[bearing.Meeting]:
        if isinstance(made, TeamMember):
            return bearing.meetings([made], self.spots[made.team_id])
        return bearing.meetings(self.members[made.team_id], [made])

    def _tell_twins(self, plans: Sequence[Planned], ends: dict[int, date]) -> None:
        """Who is in a team twice at a time, by the sheet or with what is on file and does not end with it."""
        given: dict[tuple[int, int], list[Planned]] = defaultdict(list)
        for plan in plans:
            row = plan.record.row
            key = row.team_id, getattr(row, f"{self.subject}_id")
            kept = [one for one in self._of(row.team) if getattr(one, f"{self.subject}_id") == key[1]]
            for one in kept:
                if _meet(one, row) and not (one.pk in ends and ends[one.pk] < row.from_on):
                    plan.outcome = BAD
                    plan.errors.append(self.twice(plan.record, one.from_on))
            for other in given[key]:
                if _meet(other.record.row, row) and other.key != plan.key:
                    for bad, twin in ((plan, other), (other, plan)):
                        bad.outcome = BAD
                        words = _(
                            "和第 %(row)s 行的日期重叠：%(name)s不能同时在一支队里两次。请改起止日期，或只留一行。"
                        )
                        bad.errors.append(words % {"row": twin.number, "name": plan.record.name})
            given[key].append(plan)

    def _shorten(self, ending: Sequence[Part]) -> None:
        """Let the duties on file that end with this sheet end, before others are held against them."""
        last = {part.row.pk: part.last for part in ending}
        lookup = "member" if self.model is TeamMember else "spot"
        rows = TeamDuty.objects.filter(**{f"{lookup}__in": list(last)}).values_list(lookup, "duty")
        days = {duty: last[pk] for pk, duty in rows}
        for terms in self._on_file.values():
            for term in terms:
                term.to_on = days.get(term.pk or 0) or term.to_on

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """End first, then let in: whoever changes places in one file is never in two at a time."""
        actor = User.objects.filter(pk=actor_id or 0).first()
        adds = [plan for plan in planned if plan.outcome == ADD]
        with told_overlaps():
            for ground in sorted({self._grounds[self._ground(plan.record.row)][0] for plan in planned}):
                alone(f"duties:{ground}")
            for plan in planned:
                if plan.outcome == CHANGE:
                    self.change(actor, plan.record)
            self._add(adds, bearing.By(actor_id, timezone.now()))
        log_many(
            (
                (self.act, self.table, str(plan.pk), plan.record.row.team.place.path, None,
                 {**self.told(plan.record.row), "import": self.context.run, "row": plan.number})
                for plan in adds
            ),
            actor_id,
        )  # fmt: skip

    def _add(self, adds: Sequence[Planned], by: bearing.By) -> None:
        rows = [plan.record.row for plan in adds]
        self.before_added(rows)
        manager: Any = self.model.objects
        manager.bulk_create(rows)
        held: dict[int, list[Part]] = defaultdict(list)
        for plan in adds:
            plan.pk = plan.record.row.pk
            held[plan.record.row.team_id].append(plan.record)
        for parts in held.values():
            wanted = [meeting for part in parts for meeting in self._meetings(part.row)]
            if one := parts[0].layer:
                bearing.lay(by, parts[0].row.team, one, wanted)

    def before_added(self, rows: Sequence[Any]) -> None:
        """Make room for the new rows."""

    def to_lead(self, row: Row, kept: Joined) -> bool:
        """Whether the row makes one on file the leader."""
        return False

    @abstractmethod
    def found(self, row: Row, errors: list[str]) -> tuple[int, str] | None: ...

    @abstractmethod
    def differs(self, row: Row, kept: Any) -> list[str]: ...

    @abstractmethod
    def make(self, row: Row, team: Team, pk: int, first: date, last: date | None) -> Joined: ...

    @abstractmethod
    def unfit(self, made: Any, layer: LayerOn) -> list[str]: ...

    @abstractmethod
    def twice(self, part: Part, day: date) -> str: ...

    @abstractmethod
    def change(self, actor: User | None, part: Part) -> None: ...

    @abstractmethod
    def told(self, row: Any) -> dict[str, Any]: ...


def named(place: Place) -> Named:
    """A place as a cell would refer to it."""
    return Named(place.pk, place.code, place.name, place.path)


def _meet(one: Joined, other: Joined) -> bool:
    begins_in_time = other.to_on is None or one.from_on <= other.to_on
    return begins_in_time and (one.to_on is None or other.from_on <= one.to_on)
