"""Numbers taken in from a workbook: a new value supersedes what stands there, what is the same is left alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.cells import narrow
from xiangyue.desk.declaration import Named
from xiangyue.desk.importer import ADD, BAD, CHANGE, SAME, Importer, Planned, Row
from xiangyue.places.models import Place
from xiangyue.rules.component import LEVEL_NAMES
from xiangyue.rules.days import Span
from xiangyue.rules.settings import Indicator
from xiangyue.standings.actions.indicators import Entry, Spot, enter_numbers, on_file, spot_of
from xiangyue.standings.imports import read_period
from xiangyue.standings.ratings.access import SchemeOn, may_enter, organisation_of, schemes_seen
from xiangyue.standings.ratings.indicators import span_of
from xiangyue.standings.ratings.models import IndicatorNumber
from xiangyue.standings.ratings.number_reading import plain, read_number

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Fresh:
    """A number to be entered."""

    home: SchemeOn
    span: Span
    entry: Entry


class NumberImporter(Importer):
    """A row is one number of an indicator for a place and period."""

    def load(self) -> None:
        """The schemes on the actor's ground, their indicators by code and by name, and who the actor works for."""
        scope, today = self.context.scope, self.context.today
        self.known: dict[str, list[tuple[SchemeOn, Indicator]]] = defaultdict(list)
        for home in schemes_seen(scope, today):
            for indicator in home.scheme.indicators:
                for name in {narrow(indicator.code), narrow(indicator.name)}:
                    self.known[name].append((home, indicator))
        self.own = organisation_of(scope)

    def plan(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """What would become of each row; levels and what stands on file are read for some hundreds at once."""
        for some in batched(rows, CHUNK):
            subjects = [row.values["place"].id for row in some if isinstance(row.values.get("place"), Named)]
            self.levels = dict(Place.objects.filter(pk__in=subjects).values_list("pk", "level"))
            read = [self._read_row(row) for row in some]
            held = self._held([fresh for fresh in read if isinstance(fresh, Fresh)])
            for row, fresh in zip(some, read, strict=True):
                yield fresh if isinstance(fresh, Planned) else self._plan(row, fresh, held)

    def _read_row(self, row: Row) -> Fresh | Planned:
        if row.errors:
            return self.bad(row)
        errors = self.missing(row)
        if errors:
            return Planned(BAD, row.number, errors=errors)
        try:
            return self._read(row)
        except ValueError as error:
            return Planned(BAD, row.number, label=str(row.values["place"].name), errors=[str(error)])

    def _read(self, row: Row) -> Fresh:
        """What the row says; ValueError in words for what can't be."""
        values, place = row.values, row.values["place"]
        home, indicator = self._indicator(place, str(values["indicator"]))
        span = read_period(str(values["period"]))
        if span.kind != indicator.period:
            own = span_of(indicator, span).key
            raise ValueError(
                _("“%(name)s”按 %(own)s 这样的考核期填。请核对“考核期”。") % {"name": indicator.name, "own": own}
            )
        if indicator.counted is not None:
            raise ValueError(_("“%s”由系统从记录里取数，不用填报。请删去这一行。") % indicator.name)
        level = self.levels[place.id]
        if level != indicator.level:
            told = {"name": indicator.name, "level": LEVEL_NAMES[indicator.level], "place": place.name}
            raise ValueError(_("“%(name)s”是%(level)s的指标，“%(place)s”不是%(level)s。请核对“对象编码”。") % told)
        if not may_enter(self.context.scope, indicator, place.path, self.own):
            raise ValueError(self.foreign(place.name) if not self.context.may_write(place.path) else _(
                "“%(name)s”由%(owner)s负责填报。请交给它，或由县、乡镇办公室代填。"
            ) % {"name": indicator.name, "owner": indicator.owner})  # fmt: skip
        number = read_number(str(values["number"]), indicator)
        entry = Entry(
            place.id, place.path, place.name, indicator, number, values.get("source") or "",
            values.get("document") or "",
        )  # fmt: skip
        return Fresh(home, span, entry)

    def _indicator(self, place: Named, typed: str) -> tuple[SchemeOn, Indicator]:
        found = [pair for pair in self.known.get(narrow(typed), []) if place.path.startswith(pair[0].ground.path)]
        if not found and not self.context.may_write(place.path):
            raise ValueError(self.foreign(place.name))
        if not found:
            raise ValueError(_("没有叫“%s”的指标。请填方案里指标的名称或代码。") % typed)
        if len(found) > 1:
            raise ValueError(_("几个方案都有“%s”。请到“指标填报”页里填。") % typed)
        return found[0]

    def _held(self, rows: Sequence[Fresh]) -> dict[tuple[int, Spot], Any]:
        found: dict[tuple[int, Spot], Any] = {}
        for some in _by_period(rows):
            home, span = some[0].home, some[0].span
            entries = [fresh.entry for fresh in some]
            held = on_file(home.facts_ground, home.scheme.code, span, entries)
            found |= {(home.version.pk, spot): row for spot, row in held.items()}
        return found

    def _plan(self, row: Row, fresh: Fresh, held: dict[tuple[int, Spot], Any]) -> Planned:
        entry, indicator = fresh.entry, fresh.entry.indicator
        key = (fresh.home.version.pk, spot_of(entry, fresh.span))
        label = f"{entry.name} {indicator.name} {plain(entry.number, indicator)}"
        before = held.get(key)
        if before is None:
            return Planned(ADD, row.number, key, fresh, label)
        was = {"number": plain(before.number, indicator), "source": before.source, "document": before.document}
        new = {
            "number": plain(entry.number, indicator), "source": entry.source or before.source,
            "document": entry.document or before.document,
        }  # fmt: skip
        changed = [name for name in was if was[name] != new[name]]
        if not changed:
            return Planned(SAME, row.number, key, label=label)
        return Planned(
            CHANGE, row.number, key, fresh, label, {n: was[n] for n in changed}, {n: new[n] for n in changed}
        )

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """Enter the numbers, ground by ground and period by period, each with its line."""
        now = timezone.now()
        more = {} if self.context.run is None else {"import": self.context.run}
        numbers = {id(plan.record.entry): plan.number for plan in planned}
        for some in _by_period([plan.record for plan in planned]):
            home, span = some[0].home, some[0].span
            entries = [fresh.entry for fresh in some]
            lines = {spot_of(entry, span): {**more, "row": numbers[id(entry)]} for entry in entries} if more else {}
            enter_numbers(actor_id, home.facts_ground, home.scheme, span, entries, now=now, more=lines)
        for plan in planned:
            entry = plan.record.entry
            plan.pk = (
                IndicatorNumber.objects.filter(
                    place=entry.place, indicator=entry.indicator.code, scheme=plan.record.home.scheme.code,
                    key=spot_of(entry, plan.record.span)[2], is_current=True,
                ).values_list("pk", flat=True).first()
                if self.context.only is not None
                else None
            )  # fmt: skip


def _by_period(rows: Iterable[Fresh]) -> list[list[Fresh]]:
    """The numbers of one scheme and period together."""
    found: dict[tuple[int, str], list[Fresh]] = defaultdict(list)
    for fresh in rows:
        found[fresh.home.version.pk, fresh.span.key].append(fresh)
    return list(found.values())
