"""The list of a desk: filtered, sorted, one page at a time, the same few queries whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest, FieldError
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.base.saying import said_at, said_day
from xiangyue.base.scope import Scope, policy_of, visible_to
from xiangyue.desk import filtering, registry
from xiangyue.desk.declaration import Desk, Shown
from xiangyue.desk.personal import Eyes
from xiangyue.desk.shapes import Cell, Head, Line, Page, number_of, page_of
from xiangyue.rules.numbers import show

SIZES = (25, 50, 100, 200)
KEY_MOST = 19
"""Digits that a database takes for a key."""


def is_key(text: str) -> bool:
    """Whether the text can be the key of a row at all."""
    return text.isascii() and text.isdigit() and len(text) < KEY_MOST


@dataclass
class Listing:
    """What one actor asked of one desk."""

    desk: Desk
    scope: Scope
    params: QueryDict
    fixed: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def filters(self) -> Any:
        """The filters with the rows they leave."""
        rows = self.desk.seen(self.scope)
        if of := self._of():
            rows = rows.filter(**of)
        return filtering.filter_set(self.desk, self.scope, rows, self.params)

    @property
    def rows(self) -> QuerySet[Any]:
        """All rows that are left, unsorted."""
        found: QuerySet[Any] = self.filters.qs
        return found

    def _of(self) -> dict[str, str]:
        """`?of=parent:17` narrows to the rows related to one, where a desk declares that relation."""
        lookup, _colon, key = self.params.get("of", "").partition(":")
        if not lookup:
            return {}
        declared = {
            related.lookup
            for desk in registry.all_desks()
            for related in desk.related
            if related.desk == self.desk.name
        }
        if lookup not in declared or not is_key(key):
            raise BadRequest
        return {lookup: key}

    @cached_property
    def shown(self) -> tuple[Shown, ...]:
        """The columns of the list: those asked for, else those that show at first."""
        wanted = self.params.getlist("cols")
        found = tuple(s for s in self.desk.listed if s.lookup in wanted) if wanted else ()
        return found or tuple(s for s in self.desk.listed if s.first)

    @cached_property
    def count(self) -> int:
        """How many rows are left, counted up to the desk's cap."""
        return self.rows.order_by().values("pk")[: self.desk.cap + 1].count()

    @property
    def more(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.count > self.desk.cap

    @cached_property
    def size(self) -> int:
        """Rows a page."""
        asked = self.params.get("size", "")
        return int(asked) if asked.isdigit() and int(asked) in SIZES else SIZES[0]

    @cached_property
    def number(self) -> int:
        """The page, from 1."""
        return number_of(self.params.get("page", ""), min(self.count, self.desk.cap), self.size)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The look-ups to sort by; the key last, so that pages never overlap."""
        asked = self.params.get("sort", "")
        shown = next((s for s in self.desk.listed if s.lookup == asked.lstrip("-") and s.sort != "-"), None)
        order = (shown.sort or shown.lookup).split(",") if shown else list(self.desk.sort)
        if shown and asked.startswith("-"):
            order = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]
        return (*order, "pk") if "pk" not in order and "-pk" not in order else tuple(order)

    def link(self, **changed: Any) -> str:
        """The list's address with some of its parameters changed; empty ones taken off."""
        query = self.params.copy()
        for name, value in changed.items():
            query.pop(name, None)
            if value not in (None, ""):
                query[name] = str(value)
        return f"?{query.urlencode()}" if query else "?"

    def heads(self) -> list[Head]:
        """The columns' heads with their ways to sort."""
        asked = self.params.get("sort", "")
        heads = []
        for shown in self.shown:
            here = asked.lstrip("-") == shown.lookup
            way = ("desc" if asked.startswith("-") else "asc") if here else ""
            turned = f"-{shown.lookup}" if way == "asc" else shown.lookup
            url = "" if shown.sort == "-" else self.link(sort=turned, page="")
            heads.append(Head(shown.heading, "number" if shown.kind in ("number", "score") else "", url, way))
        return heads

    def lines(self) -> list[Line]:
        """The rows of the page: their keys by the sorted filter first, then what is shown of just these."""
        start = (self.number - 1) * self.size
        try:
            keys = list(self.rows.order_by(*self.order).values_list("pk", flat=True)[start : start + self.size])
        except FieldError as error:
            raise BadRequest from error
        return lines(self.desk, self.scope, keys, self.shown)

    def page(self) -> Page:
        """Where the page stands, with links around it."""
        counted = min(self.count, self.desk.cap)
        return page_of(counted, self.number, self.size, lambda number: self.link(page=number))


def lines(desk: Desk, scope: Scope, keys: Sequence[Any], shown: Sequence[Shown]) -> list[Line]:
    """The rows of these keys, in their order, as the actor sees them."""
    eyes = Eyes(desk, scope)
    fields = ["pk", policy_of(desk.model).path or "pk", *(s.lookup for s in shown)]
    found = {row[0]: row for row in desk.base().filter(pk__in=keys).values_list(*fields)}
    return [
        Line(
            [shown_cell(s, eyes, found[key][1], value) for s, value in zip(shown, found[key][2:], strict=True)],
            reverse("desk:detail", args=(desk.name, key)),
            str(key),
        )
        for key in keys
        if key in found
    ]


def shown_cell(shown: Shown, eyes: Eyes, path: str | None, value: Any) -> Cell:
    """A value as the list shows it."""
    if shown.mask:
        return Cell(eyes.shown(shown.mask, value, path) or None)
    if shown.show:
        value = shown.show(value)
    if shown.choices:
        label = dict(shown.choices).get(value, value)
        return Cell(label if value else None, state=value or "" if shown.kind == "state" else "")
    return Cell(told(shown.kind, value))


def told(kind: str, value: Any) -> Any:
    """A value in words by its kind."""
    if value is None or value == "":
        return None
    if kind == "yes":
        return _("是") if value else None
    if kind == "instant":
        return said_at(value)
    if kind == "date":
        return said_day(value)
    if kind == "number":
        return f"{value:,}"
    if kind == "score":
        return show(value)
    return value


def related_lines(desk: Desk, scope: Scope, lookup: str, key: Any, most: int) -> tuple[list[Line], bool, str]:
    """The first rows of a desk related to one row, whether there are more, and the address of them all."""
    rows = visible_to(desk.base(), scope).filter(**{lookup: key})
    if any(f.kind == "live" for f in desk.filters):
        live = next(f for f in desk.filters if f.kind == "live")
        rows = filtering.chosen(live, rows, "live")
    keys: Iterable[Any] = rows.order_by(*desk.sort).values_list("pk", flat=True)[: most + 1]
    found = list(keys)
    url = f"{reverse('desk:list', args=(desk.name,))}?{urlencode({'of': f'{lookup}:{key}'})}"
    return lines(desk, scope, found[:most], tuple(s for s in desk.listed if s.first)), len(found) > most, url
