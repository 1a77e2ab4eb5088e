"""A scheme as canonical TOML that a clerk can read: the same scheme always gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from xiangyue.rules import settings as s

from .key import Key
from .keys import KEYS
from .reading import is_required

HEADED = (
    *(s.Layer, s.Standard, s.Area, s.Item, s.CheckKind, s.Category, s.Composite, s.Component, s.Board, s.Ranking),
    *(s.Rating, s.Domain, s.Review, s.ReviewStage, s.WatchList, s.Performance, s.Grading, s.Honour, s.Award),
    *(s.Incentives, s.IncentiveRule, s.Commendation, s.PointsScheme, s.ProblemKind, s.InspectionKind),
)
"""Rows that get a `[[…]]` heading of their own; other rows stand one a line in a list."""
ALWAYS = {(s.Scheme, "language"), (s.Scheme, "late_limit_days"), (s.Item, "points")}
TABLES = (s.HouseholdRules, s.Notice, s.Burden, s.Dispatching, s.Bulletin)
"""Parts that get a `[…]` heading of their own."""
WHOLE = (s.Board, *TABLES)
"""What a county will look for and change: written even where it is what it would be anyway."""


def dump(scheme: s.Scheme) -> str:
    """The scheme as TOML; `load` of it is equal to the scheme."""
    return "\n".join(_table(scheme, "")).strip("\n") + "\n"


def _table(row: Any, name: str) -> Iterator[str]:
    """The lines of a table: plain keys first, since TOML reads them into the last heading."""
    below: list[tuple[str, Any]] = []
    for key, value in _written(row):
        under = f"{name}.{key}" if name else key
        if isinstance(value, TABLES) or (isinstance(value, tuple) and _headed(value)):
            below.append((under, value))
        else:
            yield f"{key} = {_value(value, KEYS[type(row)][key])}"
    for under, value in below:
        for one in value if isinstance(value, tuple) else (value,):
            yield ""
            yield f"[[{under}]]" if isinstance(value, tuple) else f"[{under}]"
            yield from _table(one, under)


def _headed(value: tuple[Any, ...]) -> bool:
    return bool(value) and isinstance(value[0], HEADED)


def _written(row: Any) -> Iterator[tuple[str, Any]]:
    """The keys worth writing: what is required, or differs from what it would be anyway."""
    for one in fields(row):
        value = getattr(row, one.name)
        default = one.default_factory() if callable(one.default_factory) else one.default
        if is_required(one) or _always(row, one.name) or (value != default and value is not None):
            yield one.name, value


def _always(row: Any, name: str) -> bool:
    if isinstance(row, WHOLE) or (type(row), name) in ALWAYS:
        return True
    return name in ("households", "notice") or (name == "rated_months" and row.mode == "months")


def _value(value: Any, key: Key) -> str:
    if is_dataclass(value):
        parts = [f"{name} = {_value(part, KEYS[type(value)][name])}" for name, part in _written(value)]
        return "{ " + ", ".join(parts) + " }"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return decimal(value) if key.hundredths else str(value)
    if isinstance(value, str):
        return quoted(value)
    return _list(value, key)


def _list(values: tuple[Any, ...], key: Key) -> str:
    if values and is_dataclass(values[0]):
        return "[\n" + "".join(f"  {_value(one, key)},\n" for one in values) + "]"
    if values and isinstance(values[0], tuple):
        return "[" + ", ".join(f"[{start}, {decimal(gets)}]" for start, gets in values) + "]"
    return "[" + ", ".join(_value(one, key) for one in values) + "]"


def decimal(hundredths: int) -> str:
    """`450` as `4.5`, `500` as `5`."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02d}".rstrip("0") if part else str(whole)


def quoted(text: str) -> str:
    """A basic TOML string; JSON's escapes are TOML's, but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
