"""Checks taken in from a workbook: a row is a sheet, judged as one that is typed in, its entries in one cell."""

from __future__ import annotations

import re
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
from xiangyue.checks import permits, requests
from xiangyue.checks.actions.recording import entry_as_json
from xiangyue.checks.judging import NOT_YOURS, Scored, judge_row, may_record
from xiangyue.checks.models import Check
from xiangyue.checks.storing import Filing, file, month_of
from xiangyue.checks.world import PersonFact, World, load_for, rows_in
from xiangyue.desk.declaration import Named
from xiangyue.desk.importer import ADD, BAD, CHANGE, SAME, Importer, Planned, Row
from xiangyue.rules.days import LOCAL, belongs
from xiangyue.rules.settings import Item, Standard
from xiangyue.rules.sheet import Entry

CHUNK = 500
NOON = time(12)
CLOCK = re.compile(r"^(\d{1,2})[::](\d{2})(?:[::]\d{2})?$")
ONE = re.compile(
    r"^(?P<item>[^.=+]+?)(?:\.(?P<step>.+?))?(?:=(?P<grade>.+))?(?:\+(?P<amount>\d+))?(?:[×xX*](?P<n>\d+))?$"
)
GONE, FAILED = "不适用", "不合格"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A row that may be stored."""

    day: date
    made_at: datetime
    inspector: PersonFact
    scored: Scored


class CheckImporter(Importer):
    """A row is a check on a day: new, a later one of the same day, or on file already."""

    def plan(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """What would become of each row; places, duties and persons are read for some hundreds at once."""
        for some in batched(rows, CHUNK):
            good = [row for row in some if not row.errors]
            world = self._world(good)
            held = self._on_file(world, good)
            for row in some:
                yield Planned(BAD, row.number, errors=row.errors) if row.errors else self._plan(row, world, held)

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """A capture and a check for each row, with everything that follows from them."""
        now = timezone.now()
        for some in batched(planned, CHUNK):
            sheets = [plan.record for plan in some]
            states = self._states(sheets)
            ids = next_ids(Capture, len(sheets))
            captures = []
            filings = []
            for capture_id, sheet, state in zip(ids, sheets, states, strict=True):
                body = self._body(sheet)
                envelope = seal("sheet", body, id=new_id(), made_at=sheet.made_at)
                captures.append(
                    (
                        capture_id, stored(envelope.id), envelope.digest, "sheet", sheet.scored.place.home_id,
                        sheet.inspector.id, actor_id, Capture.Channel.IMPORT, stored(sheet.made_at), 0, stored(now),
                        state, canonical(body),
                    )
                )  # fmt: skip
                filings.append(Filing(capture_id, sheet.inspector.id, sheet.day, sheet.made_at, state, [sheet.scored]))
            insert_rows(Capture, intake.COLUMNS, captures)
            numbers = file(filings)
            log_many(
                (
                    (
                        "check.added",
                        "checks.check",
                        str(number),
                        plan.record.scored.place.path,
                        None,
                        {"import": self.context.run, "row": plan.number},
                    )
                    for number, plan in zip(numbers, some, strict=True)
                ),
                actor_id,
            )

    def _world(self, rows: Sequence[Row]) -> World:
        codes = {row.values["subject"].code for row in rows if isinstance(row.values.get("subject"), Named)}
        people = {str(row.values["inspector"]) for row in rows if row.values.get("inspector")}
        return load_for(self.context.today, (), codes, people)

    def _on_file(self, world: World, rows: Sequence[Row]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """(subject, day, kind, inspector, voice) → what counts there: made at, and the entries."""
        places = [place.id for place in world.places.values()]
        days = sorted({row.values["day"] for row in rows if isinstance(row.values.get("day"), date)})
        found: dict[int, tuple[Any, ...]] = {}
        for start in range(0, len(days), 40):
            part = [stored(day) for day in days[start : start + 40]]
            marks = ", ".join(["%s"] * len(part))
            for row in rows_in(
                "SELECT id, subject_id, day, kind_id, inspector_id, voice FROM checks_check"
                f" WHERE state = 1 AND day IN ({marks}) AND subject_id IN ({{}})",
                places,
                part,
            ):
                found[row[0]] = row[1:]
        made = dict(Check.objects.filter(pk__in=found).values_list("pk", "made_at")) if found else {}
        entries: dict[int, set[Entry]] = {}
        for check, *values in rows_in(
            "SELECT check_row_id, item, step, n, grade, amount, applicable, failed FROM checks_entry"
            " WHERE check_row_id IN ({})",
            list(found),
        ):
            item, step, n, grade, amount, applicable, failed = values
            entry = Entry(item, step, n, grade, amount, bool(applicable), bool(failed))
            entries.setdefault(check, set()).add(entry)
        return {slot: (made[check], frozenset(entries.get(check, ()))) for check, slot in found.items()}

    def _plan(self, row: Row, world: World, held: dict[tuple[Any, ...], tuple[Any, ...]]) -> Planned:
        errors = self.missing(row)
        if errors:
            return Planned(BAD, row.number, label=self.called(row), errors=errors)
        try:
            sheet = self._sheet(row, world)
        except (Problem, ValueError) as problem:
            return Planned(BAD, row.number, label=self.called(row), errors=[str(problem)])
        scored = sheet.scored
        key = (scored.place.id, sheet.day, scored.rule.kind_id, sheet.inspector.id, scored.voice)
        label = f"{sheet.day} {scored.rule.kind.name} {scored.place.name}"
        on_file = held.get(key)
        if on_file is None:
            return Planned(ADD, row.number, key, sheet, label)
        if on_file[1] == frozenset(scored.entries):
            return Planned(SAME, row.number, key, label=label)
        if on_file[0] >= sheet.made_at:
            at = on_file[0].astimezone(LOCAL).strftime("%H:%M")
            words = _("这一天 %s 已有一次检查，以最后一次为准。要更正，请在“时间”里填更晚的时间。") % at
            return Planned(BAD, row.number, errors=[words])
        return Planned(
            CHANGE, row.number, key, sheet, label, {"recorded": "…"}, {"recorded": row.values.get("recorded")}
        )

    def _sheet(self, row: Row, world: World) -> Sheet:
        day, subject = row.values["day"], row.values["subject"]
        if not self.context.may_write(subject.path):
            raise ValueError(self.foreign(subject.name))
        if belongs(day, self.context.today) == "early":
            raise ValueError(_("日期 %s 还没到。请核对“日期”。") % day.isoformat())
        inspector = world.people.get(str(row.values["inspector"]))
        if inspector is None:
            raise ValueError(_("没有编码为“%s”的检查人。请核对“检查人编码”。") % row.values["inspector"])
        check = self._kind_of(world, subject.code, str(row.values["kind"]), day)
        standard = world.rule(world.places[subject.code], "", check, day).standard
        entries = read_entries(standard, str(row.values.get("recorded") or ""))
        note = str(row.values.get("note") or "")
        asked = requests.Row(subject.code, entries, note, row.values.get("voice") or 0)
        scored = judge_row(world, "", check, asked, inspector, day)
        rule, scope = scored.rule, self.context.scope
        if permits.guards(rule.scheme, rule.kind, rule.ground_id, day):
            permits.judge(permits.Asked(scope, inspector, scored.place, rule, day))
        elif not may_record(scope, scored.place, rule):
            raise Problem(NOT_YOURS, name=scored.place.name, kind=rule.kind.name)
        return Sheet(day, datetime.combine(day, _clock(row.values.get("time")), LOCAL), inspector, scored)

    def _kind_of(self, world: World, code: str, typed: str, day: date) -> str:
        """The code of the kind that the cell names by code or name."""
        place = world.places[code]
        wanted = narrow(typed)
        kinds = world.kinds_for(place, day)
        for kind in kinds:
            if wanted in (narrow(kind.code), narrow(kind.name)) and kind.subject == place.level:
                return kind.code
        listed = "、".join(kind.name for kind in kinds if kind.subject == place.level) or _("（没有）")
        raise ValueError(_("“%(typed)s”不是能对“%(place)s”做的检查。请填其中之一：%(listed)s。")
                         % {"typed": typed, "place": place.name, "listed": listed})  # fmt: skip

    def _states(self, sheets: Sequence[Sheet]) -> list[str]:
        months: dict[tuple[int, str], set[int]] = {}
        for sheet in sheets:
            rule = sheet.scored.rule
            months.setdefault((rule.ground_id, rule.scheme.code), set()).add(month_of(sheet.day))
        closed = {scheme: intake.closed_months(*scheme, held) for scheme, held in months.items()}
        found = []
        for sheet in sheets:
            rule = sheet.scored.rule
            if belongs(sheet.day, self.context.today, rule.scheme.late_limit_days) == "old":
                found.append("held")
            else:
                found.append("late" if month_of(sheet.day) in closed[rule.ground_id, rule.scheme.code] else "stored")
        return found

    def _body(self, sheet: Sheet) -> dict[str, Any]:
        scored = sheet.scored
        entries = [entry_as_json(entry) for entry in scored.entries]
        return {"check": scored.rule.kind.code, "subject": scored.place.code, "entries": entries,
                "inspector": sheet.inspector.code, **({"voice": scored.voice} if scored.voice else {})}  # fmt: skip


def read_entries(standard: Standard, text: str) -> tuple[Entry, ...]:
    """The entries that the cell 记分 writes; ValueError in words for what is not understood."""
    parts = [narrow(part) for part in re.split(r"[;;\n]", text)]
    return tuple(_read_one(standard, part) for part in parts if part)


def _read_one(standard: Standard, part: str) -> Entry:
    found = ONE.match(part)
    item = _named(standard.items, found["item"]) if found else None
    if found is None or item is None:
        words = _("看不懂“%s”。请写成 条目.情形×处数，例如 %s。")
        raise ValueError(words % (part, _example(standard)))
    n = int(found["n"] or 1)
    if found["step"] == GONE:
        return Entry(item.code, applicable=False)
    if found["step"] == FAILED:
        return Entry(item.code, failed=True)
    if found["grade"]:
        grade = _named(item.grades, found["grade"])
        return Entry(item.code, grade=grade.code if grade else found["grade"])
    if found["amount"]:
        return Entry(item.code, amount=int(found["amount"]))
    if found["step"]:
        step = _named(item.steps, found["step"])
        return Entry(item.code, step.code if step else found["step"], n)
    if len(item.steps) == 1:
        return Entry(item.code, item.steps[0].code, n)
    return Entry(item.code, n=n, failed=item.kind in ("pass", "zero"))


def _named(rows: Sequence[Any], typed: str) -> Any:
    return next((row for row in rows if typed in (row.code, narrow(row.name))), None)


def _example(standard: Standard) -> str:
    item: Item | None = next((item for item in standard.items if item.steps), None)
    if item is None:
        return standard.items[0].name
    return f"{_plainly(standard.items, item)}.{_plainly(item.steps, item.steps[0])}×2"


def _plainly(rows: Sequence[Any], row: Any) -> str:
    """The name, where it is no other's; else the code."""
    return str(row.name) if sum(one.name == row.name for one in rows) == 1 else str(row.code)


def _clock(typed: Any) -> time:
    if not typed:
        return NOON
    found = CLOCK.match(narrow(str(typed)))
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(_("时间“%s”看不懂。请写成 15:30。") % typed)
    return time(int(found[1]), int(found[2]))
