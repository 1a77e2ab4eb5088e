"""Wishes of households: what waits, what became a problem, what was settled; and the next step of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.changes import history
from xiangyue.base.pages import Request, address
from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import Scope, require, visible_to
from xiangyue.duties import showing
from xiangyue.duties.actions import wishing
from xiangyue.duties.models import Duty
from xiangyue.duties.reading import standing_in
from xiangyue.duties.visit_models import Visit, Wish
from xiangyue.places.picking import place_label

ROWS = 50
READS = STAFF | {Role.AUDITOR, Role.BEARER, Role.DEPARTMENT}
ALWAYS = (Wish.State.OPEN, Wish.State.PROBLEM, Wish.State.SETTLED)
"""States whose tab stands even while it is empty."""
BADGES = {
    "open": "due",
    "problem": "running",
    "settled": "done",
    "declined": "ended",
    "held": "held",
    "withdrawn": "undone",
}


def seen(scope: Scope) -> QuerySet[Wish]:
    """The wishes that the actor sees: on their ground, told to them, or of households that they answer for."""
    rows = visible_to(Wish.objects.all(), scope)
    if scope.person_id is None:
        return rows
    today = timezone.localdate()
    mine = Duty.objects.live(today).filter(person_id=scope.person_id).order_by().values("target_id")
    stood = Duty.objects.live(today).filter(standing_in(today), stand_in_id=scope.person_id).values("target_id")
    own = Wish.objects.filter(household_id__in=mine) | Wish.objects.filter(household_id__in=stood)
    return Wish.objects.filter(pk__in=rows.order_by().values("pk")) | own


def may_act(scope: Scope, wish: Wish) -> bool:
    """Whether the actor may say what became of the wish: the offices over it, and whoever answers for the household."""
    if scope.holds(STAFF, wish.household.path):
        return True
    today = timezone.localdate()
    rows = Duty.objects.live(today).filter(target_id=wish.household_id)
    return scope.person_id is not None and (
        rows.filter(person_id=scope.person_id).exists()
        or rows.filter(standing_in(today), stand_in_id=scope.person_id).exists()
    )


@login_required
def wishes(request: Request) -> HttpResponse:
    """All wishes by state, the oldest open ones first."""
    require(request.scope, READS)
    rows = seen(request.scope).exclude(state=Wish.State.WITHDRAWN)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    state = request.GET.get("state", Wish.State.OPEN)
    asked = rows.filter(state=state) if state in Wish.State.values else rows
    asked = asked.select_related("household__village", "household__township", "household__household", "words", "person")
    page = Paginator(asked.order_by("day", "pk"), ROWS).get_page(request.GET.get("page"))
    tabs = [
        {"label": f"{one.label} {counts.get(one.value, 0)}", "url": address("visits:wishes", state=one.value),
         "current": one.value == state}
        for one in Wish.State if one != Wish.State.WITHDRAWN and (counts.get(one.value) or one in ALWAYS)
    ]  # fmt: skip
    context = {
        "tabs": tabs, "table": _table(list(page), showing.paged(page, request.GET)), "n_open": counts.get("open", 0),
        "crumbs": [(_("走访"), reverse("visits:ground")), (_("群众诉求"), "")],
    }  # fmt: skip
    return render(request, "visits/wishes.html", context)


def _table(rows: list[Wish], page: dict[str, Any]) -> dict[str, Any]:
    heads = [{"heading": _("诉求")}, {"heading": _("农户")}, {"heading": _("登记")}, {"heading": _("登记人")},
             {"heading": _("情况")}]  # fmt: skip
    today = timezone.localdate()
    lines = []
    for row in rows:
        days = (today - row.day).days
        waits = _("%s 天") % days if row.state == Wish.State.OPEN and days else ""
        cells = [{"value": words_of(row)}, {"value": household_of(row)}, {"value": row.day, "note": waits},
                 {"value": row.person.name if row.person else "—"},
                 {"state": BADGES[row.state], "value": row.get_state_display()}]  # fmt: skip
        lines.append({"url": reverse("visits:wish", args=(row.pk,)), "cells": cells})
    empty = {"title": _("没有这种诉求"), "words": _("走访时农户提出的事，在手机上或“记一次走访”里记下，就会列在这里。")}
    return {"caption": _("群众诉求"), "columns": heads, "rows": lines, "page": page, "fold": True, "empty": empty}


def words_of(wish: Wish) -> str:
    """What was asked for; after its term only that something was."""
    words: Any = getattr(wish, "words", None)
    return str(words.text) if words is not None else _("（内容已到期清除）")


def household_of(wish: Wish) -> str:
    """Where the household is, with its head."""
    home: Any = getattr(wish.household, "household", None)
    head = f" {home.head_name}" if home is not None and home.head_name else ""
    return place_label(wish.household) + head


@login_required
def wish(request: Request, pk: int) -> HttpResponse:
    """One wish: what was asked, what was done, and the next step."""
    rows = Wish.objects.select_related(
        "household__village", "household__township", "household__household", "words", "person", "capture"
    )
    row = find_seen(rows, request.scope, pk)
    words: Any = getattr(row, "words", None)
    context = {
        "wish": row, "text": words_of(row), "answer": words.answer if words is not None else "",
        "where": household_of(row), "badge": BADGES[row.state], "may": may_act(request.scope, row),
        "may_hand_on": wishing.problems_are_kept(), "problem_url": wishing.problem_page(row),
        "visit": Visit.objects.filter(capture__uuid=row.visit_uuid).first() if row.visit_uuid else None,
        "events": history(row)[:20],
        "crumbs": [(_("群众诉求"), reverse("visits:wishes")), (row.household.name, "")],
    }  # fmt: skip
    return render(request, "visits/wish.html", context)


def find_seen(rows: QuerySet[Wish], scope: Scope, pk: int) -> Wish:
    """The wish of that key; unseen 404."""
    return get_object_or_404(rows.filter(pk__in=seen(scope).order_by().values("pk")), pk=pk)


@login_required
@require_POST
def act(request: Request, pk: int) -> HttpResponse:
    """Settle a wish, decline it with words, hand it on as a problem, or open it again."""
    row = find_seen(Wish.objects.select_related("household"), request.scope, pk)
    if not may_act(request.scope, row):
        raise PermissionDenied
    today, answer = timezone.localdate(), request.POST.get("answer", "")
    step = request.POST.get("step", "")
    try:
        if step == "settle":
            wishing.settle_wish(request.user, row, answer, today=today)
        elif step == "decline":
            wishing.decline_wish(request.user, row, answer, today=today)
        elif step == "reopen":
            wishing.reopen_wish(request.user, row, today=today)
        else:
            wishing.hand_on_wish(request.user, row, kind=request.POST.get("kind", ""), today=today)
        messages.success(request, _("已记下。"))
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("visits:wish", pk)
