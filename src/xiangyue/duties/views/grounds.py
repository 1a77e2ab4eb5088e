"""Coverage and load of a ground: layer by layer, by township and village, bearer by bearer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request
from xiangyue.base.scope import visible_to
from xiangyue.duties import showing
from xiangyue.duties.access import seen_ground
from xiangyue.duties.coverage import apart_in, coverage_by, coverage_of, gaps_in, loads_of
from xiangyue.duties.facts import bearers_for, names_of, seated
from xiangyue.duties.layers import LayerOn, day_for, group_of, layer_on, layers_on
from xiangyue.duties.models import Assignment
from xiangyue.duties.permits import may_give
from xiangyue.places.models import Level, Place


@login_required
def coverage(request: Request) -> HttpResponse:
    """Every layer of a ground: how much is covered, where the gaps are, how the load lies."""
    today = timezone.localdate()
    place = seen_ground(request.scope, request.GET.get("place", ""))
    day = day_for(place, today)
    layers = layers_on(place, day)
    found = coverage_of(place.path, day)
    recent = visible_to(Assignment.objects.filter(place__path__startswith=place.path), request.scope)
    context = {
        "place": place,
        "coming": day if day > today else None,
        "groups": showing.groups_shown(request.scope, place, layers, found, day),
        "gaps": sum(row.gaps for row in {row.mark: row for row in found}.values()),
        "over": sum(row.over_limit for row in found),
        "recent": recent.select_related("place", "done_by__person")[:5],
        "switcher": showing.switcher(request.scope, place, "duties:coverage"),
        "crumbs": showing.crumbs(request.scope, place),
    }
    return render(request, "duties/coverage.html", context)


def _chosen(request: Request, place: Place, layers: tuple[LayerOn, ...], day: date) -> LayerOn | None:
    """The layer asked for, by default the first that can have targets there and that somebody bears."""
    code = request.GET.get("layer", "")
    if code:
        return layer_on(place, day, code)
    return next((one for one in layers if one.layer.bearer != "household" and _fits(one, place)), None)


def _fits(one: LayerOn, place: Place) -> bool:
    order = list(Level)
    return order.index(Level(one.layer.target)) >= order.index(Level(place.level))


def _asked(request: Request, place: str) -> tuple[Place, date, tuple[LayerOn, ...], LayerOn | None]:
    """The ground, the day that is looked at, the layers that can have targets there, and the one asked for."""
    ground = seen_ground(request.scope, place)
    day = day_for(ground, timezone.localdate())
    layers = tuple(one for one in layers_on(ground, day) if _fits(one, ground))
    return ground, day, layers, _chosen(request, ground, layers, day)


def _context(request: Request, ground: Place, one: LayerOn | None, day: date) -> dict[str, Any]:
    coming = day if day > timezone.localdate() else None
    return {"place": ground, "layer": one, "coming": coming, "crumbs": showing.crumbs(request.scope, ground)}


@login_required
def layer(request: Request, place: str) -> HttpResponse:
    """One layer: coverage by township or village, and the targets that nobody answers for."""
    ground, day, layers, one = _asked(request, place)
    context = _context(request, ground, one, day)
    if one is not None:
        group = group_of(layers, one) or (one,)
        may = may_give(request.scope, one.layer.target, ground.path)
        count = coverage_by(ground.path, day, group).get(0)
        gaps = gaps_in(ground.path, day, group)
        away = apart_in(ground.path, day) if ground.level == Level.VILLAGE else Place.objects.none()
        household = Level(one.layer.target) == Level.HOUSEHOLD
        context |= {
            "title": "、".join(row.layer.name for row in group), "unit": one.unit, "count": count, "household": household, "may": may,
            "tabs": showing.tabs(ground, "duties:layer", layers, one, together=True),
            "breakdown": showing.breakdown(ground, day, group),
            "gaps": showing.target_rows(request.scope, gaps, request.GET, may=may, layer=one.code),
            "away": away.values_list("name", flat=True)[:100] if household else (),
            "rule_url": _rule_url(ground, group) if may and len(seated(group, ground.path, day)) == len(group) else "",
            "switcher": showing.switcher(request.scope, ground, "duties:layer"),
        }  # fmt: skip
    return render(request, "duties/layer.html", context)


def _rule_url(place: Place, group: tuple[LayerOn, ...]) -> str:
    if any(one.layer.partial for one in group):
        return ""
    return f"{reverse('duties:rule', args=(place.code,))}?" + "&".join(f"layers={one.code}" for one in group)


@login_required
def load(request: Request, place: str = "") -> HttpResponse:
    """Who bears how much on a layer: over the limit, in order, with nothing yet."""
    ground, day, layers, one = _asked(request, place)
    context = _context(request, ground, one, day)
    if one is not None:
        rows = _loads(ground, layers, one, day)
        loaded = sorted(row["n"] for row in rows if row["n"])
        limit = one.layer.per_bearer
        context |= {
            "tabs": showing.tabs(ground, "duties:load", layers, one, together=False),
            "n_bearers": len(loaded), "unit": one.unit, "limit": limit,
            "n_over": sum(0 < limit < row["n"] for row in rows), "n_idle": sum(not row["n"] for row in rows),
            "low": loaded[0] if loaded else 0, "high": loaded[-1] if loaded else 0,
            "middle": loaded[(len(loaded) - 1) // 2] if loaded else 0,
            "table": _load_table(request, one, _kept(request, rows, limit)),
            "show": request.GET.get("show", ""), "q": request.GET.get("q", ""),
            "switcher": showing.switcher(request.scope, ground, "duties:load"),
        }  # fmt: skip
    return render(request, "duties/load.html", context)


def _loads(place: Place, layers: tuple[LayerOn, ...], one: LayerOn, day: date) -> list[dict[str, Any]]:
    """Everybody who bears or could bear the layer, the most loaded first; who bears a sister layer is no idler."""
    group = group_of(layers, one)
    found = loads_of(place, day, group)
    own = [row for row in found if row.layer == one.code]
    names = names_of(
        {row.person_id for row in own if row.person_id}, {row.organisation_id for row in own if row.organisation_id}
    )
    rows = []
    for row in own:
        kind, key = ("person", row.person_id) if row.person_id else ("organisation", row.organisation_id)
        code, name = names[kind, key or 0]
        rows.append({"kind": kind, "code": code, "name": name, "n": row.n})
    busy = {(row.person_id, row.organisation_id) for row in found}
    if one.layer.posts or one.layer.bearer == "organisation":
        for who in bearers_for(one.layer, place.path, day):
            if (who.person_id, who.organisation_id) not in busy:
                kind = "person" if who.person_id else "organisation"
                rows.append({"kind": kind, "code": who.code, "name": who.name, "n": 0})
    return sorted(rows, key=lambda row: (-row["n"], row["code"]))


def _kept(request: Request, rows: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    show, q = request.GET.get("show", ""), request.GET.get("q", "").strip()
    if show == "over":
        rows = [row for row in rows if 0 < limit < row["n"]]
    elif show == "none":
        rows = [row for row in rows if not row["n"]]
    return [row for row in rows if q in row["name"] or row["code"].startswith(q)] if q else rows


def _load_table(request: Request, one: LayerOn, rows: list[dict[str, Any]]) -> dict[str, Any]:
    page = Paginator(rows, showing.ROWS).get_page(request.GET.get("page"))
    limit = one.layer.per_bearer
    lines = []
    for row in page:
        state = "late" if 0 < limit < row["n"] else "todo" if not row["n"] else "covered"
        words = {"late": _("超过上限"), "todo": _("还没有对象"), "covered": _("正常")}[state]
        url = reverse("duties:bearer" if row["kind"] == "person" else "duties:organisation", args=(row["code"],))
        cells = [{"value": row["name"]}, {"value": row["code"]}, {"value": row["n"], "unit": one.unit},
                 {"state": state, "value": words}]  # fmt: skip
        lines.append({"url": url, "cells": cells})
    return {
        "caption": _("负荷"),
        "columns": [{"heading": _("包保人或单位")}, {"heading": _("编码")},
                    {"heading": _("包保对象"), "kind": "number"}, {"heading": _("情况")}],
        "rows": lines, "page": showing.paged(page, request.GET), "fold": True,
    }  # fmt: skip
