"""The filters above a list, made from the declaration: search, choices, days, ground, live or ended."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.cells import clean
from xiangyue.base.scope import Scope, below
from xiangyue.desk.declaration import Choices, Desk, Filter

SEARCH = "q"
LIVE = (("live", _("现有")), ("ended", _("已结束")), ("all", _("全部")))


def searched(desk: Desk, scope: Scope, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Rows that hold every word of the text: anywhere in `search`, at the beginning in `codes`."""
    anywhere = [lookup for lookup in desk.search if _may_ask(desk, scope, lookup)]
    begins = [lookup for lookup in desk.codes if _may_ask(desk, scope, lookup)]
    for word in clean(text).split()[:5]:
        tests = [Q(**{f"{lookup}__contains": word}) for lookup in anywhere]
        if word.isascii():
            tests += [Q(**{f"{lookup}__startswith": word}) for lookup in begins]
        if not tests:
            return rows.none()
        rows = rows.filter(reduce(or_, tests))
    return rows


def _may_ask(desk: Desk, scope: Scope, lookup: str) -> bool:
    """Whether the actor may look for it: who sees a number half hidden could find the other half by asking."""
    masks = {shown.lookup: shown.mask for shown in desk.listed}
    mask = "phone" if lookup.endswith("phone") else masks.get(lookup, "")
    return not mask or bool(scope.paths(desk.phones if mask == "phone" else desk.clear))


def chosen(filter: Filter, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Rows that a filter's value leaves."""
    if filter.apply:
        return filter.apply(rows, value)
    lookup = filter.lookup or filter.name
    if filter.kind == "below":
        return rows.filter(below(lookup, (value,)))
    if filter.kind == "yes":
        return rows.filter(**{lookup: value == "yes"})
    if filter.kind == "live":
        return _lived(rows, value, filter.lookup)
    return rows.filter(**{lookup: value})


def _lived(rows: QuerySet[Any], value: str, prefix: str) -> QuerySet[Any]:
    today = timezone.localdate()
    ended = Q(**{f"{prefix}to_on__lt": today})
    if value == "live":
        return rows.exclude(ended)
    return rows.filter(ended) if value == "ended" else rows


def choices_of(filter: Filter, scope: Scope) -> Choices:
    """What a filter offers this actor."""
    if filter.kind == "live":
        return LIVE
    if filter.kind == "yes":
        return (("yes", _("是")), ("no", _("否")))
    return filter.choices(scope) if callable(filter.choices) else filter.choices


def filter_set(desk: Desk, scope: Scope, rows: QuerySet[Any], params: QueryDict) -> django_filters.FilterSet:
    """The rows that search and filters leave (`.qs`), and their form (`.form`)."""
    fields: dict[str, Any] = {}
    if desk.search or desk.codes:
        fields[SEARCH] = django_filters.CharFilter(
            label=_("查找"),
            method=lambda found, name, value: searched(desk, scope, found, value),
            widget=forms.TextInput(attrs={"type": "search", "placeholder": _("名称、编码…")}),
        )
    for filter in desk.filters:
        fields |= _fields(filter, scope)
    data = params.copy()
    for filter in desk.filters:
        if filter.kind == "live":
            data.setdefault(filter.name, LIVE[0][0])
    made = type("DeskFilters", (django_filters.FilterSet,), fields)
    found: django_filters.FilterSet = made(data, queryset=rows)
    return found


def _fields(filter: Filter, scope: Scope) -> dict[str, Any]:
    if filter.kind == "days":
        lookup = filter.lookup or filter.name
        ends = ((f"{filter.name}_from", "gte", _("从")), (f"{filter.name}_to", "lte", _("到")))
        return {
            name: django_filters.DateFilter(
                field_name=lookup,
                lookup_expr=test,
                label=f"{filter.label}{words}",
                widget=forms.DateInput(attrs={"type": "date"}),
            )
            for name, test, words in ends
        }
    return {
        filter.name: django_filters.ChoiceFilter(
            label=filter.label,
            choices=[(value, label) for value, label in choices_of(filter, scope) if value != ""],
            empty_label=None if filter.kind == "live" else _("全部"),
            method=lambda found, name, value: chosen(filter, found, value),
        )
    }


def is_set(desk: Desk, params: QueryDict) -> bool:
    """Whether anything narrows the list beyond what it shows at first."""
    names = {SEARCH, "of", *(f.name for f in desk.filters)}
    names |= {f"{f.name}{end}" for f in desk.filters for end in ("_from", "_to")}
    return any(params.get(name) for name in names)
