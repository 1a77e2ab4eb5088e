"""The guided restructuring with its list, and the tree as it stood on a day."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.db.models.functions import Substr
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.base.problems import CHANGED, Problem
from xiangyue.base.roles import OFFICES
from xiangyue.base.scope import below, find, require, visible_to
from xiangyue.places.actions.restructure import carry_out, undo
from xiangyue.places.folding import by_township
from xiangyue.places.models import Level, Place, PlaceSpan, PlaceSpanQuerySet, Restructuring
from xiangyue.places.restructuring import Plan
from xiangyue.places.wizard import WhereForm, WhichForm


@login_required
def restructurings(request: Request) -> HttpResponse:
    """What has been merged, split, moved and renamed, with a way back."""
    require(request.scope, Restructuring.policy.see)
    rows = visible_to(Restructuring.objects.defer("undo"), request.scope).select_related("ground", "done_by__person")
    writable = set(visible_to(Restructuring.objects.all(), request.scope, to_write=True).values_list("pk", flat=True))
    context = {"rows": rows[:200], "writable": writable, "may_begin": request.scope.holds(OFFICES)}
    return render(request, "places/restructurings.html", context)


@login_required
def restructure(request: Request) -> HttpResponse:
    """The steps: where, which, dry run; the last one is a POST that carries the dry run's fingerprint."""
    require(request.scope, OFFICES)
    data = request.POST if request.method == "POST" else request.GET
    where = WhereForm(request.scope, data if "kind" in data else None)
    context: dict[str, object] = {"where": where}
    if where.is_bound and where.is_valid():
        which = WhichForm(request.scope, where.cleaned_data, data, today=timezone.localdate())
        words = Restructuring.Kind(where.cleaned_data["kind"]).label
        context |= {"which": which, "kind_words": words, "said": where.cleaned_data}
        if which.is_bound and which.is_valid():
            try:
                plan = which.plan()
            except Problem as problem:
                which.add_error(None, str(problem))
            else:
                if request.method == "POST":
                    return _carried_out(request, plan)
                context |= {"plan": plan, "asked": _asked(request)}
    return render(request, "places/restructure.html", context)


def _carried_out(request: Request, plan: Plan) -> HttpResponse:
    if request.POST.get("fingerprint") != plan.fingerprint:
        raise Problem(CHANGED, what=plan.ground.name)
    carry_out(request.user.pk, plan)
    messages.success(request, _("调整已完成。需要的话，可在下面撤回。"))
    return redirect("places:restructurings")


def _asked(request: Request) -> list[tuple[str, str]]:
    """What was chosen, to be sent again with the yes."""
    return [(name, value) for name, values in request.GET.lists() for value in values]


@login_required
@require_POST
def restructure_undo(request: Request, pk: int) -> HttpResponse:
    """Put back what one operation changed."""
    done = find(Restructuring.objects.select_related("ground"), request.scope, to_write=True, pk=pk)
    undo(request.user.pk, done)
    messages.success(request, _("已撤回，全部恢复原样。"))
    return redirect("places:restructurings")


@login_required
def as_of(request: Request) -> HttpResponse:
    """The villages of the actor's ground as they stood on a day."""
    require(request.scope, Place.policy.see)
    day = _day(request)
    spans = PlaceSpan.objects.filter(below("path", request.scope.paths(Place.policy.see))).on(day)
    levels = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
    rows = spans.filter(place__level__in=levels).select_related("place").order_by("path")
    counts = _households(spans)
    listed = [(span, span.path.count("/") - 1, counts.get(span.path)) for span in rows]
    names = {span.path: span.name for span, depth, _n in listed if depth == 1}
    below_county = [row for row in listed if row[1]]
    parts = by_township(below_county, lambda row: names.get("/".join(row[0].path.split("/")[:2]) + "/", ""))
    context = {"top": [row for row in listed if not row[1]], "parts": parts, "day": day, "today": timezone.localdate()}
    return render(request, "places/as_of.html", context)


def _households(spans: PlaceSpanQuerySet) -> dict[str, int]:
    """Path of a village on that day → households in it, counted by the database."""
    third = Substr("path", 1, 6 + 1 + 9 + 1 + 12 + 1)
    rows = spans.filter(place__level=Level.HOUSEHOLD).values(village=third).annotate(n=Count("pk")).order_by()
    return {row["village"]: row["n"] for row in rows}


def _day(request: Request) -> date:
    try:
        return parse_date(request.GET.get("day", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()
