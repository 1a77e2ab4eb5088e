"""What changed between two schemes, row by row, in words for a clerk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal, get_args, get_origin

from xiangyue.rules.settings import Scheme

from .keys import CHOICES, KEYS, TITLES
from .reading import HINTS
from .writing import decimal


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: `where` leads to it by codes, `field` is the key; a row added or gone has no key."""

    what: Literal["added", "removed", "changed", "moved"]
    where: str
    field: str
    old: str
    new: str
    words: str


def differences(old: Scheme, new: Scheme) -> tuple[Difference, ...]:
    """All changes from `old` to `new` in the order of the language; empty when they are equal."""
    return tuple(_row(old, new, "", ""))


def _row(old: Any, new: Any, where: str, called: str) -> Iterator[Difference]:
    """Changes between two rows of one class; `called` names the row for a reader."""
    for one in fields(old):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if before == after:
            continue
        key = KEYS[type(old)][one.name]
        at = f"{where}.{one.name}" if where else one.name
        if _coded(before) or _coded(after):
            yield from _rows(before, after, at, called)
        elif is_dataclass(before) and type(before) is type(after):
            yield from _row(before, after, at, f"{called}{key.title} › ")
        else:
            was, now = shown(before, type(old), one.name), shown(after, type(old), one.name)
            words = f"{called}{key.title}由{was}改为{now}"
            yield Difference("changed", at, one.name, was, now, words)


def _coded(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and hasattr(value[0], "code")


def _rows(before: Sequence[Any], after: Sequence[Any], at: str, called: str) -> Iterator[Difference]:
    """Changes between two lists of coded rows; a row is the same row when its code is."""
    olds, news = {row.code: row for row in before}, {row.code: row for row in after}
    for code, row in olds.items():
        if code not in news:
            yield Difference("removed", f"{at}[{code}]", "", row.name, "", f"{called}删去{_named(row)}")
    for code, row in news.items():
        if code in olds:
            yield from _row(olds[code], row, f"{at}[{code}]", f"{called}{_named(row)} › ")
        else:
            yield Difference("added", f"{at}[{code}]", "", "", row.name, f"{called}新增{_named(row)}")
    kept = [code for code in olds if code in news]
    order = [code for code in news if code in olds]
    if kept != order:
        words = f"{called}{TITLES[type(before[0])]}的先后顺序改为：{'、'.join(news[code].name for code in order)}"
        yield Difference("moved", at, "", "、".join(kept), "、".join(order), words)


def _named(row: Any) -> str:
    return f"{TITLES[type(row)]}“{row.name}”（{row.code}）"


def shown(value: Any, cls: type[Any], name: str) -> str:
    """A value of a class's field as a clerk reads it."""
    key = KEYS[cls][name]
    if isinstance(value, bool):
        return "“是”" if value else "“否”"
    if isinstance(value, int):
        return f"“{decimal(value) if key.hundredths else value}”"
    if value is None or value in ("", ()):
        return "（空）"
    if is_dataclass(value):
        parts = (one.name for one in fields(value))
        own = type(value)
        return "、".join(f"{KEYS[own][part].title}{shown(getattr(value, part), own, part)}" for part in parts)
    if isinstance(value, tuple):
        return "、".join(shown(one, cls, name) for one in value)
    return f"“{CHOICES.get(value, value) if _is_choice(HINTS[cls][name]) else value}”"


def _is_choice(hint: Any) -> bool:
    return get_origin(hint) is Literal or any(get_origin(arg) is Literal for arg in get_args(hint))
