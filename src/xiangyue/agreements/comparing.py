"""Two versions of a scheme side by side, sentence by sentence: only what differs is listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from django.utils.translation import gettext as _

from xiangyue.agreements.document import Document, Part, document
from xiangyue.rules.settings import Scheme

type Texts = dict[str, tuple[str, tuple[str, ...]]]
"""Key of a row → what it is called and its sentences."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A sentence before and after; an empty one is not there."""

    old: str
    new: str

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.old != self.new


@dataclass(frozen=True, slots=True)
class Compared:
    """A row that differs, with its sentences side by side."""

    what: Literal["added", "removed", "changed"]
    title: str
    lines: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class ComparedSection:
    """The rows of a section that differ, and whether those that stayed changed their order."""

    title: str
    rows: tuple[Compared, ...]
    moved: bool = False


def side_by_side(old: Scheme, new: Scheme) -> tuple[ComparedSection, ...]:
    """The sections in which the two differ; none when they say the same."""
    before, after = _sections(document(old, sensible=False)), _sections(document(new, sensible=False))
    head = _compared(_("方案"), _head(old), _head(new))
    names = [*after, *(name for name in before if name not in after)]
    found = [head, *(_compared(name, before.get(name, {}), after.get(name, {})) for name in names)]
    return tuple(section for section in found if section.rows or section.moved)


def _head(scheme: Scheme) -> Texts:
    narrows = (_("收紧方案：%s") % scheme.narrows,) if scheme.narrows else ()
    return {"": (_("名称和性质"), (scheme.name, scheme.standing or _("正式文本"), *narrows))}


def _sections(page: Document) -> dict[str, Texts]:
    return {section.title: dict(_texts(section.parts)) for section in page.sections}


def _texts(parts: tuple[Part, ...]) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    for part in parts:
        yield part.key, (part.name, (part.name, *part.said))
        for area in part.areas:
            for line in area.items:
                title = f"{part.name} › {area.name} › {line.item.name}"
                yield f"{part.key}/{line.item.code}", (title, (line.item.name, area.name, *line.said, *line.steps))


def _compared(title: str, old: Texts, new: Texts) -> ComparedSection:
    rows: list[Compared] = []
    for key, (name, lines) in new.items():
        before = old.get(key)
        if before is None:
            rows.append(Compared("added", name, tuple(Beside("", line) for line in lines)))
        elif before[1] != lines:
            rows.append(Compared("changed", name, tuple(_aligned(before[1], lines))))
    gone = [(name, lines) for key, (name, lines) in old.items() if key not in new]
    rows += [Compared("removed", name, tuple(Beside(line, "") for line in lines)) for name, lines in gone]
    return ComparedSection(title, tuple(rows), [k for k in old if k in new] != [k for k in new if k in old])


def _aligned(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Beside]:
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield from (Beside(line, line) for line in old[a:b])
        else:
            yield from (Beside(*pair) for pair in zip_longest(old[a:b], new[c:d], fillvalue=""))
