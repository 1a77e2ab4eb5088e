"""Violations and watch-list entries taken in row by row; what is on file is never changed by a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.cells import narrow
from xiangyue.base.problems import Problem
from xiangyue.base.roles import Role
from xiangyue.desk.importer import ADD, BAD, SAME, Importer, Planned, Row
from xiangyue.people.models import Organisation
from xiangyue.places.models import Place
from xiangyue.rules.settings import ViolationKind, WatchList
from xiangyue.standings.actions.violations import enter_violation
from xiangyue.standings.actions.watching import watch
from xiangyue.standings.ratings.access import SchemeOn, organisation_of, schemes_seen
from xiangyue.standings.ratings.models import EstablishedViolation, WatchEntry
from xiangyue.standings.ratings.violations import in_charge, kinds_of

if TYPE_CHECKING:
    from xiangyue.people.models import User


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a row would enter: the place and the act that does it."""

    place: int
    enter: Callable[[User | None, Place, dict[str, Any]], Any]


class ActImporter(Importer):
    """A row is one act on a place, done by the same verb as on the pages."""

    noun = ""

    def load(self) -> None:
        """The schemes on the actor's ground."""
        self.homes = schemes_seen(self.context.scope, self.context.today)
        self.own = organisation_of(self.context.scope)

    def plan_row(self, row: Row) -> Planned:
        """New, or on file already by its key."""
        errors = self.missing(row)
        if errors:
            return Planned(BAD, row.number, errors=errors)
        place = row.values["place"]
        try:
            key, known, fresh = self.read(row)
        except ValueError as error:
            return Planned(BAD, row.number, label=str(place.name), errors=[str(error)])
        outcome = SAME if known else ADD
        return Planned(outcome, row.number, key, None if known else fresh, f"{place.name}")

    def read(self, row: Row) -> tuple[Any, bool, Fresh]:
        """The row's key, whether it is on file, and what it would enter; ValueError in words."""
        raise TypeError(f"{type(self).__name__} reads no rows")

    def own_ground(self, row: Row) -> None:
        """ValueError where the place lies on other ground."""
        if not self.context.may_write(row.values["place"].path):
            raise ValueError(self.foreign(row.values["place"].name))

    def day(self, row: Row, name: str, label: str) -> date:
        """The day of a cell, today where it is blank; ValueError where it has not come."""
        found: date = row.values.get(name) or self.context.today
        if found > self.context.today:
            raise ValueError(_("%(label)s %(day)s 还没到。请核对日期。") % {"label": label, "day": found.isoformat()})
        return found

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """Do the acts; each writes its own line."""
        from xiangyue.people.models import User

        actor = User.objects.filter(pk=actor_id or 0).first()
        places = Place.objects.in_bulk([plan.record.place for plan in planned])
        run = self.context.run
        for plan in planned:
            more = {} if run is None else {"import": run, "row": plan.number}
            try:
                plan.pk = plan.record.enter(actor, places[plan.record.place], more).pk
            except Problem as problem:
                raise ValueError(str(problem)) from None


class ViolationImporter(ActImporter):
    """A row is one established violation, known by its place, kind and document."""

    def load(self) -> None:
        """The kinds that schemes know, the departments, and what is on file."""
        super().load()
        fields = ("subject_id", "kind", "document")
        self.kept = set(EstablishedViolation.objects.filter(lifted_at=None).values_list(*fields))
        self.units = {row.pk: row for row in Organisation.objects.filter(kind=Organisation.Kind.DEPARTMENT)}

    def read(self, row: Row) -> tuple[Any, bool, Fresh]:
        """As the base says; who enters is the county's office or the department in charge itself."""
        self.own_ground(row)
        values, place = row.values, row.values["place"]
        home, kind = self._kind(place.path, str(values["kind"]))
        unit = self.units.get(values["department"].id)
        if unit is None:
            raise ValueError(_("“%s”不是部门。请填认定的部门。") % values["department"].name)
        charge = in_charge(kind, unit)
        if kind.department not in ("", charge):
            words = _("“%(kind)s”由%(unit)s认定，其他单位不能填报。请转主管部门办理。")
            raise ValueError(words % {"kind": kind.name, "unit": kind.department})
        offices = self.context.scope.holds(frozenset({Role.COUNTY_OFFICE}), place.path)
        if not offices and unit.name not in self.own:
            raise ValueError(_("违规由认定的部门自己登记。请交给“%s”。") % unit.name)
        on, now = self.day(row, "from_on", _("认定日期")), timezone.now()
        document, clause = str(values["document"]), str(values["clause"])

        def enter(actor: User | None, subject: Place, more: dict[str, Any]) -> EstablishedViolation:
            return enter_violation(
                actor, home.ground, home.scheme.code, subject, kind=kind.code, department=unit, document=document,
                clause=clause, on=on, now=now, until=values.get("to_on") or None, about=values.get("about") or "branch",
                basis=values.get("basis") or "discipline", words=values.get("words") or "", more=more,
            )  # fmt: skip

        key = (place.id, kind.code, document)
        return key, key in self.kept, Fresh(place.id, enter)

    def _kind(self, path: str, typed: str) -> tuple[SchemeOn, ViolationKind]:
        kinds = [
            (home, kind) for home in self.homes if path.startswith(home.ground.path)
            for kind in kinds_of(home.scheme).values()
        ]  # fmt: skip
        found = [pair for pair in kinds if narrow(typed) in (narrow(pair[1].code), narrow(pair[1].name))]
        if len(found) == 1:
            return found[0]
        listed = "、".join(kind.name for _home, kind in kinds) or _("（没有）")
        raise ValueError(
            _("方案里没有“%(typed)s”这类违规。请填其中之一：%(listed)s。") % {"typed": typed, "listed": listed}
        )


class WatchImporter(ActImporter):
    """A row is one entry of a watch list, known by its place, list and first day."""

    def load(self) -> None:
        """The lists, the levels they are for, and what is on file."""
        super().load()
        fields = ("place_id", "watch_list", "from_on", "to_on", "turned_on")
        self.kept = {(row[0], row[1], row[2]) for row in WatchEntry.objects.values_list(*fields)}
        self.standing = {
            row[:2]: row[3] for row in WatchEntry.objects.standing(self.context.today).values_list(*fields)
        }

    def read(self, row: Row) -> tuple[Any, bool, Fresh]:
        """As the base says; a place that stands on the list is not listed again."""
        self.own_ground(row)
        values, place = row.values, row.values["place"]
        home, watch_list = self._list(place.path, str(values["watch_list"]))
        on, now = self.day(row, "from_on", _("列入日期")), timezone.now()
        key = (place.id, watch_list.code, on)
        last = self.standing.get(key[:2])
        if key not in self.kept and last is not None:
            words = _("“%(place)s”已在“%(name)s”里（期限至 %(last)s）。整顿达标后请先销号。")
            raise ValueError(words % {"place": place.name, "name": watch_list.name, "last": last.isoformat()})
        level = Place.objects.filter(pk=place.id).values_list("level", flat=True).get()
        if level != watch_list.level:
            raise ValueError(_("“%(place)s”不能列入“%(name)s”。请核对对象编码。") % {
                "place": place.name, "name": watch_list.name
            })  # fmt: skip
        basis = str(values["basis"])

        def enter(actor: User | None, subject: Place, more: dict[str, Any]) -> WatchEntry:
            return watch(
                actor, home.ground, home.scheme.code, watch_list.code, subject, basis=basis, on=on, now=now,
                until=values.get("to_on") or None, more=more,
            )  # fmt: skip

        return key, key in self.kept, Fresh(place.id, enter)

    def _list(self, path: str, typed: str) -> tuple[SchemeOn, WatchList]:
        lists = [
            (home, row) for home in self.homes if path.startswith(home.ground.path) for row in home.scheme.watch_lists
        ]
        found = [pair for pair in lists if narrow(typed) in (narrow(pair[1].code), narrow(pair[1].name))]
        if len(found) == 1:
            return found[0]
        listed = "、".join(row.name for _home, row in lists) or _("（没有）")
        raise ValueError(
            _("方案里没有“%(typed)s”这份名单。请填其中之一：%(listed)s。") % {"typed": typed, "listed": listed}
        )
