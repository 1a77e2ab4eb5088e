"""The burden account: what the work costs the villages and their cadres, beside the results."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.agreements.in_force import governed
from xiangyue.base.pages import Request
from xiangyue.base.roles import READERS
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.places.models import Place
from xiangyue.rules.burden import DOOR, ITEM, OPEN, PAPER_DOOR, PAPER_ITEM, PAPER_SHEET, ROW
from xiangyue.rules.days import month_of
from xiangyue.rules.numbers import half_up
from xiangyue.standings.burden import Account, account, caps_in_words, month_before
from xiangyue.standings.views.shown import cut


@login_required
def burden(request: Request) -> HttpResponse:
    """The account of a ground's month: villages, people, forms, and the same on paper."""
    if not request.scope.holds(READERS):
        raise PermissionDenied
    day = _month(request.GET.get("month", ""))
    span = month_of(day)
    reading = request.scope.paths(READERS)
    accounts = [
        (ground, version.name, account(ground, scheme, span, _under(ground, reading)))
        for ground, version, scheme in governed(request.scope, READERS, span.ends_on)
    ]
    context = {
        "name": span.name,
        "before": month_before(day).strftime("%Y-%m"),
        "parts": [_part(request, ground, scheme, one) for ground, scheme, one in accounts],
        "assumed": {"open": OPEN, "door": DOOR, "item": ITEM, "p_door": PAPER_DOOR, "p_item": PAPER_ITEM, "p_sheet": PAPER_SHEET, "row": ROW},
    }  # fmt: skip
    return render(request, "standings/burden.html", context)


def _month(typed: str) -> date:
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        return timezone.localdate()


def _under(ground: Place, reading: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of the ground that one reads; empty: all of it."""
    if any(ground.path.startswith(path) for path in reading):
        return ()
    return tuple(path for path in reading if path.startswith(ground.path))


def _part(request: Request, ground: Place, scheme: str, one: Account) -> dict[str, object]:
    most = max((row.inspections for row in one.villages), default=0)
    mean = sum(row.inspections for row in one.villages) / len(one.villages) if one.villages else 0
    return {
        "ground": ground.name, "scheme": scheme, "account": one, "caps": caps_in_words(one.scheme),
        "most": most, "mean": f"{mean:.1f}", "villages": _villages(request, one), "spent": _spent(one), "sent": _sent(one), "desks": _desks(one),
    }  # fmt: skip


def _villages(request: Request, one: Account) -> Table:
    heads = [
        Head(_("村")), Head(_("乡镇")), Head(_("上级检查"), "number"), Head(_("群众测评"), "number"),
        Head(_("入户（户次）"), "number"), Head(_("上限")),
    ]  # fmt: skip
    rows = sorted(one.villages, key=lambda row: (not row.over, -row.inspections, row.code))
    start, end, paging = cut(len(rows), request.GET)
    lines = [
        Line([
            Cell(row.name), Cell(row.township), Cell(row.inspections), Cell(row.opinions), Cell(f"{row.visits:,}"),
            Cell(row.over, state="over") if row.over else Cell(_("没有超过")),
        ])
        for row in rows[start:end]
    ]  # fmt: skip
    return Table(_("各村当月接受的检查和入户"), heads, lines, Empty(_("没有村")), paging)


def _spent(one: Account) -> Table:
    heads = [
        Head(_("人员所在")), Head(_("录入的人"), "number"), Head(_("每人每周，居中"), "number"),
        Head(_("最多"), "number"), Head(_("超过上限的人周"), "number"),
    ]  # fmt: skip
    lines = [
        Line([
            Cell(row.township), Cell(row.people),
            Cell(_("人少，不显示") if row.middle is None else row.middle, unit="" if row.middle is None else _("分钟")),
            Cell("—" if row.most is None else row.most, unit="" if row.most is None else _("分钟")), Cell(row.over),
        ])
        for row in one.spent
    ]  # fmt: skip
    words = _("有人在网页上填表以后，这里按乡镇汇总每人每周的录入分钟，不列姓名。")
    return Table(_("每人每周录入用时"), heads, lines, Empty(_("这个月还没有量到录入用时"), words))


def _sent(one: Account) -> Table:
    heads = [
        Head(_("表")), Head(_("填了"), "number"), Head(_("行数"), "number"),
        Head(_("每张实际用时"), "number"), Head(_("纸上估算"), "number"),
    ]  # fmt: skip
    lines = [
        Line([
            Cell(row.name), Cell(f"{row.n:,}", unit=_("张")), Cell(f"{row.lines:,}"),
            Cell(_("没有量到") if row.seconds is None else row.seconds, unit="" if row.seconds is None else _("秒")),
            Cell(row.paper, unit=_("秒")),
        ])
        for row in one.sent
    ]  # fmt: skip
    return Table(_("当月填过的表"), heads, lines, Empty(_("这个月还没有填过表")))


def _desks(one: Account) -> Table:
    heads = [
        Head(_("台账")), Head(_("逐条填了"), "number"), Head(_("每条实际用时"), "number"),
        Head(_("表格导入"), "number"), Head(_("导入估算"), "number"),
    ]  # fmt: skip
    lines = [
        Line([
            Cell(row.name), Cell(f"{row.n:,}", unit=_("条")),
            Cell("—" if row.seconds is None else row.seconds, unit="" if row.seconds is None else _("秒")),
            Cell(f"{row.rows:,}", unit=_("行")), Cell(half_up(row.rows * ROW, 60), unit=_("分钟")),
        ])
        for row in one.desks
    ]  # fmt: skip
    words = _("办公室在各台账里新增、修改或用表格导入以后，这里写明填了多少、用了多久。")
    return Table(_("办公室当月录入"), heads, lines, Empty(_("这个月办公室还没有录入"), words))
