"""What waits: captures held for a person, and those late for a closed month."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, typed_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES, STAFF, Role
from xiangyue.base.scope import find, require, visible_to
from xiangyue.captures.models import Capture
from xiangyue.checks.actions import accept_held, dismiss_held
from xiangyue.rules.days import local_day

PAGE = 30


@login_required
def held(request: Request) -> HttpResponse:
    """Captures dated in the future, or too old: taken in on the right day, or left out with a reason."""
    require(request.scope, STAFF | {Role.AUDITOR})
    today = timezone.localdate()
    page = _page(request, Capture.State.HELD)
    for row in page:
        row.day = local_day(row.made_at)
        row.early = row.day > local_day(row.received_at)
        row.may = request.scope.holds(OFFICES, row.place.path)
        row.proposed = min(row.day, today)
    return render(request, "checks/held.html", {"page": page, "today": today})


@require_POST
@login_required
def decide(request: Request, pk: int) -> HttpResponse:
    """Take a held capture in, or leave it out."""
    capture = find(Capture.objects.select_related("place"), request.scope, pk=pk)
    require(request.scope, OFFICES, capture.place.path)
    reason = request.POST.get("reason", "")
    try:
        if request.POST.get("decision") == "accept":
            state = accept_held(request.scope, pk, day=typed_day(request.POST.get("day", "")), reason=reason)
            messages.success(request, _("已计入。") if state == "stored" else _("那个月已关账，已转为迟到记录。"))
        else:
            dismiss_held(request.scope, pk, reason=reason)
            messages.success(request, _("不予计入，原因已留存。"))
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("checks:held")


@login_required
def late(request: Request) -> HttpResponse:
    """Captures of closed months: on file, counted when the office opens a new version."""
    require(request.scope, STAFF | {Role.AUDITOR})
    page = _page(request, Capture.State.LATE)
    for row in page:
        row.day = local_day(row.made_at)
    return render(request, "checks/late.html", {"page": page})


def _page(request: Request, state: str) -> Any:
    rows = visible_to(Capture.objects.waiting(state), request.scope)
    rows = rows.select_related("place", "person").annotate(n=Count("checks")).order_by("-id")
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))
