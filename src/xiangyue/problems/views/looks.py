"""Second looks: the months, a month's sealed plan, its draw with every lot, and what is to be looked at."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, typed_day
from xiangyue.base.problems import Problem as Wrong
from xiangyue.base.roles import READERS, Role
from xiangyue.base.scope import Scope
from xiangyue.base.sealing import NUMBER_UNNAMED
from xiangyue.places.models import Level, Place
from xiangyue.problems import access, words
from xiangyue.problems.actions.looking import draw_looks, plan_looks
from xiangyue.problems.kinds import kinds_of
from xiangyue.problems.models import Look, LookDraw, Problem
from xiangyue.problems.showing import at, done, row_of, where
from xiangyue.rules.days import Span, month_of, parse_period, previous

MONTHS = 6
PLANNERS = frozenset({Role.COUNTY_OFFICE})


def seen(scope: Scope) -> list[LookDraw]:
    """The draws on grounds that the actor has to do with, newest first."""
    rows = LookDraw.objects.select_related("ground").order_by("-month", "ground__path")[:60]
    return [row for row in rows if scope.meets(READERS, row.ground.path)]


def found(scope: Scope, pk: int, *, to_write: bool = False) -> LookDraw:
    """One month's draw: unseen 404, seen but not the actor's to draw 403."""
    row = LookDraw.objects.select_related("ground").filter(pk=pk).first()
    if row is None or not scope.meets(READERS, row.ground.path):
        raise Http404
    if to_write and not scope.holds(PLANNERS, row.ground.path):
        raise PermissionDenied
    return row


@login_required
def looks(request: Request) -> HttpResponse:
    """What is to be looked at again, and the months' draws."""
    if not request.scope.holds(READERS):
        raise PermissionDenied
    today = timezone.localdate()
    due = access.seen(request.scope).filter(look="due").order_by("look_on", "pk")
    due = due.select_related("person", "organisation", "place__village", "place__township", "place__parent")
    rows = list(due[:100])
    kinds = kinds_of(rows)
    grounds = Place.objects.filter(path__in=request.scope.paths(PLANNERS), level=Level.COUNTY)
    months = _months()
    draws = seen(request.scope)
    planned = {(row.ground_id, row.month) for row in draws}
    context = {
        "rows": [row_of(row, today, kinds[row.pk].pictogram) for row in rows],
        "draws": [{"row": row, "name": parse_period(row.month).name, "url": at("look", row.pk)} for row in draws],
        "open": [
            (g.code, m.key, f"{g.name} {m.name}") for g in grounds for m in months if (g.pk, m.key) not in planned
        ],
        "crumbs": [(_("问题"), at("mine")), (_("回头看"), "")],
    }
    return render(request, "problems/looks.html", context)


def _months() -> list[Span]:
    """The months before this one, newest first."""
    months = [previous(month_of(timezone.localdate()))]
    while len(months) < MONTHS:
        months.append(previous(months[-1]))
    return months


@login_required
def look(request: Request, pk: int) -> HttpResponse:
    """One month's draw: the seal, the number, every lot, so that anyone can draw it again."""
    row = found(request.scope, pk)
    today = timezone.localdate()
    lots = list(
        row.lots.select_related("problem__place__village", "problem__place__township", "problem__place__parent")
    )
    mine = set(access.seen(request.scope).filter(pk__in=[lot.problem_id for lot in lots]).values_list("pk", flat=True))
    shown = [
        {"lot": lot, "name": lot.problem.kind_name, "group": group_of(lot), "where": where(lot.problem.place) if lot.problem_id in mine else "",
         "url": at("problem", lot.problem_id) if lot.problem_id in mine else ""}
        for lot in sorted(lots, key=lambda one: (one.stratum, one.place))
    ]  # fmt: skip
    context: dict[str, Any] = {
        "row": row,
        "name": parse_period(row.month).name,
        "lots": shown,
        "n_drawn": sum(lot.is_drawn for lot in lots),
        "draws": row.drawn_on is None and request.scope.holds(PLANNERS, row.ground.path),
        "is_out": row.number_on <= today,
        "crumbs": [(_("回头看"), at("looks")), (parse_period(row.month).name, "")],
    }
    return render(request, "problems/look.html", context)


def group_of(lot: Look) -> str:
    """The lot's stratum in words: its kind, and its township."""
    township = lot.problem.place.township
    return f"{lot.problem.kind_name} · {township.name}" if township else lot.problem.kind_name


@login_required
@require_POST
def plan(request: Request) -> HttpResponse:
    """Plan a month's draw with a public number that is still to come."""
    if not request.scope.holds(PLANNERS):
        raise PermissionDenied
    code, _sep, month = request.POST.get("month", "").partition("|")
    ground = Place.objects.filter(code=code, level=Level.COUNTY).first()
    if ground is not None and not request.scope.holds(PLANNERS, ground.path):
        raise Http404

    def act() -> tuple[str, str]:
        day = typed_day(request.POST.get("number_on"))
        if ground is None or month not in [one.key for one in _months()]:
            raise Wrong(words.DRAW_EARLY, why=_("没有选月份"))
        if day is None:
            raise Wrong(NUMBER_UNNAMED)
        name = request.POST.get("number_name", "")
        made = plan_looks(request.user.pk, ground, month, number_name=name, number_on=day, now=timezone.now())
        return _("已定好抽签计划，密钥的指纹已公开。号码公布后来填。"), at("look", made.pk)

    return done(request, act, at("looks"))


@login_required
@require_POST
def draw(request: Request, pk: int) -> HttpResponse:
    """Draw with the number as it was published."""
    row = found(request.scope, pk, to_write=True)

    def act() -> tuple[str, str]:
        draw_looks(request.user.pk, row.pk, request.POST.get("number", ""), now=timezone.now())
        n = Problem.objects.filter(lots__draw=row, lots__is_drawn=True).count()
        return _("已抽出 %s 件，到期由别人去回头看。") % n, at("look", row.pk)

    return done(request, act, at("look", row.pk))
