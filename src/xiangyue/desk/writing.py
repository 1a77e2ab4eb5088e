"""Workbooks and CSV files going out: exports, templates, and the bad rows of an import with what to do about them."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.desk.declaration import Column, Desk, Kind
from xiangyue.desk.reading import ERROR_HEADING, ROW_HEADING, Sheet

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these would be run by a spreadsheet that opens a CSV file."""
TEMPLATE_ROWS = 5_000
LISTED_MOST = 250
"""A list of choices inside a cell's rule may have so many characters."""
SHEET_NAME_MOST = 31


def words_of(value: Any) -> Any:
    """A value as a sheet shows it: days as days, yes as 是, numbers as numbers, the rest as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, int | float | date):
        return value
    return str(value)


def cell_maker(column: Column) -> Callable[[Any], Any]:
    """From the value on file to the cell of an export."""
    if column.choices:
        labels = {value: str(label) if value != "" else "" for value, label in column.choices}
        return lambda value: labels.get(value, words_of(value))
    return words_of


def harmless(cell: Any) -> Any:
    """A CSV cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    return cell


class _Echo:
    def write(self, line: str) -> str:
        """The line itself, for streaming."""
        return line


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A CSV file line by line, with the mark that tells spreadsheets it is UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(headings)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def safe_sheet_name(title: str) -> str:
    """The title as spreadsheets allow it for a sheet."""
    return "".join(" " if mark in "[]:*?/\\'" else mark for mark in title)[:SHEET_NAME_MOST].strip() or "Sheet1"


class Book:
    """A workbook of one or more sheets, written row by row; strings are always text, never formulas."""

    def __init__(self) -> None:
        import xlsxwriter

        self.file: IO[bytes] = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  # handed on, closed by who sends it
        self.book = xlsxwriter.Workbook(
            self.file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": "yyyy-mm-dd",
            },
        )
        # No time of writing inside: the same rows give the same file.
        self.book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001  # the file knows no zone
        self.head = self.book.add_format(
            {"bold": True, "bg_color": "#E7F0E9", "border": 1, "border_color": "#B9B19F", "valign": "vcenter"}
        )
        self.must = self.book.add_format(
            {"bold": True, "bg_color": "#F9EAE5", "border": 1, "border_color": "#B9B19F", "valign": "vcenter"}
        )
        self.text = self.book.add_format({"num_format": "@"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.instant = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.wrong = self.book.add_format({"font_color": "#B23A2E", "text_wrap": True, "valign": "top"})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})

    def sheet(self, title: str, widths: Sequence[int], formats: Sequence[Any] = ()) -> Any:
        """A new sheet with a frozen head row."""
        sheet = self.book.add_worksheet(safe_sheet_name(title))
        sheet.freeze_panes(1, 0)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width, formats[place] if place < len(formats) else None)
        return sheet

    def put(self, sheet: Any, row: int, place: int, cell: Any, form: Any = None) -> None:
        """One cell by its type."""
        if cell == "" or cell is None:
            return
        if isinstance(cell, bool):
            sheet.write_boolean(row, place, cell, form)
        elif isinstance(cell, datetime):
            sheet.write_datetime(row, place, cell, form or self.instant)
        elif isinstance(cell, date):
            sheet.write_datetime(row, place, cell, form or self.day)
        elif isinstance(cell, int | float):
            if isinstance(cell, float) and cell.is_integer() and abs(cell) >= 1e10:
                sheet.write_string(row, place, str(int(cell)), self.text)
            else:
                sheet.write_number(row, place, cell, form)
        else:
            sheet.write_string(row, place, str(cell)[:32_767], form)

    def done(self) -> IO[bytes]:
        """The finished file, at its beginning."""
        self.book.close()
        self.file.seek(0)
        return self.file


def width_of(column: Column) -> int:
    """How wide a column is on the sheet."""
    wide = {Kind.DATE: 12, Kind.WHOLE: 9, Kind.YES: 8, Kind.CHOICE: 12, Kind.PHONE: 15, Kind.CODE: 24}
    return max(wide.get(column.kind, 16), 2 * len(str(column.heading)) + 3)


def export_book(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> IO[bytes]:
    """A workbook of plain rows."""
    book = Book()
    sheet = book.sheet(title, widths)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, book.head)
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            form = book.text if isinstance(cell, str) else None
            book.put(sheet, number, place, cell, form)
    return book.done()


def template_book(desk: Desk) -> IO[bytes]:
    """An empty workbook to fill in: headings, choices in the cells, and a sheet that explains every column."""
    book = Book()
    columns = desk.taken
    texts = (Kind.CODE, Kind.PHONE, Kind.TEXT, Kind.REF)
    forms = [
        book.text if column.kind in texts else book.day if column.kind == Kind.DATE else None for column in columns
    ]
    sheet = book.sheet(str(desk.title), [width_of(column) for column in columns], forms)
    sheet.set_row(0, 24)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, heading_of(column), book.must if column.required else book.head)
        _validate(sheet, place, column)
    _explain(book, desk)
    return book.done()


def heading_of(column: Column) -> str:
    """The heading on the template: a star marks what must be filled in."""
    return f"{column.heading}*" if column.required else str(column.heading)


def _validate(sheet: Any, place: int, column: Column) -> None:
    pairs = (
        column.choices
        if column.kind == Kind.CHOICE
        else (("", _("是")), ("", _("否")))
        if column.kind == Kind.YES
        else ()
    )
    labels = [str(label) for _value, label in pairs]
    if labels and len(",".join(labels)) <= LISTED_MOST:
        sheet.data_validation(
            1, place, TEMPLATE_ROWS, place,
            {
                "validate": "list", "source": labels, "error_title": _("请从列表里选"),
                "error_message": _("这一格只能填列表里的内容。"),
            },
        )  # fmt: skip
    elif column.note or column.example:
        words = " ".join(filter(None, [str(column.note), _("例：%s") % column.example if column.example else ""]))
        sheet.data_validation(
            1, place, TEMPLATE_ROWS, place,
            {"validate": "any", "input_title": str(column.heading)[:32], "input_message": words[:255]},
        )  # fmt: skip


def _explain(book: Book, desk: Desk) -> None:
    sheet = book.sheet(_("填写说明"), [20, 8, 60, 26])
    for place, heading in enumerate((_("列"), _("必填"), _("怎么填"), _("例"))):
        sheet.write_string(0, place, heading, book.head)
    for number, column in enumerate(desk.taken, 1):
        words = " ".join(filter(None, [str(column.note), how_to_fill(column)]))
        row = (str(column.heading), _("是") if column.required else "", words, column.example)
        for place, cell in enumerate(row):
            book.put(sheet, number, place, cell, book.wrap)
    notes = (
        _("空着的格子：原来登记的不动；要清掉原来的内容，请填“清空”。"),
        _("编码、电话按文本填写，不要让 Excel 变成科学记数。"),
        _("不要合并单元格；列的次序可以变，多出来的列不读。"),
        _("上传后先看检查结果，确认了才会写入。"),
    )
    for number, note in enumerate(notes, len(desk.taken) + 2):
        book.put(sheet, number, 0, note)


def how_to_fill(column: Column) -> str:
    """What the kind of a column says about filling it in."""
    if column.kind == Kind.CHOICE:
        return _("填其中之一：%s。") % "、".join(str(label) for value, label in column.choices if value != "")
    if column.kind == Kind.REF and column.ref:
        return _("填%s的编码；名称不重复时也可填名称。") % column.ref.what
    words = {
        Kind.DATE: _("日期，如 2026-11-21。"),
        Kind.WHOLE: _("整数，不带单位。"),
        Kind.YES: _("填“是”或“否”。"),
        Kind.PHONE: _("手机号，或带区号的座机号。"),
    }
    return words.get(column.kind, "")


def bad_book(sheet: Sheet, errors: dict[int, list[str]]) -> IO[bytes]:
    """The bad rows of a sheet as they were, each with its number and what to do."""
    book = Book()
    kept = [
        place for place, heading in enumerate(sheet.headings) if heading.strip() not in (ERROR_HEADING, ROW_HEADING)
    ]
    out = book.sheet(sheet.grid.name, [16] * len(kept) + [80, 9])
    headings = [sheet.headings[place] for place in kept] + [ERROR_HEADING, ROW_HEADING]
    for place, heading in enumerate(headings):
        out.write_string(0, place, heading, book.must if heading == ERROR_HEADING else book.head)
    line = 0
    for number, cells in sheet.data():
        if number not in errors:
            continue
        line += 1
        for place, source in enumerate(kept):
            cell = cells[source] if source < len(cells) else ""
            book.put(out, line, place, cell, book.text if isinstance(cell, str) else None)
        out.write_string(line, len(kept), "\n".join(errors[number])[:32_000], book.wrong)
        out.write_number(line, len(kept) + 1, number)
    return book.done()
