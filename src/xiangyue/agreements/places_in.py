"""Places of a scheme in words and as pages: the way to a row, where an error is mended, what the linter says of it."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyue.agreements.editing import way_of
from xiangyue.agreements.language import slot_of, title_of
from xiangyue.agreements.tree import Reading, class_at, row_at, slot_at
from xiangyue.rules.settings import Scheme
from xiangyue.schemes import Finding, lint
from xiangyue.schemes.errors import Path, show_path
from xiangyue.schemes.where import finding_path


def named(scheme: Scheme, path: Path) -> str:
    """What the row or list at a place is called."""
    if isinstance(path[-1], str):
        slot = slot_at(path)
        return slot.title if slot else str(path[-1])
    row, cls = row_at(scheme, path), class_at(path)
    return getattr(row, "name", "") or (f"{title_of(cls)}{path[-1] + 1}" if cls else "")


def trail(scheme: Scheme, path: Path) -> list[tuple[str, str]]:
    """(Words, place) of what holds a place, from the outermost in; lists inside a row are left out."""
    steps = [path[:n] for n in range(1, len(path)) if n == 1 or has_page(path[:n])]
    return [(named(scheme, step), show_path(step)) for step in steps]


def has_page(path: Path) -> bool:
    """Whether a row has a page of its own."""
    cls = class_at(path)
    return isinstance(path[-1], int) and cls is not None and way_of(cls) == "page"


def parts_of(path: Path) -> str:
    """The page on which what stands at a place is mended: that of the nearest row with one, else of the scheme's list."""
    for length in range(len(path), 1, -1):
        if has_page(path[:length]):
            return show_path(path[:length])
    slot = slot_of(Scheme, str(path[0])) if path else None
    return str(path[0]) if slot is not None and slot.kind == "rows" else ""


def spot_words(scheme: Scheme, path: Path) -> str:
    """Where a place is, in words."""
    names = [named(scheme, path[:n]) for n in range(1, len(path) + 1) if n == 1 or isinstance(path[n - 1], int)]
    return " › ".join(name for name in names if name)


type Sizes = Mapping[str, int]
"""Category → how many subjects the ground has in it."""


def placed_findings(scheme: Scheme, sizes: Sizes | None = None) -> list[tuple[Path, Finding]]:
    """Every finding of a sensible scheme with its place."""
    return [(finding_path(scheme, finding.where), finding) for finding in lint(scheme, sizes)]


def findings_at(reading: Reading, path: Path, sizes: Sizes | None = None) -> list[Finding]:
    """What the linter says of a place and all in it; nothing while the scheme makes no sense."""
    if reading.senseless or reading.unread:
        return []
    return [finding for place, finding in placed_findings(reading.scheme, sizes) if place[: len(path)] == path]
