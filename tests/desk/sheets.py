"""Workbooks made by hand for the tests of imports, and an import from upload to end in one call."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils import timezone
from python_calamine import CalamineWorkbook

from xiangyue.base.worker import work_off
from xiangyue.desk import jobs
from xiangyue.desk.files import judge
from xiangyue.desk.models import Import

HOUSEHOLD = ("所在村", "屯(组)", "农户编码", "门牌", "户主姓名", "联系电话", "人口数", "状态", "状态起始日", "备注")


def workbook(
    path: Path, rows: Iterable[Sequence[Any]], *, sheet: str = "农户", merged: Sequence[tuple[str, Any]] = ()
) -> Path:
    """A workbook of one sheet; strings as text, numbers as numbers; `merged` are ("A2:A4", value)."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell is not None:
                page.write(number, place, cell)
    for span, cell in merged:
        page.merge_range(span, cell)
    book.close()
    return path


def upload(user: Any, desk: str, file: Path) -> Import:
    """An import of the file as the upload page makes it, its dry run queued."""
    run = Import(desk=desk, file_name=file.name, kind=judge(file), uploaded_by=user, uploaded_at=timezone.now())
    run.folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, run.file)
    run.save()
    jobs.start_check(run)
    return run


def look(user: Any, desk: str, file: Path) -> Import:
    """The import after its dry run."""
    run = upload(user, desk, file)
    work_off()
    run.refresh_from_db()
    return run


def confirm(run: Import, mode: str = "all") -> Import:
    """The import after it was confirmed and done."""
    run.state, run.mode = Import.State.APPLYING, mode
    jobs.start_apply(run)
    work_off()
    run.refresh_from_db()
    return run


def take_in(user: Any, desk: str, file: Path, mode: str = "all") -> Import:
    """Upload, dry run, confirmation, import."""
    return confirm(look(user, desk, file), mode)


def errors(run: Import) -> dict[int, str]:
    """Row number → what is wrong with it, of the rows the page shows."""
    return {row["number"]: " ".join(row["errors"]) for row in run.found["rows"]["bad"]}


def read(file: Any, sheet: int = 0) -> list[list[Any]]:
    """All cells of a workbook's sheet."""
    found = CalamineWorkbook.from_object(file).get_sheet_by_index(sheet)
    return [list(row) for row in found.to_python()]
