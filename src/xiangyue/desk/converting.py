"""From the cells of a sheet to values: each column's converter is made once, then run over all rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from xiangyue.base import cells as read
from xiangyue.base.cells import CellError, Convert, clean
from xiangyue.base.scope import Scope
from xiangyue.desk.declaration import Column, Desk, Kind
from xiangyue.desk.importer import CLEARED, Masked, Row
from xiangyue.desk.reading import Cells, Sheet
from xiangyue.desk.references import load_book

CLEAR = "清空"


def remembered_code(column: Column) -> Convert:
    """Codes that are not the row's own repeat from row to row."""
    return read.remembered(read.to_code(column.longest))


MAKERS: dict[Kind, Callable[[Column], Convert]] = {
    Kind.TEXT: lambda column: read.to_text(column.longest),
    Kind.CODE: lambda column: read.to_code(column.longest) if column.key else remembered_code(column),
    Kind.PHONE: lambda column: read.to_phone,
    Kind.WHOLE: lambda column: read.to_whole(column.least, column.most),
    Kind.DATE: lambda column: read.remembered(read.to_date),
    Kind.CHOICE: lambda column: read.remembered(read.to_choice(column.choices)),
    Kind.YES: lambda column: read.remembered(read.to_yes),
}


def converter(column: Column, scope: Scope) -> Convert:
    """The column's converter for this actor."""
    if column.kind == Kind.REF:
        if column.ref is None:
            raise ValueError(f"column {column.name} refers to nothing")
        made: Convert = read.remembered(load_book(column.ref, scope))
    else:
        made = MAKERS[column.kind](column)
    return _or_masked(made) if column.mask else made


def _or_masked(convert: Convert) -> Convert:
    def masked(cell: Any) -> Any:
        if isinstance(cell, str) and "*" in cell:
            return Masked(read.narrow(cell))
        return convert(cell)

    return masked


def converters(desk: Desk, scope: Scope, names: Iterable[str]) -> dict[str, tuple[Column, Convert]]:
    """Column name → column and converter, of the named columns."""
    wanted = set(names)
    return {column.name: (column, converter(column, scope)) for column in desk.taken if column.name in wanted}


def _cleared(column: Column) -> Any:
    if column.required or column.key:
        raise CellError(_("不能清空。要保留原来的，请把这一格空着。"))
    return CLEARED


type Step = tuple[str, Convert, int, Column]
"""A column's name, its converter, where its cell stands in a row, and the column."""


def convert_row(number: int, steps: Sequence[Step], cells: Cells) -> Row:
    """A row from its raw cells; blank cells stay out."""
    values: dict[str, Any] = {}
    errors: list[str] = []
    for name, convert, place, column in steps:
        try:
            cell = cells[place]
        except IndexError:
            continue
        if cell == "" or cell is None:
            continue
        try:
            value = convert(cell) if cell != CLEAR else _cleared(column)
        except CellError as error:
            if type(cell) is not str or clean(cell):
                errors.append(_("“%(heading)s”：%(error)s") % {"heading": column.heading, "error": error})
        else:
            if value != "":
                values[name] = value
    return Row(number, values, errors)


def convert_sheet(sheet: Sheet, desk: Desk, scope: Scope) -> Iterator[Row]:
    """Every row of the sheet that is not blank."""
    steps = [
        (name, convert, sheet.columns[name], column)
        for name, (column, convert) in converters(desk, scope, sheet.columns).items()
    ]
    merged = Merged(sheet, {place: column for _name, _convert, place, column in steps})
    for number, cells in sheet.data():
        row = convert_row(number, steps, merged.filled(number, cells) if number in merged.rows else cells)
        if not row.values and not row.errors:
            continue
        if number in merged.errors:
            row.errors.extend(merged.errors[number])
        yield row


class Merged:
    """Merged cells below the head: filled down where that is safe, else named in words, both counted by row."""

    def __init__(self, sheet: Sheet, columns: dict[int, Column]) -> None:
        self.values: dict[int, dict[int, tuple[int, int]]] = {}
        self.errors: dict[int, list[str]] = {}
        self.seen: dict[tuple[int, int], Any] = {}
        self.rows: set[int] = set()
        self.n_filled = 0
        for (top, left), (bottom, right) in sheet.grid.merged:
            if bottom < sheet.first:
                continue
            places = [place for place in columns if left <= place + sheet.grid.left <= right]
            if not places:
                continue
            if len(places) == 1 and columns[places[0]].fills_down and top >= sheet.first:
                self._fill(places[0], top, bottom)
            else:
                self._refuse(top, left, bottom, right)

    def _fill(self, place: int, top: int, bottom: int) -> None:
        self.n_filled += 1
        for row in range(top, bottom + 1):
            self.values.setdefault(row + 1, {})[place] = (top + 1, place)
            self.rows.add(row + 1)

    def _refuse(self, top: int, left: int, bottom: int, right: int) -> None:
        span = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
        words = _("%s 是合并的单元格，分不清是哪一行的。请取消合并，每一行都填上自己的内容。") % span
        for row in range(top, bottom + 1):
            self.errors.setdefault(row + 1, []).append(words)

    def filled(self, number: int, cells: Cells) -> Cells:
        """The row's cells with what the merged cells above them hold."""
        cells = list(cells)
        for place, first in self.values.get(number, {}).items():
            if first[0] == number:
                self.seen[first] = cells[place] if place < len(cells) else ""
            elif place < len(cells):
                cells[place] = self.seen.get(first, "")
        return cells


def cell_name(row: int, column: int) -> str:
    """A cell as spreadsheets name it, A1; row and column count from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
