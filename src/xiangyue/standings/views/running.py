"""The live ranking of the open period, and the trend of a village over those that are closed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request
from xiangyue.desk.shapes import Cell, Head, Line, Table
from xiangyue.places.models import Place
from xiangyue.rules.settings import Scheme
from xiangyue.standings import access
from xiangyue.standings.live import open_of
from xiangyue.standings.live_ranking import ranking
from xiangyue.standings.models import Period
from xiangyue.standings.totals import fetch
from xiangyue.standings.views.shown import at, crumbs, name_of, score


@login_required
def live(request: Request) -> HttpResponse:
    """The live ranking of villages and townships in the open period."""
    open_ones = access.periods(request.scope).filter(closings=None, kind="month").order_by("starts_on")
    if not access.grounds(request.scope) and not request.scope.holds(access.SEE):
        raise PermissionDenied
    today = timezone.localdate()
    chosen = request.GET.get("period", "")
    period = next((p for p in open_ones if str(p.pk) == chosen), None) or next(
        (p for p in open_ones if p.starts_on <= today <= p.ends_on), None
    )
    context: dict[str, Any] = {"period": period, "others": [p for p in open_ones if p != period][-2:]}
    if period is not None:
        context |= _live(request, period)
    return render(request, "standings/live.html", context)


def _live(request: Request, period: Period) -> dict[str, Any]:
    found = ranking(period)
    held = list(reversed(found.composites))
    chosen = request.GET.get("composite", "")
    one = next((c for c in held if c.composite.code == chosen), held[0] if held else None)
    opened = open_of(period)
    if one is None or opened is None:
        return {"name": name_of(period), "groups": [], "tabs": []}
    own_paths = request.scope.paths(access.SEE)
    names = _names(period, one.composite.level)
    groups = _live_groups(one, names, opened.scheme, period, own_paths)
    tabs = [(c.composite.name, at("live", composite=c.composite.code, period=period.pk), c is one) for c in held]
    return {
        "name": name_of(period),
        "groups": groups,
        "tabs": tabs,
        "composite": one.composite,
        "ground_name": period.ground.name,
    }


def _names(period: Period, level: str) -> dict[str, tuple[int, str, str, str]]:
    """Code → (id, name, township's name, path)."""
    rows = Place.objects.below(period.ground.path).filter(level=level)
    fields = ("code", "pk", "name", "township__name", "path")
    return {code: (pk, name, above or "", path) for code, pk, name, above, path in rows.values_list(*fields)}


def _live_groups(one: Any, names: dict[str, Any], scheme: Scheme, period: Period, own: tuple[str, ...]) -> list[Any]:
    categories = {category.code: category.name for category in scheme.categories}
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(one.rows, key=lambda r: (r.rank is None, r.rank or 0, r.code)):
        _pk, name, above, path = names.get(row.code, (0, row.code, "", ""))
        groups.setdefault(row.category, []).append({
            "rank": row.rank,
            "name": f"{name} · {above}" if above and above != name else name,
            "url": at("figure", period.pk, one.composite.code, row.code),
            "score": row.result,
            "moved": None,
            "mark": "",
            "own": any(path.startswith(held) and held != period.ground.path for held in own),
        })  # fmt: skip
    return [(categories.get(code, code) or _("未分类"), rows) for code, rows in sorted(groups.items())]


@login_required
def trend(request: Request, code: str) -> HttpResponse:
    """A village's (or township's) results over the months and quarters."""
    place = Place.objects.filter(code=code).select_related("ground", "township", "village").first()
    if place is None or place.ground is None or not request.scope.meets(access.SEE, place.ground.path):
        raise Http404
    if not access.sees(request.scope, place):
        raise Http404
    rows = fetch(
        "SELECT p.kind, p.key, p.id, s.composite, s.name, r.own, r.result, r.rank, r.board, c.version"
        " FROM standings_period p JOIN standings_closing c ON c.period_id = p.id"
        " JOIN standings_standing s ON s.closing_id = c.id AND s.level = %s"
        " JOIN standings_result r ON r.standing_id = s.id AND r.subject_id = %s"
        " WHERE p.ground_id IN (%s, %s) AND NOT EXISTS (SELECT 1 FROM standings_closing n"
        " WHERE n.period_id = c.period_id AND n.version > c.version) ORDER BY p.starts_on, p.kind",
        [place.level, place.pk, place.ground_id, place.township_id],
    )
    groups: dict[str, dict[str, Any]] = {}
    for _kind, key, pk, composite, name, own, result, rank, board, version in rows:
        held = groups.setdefault(composite, {"name": name, "points": [], "lines": []})
        held["points"].append((key, result))
        url = at("figure", pk, composite, place.code, version=version)
        mark = Cell(state=board) if board else Cell("")
        held["lines"].append(
            Line([Cell(key, url), Cell(score(own)), Cell(score(result), url), Cell(rank or "—"), mark])
        )
    columns = [
        Head(_("考核期")),
        Head(_("本级得分"), "number"),
        Head(_("考核结果"), "number"),
        Head(_("名次"), "number"),
        Head(_("红黑榜")),
    ]
    shown = [
        {
            "name": held["name"],
            "points": held["points"][-24:],
            "table": Table(held["name"], columns, held["lines"][::-1]),
        }
        for held in groups.values()
    ]
    context = {"place": place, "groups": shown, "crumbs": crumbs((place.name, "")), "ground_name": place.ground.name}
    return render(request, "standings/trend.html", context)
