"""Appraisals: by layer and period, all bearers of the own ground, and each bearer's page with the sum written out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, said_day
from xiangyue.base.roles import OFFICES
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.places.models import Place
from xiangyue.rewards import access, offers
from xiangyue.rewards.edition import State
from xiangyue.rewards.performance_actions import appraise, propose_appraisal
from xiangyue.rewards.performance_models import Appraisal, AppraisalLine
from xiangyue.rewards.showing import at, basis_lines, done, notice_url, period_name, state_cell
from xiangyue.rules.numbers import show
from xiangyue.standings.views.shown import cut

SHOWN = 200
ORDERS = {"": ("-figure", "subject"), "low": ("figure", "subject"), "code": ("subject",)}


@login_required
def appraisals(request: Request) -> HttpResponse:
    """All appraisals that the actor sees, and what can be worked out."""
    if not request.scope.holds(access.APPRAISED):
        raise PermissionDenied
    rows = access.seen(Appraisal.objects.select_related("ground"), request.scope, access.APPRAISED)
    rows = rows.exclude(state=State.SUPERSEDED).order_by("-key", "code", "-version")[:SHOWN]
    columns = [
        Head(_("履职评价")), Head(_("辖区")), Head(_("评了"), "number"), Head(_("有成绩"), "number"),
        Head(_("平均"), "number"), Head(_("状态")),
    ]  # fmt: skip
    empty = Empty(
        _("还没有履职评价"), _("关账后按包保层计算：所包对象的成绩、进步、问题销号；没有记录的项缺项，不按零分算。"),
        icon="user-check",
    )  # fmt: skip
    context = {
        "table": Table(_("履职评价"), columns, [_appraisal_line(row) for row in rows], empty),
        "offers": offers.offers(request.scope, (offers.APPRAISAL,), timezone.localdate()),
        "may_make": request.scope.holds(OFFICES),
    }
    return render(request, "rewards/appraisals.html", context)


def _appraisal_line(row: Appraisal) -> Line:
    cells = [
        Cell(f"{period_name(row)} · {row.name}", note=_("第%s版") % row.version), Cell(row.ground.name),
        Cell(f"{row.n_bearers:,}"), Cell(f"{row.n_rated:,}"), Cell(show(row.mean)), state_cell(row),
    ]  # fmt: skip
    return Line(cells, at("appraisal", row.pk))


@login_required
@require_POST
def make(request: Request) -> HttpResponse:
    """Work out an appraisal anew."""
    _kind, ground, scheme, code, key = [*request.POST.get("what", "").split("|"), "", "", "", "", ""][:5]
    place = access.ground_of(request.scope, ground)

    def act() -> tuple[str, str]:
        made = appraise(
            request.user, place, code, key, now=timezone.now(), scheme=scheme, reason=request.POST.get("reason", "")
        )
        words = _("%(name)s第%(v)s版已算出：%(n)s个包保人（单位），%(r)s个有成绩。") % {
            "name": made.title, "v": made.version, "n": made.n_bearers, "r": made.n_rated,
        }  # fmt: skip
        return words, at("appraisal", made.pk)

    return done(request, act, at("appraisals"))


@login_required
def appraisal(request: Request, pk: int) -> HttpResponse:
    """One appraisal: the bearers that the actor sees."""
    row = access.found_in(Appraisal.objects.all(), request.scope, access.APPRAISED, pk)
    rows = access.appraisal_lines(request.scope, row)
    query = request.GET.get("q", "").strip()
    rows = rows.filter(name__icontains=query) if query else rows
    order = ORDERS.get(request.GET.get("sort", ""), ORDERS[""])
    count = rows.count()
    start, end, page = cut(count, request.GET)
    held = list(_ordered(rows, order)[start:end])
    whole = access.whole(request.scope, row)
    context = {
        "row": row,
        "state": state_cell(row),
        "office": access.writes(request.scope, row.ground),
        "whole": whole,
        "n": count,
        "table": _bearers(request, row, held, page),
        "search": {"name": "q", "value": query, "placeholder": _("姓名或单位"), "label": _("查找")},
        "keep": {"sort": request.GET["sort"]} if request.GET.get("sort") else {},
        "basis": basis_lines(row),
        "versions": access.seen(_same(row), request.scope, access.APPRAISED).order_by("-version"),
        "notice_url": notice_url(row),
        "crumbs": [(_("履职评价"), at("appraisals")), (row.title, "")],
    }
    return render(request, "rewards/appraisal.html", context)


def _ordered(rows: QuerySet[AppraisalLine], order: tuple[str, ...]) -> QuerySet[AppraisalLine]:
    from django.db.models import F

    first = F("figure").asc(nulls_last=True) if order[0] == "figure" else F("figure").desc(nulls_last=True)
    return rows.order_by("subject") if order[0] == "subject" else rows.order_by(first, "subject")


def _same(row: Appraisal) -> QuerySet[Appraisal]:
    return Appraisal.objects.filter(ground=row.ground, scheme=row.scheme, code=row.code, key=row.key)


def _bearers(request: Request, row: Appraisal, held: list[AppraisalLine], page: Any) -> Table:
    paid = any(line.factor is not None for line in held)
    columns = [Head(_("包保人（单位）")), Head(_("所在")), Head(_("包保对象"), "number")]
    columns += [Head(f"{name}×{weight}", "number") for _code, name, weight in row.parts]
    columns += [Head(_("履职得分"), "number")]
    columns += [Head(_("绩效系数"), "number")] if paid else []
    empty = Empty(_("这里没有您能看的包保人"), _("县办公室公示后，各人在“我的履职”看自己的。"), icon="user-check")
    return Table(row.name, columns, [_bearer(request, line, paid) for line in held], empty, page)


def _bearer(request: Request, line: AppraisalLine, paid: bool) -> Line:
    cells = [Cell(line.name), Cell(line.where), Cell(line.n_targets)]
    cells += [Cell(show(part[0]) if part[0] is not None else _("缺项")) for part in line.parts]
    cells.append(Cell(show(line.figure)) if line.figure is not None else Cell(_("没有成绩"), state="unrated"))
    if paid:
        cells.append(Cell(show(line.factor) if access.sees_factor(request.scope, line) else "—"))
    return Line(cells, at("appraisal_line", line.pk))


@login_required
@require_POST
def propose(request: Request, pk: int) -> HttpResponse:
    """Put an appraisal on notice to those whom it concerns."""
    row = access.found_in(Appraisal.objects.all(), request.scope, access.APPRAISED, pk, to_write=True)

    def act() -> tuple[str, str]:
        made = propose_appraisal(request.user, row, now=timezone.now())
        assert made.publication is not None
        words = _("已向本人公示，到%s为止；各人在“我的履职”看自己的，可以提异议。") % said_day(
            made.publication.notice_ends_on
        )
        return words, at("appraisal", pk)

    return done(request, act, at("appraisal", pk))


@login_required
def mine(request: Request) -> HttpResponse:
    """The actor's own appraisals, newest first."""
    rows = AppraisalLine.objects.filter(access.own_lines(request.scope), appraisal__state__in=access.OUT)
    rows = rows.exclude(appraisal__state=State.SUPERSEDED).select_related("appraisal__ground").distinct()
    columns = [Head(_("履职评价")), Head(_("对象")), Head(_("履职得分"), "number"), Head(_("状态"))]
    lines = [
        Line([
            Cell(f"{period_name(line.appraisal)} · {line.appraisal.name}"), Cell(line.name), Cell(show(line.figure)),
            state_cell(line.appraisal),
        ], at("appraisal_line", line.pk))
        for line in rows.order_by("-appraisal__key", "appraisal__code", "pk")[:SHOWN]
    ]  # fmt: skip
    empty = Empty(
        _("还没有您的履职评价"), _("公示后这里列出您每一期的得分、怎么算的、绩效系数；有异议可向办公室提出。"),
        icon="user-check",
    )  # fmt: skip
    return render(request, "rewards/mine.html", {"table": Table(_("我的履职"), columns, lines, empty)})


@login_required
def line(request: Request, pk: int) -> HttpResponse:
    """One bearer's page: every part with its sum, the figure written out, the pay factor, the targets."""
    row = access.line_of(request.scope, pk)
    whose = row.appraisal
    parts = [
        {"code": code, "name": name, "weight": weight, "value": held[0], "why": held[3]}
        for (code, name, weight), held in zip(whose.parts, row.parts, strict=True)
    ]
    own = row.person_id is not None and row.person_id == request.scope.person_id
    context = {
        "row": row,
        "appraisal": whose,
        "state": state_cell(whose),
        "parts": parts,
        "sees_factor": access.sees_factor(request.scope, row),
        "table": _targets(row),
        "own": own,
        "notice_url": notice_url(whose),
        "crumbs": _way(request, row, own),
    }
    return render(request, "rewards/appraisal_line.html", context)


def _way(request: Request, row: AppraisalLine, own: bool) -> list[tuple[str, str]]:
    if own and not request.scope.holds(access.WORKS):
        return [(_("我的履职"), at("mine")), (row.appraisal.title, "")]
    return [
        (_("履职评价"), at("appraisals")), (row.appraisal.title, at("appraisal", row.appraisal_id)), (row.name, ""),
    ]  # fmt: skip


def _targets(row: AppraisalLine) -> Table:
    names = {
        pk: (name, above or "")
        for pk, name, above in Place.objects.filter(pk__in=[held[0] for held in row.targets]).values_list(
            "pk", "name", "parent__name"
        )
    }
    columns = [
        Head(_("对象")), Head(_("所在")), Head(_("接手后首期"), "number"), Head(_("本期"), "number"),
        Head(_("变化"), "number"),
    ]  # fmt: skip
    lines = []
    for pk, first, result in row.targets:
        name, above = names.get(pk, ("", ""))
        gain = result - first if first is not None and result is not None else None
        cells = [Cell(name), Cell(above), Cell(show(first)), Cell(show(result)), Cell(_gain(gain))]
        lines.append(Line(cells))
    return Table(_("所包对象"), columns, lines, Empty(_("本期最后一天没有包保对象")))


def _gain(gain: int | None) -> str:
    if gain is None:
        return "—"
    return f"+{show(gain)}" if gain > 0 else show(gain).replace("-", "\N{MINUS SIGN}")
