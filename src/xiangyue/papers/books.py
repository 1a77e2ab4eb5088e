"""A sheet as a workbook: its number in it, a row a line, a column a day; read back, every bad row says what to do."""

from __future__ import annotations

import io
from datetime import date
from typing import IO, Any

from django.utils.translation import gettext as _

from xiangyue.base.problems import Problem
from xiangyue.desk.writing import Book
from xiangyue.papers.letters import FINE
from xiangyue.papers.numbers import read_number, shown
from xiangyue.papers.problems import BAD_FILE
from xiangyue.papers.saying import days_words
from xiangyue.papers.units import Layout, filled_in

LEGEND, HEAD = 2, 3
FIRST_DAY = 3
"""Columns before the first day: number, code, household."""
MOST_BYTES = 2_000_000
MOST_WRONG = 200


def write(layout: Layout) -> IO[bytes]:
    """The workbook of a sheet, empty cells to be filled with √ or letters."""
    sheet, book = layout.sheet, Book()
    days = [_("%s日") % day.day for day in sheet.days]
    widths = [6, 24, 22, *[7] * len(days), 40]
    page = book.sheet(_("录入"), widths, [book.text] * (len(widths)))
    book.put(page, 0, 0, _("表号"), book.head)
    book.put(page, 0, 1, sheet.number, book.text)
    book.put(page, 1, 0, _("表名"), book.head)
    book.put(page, 1, 1, f"{sheet.title} {sheet.person.name if sheet.person else ''} {days_words(sheet)}")
    letters = "　".join(f"{one.letter} {one.words}" for one in layout.letters)
    book.put(page, LEGEND, 0, _("填法"), book.head)
    book.put(page, LEGEND, 1, _("没问题填√，有问题填字母（两处写两遍，如 AA），没查空着。%s") % letters)
    heads = [_("序号"), _("编码"), _("名称"), *days, *([_("诉求")] if layout.with_wishes else [])]
    for place, heading in enumerate(heads):
        book.put(page, HEAD, place, heading, book.head)
    for line in layout.lines:
        for place, cell in enumerate((line.n, line.code, line.label)):
            book.put(page, HEAD + line.n, place, cell)
    return book.done()


def read(upload: Any, layout: Layout, today: date) -> tuple[dict[str, Any], list[str]]:
    """(What the cells say, as the page sends it; what is wrong, row by row); a Problem for a file that is not the sheet's."""
    rows = _rows(upload)
    _hold_number(rows, layout)
    head = [str(cell).strip() for cell in rows[HEAD]] if len(rows) > HEAD else []
    days = {_("%s日") % day.day: offset for offset, day in enumerate(layout.sheet.days)}
    places = {place: days[heading] for place, heading in enumerate(head) if heading in days}
    if not places:
        raise Problem(BAD_FILE, what=_("第 4 行没有日期的表头"))
    wishes = next((place for place, heading in enumerate(head) if heading == _("诉求")), None)
    lines = {line.code: line.n for line in layout.lines}
    sent: dict[str, Any] = {"cells": {}, "wishes": {}}
    wrong: list[str] = []
    for number, row in enumerate(rows[HEAD + 1 :], HEAD + 2):
        code = str(row[1]).strip() if len(row) > 1 else ""
        filled = {
            offset: _text(row[place]) for place, offset in places.items() if place < len(row) and _text(row[place])
        }
        if not code and not filled:
            continue
        if code not in lines:
            wrong.append(
                _("第 %(n)d 行：这张表里没有编码“%(code)s”。请用本表下载的文件，不要改编码。")
                % {"n": number, "code": code}
            )
            continue
        n = lines[code]
        if wishes is not None and wishes < len(row) and _text(row[wishes]):
            sent["wishes"][str(n)] = _text(row[wishes])
        for offset, text in filled.items():
            cell, words = _read_cell(layout, n, offset, text, today)
            sent["cells"].setdefault(str(offset), {})[str(n)] = cell
            if words:
                wrong.append(_("第 %(n)d 行：%(words)s") % {"n": number, "words": words})
    if not sent["cells"]:
        wrong.append(_("表格里还没有填任何一格。请按第 3 行的填法填好再交。"))
    return sent, wrong[:MOST_WRONG]


def _read_cell(layout: Layout, n: int, offset: int, text: str, today: date) -> tuple[str, str]:
    try:
        found = filled_in(layout, {"cells": {str(offset): {str(n): text}}}, today)
    except Problem as problem:
        return "", str(problem)
    return found.cells[offset][n], ""


def _hold_number(rows: list[list[Any]], layout: Layout) -> None:
    typed = str(rows[0][1]).strip() if rows and len(rows[0]) > 1 else ""
    if read_number(typed) != layout.sheet.pk:
        words = _("里面的表号是 %(other)s，不是 %(this)s")
        raise Problem(BAD_FILE, what=words % {"other": shown(typed), "this": layout.sheet.shown})


def _rows(upload: Any) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook

    if upload is None:
        raise Problem(BAD_FILE, what=_("没有选文件"))
    if upload.size > MOST_BYTES:
        raise Problem(BAD_FILE, what=_("文件太大"))
    try:
        page = CalamineWorkbook.from_filelike(io.BytesIO(upload.read())).get_sheet_by_index(0)
        return page.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError):
        raise Problem(BAD_FILE, what=_("它不是 Excel 文件，或已损坏")) from None


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return FINE if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
