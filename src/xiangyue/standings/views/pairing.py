"""Pairs: who helps whom, with both scores, and how many left the black board through it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.places.models import Place
from xiangyue.rules.numbers import show
from xiangyue.standings import access
from xiangyue.standings.pairs_shown import Left, PairShown, left_by_period, shown, visible_pairs
from xiangyue.standings.views.shown import crumbs, cut

PERIODS = 24
"""Lines of the count by period."""


@login_required
def pairs_page(request: Request) -> HttpResponse:
    """Pairs of villages and of households: who helps whom, in which month, and what became of it."""
    if not request.scope.holds(access.SEE):
        raise PermissionDenied
    mine = visible_pairs(request.scope)
    level = "household" if request.GET.get("level") == "household" else "village"
    rows = mine.filter(board__standing__level="household") if level == "household" else mine.exclude(
        board__standing__level="household"
    )  # fmt: skip
    rows = rows.select_related("red__village", "black__village", "period", "met_at", "board").order_by(
        "-period__starts_on", "black__path", "pk"
    )
    begin, end, page = cut(rows.count(), request.GET)
    lines = [_line(one) for one in shown(list(rows[begin:end]))]
    context = {
        "level": level,
        "counts": _counts(left_by_period(mine)[:PERIODS]),
        "table": Table(_("结对"), _columns(), lines, _empty(level), page=page),
        "crumbs": crumbs((_("结对"), "")),
    }
    return render(request, "standings/pairs.html", context)


def _columns() -> list[Head]:
    return [
        Head(_("考核期")), Head(_("红榜一方")), Head(_("黑榜一方")), Head(_("在哪里结对")),
        Head(_("当期本身成绩"), "number"), Head(_("当期结果"), "number"), Head(_("结论")),
    ]  # fmt: skip


def _empty(level: str) -> Empty:
    if level == "household":
        words = _("农户双方都同意，才结对；同意书在“同意书”里登记。没有同意的由包保人帮带。")
    else:
        words = _("榜单生效后，红榜村和黑榜村自动结对，下一期共同评分。")
    return Empty(_("还没有结对"), words)


def _line(one: PairShown) -> Line:
    pair = one.pair
    return Line(
        [
            Cell(one.period),
            Cell(_named(pair.red), mark="red", note=_score(one.red_score)),
            Cell(_named(pair.black), mark="black", note=_score(one.black_score)),
            Cell(pair.met_at.name),
            Cell(show(one.own) if one.own is not None else "—"),
            Cell(show(one.result) if one.result is not None else "—"),
            _verdict(one),
        ]
    )


def _named(place: Place) -> str:
    return f"{place.village.name} {place.name}" if place.level == "household" and place.village else str(place.name)


def _score(score: int | None) -> str:
    return _("结对时%s分") % show(score) if score is not None else ""


def _verdict(one: PairShown) -> Cell:
    pair = one.pair
    if pair.ended_at:
        return Cell(_("已结束"), state="ended", note=pair.end_reason)
    words = {"left": _("已脱离黑榜"), "stayed": _("仍在黑榜"), "none": _("不作结论")}.get(pair.verdict)
    if words is None:
        return Cell(_("进行中"), state="running")
    if pair.verdict == "left":
        return Cell(words, state="done")
    return Cell(words)


def _counts(rows: list[Left]) -> Table:
    names = {"household": _("农户"), "village": _("村"), "township": _("乡镇")}
    lines = [
        Line(
            [
                Cell(row.period), Cell(names.get(row.level, row.level)), Cell(row.n), Cell(row.left), Cell(row.stayed),
                Cell(row.none), Cell(row.ended), Cell(row.n - row.left - row.stayed - row.none - row.ended),
            ]
        )
        for row in rows
    ]  # fmt: skip
    heads = [_("结对数"), _("脱离黑榜"), _("仍在黑榜"), _("不作结论"), _("中途结束"), _("进行中")]
    columns = [Head(_("考核期")), Head(_("层级")), *(Head(head, "number") for head in heads)]
    return Table(_("每期脱离黑榜"), columns, lines, Empty(_("还没有结对"), ""))
