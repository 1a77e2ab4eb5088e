"""The letters of a sheet: one for each fault (or task), what a cell of them says, and the entries that it means."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xiangyue.base.cells import narrow
from xiangyue.rules.settings import Item, Layer, Standard
from xiangyue.rules.sheet import Entry

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without I and O, which look like digits."""
FINE = "."
"""A cell that was seen and is fine (or a visit without a task ticked); an empty one was not seen."""
TICKS = frozenset(".。√✓✔☑好0")
MOST_PLACES = 9
ONE = re.compile(r"([A-Z])([1-9]?)")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter stands for; `unit` empty: it is there or not, never counted."""

    letter: str
    words: str
    item: str = ""
    step: str = ""
    grade: str = ""
    unit: str = ""


def letters_of(standard: Standard) -> tuple[Letter, ...]:
    """The letters of a standard's faults, in its order; empty where it has more of them than the alphabet."""
    marks = [mark for item in standard.items for mark in _marks(item)]
    return _lettered(marks)


def letters_for(layer: Layer) -> tuple[Letter, ...]:
    """The letters of a layer's tasks."""
    return _lettered([Letter("", task.name, item=task.code) for task in layer.tasks])


def read_cell(text: str, letters: tuple[Letter, ...]) -> str:
    """The cell in its one form: empty, `.`, or letters in order, one for each place; ValueError in words."""
    typed = re.sub(r"[\s、,，;；+]", "", narrow(text)).upper()
    if not typed:
        return ""
    if set(typed) <= TICKS:
        return FINE
    known = {one.letter: one for one in letters}
    listed = f"A–{letters[-1].letter}" if letters else _("（没有）")
    counts: Counter[str] = Counter()
    if ONE.sub("", typed):
        words = _("看不懂“%(typed)s”，本表的字母是 %(listed)s，没问题的填√。")
        raise ValueError(words % {"typed": text.strip()[:20], "listed": listed})
    for letter, places in ONE.findall(typed):
        if letter not in known:
            words = _("本表没有字母“%(letter)s”，本表的字母是 %(listed)s。")
            raise ValueError(words % {"letter": letter, "listed": listed})
        counts[letter] += int(places or 1)
    if max(counts.values()) > MOST_PLACES:
        raise ValueError(_("一格里同一个字母最多 %d 处，更多的请在“录入检查”页录。") % MOST_PLACES)
    return "".join(one.letter * (counts[one.letter] if one.unit else min(counts[one.letter], 1)) for one in letters)


def entries_in(cell: str, letters: tuple[Letter, ...]) -> tuple[Entry, ...]:
    """The entries that a cell in its one form means."""
    counts = Counter(cell)
    found = []
    for one in letters:
        n = counts[one.letter]
        if n:
            found.append(
                Entry(one.item, one.step, n) if one.step
                else Entry(one.item, grade=one.grade) if one.grade
                else Entry(one.item, failed=True)
            )  # fmt: skip
    return tuple(found)


def tasks_in(cell: str, letters: tuple[Letter, ...]) -> list[str]:
    """The codes of the tasks that a cell of a visit sheet ticks."""
    return [one.item for one in letters if one.letter in cell]


def cell_of(entries: list[dict[str, object]], letters: tuple[Letter, ...]) -> str:
    """The cell that says these entries of a body on file."""
    by_key = {(one.item, one.step or one.grade): one.letter for one in letters}
    found: list[str] = []
    for entry in entries:
        letter = by_key.get((str(entry.get("item")), str(entry.get("step") or entry.get("grade") or "")))
        n = entry.get("n", 1)
        found.append((letter or "?") * (n if isinstance(n, int) else 1))
    return "".join(sorted("".join(found))) or FINE


def _lettered(marks: list[Letter]) -> tuple[Letter, ...]:
    if len(marks) > len(ALPHABET):
        return ()
    return tuple(
        Letter(letter, mark.words, mark.item, mark.step, mark.grade, mark.unit)
        for letter, mark in zip(ALPHABET, marks, strict=False)
    )


def _marks(item: Item) -> list[Letter]:
    if item.kind == "deduct":
        return [
            Letter("", step.name, item.code, step.code, unit="" if step.all else step.unit or _("处"))
            for step in item.steps
        ]
    if item.kind == "grade":
        best = max(grade.points for grade in item.grades)
        return [
            Letter("", f"{item.fault or item.name}：{grade.name}", item.code, grade=grade.code)
            for grade in item.grades
            if grade.points < best
        ]
    return [Letter("", item.fault or item.name, item.code)] if item.kind in ("pass", "zero") else []
