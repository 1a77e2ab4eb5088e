"""Visits and wishes taken in from a workbook: a row is judged as one that is typed in, and becomes a capture."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import batched
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.bulk import insert_rows, next_ids, stored
from xiangyue.base.cells import narrow
from xiangyue.base.changes import log_many
from xiangyue.base.problems import Problem
from xiangyue.captures import intake
from xiangyue.captures.envelope import canonical, seal
from xiangyue.captures.ids import new_id
from xiangyue.captures.models import Capture
from xiangyue.desk.declaration import Named
from xiangyue.desk.importer import ADD, BAD, SAME, Importer, Planned, Row
from xiangyue.duties.visit_models import Contribution, Visit, Wish
from xiangyue.duties.visits.bodies import Given, VisitAsked, WishAsked, without_text
from xiangyue.duties.visits.handlers import answer_for, filing_of, home_of, wish_filing_of
from xiangyue.duties.visits.judging import JudgedVisit, JudgedWish, World, judge_visit, judge_wish, load_world
from xiangyue.duties.visits.storing import file_visits, file_wishes
from xiangyue.people.models import Person
from xiangyue.rules.days import LOCAL, belongs

CHUNK = 300
NOON = time(12)
ONE = re.compile(r"^(?P<kind>[^=]+)=(?P<amount>\d+)(?:[(（](?P<what>.*)[)）])?$")
PARTS = re.compile(r"[;；\n]")
LISTED = re.compile(r"[、,，;；\s]+")


@dataclass(frozen=True, slots=True)
class Judged:
    """A row that may be stored."""

    day: date
    judged: JudgedVisit | JudgedWish
    body: dict[str, Any]

    @property
    def made_at(self) -> datetime:
        """At noon of its day: a sheet tells no time."""
        return datetime.combine(self.day, NOON, LOCAL)


class _Importer(Importer, ABC):
    """What visits and wishes share: rows are judged some hundred at once, and written as captures."""

    kind = ""
    table = ""

    def plan(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """What would become of each row."""
        own = Person.objects.filter(pk=self.context.scope.person_id or 0).first()
        for some in batched(rows, CHUNK):
            good = [row for row in some if not row.errors]
            world, held = self._world(good), self._on_file(good)
            for row in some:
                yield self.bad(row) if row.errors else self._plan(row, world, own, held)

    def _plan(self, row: Row, world: World, own: Person | None, held: dict[Any, Any]) -> Planned:
        errors = self.missing(row)
        if errors:
            return Planned(BAD, row.number, errors=errors)
        try:
            found = self._judge(row, world, own)
        except (Problem, ValueError) as error:
            return Planned(BAD, row.number, errors=[str(error)])
        key = self._key(found)
        label = f"{found.day} {found.judged.place.name}"
        if key not in held:
            return Planned(ADD, row.number, key, found, label)
        if self._same(row, found, held[key]):
            return Planned(SAME, row.number, key, label=label)
        words = _("%s这一天已经记过，内容不一样。要更正，请先在那一条的页面撤回或改记，再导入。") % label
        return Planned(BAD, row.number, errors=[words])

    def _place(self, row: Row, name: str) -> Named:
        place = row.values[name]
        assert isinstance(place, Named)
        if not self.context.may_write(place.path):
            raise ValueError(self.foreign(place.name))
        day = row.values["day"]
        if belongs(day, self.context.today) == "early":
            raise ValueError(_("日期 %s 还没到。请核对“日期”。") % day.isoformat())
        return place

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """A capture for each row, with what it says."""
        now = timezone.now()
        for some in batched(planned, CHUNK):
            found = [plan.record for plan in some]
            ids = next_ids(Capture, len(found))
            held = [answer_for(one.day, self.context.today, one.judged.limit)[0] == "held" for one in found]
            captures = []
            for capture_id, one, waits in zip(ids, found, held, strict=True):
                envelope = seal(self.kind, one.body, id=new_id(), made_at=one.made_at)
                person = one.judged.person
                captures.append(
                    (
                        capture_id, stored(envelope.id), envelope.digest, self.kind, home_of(one.judged.place),
                        person.pk if person else None, actor_id, Capture.Channel.IMPORT, stored(one.made_at), 0,
                        stored(now), "held" if waits else "stored", canonical(without_text(one.body)),
                    )
                )  # fmt: skip
            insert_rows(Capture, intake.COLUMNS, captures)
            keys = self._file(found, ids, held)
            log_many(
                (
                    (f"{self.kind}.added", self.table, str(key), plan.record.judged.place.path, None,
                     {"import": self.context.run, "row": plan.number})
                    for key, plan in zip(keys, some, strict=True)
                ),
                actor_id,
            )  # fmt: skip

    @abstractmethod
    def _world(self, rows: Sequence[Row]) -> World: ...

    @abstractmethod
    def _on_file(self, rows: Sequence[Row]) -> dict[Any, Any]: ...

    @abstractmethod
    def _judge(self, row: Row, world: World, own: Person | None) -> Judged: ...

    @abstractmethod
    def _key(self, found: Judged) -> Any: ...

    @abstractmethod
    def _same(self, row: Row, found: Judged, held: Any) -> bool: ...

    @abstractmethod
    def _file(self, found: Sequence[Judged], ids: Sequence[int], held: Sequence[bool]) -> list[int]: ...


class VisitImporter(_Importer):
    """A row is a visit of a bearer at a place on a day."""

    kind, table = "visit", "duties.visit"

    def _asked(self, row: Row) -> VisitAsked:
        value = row.values.get
        target = value("target")
        return VisitAsked(
            target=target.code if isinstance(target, Named) else "",
            layer=str(value("layer") or ""),
            tasks=tuple(one for one in LISTED.split(str(value("tasks") or "")) if one),
            note=str(value("note") or ""),
            company=tuple(one for one in LISTED.split(str(value("company") or "")) if one),
            given=read_given(str(value("given") or "")),
            person=str(value("person") or ""),
            organisation=str(value("organisation") or ""),
        )

    def _world(self, rows: Sequence[Row]) -> World:
        asked = []
        for row in rows:
            try:
                asked.append(self._asked(row))
            except ValueError:
                # told when the row itself is judged
                continue
        return load_world(self.context.today, (), asked)

    def _on_file(self, rows: Sequence[Row]) -> dict[Any, Any]:
        places = {row.values["target"].id for row in rows if isinstance(row.values.get("target"), Named)}
        days = {row.values["day"] for row in rows if isinstance(row.values.get("day"), date)}
        found: dict[Any, Any] = {}
        visits = Visit.objects.filter(target_id__in=places, day__in=days).order_by("-state", "pk")
        for visit in visits.prefetch_related("contributions__text"):
            given = {(gift.kind, gift.amount, _what(gift)) for gift in visit.contributions.all()}
            key = (visit.day, visit.target_id, visit.person_id, visit.organisation_id)
            found[key] = (visit.layer, set(visit.done), given)
        return found

    def _judge(self, row: Row, world: World, own: Person | None) -> Judged:
        self._place(row, "target")
        asked = self._asked(row)
        if not asked.person and not asked.organisation:
            raise ValueError(_("“走访人编码”和“走访单位编码”至少要填一个。"))
        day = row.values["day"]
        asked = self._named(asked, world, day)
        found = judge_visit(world, asked, self.context.scope, own, day, self.context.today)
        body: dict[str, Any] = {"target": asked.target, "layer": found.layer.code, "tasks": list(asked.tasks),
                "with": list(asked.company), "person": asked.person, "organisation": asked.organisation}  # fmt: skip
        body["contributions"] = [{"kind": one.kind, "amount": one.amount} for one in asked.given]
        return Judged(day, found, {key: value for key, value in body.items() if value})

    def _named(self, asked: VisitAsked, world: World, day: date) -> VisitAsked:
        """The layer and tasks by their codes, where the sheet gave names."""
        place = world.places[asked.target]
        layers = world.layers(place, day)
        wanted = narrow(asked.layer)
        one = (
            next((held for held in layers if wanted in (narrow(held.layer.name), held.code)), None) if wanted else None
        )
        if wanted and one is None:
            listed = "、".join(held.layer.name for held in layers)
            raise ValueError(
                _("方案里没有包保层“%(layer)s”。请填其中之一：%(all)s。") % {"layer": asked.layer, "all": listed}
            )
        names = {narrow(task.name): task.code for held in ([one] if one else layers) for task in held.layer.tasks}
        tasks = tuple(names.get(narrow(task), task) for task in asked.tasks)
        return VisitAsked(
            asked.target, one.code if one else "", one.scheme if one else "", tasks, asked.note, asked.company,
            asked.given, asked.person, asked.organisation,
        )  # fmt: skip

    def _key(self, found: Judged) -> Any:
        judged = found.judged
        assert isinstance(judged, JudgedVisit)
        unit = judged.organisation.pk if judged.organisation else None
        return found.day, judged.place.pk, judged.person.pk if judged.person else None, unit

    def _same(self, row: Row, found: Judged, held: Any) -> bool:
        judged = found.judged
        assert isinstance(judged, JudgedVisit)
        layer, tasks, given = held
        given_now = {(one.kind, one.amount, one.what) for one in judged.asked.given}
        told = row.values.get
        return (
            (not told("layer") or judged.layer.code == layer)
            and (not told("tasks") or set(judged.asked.tasks) == tasks)
            and (not told("given") or given_now == given)
        )

    def _file(self, found: Sequence[Judged], ids: Sequence[int], held: Sequence[bool]) -> list[int]:
        rows = zip(found, ids, held, strict=True)
        filings = [filing_of(one.judged, pk, one.day, one.made_at, is_held=waits) for one, pk, waits in rows
                   if isinstance(one.judged, JudgedVisit)]  # fmt: skip
        return [row.pk for row in file_visits(filings)]


class WishImporter(_Importer):
    """A row is a wish of a household on a day."""

    kind, table = "wish", "duties.wish"

    def _asked(self, row: Row) -> WishAsked:
        home = row.values.get("household")
        code = home.code if isinstance(home, Named) else ""
        return WishAsked(code, str(row.values.get("text") or "").strip(), None, str(row.values.get("person") or ""))

    def _world(self, rows: Sequence[Row]) -> World:
        return load_world(self.context.today, (), (), [self._asked(row) for row in rows])

    def _on_file(self, rows: Sequence[Row]) -> dict[Any, Any]:
        homes = {row.values["household"].id for row in rows if isinstance(row.values.get("household"), Named)}
        values = Wish.objects.filter(household_id__in=homes).values_list("day", "household_id", "words__text", "pk")
        return {(day, home, text or ""): pk for day, home, text, pk in values}

    def _judge(self, row: Row, world: World, own: Person | None) -> Judged:
        self._place(row, "household")
        asked, day = self._asked(row), row.values["day"]
        found = judge_wish(world, asked, self.context.scope, own, day)
        return Judged(day, found, {"household": asked.household, "person": asked.person, "visit": None})

    def _key(self, found: Judged) -> Any:
        judged = found.judged
        assert isinstance(judged, JudgedWish)
        return found.day, judged.place.pk, judged.asked.text

    def _same(self, row: Row, found: Judged, held: Any) -> bool:
        return True

    def _file(self, found: Sequence[Judged], ids: Sequence[int], held: Sequence[bool]) -> list[int]:
        rows = zip(found, ids, held, strict=True)
        filings = [wish_filing_of(one.judged, pk, one.day, one.made_at, is_held=waits) for one, pk, waits in rows
                   if isinstance(one.judged, JudgedWish)]  # fmt: skip
        return [row.pk for row in file_wishes(filings)]


def read_given(text: str) -> tuple[Given, ...]:
    """The contributions that a cell writes: 资金=5000;物资=200(树苗); ValueError in words for what is not understood."""
    names = {narrow(str(kind.label)): kind.value for kind in Contribution.Kind}
    found = []
    for part in (narrow(one) for one in PARTS.split(text)):
        if not part:
            continue
        match = ONE.match(part)
        kind = match and names.get(match["kind"], match["kind"])
        if match is None or kind not in Contribution.Kind.values or not int(match["amount"]):
            listed = "、".join(str(one.label) for one in Contribution.Kind)
            words = _("看不懂投入“%(part)s”。请写成 种类=数量(名目)，如 物资=200(树苗)；种类有%(all)s。")
            raise ValueError(words % {"part": part, "all": listed})
        found.append(Given(str(kind), int(match["amount"]), (match["what"] or "").strip()[:60]))
    return tuple(found)


def _what(gift: Contribution) -> str:
    text: Any = getattr(gift, "text", None)
    return str(text.what) if text is not None else ""
