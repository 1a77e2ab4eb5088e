"""Award lists and gradings: what there is, what can be drawn, one list with its cuts, its notice and its objections."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, said_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.rewards import access, offers, problems
from xiangyue.rewards.award_actions import draw_list, propose_list, strike_line
from xiangyue.rewards.award_cost import cost_of
from xiangyue.rewards.award_models import AwardLine, AwardList
from xiangyue.rewards.commendation_actions import draw_commendation
from xiangyue.rewards.edition import State
from xiangyue.rewards.showing import at, basis_lines, done, money, notice_url, period_name, state_cell
from xiangyue.rules.numbers import show

KIND = AwardList.Kind
SHOWN = 200


@login_required
def lists(request: Request) -> HttpResponse:
    """All lists that the actor sees, newest first, and what can be drawn."""
    if not request.scope.holds(access.SEE):
        raise PermissionDenied
    rows = access.seen(AwardList.objects.select_related("ground", "publication"), request.scope, access.SEE)
    rows = rows.exclude(state=State.SUPERSEDED).order_by("-key", "kind", "code", "-version")[:SHOWN]
    columns = [
        Head(_("名单")),
        Head(_("种类")),
        Head(_("辖区")),
        Head(_("结果")),
        Head(_("状态")),
        Head(_("拟定"), "number"),
    ]
    lines = [_line(row) for row in rows]
    empty = Empty(
        _("还没有名单"),
        _("季度或年度关账后，在右边选一项拟定：奖级按名次和分数线切分，等次按成绩评定。"),
        icon="trophy",
    )
    found = offers.offers(request.scope, (KIND.AWARD, KIND.GRADING, KIND.COMMENDATION), timezone.localdate())
    context = {
        "table": Table(_("名单"), columns, lines, empty),
        "offers": found,
        "may_draw": request.scope.holds(OFFICES),
        "entered": [
            (name, at("grades", ground, code))
            for name, ground, code in offers.entered(offers.schemes_of(request.scope, timezone.localdate()))
        ],
    }
    return render(request, "rewards/lists.html", context)


def _line(row: AwardList) -> Line:
    counts = "，".join(f"{cut['name']} {cut['n']}" for cut in row.cuts)
    until = row.publication.notice_ends_on if row.publication and row.state == State.PROPOSED else None
    words = _("公示到%(m)s月%(d)s日") % {"m": until.month, "d": until.day} if until else ""
    cells = [
        Cell(f"{period_name(row)} · {row.name}", note=_("第%s版") % row.version),
        Cell(row.get_kind_display()),
        Cell(row.ground.name),
        Cell(counts),
        state_cell(row, words),
        Cell(said_day(timezone.localdate(row.made_at))),
    ]
    return Line(cells, at("list", row.pk))


@login_required
@require_POST
def draw(request: Request) -> HttpResponse:
    """Draw a list anew."""
    kind, ground, scheme, code, key = [*request.POST.get("what", "").split("|"), "", "", "", "", ""][:5]
    place = access.ground_of(request.scope, ground)
    reason = request.POST.get("reason", "")

    def act() -> tuple[str, str]:
        now = timezone.now()
        if kind == KIND.COMMENDATION:
            made = draw_commendation(request.user, place, code, key, now=now, scheme=scheme, reason=reason)
        else:
            made = draw_list(request.user, place, kind, code, key, now=now, scheme=scheme, reason=reason)
        return _("%(name)s第%(v)s版已拟定。核对后公示。") % {"name": made.title, "v": made.version}, at("list", made.pk)

    return done(request, act, at("lists"))


def list_of(request: Request, pk: int, *, to_write: bool = False) -> AwardList:
    """The list, for an actor who sees it."""
    return access.found_in(AwardList.objects.all(), request.scope, access.SEE, pk, to_write=to_write)


@login_required
def award_list(request: Request, pk: int) -> HttpResponse:
    """One list: classes with their cuts, who is in them, what it costs, what it rests on."""
    row = list_of(request, pk)
    lines = list(AwardLine.objects.filter(list=row).order_by("position"))
    office = access.writes(request.scope, row.ground)
    context = {
        "row": row,
        "office": office,
        "commends": row.kind == KIND.COMMENDATION,
        "classes": _classes(row, lines, office),
        "struck": [line for line in lines if not line.value],
        "basis": basis_lines(row),
        "cost": _cost(request, row),
        "versions": _versions(request, row),
        "notice_url": notice_url(row),
        "state": state_cell(row),
        "lines": [line for line in lines if line.value],
        "may_approve": office and row.kind == KIND.COMMENDATION and row.state == State.DRAWN
        and request.user.pk not in (row.made_by_id, row.edited_by_id),
        "waits_for_approval": row.kind == KIND.COMMENDATION and row.approved_at is None,
        "crumbs": [(_("奖级与等次"), at("lists")), (row.title, "")],
    }  # fmt: skip
    return render(request, "rewards/list.html", context)


def _classes(row: AwardList, lines: list[AwardLine], office: bool) -> list[dict[str, Any]]:
    found = []
    commends = row.kind == KIND.COMMENDATION
    placed = any(line.where for line in lines)
    heads = [Head(_("对象")), *([Head(_("所在"))] if placed else [])]
    heads += [Head(_("包保对象"), "number")] if commends else [Head(_("成绩"), "number"), Head(_("名次"), "number")]
    told = commends or not any(line.figure is not None for line in lines)
    heads += [Head(_("依据"))] if told else []
    for cut in row.cuts:
        held = [line for line in lines if line.value == cut["code"]]
        table = Table(
            cut["name"],
            heads,
            [_award_line(line, commends, told, placed) for line in held],
            Empty(_("没有对象达到这一等"), _("名额和分数线见上面一行。")),
        )
        found.append({"cut": cut, "table": table, "lines": held if office else []})
    return found


def _award_line(line: AwardLine, commends: bool, told: bool, placed: bool) -> Line:
    cells = [Cell(line.name), *([Cell(line.where)] if placed else [])]
    if commends:
        cells += [Cell(line.n_targets or "—"), Cell(line.method or line.why)]
    else:
        figure = show(line.figure) if line.figure is not None else "—"
        cells += [Cell(figure), Cell(line.rank or "—")]
        cells += [Cell(line.why)] if told else []
    return Line(cells)


def _cost(request: Request, row: AwardList) -> dict[str, str] | None:
    found = cost_of(row) if row.kind == KIND.AWARD and access.whole(request.scope, row) else None
    if found is None:
        return None
    return {"total": money(found.total), "extra": money(found.extra) if found.extra else ""}


def _versions(request: Request, row: AwardList) -> list[AwardList]:
    same = AwardList.objects.filter(ground=row.ground, scheme=row.scheme, kind=row.kind, code=row.code, key=row.key)
    return list(access.seen(same, request.scope, access.SEE).order_by("-version"))


@login_required
@require_POST
def propose(request: Request, pk: int) -> HttpResponse:
    """Put a list on notice."""
    row = list_of(request, pk, to_write=True)

    def act() -> tuple[str, str]:
        made = propose_list(request.user, row, now=timezone.now())
        assert made.publication is not None
        return _("已公示，到%s为止。") % said_day(made.publication.notice_ends_on), at("list", pk)

    return done(request, act, at("list", pk))


@login_required
@require_POST
def strike(request: Request, pk: int) -> HttpResponse:
    """Strike one subject off, for an upheld objection."""
    row = list_of(request, pk, to_write=True)
    key = request.POST.get("line", "")
    line = AwardLine.objects.filter(list=row, pk=int(key)).first() if key.isdigit() else None

    def act() -> tuple[str, str]:
        if line is None:
            raise Problem(problems.NO_LINE)
        made = strike_line(request.user, line, reason=request.POST.get("reason", ""), now=timezone.now())
        return _("已除名，不递补，成为第%s版；正在公示的接着公示。") % made.version, at("list", made.pk)

    return done(request, act, at("list", pk))
