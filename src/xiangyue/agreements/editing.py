"""The commonest edits of a scheme as plain fields: names, points, steps, weights, cadence, sizes and floors of boards.

A field is named by where its value stands in the scheme, as errors name it: `standards[0].areas[2].items[1].points`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from xiangyue.agreements.words import EVERY
from xiangyue.rules.settings import Board, Composite, Item, Layer, Scheme, Standard
from xiangyue.schemes import SchemeErrors, dump, load
from xiangyue.schemes.keys import KEYS
from xiangyue.schemes.writing import decimal

STEP = re.compile(r"(\w+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Field:
    """One value that the form shows: `kind` is text, points, whole or every."""

    key: str
    label: str
    kind: str
    value: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Fields that belong together, under one heading."""

    title: str
    fields: tuple[Field, ...]
    depth: int = 0

    @property
    def has_name(self) -> bool:
        """Whether one of the fields is the name, which then speaks for the row."""
        return any(field.kind == "text" for field in self.fields)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the form: a standard, or all rows of one kind."""

    key: str
    title: str
    rows: tuple[Row, ...]


def sheets(scheme: Scheme) -> tuple[Sheet, ...]:
    """Every page of the form."""
    found = [
        Sheet(f"standard-{standard.code}", standard.name, tuple(_standard(standard, f"standards[{at}]")))
        for at, standard in enumerate(scheme.standards)
    ]
    found.append(Sheet("composites", _("权重"), tuple(_composites(scheme.composites))))
    found.append(Sheet("layers", _("包保频次"), tuple(_layers(scheme.layers))))
    found.append(Sheet("boards", _("红黑榜"), tuple(_boards(scheme.boards))))
    return tuple(sheet for sheet in found if sheet.rows)


def _standard(standard: Standard, path: str) -> Iterator[Row]:
    yield Row(standard.name, (_field(standard, path, "name"),))
    for at, area in enumerate(standard.areas):
        above = f"{path}.areas[{at}]"
        yield Row(area.name, (_field(area, above, "name"),), 1)
        for number, item in enumerate(area.items):
            yield from _item(item, f"{above}.items[{number}]")


def _item(item: Item, path: str) -> Iterator[Row]:
    yield Row(item.name, (_field(item, path, "name"), _field(item, path, "points")), 2)
    for at, step in enumerate(item.steps):
        names = ("name",) if step.all else ("name", "amount")
        yield Row(step.name, tuple(_field(step, f"{path}.steps[{at}]", name) for name in names), 3)
    for at, grade in enumerate(item.grades):
        yield Row(grade.name, tuple(_field(grade, f"{path}.grades[{at}]", name) for name in ("name", "points")), 3)


def _composites(composites: tuple[Composite, ...]) -> Iterator[Row]:
    for at, composite in enumerate(composites):
        path = f"composites[{at}]"
        name = "rated_months" if composite.mode == "months" else "pair_weight"
        yield Row(composite.name, (_field(composite, path, "name"), _field(composite, path, name)))
        for number, part in enumerate(composite.components):
            above = f"{path}.components[{number}]"
            yield Row(part.name, (_field(part, above, "name"), _field(part, above, "weight")), 1)


def _layers(layers: tuple[Layer, ...]) -> Iterator[Row]:
    for at, layer in enumerate(layers):
        path = f"layers[{at}]"
        fields = [_field(layer, path, "name"), _field(layer, path, "per_bearer")]
        if layer.cadence:
            fields += [_field(layer.cadence, f"{path}.cadence", name) for name in ("every", "times")]
        yield Row(layer.name, tuple(fields))


def _boards(boards: tuple[Board, ...]) -> Iterator[Row]:
    for at, board in enumerate(boards):
        path = f"boards[{at}]"
        names = ("name", "pool_min", "min_checks", "cure_days", "expire_days")
        yield Row(board.name, tuple(_field(board, path, name) for name in names))
        for side, title in (("red", _("红榜")), ("black", _("黑榜"))):
            row = getattr(board, side)
            fields = tuple(_field(row, f"{path}.{side}", name) for name in ("n", "per_mille", "limit"))
            yield Row(f"{board.name} · {title}", fields, 1)


def _field(row: Any, path: str, name: str) -> Field:
    key, value = KEYS[type(row)][name], getattr(row, name)
    kind = "every" if name == "every" else "text" if isinstance(value, str) else "points" if key.hundredths else "whole"
    shown = decimal(value) if kind == "points" else str(value)
    return Field(f"{path}.{name}", key.title, kind, shown)


def every_choices() -> list[tuple[str, str]]:
    """The slots of a cadence."""
    return [(key, str(label)) for key, label in EVERY.items() if key != "year"]


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of a filled-in page: the new text, or the page as typed with what is wrong beside its fields."""

    text: str | None
    sheet: Sheet
    errors: tuple[str, ...] = ()
    """What is wrong and stands at no field of the page."""


def edited(scheme: Scheme, sheet: Sheet, given: Mapping[str, str]) -> Edited:
    """The scheme's new text by what was typed on one page."""
    rows, new, wrong = [], scheme, False
    for row in sheet.rows:
        fields = []
        for field in row.fields:
            said = given.get(field.key, field.value).strip()
            value, error = _read(field, said)
            fields.append(replace(field, value=said, error=error))
            wrong = wrong or bool(error)
            new = new if error else _put(new, _steps(field.key), value)
        rows.append(replace(row, fields=tuple(fields)))
    typed = replace(sheet, rows=tuple(rows))
    if wrong:
        return Edited(None, typed)
    text = dump(new)
    try:
        load(text)
    except SchemeErrors as errors:
        return _refused(typed, errors)
    return Edited(text, typed)


def _refused(sheet: Sheet, errors: SchemeErrors) -> Edited:
    """The language's errors beside the fields that they name; the others apart."""
    said = {error.field: f"{error.words}。{error.mend}。" for error in errors.errors}
    rows = tuple(
        replace(row, fields=tuple(replace(field, error=said.pop(field.key, "")) for field in row.fields))
        for row in sheet.rows
    )
    return Edited(None, replace(sheet, rows=rows), tuple(said.values()))


def _read(field: Field, said: str) -> tuple[Any, str]:
    if field.kind in ("text", "every"):
        return said, "" if said else _("不能空着。")
    try:
        number = Decimal(said)
    except InvalidOperation:
        return None, _("请写数字。")
    value = number * 100 if field.kind == "points" else number
    if not number.is_finite() or value != int(value) or abs(value) > 10**9:
        return None, _("最多两位小数。") if field.kind == "points" else _("请写整数。")
    return int(value), ""


def _steps(key: str) -> list[str | int]:
    """`a[0].b` as ["a", 0, "b"]."""
    return [name or int(number) for name, number in STEP.findall(key)]


def _put(row: Any, steps: list[str | int], value: Any) -> Any:
    """The frozen tree with one value changed."""
    if not steps:
        return value
    first, rest = steps[0], steps[1:]
    if isinstance(first, int):
        return (*row[:first], _put(row[first], rest, value), *row[first + 1 :])
    return replace(row, **{first: _put(getattr(row, first), rest, value)})
