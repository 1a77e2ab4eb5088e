"""What was typed on a page of a scheme's form, read into the scheme: nothing that was typed is lost, right or wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from django.utils.translation import gettext as _

from xiangyue.agreements.editing import Input, Line, Sheet, Table, sheet_of
from xiangyue.agreements.language import Slot, class_of_list, code_slot, slot_of
from xiangyue.agreements.tree import (
    Raw,
    Wrong,
    at_place,
    class_at,
    drop,
    put,
    raw_of,
    rename,
    shift,
    steps_of,
    understand,
    with_lists,
)
from xiangyue.rules.settings import Scheme
from xiangyue.schemes import dump
from xiangyue.schemes.errors import Path, show_path
from xiangyue.schemes.keys import CHOICES, KEYS

LEFT_OUT = object()
THOUSANDS = re.compile(r"-?\d{1,3}([,，]\d{3})+(\.\d+)?")
PARTED = re.compile(r"[、，,；;\n]+")
NAMED = re.compile(r"(?<![A-Za-z0-9_.\"“-])(?:\[\[)?([a-z][a-z_]*(?:\.[a-z_]+)*)(?:\]\])?(?![A-Za-z0-9_\"”-])")
QUOTED = re.compile(r'(?:= )?"([a-z_]+)"')
ACTS = {"up": -1, "down": 1}


class Given(Protocol):
    """A posted form."""

    def __contains__(self, key: object, /) -> bool:
        """Whether the form had the control."""

    def getlist(self, key: str) -> list[str]:
        """All that was posted under a name."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a posted page: the new text and where to go on, or the page as typed with its errors."""

    text: str | None
    sheet: Sheet
    errors: tuple[str, ...] = ()
    """What is wrong and stands at no field of the page."""
    at: str = ""
    adding: str = ""


def filled(scheme: Scheme, sheet: Sheet, given: Given, do: str = "", adding: str = "") -> Filled:
    """The scheme's text after a posted page and the act (`add:`, `up:`, `down:`, `drop:` and a place) of its button."""
    raw = raw_of(scheme)
    typed = with_lists(_typed(raw, sheet, given))
    reading = understand(typed)
    if reading.unread:
        shown = sheet_of(scheme, typed, steps_of(sheet.at), adding) or sheet
        at_fields, apart = with_errors(replace(shown, is_new=sheet.is_new), reading.unread)
        return Filled(None, at_fields, apart)
    typed = _follow_codes(raw, typed, sheet)
    typed, at, more = _acted(typed, do, sheet.at)
    return Filled(dump(understand(typed).scheme), sheet, at=at, adding=more)


def _typed(raw: Raw, sheet: Sheet, given: Given) -> Raw:
    """The plain values with what was typed in their places; an empty new row is left out."""
    for block in sheet.blocks:
        if block.is_optional and block.at in given:
            wanted = given.getlist(block.at)[-1] == "1"
            if not wanted:
                raw = drop(raw, steps_of(block.at))
                continue
            if at_place(raw, steps_of(block.at)) is None:
                raw = put(raw, steps_of(block.at), {})
        elif block.is_optional and not block.is_there:
            continue
        raw = _put_all(raw, block.inputs, given)
    return _typed_rows(raw, sheet.tables, given)


def _typed_rows(raw: Raw, tables: tuple[Table, ...], given: Given) -> Raw:
    for table in tables:
        for line in table.lines:
            if not line.is_new or _says_something(line, given):
                raw = _put_all(raw, line.inputs, given)
            raw = _typed_rows(raw, line.tables, given)
    return raw


def _says_something(line: Line, given: Given) -> bool:
    """Whether something was typed into a new row, besides the code that was offered."""
    return any(
        one.key in given
        and one.slot.kind not in ("code", "yes", "picks")
        and given.getlist(one.key)[-1].strip() not in ("", one.value)
        for one in line.inputs
    )


def _put_all(raw: Raw, inputs: tuple[Input, ...], given: Given) -> Raw:
    for one in inputs:
        if one.key not in given:
            continue
        value, path = value_of(one.slot, given.getlist(one.key)), steps_of(one.key)
        if value is not LEFT_OUT:
            raw = put(raw, path, value)
        elif at_place(raw, path) is not None:
            raw = drop(raw, path)
        elif at_place(raw, path[:-1]) is None:
            raw = put(raw, path[:-1], {})
    return raw


def value_of(slot: Slot, said: list[str]) -> Any:
    """What was typed as a scheme's text would hold it; what is no number stays as it is, to be told so."""
    text = said[-1].strip() if said else ""
    if slot.kind == "yes":
        return text == "1"
    if slot.kind == "picks":
        return [_whole(one) if slot.key.low is not None else one for one in said if one]
    if slot.kind in ("words", "numbers"):
        parts = [part.strip() for part in PARTED.split(text) if part.strip()]
        return parts if slot.kind == "words" else [_whole(part) for part in parts]
    if slot.kind == "pairs":
        return [
            [_number(part) for part in re.split(r"[\s，,:：]+", row.strip())] for row in text.split("\n") if row.strip()
        ]
    if not text:
        return "" if slot.kind == "code" else LEFT_OUT
    if slot.kind == "whole":
        return _whole(text)
    return _number(text) if slot.kind == "points" else text


def _whole(text: str) -> int | Decimal | str:
    value = _number(text)
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value


def _number(text: str) -> Decimal | str:
    plain = text.replace("−", "-")
    try:
        value = Decimal(re.sub("[,，]", "", plain) if THOUSANDS.fullmatch(plain) else plain)
    except InvalidOperation:
        return text
    return value if value.is_finite() and value.adjusted() < 20 else text


def _follow_codes(before: Raw, after: Raw, sheet: Sheet) -> Raw:
    """A changed code takes with it what refers to it."""
    for one in sheet.inputs:
        path = steps_of(one.key)
        if one.slot.kind != "code" or len(path) < 3 or not isinstance(path[-3], str):
            continue
        old, new = at_place(before, path), at_place(after, path)
        if old and new and old != new and class_of_list(path[-3]) is one.slot.owner:
            after = rename(after, path[-3], str(old), str(new))
    return after


def _acted(raw: Raw, do: str, at: str) -> tuple[Raw, str, str]:
    """The values after a button's act, the place to go to, and the list that gets an empty row there."""
    act, _colon, where = do.partition(":")
    try:
        path = steps_of(where)
    except ValueError:
        return raw, at, ""
    held = at_place(raw, path)
    if act == "add" and class_at(path) is not None:
        return raw, at, where
    if act == "new" and class_at(path) is not None:
        return raw, f"{where}[{len(held) if isinstance(held, list) else 0}]", ""
    if act == "open" and held is not None:
        return raw, where, ""
    if act in ACTS:
        return shift(raw, path, ACTS[act]), at, ""
    if act == "drop" and path and isinstance(path[-1], int) and held is not None:
        own = steps_of(at)
        return drop(raw, path), show_path(path[:-1]) if own == path else at, ""
    if act == "copy" and isinstance(held, dict):
        return _copied(raw, path), at, ""
    return raw, at, ""


def _copied(raw: Raw, path: Path) -> Raw:
    """The values with a row written a second time under it, with a code of its own."""
    rows, at, cls = at_place(raw, path[:-1]), path[-1], class_at(path)
    assert isinstance(at, int)
    assert cls is not None
    slot, twin = code_slot(cls), dict(rows[at])
    if slot is not None:
        taken = {row.get(slot.name) for row in rows}
        base = str(twin[slot.name])[:28]
        twin[slot.name] = next(f"{base}-{n}" for n in range(2, len(rows) + 3) if f"{base}-{n}" not in taken)
    if "name" in twin:
        twin["name"] = f"{twin['name']}（{_('副本')}）"
    made: Raw = put(raw, path[:-1], [*rows[: at + 1], twin, *rows[at + 1 :]])
    return made


def with_errors(sheet: Sheet, wrongs: tuple[Wrong, ...]) -> tuple[Sheet, tuple[str, ...]]:
    """The page with each error at its field, row or table; and the errors of the page that stand at none of them."""
    left: dict[str, list[str]] = {}
    inside = steps_of(sheet.at)
    for wrong in wrongs:
        if wrong.path[: len(inside)] == inside:
            left.setdefault(_spot(sheet, wrong.path), []).append(said(wrong))
    told = {key: " ".join(words) for key, words in left.items()}
    blocks = tuple(
        replace(block, inputs=tuple(replace(one, error=told.pop(one.key, "")) for one in block.inputs))
        for block in sheet.blocks
    )
    tables = tuple(_table_with(table, told) for table in sheet.tables)
    return replace(sheet, blocks=blocks, tables=tables), tuple(told.values())


def _spot(sheet: Sheet, path: Path) -> str:
    """The nearest thing of the page that holds a place."""
    known = {one.key for one in sheet.inputs} | _places(sheet.tables)
    for length in range(len(path), 0, -1):
        if (at := show_path(path[:length])) in known:
            return at
    return ""


def _places(tables: tuple[Table, ...]) -> set[str]:
    found = {table.at for table in tables}
    for table in tables:
        for line in table.lines:
            found |= {line.at} | _places(line.tables)
    return found


def _table_with(table: Table, told: dict[str, str]) -> Table:
    lines = tuple(
        replace(
            line,
            error=told.pop(line.at, ""),
            inputs=tuple(replace(one, error=told.pop(one.key, "")) for one in line.inputs),
            tables=tuple(_table_with(below, told) for below in line.tables),
        )
        for line in table.lines
    )
    return replace(table, error=told.pop(table.at, ""), lines=lines)


def said(wrong: Wrong) -> str:
    """An error in the words of a form: fields by their titles instead of the language's keys."""
    cls = class_at(wrong.path[:-1]) if wrong.path else Scheme
    slot = slot_of(cls, str(wrong.path[-1])) if cls and wrong.path else None
    if wrong.id == "missing-key" and slot is not None:
        return (_("请选择“%s”。") if slot.kind == "choice" else _("请填写“%s”。")) % slot.title
    return f"{spoken(wrong.words, cls)}。{spoken(wrong.mend, cls)}。".replace("？。", "？").replace("。。", "。")


def spoken(words: str, cls: type[Any] | None) -> str:
    """Words with the language's keys and choices in Chinese."""
    titles: Mapping[str, Any] = KEYS.get(cls, {}) if cls else {}

    def name(found: re.Match[str]) -> str:
        word = found.group(1).rpartition(".")[2]
        if word in titles:
            return f"“{titles[word].title}”"
        if word in CHOICES:
            return f"“{CHOICES[word]}”"
        title = next((key.title for keys in KEYS.values() for one, key in keys.items() if one == word), "")
        return f"“{title}”" if title else found.group(0)

    plain = QUOTED.sub(lambda found: f"“{CHOICES.get(found.group(1), found.group(1))}”", words)
    plain = NAMED.sub(name, plain.replace(" = true", "选上").replace(" = …", ""))
    return re.sub(r" (?=“)|(?<=”) ", "", plain).replace(",", "，").replace("?", "？")
