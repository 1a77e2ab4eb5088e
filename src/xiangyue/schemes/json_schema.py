"""The scheme language as JSON Schema, and as the tables of its page: both made from the settings and the keys."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin

from xiangyue.rules.settings import Scheme

from .key import Key
from .keys import KEYS, TITLES
from .reading import CODE_FORM, GROUND_FORM, HINTS, is_required
from .writing import decimal

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLAIN = {str: "text", int: "whole number", bool: "true or false"}
TYPES = {str: "string", int: "integer", bool: "boolean"}


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what a scheme file holds."""
    parts = {cls.__name__: _table(cls) for cls in KEYS if cls is not Scheme}
    return {"$schema": DIALECT, **_table(Scheme), "$defs": parts}


def _table(cls: type[Any]) -> dict[str, Any]:
    return {
        "title": TITLES[cls],
        "description": sentence(cls),
        "type": "object",
        "additionalProperties": False,
        "required": [one.name for one in fields(cls) if is_required(one)],
        "properties": {one.name: _property(cls, one) for one in fields(cls)},
    }


def sentence(cls: type[Any]) -> str:
    """The docstring of a settings class on one line."""
    return " ".join((cls.__doc__ or "").split())


def _property(cls: type[Any], one: Field[Any]) -> dict[str, Any]:
    key = KEYS[cls][one.name]
    made = {"title": key.title, "description": key.words, **_form(HINTS[cls][one.name], key)}
    if isinstance(one.default, (str, int, bool)):
        made["default"] = float(decimal(int(one.default))) if key.hundredths else one.default
    return made


def _form(hint: Any, key: Key) -> dict[str, Any]:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _form(next(arg for arg in get_args(hint) if arg is not type(None)), key)
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if origin is tuple:
        return _list(get_args(hint), key)
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return _scalar(hint, key)


def _list(args: tuple[Any, ...], key: Key) -> dict[str, Any]:
    if args[-1] is Ellipsis:
        return {"type": "array", "items": _form(args[0], key)}
    gets = {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 100}
    return {"type": "array", "prefixItems": [{"type": "integer"}, gets], "minItems": 2, "maxItems": 2}


def _scalar(hint: Any, key: Key) -> dict[str, Any]:
    made: dict[str, Any] = {"type": TYPES[hint]}
    if hint is str:
        # One line; codes and grounds have a form of their own.
        forms = {"code": CODE_FORM.pattern, "ground": GROUND_FORM.pattern, "text": r"[^\r\n]*\S[^\r\n]*"}
        made["pattern"] = f"^({forms.get(key.form, r'[^\r\n]*')})$"
    unit = 100 if key.hundredths else 1
    if key.hundredths:
        made |= {"type": "number", "multipleOf": 0.01}
    if key.low is not None:
        made["minimum"] = key.low // unit
    if key.high is not None:
        made["maximum"] = key.high // unit
    return made


def reference() -> str:
    """Every key of the language as Markdown tables, for docs/formats/scheme.md."""
    lines: list[str] = []
    for cls, keys in KEYS.items():
        lines += [f"### {cls.__name__} ({TITLES[cls]})", "", sentence(cls), ""]
        lines += ["| key | 中文 | type | when left out | meaning |", "|---|---|---|---|---|"]
        lines += [_row(cls, one, keys[one.name]) for one in fields(cls)]
        lines.append("")
    return "\n".join(lines)


def _row(cls: type[Any], one: Field[Any], key: Key) -> str:
    kind = ", ".join(_kind(HINTS[cls][one.name], key)).replace("|", "\\|")
    words = key.words.replace("|", "\\|")
    return f"| `{one.name}` | {key.title} | {kind} | {_left_out(one, key)} | {words} |"


def _kind(hint: Any, key: Key) -> Iterator[str]:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        yield from _kind(next(arg for arg in args if arg is not type(None)), key)
    elif origin is Literal:
        yield "one of " + " ".join(f"`{value}`" for value in args)
    elif origin is tuple:
        yield "list of pairs" if args[-1] is not Ellipsis else "list: " + ", ".join(_kind(args[0], key))
    elif is_dataclass(hint):
        assert isinstance(hint, type)
        yield f"[{hint.__name__}](#{hint.__name__.lower()}-{TITLES[hint]})"
    else:
        yield (
            "points, at most two decimals"
            if key.hundredths
            else {str: "text", int: "whole number", bool: "true or false"}[hint]
        )
        yield from _bounds(key)


def _bounds(key: Key) -> Iterator[str]:
    unit = 100 if key.hundredths else 1
    if key.low is not None and key.high is not None:
        yield f"{key.low // unit}–{key.high // unit}"
    elif key.low is not None:
        yield f"from {key.low // unit}"


def _left_out(one: Field[Any], key: Key) -> str:
    if is_required(one):
        return "**required**"
    if one.default is MISSING or one.default is None:
        return "its keys' own" if one.name in ("households", "notice") else "none"
    if isinstance(one.default, bool):
        return f"`{str(one.default).lower()}`"
    if isinstance(one.default, tuple):
        return "`" + ", ".join(one.default) + "`" if one.default else "empty"
    if isinstance(one.default, int):
        return f"`{decimal(one.default) if key.hundredths else one.default}`"
    return f"`{one.default}`" if one.default else "empty"
