"""An uploaded file is judged by its content: old formats, bombs, far cells and things that are no tables are refused."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from xiangyue.base.problems import Problem
from xiangyue.desk import files
from xiangyue.desk.files import judge


def refused(file: Path) -> str:
    """The code of the problem that the file raises."""
    with pytest.raises(Problem) as raised:
        judge(file)
    assert raised.value.words
    assert raised.value.mend
    return raised.value.kind.code


def put(file: Path, content: bytes) -> Path:
    """A file with that content."""
    file.write_bytes(content)
    return file


def far(file: Path, row: int, column: int, value: Any) -> Path:
    """A workbook with one cell far out."""
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "门牌")
    sheet.write(row, column, value, book.add_format({"bold": True}))
    book.close()
    return file


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "file_old"),
        (b"PK\x03\x04 torn", "file_broken"),
        (b"%PDF-1.7\n", "file_unknown"),
        (b"<html><table></table>", "file_unknown"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file_unknown"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, code: str, tmp_path: Path) -> None:
    assert refused(put(tmp_path / "x.xlsx", content)) == code


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    assert judge(put(tmp_path / "x.xlsx", "门牌,户主\n1号,甲\n".encode())) == "csv"
    assert judge(far(tmp_path / "x.csv", 1, 1, "甲")) == "xlsx"


def test_another_archive_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refused(tmp_path / "x.xlsx") == "file_unknown"


def test_a_bomb_is_refused_whatever_it_says_of_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "UNPACKED_MOST", 3 << 20)
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (4 << 20))
    assert refused(tmp_path / "x.xlsx") == "file_bomb"
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lambda self: [_small(part) for part in self.filelist])
    assert refused(tmp_path / "x.xlsx") in {"file_bomb", "file_broken"}


def _small(part: zipfile.ZipInfo) -> zipfile.ZipInfo:
    part.file_size = 10
    return part


@pytest.mark.parametrize(("row", "column"), [(1_048_575, 0), (400_000, 3), (2, 16_383)])
def test_a_filled_cell_far_out_is_refused_and_a_blank_one_is_not(row: int, column: int, tmp_path: Path) -> None:
    assert refused(far(tmp_path / "x.xlsx", row, column, "x")) == "file_far"
    assert judge(far(tmp_path / "y.xlsx", row, column, "")) == "xlsx"


def test_too_big_a_file_is_refused(tmp_path: Path, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 100
    assert refused(put(tmp_path / "x.csv", b"a," * 200)) == "file_too_big"
