"""What a filled sheet sends: an envelope for each day (or visit, or wish), its id made from the sheet's own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from xiangyue.agreements.in_force import scheme_on
from xiangyue.base.problems import Problem
from xiangyue.captures.envelope import Envelope, seal
from xiangyue.checks.actions.recording import entry_as_json
from xiangyue.papers import letters as lettering
from xiangyue.papers.letters import FINE, Letter
from xiangyue.papers.lines import Line, lines_of
from xiangyue.papers.models import Sheet
from xiangyue.papers.problems import BAD_CELL, NO_ROW, NOTHING_TYPED, OUTSIDE, TOMORROW, WISH_ALONE
from xiangyue.rules.days import LOCAL
from xiangyue.rules.settings import Standard
from xiangyue.rules.sheet import points

NOON = time(12)
A_LINE = 40
"""Numbers that a line of a visit sheet takes: one a day, and the last for its wish."""
LONGEST_WISH = 300

type Cells = dict[int, dict[int, str]]
"""Day (0: the sheet's first) → line (1 …) → the cell in its one form."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed in: the cells, and the wishes by line."""

    cells: Cells
    wishes: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unit:
    """One envelope of a sheet."""

    index: int
    kind: str
    day: date
    body: dict[str, Any]
    label: str = ""

    def envelope(self, sheet: Sheet, turn: int) -> Envelope:
        """The envelope of the turn: made at noon, and a minute later for each correction, so that the last one counts."""
        made_at = datetime.combine(self.day, NOON, LOCAL) + timedelta(minutes=turn)
        return seal(self.kind, self.body, id=id_for(sheet.uuid, self.index, turn), made_at=made_at)


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet with what its boxes mean."""

    sheet: Sheet
    lines: list[Line]
    letters: tuple[Letter, ...]
    standard: Standard | None = None
    with_wishes: bool = False


def layout_of(sheet: Sheet) -> Layout:
    """The sheet's lines and letters by the scheme in force on its last day."""
    _version, scheme = scheme_on(sheet.ground_id, sheet.scheme, sheet.to_on)
    if sheet.form == Sheet.Form.VISIT:
        layer = next(row for row in scheme.layers if row.code == sheet.code)
        lines = lines_of(sheet, (layer.code,))
        return Layout(sheet, lines, lettering.letters_for(layer), with_wishes=layer.target == "household")
    kind = next(row for row in scheme.check_kinds if row.code == sheet.code)
    standard = scheme.standard(kind.standard)
    return Layout(sheet, lines_of(sheet, kind.layers), lettering.letters_of(standard), standard)


def id_for(sheet: UUID, index: int, turn: int) -> UUID:
    """The id of an envelope of a sheet: the sheet's own for the first, else one that only this sheet, day and turn has."""
    if not index and not turn:
        return sheet
    chance = int.from_bytes(hashlib.sha256(f"{sheet}\n{index}\n{turn}".encode()).digest()[:10], "big")
    value = (sheet.int >> 80) << 80 | 7 << 76 | (chance >> 68 & 0xFFF) << 64
    return UUID(int=value | 0b10 << 62 | chance & 0x3FFF_FFFF_FFFF_FFFF)


def filled_in(layout: Layout, raw: Any, today: date) -> Filled:
    """What a page or workbook sent, in its one form; a Problem names the first cell that can't stand."""
    sent = raw if isinstance(raw, dict) else {}
    cells: Cells = {}
    days = layout.sheet.days
    for name, column in _pairs(sent.get("cells")):
        for row, text in _pairs(column):
            if not str(text).strip():
                continue
            line = _line(layout, row)
            if not 0 <= name < len(days):
                raise Problem(NO_ROW, row=row)
            cell = _cell(layout, line, days[name], str(text), today)
            if cell:
                cells.setdefault(name, {})[row] = cell
    wishes = {
        row: str(text).strip()[:LONGEST_WISH]
        for row, text in _pairs(sent.get("wishes"))
        if layout.with_wishes and str(text).strip() and _line(layout, row)
    }
    if not any(cells.values()):
        raise Problem(NOTHING_TYPED)
    went = {row for column in cells.values() for row in column}
    for row in sorted(set(wishes) - went):
        raise Problem(WISH_ALONE, row=row, name=_line(layout, row).label)
    return Filled(cells, wishes)


def units_of(layout: Layout, filled: Filled) -> list[Unit]:
    """The envelopes that it comes to, in the order of the days."""
    if layout.sheet.form == Sheet.Form.VISIT:
        return _visits(layout, filled)
    return [
        _round(layout, offset, {row: cell for row, cell in sorted(filled.cells[offset].items()) if cell})
        for offset in sorted(filled.cells)
    ]


def day_words(day: date) -> str:
    """11月5日."""
    return f"{day.month}月{day.day}日"


def _round(layout: Layout, offset: int, column: Mapping[int, str]) -> Unit:
    sheet, lines = layout.sheet, layout.lines
    faults = [
        {
            "subject": lines[row - 1].code,
            "entries": [entry_as_json(entry) for entry in lettering.entries_in(cell, layout.letters)],
        }
        for row, cell in column.items()
        if cell != FINE
    ]
    body: dict[str, Any] = {
        "check": sheet.code,
        "scheme": sheet.scheme,
        "fine": [lines[row - 1].code for row, cell in column.items() if cell == FINE],
        "faults": faults,
    }
    if sheet.person is not None:
        body["inspector"] = sheet.person.code
    day = sheet.days[offset]
    return Unit(offset, "round", day, body, day_words(day))


def _visits(layout: Layout, filled: Filled) -> list[Unit]:
    sheet, found = layout.sheet, []
    first: dict[int, date] = {}
    person = sheet.person.code if sheet.person is not None else ""
    for offset in sorted(filled.cells):
        for row, cell in sorted(filled.cells[offset].items()):
            line, index, day = layout.lines[row - 1], (row - 1) * A_LINE + offset, sheet.days[offset]
            visit = {
                "target": line.code, "layer": sheet.code, "scheme": sheet.scheme, "person": person,
                "tasks": lettering.tasks_in(cell, layout.letters),
            }  # fmt: skip
            found.append(Unit(index, "visit", day, visit, f"{day_words(day)} {line.label}"))
            first.setdefault(row, day)
    for row, text in sorted(filled.wishes.items()):
        line = layout.lines[row - 1]
        wish = {"household": line.code, "text": text, "person": person, "visit": None}
        found.append(Unit(row * A_LINE - 1, "wish", first[row], wish, line.label))
    return found


def _cell(layout: Layout, line: Line, day: date, text: str, today: date) -> str:
    words = day_words(day)
    if day > today:
        raise Problem(TOMORROW, day=words, row=line.n)
    if not line.holds(day):
        bearer = layout.sheet.person.name if layout.sheet.person else ""
        raise Problem(OUTSIDE, day=words, row=line.n, name=line.label, bearer=bearer)
    try:
        cell = lettering.read_cell(text, layout.letters)
        if layout.standard is not None and cell not in ("", FINE):
            points(layout.standard, lettering.entries_in(cell, layout.letters))
    except ValueError as error:
        raise Problem(BAD_CELL, row=line.n, name=line.label, day=words, words=str(error)) from None
    return cell


def _line(layout: Layout, row: int) -> Line:
    if not 1 <= row <= len(layout.lines):
        raise Problem(NO_ROW, row=row)
    return layout.lines[row - 1]


def _pairs(raw: Any) -> list[tuple[int, Any]]:
    if not isinstance(raw, dict):
        return []
    return [(int(key), value) for key, value in raw.items() if str(key).isdecimal() and len(str(key)) < 6]
