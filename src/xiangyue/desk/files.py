"""An uploaded file is judged by what is in it, before anything reads it as a table."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO

from django.conf import settings

from xiangyue.base.problems import Problem
from xiangyue.desk import problems

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""Old Excel and WPS files, and every workbook with a password."""
ZIP = b"PK\x03\x04"
UNPACKED_MOST = 400 * 1024 * 1024
PARTS_MOST = 1_000
CHUNK = 1 << 20
# A filled cell in column AAA or further, or in row 300,000 or further: a reader would make room for all before it.
# Looked for by its address alone, which is quick; then judged whether it is a cell and holds anything.
_FAR = re.compile(rb'r="(?:[A-Z]{3,}[0-9]|[A-Z]{1,2}(?:[3-9][0-9]{5}|[0-9]{7}))')
_CELL = re.compile(rb'<c\b[^>]*\br="([A-Z]+[0-9]+)"[^>]*(?<!/)>')
_TAIL = 512


def judge(path: Path) -> str:
    """The kind of the file, xlsx or csv; a problem in words for everything else."""
    size = path.stat().st_size
    if size == 0:
        raise Problem(problems.FILE_EMPTY)
    if size > settings.IMPORT_MAX_BYTES:
        raise Problem(problems.FILE_TOO_BIG, size=size >> 20, most=settings.IMPORT_MAX_BYTES >> 20)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(OLE):
        raise Problem(problems.FILE_OLD)
    if head.startswith(ZIP):
        judge_workbook(path)
        return "xlsx"
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Problem(problems.FILE_UNKNOWN)
    if head.lstrip()[:5].lower() in (b"<html", b"<!doc", b"<?xml", b"%pdf-"):
        raise Problem(problems.FILE_UNKNOWN)
    return "csv"


def judge_workbook(path: Path) -> None:
    """Nothing for a workbook that can be read safely; a problem for a bomb, a far cell or another kind of archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise Problem(problems.FILE_UNKNOWN)
            if len(parts) > PARTS_MOST or sum(part.file_size for part in parts) > UNPACKED_MOST:
                raise Problem(problems.FILE_BOMB, most=UNPACKED_MOST >> 20)
            left = UNPACKED_MOST
            for part in parts:
                if part.filename.startswith("xl/") and part.filename.endswith(".xml"):
                    with archive.open(part) as stream:
                        left = _unpack(stream, left, look=part.filename.startswith("xl/worksheets/"))
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError) as error:
        raise Problem(problems.FILE_BROKEN) from error


def _unpack(stream: IO[bytes], left: int, *, look: bool) -> int:
    """What is left of the room after one part; what the archive says of its own sizes may be a lie."""
    tail = b""
    while chunk := stream.read(CHUNK):
        left -= len(chunk)
        if left < 0:
            raise Problem(problems.FILE_BOMB, most=UNPACKED_MOST >> 20)
        if look:
            text = tail + chunk
            for far in _FAR.finditer(text):
                start = text.rfind(b"<", 0, far.start())
                if start >= 0 and (cell := _CELL.match(text, start)):
                    raise Problem(problems.FILE_FAR, cell=cell[1].decode())
            tail = chunk[-_TAIL:]
    return left
