"""How sheets are called on pages: their states, their days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiangyue.papers.models import Sheet


@dataclass(frozen=True, slots=True)
class State:
    """A state of a sheet in words, and its badge."""

    words: Any
    badge: str


STATES: dict[str, State] = {
    "printed": State(_("在外"), "running"),
    "missing": State(_("没交回"), "due"),
    "typed": State(_("已录入"), "done"),
    "cancelled": State(_("作废"), "ended"),
}


def days_words(sheet: Sheet) -> str:
    """2026年11月, or the days."""
    first, last = sheet.from_on, sheet.to_on
    if first == last:
        return f"{first.year}年{first.month}月{first.day}日"
    if first.day == 1 and first.month == last.month and last.day >= 28:
        return f"{first.year}年{first.month}月"
    return f"{first.year}年{first.month}月{first.day}日—{last.month}月{last.day}日"
