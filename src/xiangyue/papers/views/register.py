"""The register of sheets: which are out, missing, typed in; a number opens its sheet; spoilt ones are cancelled."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, address
from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF
from xiangyue.base.scope import require, visible_to
from xiangyue.duties import showing
from xiangyue.papers import access, actions
from xiangyue.papers.models import Sheet
from xiangyue.papers.saying import STATES, days_words

ROWS = 50


@login_required
def sheets(request: Request) -> HttpResponse:
    """All sheets by state; a typed or scanned number leads to its sheet."""
    require(request.scope, access.READS)
    today = timezone.localdate()
    wanted = request.GET.get("number", "").strip()
    problem = None
    if wanted:
        try:
            return redirect("papers:type", access.sheet_typed(request.scope, wanted).number)
        except Problem as found:
            problem = found
    seen = visible_to(Sheet.objects.all(), request.scope)
    rows = Sheet.objects.filter(pk__in=seen.order_by().values("pk"))
    state = request.GET.get("state", "printed")
    counts = {one: rows.in_state(one, today).count() for one in STATES}
    asked = rows.in_state(state if state in STATES else "printed", today)
    asked = asked.select_related("place__township", "person", "printed_by__person", "typed_by__person").by_print()
    page = Paginator(asked.order_by("-pk"), ROWS).get_page(request.GET.get("page"))
    tabs = [
        {"label": f"{STATES[one].words} {n}", "url": address("papers:sheets", state=one), "current": one == state}
        for one, n in counts.items()
    ]
    may = request.scope.holds(access.PRINTS)
    context = {
        "tabs": tabs, "counts": counts, "wanted": wanted, "problem": problem, "may": may,
        "table": _table(list(page), showing.paged(page, request.GET), may=may),
        "crumbs": [(_("纸质表"), "")],
    }  # fmt: skip
    return render(request, "papers/sheets.html", context, status=422 if problem else 200)


@login_required
@require_POST
def cancel(request: Request, number: str) -> HttpResponse:
    """Cancel a sheet that was spoilt, lost or printed twice."""
    sheet = access.sheet_to_type(request.scope, number)
    if sheet.person_id != request.scope.person_id and not request.scope.holds(STAFF, sheet.place.path):
        raise PermissionDenied
    try:
        actions.cancel_sheet(request.user, sheet, now=timezone.now())
        messages.success(request, _("表 %s 已作废，不再催收。") % sheet.shown)
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("papers:sheets")


def _table(rows: list[Sheet], page: dict[str, Any], *, may: bool) -> dict[str, Any]:
    heads = [{"heading": _("表号")}, {"heading": _("表名")}, {"heading": _("包保人")}, {"heading": _("所在")},
             {"heading": _("日期")}, {"heading": _("打印")}, {"heading": _("情况")}]  # fmt: skip
    today, lines = timezone.localdate(), []
    for row in rows:
        state = STATES[row.state_on(today)]
        typed = row.typed_at.astimezone() if row.typed_at else None
        by = row.typed_by.person if row.typed_by else None
        note = f"{by.name if by else ''} {typed:%Y-%m-%d}" if typed else ""
        who = row.printed_by.person if row.printed_by else None
        copies = getattr(row, "n", 1)
        form = (
            _("%(form)s %(n)d 份") % {"form": row.get_form_display(), "n": copies}
            if copies > 1
            else row.get_form_display()
        )
        cells = [
            {"value": row.shown}, {"value": row.title, "note": form},
            {"value": row.person.name if row.person else "—"}, {"value": row.place.name},
            {"value": days_words(row)},
            {"value": timezone.localtime(row.printed_at).date(), "note": who.name if who else ""},
            {"state": state.badge, "value": state.words, "note": note},
        ]  # fmt: skip
        lines.append({"url": reverse("papers:type", args=[row.number]) if may else "", "cells": cells})
    empty = {"title": _("没有这样的纸质表"), "words": _("打印的每张表都有表号，列在这里；录入以后从“在外”转到“已录入”。"),
             "url": reverse("papers:print") if may else "", "label": _("打印纸质表") if may else ""}  # fmt: skip
    return {"caption": _("纸质表"), "columns": heads, "rows": lines, "page": page, "fold": True, "empty": empty}
