"""The simulation of incentives: numbers changed by the form's own address, so that a variant can be sent and kept."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.rewards import access
from xiangyue.rewards.edition import State
from xiangyue.rewards.incentive_actions import incentives_of
from xiangyue.rewards.incentive_models import IncentivePlan
from xiangyue.rewards.incentive_simulation import Simulation
from xiangyue.rewards.incentive_simulation import simulate as simulated
from xiangyue.rewards.showing import at, money
from xiangyue.rewards.working import work_on

SHOWN = 300


@login_required
def simulate(request: Request, ground: str, incentives: str, period: str) -> HttpResponse:
    """What the incentives would pay with other places, amounts and budgets, beside the scheme's own; nothing is stored."""
    place = access.ground_of(request.scope, ground)
    try:
        work = work_on(place, period, request.GET.get("scheme", ""))
        settings = incentives_of(work, incentives)
    except Problem as problem:
        if problem.kind.status == 404:
            raise Http404 from problem
        raise
    found = simulated(work, settings, {name: value for name, value in request.GET.items() if isinstance(value, str)})
    plan = IncentivePlan.objects.filter(ground=place, scheme=work.code, code=incentives, key=period)
    context = {
        "found": found,
        "name": f"{work.span.name}{settings.name}",
        "ground": place,
        "scheme": request.GET.get("scheme", ""),
        "before": money(found.before.total),
        "after": money(found.after.total),
        "delta": _signed(found.after.total - found.before.total),
        "tables": _tables(found, {row.code: row.name for row in settings.rules}),
        "over": [one.words for one in found.after.findings],
        "plan": plan.exclude(state=State.SUPERSEDED).order_by("-version").first(),
        "reset_url": at("simulate", ground, incentives, period, scheme=request.GET.get("scheme", "")),
        "crumbs": [(_("奖补"), at("plans")), (_("测算"), "")],
    }
    return render(request, "rewards/simulate.html", context)


def _tables(found: Simulation, rules: dict[str, str]) -> list[Table]:
    return [_draws(found), _rules(found, rules), _sources(found), _places(found), _lines(found, rules)]


def _signed(fen: int) -> str:
    return f"+{money(fen)}" if fen > 0 else money(fen).replace("-", "\N{MINUS SIGN}")


def _amounts(name: str, before: int, after: int) -> Line:
    changed = before != after
    return Line([
        Cell(name), Cell(money(before)), Cell(money(after)),
        Cell(_signed(after - before), state="due") if changed else Cell("0.00"),
    ])  # fmt: skip


def _draws(found: Simulation) -> Table:
    columns = [Head(_("名单")), Head(_("等级")), Head(_("原"), "number"), Head(_("新"), "number"), Head(_("新的切分"))]
    lines = []
    for name, before, after in found.draws:
        olds = {cut["code"]: cut for cut in before.cuts}
        for cut in after.cuts:
            old = olds[cut["code"]]["n"]
            number = Cell(cut["n"], state="due") if cut["n"] != old else Cell(cut["n"])
            lines.append(Line([Cell(name), Cell(cut["name"]), Cell(old), number, Cell(cut["why"])]))
    return Table(_("名单会怎样"), columns, lines, Empty(_("没有可测算的名单"), _("所依据的成绩关账后才能测算。")))


def _heads(first: Any) -> list[Head]:
    return [
        Head(first),
        Head(_("原方案（元）"), "number"),
        Head(_("新方案（元）"), "number"),
        Head(_("相差（元）"), "number"),
    ]


def _rules(found: Simulation, names: dict[str, str]) -> Table:
    counts = {code: (n, fen) for code, n, fen in found.before.by_rule}
    after = {code: (n, fen) for code, n, fen in found.after.by_rule}
    lines = []
    for code, name in names.items():
        one, other = counts.get(code, (0, 0)), after.get(code, (0, 0))
        words = f"{one[0]} → {other[0]}" if one[0] != other[0] else str(one[0])
        line = _amounts(name, one[1], other[1])
        lines.append(Line([line.cells[0], Cell(words), *line.cells[1:]]))
    heads = _heads(_("规则"))
    return Table(_("按规则"), [heads[0], Head(_("对象"), "number"), *heads[1:]], lines)


def _sources(found: Simulation) -> Table:
    before = {row.source: row for row in found.before.by_source}
    columns = [
        Head(_("资金来源")), Head(_("预算（元）"), "number"), Head(_("原方案（元）"), "number"),
        Head(_("新方案（元）"), "number"), Head(_("超出（元）"), "number"),
    ]  # fmt: skip
    lines = [
        Line([
            Cell(row.name), Cell(money(row.budget)),
            Cell(money(before[row.source].amount if row.source in before else 0)), Cell(money(row.amount)),
            Cell(money(row.over), state="late") if row.over else Cell("0.00"),
        ])
        for row in found.after.by_source
    ]  # fmt: skip
    return Table(_("按资金来源"), columns, lines)


def _places(found: Simulation) -> Table:
    names = {who.under: who.under_name for who in found.who.values()}
    lines = [_amounts(names.get(code, code), one, other) for code, one, other in found.difference.by_place]
    return Table(_("按乡镇（街道）"), _heads(_("乡镇（街道）")), lines)


def _lines(found: Simulation, rules: dict[str, str]) -> Table:
    columns = [Head(_("对象")), Head(_("所在")), Head(_("规则")), *_heads("")[1:]]
    lines = []
    for row in found.difference.lines[:SHOWN]:
        who = found.who[row.subject]
        line = _amounts(who.name, row.before, row.after)
        lines.append(Line([line.cells[0], Cell(who.where), Cell(rules[row.rule]), *line.cells[1:]]))
    return Table(_("有变化的明细"), columns, lines, Empty(_("没有变化"), _("改右边的名额、金额或预算，再按“测算”。")))
