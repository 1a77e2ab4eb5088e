"""Standings tables, and what a figure is made of."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.pages import Request
from xiangyue.base.scope import Scope
from xiangyue.checks.faults import faults_now, lifted_words
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.places.models import Place
from xiangyue.rules.days import parse_period, previous
from xiangyue.rules.settings import Component, Composite
from xiangyue.standings import access
from xiangyue.standings.facts import closings_of
from xiangyue.standings.figures import composites_of, figure_of, kinds_below, sheets_of
from xiangyue.standings.live import LEAVES
from xiangyue.standings.models import Closing, LiveFigure, Period, Result
from xiangyue.standings.reviews.hiding import hidden_live
from xiangyue.standings.totals import fetch
from xiangyue.standings.views.shown import address_of_check, at, crumbs, cut, name_of, path_of, score, signed, state_of

CAUSES = {"away": "外出", "empty": "空置", "none": "没有成绩", "": ""}


def composite_of(period: Period, closing: Closing | None, code: str) -> Composite:
    """The period's composite of that code, else 404."""
    for composite in composites_of(period, closing):
        if composite.code == code:
            return composite
    raise Http404


@login_required
def table(request: Request, pk: int, composite: str) -> HttpResponse:
    """The standings table of a composite: by category; households by village."""
    period = access.period_of(request.scope, pk)
    closing = access.version_of(period, request.GET.get("version", ""))
    if closing is None:
        raise Http404
    what = composite_of(period, closing, composite)
    group = request.GET.get("group", "")
    context: dict[str, Any] = {
        "period": period,
        "closing": closing,
        "composite": what,
        "name": name_of(period),
        "state": state_of(closing),
        "crumbs": crumbs((name_of(period), at("period", pk)), (what.name, "")),
        "ground_name": period.ground.name,
    }
    if what.level in LEAVES and not group:
        context["table"] = _groups(request, period, closing, what)
    else:
        if what.level in LEAVES and not request.scope.holds(access.INSIDE, path_of(group)):
            raise Http404
        context |= _rows(request, period, closing, what, group)
    return render(request, "standings/table.html", context)


def _groups(request: Request, period: Period, closing: Closing, what: Composite) -> Table:
    """Households by village: how many rated, their mean, and the way into the village."""
    rows = fetch(
        "SELECT p.code, p.name, t.name, p.path, COUNT(*), COUNT(r.result), SUM(r.result),"
        " SUM(CASE WHEN r.board = 'red' THEN 1 ELSE 0 END), SUM(CASE WHEN r.board = 'black' THEN 1 ELSE 0 END)"
        " FROM standings_result r JOIN standings_standing s ON s.id = r.standing_id"
        " JOIN places_place p ON p.code = r.group_code LEFT JOIN places_place t ON t.id = p.township_id"
        " WHERE s.closing_id = %s AND s.composite = %s GROUP BY p.code, p.name, t.name, p.path ORDER BY p.path",
        [closing.pk, what.code],
    )
    lines = []
    for code, name, township, path, n, rated, total, red, black in rows:
        open_to = request.scope.holds(access.INSIDE, path)
        url = at("table", period.pk, what.code, group=code, version=closing.version) if open_to else ""
        mean = (2 * int(total) + rated) // (2 * rated) if rated else None
        lines.append(
            Line(
                [Cell(name, url, note=township or ""), Cell(n), Cell(rated), Cell(score(mean)), Cell(red), Cell(black)]
            )
        )
    heads = [_("村"), _("户数"), _("有成绩"), _("平均"), _("红榜"), _("黑榜")]
    columns = [Head(heads[0]), *(Head(head, "number") for head in heads[1:])]
    return Table(what.name, columns, lines, Empty(_("没有农户")))


def _rows(request: Request, period: Period, closing: Closing, what: Composite, group: str) -> dict[str, Any]:
    held = Result.objects.filter(standing__closing=closing, standing__composite=what.code)
    if group:
        held = held.filter(group_code=group)
    names = {category.code: category.name for category in scheme_of(closing.scheme_version).categories}
    categories = sorted(set(held.values_list("category", flat=True)))
    chosen = request.GET.get("category", "")
    if chosen in categories:
        held = held.filter(category=chosen)
    before = _before(period, what, list(held.values_list("subject_id", flat=True)) if what.level in LEAVES else None)
    rows = held.select_related("subject__township", "partner").order_by("category", "rank", "subject__code")
    count = rows.count()
    start, end, paging = cut(count, request.GET)
    query = {"version": closing.version}
    lines = [_line(row, period, what, before.get(row.subject_id), names, query) for row in rows[start:end]]
    options = [("", _("全部类别"), not chosen)] + [(c, names.get(c, c) or _("未分类"), c == chosen) for c in categories]
    filters = [{"name": "category", "label": _("类别"), "options": options}] if len(categories) > 1 else []
    return {
        "table": Table(what.name, _columns(), lines, Empty(_("没有考核对象")), paging),
        "filters": filters,
        "keep": {"group": group, "version": str(closing.version)},
        "group": Place.objects.filter(code=group).first() if group else None,
    }


def _columns() -> list[Head]:
    return [
        Head(_("名称")),
        Head(_("名次"), "number"),
        Head(_("本级得分"), "number"),
        Head(_("结对后"), "number"),
        Head(_("加减分"), "number"),
        Head(_("考核结果"), "number"),
        Head(_("比上期"), "number"),
        Head(_("红黑榜")),
        Head(_("检查次数"), "number"),
    ]


def _line(
    row: Result, period: Period, what: Composite, before: int | None, names: dict[str, str], query: dict[str, Any]
) -> Line:
    url = at("figure", period.pk, what.code, row.subject.code, **query)
    if row.result is None:
        why = CAUSES.get(row.why, row.why)
        blank = [Cell("—")] * 5
        return Line(
            [
                Cell(row.subject.name, url, note=_note(row, names)),
                Cell("—", note=why),
                *blank,
                Cell(state="unrated"),
                Cell(row.n_checks),
            ]
        )
    moved = row.result - before if before is not None else None
    paired = Cell(score(row.paired), note=_("与%s结对") % row.partner.name if row.partner else "")
    return Line([
        Cell(row.subject.name, url, note=_note(row, names)),
        Cell(row.rank),
        Cell(score(row.own)),
        paired,
        Cell(signed(row.adjustments) if row.adjustments else "0.00"),
        Cell(score(row.result), url),
        Cell(signed(moved)),
        Cell(state=row.board) if row.board else Cell(""),
        Cell(row.n_checks),
    ])  # fmt: skip


def _note(row: Result, names: dict[str, str]) -> str:
    if row.subject.level == "household":
        return str(row.subject.code)
    above = row.subject.township.name if row.subject.level == "village" and row.subject.township else ""
    return " · ".join(filter(None, (above, names.get(row.category, ""))))


def _before(period: Period, what: Composite, subjects: list[int] | None) -> dict[int, int]:
    """The results of the period before, by subject."""
    key = previous(parse_period(period.key)).key
    closing = closings_of(period.ground_id, period.scheme, [key]).get(key)
    if closing is None:
        return {}
    rows = Result.objects.filter(standing__closing=closing, standing__composite=what.code, result__isnull=False)
    if subjects is not None:
        rows = rows.filter(subject__in=subjects)
    return {subject: result for subject, result in rows.values_list("subject_id", "result") if result is not None}


@login_required
def figure(request: Request, pk: int, composite: str, code: str) -> HttpResponse:
    """What one figure is made of: the sum, the figures below it, the checks behind it."""
    period = access.period_of(request.scope, pk)
    place = access.subject_of(request.scope, period, code)
    closing = access.version_of(period, request.GET.get("version", ""))
    what = composite_of(period, closing, composite)
    if closing is None and hidden_live(request.scope, period, kinds_below(period, closing, what)):
        # a running sum would tell what the review keeps until its notice
        raise Http404
    found = figure_of(period, closing, what, place)
    if found is None:
        raise Http404
    above = [(name_of(period), at("period", pk))]
    if place.level in LEAVES and place.village and what.level == place.level:
        above.append((place.village.name, _village_url(period, closing, place.village, what)))
    context = {
        "period": period,
        "name": name_of(period),
        "closing": closing,
        "state": state_of(closing),
        "composite": what,
        "place": place,
        "figure": found,
        "partner": Place.objects.filter(pk=found.partner_id).first() if found.partner_id else None,
        "sum": found.written_out(lambda component: _part_url(component, period, closing, place)),
        "below": _below(request, period, closing, what, place),
        "sheets": _sheets(request.scope, period, closing, what, place),
        "drawn": found.board,
        "crumbs": crumbs(*[step for step in above if step[1]], (place.name, "")),
        "ground_name": period.ground.name,
        "trend_url": at("trend", place.code, composite=what.code) if closing else "",
    }
    return render(request, "standings/figure.html", context)


def _village_url(period: Period, closing: Closing | None, village: Place, leaf: Composite) -> str:
    for composite in composites_of(period, closing):
        if composite.level == "village":
            return at("figure", period.pk, composite.code, village.code, version=closing.version if closing else "")
    return ""


def _part_url(component: Component, period: Period, closing: Closing | None, place: Place) -> str:
    if component.source.kind == "children":
        return "#below"
    return "#sheets" if component.source.kind == "sheets" else ""


def _sheets(scope: Scope, period: Period, closing: Closing | None, what: Composite, place: Place) -> Table | None:
    if what.mode == "months" or not any(c.source.kind == "sheets" for c in what.components):
        return None
    lines = []
    sheets = sheets_of(scope, period, closing, what, place)
    mended = faults_now(scope, [sheet.id for sheet in sheets if sheet.n_faults])
    for sheet in sheets:
        url = address_of_check(sheet.id)
        note = lifted_words(mended.get(sheet.id, ()))
        faults = Cell(sheet.n_faults, unit=_("项"), note=note) if sheet.n_faults else Cell(state="clean")
        lines.append(
            Line(
                [
                    Cell(sheet.day.isoformat(), url),
                    Cell(sheet.kind),
                    Cell(sheet.inspector),
                    Cell(score(sheet.score), url),
                    faults,
                ]
            )
        )
    columns = [
        Head(_("日期")),
        Head(_("种类")),
        Head(_("检查人")),
        Head(_("得分"), "number"),
        Head(_("扣分项")),
    ]
    return Table(_("计入的检查"), columns, lines, Empty(_("本期没有计入的检查")))


def _below(request: Request, period: Period, closing: Closing | None, what: Composite, place: Place) -> Table | None:
    """The figures of the level below that go into this one."""
    levels = [c.source.level for c in what.components if c.source.kind == "children"]
    if not levels:
        return None
    below = next((c for c in reversed(composites_of(period, closing)) if c.level == levels[0]), None)
    if below is None:
        return None
    if below.level in LEAVES and not request.scope.holds(access.INSIDE, place.path):
        return Table(
            "", [], [], Empty(_("农户成绩只对本村和上级办公室公开"), _("这里只显示合计；上面的算式里有户数和平均。"))
        )
    rows = _closed_below(closing, below, place) if closing else _live_below(period, below, place)
    start, end, paging = cut(len(rows), request.GET)
    version = closing.version if closing else ""
    has_boards = any(row[5] for row in rows)
    lines = []
    for code, name, own, result, checks, board in rows[start:end]:
        url = at("figure", period.pk, below.code, code, version=version)
        shown = Cell(score(result), url) if result is not None else Cell(state="unrated")
        lines.append(
            Line(
                [
                    Cell(name, url, note=code),
                    Cell(score(own)),
                    shown,
                    Cell(checks),
                    *([Cell(state=board) if board else Cell("")] if has_boards else []),
                ]
            )
        )
    columns = [
        Head(_("名称")),
        Head(_("本级得分"), "number"),
        Head(_("考核结果"), "number"),
        Head(_("检查次数"), "number"),
        *([Head(_("红黑榜"))] if has_boards else []),
    ]
    return Table(below.name, columns, lines, Empty(_("下面没有考核对象")), paging)


def _closed_below(closing: Closing, below: Composite, place: Place) -> list[tuple[Any, ...]]:
    rows = Result.objects.filter(
        standing__closing=closing, standing__composite=below.code,
        subject__path__gt=place.path, subject__path__lt=place.path[:-1] + "0",
    ).order_by("-result", "subject__code")  # fmt: skip
    fields = ("subject__code", "subject__name", "own", "result", "n_checks", "board")
    return sorted(rows.values_list(*fields), key=lambda row: (row[3] is None, -(row[3] or 0), row[0]))


def _live_below(period: Period, below: Composite, place: Place) -> list[tuple[Any, ...]]:
    if below.level in LEAVES:
        inside = Place.objects.below(place.path).filter(level=below.level)
        rows = LiveFigure.objects.filter(period=period, composite=below.code, subject__in=inside.values("pk"))
        fields = ("subject__code", "subject__name", "own", "result", "n_checks")
        found = [(*row, "") for row in rows.values_list(*fields)]
    else:
        from xiangyue.standings.live_ranking import ranking

        held = [row for row in ranking(period).composite(below.code).rows if row.code != place.code]
        inside_codes = dict(Place.objects.below(place.path).filter(level=below.level).values_list("code", "name"))
        found = [(r.code, inside_codes[r.code], r.own, r.result, r.checks, "") for r in held if r.code in inside_codes]
    return sorted(found, key=lambda row: (row[3] is None, -(row[3] or 0), row[0]))
