"""A scheme laid out for reading: sections with their rows in plain sentences, and beside each what the linter says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xiangyue.agreements import words
from xiangyue.agreements.language import collections, slot_of
from xiangyue.agreements.places_in import Sizes, placed_findings
from xiangyue.agreements.sentences import said
from xiangyue.rules.settings import Item, Scheme, Standard
from xiangyue.schemes import Finding
from xiangyue.schemes.errors import Path
from xiangyue.schemes.writing import decimal

ORDER = (
    "stages", "goals", "layers", "standards", "check_kinds", "categories", "composites", "boards", "rankings", "draws",
    "indicators", "ratings", "reviews", "watch_lists", "performances", "gradings", "honours", "awards", "incentives",
    "points", "commendations",
)  # fmt: skip
"""The sections in the order in which one reads; a list that is not named here comes after them."""
HEADINGS = {
    "layers": lazy("谁包谁"), "standards": lazy("查什么"), "check_kinds": lazy("谁来查"), "categories": lazy("分类比较"),
    "composites": lazy("怎么算分"), "boards": lazy("红黑榜"), "draws": lazy("抽签"), "points": lazy("积分"), "stages": lazy("阶段"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of a standard: its words, its steps, and what the linter says of it."""

    item: Item
    said: tuple[str, ...]
    steps: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaLines:
    """An area of a standard with its items and the points they come to."""

    name: str
    points: str
    items: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the scheme: `key` leads to it on the page."""

    key: str
    row: Any
    name: str
    said: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    areas: tuple[AreaLines, ...] = ()

    @property
    def standing(self) -> str:
        """The mark of a drafted text."""
        return str(getattr(self.row, "standing", ""))

    @property
    def n_items(self) -> int:
        """How many items a standard has."""
        return sum(len(area.items) for area in self.areas)


@dataclass(frozen=True, slots=True)
class Section:
    """A list of the scheme, or the rules that hold for all of it."""

    key: str
    title: str
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A scheme as a document."""

    scheme: Scheme
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...] = ()
    """All of them; `apart` are those that concern no single row."""
    apart: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = field(default=())
    """Lists that say nothing yet."""

    @property
    def n_rejected(self) -> int:
        """How many findings keep it from being published."""
        return sum(finding.severity == "reject" for finding in self.findings)


def document(scheme: Scheme, sizes: Sizes | None = None, *, sensible: bool = True) -> Document:
    """The scheme laid out; one that makes no sense yet is read without the linter."""
    placed = placed_findings(scheme, sizes) if sensible else []
    names = [*ORDER, *(name for name in collections() if name not in ORDER)]
    sections = [_section(scheme, name, placed) for name in names if getattr(scheme, name)]
    sections.append(_rules(scheme, placed))
    taken = {id(finding) for section in sections for finding in _all_findings(section)}
    findings = tuple(finding for _place, finding in placed)
    apart = tuple(finding for finding in findings if id(finding) not in taken)
    missing = tuple(_heading(name) for name in names if not getattr(scheme, name))
    return Document(scheme, tuple(sections), findings, apart, missing)


def _all_findings(section: Section) -> Iterable[Finding]:
    yield from section.findings
    for part in section.parts:
        yield from part.findings
        for area in part.areas:
            for line in area.items:
                yield from line.findings


def _heading(name: str) -> str:
    slot = slot_of(Scheme, name)
    return str(HEADINGS.get(name) or (slot.title if slot else name))


def _section(scheme: Scheme, name: str, placed: list[tuple[Path, Finding]]) -> Section:
    parts = tuple(_part(scheme, (name, at), row, placed) for at, row in enumerate(getattr(scheme, name)))
    own = tuple(finding for place, finding in placed if place == (name,))
    return Section(name, _heading(name), parts, own)


def _part(scheme: Scheme, path: Path, row: Any, placed: list[tuple[Path, Finding]]) -> Part:
    here = [(place, finding) for place, finding in placed if place[: len(path)] == path]
    key = f"{path[0]}-{getattr(row, 'code', path[-1])}"
    areas: tuple[AreaLines, ...] = ()
    if isinstance(row, Standard):
        areas = tuple(_area(scheme, (*path, "areas", at), row, here) for at in range(len(row.areas)))
        here = [(place, finding) for place, finding in here if len(place) < len(path) + 4]
    return Part(key, row, row.name, said(row, scheme), tuple(finding for _place, finding in here), areas)


def _area(scheme: Scheme, path: Path, standard: Standard, placed: list[tuple[Path, Finding]]) -> AreaLines:
    area = standard.areas[int(path[-1])]
    lines = tuple(
        ItemLine(
            item,
            said(item, scheme),
            words.step_words(item),
            tuple(finding for place, finding in placed if place[: len(path) + 2] == (*path, "items", at)),
        )
        for at, item in enumerate(area.items)
    )
    points = sum(item.points for item in area.items if item.kind not in ("bonus", "zero"))
    return AreaLines(area.name, decimal(points), lines)


def _rules(scheme: Scheme, placed: list[tuple[Path, Finding]]) -> Section:
    """What holds for the whole scheme: households, notice, late records, caps."""
    rows = (
        ("households", _("哪些户不查不评")),
        ("notice", _("公示")),
        ("burden", _("减负上限")),
        ("dispatch", _("调度")),
        ("bulletin", _("月通报")),
    )
    parts = [
        Part(
            f"rules-{name}",
            getattr(scheme, name),
            title,
            said(getattr(scheme, name), scheme),
            tuple(finding for place, finding in placed if place[:1] == (name,)),
        )
        for name, title in rows
    ]
    late = _("早于%s天的补录要人工核对") % scheme.late_limit_days
    parts.append(Part("rules-late", scheme, _("补录"), (late,)))
    return Section("rules", _("其他规则"), tuple(parts))
