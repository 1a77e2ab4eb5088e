"""A bulletin as a Word document: number, title, words, sections with their tables, who and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.official_paper import OfficialPaper
from xiangyue.standings.bulletins.models import Bulletin

NUMERALS = "一二三四五六七八九十"


def document(row: Bulletin, told: Mapping[str, Any]) -> bytes:
    """The bulletin as .docx; a draft says that it is one."""
    paper = OfficialPaper()
    paper.title(row.title)
    paper.centred(row.numbered or _("（草稿，未印发）"))
    for words in said_of(row):
        paper.body(words)
    for at, section in enumerate(told["sections"]):
        paper.heading(f"{NUMERALS[at]}、{section['title']}")
        for words in section["words"]:
            paper.body(words)
        for table in section["tables"]:
            paper.table(table["caption"], table["heads"], table["rows"])
    for words in row.closing.split("\n"):
        paper.body(words)
    on = timezone.localtime(row.issued_at or row.made_at)
    paper.signed(told["place"]["name"])
    paper.signed(_("%(y)s年%(m)s月%(d)s日") % {"y": on.year, "m": on.month, "d": on.day})
    if row.digest:
        paper.body(_("核对码：%s") % row.digest[:16])
    return paper.saved(row.title, told["place"]["name"], row.issued_at or row.made_at)


def said_of(row: Bulletin) -> list[str]:
    """What stands before the sections: whether it was withdrawn, what it replaces, the opening words."""
    found = []
    if row.state == Bulletin.State.WITHDRAWN:
        found.append(_("（本期已撤回：%s）") % row.end_reason)
    if row.state == Bulletin.State.SUPERSEDED:
        found.append(_("（本期已被新一期替代）"))
    if row.replaces:
        found.append(
            _("本期替代%(number)s，原因：%(why)s。") % {"number": row.replaces.numbered, "why": row.reason.rstrip("。")}
        )
    return [*found, *row.opening.split("\n")]
