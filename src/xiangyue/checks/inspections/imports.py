"""Lines of yearly plans taken in from a workbook: all lines of a ground's year are filed together or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiangyue.base.cells import narrow
from xiangyue.base.problems import Problem
from xiangyue.checks.inspections.models import PlannedInspection
from xiangyue.checks.inspections.planning import file_plan, require_fileable
from xiangyue.checks.inspections.ways import Ground, grounds
from xiangyue.desk.importer import ADD, BAD, CHANGE, SAME, Importer, Planned, Row
from xiangyue.rules.settings import InspectionKind

type Key = tuple[int, int, str, int]
"""Ground, year, way, month."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says: so many inspections of a way in a month, filed under a document."""

    ground: Ground
    year: int
    way: str
    month: int
    times: int
    document: str
    filed_on: date

    @property
    def key(self) -> Key:
        """What the row is known by."""
        return self.ground.place.pk, self.year, self.way, self.month


class PlanImporter(Importer):
    """A row is a way's number in a month of a filed plan."""

    def load(self) -> None:
        """The grounds that inspect, and the lines on file."""
        found = grounds(self.context.scope, self.desk.clear, self.context.today)
        self.grounds = {one.place.pk: one for one in found}
        rows = PlannedInspection.objects.filter(plan__ground__in=self.grounds).select_related("plan")
        self.kept = {(row.plan.ground_id, row.plan.year, row.kind, row.month): row for row in rows}

    def plan(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """Every row, and where a ground's year cannot be filed with all of them, each of its rows says why."""
        planned = list(super().plan(rows))
        for lines in _by_year(planned).values():
            try:
                _require(lines)
            except Problem as problem:
                keys = {line.key for line in lines}
                for plan in planned:
                    if plan.key in keys:
                        plan.outcome, plan.errors = BAD, [str(problem)]
        yield from planned

    def plan_row(self, row: Row) -> Planned:
        """New, other than on file, or the same."""
        errors = self.missing(row)
        if errors:
            return Planned(BAD, row.number, errors=errors)
        try:
            line = self._read(row)
        except ValueError as error:
            return Planned(BAD, row.number, label=str(row.values["way"]), errors=[str(error)])
        label = f"{line.ground.place.name} {line.year}-{line.month:02d} {row.values['way']}"
        held = self.kept.get(line.key)
        if held is None:
            return Planned(ADD, row.number, line.key, line, label)
        before = {"times": held.times, "document": held.plan.document, "filed_on": held.plan.filed_on}
        after = {"times": line.times, "document": line.document, "filed_on": line.filed_on}
        changed = {name: value for name, value in after.items() if before[name] != value}
        if not changed:
            return Planned(SAME, row.number, line.key, None, label)
        return Planned(CHANGE, row.number, line.key, line, label, {name: before[name] for name in changed}, changed)

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """File each ground's year once."""
        from xiangyue.people.models import User

        actor = User.objects.filter(pk=actor_id or 0).first()
        for lines in _by_year(planned).values():
            first, run = lines[0], self.context.run
            rows = {plan.record.key: plan.number for plan in planned if isinstance(plan.record, Line)}
            more = (
                {(line.way, line.month): {"import": run, "row": rows[line.key]} for line in lines}
                if run is not None
                else {}
            )
            try:
                file_plan(
                    actor, first.ground.place, first.ground.scheme, first.year, _times(lines),
                    document=first.document, filed_on=first.filed_on, more=more,
                )  # fmt: skip
            except Problem as problem:
                raise ValueError(str(problem)) from None
        held = PlannedInspection.objects.filter(plan__ground__in=self.grounds)
        keys = {(row.plan.ground_id, row.plan.year, row.kind, row.month): row.pk for row in held.select_related("plan")}
        for plan in planned:
            if isinstance(plan.record, Line):
                plan.pk = keys.get(plan.record.key)

    def _read(self, row: Row) -> Line:
        values = row.values
        place = values["ground"]
        if not self.context.may_write(place.path):
            raise ValueError(self.foreign(place.name))
        ground = self.grounds.get(place.id)
        if ground is None:
            raise ValueError(_("“%s”的方案里没有督查方式。请先在“方案”页加上并发布。") % place.name)
        held = self.kept.get((place.id, values["year"], self._way(ground, values["way"]).code, values["month"]))
        document = values.get("document") or (held.plan.document if held else "")
        filed_on = values.get("filed_on") or (held.plan.filed_on if held else None)
        if not document or filed_on is None:
            raise ValueError(_("没有备案文号或备案日期。没有备案的督查不能安排，请补上。"))
        way = self._way(ground, values["way"]).code
        return Line(ground, values["year"], way, values["month"], values["times"], str(document), filed_on)

    def _way(self, ground: Ground, typed: Any) -> InspectionKind:
        name = narrow(str(typed))
        for way in ground.scheme.inspections:
            if name in (way.code, narrow(way.name)):
                return way
        known = "、".join(way.name for way in ground.scheme.inspections)
        raise ValueError(_("方案里没有“%(way)s”这种督查方式。只能填：%(known)s。") % {"way": typed, "known": known})


def _by_year(planned: Iterable[Planned]) -> dict[tuple[int, int], list[Line]]:
    """The lines that would be written, by ground and year."""
    found: dict[tuple[int, int], list[Line]] = {}
    for plan in planned:
        if isinstance(plan.record, Line) and plan.outcome in (ADD, CHANGE):
            found.setdefault((plan.record.ground.place.pk, plan.record.year), []).append(plan.record)
    return found


def _times(lines: Sequence[Line]) -> dict[tuple[str, int], int]:
    return {(line.way, line.month): line.times for line in lines}


def _require(lines: Sequence[Line]) -> None:
    first = lines[0]
    require_fileable(first.ground.place, first.ground.scheme, first.year, _times(lines), first.document)
