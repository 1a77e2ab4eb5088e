"""Rows going out as a workbook or CSV: what an import would take in again, for the rows that the filters leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from xiangyue.base.scope import Scope, policy_of
from xiangyue.desk.declaration import Column, Desk, Shown
from xiangyue.desk.personal import Eyes, masked
from xiangyue.desk.writing import cell_maker, width_of, words_of

CHUNK = 5_000


def out_columns(desk: Desk) -> tuple[Column | Shown, ...]:
    """What an export holds: the workbook's columns, or the list's where the desk takes nothing in."""
    columns = tuple(column for column in desk.columns if column.exported)
    return columns or desk.listed


def headings(desk: Desk) -> list[str]:
    """The head row."""
    return [str(column.heading) for column in out_columns(desk)]


def widths(desk: Desk) -> list[int]:
    """How wide the columns are on a sheet."""
    return [width_of(column) if isinstance(column, Column) else 16 for column in out_columns(desk)]


def out_rows(desk: Desk, scope: Scope, rows: QuerySet[Any], order: Sequence[str]) -> Iterator[list[Any]]:
    """The cells of every row; personal data masked where the actor may not have them in clear."""
    columns = out_columns(desk)
    eyes = Eyes(desk, scope)
    makers = [_maker(column) for column in columns]
    masks = [(place, column.mask) for place, column in enumerate(columns) if column.mask]
    fields = [policy_of(desk.model).path or "pk", *(_lookup(column) for column in columns)]
    for path, *values in rows.order_by(*order).values_list(*fields).iterator(chunk_size=CHUNK):
        cells = [make(value) for make, value in zip(makers, values, strict=True)]
        for place, mask in masks:
            if not eyes.clear(mask, path):
                cells[place] = masked(mask, str(cells[place]))
        yield cells


def _lookup(column: Column | Shown) -> str:
    return column.lookup


def _maker(column: Column | Shown) -> Callable[[Any], Any]:
    if isinstance(column, Column):
        return cell_maker(column)
    labels = {value: str(label) for value, label in column.choices}
    shown = column.show
    if shown is not None:
        return lambda value: words_of(shown(value))
    if column.kind == "score":
        return lambda value: "" if value is None else value / 100
    return lambda value: labels.get(value, words_of(value)) if labels else words_of(value)


def told_filters(params: Any) -> dict[str, str]:
    """The filters of an export as the change log keeps them."""
    return {name: value[:80] for name, value in params.items() if name not in ("format", "page", "size") and value}


def file_name(desk: Desk, day: Any, ending: str) -> str:
    """农户-2026-11-21.xlsx."""
    return f"{desk.title}-{day.isoformat()}.{ending}"
