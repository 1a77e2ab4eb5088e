"""The ledger of one village, and the overview of a township's or county's villages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request
from xiangyue.base.scope import require
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.places.models import Place
from xiangyue.standings.access import SEE
from xiangyue.standings.ratings.ledger import ledger_of, overview_rows
from xiangyue.standings.ratings.pages import stars_words
from xiangyue.standings.views.shown import at


@login_required
def ledgers(request: Request) -> HttpResponse:
    """On to the actor's own place: its village, its township, its county."""
    require(request.scope, SEE)
    paths = request.scope.paths(SEE)
    codes = [path.split("/")[:-1] for path in paths]
    # a bearer of one household looks at the household's village
    code = codes[0][min(2, len(codes[0]) - 1)]
    return redirect(at("ledger", code))


@login_required
def ledger(request: Request, code: str) -> HttpResponse:
    """A village's ledger; of a township or county the overview of what lies below it."""
    place = Place.objects.filter(code=code).select_related("township", "ground").first()
    levels = ("village", "township", "county")
    if place is None or place.level not in levels or not request.scope.meets(SEE, place.path):
        raise Http404
    today = timezone.localdate()
    above = Place.objects.above(place.path).filter(level__in=levels)
    steps = [(row.name, at("ledger", row.code) if row.pk != place.pk else "") for row in above]
    context: dict[str, Any] = {"place": place, "today": today, "crumbs": [(_("一村一账"), ""), *steps],
                               "ground_name": place.ground.name if place.ground else place.name}  # fmt: skip
    if place.level == "village":
        context["ledger"] = ledger_of(place, request.scope, today)
        return render(request, "standings/ledger/village.html", context)
    if place.level == "county":
        context["table"] = _townships(request, place)
    else:
        context["table"] = _villages(request, place)
    return render(request, "standings/ledger/below.html", context)


def _townships(request: Request, county: Place) -> Table:
    rows = Place.objects.live(timezone.localdate()).below(county.path).of("township").order_by("path")
    villages = Place.objects.live(timezone.localdate()).below(county.path).of("village")
    counts: dict[int, int] = {}
    for pk in villages.values_list("township_id", flat=True):
        counts[pk or 0] = counts.get(pk or 0, 0) + 1
    lines = [
        Line([Cell(row.name, at("ledger", row.code)), Cell(counts.get(row.pk, 0), unit=_("个村"))])
        for row in rows
        if request.scope.meets(SEE, row.path)
    ]
    return Table(_("乡镇"), [Head(_("乡镇")), Head(_("村"), "number")], lines, Empty(_("下面还没有乡镇")))


def _villages(request: Request, township: Place) -> Table:
    today = timezone.localdate()
    rows = Place.objects.live(today).below(township.path).of("village").order_by("path").select_related("ground")
    shown = overview_rows([row for row in rows if request.scope.meets(SEE, row.path)], today)
    ratings = list({now.rating.code: now for _place, held in shown for now in held["ratings"]}.values())
    heads = [Head(_("村"))]
    for now in ratings:
        heads += [Head(now.rating.name)]
        heads += [Head(_("今天达标"), "number"), Head(_("还差的项"))] if now.domains else []
    lines = []
    for place, held in shown:
        cells = [Cell(place.name, at("ledger", place.code), note=_("整顿中") if held["watched"] else "")]
        mine = {now.rating.code: now for now in held["ratings"]}
        for column in ratings:
            now = mine.get(column.rating.code)
            if now is None:
                cells += [Cell(_("不参评")), *([Cell("—"), Cell("—")] if column.domains else [])]
                continue
            cells.append(Cell(stars_words(now.last.stars) if now.last else _("还没有评过"),
                              note=now.last.rating.key if now.last else ""))  # fmt: skip
            if now.domains:
                gaps = [item.name for domain in now.domains for item in domain.gaps]
                told = "、".join(gaps[:3]) + (_("等 %s 项") % len(gaps) if len(gaps) > 3 else "")
                cells += [Cell(now.n_met, unit=f"/{len(now.domains)}"), Cell(told or _("全部达标"))]
        lines.append(Line(cells))
    return Table(_("各村台账"), heads, lines, Empty(_("下面还没有村")))
