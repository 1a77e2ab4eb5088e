"""Teams taken in from a workbook: founded, or disbanded by the last day that the sheet gives."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.cells import narrow
from xiangyue.base.changes import log_many
from xiangyue.base.problems import Problem
from xiangyue.desk.declaration import Named
from xiangyue.desk.importer import ADD, BAD, CHANGE, SAME, Planned, Row
from xiangyue.duties.imports import DutyImporter
from xiangyue.duties.layers import LayerOn
from xiangyue.duties.permits import may_give
from xiangyue.duties.team_models import Team, TeamMember, TeamSpot
from xiangyue.duties.teams import acts, problems
from xiangyue.people.models import User
from xiangyue.places.models import Level, Place


class TeamImporter(DutyImporter):
    """A row is a team of a township or village: new, or with its last day."""

    def load(self) -> None:
        """Layers, and the teams on file by ground and name."""
        self.today = self.context.today
        self._grounds: dict[int, tuple[int, int | None]] = {}
        self._layers: dict[int, tuple[LayerOn, ...]] = {}
        self._begins: dict[int, date] = {}
        self._load_places()
        self.on_file: dict[tuple[int, str], list[Team]] = defaultdict(list)
        for team in Team.objects.select_related("place").order_by("from_on", "pk"):
            self.on_file[team.place_id, narrow(team.name)].append(team)
        latest: dict[int, list[date]] = defaultdict(list)
        for model in (TeamMember, TeamSpot):
            for team_id, from_on in model.objects.values_list("team", "from_on"):
                latest[team_id].append(from_on)
        self.latest = {team: max(days) for team, days in latest.items()}

    def plan(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """What would become of each row; one name twice is told once all rows are known."""
        plans = self.each(rows)
        ending = {plan.record.pk for plan in plans if plan.outcome == CHANGE}
        new = [plan for plan in plans if plan.outcome == ADD and plan.record.to_on is None]
        names = Counter(self._name_of(plan.record) for plan in new)
        for plan in new:
            stays = any(
                team.to_on is None and team.pk not in ending for team in self.on_file[self._name_of(plan.record)]
            )
            if stays or names[self._name_of(plan.record)] > 1:
                plan.outcome = BAD
                words = Problem(problems.SAME_NAME, place=plan.record.place.name, name=plan.record.name)
                plan.errors.append(str(words))
        yield from plans

    def _name_of(self, team: Team) -> tuple[int, str]:
        return team.place_id, narrow(team.name)

    def plan_row(self, row: Row) -> Planned:
        """The team that the row founds, ends or finds as it is."""
        errors, place = self.missing(row), row.values.get("ground")
        if errors or not isinstance(place, Named):
            return Planned(BAD, row.number, errors=errors or [_("“辖区编码”没有填，请补上。")])
        if not self.context.may_write(place.path) or not may_give(self.context.scope, Level.PUBLIC_PLACE, place.path):
            return Planned(BAD, row.number, errors=[self.foreign(place.name)])
        name, from_on = str(row.values["name"]).strip(), row.values.get("from_on")
        known = self.on_file[place.id, narrow(name)]
        kept = next((team for team in known if team.from_on == from_on), None)
        if kept is None and from_on is None:
            kept = next((team for team in known if team.to_on is None), None)
        return self._kept(row, kept) if kept is not None else self._new(row, place, name)

    def _new(self, row: Row, place: Named, name: str) -> Planned:
        from_on, to_on = row.values.get("from_on") or self.begins(place.id), row.values.get("to_on") or None
        layer, errors = self._fitting(row, place), []
        if layer is None:
            errors.append(self._no_layer(row, place))
        if to_on is not None and to_on < from_on:
            errors.append(_("解散日期早于成立日期。请核对两个日期。"))
        if errors or layer is None:
            return Planned(BAD, row.number, label=name, errors=errors)
        ground = Place(pk=place.id, code=place.code, name=place.name, path=place.path)
        team = Team(place=ground, name=name, scheme=layer.scheme, layer=layer.code, from_on=from_on, to_on=to_on)
        return Planned(ADD, row.number, (place.id, narrow(name), from_on), team, f"{place.name} {name}")

    def _kept(self, row: Row, team: Team) -> Planned:
        key, last, errors = (*self._name_of(team), team.from_on), row.values.get("to_on"), []
        wanted = narrow(str(row.values.get("layer") or ""))
        one = next((held for held in self.layers_for(team.place_id) if held.code == team.layer), None)
        if wanted and wanted not in (team.layer, narrow(one.layer.name) if one else ""):
            errors.append(_("这支队伍的包保层已经定了，不能改。要换包保层，请解散后另外成立。"))
        if isinstance(last, date) and last != team.to_on:
            if team.to_on is not None and team.to_on < last:
                errors.append(str(Problem(problems.LEFT, day=team.to_on)))
            begun = max(team.from_on, self.latest.get(team.pk, team.from_on))
            if last < begun:
                errors.append(str(Problem(problems.NOT_BEGUN, day=begun)))
        if errors:
            return Planned(BAD, row.number, key, label=team.name, errors=errors)
        if not isinstance(last, date) or last == team.to_on:
            return Planned(SAME, row.number, key, team, team.name)
        before: dict[str, Any] = {"to_on": team.to_on}
        return Planned(CHANGE, row.number, key, team, team.name, before=before, after={"to_on": last})

    def _fitting(self, row: Row, place: Named) -> LayerOn | None:
        wanted = narrow(str(row.values.get("layer") or ""))
        layers = [one for one in self.layers_for(place.id) if acts.fits(one)]
        if not wanted:
            return layers[0] if len(layers) == 1 else None
        return next((one for one in layers if wanted in (narrow(one.layer.name), one.code)), None)

    def _no_layer(self, row: Row, place: Named) -> str:
        listed = "、".join(one.layer.name for one in self.layers_for(place.id) if acts.fits(one))
        if not listed:
            return _("%s生效的方案里没有由人承担、以公共场所为对象的包保层。请先在方案里加上这一层。") % place.name
        return _("请把“包保层”填成其中之一：%s。") % listed

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """Disband first, then found: a name that is given up is free in the same file."""
        actor = User.objects.filter(pk=actor_id or 0).first()
        for plan in planned:
            if plan.outcome == CHANGE:
                acts.disband(actor, plan.record, (plan.after or {})["to_on"])
        adds, now = [plan for plan in planned if plan.outcome == ADD], timezone.now()
        for plan in adds:
            plan.record.made_at, plan.record.made_by = now, actor
        Team.objects.bulk_create([plan.record for plan in adds])
        for plan in adds:
            plan.pk = plan.record.pk
        log_many(
            (
                ("team.added", "duties.team", str(plan.pk), plan.record.place.path, None,
                 {"name": plan.record.name, "layer": plan.record.layer, "from_on": plan.record.from_on,
                  "to_on": plan.record.to_on, "import": self.context.run, "row": plan.number})
                for plan in adds
            ),
            actor_id,
        )  # fmt: skip
