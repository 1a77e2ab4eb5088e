"""The office's pages: how many problems stand where, what is overdue by bearer, and the three lists with matching."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.dated import not_over
from xiangyue.base.pages import Request
from xiangyue.base.roles import OFFICES, READERS, Role
from xiangyue.base.scope import Scope, below
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.places.models import Level, Place
from xiangyue.problems import access
from xiangyue.problems.figures import Figures, figures_below, overdue_by_bearer
from xiangyue.problems.kinds import kinds_of
from xiangyue.problems.models import IN_HAND, LIVE, SEE, Problem, Supply
from xiangyue.problems.showing import at, row_of
from xiangyue.rules.days import Span, month_of, quarter_of, year_of
from xiangyue.rules.numbers import show

GROUNDS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
MOST = 60


def ground_of(scope: Scope, code: str) -> Place:
    """The county, township or village that the actor asks about; by default the highest of their own."""
    paths = scope.paths(SEE)
    if not paths:
        raise PermissionDenied
    rows = Place.objects.filter(below("path", paths), level__in=GROUNDS).select_related("township", "village", "parent")
    row = rows.filter(code=code).first() if code else rows.order_by("path").first()
    if row is None:
        raise Http404
    return row


def span_of(asked: str, today: date) -> Span | None:
    """The days that the figures are of; None: all."""
    made = {"month": month_of, "quarter": quarter_of, "all": None}.get(asked, year_of)
    return made(today) if made else None


@login_required
def overview(request: Request) -> HttpResponse:
    """Open, overdue, mended, closed and relapsed by township or village."""
    today = timezone.localdate()
    place = ground_of(request.scope, request.GET.get("at", ""))
    asked = request.GET.get("span", "year")
    whole, rows = figures_below(place, today, span_of(asked, today))
    spans = [("year", _("今年")), ("quarter", _("本季度")), ("month", _("本月")), ("all", _("全部"))]
    above = place.parent if place.parent and request.scope.holds(SEE, place.parent.path) else None
    context = {
        "place": place,
        "whole": whole,
        "closed_rate": whole.closed_rate,
        "relapse_rate": whole.relapse_rate,
        "table": _figures_table(rows, asked) if rows else None,
        "spans": [(key, label, at("overview", at=place.code, span=key), key == asked) for key, label in spans],
        "above": (above.name, at("overview", at=above.code, span=asked)) if above else None,
        "crumbs": [(_("问题"), at("mine")), (place.name, "")],
    }
    return render(request, "problems/overview.html", context)


def _figures_table(rows: list[Figures], span: str) -> Table:
    heads = [Head(_("地方"))]
    heads += [Head(one, "number") for one in (_("在办"), _("逾期"), _("待核实"), _("已销号"), _("销号率"), _("反弹率"))]
    lines = []
    for row in sorted(rows, key=lambda one: (-one.overdue, -one.in_hand, one.place.path)):
        late = Cell(row.overdue, state="late") if row.overdue else Cell("—")
        relapsed = row.relapse_rate.value
        cells = [
            Cell(row.place.name),
            Cell(row.in_hand or "—"),
            late,
            Cell(row.mended or "—"),
            Cell(row.closed or "—"),
            Cell(f"{show(row.closed_rate.value)}%" if row.n else "—"),
            Cell(f"{show(relapsed)}%" if relapsed is not None else _("太少") if row.looked else "—"),
        ]
        lines.append(Line(cells, at("overview", at=row.place.code, span=span)))
    return Table(_("问题办理情况"), heads, lines, Empty(_("还没有问题")))


@login_required
def digest(request: Request) -> HttpResponse:
    """What is overdue, by whoever has it in hand: for the dispatch meeting, and to print."""
    today = timezone.localdate()
    place = ground_of(request.scope, request.GET.get("at", ""))
    late = overdue_by_bearer(Problem.objects.below(place.path), today)
    kinds = kinds_of([row for one in late for row in one.rows])
    groups = [
        {"name": one.name or _("还没有人认领，也无人包保"), "n": one.n, "days": one.days,
         "rows": [row_of(row, today, kinds[row.pk].pictogram) for row in one.rows]}
        for one in late
    ]  # fmt: skip
    context = {
        "place": place,
        "groups": groups,
        "n": sum(one.n for one in late),
        "today": today,
        "crumbs": [(_("问题"), at("mine")), (_("逾期清单"), "")],
    }
    return render(request, "problems/digest.html", context)


@login_required
def lists(request: Request) -> HttpResponse:
    """The three lists: what places need, what units have to do, what units offer; a need is matched with an offer."""
    scope, today = request.scope, timezone.localdate()
    if not scope.holds(READERS | {Role.DEPARTMENT}):
        raise PermissionDenied
    tab = request.GET.get("tab", "needs")
    tab = tab if tab in ("needs", "tasks", "supplies") else "needs"
    context: dict[str, Any] = {
        "tab": tab,
        "tabs": [
            ("needs", _("需求清单"), at("lists", tab="needs")),
            ("tasks", _("任务清单"), at("lists", tab="tasks")),
            ("supplies", _("供给清单"), at("lists", tab="supplies")),
        ],
        "offers": scope.holds(OFFICES),
        "crumbs": [(_("问题"), at("mine")), (_("三张清单"), "")],
    }
    if tab == "needs":
        context["needs"] = _needs(scope, today)
    elif tab == "tasks":
        context["groups"] = _tasks(scope, today)
    else:
        context["table"] = _supplies(scope, today)
    return render(request, "problems/lists.html", context)


def _needs(scope: Scope, today: date) -> list[dict[str, Any]]:
    """Problems of places that went up or that nobody has yet, with the offers that fit."""
    rows = access.seen(scope).filter(state__in=IN_HAND, organisation=None)
    rows = rows.filter(Q(tier__in=("township", "county")) | Q(planned=True))
    found = list(
        rows.select_related("person", "organisation", "place__village", "place__township", "place__parent")
        .order_by("deadline", "pk")[:MOST]
    )  # fmt: skip
    offers = list(_offered(scope, today))
    actor = access.actor_of(scope)
    return [
        {
            "row": row_of(row, today),
            "offers": [one for one in offers if _fits(one, row)],
            "gives": access.is_office(actor, row),
        }
        for row in found
    ]


def _offered(scope: Scope, today: date) -> Any:
    rows = _around(scope, today).filter(from_on__lte=today, n_given__lt=F("amount"))
    return rows.select_related("organisation", "ground").order_by("what", "pk")


def _around(scope: Scope, today: date) -> Any:
    """What is offered at, above or below one's ground and is not over."""
    rows = Supply.objects.filter(not_over(today))
    roles = READERS | {Role.DEPARTMENT}
    places = rows.order_by().values_list("ground_id", "ground__path").distinct()
    return rows.filter(ground__in={pk for pk, path in places if scope.meets(roles, path)})


def _fits(one: Supply, row: Problem) -> bool:
    return row.place.path.startswith(one.ground.path) and one.is_for(row)


def _tasks(scope: Scope, today: date) -> list[dict[str, Any]]:
    """What organisations have in hand, by organisation."""
    rows = access.seen(scope).filter(state__in=LIVE).exclude(organisation=None)
    found = rows.select_related("person", "organisation", "place__village", "place__township", "place__parent")
    groups: dict[str, list[Problem]] = {}
    for row in found.order_by("organisation__code", "deadline", "pk")[: MOST * 4]:
        groups.setdefault(row.organisation.name if row.organisation else "", []).append(row)
    return [
        {"name": name, "n": len(some), "rows": [row_of(row, today) for row in some]} for name, some in groups.items()
    ]


def _village(place: Place) -> str:
    """The village a place lies in: whose door it is concerns nobody else."""
    return place.village.name if place.village else place.name


def _supplies(scope: Scope, today: date) -> Table:
    heads = [
        Head(_("供给内容")),
        Head(_("供给单位")),
        Head(_("范围")),
        Head(_("数量"), "number"),
        Head(_("已对接"), "number"),
    ]
    heads += [Head(_("给了谁"))]
    rows = _around(scope, today).order_by("what", "pk")
    lines = []
    for row in rows.select_related("organisation", "ground").prefetch_related("given__problem__place__village")[:MOST]:
        given = "、".join(dict.fromkeys(_village(one.problem.place) for one in row.given.all())) or "—"
        cells = [Cell(row.what), Cell(row.organisation.name), Cell(row.ground.name), Cell(row.amount, unit=row.unit)]
        cells += [Cell(row.n_given or "—"), Cell(given)]
        lines.append(Line(cells))
    empty = Empty(
        _("还没有供给"), _("部门和企业能提供什么，由办公室在“供给清单”里登记，也可以从 Excel 导入。"), icon="gift"
    )
    return Table(_("供给清单"), heads, lines, empty)
