"""A scheme as plain values, as its text holds it: read, changed at a place, rows added, removed and moved.

A place is named as errors name it: `standards[0].areas[2].items[1]`; the whole scheme is the empty place.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from xiangyue.agreements.language import Slot, code_slot, slot_of, slots
from xiangyue.rules.settings import Scheme
from xiangyue.schemes.errors import Path, SchemeError, SchemeErrors, show_path
from xiangyue.schemes.keys import KEYS
from xiangyue.schemes.loader import syntax_error
from xiangyue.schemes.meaning import judge
from xiangyue.schemes.reading import Found, read

type Raw = dict[str, Any]

STEP = re.compile(r"([a-z_]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something wrong at a place: what, and the mend."""

    path: Path
    words: str
    mend: str
    id: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What plain values say: the scheme as far as it could be read, what could not be, and what makes no sense."""

    scheme: Scheme
    unread: tuple[Wrong, ...]
    senseless: tuple[Wrong, ...] = ()


def parse(text: str) -> Raw:
    """The plain values of a text; SchemeErrors when it is no TOML."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SchemeErrors([syntax_error(text, str(error))]) from None
    except RecursionError:
        raise SchemeErrors([SchemeError(1, "", "括号套得太深", "一层列表里只写一层花括号", "syntax")]) from None


def understand(raw: Raw) -> Reading:
    """The scheme that plain values say, with everything that is wrong in it."""
    found = Found()
    scheme = read(raw, found)
    unread = _wrongs(found)
    if unread:
        return Reading(scheme, unread)
    judge(scheme, found)
    return Reading(scheme, (), _wrongs(found))


@lru_cache(maxsize=16)
def read_text(text: str) -> Reading:
    """The scheme of a draft's text, sensible or not; SchemeErrors when it is no TOML."""
    return understand(parse(text))


def _wrongs(found: Found) -> tuple[Wrong, ...]:
    return tuple(Wrong(path, words, mend, id) for path, id, words, mend in found.rows)


def raw_of(row: Any) -> Raw:
    """The plain values of a row of settings, every key written."""
    keys = KEYS[type(row)]
    return {
        one.name: _plain(value, hundredths=keys[one.name].hundredths)
        for one in fields(row)
        if (value := getattr(row, one.name)) is not None
    }


def _plain(value: Any, *, hundredths: bool) -> Any:
    if is_dataclass(value):
        return raw_of(value)
    if isinstance(value, tuple):
        if value and isinstance(value[0], tuple):
            return [[start, Decimal(gets) / 100] for start, gets in value]
        return [_plain(one, hundredths=hundredths) for one in value]
    if isinstance(value, int) and not isinstance(value, bool) and hundredths:
        return Decimal(value) / 100
    return value


def steps_of(at: str) -> Path:
    """`a[0].b` as ("a", 0, "b"); ValueError when it is no place."""
    found: list[str | int] = [name or int(number) for name, number in STEP.findall(at)]
    if show_path(tuple(found)) != at:
        raise ValueError(at)
    return tuple(found)


def class_at(path: Path) -> type[Any] | None:
    """The class of the row at a place, or of the rows of the list there; None when the language has no such place."""
    cls: type[Any] = Scheme
    is_list = False
    for step in path:
        if isinstance(step, int):
            if not is_list:
                return None
            is_list = False
            continue
        slot = None if is_list else slot_of(cls, step)
        if slot is None or slot.cls is None:
            return None
        cls, is_list = slot.cls, slot.kind == "rows"
    return cls


def slot_at(path: Path) -> Slot | None:
    """What the language has at the last step of a place; None when there is no such place."""
    owner = class_at(path[:-1])
    return slot_of(owner, str(path[-1])) if owner else None


def at_place(raw: Any, path: Path) -> Any:
    """The value at a place; None when there is none."""
    for step in path:
        if isinstance(step, int):
            raw = raw[step] if isinstance(raw, list) and step < len(raw) else None
        else:
            raw = raw.get(step) if isinstance(raw, dict) else None
    return raw


def row_at(scheme: Scheme, path: Path) -> Any:
    """The setting at a place; None when there is none."""
    row: Any = scheme
    for step in path:
        if isinstance(step, str):
            row = getattr(row, step, None)
            continue
        row = row[step] if isinstance(row, tuple) and step < len(row) else None
    return row


def put(raw: Any, path: Path, value: Any) -> Any:
    """The values with one changed; a list grows by a row at its end, and what holds the place is made."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        rows = list(raw) if isinstance(raw, list) else []
        rows[first : first + 1] = [put(rows[first] if first < len(rows) else {}, rest, value)]
        return rows
    held = dict(raw) if isinstance(raw, dict) else {}
    held[first] = put(held.get(first), rest, value)
    return held


def drop(raw: Any, path: Path) -> Any:
    """The values without the key or row at a place."""
    holder = at_place(raw, path[:-1])
    last = path[-1]
    if isinstance(last, int):
        return put(raw, path[:-1], [*holder[:last], *holder[last + 1 :]]) if isinstance(holder, list) else raw
    if not isinstance(holder, dict):
        return raw
    return put(raw, path[:-1], {key: value for key, value in holder.items() if key != last})


def shift(raw: Any, path: Path, by: int) -> Any:
    """The values with the row at a place moved up (-1) or down (1) in its list; at the end it stays."""
    rows, last = at_place(raw, path[:-1]), path[-1]
    if not isinstance(rows, list) or not isinstance(last, int) or not 0 <= last + by < len(rows):
        return raw
    moved = list(rows)
    moved.insert(last + by, moved.pop(last))
    return put(raw, path[:-1], moved)


def with_lists(row: Raw, cls: type[Any] = Scheme) -> Raw:
    """The values with an empty list wherever one is asked for and none is written: a row just begun has none."""
    made = dict(row)
    for slot in slots(cls):
        held = row.get(slot.name)
        if slot.kind == "rows" and slot.cls is not None and isinstance(held, list):
            made[slot.name] = [with_lists(one, slot.cls) if isinstance(one, dict) else one for one in held]
        elif slot.kind == "rows" and slot.required and held is None:
            made[slot.name] = []
    return made


def rename(raw: Raw, collection: str, old: str, new: str) -> Raw:
    """The values with every reference to a code of a list following the code."""
    renamed = _renamed(Scheme, raw, collection, old, new)
    assert isinstance(renamed, dict)
    return renamed


def _renamed(cls: type[Any], row: Any, collection: str, old: str, new: str) -> Any:
    if not isinstance(row, dict):
        return row
    made = dict(row)
    for slot in slots(cls):
        value = row.get(slot.name)
        if slot.cls is not None and isinstance(value, list):
            made[slot.name] = [_renamed(slot.cls, one, collection, old, new) for one in value]
        elif slot.cls is not None and isinstance(value, dict):
            made[slot.name] = _renamed(slot.cls, value, collection, old, new)
        elif collection in slot.refers and value == old:
            made[slot.name] = new
        elif collection in slot.refers and isinstance(value, list):
            made[slot.name] = [new if one == old else one for one in value]
    return made


def codes_of(scheme: Any, cls: type[Any]) -> list[tuple[str, str]]:
    """(Code, name) of every row of a class, wherever it stands in the scheme."""
    slot = code_slot(cls)
    return [(getattr(row, slot.name), getattr(row, "name", "")) for row in rows_of(scheme, cls)] if slot else []


def rows_of(row: Any, cls: type[Any]) -> list[Any]:
    """Every row of a class, in the order of the scheme."""
    found = [row] if type(row) is cls else []
    for slot in slots(type(row)):
        if slot.cls is None:
            continue
        value = getattr(row, slot.name)
        for one in value if isinstance(value, tuple) else (value,):
            if one is not None:
                found += rows_of(one, cls)
    return found


def fresh_code(scheme: Scheme, cls: type[Any]) -> str:
    """A code that no row of the class has yet."""
    taken = {code for code, _name in codes_of(scheme, cls)}
    base = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower()
    n = len(taken) + 1
    while f"{base}-{n}" in taken:
        n += 1
    return f"{base}-{n}"
