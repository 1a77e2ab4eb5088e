"""Schemes on forms: any place of a scheme laid out as fields and tables of rows, and read back from what was typed.

A field is named by where its value stands, as errors name it: `standards[0].areas[2].items[1].points`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from xiangyue.agreements.language import Choices, Slot, class_of_list, slots, title_of
from xiangyue.agreements.sentences import in_short
from xiangyue.agreements.tree import Raw, at_place, class_at, codes_of, fresh_code, row_at, slot_at
from xiangyue.rules.settings import Scheme
from xiangyue.schemes.errors import Path, show_path
from xiangyue.schemes.writing import decimal

IN_LINE = 7
"""A row with at most so many fields, and nothing below, is edited in its list; others have a page of their own."""
BRIEF = (
    "name",
    "bearer",
    "target",
    "subject",
    "kind",
    "points",
    "level",
    "period",
    "weight",
    "indicator",
    "value",
    "amount",
)
"""What can be changed in the list already of a row that has its own page, the first few of these."""
BRIEF_MOST = 4


@dataclass(frozen=True, slots=True)
class Input:
    """One control with what stands in it."""

    key: str
    slot: Slot
    value: str = ""
    chosen: tuple[str, ...] = ()
    choices: Choices = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its controls; `own` leads to its page, empty where it has none; `is_new`: not on file yet."""

    at: str
    title: str
    inputs: tuple[Input, ...]
    tables: tuple[Table, ...] = ()
    own: bool = False
    is_new: bool = False
    error: str = ""
    note: str = ""
    """Of a row with its own page: what it says, in short."""


@dataclass(frozen=True, slots=True)
class Table:
    """A list of rows: `way` is line (edited here), open (with lists of its own, here too) or page (on their pages)."""

    at: str
    title: str
    called: str
    way: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    hint: str = ""
    when: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Fields that belong together: those of the row itself, or of a part of it."""

    at: str
    title: str
    inputs: tuple[Input, ...]
    is_optional: bool = False
    is_there: bool = True
    hint: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the form."""

    at: str
    title: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    is_new: bool = False

    @property
    def inputs(self) -> Iterator[Input]:
        """Every control of the page."""
        for block in self.blocks:
            yield from block.inputs
        for table in every_table(self.tables):
            for line in table.lines:
                yield from line.inputs


def every_table(tables: tuple[Table, ...]) -> Iterator[Table]:
    """These tables and those inside their rows."""
    for table in tables:
        yield table
        for line in table.lines:
            yield from every_table(line.tables)


def way_of(cls: type[Any]) -> str:
    """How rows of a class are edited: line, open or page."""
    own = slots(cls)
    plain = [slot for slot in own if slot.is_plain]
    if len(plain) == len(own) and len(own) <= IN_LINE and not any(slot.kind == "pairs" for slot in own):
        return "line"
    below = [slot for slot in own if slot.kind == "rows"]
    return "open" if len(plain) <= 3 and len(plain) + len(below) == len(own) else "page"


def in_order(cls: type[Any]) -> list[Slot]:
    """The fields of a row as a clerk fills them in: the name first, the code last."""
    places = {"name": 0, "code": 2, "standing": 3}
    return sorted((slot for slot in slots(cls) if slot.is_plain), key=lambda slot: places.get(slot.name, 1))


def brief(cls: type[Any]) -> tuple[Slot, ...]:
    """The fields of a row that stand in its list."""
    own = in_order(cls)
    if way_of(cls) != "page":
        return tuple(own)
    return tuple([slot for name in BRIEF for slot in own if slot.name == name][:BRIEF_MOST])


def sheet_of(scheme: Scheme, raw: Raw, path: Path, adding: str = "") -> Sheet | None:
    """The page for a place; None when there is none. `adding` names the list that gets an empty row at its end."""
    cls = class_at(path)
    if cls is None:
        return None
    layout = _Layout(scheme, raw, adding)
    at = show_path(path)
    if path and isinstance(path[-1], str):
        slot = slot_at(path)
        if slot is None or slot.kind != "rows" or at_place(raw, path[:-1]) is None:
            return None
        return Sheet(at, slot.title, (), (layout.table(slot, path),))
    is_new = bool(path) and at_place(raw, path) is None
    if is_new and len(at_place(raw, path[:-1]) or ()) != path[-1]:
        return None
    blocks, tables = layout.blocks(cls, path), layout.tables(cls, path, is_new=is_new)
    title = layout.name_of(cls, path) if path else title_of(cls)
    return Sheet(at, title, blocks, tables, is_new)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Lays out a scheme's places; values come from `raw`, which may hold what was typed and can't be read."""

    scheme: Scheme
    raw: Raw
    adding: str

    def blocks(self, cls: type[Any], path: Path) -> tuple[Block, ...]:
        own = tuple(self.input(slot, (*path, slot.name)) for slot in in_order(cls))
        found = [Block(show_path(path), title_of(cls), own)] if own else []
        for slot in slots(cls):
            if slot.kind == "part" and slot.cls is not None:
                under = (*path, slot.name)
                inner = tuple(self.input(one, (*under, one.name)) for one in slots(slot.cls) if one.is_plain)
                there = not slot.optional or at_place(self.raw, under) is not None
                found.append(Block(show_path(under), slot.title, inner, slot.optional, there, slot.hint, slot.when))
        return tuple(found)

    def tables(self, cls: type[Any], path: Path, *, is_new: bool = False) -> tuple[Table, ...]:
        """The lists of a row; the scheme's own have pages of their own, a row not on file yet has none."""
        if not path or is_new:
            return ()
        return tuple(self.table(slot, (*path, slot.name)) for slot in slots(cls) if slot.kind == "rows")

    def table(self, slot: Slot, path: Path) -> Table:
        cls = slot.cls
        assert cls is not None
        way, columns, at = way_of(cls), brief(cls), show_path(path)
        held = at_place(self.raw, path)
        n = len(held) if isinstance(held, list) else 0
        lines = [self.line(cls, columns, (*path, number), way) for number in range(n)]
        if self.adding == at and way != "page":
            lines.append(replace(self.line(cls, columns, (*path, n), way), is_new=True, tables=()))
        headings = tuple(one.title for one in columns)
        return Table(at, slot.title, title_of(cls), way, headings, tuple(lines), slot.hint, slot.when)

    def line(self, cls: type[Any], columns: tuple[Slot, ...], path: Path, way: str) -> Line:
        inputs = tuple(self.input(slot, (*path, slot.name)) for slot in columns)
        below = self.tables(cls, path) if way == "open" else ()
        note = self.note(path) if way == "page" else ""
        return Line(show_path(path), self.name_of(cls, path), inputs, below, way == "page", note=note)

    def note(self, path: Path) -> str:
        row = row_at(self.scheme, path)
        return "" if row is None else in_short(row, self.scheme)

    def name_of(self, cls: type[Any], path: Path) -> str:
        row = at_place(self.raw, path)
        name = row.get("name") if isinstance(row, dict) else ""
        return str(name or title_of(cls))

    def input(self, slot: Slot, path: Path) -> Input:
        held = at_place(self.raw, path)
        value = self.initial(slot, path) if held is None else held
        chosen = tuple(str(one) for one in value) if slot.kind == "picks" and isinstance(value, (list, tuple)) else ()
        shown = "" if slot.kind == "picks" else shown_value(slot, value)
        return Input(show_path(path), slot, shown, chosen, self.choices(slot, (shown, *chosen)))

    def initial(self, slot: Slot, path: Path) -> Any:
        """What stands in a field that nothing is written for: a free code, or what it would be anyway."""
        if slot.kind == "code" and at_place(self.raw, path[:-1]) is None:
            return fresh_code(self.scheme, slot.owner)
        if slot.required or slot.default is None:
            return ""
        if slot.kind == "points" and isinstance(slot.default, int):
            return Decimal(slot.default) / 100
        return slot.default

    def choices(self, slot: Slot, held: tuple[str, ...]) -> Choices:
        if slot.kind not in ("choice", "picks") and not slot.refers:
            return ()
        if not slot.refers:
            return slot.choices
        found = [
            (code, name or code)
            for collection in slot.refers
            for code, name in codes_of(self.scheme, class_of_list(collection))
        ]
        if slot.kind == "text":
            return tuple(found)
        known = {code for code, _name in found}
        # a code that is not there any more stays to be seen, and to be mended
        found += [(code, f"{code}（没有这一条）") for code in held if code and code not in known]
        return (("", "请选择" if slot.required else "不选"), *found) if slot.kind == "choice" else tuple(found)


def shown_value(slot: Slot, value: Any) -> str:
    """A plain value as it stands in its control."""
    if value is None:
        return ""
    if slot.kind == "yes":
        return "1" if value is True else ""
    if slot.kind in ("words", "numbers") and isinstance(value, (list, tuple)):
        return "、".join(str(one) for one in value)
    if slot.kind == "pairs" and isinstance(value, (list, tuple)):
        return "\n".join(
            " ".join(_number(part) for part in one) if isinstance(one, (list, tuple)) else str(one) for one in value
        )
    if isinstance(value, (int, Decimal)):
        return _number(value)
    return str(value)


def _number(value: Any) -> str:
    if isinstance(value, Decimal) and value.is_finite() and value * 100 == int(value * 100):
        whole = int(value * 100)
        return f"-{decimal(-whole)}" if whole < 0 else decimal(whole)
    return str(value)
