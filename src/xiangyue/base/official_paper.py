"""A Word document in the measures of Chinese official papers (GB/T 9704): A4, its margins, type sizes and fixed line.

The library takes a while to load: import this only when a document is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

BODY, HEAD, TITLE = "仿宋", "黑体", "宋体"
LINE = Pt(28)
"""The fixed line of GB/T 9704: 22 lines a page."""
SMALL_LINE = Pt(20)


class OfficialPaper:
    """A document that is written from its title down."""

    def __init__(self) -> None:
        self.file: Any = Document()
        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
        section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)

    def title(self, words: str) -> None:
        """The title, centred, with an empty line after it."""
        shape = self._paragraph(words, TITLE, Pt(22), bold=True)
        shape.alignment, shape.space_after = WD_ALIGN_PARAGRAPH.CENTER, LINE

    def centred(self, words: str) -> None:
        """A line in the middle, such as the number of the paper."""
        self._paragraph(words, BODY, Pt(16)).alignment = WD_ALIGN_PARAGRAPH.CENTER

    def heading(self, words: str) -> None:
        """The heading of a part."""
        self._paragraph(words, HEAD, Pt(16)).first_line_indent = Pt(32)

    def body(self, words: str) -> None:
        """A paragraph."""
        self._paragraph(words, BODY, Pt(16)).first_line_indent = Pt(32)

    def signed(self, words: str) -> None:
        """A line at the right: who, and the day."""
        self._paragraph(words, BODY, Pt(16)).alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def table(self, caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table with its caption over it; the first column at the left, the others in the middle."""
        if caption:
            shape = self._paragraph(caption, HEAD, Pt(14))
            shape.alignment, shape.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
        made = self.file.add_table(rows=1, cols=len(heads), style="Table Grid")
        _repeated(made.rows[0])
        lines = [made.rows[0].cells, *(made.add_row().cells for _row in rows)]
        for at, (cells, texts) in enumerate(zip(lines, [heads, *rows], strict=True)):
            for column, (cell, text) in enumerate(zip(cells, texts, strict=True)):
                paragraph = cell.paragraphs[0]
                shape = paragraph.paragraph_format
                shape.line_spacing, shape.space_after = SMALL_LINE, Pt(0)
                if column or not at:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                _run(paragraph, text, BODY if at else HEAD, Pt(12), bold=False)
        self._paragraph("", BODY, Pt(10))

    def saved(self, title: str, author: str, at: datetime) -> bytes:
        """The document's bytes; its properties tell the ground and the day, never the machine."""
        # the library writes its own template's author and today's time otherwise
        told = self.file.core_properties
        told.title, told.author, told.comments, told.language = title, author, "", "zh-CN"
        told.created = told.modified = at.astimezone(UTC).replace(tzinfo=None)
        held = BytesIO()
        self.file.save(held)
        return held.getvalue()

    def _paragraph(self, words: str, font: str, size: Any, *, bold: bool = False) -> Any:
        paragraph = self.file.add_paragraph()
        shape = paragraph.paragraph_format
        shape.line_spacing, shape.space_after = LINE, Pt(0)
        _run(paragraph, words, font, size, bold=bold)
        return shape


def _run(paragraph: Any, words: str, font: str, size: Any, *, bold: bool) -> None:
    run = paragraph.add_run(words)
    run.font.name, run.font.size, run.bold = font, size, bold
    # Word takes the font of Chinese signs from an attribute of its own
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _repeated(row: Any) -> None:
    """The head of a table stands again on each page."""
    told = row._tr.get_or_add_trPr()
    told.append(told.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
