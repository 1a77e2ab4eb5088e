"""A table as `site/parts/table.html` takes it: heads, lines of cells, and where in a long one the page stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

AROUND = 2
"""Pages linked on each side of the current one."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head."""

    heading: Any
    kind: str = ""
    sort_url: str = ""
    sorted: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    value: Any = ""
    url: str = ""
    unit: str = ""
    state: str = ""
    mark: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table."""

    cells: Sequence[Cell]
    url: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a page; without address a gap."""

    label: str
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Where in the list the page stands."""

    count: int
    first: int
    last: int
    prev_url: str = ""
    next_url: str = ""
    links: Sequence[PageLink] = ()


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty table says."""

    title: str
    words: str = ""
    url: str = ""
    label: str = ""
    icon: str = "notes"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption."""

    caption: str
    columns: Sequence[Head]
    rows: Sequence[Line]
    empty: Empty = field(default_factory=lambda: Empty(_("没有内容")))
    page: Page | None = None
    fold: bool = True
    bulk: Sequence[Any] = ()
    bulk_url: str = ""
    extra: dict[str, str] = field(default_factory=dict)


def number_of(asked: str, count: int, size: int) -> int:
    """The page asked for, from 1, within those there are."""
    return min(max(int(asked), 1), _last(count, size)) if asked.isdigit() and len(asked) < 9 else 1


def page_of(count: int, number: int, size: int, address: Callable[[int], str]) -> Page:
    """Where page `number` of `count` rows stands, with links around it; `address` gives a page's."""
    last = _last(count, size)
    near = sorted({1, last, *range(max(1, number - AROUND), min(last, number + AROUND) + 1)})
    links: list[PageLink] = []
    for before, shown in zip([0, *near], near, strict=False):
        if shown - before > 1:
            links.append(PageLink("…"))
        links.append(PageLink(str(shown), address(shown), shown == number))
    first = (number - 1) * size
    return Page(
        count,
        first + 1 if count else 0,
        min(first + size, count),
        address(number - 1) if number > 1 else "",
        address(number + 1) if number < last else "",
        links if last > 1 else (),
    )


def _last(count: int, size: int) -> int:
    return max(1, -(-count // size))
