"""The list of inspections, the year's plan, and arranging one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request, address, typed_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import READERS, Role
from xiangyue.base.scope import below, require, visible_to
from xiangyue.checks.inspections import problems, seeing
from xiangyue.checks.inspections.arranging import arrange
from xiangyue.checks.inspections.models import Inspection, InspectionPlan, InspectionTurn, SheetObjection
from xiangyue.checks.inspections.planning import MOST_TIMES, file_plan, times_of
from xiangyue.checks.inspections.reporting import counted
from xiangyue.checks.inspections.ways import Ground, draw_of, grounds
from xiangyue.checks.models import Check
from xiangyue.places.models import Level, Place
from xiangyue.rules.days import month_of

SHOWN, RECEIVED = 30, 12
RECEIVERS = frozenset({Role.VILLAGE_OFFICE, Role.TOWNSHIP_OFFICE})
MONTHS = range(1, 13)


@login_required
def inspections(request: Request) -> HttpResponse:
    """What is planned, on its way and done on the actor's grounds, and for a village what was seen of it."""
    today, now = timezone.localdate(), timezone.now()
    found = grounds(request.scope, READERS, today)
    rows = list(seeing.inspections(request.scope).order_by("-from_on", "-pk")[:SHOWN])
    if not found and not rows:
        require(request.scope, READERS)
    inside = {one.place.pk for one in found if request.scope.holds(seeing.INSIDE, one.place.path)}
    teams = Inspection.objects.filter(teams__members__person=request.scope.person_id or 0)
    mine = set(teams.values_list("pk", flat=True))
    context = {
        "grounds": [(one, _years(one, today), counted(one, today.year, today)) for one in found],
        "may_run": {one.place.pk for one in found if seeing.runs(request.scope, one.place)},
        "rows": rows if inside or mine else [], "mine": mine, "today": today, "inside": inside,
        "received": _received(request, now), "month": month_of(today).key,
        "objections": _objections(request),
    }  # fmt: skip
    return render(request, "checks/inspections/list.html", context)


@login_required
def plan(request: Request, ground: str, scheme: str, year: int) -> HttpResponse:
    """The year's plan, months across, ways down; the office of the ground files it."""
    found = ground_of(request, ground, scheme)
    may = seeing.runs(request.scope, found.place)
    row = InspectionPlan.objects.filter(ground=found.place, scheme=scheme, year=year).first()
    form: dict[str, str] = {}
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        form = {key: str(value) for key, value in request.POST.items()}
        try:
            _file(request, found, year)
            messages.success(request, _("年度计划已存，备案文号已登记。"))
            return redirect("inspections:plan", ground, scheme, year)
        except Problem as problem:
            messages.error(request, str(problem))
    held = times_of(row)
    lines = [
        (way, draw_of(found.scheme, way), [(month, _typed(form, way.code, month, held)) for month in MONTHS],
         sum(held.get((way.code, month), 0) for month in MONTHS))
        for way in found.scheme.inspections
    ]  # fmt: skip
    context = {
        "found": found, "plan": row, "year": year, "may": may, "lines": lines, "months": MONTHS, "form": form,
        "cap": found.scheme.burden.inspections_month, "today": timezone.localdate(), "ground_name": found.place.name,
        "crumbs": [(_("督查"), address("inspections:inspections")), (_("%s 年度计划") % year, "")],
    }  # fmt: skip
    return render(request, "checks/inspections/plan.html", context, status=422 if form else 200)


@login_required
def arrange_one(request: Request, ground: str, scheme: str) -> HttpResponse:
    """Arranging one inspection of the plan."""
    found = ground_of(request, ground, scheme)
    if not seeing.runs(request.scope, found.place):
        raise PermissionDenied
    status = 200
    if request.method == "POST":
        told = request.POST
        try:
            row = arrange(
                request.user, found.place, scheme, told.get("way", ""), from_on=_day(told.get("from_on"), _("开始日期")),
                to_on=typed_day(told.get("to_on")), townships=tuple(told.getlist("township")),
                number_name=told.get("number_name", ""), number_on=typed_day(told.get("number_on")), now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("已安排。请编组、定组长。"))
            return redirect("inspections:inspection", row.pk)
        except Problem as problem:
            messages.error(request, str(problem))
            status = 422
    towns = Place.objects.live(timezone.localdate()).below(found.place.path).of(Level.TOWNSHIP).order_by("path")
    context = {
        "found": found, "ways": [(way, draw_of(found.scheme, way)) for way in found.scheme.inspections],
        "towns": towns, "form": request.POST, "chosen": request.POST.getlist("township"),
        "today": timezone.localdate(), "ground_name": found.place.name,
        "crumbs": [(_("督查"), address("inspections:inspections")), (_("安排督查"), "")],
    }  # fmt: skip
    return render(request, "checks/inspections/arrange.html", context, status=status)


def ground_of(request: Request, code: str, scheme: str) -> Ground:
    """A ground that the actor has a place on, with the scheme by which it inspects: unseen 404."""
    for one in grounds(request.scope, READERS, timezone.localdate()):
        if one.place.code == code and one.scheme.code == scheme:
            return one
    raise Http404


def _file(request: Request, found: Ground, year: int) -> None:
    """The plan as it was typed; a month that is no number is handed on as one too many, for the rules to refuse."""
    times = {
        (way.code, month): _times(request.POST.get(f"{way.code}.{month}", ""))
        for way in found.scheme.inspections
        for month in MONTHS
    }
    document = request.POST.get("document", "")
    filed_on = _day(request.POST.get("filed_on"), _("备案日期"))
    file_plan(request.user, found.place, found.scheme, year, times, document=document, filed_on=filed_on)


def _times(typed: str) -> int:
    text = typed.strip()
    return int(text or 0) if not text or (text.isdecimal() and len(text) < 4) else MOST_TIMES + 1


def _typed(form: dict[str, str], way: str, month: int, held: Any) -> str:
    typed = form.get(f"{way}.{month}")
    return typed if typed is not None else str(held.get((way, month), "") or "")


def _day(typed: str | None, what: str) -> date:
    found = typed_day(typed)
    if found is None:
        raise Problem(problems.NO_DAY, what=what)
    return found


def _years(found: Ground, today: date) -> list[tuple[int, bool]]:
    """The years whose plans there are, this year and the next, and whether each was filed."""
    years = InspectionPlan.objects.filter(ground=found.place, scheme=found.scheme.code).values_list("year", flat=True)
    filed = set(years)
    return [(year, year in filed) for year in sorted({*filed, today.year, today.year + 1})]


def _received(request: Request, now: datetime) -> list[tuple[InspectionTurn, list[Check]]]:
    """The turns to a village office's own places whose sheets are shown, newest first."""
    paths = request.scope.paths(RECEIVERS)
    if not paths:
        return []
    rows = InspectionTurn.objects.filter(below("subject__path", paths), inspection__state__in=seeing.UNDER_WAY)
    rows = rows.select_related(*seeing.WITH).order_by("-inspection__from_on", "order")[:RECEIVED]
    shown = [(stop.turn, seeing.shown_of(stop, now)) for stop in seeing.stops_among(list(rows))]
    return [
        (turn, sheets) for turn, sheets in shown if sheets and not seeing.runs(request.scope, turn.inspection.ground)
    ]


def _objections(request: Request) -> list[SheetObjection]:
    """Objections that wait for the actor's office."""
    rows = visible_to(SheetObjection.objects.filter(outcome="open"), request.scope, to_write=True)
    return list(rows.select_related("subject", "turn__inspection")[:20])
