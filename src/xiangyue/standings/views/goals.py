"""Goals: targets and progress of a year, typing them in, and the stages that places have reached."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.agreements.actions.goals import reach_stage, set_targets, take_back_stage, tell_numbers
from xiangyue.agreements.goal_models import StageReached
from xiangyue.agreements.in_force import governed
from xiangyue.base.pages import Request, typed_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES, READERS, Role
from xiangyue.places.models import Place
from xiangyue.rules.numbers import pointed
from xiangyue.rules.settings import Goal, Scheme
from xiangyue.standings.goals import GoalProgress, goals_of

SEE = READERS | {Role.DEPARTMENT}
type Governed = tuple[Place, Scheme]


class NotANumber(ValueError):
    """What was typed in a field is no number of the goal."""


@login_required
def goals(request: Request) -> HttpResponse:
    """The goals of the year on the grounds that one reads, each with its progress."""
    year = _year(request)
    parts = [
        (ground, scheme, goals_of(ground, scheme, year), may_write(request, ground))
        for ground, scheme in governed_in(request, year)
        if scheme.goals or scheme.stages
    ]
    context = {"parts": parts, "year": year, "years": range(year - 1, year + 2)}
    return render(request, "standings/goals.html", context)


@login_required
def goal(request: Request, ground: str, scheme: str, goal: str) -> HttpResponse:
    """One goal: a line a place with target and number; for the office a form over all of them."""
    year = _year(request)
    place, found = _one(request, ground, scheme, year)
    row = next((one for one in found.goals if one.code == goal), None)
    if row is None:
        raise Http404
    if request.method == "POST":
        if not may_write(request, place):
            raise PermissionDenied
        if _taken(request, place, found, row, year):
            return redirect(f"{reverse('standings:goal', args=[ground, scheme, goal])}?year={year}")
    (progress,) = goals_of(place, found, year, only=goal)
    context = {
        "ground": place, "goal": row, "progress": progress, "year": year, "lines": _lines(request, progress),
        "may_write": may_write(request, place), "today": timezone.localdate(), "typed": request.POST,
        "is_told": row.measure == "entered",
    }  # fmt: skip
    return render(request, "standings/goal.html", context, status=422 if request.method == "POST" else 200)


@login_required
def stage(request: Request, ground: str, scheme: str, stage: str) -> HttpResponse:
    """One stage: which villages reached it, when and by what; for the office a form to mark them."""
    year = _year(request)
    place, found = _one(request, ground, scheme, year)
    row = next((one for one in found.stages if one.code == stage), None)
    if row is None:
        raise Http404
    villages = list(Place.objects.below(place.path).filter(level="village").live(timezone.localdate()).order_by("path"))
    if request.method == "POST":
        if not may_write(request, place):
            raise PermissionDenied
        if _marked(request, place, found, row, villages):
            return redirect("standings:stage", ground, scheme, stage)
    held = {
        mark.place_id: mark
        for mark in StageReached.objects.filter(ground=place, scheme=scheme, stage=stage, withdrawn_at=None)
    }
    context = {
        "ground": place, "stage": row, "stages": found.stages, "scheme": found, "today": timezone.localdate(),
        "rows": [(village, held.get(village.pk)) for village in villages], "n": len(held),
        "may_write": may_write(request, place), "typed": request.POST,
    }  # fmt: skip
    return render(request, "standings/stage.html", context, status=422 if request.method == "POST" else 200)


def governed_in(request: Request, year: int) -> list[Governed]:
    """The grounds with a scheme in force that one reads, and their schemes, as of today or the year's last day."""
    if not request.scope.holds(SEE):
        raise PermissionDenied
    day = min(timezone.localdate(), date(year, 12, 31))
    return [(ground, scheme) for ground, _version, scheme in governed(request.scope, SEE, day)]


def may_write(request: Request, ground: Place) -> bool:
    """Whether the actor's office governs the ground."""
    return request.scope.holds(OFFICES, ground.path)


def _one(request: Request, ground: str, code: str, year: int) -> Governed:
    if not request.scope.paths(SEE):
        raise Http404
    for place, scheme in governed_in(request, year):
        if (place.code, scheme.code) == (ground, code):
            return place, scheme
    raise Http404


def _year(request: Request) -> int:
    typed = request.POST.get("year") or request.GET.get("year", "")
    return int(typed) if typed.isdigit() and 2000 <= int(typed) <= 2100 else timezone.localdate().year


def _lines(request: Request, progress: GoalProgress) -> list[dict[str, Any]]:
    decimals = progress.goal.decimals
    return [
        {
            "place": row.place, "progress": row.progress,
            "target": request.POST.get(f"target-{row.place.code}", _written(row.progress.target, decimals)),
            "now": request.POST.get(f"now-{row.place.code}", ""),
            "has": _written(row.progress.now, decimals),
        }
        for row in progress.rows
    ]  # fmt: skip


def _written(number: int | None, decimals: int) -> str:
    return "" if number is None else pointed(number, decimals)


def _taken(request: Request, ground: Place, scheme: Scheme, goal: Goal, year: int) -> bool:
    """Take in the form; whether all of it is on file, told in words either way."""
    places = {p.code: p for p in Place.objects.below(ground.path).filter(level=goal.level)}
    now = timezone.now()
    try:
        aims = {
            p: _read(request.POST[f"target-{code}"], goal)
            for code, p in places.items()
            if f"target-{code}" in request.POST
        }
        told = {
            p: n for code, p in places.items() if (n := _read(request.POST.get(f"now-{code}", ""), goal)) is not None
        }
        changed = set_targets(
            request.user, ground, scheme, goal, year, aims, document=request.POST.get("document", ""), now=now
        )
        if told and goal.measure == "entered":
            day = typed_day(request.POST.get("on", "")) or timezone.localdate()
            changed += tell_numbers(
                request.user, ground, scheme, goal, told,
                on=day, source=request.POST.get("source", ""), today=timezone.localdate(), now=now,
            )  # fmt: skip
    except NotANumber as error:
        messages.error(request, _("“%s”不是数。请填不小于0的数，小数位数照目标的写法。") % error)
        return False
    except Problem as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
        return False
    messages.success(request, _("已保存，改了 %s 处。") % changed if changed else _("没有改动。"))
    return True


def _read(typed: str, goal: Goal) -> int | None:
    text = typed.strip().replace(",", "").replace("，", "")
    if not text:
        return None
    try:
        number = Decimal(text).scaleb(goal.decimals)
    except InvalidOperation:
        raise NotANumber(typed) from None
    if not number.is_finite() or number != int(number) or not 0 <= number < 10**15:
        raise NotANumber(typed)
    return int(number)


def _marked(request: Request, ground: Place, scheme: Scheme, stage: Any, villages: list[Place]) -> bool:
    chosen = set(request.POST.getlist("chosen"))
    places = [village for village in villages if village.code in chosen]
    words = request.POST.get("basis", "")
    now = timezone.now()
    try:
        if request.POST.get("action") == "back":
            n = take_back_stage(request.user, scheme, stage, places, reason=words, now=now)
        else:
            n = reach_stage(
                request.user, ground, scheme, stage, places,
                on=typed_day(request.POST.get("on", "")) or timezone.localdate(), basis=words, today=timezone.localdate(), now=now,
            )  # fmt: skip
    except Problem as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
        return False
    if not places:
        messages.error(request, _("没有选村。请先在表里勾选。"))
        return False
    messages.success(request, _("已登记 %s 个村。") % n)
    return True
