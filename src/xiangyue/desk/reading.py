"""From a workbook or CSV file to rows: the right sheet and head row are found by the headings."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from xiangyue.base.cells import narrow
from xiangyue.base.problems import Problem
from xiangyue.desk import problems
from xiangyue.desk.declaration import Column, Desk

HEAD_WITHIN = 30
"""The head row is looked for in this many rows from the top."""
ERROR_HEADING = "错误说明"
ROW_HEADING = "原行号"
OURS = frozenset({ERROR_HEADING, ROW_HEADING})
type Span = tuple[tuple[int, int], tuple[int, int]]
type Cells = list[Any]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as it lies in the file; rows and columns count from 0."""

    name: str
    rows: Callable[[], Iterator[Cells]]
    """All rows from row 0, each from column `left`."""
    n_rows: int
    left: int = 0
    merged: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet that holds the desk's rows."""

    grid: Grid
    headings: tuple[str, ...]
    """As they stand, of every column of the sheet."""
    first: int
    """The first row of data, counted from 0."""
    columns: dict[str, int]
    """Column name → place in a row's cells."""
    warnings: list[str] = field(default_factory=list)

    def data(self) -> Iterator[tuple[int, Cells]]:
        """Number (as the person sees it) and cells of every row below the head."""
        return enumerate(itertools.islice(self.grid.rows(), self.first, None), self.first + 1)


def open_sheet(path: Path, kind: str, desk: Desk) -> Sheet:
    """The sheet with the desk's headings; a problem that names what was found and what was expected."""
    grids = workbook_grids(path) if kind == "xlsx" else [csv_grid(path)]
    best: tuple[int, int, Grid, list[Cells]] | None = None
    for grid in grids:
        top = list(itertools.islice(grid.rows(), HEAD_WITHIN))
        for number, cells in enumerate(top):
            hits = len(set(_places(desk, [str(cell) for cell in cells])))
            if hits and (best is None or hits > best[0]):
                best = (hits, number, grid, top)
    if best is None or best[0] < min(2, len(desk.taken)):
        raise Problem(
            problems.SHEET_NOT_FOUND,
            title=desk.title,
            sheets="、".join(grid.name for grid in grids) or _("（没有）"),
            headings="、".join(str(column.heading) for column in desk.taken),
        )
    _hits, number, grid, top = best
    sheet = _headed(desk, grid, top, number)
    if len(grids) > 1:
        sheet.warnings.append(_("只读取工作表“%s”，其余工作表没有读。") % grid.name)
    return sheet


def _headed(desk: Desk, grid: Grid, top: list[Cells], number: int) -> Sheet:
    below = max([number, *(last[0] for first, last in grid.merged if first[0] == number and last[0] < HEAD_WITHIN)])
    headings = [str(cell) for cell in top[number]]
    known = _places(desk, headings)
    for lower in range(number + 1, min(below, len(top) - 1) + 1):
        found = _places(desk, [str(cell) for cell in top[lower]])
        known |= {name: place for name, place in found.items() if name not in known}
        for place in found.values():
            headings[place] = str(top[lower][place])
    sheet = Sheet(grid, tuple(headings), below + 1, known)
    missing = [str(column.heading) for column in desk.taken if column.required and column.name not in known]
    if missing:
        raise Problem(problems.COLUMNS_MISSING, sheet=grid.name, row=number + 1, missing="、".join(missing))
    _no_twins(desk, sheet)
    shown_only = {heading_key(str(column.heading)) for column in desk.columns if column.shown_only}
    strange = [
        heading
        for place, heading in enumerate(headings)
        if heading.strip() and place not in known.values() and heading_key(heading) not in OURS | shown_only
    ]
    if strange:
        sheet.warnings.append(_("这些列不认识，没有读：%s。") % "、".join(strange[:12]))
    if grid.n_rows - sheet.first > settings.IMPORT_MAX_ROWS:
        raise Problem(problems.TOO_MANY_ROWS, rows=grid.n_rows - sheet.first, most=settings.IMPORT_MAX_ROWS)
    return sheet


def _no_twins(desk: Desk, sheet: Sheet) -> None:
    keys = [heading_key(heading) for heading in sheet.headings]
    for name, place in sheet.columns.items():
        twins = [other for other, key in enumerate(keys) if key == keys[place]]
        if len(twins) > 1 and any(column.name == name for column in desk.taken):
            raise Problem(
                problems.COLUMN_TWICE,
                sheet=sheet.grid.name,
                heading=sheet.headings[place].strip(),
                first=twins[0] + 1,
                second=twins[1] + 1,
            )


_REMARK = re.compile(r"[(\[【].*?[)\]】]$")


def heading_key(heading: str) -> str:
    """A heading as it is compared: no spaces, no star, no remark in brackets at its end."""
    return _REMARK.sub("", narrow(heading).replace("*", "")).lower()


def known_headings(column: Column) -> tuple[str, ...]:
    """The forms under which a column's heading is known."""
    return tuple(heading_key(str(heading)) for heading in (column.heading, *column.aliases))


def _places(desk: Desk, headings: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(heading_key(heading), place)
    found: dict[str, int] = {}
    for column in desk.taken:
        at = next((places[key] for key in known_headings(column) if key in places), None)
        if at is not None and at not in found.values():
            found[column.name] = at
    return found


def workbook_grids(path: Path) -> list[Grid]:
    """The visible and hidden sheets of a workbook."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [
            book.get_sheet_by_name(meta.name) for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise Problem(problems.FILE_BROKEN) from error
    return [
        Grid(
            sheet.name,
            sheet.iter_rows,
            sheet.end[0] + 1 if sheet.end else 0,
            sheet.start[1] if sheet.start else 0,
            tuple(sheet.merged_cell_ranges or ()),
        )
        for sheet in sheets
    ]


def csv_grid(path: Path) -> Grid:
    """A CSV file as a sheet; its coding is found by reading it whole, a line at a time."""
    coding, lines = _coding(path)
    with path.open(encoding=coding, newline="") as file:
        head = file.readline()
    mark = max(",\t;", key=head.count)

    def rows() -> Iterator[Cells]:
        with path.open(encoding=coding, newline="") as file:
            try:
                yield from csv.reader(file, delimiter=mark)
            except csv.Error as error:
                raise Problem(problems.FILE_BROKEN) from error

    return Grid(path.stem if len(path.stem) < 32 else "CSV", rows, lines)


def _coding(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        start = file.read(4)
    codings = ["utf-16"] if start[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for coding in codings:
        try:
            with path.open(encoding=coding, newline="") as file:
                lines = 0
                for line in file:
                    lines += 1
                    if "\0" in line:
                        raise Problem(problems.FILE_UNKNOWN)
                return coding, lines
        except UnicodeDecodeError:
            continue
    raise Problem(problems.CSV_CODING)
