"""A commendation as a Word document: title, paragraphs, headings, in the measures of Chinese official papers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

if TYPE_CHECKING:
    from xiangyue.rewards.award_models import AwardList

HEADING = re.compile(rf"^[{'一二三四五六七八九十百'}]+、")
BODY, HEAD, TITLE = "仿宋", "黑体", "宋体"
LINE = Pt(28)
"""The fixed line of GB/T 9704: 22 lines a page."""


def document(row: AwardList) -> bytes:
    """The text of a commendation as .docx."""
    file = Document()
    _page(file)
    title, *paragraphs = [part.strip() for part in row.text.split("\n") if part.strip()] or [row.name]
    _add(file, title, TITLE, Pt(22), centred=True)
    for words in paragraphs:
        _add(file, words, HEAD if HEADING.match(words) else BODY, Pt(16))
    # the library writes its own template's author and today's time otherwise
    told = file.core_properties
    told.title, told.author, told.comments, told.language = title, row.ground.name, "", "zh-CN"
    told.created = told.modified = _naive(row.approved_at or row.made_at)
    held = BytesIO()
    file.save(held)
    return held.getvalue()


def _page(file: Any) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)


def _add(file: Any, words: str, font: str, size: Any, *, centred: bool = False) -> None:
    paragraph = file.add_paragraph()
    shape = paragraph.paragraph_format
    shape.line_spacing, shape.space_after = LINE, Pt(0)
    if centred:
        paragraph.alignment, shape.space_after = WD_ALIGN_PARAGRAPH.CENTER, LINE
    else:
        shape.first_line_indent = size * 2
    run = paragraph.add_run(words)
    run.font.name, run.font.size, run.bold = font, size, centred
    # Word takes the font of Chinese signs from an attribute of its own
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)
