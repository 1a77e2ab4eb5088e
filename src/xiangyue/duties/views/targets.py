"""Who answers for a place: as a page and as a fragment, with what was before; and giving one duty."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.scope import Scope, find
from xiangyue.duties import showing
from xiangyue.duties.access import seen_target
from xiangyue.duties.actions.single import Terms, end_duty
from xiangyue.duties.actions.single import assign as give
from xiangyue.duties.forms import AssignForm, EndForm, bearer_of
from xiangyue.duties.layers import LayerOn, day_for, groups_of, layers_on
from xiangyue.duties.models import Duty
from xiangyue.duties.permits import layers_given, may_give
from xiangyue.places.models import Level, Place
from xiangyue.places.picking import place_label


@login_required
def target(request: Request, place: str) -> HttpResponse:
    """Who answers for this place today on each layer, who did before, and who answers for what it lies in."""
    row = seen_target(request.scope, place)
    today = timezone.localdate()
    day = day_for(row, today)
    layers = layers_on(row, day)
    context = {
        "coming": day if day > today else None,
        "place": row,
        "label": place_label(row),
        "answers": answers(row, layers, day),
        "before": _before(row, layers, day),
        "above": _above(request.scope, row, layers, day) if row.level not in (Level.COUNTY, Level.TOWNSHIP) else [],
        "may": may_give(request.scope, row.level, row.path),
        # who bears a place without reading its ground opens their own page alone
        "sees": row.path.startswith(request.scope.paths(Duty.policy.see) or ("-",)),
        "me": request.scope.person_id,
        "today": today.isoformat(),
        "crumbs": showing.crumbs(request.scope, row, (row.name, "")),
    }
    partial = request.headers.get("HX-Request") == "true"
    return render(request, "duties/parts/answers.html" if partial else "duties/target.html", context)


def answers(place: Place, layers: tuple[LayerOn, ...], day: date) -> list[dict[str, Any]]:
    """Each group of layers whose targets are places of this level, with the duties live on the day."""
    rows = Duty.objects.live(day).filter(target=place).order_by("layer", "pk")
    live = list(rows.select_related("person", "organisation", "stand_in"))
    found = []
    for group in groups_of(tuple(one for one in layers if one.layer.target == place.level)):
        names = {(one.scheme, one.code): one for one in group}
        mine = [row for row in live if (row.scheme, row.layer) in names]
        found.append(
            {
                "title": "、".join(one.layer.name for one in group),
                "code": group[0].code,
                "derived": group[0].layer.bearer == "household",
                "partial": all(one.layer.partial for one in group),
                "tasks": [task.name for task in group[0].layer.tasks] if len(group) == 1 or not mine else
                [task.name for task in names[mine[0].scheme, mine[0].layer].layer.tasks],
                "duties": [{"row": row, "layer": names[row.scheme, row.layer]} for row in mine],
            }
        )  # fmt: skip
    return found


def _before(place: Place, layers: tuple[LayerOn, ...], day: date) -> list[dict[str, Any]]:
    names = {(one.scheme, one.code): one.layer.name for one in layers}
    rows = Duty.objects.filter(target=place).exclude(pk__in=Duty.objects.live(day).values("pk"))
    return [
        {"row": row, "layer": names.get((row.scheme, row.layer), row.layer), "later": row.from_on > day}
        for row in rows.select_related("person", "organisation").order_by("-from_on", "-pk")[:30]
    ]


def _above(scope: Scope, place: Place, layers: tuple[LayerOn, ...], day: date) -> list[dict[str, Any]]:
    names = {(one.scheme, one.code): one.layer.name for one in layers}
    over = [pk for pk in (place.village_id, place.township_id) if pk and pk != place.pk]
    rows = Duty.objects.live(day).filter(target_id__in=over)
    rows = rows.select_related("person", "organisation", "target").order_by("-target__path", "layer", "pk")
    mine = scope.paths(Duty.policy.see)
    # who answers above is named to everybody; their own pages lie on other ground
    return [
        {"row": row, "layer": names.get((row.scheme, row.layer), row.layer), "open": row.target.path.startswith(mine)}
        for row in rows
    ]


@login_required
def assign(request: Request, place: str) -> HttpResponse:
    """Let somebody answer for this place."""
    row = seen_target(request.scope, place)
    today = timezone.localdate()
    day = day_for(row, today)
    layers = [one for one in layers_given(request.scope, layers_on(row, day), row.path)
              if one.layer.target == row.level]  # fmt: skip
    if not may_give(request.scope, row.level, row.path):
        raise PermissionDenied
    back = reverse("duties:target", args=(row.code,))
    asked = request.POST.get("layer") or request.GET.get("layer") or ""
    chosen = next((one for one in layers if one.code == asked), layers[0] if layers else None)
    context: dict[str, Any] = {"place": row, "label": place_label(row), "layers": layers, "layer": chosen, "back": back,
                               "coming": day if day > today else None}  # fmt: skip
    context["crumbs"] = showing.crumbs(request.scope, row, (row.name, back), (_("指定包保人"), ""))
    if chosen is None:
        return render(request, "duties/assign.html", context)
    form = AssignForm(request.POST or None, initial={"layer": chosen.code, "from_on": day})
    form.offer(row, layers, chosen, day)
    status = 200
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        terms = Terms(values["from_on"], values["to_on"], values["team"])
        try:
            give(request.user, row, chosen.code, bearer_of(values["bearer"]), terms, scope=request.scope)
        except Problem as problem:
            form.add_error(None, str(problem))
            status = problem.kind.status
        else:
            messages.success(request, _("已指定。"))
            return redirect(back)
    return render(request, "duties/assign.html", {**context, "form": form}, status=status)


@login_required
@require_POST
def end(request: Request, duty: int) -> HttpResponse:
    """End one duty."""
    row = find(Duty.objects.select_related("target"), request.scope, to_write=True, pk=duty)
    form = EndForm(request.POST)
    if form.is_valid():
        end_duty(request.user, row, form.cleaned_data["last"], scope=request.scope, reason=form.cleaned_data["reason"])
        messages.success(request, _("已结束，最后一天是 %s。") % form.cleaned_data["last"])
    else:
        messages.error(request, _("没有结束：请填最后一天。"))
    return redirect("duties:target", row.target.code)
