"""Incentive plans: what there is, one plan with its totals and lines, its approval, its payments and payment list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.pages import Request, said_day, typed_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES
from xiangyue.base.scope import find
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.desk.views import XLSX
from xiangyue.rewards import access, offers, problems, working
from xiangyue.rewards.edition import State
from xiangyue.rewards.incentive_actions import approve_plan, draft_plan, mark_paid, obstacles, reverse_payment
from xiangyue.rewards.incentive_models import IncentivePlan, Payment, PlanLine
from xiangyue.rewards.payment_list import payment_book
from xiangyue.rewards.showing import at, basis_lines, done, money, period_name, state_cell
from xiangyue.standings.views.shown import cut

SHOWN = 200
STATES = {"drawn": lazy("待审批"), "in_force": lazy("已审批"), "superseded": lazy("已被新版替代")}


@login_required
def plans(request: Request) -> HttpResponse:
    """All plans that the actor sees, and what can be drafted or simulated."""
    if not request.scope.holds(access.MONEY):
        raise PermissionDenied
    rows = access.seen(IncentivePlan.objects.select_related("ground"), request.scope, access.MONEY)
    rows = rows.exclude(state=State.SUPERSEDED).order_by("-key", "code", "-version")[:SHOWN]
    columns = [
        Head(_("奖补方案")),
        Head(_("辖区")),
        Head(_("合计（元）"), "number"),
        Head(_("状态")),
        Head(_("拟定"), "number"),
    ]
    lines = [
        Line([
            Cell(f"{period_name(row)} · {row.name}", note=_("第%s版") % row.version), Cell(row.ground.name),
            Cell(money(row.total) if access.whole(request.scope, row) else "—"), state_cell(row, str(STATES[row.state])),
            Cell(said_day(timezone.localdate(row.made_at))),
        ], at("plan", row.pk))
        for row in rows
    ]  # fmt: skip
    empty = Empty(
        _("还没有奖补方案"), _("先测算：改名额、金额、预算，和原方案并排比较；名单生效后拟定，另一人审批。"),
        icon="cash",
    )  # fmt: skip
    found = offers.offers(request.scope, (offers.INCENTIVES,), timezone.localdate())
    context = {
        "table": Table(_("奖补方案"), columns, lines, empty),
        "offers": found,
        "simulations": [
            (one, at("simulate", one.ground.code, one.code, one.key, scheme=one.scheme)) for one in found
        ],
        "may_draft": request.scope.holds(OFFICES),
    }  # fmt: skip
    return render(request, "rewards/plans.html", context)


@login_required
@require_POST
def draft(request: Request) -> HttpResponse:
    """Draft a plan anew."""
    _kind, ground, scheme, code, key = [*request.POST.get("what", "").split("|"), "", "", "", "", ""][:5]
    place = access.ground_of(request.scope, ground)

    def act() -> tuple[str, str]:
        made = draft_plan(
            request.user, place, code, key, now=timezone.now(), scheme=scheme, reason=request.POST.get("reason", "")
        )
        words = _("%(name)s第%(v)s版已拟定，合计 %(total)s 元。请由另一人审批。") % {
            "name": made.title, "v": made.version, "total": money(made.total),
        }  # fmt: skip
        return words, at("plan", made.pk)

    return done(request, act, at("plans"))


def plan_of(request: Request, pk: int, *, to_write: bool = False) -> IncentivePlan:
    """The plan, for an actor who sees it."""
    return access.found_in(IncentivePlan.objects.all(), request.scope, access.MONEY, pk, to_write=to_write)


@login_required
def plan(request: Request, pk: int) -> HttpResponse:
    """One plan: totals by rule, place and source, what keeps it back, the lines with what was paid."""
    row = plan_of(request, pk)
    whole = access.whole(request.scope, row)
    rows = access.plan_lines(request.scope, row)
    count = rows.count()
    start, end, page = cut(count, request.GET)
    held = list(rows.order_by("aside", "under", "subject", "id")[start:end])
    office = access.writes(request.scope, row.ground)
    context = {
        "row": row,
        "whole": whole,
        "office": office,
        "state": state_cell(row, str(STATES[row.state])),
        "total": money(row.total),
        "obstacles": obstacles(row) if row.state == State.DRAWN and whole else [],
        "notes": [words for kind, _code, words in row.findings if kind == "no-list"] if whole else [],
        "tables": _totals(row) if whole else (),
        "lines": _lines(row, held, page, office),
        "payments": _payments(row, held, office),
        "n_lines": count,
        "may_approve": office and row.state == State.DRAWN and row.made_by_id != request.user.pk,
        "paid": _paid_total(row) if whole else None,
        "basis": basis_lines(row) if whole else (),
        "today": timezone.localdate(),
        "heads_url": at("heads", row.ground.code, row.code, row.key) if office and _per_head(row) else "",
        "simulate_url": at("simulate", row.ground.code, row.code, row.key, scheme=row.scheme) if office else "",
        "versions": access.seen(_same(row), request.scope, access.MONEY).order_by("-version"),
        "crumbs": [(_("奖补"), at("plans")), (row.title, "")],
    }
    return render(request, "rewards/plan.html", context)


def _per_head(row: IncentivePlan) -> bool:
    found = next((one for one in scheme_of(row.scheme_version).incentives if one.code == row.code), None)
    return found is not None and any(rule.per_head for rule in found.rules)


def _same(row: IncentivePlan) -> Any:
    return IncentivePlan.objects.filter(ground=row.ground, scheme=row.scheme, code=row.code, key=row.key)


def _totals(row: IncentivePlan) -> tuple[Table, ...]:
    rules = Table(
        _("按规则"), [Head(_("规则")), Head(_("对象"), "number"), Head(_("金额（元）"), "number")],
        [Line([Cell(name), Cell(n), Cell(money(fen))]) for _code, name, n, fen in row.totals["rule"]],
    )  # fmt: skip
    sources = Table(
        _("按资金来源"),
        [Head(_("来源")), Head(_("预算（元）"), "number"), Head(_("方案要（元）"), "number"), Head(_("超出（元）"), "number")],
        [
            Line([Cell(name), Cell(money(budget)), Cell(money(fen)),
                  Cell(money(over), state="late") if over else Cell("0.00")])
            for _code, name, budget, fen, over in row.totals["source"]
        ],
    )  # fmt: skip
    places = Table(
        _("按乡镇（街道）"), [Head(_("乡镇（街道）")), Head(_("金额（元）"), "number")],
        [Line([Cell(name), Cell(money(fen))]) for _code, name, fen in row.totals["place"]],
    )  # fmt: skip
    return rules, sources, places


def _lines(row: IncentivePlan, held: Sequence[PlanLine], page: Any, office: bool) -> dict[str, Any]:
    paid = {one.line_id: one for one in Payment.objects.filter(line__in=[line.pk for line in held], reversed_at=None)}
    rows = [
        {
            "line": line, "amount": money(line.amount), "payment": paid.get(line.pk),
            "payable": office and row.state == State.IN_FORCE and not line.aside and line.pk not in paid,
        }
        for line in held
    ]  # fmt: skip
    return {"rows": rows, "page": page, "payable": any(one["payable"] for one in rows)}


def _payments(row: IncentivePlan, held: Sequence[PlanLine], office: bool) -> list[Payment]:
    """What was reversed, so that it can be read beside the lines."""
    rows = Payment.objects.filter(line__in=[line.pk for line in held], reversed_at__isnull=False)
    return list(rows.select_related("line", "reversed_by__person").order_by("-reversed_at")) if office else []


def _paid_total(row: IncentivePlan) -> str:
    amounts = Payment.objects.filter(line__plan=row, reversed_at=None).values_list("amount", flat=True)
    return money(sum(amounts))


@login_required
@require_POST
def approve(request: Request, pk: int) -> HttpResponse:
    """A second person approves the plan."""
    row = plan_of(request, pk, to_write=True)

    def act() -> tuple[str, str]:
        approve_plan(request.user, row, now=timezone.now())
        return _("已审批，可以导出支付清单。"), at("plan", pk)

    return done(request, act, at("plan", pk))


@login_required
@require_POST
def pay(request: Request, pk: int) -> HttpResponse:
    """The chosen lines were paid on a day under a voucher."""
    row = plan_of(request, pk, to_write=True)
    chosen = [int(key) for key in request.POST.getlist("chosen") if key.isdigit()]
    told = request.POST.get("paid_on", "")

    def act() -> tuple[str, str]:
        on = typed_day(told)
        if on is None:
            raise Problem(problems.NO_VOUCHER, what=_("支付日期"))
        n = mark_paid(
            request.user, row, chosen, paid_on=on, voucher=request.POST.get("voucher", ""), now=timezone.now()
        )
        return _("已登记 %s 条支付。") % n, at("plan", pk)

    return done(request, act, at("plan", pk))


@login_required
@require_POST
def reverse_one(request: Request, pk: int) -> HttpResponse:
    """A payment is reversed: it counts as not made."""
    row = find(Payment.objects.select_related("line"), request.scope, to_write=True, pk=pk)

    def act() -> tuple[str, str]:
        reverse_payment(request.user, row, reason=request.POST.get("reason", ""), now=timezone.now())
        return _("已冲销，按未支付计。"), at("plan", row.line.plan_id)

    return done(request, act, at("plan", row.line.plan_id))


@login_required
def payment_list(request: Request, pk: int) -> HttpResponse | FileResponse:
    """The payment list of an approved plan; each export is logged."""
    row = plan_of(request, pk)
    if not access.whole(request.scope, row):
        raise PermissionDenied
    if row.state == State.DRAWN:
        raise Problem(problems.NOT_PAYABLE)
    book, n = payment_book(row)
    working.log(request.user, "incentive_plan.exported", row, {"rows": n})
    name = f"{row.title}-{_('支付清单')}-{timezone.localdate().isoformat()}.xlsx"
    return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX)
