"""Indicators of a scheme in a period: what is given and what is missing, and the page to type a township's villages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.places.models import Place
from xiangyue.standings.actions.indicators import enter_numbers
from xiangyue.standings.actions.periods import span_of
from xiangyue.standings.ratings.access import ENTERS, scheme_seen, schemes_seen
from xiangyue.standings.ratings.grid import grid_of, overview_of, read_entries
from xiangyue.standings.views.shown import at


@login_required
def indicators(request: Request) -> HttpResponse:
    """The indicators of every scheme that the actor sees, with how many numbers are in for the period asked for."""
    today = timezone.localdate()
    homes = [home for home in schemes_seen(request.scope, today) if home.scheme.indicators]
    context = overview_of(request, homes, today)
    context["may_enter"] = request.scope.holds(ENTERS)
    return render(request, "standings/indicators/list.html", context)


@login_required
def grid(request: Request, ground: str, scheme: str, key: str, place: str) -> HttpResponse:
    """The numbers of the places below one, in a grid to be typed; POST enters what is new."""
    home = scheme_seen(request.scope, ground, scheme, timezone.localdate())
    above = Place.objects.filter(code=place).first()
    if above is None or not above.path.startswith(home.ground.path):
        raise Http404
    if not request.scope.holds(ENTERS, above.path):
        raise PermissionDenied
    try:
        span = span_of(key)
    except Problem:
        raise Http404 from None
    shown = grid_of(request, home, span, above)
    context: dict[str, Any] = {"grid": shown, "ground_name": home.ground.name, "crumbs": [
        (_("指标填报"), at("indicators", key=key)), (f"{above.name} {span.name}", "")
    ]}  # fmt: skip
    if request.method == "POST":
        entries, errors = read_entries(request, shown)
        if not errors:
            try:
                n = enter_numbers(request.user.pk, home.facts_ground, home.scheme, span, entries, now=timezone.now())
            except Problem as problem:
                messages.error(request, str(problem))
            else:
                messages.success(request, _("已记入 %s 个新数。") % n if n else _("没有变化，原来的数照旧。"))
                return redirect(request.get_full_path())
        context["errors"] = errors
    return render(request, "standings/indicators/grid.html", context)
