"""From what TOML holds to the frozen settings: names, types and numbers of every key, all errors at once."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from xiangyue.rules.settings import Scheme

from .errors import Path
from .key import Key
from .keys import KEYS, TITLES

CODE_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
GROUND_FORM = re.compile(r"[1-9]\d{5}(\d{3})?")
TYPE_WORDS = {str: "文字（用双引号括起）", int: "整数", bool: "true 或 false"}


class _Hints(dict[type[Any], dict[str, Any]]):
    """Worked out for a class when first asked for."""

    def __missing__(self, cls: type[Any]) -> dict[str, Any]:
        found = self[cls] = get_type_hints(cls)
        return found


HINTS = _Hints()
"""The types of the fields of every settings class."""


class _Bad:
    """Stands where a value could not be read."""


BAD = _Bad()


@dataclass(slots=True)
class Found:
    """The errors found so far, by path, before they have lines."""

    rows: list[tuple[Path, str, str, str]] = field(default_factory=list)
    unread: set[Path] = field(default_factory=set)
    """Paths whose value is missing or wrong: what depends on them is not judged."""

    def add(self, path: Path, id: str, words: str, mend: str) -> None:
        """Notes one error."""
        self.rows.append((path, id, words, mend))

    def bad(self, path: Path, id: str, words: str, mend: str) -> _Bad:
        """Notes an error and that the value at `path` could not be read."""
        self.add(path, id, words, mend)
        self.unread.add(path)
        return BAD


def is_required(one: Field[Any]) -> bool:
    """Whether a key has to be written."""
    return one.default is MISSING and one.default_factory is MISSING


def read(raw: Mapping[str, Any], found: Found) -> Scheme:
    """The scheme as far as it can be read; what could not be is in `found`."""
    scheme = _table(Scheme, raw, (), found)
    assert isinstance(scheme, Scheme)
    return scheme


def _table(cls: type[Any], raw: object, path: Path, found: Found) -> Any:
    if not isinstance(raw, Mapping):
        return found.bad(
            path, "wrong-type", f"{TITLES[cls]}应写成一组键，不是{_said(raw)}", "写成表格，例如 { code = … }"
        )
    _unknown_keys(cls, raw, path, found)
    values: dict[str, Any] = {}
    for one in fields(cls):
        at = (*path, one.name)
        if one.name in raw:
            value = _value(HINTS[cls][one.name], raw[one.name], at, KEYS[cls][one.name], found)
        elif is_required(one) and at not in found.unread:
            key = KEYS[cls][one.name]
            value = found.bad(
                at, "missing-key", f"{TITLES[cls]}缺少“{one.name}”（{key.title}）", f"补上 {one.name} = …"
            )
        else:
            value = BAD
        values[one.name] = _placeholder(one, HINTS[cls][one.name]) if value is BAD else value
    return cls(**values)


def _unknown_keys(cls: type[Any], raw: Mapping[str, Any], path: Path, found: Found) -> None:
    known = [one.name for one in fields(cls)]
    for name in raw:
        if name in known:
            continue
        near = get_close_matches(name, [key for key in known if key not in raw], 1)
        titled = [key for key in known if KEYS[cls][key].title == name]
        if meant := next(iter(titled or near), ""):
            mend = f"您要写的是不是“{meant}”（{KEYS[cls][meant].title}）？请改成它"
            found.unread.add((*path, meant))
        else:
            mend = "删去它；可用的键：" + "、".join(known)
        found.add((*path, name), "unknown-key", f"{TITLES[cls]}没有“{name}”这个键", mend)


def _placeholder(one: Field[Any], hint: Any) -> Any:
    """Something of the right type, so that the rest can be read; errors keep it from being used."""
    if one.default is not MISSING:
        return one.default
    if one.default_factory is not MISSING:
        return one.default_factory()
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    if get_origin(hint) is tuple:
        return ()
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return hint(**{part.name: _placeholder(part, HINTS[hint][part.name]) for part in fields(hint)})
    return hint()


def _value(hint: Any, raw: object, path: Path, key: Key, found: Found) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = next(arg for arg in get_args(hint) if arg is not type(None))
        return _value(inner, raw, path, key, found)
    if origin is Literal:
        return _choice(get_args(hint), raw, path, key, found)
    if origin is tuple:
        return _list(get_args(hint), raw, path, key, found)
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return _table(hint, raw, path, found)
    return SCALARS[hint](raw, path, key, found)


def _list(args: tuple[Any, ...], raw: object, path: Path, key: Key, found: Found) -> Any:
    if not isinstance(raw, list):
        rows = isinstance(raw, Mapping) and args[0] in KEYS
        mend = f"表名用双方括号：[[{path[-1]}]]" if rows else "用方括号写成列表，例如 [ … ]"
        return found.bad(path, "wrong-type", f"“{key.title}”应是列表，不是{_said(raw)}", mend)
    if args[-1] is not Ellipsis:
        return _pair(raw, path, key, found)
    values = [_value(args[0], one, (*path, at), key, found) for at, one in enumerate(raw)]
    if any(value is BAD for value in values):
        found.unread.add(path)
    return tuple(value for value in values if value is not BAD)


def _pair(raw: list[object], path: Path, key: Key, found: Found) -> Any:
    """One band: a number from which, and the points it gets."""
    if len(raw) != 2:
        return found.bad(path, "wrong-type", f"“{key.title}”的每一档应是两个数", "写成 [起点， 得分],例如 [60, 80.5]")
    start = _int(raw[0], (*path, 0), Key(key.title + "起点", ""), found)
    gets = _int(raw[1], (*path, 1), Key(key.title + "得分", "", hundredths=True, low=0, high=10_000), found)
    return BAD if start is BAD or gets is BAD else (start, gets)


def _choice(choices: tuple[str, ...], raw: object, path: Path, key: Key, found: Found) -> Any:
    if raw in choices:
        return raw
    near = get_close_matches(str(raw), choices, 1)
    mend = f"您要写的是不是“{near[0]}”？" if near else ""
    return found.bad(
        path, "choice", f"“{key.title}”不能是{_said(raw)}", f"{mend}只能写其中之一：{'、'.join(map(str, choices))}"
    )


def _str(raw: object, path: Path, key: Key, found: Found) -> Any:
    if not isinstance(raw, str):
        return _wrong(str, raw, path, key, found)
    if key.form == "code" and not CODE_FORM.fullmatch(raw):
        return found.bad(
            path, "code-form", f"代码“{raw}”写法不对", "只用字母、数字和 _ - .,以字母或数字开头，最多 32 个字符"
        )
    if key.form == "ground" and not GROUND_FORM.fullmatch(raw):
        return found.bad(path, "ground-form", f"辖区代码“{raw}”写法不对", "写县的 6 位或乡镇的 9 位统计区划代码")
    if key.form == "text" and not raw.strip():
        return found.bad(path, "empty", f"“{key.title}”是空的", "写上内容")
    if "\n" in raw or "\r" in raw:
        return found.bad(path, "one-line", f"“{key.title}”里有换行", "写成一行")
    return raw


def _bool(raw: object, path: Path, key: Key, found: Found) -> Any:
    return raw if isinstance(raw, bool) else _wrong(bool, raw, path, key, found)


def _int(raw: object, path: Path, key: Key, found: Found) -> Any:
    """A whole number, or a number of points as whole hundredths."""
    if isinstance(raw, bool) or not isinstance(raw, (int, Decimal)):
        return _wrong(int, raw, path, key, found)
    if isinstance(raw, Decimal) and not raw.is_finite():
        return _wrong(int, raw, path, key, found)
    if isinstance(raw, Decimal) and not key.hundredths:
        return found.bad(path, "wrong-type", f"“{key.title}”应是整数，不是 {raw}", "去掉小数点，写整数")
    value = raw * 100 if key.hundredths else raw
    if isinstance(value, Decimal) and (value.adjusted() > 15 or value != int(value)):
        return found.bad(path, "decimals", f"“{key.title}”{raw} 超过两位小数", "最多写两位小数，例如 4.5 或 0.25")
    return _in_range(int(value), raw, path, key, found)


def _in_range(value: int, raw: object, path: Path, key: Key, found: Found) -> Any:
    unit = 100 if key.hundredths else 1
    if key.low is not None and value < key.low:
        return found.bad(path, "range", f"“{key.title}”不能是 {raw}", f"最小写 {key.low // unit}")
    if key.high is not None and value > key.high:
        return found.bad(path, "range", f"“{key.title}”不能是 {raw}", f"最大写 {key.high // unit}")
    return value


def _wrong(kind: type, raw: object, path: Path, key: Key, found: Found) -> _Bad:
    words = "数字" if key.hundredths else TYPE_WORDS[kind]
    return found.bad(path, "wrong-type", f"“{key.title}”应是{words}，不是{_said(raw)}", f"改成{words}")


def _said(raw: object) -> str:
    if isinstance(raw, bool):
        return " true" if raw else " false"
    if isinstance(raw, str):
        return f"“{raw}”"
    if isinstance(raw, Mapping):
        return "一组键"
    return "列表" if isinstance(raw, list) else f" {raw}"


SCALARS: dict[type, Callable[[object, Path, Key, Found], Any]] = {str: _str, int: _int, bool: _bool}
