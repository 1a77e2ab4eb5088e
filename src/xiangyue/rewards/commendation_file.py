"""A commendation as a Word document: title, paragraphs, headings, in the measures of Chinese official papers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xiangyue.base.official_paper import OfficialPaper

if TYPE_CHECKING:
    from xiangyue.rewards.award_models import AwardList

HEADING = re.compile(rf"^[{'一二三四五六七八九十百'}]+、")


def document(row: AwardList) -> bytes:
    """The text of a commendation as .docx."""
    paper = OfficialPaper()
    title, *paragraphs = [part.strip() for part in row.text.split("\n") if part.strip()] or [row.name]
    paper.title(title)
    for words in paragraphs:
        write = paper.heading if HEADING.match(words) else paper.body
        write(words)
    return paper.saved(title, row.ground.name, row.approved_at or row.made_at)
