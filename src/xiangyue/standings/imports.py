"""Adjustments taken in from a workbook: each stands as it was entered; what is on file is never changed by a row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import batched
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.agreements.in_force import scheme_on
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.bulk import insert_rows, next_ids, stored
from xiangyue.base.cells import narrow
from xiangyue.base.changes import log_many
from xiangyue.base.problems import Problem
from xiangyue.desk.declaration import Named
from xiangyue.desk.importer import ADD, BAD, SAME, Importer, Planned, Row
from xiangyue.places.models import Place
from xiangyue.rules.days import Span, parse_period
from xiangyue.rules.numbers import show
from xiangyue.rules.settings import Composite
from xiangyue.standings import live
from xiangyue.standings.actions.periods import make_period
from xiangyue.standings.models import Adjustment, Period

CHUNK = 500
MOST = 10_000
SPOKEN = re.compile(r"^(\d{4})年(?:(\d{1,2})月|第?([1-4一二三四])季度|度)?$")
FIRST_DAY = re.compile(r"^(\d{4}-\d{2})-01$")
"""What a spreadsheet makes of 2026-10."""
FIELDS = (
    "id", "period", "composite", "subject", "code", "amount", "name", "reason", "on", "created_at", "created_by",
)  # fmt: skip

type Home = tuple[int, str]
"""A ground and the code of a scheme on it."""
type Spot = tuple[Home, str, str, int]
"""Home, period, composite and subject: where an adjustment counts."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says of one adjustment."""

    code: str
    amount: int
    name: str
    reason: str
    on: date | None

    def same(self, kept: Told) -> bool:
        """Whether the row says what is on file; its day may be left out."""
        alike = (self.amount, self.name, self.reason) == (kept.amount, kept.name, kept.reason)
        return alike and self.on in (None, kept.on)


@dataclass(frozen=True, slots=True)
class Fresh:
    """An adjustment to be entered."""

    home: Home
    span: Span
    composite: str
    subject: Named
    told: Told


class AdjustmentImporter(Importer):
    """A row is one adjustment: new, or on file already by its number or its content."""

    def load(self) -> None:
        """The schemes by ground, and the adjustments on file."""
        rows = SchemeVersion.objects.published().values_list("ground__path", "ground_id", "code").distinct()
        self.homes = [(str(path), (int(ground), str(code))) for path, ground, code in rows]
        self.composites: dict[tuple[Home, str], tuple[Composite, ...]] = {}
        self.kept: dict[Spot, list[Told]] = defaultdict(list)
        fields = ("code", "amount", "name", "reason", "on")
        found = Adjustment.objects.values_list(
            "period__ground_id", "period__scheme", "period__key", "composite", "subject_id", *fields
        )
        for ground, scheme, key, composite, subject, *values in found.iterator(chunk_size=5000):
            self.kept[(ground, scheme), key, composite, subject].append(Told(*values))

    def plan(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """What would become of each row; the levels of the subjects are read for some hundreds at once."""
        for some in batched(rows, CHUNK):
            subjects = [row.values["subject"].id for row in some if isinstance(row.values.get("subject"), Named)]
            self.levels = dict(Place.objects.filter(pk__in=subjects).values_list("pk", "level"))
            for row in some:
                yield self.bad(row) if row.errors else self._plan(row)

    def _plan(self, row: Row) -> Planned:
        errors = self.missing(row)
        if errors:
            return Planned(BAD, row.number, errors=errors)
        try:
            fresh = self._read(row)
        except ValueError as error:
            return Planned(BAD, row.number, label=str(row.values["subject"].name), errors=[str(error)])
        told, subject = fresh.told, fresh.subject
        label = f"{fresh.span.name} {subject.name} {told.name} {show(told.amount)}"
        spot = (fresh.home, fresh.span.key, fresh.composite, subject.id)
        known = self.kept.get(spot, [])
        same_number = next((kept for kept in known if kept.code == told.code), None)
        key = (*spot, told.code or (told.name, told.amount, told.reason))
        if same_number is not None and not told.same(same_number):
            words = _("编号“%s”已经登记过，内容不同。登记了的不能改：请先撤销那一条，再用新编号登记。") % told.code
            return Planned(BAD, row.number, key, label=label, errors=[words])
        if same_number is not None or (not told.code and any(told.same(kept) for kept in known)):
            return Planned(SAME, row.number, key, label=label)
        return Planned(ADD, row.number, key, fresh, label)

    def _read(self, row: Row) -> Fresh:
        """What the row says; ValueError in words for what can't be."""
        values, subject, today = row.values, row.values["subject"], self.context.today
        if not self.context.may_write(subject.path):
            raise ValueError(self.foreign(subject.name))
        span = read_period(str(values["period"]))
        if span.starts_on > today:
            raise ValueError(_("%s还没有开始。请核对“考核期”。") % span.name)
        on = values.get("on") or None
        if on and on > today:
            raise ValueError(_("日期 %s 还没到。请核对“日期”。") % on.isoformat())
        told = Told(
            str(values.get("code") or ""), read_points(str(values["points"])), values["name"], values["reason"], on
        )
        home, composite = self._composite(subject, span, narrow(str(values["composite"])))
        return Fresh(home, span, composite, subject, told)

    def _composite(self, subject: Named, span: Span, typed: str) -> tuple[Home, str]:
        """The scheme and the code of the composite that the cell names by code or name."""
        over = [home for path, home in self.homes if subject.path.startswith(path)]
        known = [(home, composite) for home in over for composite in self._composites(home, span)]
        named = [pair for pair in known if typed in (narrow(pair[1].code), narrow(pair[1].name))]
        fit = [(home, composite.code) for home, composite in named if composite.level == self.levels[subject.id]]
        if len(fit) == 1:
            return fit[0]
        if fit:
            raise ValueError(_("几个方案都有“%s”。请到那个考核期的“加减分”页登记。") % typed)
        if named:
            raise ValueError(
                _("%(subject)s不是“%(composite)s”的考核对象。请核对“考核”和“对象编码”。")
                % {"subject": subject.name, "composite": named[0][1].name}
            )
        listed = "、".join(dict.fromkeys(composite.name for _home, composite in known)) or _("(没有)")
        raise ValueError(
            _("%(period)s没有叫“%(typed)s”的考核。请填其中之一：%(listed)s。")
            % {"period": span.name, "typed": typed, "listed": listed}
        )

    def _composites(self, home: Home, span: Span) -> tuple[Composite, ...]:
        """The composites of a scheme in a period; none while it is not in force."""
        found = self.composites.get((home, span.key))
        if found is None:
            try:
                _version, scheme = scheme_on(*home, span.ends_on)
                found = tuple(composite for composite in scheme.composites if composite.period == span.kind)
            except Problem:
                found = ()
            self.composites[home, span.key] = found
        return found

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """Enter the adjustments, write a line for each, and let the live standing follow."""
        periods = self._periods([plan.record for plan in planned])
        now, rows, lines = timezone.now(), [], []
        touched: dict[tuple[int, str], set[int]] = defaultdict(set)
        for pk, plan in zip(next_ids(Adjustment, len(planned)), planned, strict=True):
            plan.pk = pk
            fresh: Fresh = plan.record
            told, period = fresh.told, periods[fresh.home, fresh.span.key]
            rows.append((
                pk, period.pk, fresh.composite, fresh.subject.id, told.code or f"{period.key}-{pk}", told.amount,
                told.name, told.reason, stored(told.on or self.context.today), stored(now), actor_id,
            ))  # fmt: skip
            after: dict[str, Any] = {"composite": fresh.composite, "amount": show(told.amount), "name": told.name}
            if self.context.run is not None:
                after |= {"import": self.context.run, "row": plan.number}
            lines.append(("adjustment.added", self.desk.table, str(pk), fresh.subject.path, None, after))
            touched[period.pk, fresh.composite].add(fresh.subject.id)
        insert_rows(Adjustment, FIELDS, rows)
        log_many(lines, actor_id)
        by_id = {period.pk: period for period in periods.values()}
        for (period_id, composite), subjects in touched.items():
            live.entered(by_id[period_id], composite, subjects)

    def _periods(self, all_fresh: Sequence[Fresh]) -> dict[tuple[Home, str], Period]:
        """The rows of the periods, opened where they are not there yet."""
        wanted = {(fresh.home, fresh.span.key): fresh.span for fresh in all_fresh}
        Period.objects.bulk_create((make_period(*home, span) for (home, _key), span in wanted.items()),
                                   ignore_conflicts=True)  # fmt: skip
        rows = Period.objects.filter(key__in={key for _home, key in wanted}).select_related("ground")
        return {((row.ground_id, row.scheme), row.key): row for row in rows}


def read_period(typed: str) -> Span:
    """The period that a cell names: 2026-10, 2026年10月, or what a spreadsheet made of it; ValueError in words."""
    text = narrow(typed)
    if found := FIRST_DAY.match(text):
        text = found[1]
    elif found := SPOKEN.match(text):
        month, quarter = found[2], found[3]
        text = found[1] + (
            f"-{int(month):02d}" if month else f"-Q{'一二三四'.find(quarter) + 1 or quarter}" if quarter else ""
        )
    return parse_period(text)


def read_points(typed: str) -> int:
    """Signed points in hundredths; ValueError in words for what is none."""
    text = narrow(typed).replace("−", "-")
    try:
        hundredths = Decimal(text) * 100
    except InvalidOperation:
        raise ValueError(_("分值“%s”看不懂。加分写正数，扣分写负数，如 2 或 -1.5。") % typed) from None
    if not hundredths.is_finite() or hundredths != int(hundredths):
        raise ValueError(_("分值“%s”最多两位小数。请改正。") % typed)
    if hundredths == 0 or abs(hundredths) > MOST:
        raise ValueError(_("分值不能是 0，也不能超过 100 分。请改正，或删去这一行。"))
    return int(hundredths)
