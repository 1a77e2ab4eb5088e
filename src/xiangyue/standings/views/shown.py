"""Small shapes that the pages hand to the look's parts: tables, ways back, names of periods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from xiangyue.rules.days import parse_period
from xiangyue.rules.numbers import show
from xiangyue.standings.models import Closing, Period

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    heading: str
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
class Empty:
    """What an empty table says."""

    title: str
    words: str = ""
    url: str = ""
    label: str = ""
    icon: str = "notes"


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of a long table."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Paging:
    """Where in a long table one is."""

    count: int
    first: int
    last: int
    prev_url: str = ""
    next_url: str = ""
    links: Sequence[PageLink] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table as `site/parts/table.html` takes it."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Line]
    empty: Empty = field(default_factory=lambda: Empty(_("没有内容")))
    page: Paging | None = None
    fold: bool = True
    bulk: Sequence[Any] = ()
    bulk_url: str = ""
    extra: dict[str, str] = field(default_factory=dict)


def cut(count: int, query: QueryDict, per_page: int = PER_PAGE) -> tuple[int, int, Paging | None]:
    """(From, to, paging) of the page asked for by `?page=`; no paging for what fits on one."""
    asked = query.get("page", "1")
    pages = max(1, -(-count // per_page))
    page = min(max(1, int(asked)), pages) if asked.isdigit() else 1
    start, end = (page - 1) * per_page, min(page * per_page, count)
    if pages == 1:
        return 0, count, None
    links = [PageLink(str(n), with_query(query, page=n), n == page) for n in range(1, pages + 1)]
    before = with_query(query, page=page - 1) if page > 1 else ""
    after = with_query(query, page=page + 1) if page < pages else ""
    return start, end, Paging(count, start + 1, end, before, after, links)


def with_query(query: QueryDict, **changed: Any) -> str:
    """The address of this page with some of its query changed."""
    held = {name: query.get(name) for name in query} | changed
    return "?" + urlencode({name: value for name, value in held.items() if value not in ("", None)})


def score(value: int | None) -> str:
    """87.50, or a dash."""
    return show(value)


def signed(value: int | None) -> str:
    """+1.50, −0.50, or a dash."""
    if value is None:
        return "—"
    return f"+{show(value)}" if value > 0 else show(value).replace("-", "−")


def state_of(closing: Closing | None) -> str:
    """The badge's key of a period."""
    if closing is None:
        return "open"
    return "out_of_date" if closing.out_of_date else closing.state


def name_of(period: Period) -> str:
    """2026年10月."""
    return parse_period(period.key).name


def at(name: str, *args: Any, **query: Any) -> str:
    """An address of this room, with a query."""
    held = {key: value for key, value in query.items() if value not in ("", None)}
    return reverse(f"standings:{name}", args=args) + (f"?{urlencode(held)}" if held else "")


def address_of_check(pk: int) -> str:
    """The address of one check; empty where its room has no page for it."""
    tries: tuple[Callable[[], str], ...] = (
        lambda: reverse("check", args=[pk]),
        lambda: reverse("checks:check", args=[pk]),
    )
    for attempt in tries:
        try:
            return attempt()
        except NoReverseMatch:
            continue
    return ""


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the periods down to a page."""
    return [(_("考核期"), at("periods")), *steps]
