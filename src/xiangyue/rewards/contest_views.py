"""Contests: opened, their stops, goods and titles; who is handed what; the list that is signed on paper."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.base.scope import below
from xiangyue.places.models import Level, Place
from xiangyue.rewards import access, contest_actions
from xiangyue.rewards import honour_access as may
from xiangyue.rewards.contest_models import Contest, ContestStop, HandOut
from xiangyue.rewards.honour_acts_views import day_in, number_in
from xiangyue.rewards.honour_models import SEE, Held
from xiangyue.rewards.honour_rows import named, where
from xiangyue.rewards.showing import at, done
from xiangyue.rules.days import parse_period
from xiangyue.standings.actions.periods import key_said


@login_required
def contests(request: Request) -> HttpResponse:
    """All contests that the actor has to do with; an office opens one."""
    if not request.scope.holds(SEE):
        raise PermissionDenied
    day = timezone.localdate()
    titles = [one for one in may.titles(request.scope, day) if access.writes(request.scope, one.ground)]
    rows = may.contests(request.scope).prefetch_related("stops")
    context = {
        "rows": [(row, parse_period(row.key).name) for row in rows],
        "titles": titles,
        "crumbs": [(_("荣誉称号"), at("honours")), (_("竞赛"), "")],
    }
    return render(request, "rewards/contests.html", context)


@login_required
@require_POST
def open_one(request: Request) -> HttpResponse:
    """Open a contest for titles of one scheme."""
    chosen = [one.split("|") for one in request.POST.getlist("honours")]
    grounds = {(one[0], one[1]) for one in chosen if len(one) == 3}
    if len(grounds) != 1:
        place, scheme = request.POST.get("ground", ""), ""
    else:
        place, scheme = grounds.pop()
    ground = access.ground_of(request.scope, place)

    def act() -> tuple[str, str]:
        row = contest_actions.open_contest(
            request.user, ground, request.POST.get("name", ""), key_said(request.POST.get("period", "")),
            [one[2] for one in chosen if len(one) == 3], approval=request.POST.get("approval", ""),
            now=timezone.now(), scheme=scheme,
        )  # fmt: skip
        return _("“%s”已开办。接着加站点和物品。") % row.name, at("contest", row.pk)

    return done(request, act, at("contests"))


@login_required
def contest(request: Request, pk: int) -> HttpResponse:
    """One contest: titles, stops in turn, goods that add up, and who gets what where."""
    row = may.contest_of(request.scope, pk)
    office = access.writes(request.scope, row.ground)
    counts = contest_actions.stop_counts(row)
    stops = [{"row": stop, "n": counts.get(stop.pk, (0, 0))[0], "done": counts.get(stop.pk, (0, 0))[1]}
             for stop in row.stops.select_related("place")]  # fmt: skip
    held = Held.objects.filter(ground=row.ground, scheme=row.scheme, honour__in=row.honours, list__key=row.key)
    mine = held.filter(below("place__path", request.scope.paths(SEE)))
    mine = mine.select_related("place__village", "place__township", "place__household", "plaque")
    rows = list(mine.order_by("place__path"))
    planned = dict(HandOut.objects.current().filter(stop__contest=row).values_list("place_id", "stop__market"))
    context = {
        "row": row,
        "name": parse_period(row.key).name,
        "office": office,
        "stops": stops,
        "goods": contest_actions.totals(row),
        "holders": [{"held": one, "name": named(one.place), "where": where(one.place), "stop": planned.get(one.place_id)}
                    for one in rows],
        "waiting": sum(one.place_id not in planned for one in rows),
        "towns": _towns(row) if office else [],
        "today": timezone.localdate(),
        "crumbs": [(_("荣誉称号"), at("honours")), (_("竞赛"), at("contests")), (row.name, "")],
    }  # fmt: skip
    return render(request, "rewards/contest.html", context)


def _towns(row: Contest) -> list[tuple[str, str]]:
    levels = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
    rows = Place.objects.filter(below("path", (row.ground.path,)), level__in=levels, to_on=None).order_by("path")
    return list(rows.values_list("code", "name"))


@login_required
@require_POST
def add_stop(request: Request, pk: int) -> HttpResponse:
    """One more stop."""
    row = may.contest_of(request.scope, pk, to_write=True)

    def act() -> tuple[str, str]:
        place = Place.objects.filter(code=request.POST.get("place", "")).first() or row.ground
        made = contest_actions.add_stop(request.user, row, place, request.POST.get("market", ""), on=day_in(request))
        return _("第%(n)s站“%(m)s”已加上。") % {"n": made.position, "m": made.market}, at("contest", pk)

    return done(request, act, at("contest", pk))


@login_required
@require_POST
def add_goods(request: Request, pk: int) -> HttpResponse:
    """Goods bought."""
    row = may.contest_of(request.scope, pk, to_write=True)

    def act() -> tuple[str, str]:
        made = contest_actions.add_goods(
            request.user, row, request.POST.get("name", ""), request.POST.get("unit", ""), number_in(request, "n")
        )
        return _("“%(n)s”购入共 %(b)s%(u)s。") % {"n": made.name, "b": made.bought, "u": made.unit}, at("contest", pk)

    return done(request, act, at("contest", pk))


@login_required
@require_POST
def plan(request: Request, pk: int) -> HttpResponse:
    """The chosen holders get so much at this stop."""
    stop = may.stop_of(request.scope, pk)
    chosen = may.held_to_write(request.scope, request.POST.getlist("chosen"))
    back = at("contest", stop.contest_id)

    def act() -> tuple[str, str]:
        goods = {one.pk: number_in(request, f"goods-{one.pk}") for one in stop.contest.goods.all()}
        n = contest_actions.plan_goods(request.user, stop, chosen, goods, today=timezone.localdate())
        return _("已安排 %(h)s 户、%(n)s 条在“%(m)s”领取。") % {"h": len(chosen), "n": n, "m": stop.market}, back

    return done(request, act, back)


@login_required
def stop_list(request: Request, pk: int) -> HttpResponse:
    """The list of one stop, to be printed and signed, and to be recorded from paper."""
    stop = ContestStop.objects.select_related("contest__ground", "place").filter(pk=pk).first()
    if stop is None:
        raise Http404
    may.contest_of(request.scope, stop.contest_id)
    rows = HandOut.objects.current().filter(below("place__path", request.scope.paths(SEE)), stop=stop)
    rows = rows.select_related("place__village", "place__township", "place__household", "goods", "held__plaque")
    homes: dict[int, dict[str, Any]] = {}
    for row in rows.order_by("place__path", "goods__pk"):
        home = homes.setdefault(row.place_id, {
            "place": row.place, "name": named(row.place), "where": where(row.place), "goods": [], "signed": row.signed_on,
            "by": row.signed_by, "titles": row.held.name if row.held else "",
            "plaque": row.held.plaque.number if row.held and row.held.plaque else "",
        })  # fmt: skip
        home["goods"].append(row)
    sums: dict[str, list[Any]] = {}
    for row in rows:
        sums.setdefault(row.goods.name, [row.goods, 0])[1] += row.n
    context = {
        "stop": stop,
        "contest": stop.contest,
        "homes": list(homes.values()),
        "sums": list(sums.values()),
        "office": access.writes(request.scope, stop.contest.ground),
        "today": timezone.localdate(),
        "crumbs": [(stop.contest.name, at("contest", stop.contest_id)), (stop.market, "")],
    }
    return render(request, "rewards/contest_stop.html", context)


@login_required
@require_POST
def sign(request: Request, pk: int) -> HttpResponse:
    """Who signed on the paper list, on which day."""
    stop = may.stop_of(request.scope, pk)
    back = at("contest_stop", pk)

    def act() -> tuple[str, str]:
        signed = {
            int(key): request.POST.get(f"by-{key}", "") for key in request.POST.getlist("chosen") if key.isdigit()
        }
        n = contest_actions.sign(
            request.user, stop, signed, on=day_in(request), today=timezone.localdate(),
            with_plaques=request.POST.get("plaques") == "1",
        )  # fmt: skip
        return _("已登记 %(h)s 户签收，共 %(n)s 条。") % {"h": len(signed), "n": n}, back

    return done(request, act, back)


@login_required
def correct(request: Request, pk: int, code: str) -> HttpResponse:
    """What a household signed for, put right with a reason; what stood before stays readable."""
    stop = may.stop_of(request.scope, pk)
    rows = HandOut.objects.filter(stop=stop, place__code=code).exclude(signed_on=None)
    rows = rows.select_related("place__household", "place__village", "place__township", "goods", "ended_by__person")
    lines = list(rows.order_by("goods", "pk"))
    if not lines:
        raise Http404
    place, back = lines[0].place, at("contest_stop", pk)
    if request.method == "POST":
        return done(request, lambda: (_correct(request, stop, place), back), at("contest_correct", pk, code))
    current = [row for row in lines if row.ended_at is None]
    context = {
        "stop": stop, "place": place, "name": named(place), "where": where(place), "lines": current,
        "past": sorted((row for row in lines if row.ended_at is not None), key=lambda row: row.pk, reverse=True),
        "first": (current or lines)[0], "today": timezone.localdate(),
        "crumbs": [(stop.contest.name, at("contest", stop.contest_id)), (stop.market, back), (_("更正签收"), "")],
    }  # fmt: skip
    return render(request, "rewards/contest_correct.html", context)


def _correct(request: Request, stop: ContestStop, place: Place) -> str:
    goods = {row.pk: number_in(request, f"goods-{row.pk}") for row in stop.contest.goods.all()
             if f"goods-{row.pk}" in request.POST}  # fmt: skip
    on = None if request.POST.get("unsigned") == "1" else day_in(request)
    n = contest_actions.correct(
        request.user, stop, place, reason=request.POST.get("reason", ""), signed_by=request.POST.get("by", ""), on=on,
        goods=goods, now=timezone.now(),
    )  # fmt: skip
    return _("已更正 %s 条签收，原来的留着备查。") % n


@login_required
@require_POST
def unplan(request: Request, pk: int) -> HttpResponse:
    """A household taken off a stop's list before it signed."""
    stop = may.stop_of(request.scope, pk)
    back = at("contest_stop", pk)

    def act() -> tuple[str, str]:
        place = Place.objects.filter(code=request.POST.get("place", "")).first() or stop.place
        contest_actions.unplan(request.user, stop, place)
        return _("已从这一站的发放名单里去掉。"), back

    return done(request, act, back)
