"""What departments and enterprises gave and did: sums that open to the visits they were given on."""

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

from xiangyue.base.pages import Request, address, typed_day
from xiangyue.duties import showing
from xiangyue.duties.access import seen_ground, seen_organisation
from xiangyue.duties.layers import layers_on
from xiangyue.duties.visit_models import Contribution, Visit
from xiangyue.duties.visits import amounts
from xiangyue.duties.visits.shown import shown

ROWS = 50


def span_asked(request: Request) -> tuple[date, date]:
    """The days asked for; this year so far where none are."""
    today = timezone.localdate()
    first = typed_day(request.GET.get("from", "")) or date(today.year, 1, 1)
    last = typed_day(request.GET.get("to", "")) or today
    return (first, last) if first <= last else (last, first)


@login_required
def givers(request: Request) -> HttpResponse:
    """Sums by department, enterprise and kind over some days."""
    place = seen_ground(request.scope, request.GET.get("place", ""))
    first, last = span_asked(request)
    rows = amounts.by_giver(place.path, first, last)
    context = {
        "place": place, "first": first, "last": last,
        "sums": amounts.sums(amounts.contributions_of(place.path, first, last)),
        "table": _table(rows, place.code, first, last),
        "switcher": showing.switcher(request.scope, place, "visits:contributions"),
        "crumbs": [(_("走访"), reverse("visits:ground")), (_("帮扶投入"), "")],
    }  # fmt: skip
    return render(request, "visits/contributions.html", context)


def _table(rows: list[amounts.GiverSum], place: str, first: date, last: date) -> dict[str, Any]:
    heads = [{"heading": _("单位")}, {"heading": _("走访"), "kind": "number"}]
    heads += [{"heading": str(kind.label), "kind": "number"} for kind in amounts.KINDS]
    lines = []
    for row in rows:
        url = address("visits:giver", row.code, place=place, **{"from": first, "to": last}) if row.code else ""
        lines.append({"url": url, "cells": [{"value": row.name}, {"value": f"{row.visits:,}", "unit": _("次")},
                                            *_cells(row.amounts)]})  # fmt: skip
    if rows:
        total = [{"value": _("合计")}, {"value": f"{sum(row.visits for row in rows):,}", "unit": _("次")}]
        lines.append({"cells": [*total, *_cells(amounts.totals_of(rows))]})
    empty = {
        "title": _("这段时间没有登记投入"),
        "words": _("走访时记下的资金、物资、实事、人力和清运垃圾会汇总在这里。"),
    }
    return {"caption": _("分单位投入"), "columns": heads, "rows": lines, "fold": True, "empty": empty}


def _cells(figures: tuple[int, ...]) -> list[dict[str, Any]]:
    found = []
    for kind, amount in zip(amounts.KINDS, figures, strict=True):
        figure, unit = amounts.in_words(kind.value, amount) if amount else ("—", "")
        found.append({"value": figure, "unit": unit})
    return found


@login_required
def giver(request: Request, organisation: str) -> HttpResponse:
    """One department's or enterprise's visits with what was given on each: they add up to its line."""
    unit = seen_organisation(request.scope, organisation)
    place = seen_ground(request.scope, request.GET.get("place", ""))
    first, last = span_asked(request)
    visits = Visit.objects.counting().between(first, last).below(place.path).filter(organisation=unit)
    given = Contribution.objects.filter(visit__in=visits)
    rows = visits.filter(contributions__isnull=False).distinct().order_by("-day", "-pk")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    held = Visit.objects.filter(pk__in=[row.pk for row in page]).order_by("-day", "-pk")
    context = {
        "unit": unit, "place": place, "first": first, "last": last, "sums": amounts.sums(given),
        "visits": shown(request.scope, held, layers_on(place, last)), "page": showing.paged(page, request.GET),
        "crumbs": [(_("帮扶投入"), address("visits:contributions", place=place.code)), (unit.name, "")],
    }  # fmt: skip
    return render(request, "visits/giver.html", context)
