"""What the pages about duties show, put together for their templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.base.masking import mask_name
from xiangyue.base.pages import address
from xiangyue.base.roles import STAFF, Role
from xiangyue.base.saying import said_day
from xiangyue.base.scope import Scope
from xiangyue.duties.access import GROUNDS
from xiangyue.duties.coverage import Count, LayerCoverage, coverage_by
from xiangyue.duties.facts import seated
from xiangyue.duties.layers import LayerOn, groups_of
from xiangyue.duties.models import Duty
from xiangyue.duties.permits import layers_given
from xiangyue.places.models import Level, Place
from xiangyue.places.picking import place_label

ROWS = 50
BY_QUERY = frozenset({"duties:coverage", "visits:ground", "visits:contributions", "visits:dispatches", "teams:ground"})
"""Pages that are told the place in their query, for they open without one."""
NAMES = STAFF | {Role.AUDITOR}
"""Who reads the names of households; see docs/guide/permissions.md."""


@dataclass(frozen=True, slots=True)
class GroupShown:
    """Layers that are covered together, as the overview shows them."""

    title: str
    first: LayerCoverage
    rows: tuple[LayerCoverage, ...]
    unit: str
    cadences: tuple[str, ...]
    url: str
    load_url: str
    rule_url: str
    tone: str


def groups_shown(
    scope: Scope, place: Place, layers: tuple[LayerOn, ...], found: tuple[LayerCoverage, ...], day: date
) -> list[GroupShown]:
    """The overview's groups, in the scheme's order."""
    by_code = {(row.scheme, row.code): row for row in found}
    given = seated(layers_given(scope, layers, place.path), place.path, day)
    shown = []
    for group in groups_of(layers):
        rows = tuple(by_code[one.scheme, one.code] for one in group if (one.scheme, one.code) in by_code)
        if not rows:
            continue
        query = f"?layer={group[0].code}"
        rule = "&".join(f"layers={one.code}" for one in group)
        # by rule every place would be given out: where only some are meant, they are named one by one or by workbook
        may = all(one in given and not one.layer.partial for one in group)
        shown.append(
            GroupShown(
                title="、".join(one.layer.name for one in group),
                first=rows[0],
                rows=rows,
                unit=group[0].unit,
                cadences=tuple(dict.fromkeys(one.cadence for one in group if one.cadence)),
                url=reverse("duties:layer", args=(place.code,)) + query,
                load_url=reverse("duties:load", args=(place.code,)) + query,
                rule_url=f"{reverse('duties:rule', args=(place.code,))}?{rule}" if may else "",
                tone="amber" if rows[0].gaps else "bamboo",
            )
        )
    return shown


def duties_root(scope: Scope) -> tuple[Any, str]:
    """The first step of the way to a page of duties; a link for those who read a ground's."""
    return _("包保"), reverse("duties:coverage") if scope.paths(Duty.policy.see) else ""


def visits_root(scope: Scope) -> tuple[Any, str]:
    """The first step of the way to a page of visits: the ground's, or for a bearer their own."""
    return _("走访"), reverse("visits:ground" if scope.paths(Duty.policy.see) else "visits:mine")


def crumbs(scope: Scope, place: Place, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way down from the highest ground of the actor's to the page."""
    paths = scope.paths(Duty.policy.see)
    above = Place.objects.above(place.path).filter(level__in=GROUNDS)
    found: list[tuple[Any, str]] = [
        (row.name, f"{reverse('duties:coverage')}?place={row.code}") for row in above if row.path.startswith(paths)
    ]
    return [duties_root(scope), *found, *more]


def switcher(scope: Scope, place: Place, name: str, **query: str) -> dict[str, Any]:
    """The grounds next to this one to switch to: those above, itself, those directly below.

    With a further query the page is told the place in its query, too.
    """
    paths = scope.paths(Duty.policy.see)
    rows = [row for row in Place.objects.above(place.path) if row.path.startswith(paths)]
    if place.level in (Level.COUNTY, Level.TOWNSHIP):
        rows += Place.objects.filter(parent=place, level__in=GROUNDS, to_on=None).order_by("path")
    asked = name in BY_QUERY or bool(query)
    return {
        "current": place.name,
        "options": [
            {
                "label": row.name,
                "url": address(name, place=row.code, **query) if asked else reverse(name, args=(row.code,)),
                "depth": GROUNDS.index(Level(row.level)),
                "current": row.pk == place.pk,
            }
            for row in rows
            if row.level in GROUNDS
        ],
    }


def tabs(
    place: Place, name: str, layers: tuple[LayerOn, ...], current: LayerOn, *, together: bool
) -> list[dict[str, Any]]:
    """The layers (or groups covered together) to choose from."""
    found = []
    for group in groups_of(layers):
        for one in group[:1] if together else group:
            if one.layer.bearer == "household":
                continue
            label = "、".join(row.layer.name for row in group) if together else one.layer.name
            url = f"{reverse(name, args=(place.code,))}?layer={one.code}"
            found.append(
                {"label": label, "url": url, "current": one.code == current.code or (together and current in group)}
            )
    return found


def breakdown(place: Place, day: date, group: tuple[LayerOn, ...]) -> dict[str, Any] | None:
    """Coverage by township or village; None where the targets themselves lie directly below."""
    target = Level(group[0].layer.target)
    order = list(Level)
    unit = {Level.COUNTY: Level.TOWNSHIP, Level.TOWNSHIP: Level.VILLAGE}.get(Level(place.level))
    if unit is None or order.index(target) <= order.index(unit):
        return None
    counts = coverage_by(place.path, day, group, unit)
    rows = Place.objects.live(day).below(place.path).of(unit).order_by("path")
    empty = Count(0, 0, 0, 0)
    found = [(row, counts.get(row.pk, empty)) for row in rows]
    found.sort(key=lambda pair: (-pair[1].gaps, pair[0].path))
    url = f"?layer={group[0].code}"
    columns = 6 if target == Level.HOUSEHOLD else 5
    return {
        "caption": _("覆盖情况"),
        "columns": [
            {"heading": Level(unit).label}, {"heading": _("覆盖")},
            {"heading": _("应包保"), "kind": "number"}, {"heading": _("已包保"), "kind": "number"},
            {"heading": _("无人包保"), "kind": "number"},
            *([{"heading": _("外出和空户"), "kind": "number"}] if target == Level.HOUSEHOLD else []),
        ],
        "rows": [
            {"url": reverse("duties:layer", args=(row.code,)) + url, "cells": _count_cells(row.name, count)[:columns]}
            for row, count in found
        ],
        "fold": True,
    }  # fmt: skip


def _count_cells(name: str, count: Count) -> list[dict[str, Any]]:
    state = "gap" if count.gaps else "covered"
    words = _("缺 %s") % count.gaps if count.gaps else _("已全覆盖") if count.targets else _("没有对象")
    return [
        {"value": name}, {"state": state if count.targets else "unrated", "value": words},
        {"value": f"{count.targets:,}"}, {"value": f"{count.covered:,}"}, {"value": f"{count.gaps:,}"},
        {"value": f"{count.apart:,}"},
    ]  # fmt: skip


def target_rows(scope: Scope, rows: Any, params: QueryDict, *, may: bool, layer: str) -> dict[str, Any]:
    """A page of targets, households with their head where the actor may read it."""
    page = Paginator(rows.select_related("parent", "village", "household"), ROWS).get_page(params.get("page"))
    lines = []
    for row in page:
        url = reverse("duties:target", args=(row.code,))
        give = f"{reverse('duties:assign', args=(row.code,))}?layer={layer}"
        act = {"value": _("指定包保人"), "url": give} if may else {"value": _("看"), "url": url}
        lines.append({"url": url, "cells": [*_target_cells(scope, row), act]})
    return {
        "caption": _("无人包保"),
        "columns": [{"heading": _("对象")}, {"heading": _("户主")}, {"heading": _("所在")}, {"heading": _("编码")},
                    {"heading": _("下一步")}],
        "rows": lines, "page": paged(page, params), "fold": True,
    }  # fmt: skip


def _target_cells(scope: Scope, row: Place) -> list[dict[str, Any]]:
    home = getattr(row, "household", None) if row.level == Level.HOUSEHOLD else None
    head = home.head_name if home else ""
    shown = head if scope.holds(NAMES, row.path) else mask_name(head)
    where = " ".join(
        dict.fromkeys(one.name for one in (row.village, row.parent) if one is not None and one.pk != row.pk)
    )
    return [{"value": row.name}, {"value": shown or "—"}, {"value": where}, {"value": row.code}]


def paged(page: Any, params: QueryDict) -> dict[str, Any]:
    """A Django page as the paging part takes it."""
    query = params.copy()

    def url(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "count": page.paginator.count,
        "first": page.start_index(),
        "last": page.end_index(),
        "prev_url": url(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url(page.next_page_number()) if page.has_next() else "",
        "links": [
            {"label": str(n), "url": url(n) if isinstance(n, int) else "", "current": n == page.number} for n in numbers
        ],
    }


def _stand_in_days(row: Duty) -> str:
    first, last = (said_day(day) if day else "" for day in (row.stand_in_from, row.stand_in_to))
    return _("（%(first)s到%(last)s）") % {"first": first, "last": last} if first and last else ""


def duty_cells(rows: Sequence[Duty], names: dict[tuple[str, str], LayerOn], day: date) -> list[dict[str, Any]]:
    """Lines of a bearer's targets."""
    lines = []
    for row in rows:
        one = names.get((row.scheme, row.layer))
        ends = _("到%s") % said_day(row.to_on) if row.to_on else ""
        stands = row.stand_in.name if row.stand_in and (row.stand_in_to is None or row.stand_in_to >= day) else ""
        lines.append(
            {
                "url": reverse("duties:target", args=(row.target.code,)),
                "cells": [
                    {"value": place_label(row.target)}, {"value": one.layer.name if one else row.layer},
                    {"value": row.team or "—"}, {"value": _("%(from)s起%(ends)s") % {"from": said_day(row.from_on), "ends": ends}},
                    {"value": f"{stands}{_stand_in_days(row)}" if stands else "—"},
                ],
            }
        )  # fmt: skip
    return lines
