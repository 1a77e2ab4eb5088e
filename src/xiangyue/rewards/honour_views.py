"""Titles: what there is, one title with its nominations, ballots, lists, holders and plaques, one list, one holder."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request
from xiangyue.base.roles import OFFICES, STAFF
from xiangyue.base.scope import below
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.places.models import Level, Place
from xiangyue.rewards import access
from xiangyue.rewards import honour_access as may
from xiangyue.rewards.edition import State
from xiangyue.rewards.honour_frame import Title, lists_of
from xiangyue.rewards.honour_models import SEE, Held, HonourBallot, HonourLine, HonourList, Nomination, Plaque
from xiangyue.rewards.honour_rows import held_table, named, where
from xiangyue.rewards.honour_standing import stands
from xiangyue.rewards.plaque_actions import numbers_told
from xiangyue.rewards.showing import at, basis_lines, notice_url, period_name, state_cell
from xiangyue.rules.days import parse_period, period_of, previous
from xiangyue.rules.numbers import show
from xiangyue.rules.settings import PeriodKind

SHOWN = 200
PICKED_FROM = 400
"""Candidates offered in a list; more are named by code."""
BY = {"rule": "按成绩授予", "jury": "评审团表决", "assembly": "村民会议表决"}


@login_required
def honours(request: Request) -> HttpResponse:
    """All titles that the actor has to do with, with holders and what is to be done, and the newest lists."""
    if not request.scope.holds(SEE):
        raise PermissionDenied
    day = timezone.localdate()
    found = stands(list(may.held(request.scope).live()), day)
    rows = [_title_line(title, found) for title in may.titles(request.scope, day)]
    heads = [Head(_("称号")), Head(_("产生方式")), Head(_("批准文号")), Head(_("持有"), "number")]
    heads += [Head(_("待挂牌"), "number"), Head(_("待预警"), "number"), Head(_("待摘牌"), "number")]
    empty = Empty(
        _("方案里没有称号"), _("在方案里写明称号和批准文号，就能在这里推荐、表决、挂牌。"), icon="certificate"
    )
    lists = access.seen(HonourList.objects.select_related("ground", "publication"), request.scope, SEE)
    lists = lists.exclude(state=State.SUPERSEDED).order_by("-key", "code", "-version")[:40]
    context = {
        "table": Table(_("称号"), heads, rows, empty),
        "lists": _lists_table(lists),
        "n_due": sum(bool(one.todo) for one in found),
    }
    return render(request, "rewards/honours.html", context)


def _title_line(title: Title, found: list[Any]) -> Line:
    mine = [
        one for one in found
        if (one.held.ground_id, one.held.scheme, one.held.honour)
        == (title.ground.pk, title.scheme.code, title.honour.code)
    ]  # fmt: skip
    counts = [sum(one.todo == what for one in mine) for what in ("hang", "warn", "take")]
    approval = Cell(title.honour.approval) if title.honour.approval else Cell(_("没有，不能公示"), state="failed")
    cells = [Cell(title.honour.name, note=title.ground.name), Cell(_(BY[title.honour.given_by])), approval]
    cells += [Cell(len(mine)), *(Cell(n or "—") for n in counts)]
    return Line(cells, at("honour", title.ground.code, title.scheme.code, title.honour.code))


def _lists_table(rows: Any) -> Table:
    heads = [Head(_("名单")), Head(_("当选"), "number"), Head(_("同票待定"), "number"), Head(_("状态"))]
    lines = []
    for row in rows:
        first = Cell(
            f"{period_name(row)} · {row.name}", note=_("%(g)s 第%(v)s版") % {"g": row.ground.name, "v": row.version}
        )
        cells = [first, Cell(row.n_chosen), Cell(row.n_open or "—"), state_cell(row)]
        lines.append(Line(cells, at("honour_list", row.pk)))
    return Table(
        _("名单"), heads, lines, Empty(_("还没有名单"), _("打开一个称号，选考核期，拟定名单。"), icon="trophy")
    )


@login_required
def honour(request: Request, ground: str, scheme: str, code: str) -> HttpResponse:
    """One title in one period: who is put forward, how it was voted, lists, holders, plaques."""
    day = timezone.localdate()
    title = may.title_of(request.scope, ground, scheme, code, day)
    on_file = _on_file(title)
    keys = _keys(title, day, on_file)
    asked = request.GET.get("key", "")
    # a month that has just begun has nothing yet: the last one with something is shown
    last = next((key for key, _name in keys if key in on_file), keys[0][0])
    key = asked if asked in dict(keys) else last
    office = access.writes(request.scope, title.ground)
    put = Nomination.objects.filter(**title.same, key=key, withdrawn_at=None)
    put = put.filter(below("place__path", scope_paths(request))).select_related("place__village", "place__household")
    put = put.select_related("place__township").order_by("place__path")
    holders = stands(list(may.held(request.scope).live().filter(**title.same)[:SHOWN]), day)
    context = {
        "title": title,
        "by": _(BY[title.honour.given_by]),
        "key": key,
        "keys": keys,
        "office": office,
        "votes": title.honour.given_by != "rule",
        "jury": title.honour.given_by == "jury",
        "put_forward": [{"row": row, "name": named(row.place), "where": where(row.place)} for row in put[:SHOWN]],
        "may_nominate": title.honour.given_by != "rule" and request.scope.holds(STAFF),
        "candidates": _candidates(request, title, key) if title.honour.given_by != "rule" else [],
        "ballots": HonourBallot.objects.filter(**title.same, key=key).order_by("round", "pk"),
        "lists": _lists_table(access.seen(lists_of(title, key), request.scope, SEE)),
        "holders": held_table(holders, _("持有“%s”的") % title.honour.name, titled=False),
        "stock": _stock(title) if office else None,
        "crumbs": [(_("荣誉称号"), at("honours")), (title.honour.name, "")],
        "here": at("honour", ground, scheme, code, key=key),
    }
    return render(request, "rewards/honour.html", context)


def scope_paths(request: Request) -> tuple[str, ...]:
    """The paths over which the actor sees names of households."""
    return request.scope.paths(SEE)


def _on_file(title: Title) -> set[str]:
    """The periods for which somebody was put forward, or a list was made."""
    put = Nomination.objects.filter(**title.same).order_by().values_list("key", flat=True)
    return set(put.union(lists_of(title).order_by().values_list("key", flat=True)).order_by())


def _keys(title: Title, day: date, on_file: set[str]) -> list[tuple[str, str]]:
    """The periods to choose among: of the title's composite, this one and those before, and all with something on file."""
    kind = next((row.period for row in title.scheme.composites if row.code == title.honour.composite), "month")
    spans = [period_of(cast(PeriodKind, kind), day)]
    for _n in range(11 if kind == "month" else 4):
        spans.append(previous(spans[-1]))
    older = sorted((parse_period(key) for key in on_file - {span.key for span in spans}), reverse=True)
    return [(span.key, span.name) for span in [*spans, *older]]


def _candidates(request: Request, title: Title, key: str) -> list[tuple[str, str]]:
    """Who may be put forward, for those with few on their ground."""
    if not request.scope.holds(STAFF):
        return []
    rows = Place.objects.filter(below("path", request.scope.paths(STAFF)), level=title.honour.level, to_on=None)
    rows = rows.filter(below("path", (title.ground.path,)))
    taken = Nomination.objects.filter(**title.same, key=key, withdrawn_at=None).values("place")
    held = Held.objects.live().filter(**title.same).values("place")
    rows = rows.exclude(pk__in=taken).exclude(pk__in=held).select_related("village", "township", "household")
    found = list(rows.order_by("path")[: PICKED_FROM + 1])
    return [] if len(found) > PICKED_FROM else [(row.code, f"{where(row)} {named(row)}".strip()) for row in found]


def _stock(title: Title) -> dict[str, Any]:
    """Plaques: bought = in stock + out + damaged; the numbers in stock."""
    rows = Plaque.objects.filter(**title.same)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    free = list(rows.filter(state=Plaque.State.STOCK).order_by("number").values_list("number", flat=True))
    return {
        "bought": sum(counts.values()), "stock": counts.get("stock", 0), "out": counts.get("out", 0),
        "damaged": counts.get("damaged", 0), "free": numbers_told(free),
    }  # fmt: skip


@login_required
def honour_list(request: Request, pk: int) -> HttpResponse:
    """One list of a title: who is chosen, who ties, who is not, what it rests on, its notice."""
    row = may.list_of(request.scope, pk)
    lines = list(may.lines_of(request.scope, row))
    office = access.writes(request.scope, row.ground)
    chosen = [line for line in lines if line.outcome == HonourLine.Outcome.CHOSEN]
    same = lists_of(Title(row.ground, *_settings(row)), row.key)
    context = {
        "row": row,
        "by": _(BY.get(row.given_by, "")),
        "office": office,
        "groups": [
            (label, _lines_table(some, str(label)))
            for code, label in HonourLine.Outcome.choices
            if (some := [line for line in lines if line.outcome == code])
        ],
        "chosen": [(line.pk, f"{where(line.place)} {named(line.place)}") for line in chosen] if office else [],
        "hidden": row.n_chosen - len(chosen),
        "basis": basis_lines(row),
        "versions": access.seen(same, request.scope, SEE),
        "notice_url": notice_url(row),
        "state": state_cell(row),
        "title_url": at("honour", row.ground.code, row.scheme, row.code, key=row.key),
        "crumbs": [(_("荣誉称号"), at("honours")), (row.title, "")],
    }
    return render(request, "rewards/honour_list.html", context)


def _settings(row: HonourList) -> tuple[Any, Any]:
    from xiangyue.agreements.in_force import scheme_of

    scheme = scheme_of(row.scheme_version)
    return scheme, next(one for one in scheme.honours if one.code == row.code)


def _lines_table(rows: list[HonourLine], caption: str) -> Table:
    heads = [Head(_("对象")), Head(_("所在")), Head(_("成绩"), "number"), Head(_("得票"), "number"), Head(_("依据"))]
    lines = []
    for row in rows:
        figure = show(row.figure) if row.figure is not None else "—"
        votes = "—" if row.votes is None else row.votes
        cells = [Cell(named(row.place)), Cell(where(row.place)), Cell(figure), Cell(votes), Cell(row.why)]
        lines.append(Line(cells, at("holder", row.place.code)))
    return Table(caption, heads, lines)


@login_required
def due(request: Request) -> HttpResponse:
    """What is to be hung, warned of and taken down on the actor's ground."""
    if not request.scope.holds(SEE):
        raise PermissionDenied
    day = timezone.localdate()
    found = stands(list(may.held(request.scope).live()), day)
    writes = request.scope.holds(OFFICES)
    groups = []
    for what, label, words in (
        ("hang", _("要挂牌的"), _("称号已生效，牌还没挂。")),
        ("warn", _("要预警的"), _("再低一期就摘牌，先告知本人。")),
        ("take", _("要摘牌的"), _("连续偏低已满，或有方案写明的情形。")),
    ):
        rows = [one for one in found if one.todo == what]
        groups.append({"what": what, "label": label, "words": words, "n": len(rows), "table": held_table(
            rows, label, act=what if writes else "")})  # fmt: skip
    context = {
        "groups": groups,
        "writes": writes,
        "today": day,
        "crumbs": [(_("荣誉称号"), at("honours")), (_("本月要办"), "")],
    }
    return render(request, "rewards/honours_due.html", context)


@login_required
def holder(request: Request, code: str) -> HttpResponse:
    """What hangs at one household or village, and what hung there before."""
    place = may.holder_of(request.scope, code)
    rows = list(
        Held.objects.filter(place=place).select_related(
            "place__household", "place__village", "plaque", "ground", "place__township"
        )
    )
    day = timezone.localdate()
    live = stands([row for row in rows if row.state != Held.State.DOWN], day)
    writes = request.scope.holds(OFFICES, place.path)
    context = {
        "place": place,
        "name": named(place),
        "where": where(place),
        "live": [{"one": one, "causes": _causes(one.held, day) if writes else ()} for one in live],
        "past": [row for row in rows if row.state == Held.State.DOWN],
        "writes": writes,
        "today": day,
        "household": place.level == Level.HOUSEHOLD,
        "crumbs": [(_("荣誉称号"), at("honours")), (named(place), "")] if request.scope.holds(SEE) else [],
    }
    return render(request, "rewards/holder.html", context)


def _causes(held: Held, day: date) -> tuple[str, ...]:
    from xiangyue.rewards.honour_standing import honours_of, key_of

    found = honours_of([held], day).get(key_of(held))
    return found.causes if found and not held.cause else ()
