"""Small words that the pages share: figures, states, names of periods, addresses and ways back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from xiangyue.base.cells import CellError, to_date
from xiangyue.base.pages import address
from xiangyue.base.problems import Problem
from xiangyue.desk.shapes import Page, number_of, page_of
from xiangyue.places.models import Place
from xiangyue.rules.days import parse_period
from xiangyue.rules.numbers import show
from xiangyue.standings.models import Closing, Period
from xiangyue.standings.reviews.problems import EMPTY

PER_PAGE = 50


def cut(count: int, query: QueryDict, per_page: int = PER_PAGE) -> tuple[int, int, Page | None]:
    """(From, to, page) of the page asked for by `?page=`; no paging for what fits on one."""
    if count <= per_page:
        return 0, count, None
    page = page_of(
        count,
        number_of(query.get("page", "1"), count, per_page),
        per_page,
        lambda number: with_query(query, page=number),
    )
    return page.first - 1, page.last, page


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
    return address(f"standings:{name}", *args, **query)


def day_told(typed: str, what: str) -> date:
    """The day that a form says; Problem for an empty field or no day."""
    try:
        return to_date(typed)
    except CellError:
        raise Problem(EMPTY, what=what) from None


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


def path_of(code: str) -> str:
    """The path of the place with that code; 404 without one."""
    path = Place.objects.filter(code=code).values_list("path", flat=True).first()
    if path is None:
        raise Http404
    return str(path)
