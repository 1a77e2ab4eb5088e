"""Assigning by rule as a guided walk: choose, look at the dry run, confirm, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF
from xiangyue.base.scope import find, require
from xiangyue.duties import showing
from xiangyue.duties.access import seen_ground
from xiangyue.duties.actions.ruling import assign_by_rule, end_assignment, undo_assignment
from xiangyue.duties.coverage import coverage_of
from xiangyue.duties.facts import seated
from xiangyue.duties.forms import EndForm, RuleForm
from xiangyue.duties.layers import LayerOn, day_for, layers_on
from xiangyue.duties.models import Assignment
from xiangyue.duties.permits import layers_given
from xiangyue.duties.ruling import Draft, bearer_names, draft_assignment
from xiangyue.places.models import Level, Place

LISTED = 50


@login_required
def rule(request: Request, place: str) -> HttpResponse:
    """Choose layers and day; the dry run shows beside it; the confirmed one is carried out as it was shown."""
    ground = seen_ground(request.scope, place)
    require(request.scope, STAFF, ground.path)
    today = timezone.localdate()
    day = day_for(ground, today)
    given = _offered(request, ground, day)
    asked = request.POST if request.method == "POST" else request.GET
    form = RuleForm(asked if "layers" in asked else None, initial={"on": day})
    if "layers" in asked and "on" not in asked:
        form = RuleForm({"layers": asked.getlist("layers"), "on": day.isoformat()})
    form.offer(given)
    status, draft = 200, None
    if form.is_bound and form.is_valid():
        try:
            if request.method == "POST":
                return _carried_out(request, ground, form)
            draft = draft_assignment(ground, form.cleaned_data["layers"], form.cleaned_data["on"],
                                     worst_percent=form.cleaned_data["worst_percent"])  # fmt: skip
        except Problem as problem:
            form.add_error(None, str(problem))
            status = problem.kind.status
    context = {
        "place": ground, "coming": day if day > today else None, "form": form, "given": given, "shown": _shown(draft) if draft else None,
        "switcher": showing.switcher(request.scope, ground, "duties:rule"),
        "crumbs": showing.crumbs(request.scope, ground, (_("按规则分配"), "")),
    }  # fmt: skip
    return render(request, "duties/rule.html", context, status=status)


def _offered(request: Request, place: Place, day: date) -> list[LayerOn]:
    order = list(Level)
    level = order.index(Level(place.level))
    layers = seated(layers_given(request.scope, layers_on(place, day), place.path), place.path, day)
    return [one for one in layers if order.index(Level(one.layer.target)) > level]


def _carried_out(request: Request, ground: Place, form: RuleForm) -> HttpResponse:
    values = form.cleaned_data
    row = assign_by_rule(
        request.user, ground, values["layers"], today=timezone.localdate(), on=values["on"],
        worst_percent=values["worst_percent"], digest=request.POST.get("digest", ""), scope=request.scope,
    )  # fmt: skip
    if row is None:
        messages.info(request, _("都已分好，什么也没有变。"))
        return redirect(f"{reverse('duties:coverage')}?place={ground.code}")
    return redirect("duties:assignment", row.pk)


def _shown(draft: Draft) -> dict[str, Any]:
    """The dry run in words and tables."""
    return {
        "draft": draft,
        "names": "、".join(one.layer.name for one in draft.layers),
        "nothing": not draft.gives and not draft.ends,
        "layers": [_layer_shown(draft, one) for one in draft.layers],
        "table": _changes(draft),
        "n_more": max(0, len(draft.gives) - LISTED),
        "findings": [finding.words for finding in draft.findings[:20]],
        "n_findings": len(draft.findings),
    }


def _layer_shown(draft: Draft, one: LayerOn) -> dict[str, Any]:
    loads = sorted(n for (layer, _code), n in draft.loads.items() if layer == one.code)
    return {
        "name": one.layer.name, "unit": one.unit, "targets": sum(loads), "bearers": len(loads),
        "low": loads[0] if loads else 0, "high": loads[-1] if loads else 0,
        "middle": loads[(len(loads) - 1) // 2] if loads else 0,
    }  # fmt: skip


def _changes(draft: Draft) -> dict[str, Any]:
    was = bearer_names(draft)
    lines: Sequence[Any] = draft.gives[:LISTED]
    heads = (_("对象"), _("编码"), _("包保层"), _("原来"), _("以后"), _("为什么"))
    return {
        "caption": _("变动"), "fold": True, "columns": [{"heading": head} for head in heads],
        "rows": [
            {"url": reverse("duties:target", args=(give.target.code,)), "cells": [
                {"value": give.target.name}, {"value": give.target.code}, {"value": give.layer.layer.name},
                {"value": was[give.was.id][1] if give.was else _("无人")}, {"value": give.bearer.name},
                {"value": give.why or _("轮到负荷最轻的")},
            ]}
            for give in lines
        ],
    }  # fmt: skip


@login_required
def assignment(request: Request, assignment: int) -> HttpResponse:
    """An assignment that was carried out: its figures, and the way back."""
    rows = Assignment.objects.select_related("place", "done_by__person")
    row = find(rows, request.scope, pk=assignment)
    today = timezone.localdate()
    day = day_for(row.place, today)
    names = {one.code: one.layer.name for one in layers_on(row.place, day)}
    codes = row.layers.split(",")
    context = {
        "row": row,
        "names": "、".join(names.get(code, code) for code in codes),
        "covers": [one for one in coverage_of(row.place.path, day) if one.code in codes],
        "may": request.scope.holds(Assignment.policy.write, row.place.path),
        "may_undo": row.undone_at is None and row.ended_on is None and timezone.localdate(row.done_at) == today,
        "is_open": row.undone_at is None and row.ended_on is None,
        "today": today.isoformat(),
        "crumbs": showing.crumbs(request.scope, row.place, (_("按规则分配"), "")),
    }
    return render(request, "duties/assignment.html", context)


@login_required
@require_POST
def undo(request: Request, assignment: int) -> HttpResponse:
    """Put everything back as it was before the assignment."""
    row = _own(request, assignment)
    undo_assignment(request.user, row, today=timezone.localdate(), scope=request.scope)
    messages.success(request, _("已撤回，全部恢复原样。"))
    return redirect("duties:assignment", row.pk)


@login_required
@require_POST
def end(request: Request, assignment: int) -> HttpResponse:
    """End the whole batch."""
    row = _own(request, assignment)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有结束：请填最后一天。"))
        return redirect("duties:assignment", row.pk)
    n = end_assignment(request.user, row, form.cleaned_data["last"], scope=request.scope,
                       reason=form.cleaned_data["reason"])  # fmt: skip
    messages.success(request, _("这一批 %s 条包保已结束。") % n)
    return redirect("duties:assignment", row.pk)


def _own(request: Request, key: int) -> Assignment:
    return find(Assignment.objects.select_related("place"), request.scope, to_write=True, pk=key)
