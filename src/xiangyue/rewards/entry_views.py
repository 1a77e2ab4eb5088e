"""Pages on which the office enters grades and heads, pasted from a sheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request, said_day
from xiangyue.base.problems import Problem
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.places.models import Place
from xiangyue.rewards import access, offers
from xiangyue.rewards.award_models import GradeEntry
from xiangyue.rewards.entering import enter_grades, enter_heads
from xiangyue.rewards.incentive_models import HeadCount
from xiangyue.rewards.showing import at
from xiangyue.rules.days import parse_period
from xiangyue.rules.settings import Grading, Incentives

SHOWN = 500


@login_required
def grades(request: Request, ground: str, grading: str) -> HttpResponse:
    """The grades entered for one grading, and the form for more."""
    place = access.ground_of(request.scope, ground)
    scheme, settings = _grading(request, place, grading)
    text = request.POST.get("rows", "")
    if request.method == "POST" and _saved(
        request, lambda: enter_grades(request.user, place, scheme, settings, text, today=timezone.localdate())
    ):
        return redirect(at("grades", ground, grading))
    names = {band.code: band.name for band in settings.grades}
    rows = GradeEntry.objects.filter(scheme=scheme, grading=grading, place__path__startswith=place.path)
    columns = [Head(_("对象")), Head(_("所在")), Head(_("等次")), Head(_("依据文件")), Head(_("日期"))]
    lines = [
        Line([Cell(row.place.name, note=row.place.code), Cell(row.place.parent.name if row.place.parent else ""),
              Cell(names.get(row.grade, row.grade)), Cell(row.document), Cell(said_day(row.on))])
        for row in rows.select_related("place__parent").order_by("-on", "place__path")[:SHOWN]
    ]  # fmt: skip
    context = {
        "heading": settings.name,
        "lead": _("按文件登记；名单按考核期内最后一次登记的等次来。"),
        "table": Table(settings.name, columns, lines, Empty(_("还没有登记"), _("在右边逐行填，或从表格整段粘贴。"))),
        "help": _("一行一个：编码，等次（%s），依据文件，日期") % "、".join(names.values()),
        "example": f"220681102201，{settings.grades[0].name}，示例〔2026〕1号，2026-06-30",
        "text": text,
        "crumbs": [(_("奖级与等次"), at("lists")), (settings.name, "")],
    }
    return render(request, "rewards/enter.html", context)


@login_required
def heads(request: Request, ground: str, incentives: str, period: str) -> HttpResponse:
    """The heads entered for a period's incentives, and the form for more."""
    place = access.ground_of(request.scope, ground)
    scheme, settings = _incentives(request, place, incentives)
    text = request.POST.get("rows", "")
    if request.method == "POST" and _saved(
        request, lambda: enter_heads(request.user, place, scheme, settings, _key(period), text)
    ):
        return redirect(at("heads", ground, incentives, period))
    rows = HeadCount.objects.filter(
        scheme=scheme, incentives=incentives, key=_key(period), place__path__startswith=place.path
    )
    columns = [Head(_("对象")), Head(_("所在")), Head(_("人数"), "number"), Head(_("依据"))]
    lines = [
        Line([Cell(row.place.name, note=row.place.code), Cell(row.place.parent.name if row.place.parent else ""),
              Cell(row.n), Cell(row.basis)])
        for row in rows.select_related("place__parent").order_by("place__path")[:SHOWN]
    ]  # fmt: skip
    name = parse_period(_key(period)).name + settings.name
    context = {
        "heading": _("%s：按人奖补人数") % name,
        "lead": _("按人发的奖补，人数从这里来；改了人数要重新拟定方案。"),
        "table": Table(name, columns, lines, Empty(_("还没有登记"), _("在右边逐行填，或从表格整段粘贴。"))),
        "help": _("一行一个：编码，人数，依据"),
        "example": "220681102201，5，三委干部花名册",
        "text": text,
        "crumbs": [(_("奖补"), at("plans")), (name, "")],
    }
    return render(request, "rewards/enter.html", context)


def _saved(request: Request, enter: Any) -> bool:
    try:
        n = enter()
    except Problem as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
        return False
    messages.success(request, _("已登记 %s 行。") % n)
    return True


def _key(period: str) -> str:
    try:
        return parse_period(period).key
    except ValueError:
        raise Http404 from None


def _grading(request: Request, ground: Place, code: str) -> tuple[str, Grading]:
    for place, scheme in offers.schemes_of(request.scope, timezone.localdate()):
        found = next((row for row in scheme.gradings if row.code == code and row.basis == "entered"), None)
        if place.pk == ground.pk and found is not None:
            return scheme.code, found
    raise Http404


def _incentives(request: Request, ground: Place, code: str) -> tuple[str, Incentives]:
    for place, scheme in offers.schemes_of(request.scope, timezone.localdate()):
        found = next((row for row in scheme.incentives if row.code == code), None)
        if place.pk == ground.pk and found is not None:
            return scheme.code, found
    raise Http404
