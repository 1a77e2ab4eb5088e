"""The red and black boards: pool, cuts, ties, who was taken off and why; telling and curing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.agreements.in_force import governed, scheme_of
from xiangyue.base.pages import Request, said_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF, Role
from xiangyue.desk.shapes import Cell, Head, Line, Table
from xiangyue.rules.board import SPARED_WORDS
from xiangyue.rules.numbers import show
from xiangyue.rules.settings import Board
from xiangyue.standings import access
from xiangyue.standings.actions.publishing import cure_ends
from xiangyue.standings.actions.telling import cure, tell
from xiangyue.standings.live import LEAVES
from xiangyue.standings.models import BoardEntry, BoardList, Closing, Period
from xiangyue.standings.untold import to_tell
from xiangyue.standings.views.shown import at, crumbs, name_of, state_of

SHOWN_STATES = (Closing.State.IN_FORCE, Closing.State.PROPOSED, Closing.State.CLOSED)


@login_required
def boards(request: Request) -> HttpResponse:
    """The boards of the newest period that has some, or of the one asked for."""
    if not request.scope.holds(access.SEE):
        raise PermissionDenied
    asked = request.GET.get("period", "")
    period = access.period_of(request.scope, int(asked)) if asked.isdigit() else _newest(request)
    context: dict[str, Any] = {"period": period, "may_mend": request.scope.holds(access.INSIDE | {Role.BEARER})}
    if period is not None:
        closing = access.version_of(period, request.GET.get("version", ""))
        if closing is not None:
            context |= _boards(request, period, closing)
    if period is None:
        schemes = [scheme for _ground, _version, scheme in governed(request.scope, access.SEE, timezone.localdate())]
        context["no_boards"] = bool(schemes) and not any(scheme.boards for scheme in schemes)
    return render(request, "standings/boards.html", context)


def _newest(request: Request) -> Period | None:
    drawn = BoardList.objects.values("standing__closing__period")
    return access.periods(request.scope).filter(pk__in=drawn).order_by("-starts_on").first()


def _boards(request: Request, period: Period, closing: Closing) -> dict[str, Any]:
    rows = (
        BoardList.objects.filter(standing__closing=closing)
        .select_related("group", "standing")
        .annotate(
            red=Count("entries", filter=Q(entries__side="red", entries__taken_off="")),
            black=Count("entries", filter=Q(entries__side="black", entries__taken_off="")),
        )
        .order_by("board", "group__path", "category")
    )
    chosen = request.GET.get("board", "")
    names = {category.code: category.name for category in scheme_of(closing.scheme_version).categories}
    places: list[list[dict[str, Any]]] = []
    households: list[Line] = []
    untold = _untold(closing)
    for row in rows:
        if chosen and row.board != chosen:
            continue
        url = at("board", row.pk)
        waits = untold.get(row.pk, 0)
        if row.standing.level not in LEAVES:
            places.append([_card(row, side, names, closing, period, url) for side in ("red", "black")])
            if waits:
                places[-1][1]["note"] = _("还有%s个没有告知。") % waits
                places[-1][1]["more"] = _("去登记告知")
        else:
            open_to = url if request.scope.holds(access.INSIDE, row.group.path) else ""
            why = "" if row.n_red or row.n_black else row.why
            households.append(
                Line(
                    [
                        Cell(row.group.name, open_to, note=row.group.code),
                        Cell(row.pool),
                        Cell(row.red),
                        Cell(row.black),
                        Cell(_("还有%s户没有告知") % waits, state="due") if waits else Cell(why),
                    ]
                )
            )
    return {
        "closing": closing,
        "name": name_of(period),
        "state": state_of(closing),
        "places": places,
        "households": Table(_("农户红黑榜"), _household_columns(), households) if households else None,
        "ground_name": period.ground.name,
        "crumbs": crumbs((name_of(period), at("period", period.pk)), (_("红黑榜"), "")),
    }


def _untold(closing: Closing) -> dict[int, int]:
    """Board → how many of its black entries wait to be told, while the notice runs."""
    if closing.state != Closing.State.PROPOSED:
        return {}
    return dict(to_tell([closing]).order_by().values_list("board").annotate(n=Count("pk")))


def _household_columns() -> list[Head]:
    heads = (_("参评户数"), _("红榜"), _("黑榜"))
    return [Head(_("村")), *(Head(head, "number") for head in heads), Head(_("说明"))]


def _card(
    row: BoardList, side: str, names: dict[str, str], closing: Closing, period: Period, url: str
) -> dict[str, Any]:
    entries = row.entries.filter(side=side, taken_off="").select_related("subject__township").order_by("position")
    first = dict[int, int]()
    label = _("红榜") if side == "red" else _("黑榜")
    ends = closing.notice_ends_on if closing.state == "proposed" else None
    until = _("公示到%s") % said_day(ends) if ends else ""
    rows = [
        {
            "rank": first.setdefault(entry.result, entry.position),
            "name": entry.subject.name,
            "place": entry.subject.township.name if entry.subject.township and entry.subject.level == "village" else "",
            "score": entry.result,
            "why": _("已整改，%s除名") % said_day(entry.cured_on) if entry.cured_on else "",
            "url": at("figure", period.pk, row.standing.composite, entry.subject.code, version=closing.version),
        }
        for entry in entries
    ]
    return {
        "colour": side,
        "title": f"{row.name.replace('红黑榜', '')}{label} · {names.get(row.category, row.category)}",
        "period": name_of(period),
        "state": state_of(closing),
        "until": until,
        "rows": rows,
        "note": _("本期没有上榜的。%s。") % row.why.rstrip("。") if not rows else "",
        "url": url,
        "more": _("怎么定的"),
    }


def board_of(request: Request, pk: int) -> tuple[BoardList, Period]:
    """One board whose entries the actor sees; unseen 404."""
    row = (
        BoardList.objects.select_related(
            "group", "standing__closing__period__ground", "standing__closing__scheme_version"
        )
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise Http404
    period = access.period_of(request.scope, row.standing.closing.period_id)
    if row.standing.level in LEAVES and not request.scope.holds(access.INSIDE, row.group.path):
        raise Http404
    return row, period


@login_required
def board(request: Request, pk: int) -> HttpResponse:
    """One board: its pool, its cuts, both lists, and who was taken off and why."""
    row, period = board_of(request, pk)
    closing = row.standing.closing
    settings = scheme_of(closing.scheme_version).board(row.board)
    entries = list(row.entries.select_related("subject__parent").order_by("side", "position"))
    may_write = request.scope.holds(STAFF, row.group.path)
    context = {
        "board": row,
        "settings": settings,
        "period": period,
        "closing": closing,
        "name": name_of(period),
        "state": state_of(closing),
        "red": _entries(entries, "red", settings, row, period),
        "black": _entries(entries, "black", settings, row, period),
        "n_untold": sum(e.side == "black" and not e.taken_off and e.told_on is None for e in entries),
        "may_write": may_write and closing.state in SHOWN_STATES,
        "limits": _limits(settings),
        "internal": row.standing.level in LEAVES,
        "crumbs": crumbs(
            (name_of(period), at("period", period.pk)),
            (_("红黑榜"), at("boards", period=period.pk)),
            (row.group.name, ""),
        ),
        "ground_name": period.ground.name,
    }
    return render(request, "standings/board.html", context)


def _limits(settings: Board) -> str:
    red = _("%s名") % settings.red.n if settings.red.n else _("参评数的%s‰，至少1名") % settings.red.per_mille
    black = _("%s名") % settings.black.n if settings.black.n else _("参评数的%s‰，至少1名") % settings.black.per_mille
    return _(
        "红榜%(red)s，不低于%(floor)s分，与末位同分的都上；黑榜%(black)s，不高于%(ceiling)s分，同分跨线的都不上。"
    ) % {
        "red": red,
        "floor": show(settings.red.limit),
        "black": black,
        "ceiling": show(settings.black.limit),
    }


def _entries(
    entries: list[BoardEntry], side: str, settings: Board, row: BoardList, period: Period
) -> list[dict[str, Any]]:
    shown = []
    for entry in entries:
        if entry.side != side:
            continue
        ends = cure_ends(entry, settings)
        off = SPARED_WORDS.get(entry.taken_off, entry.taken_off)
        if not off and entry.cured_on:
            off = _("%s已整改") % said_day(entry.cured_on)
        shown.append({
            "entry": entry,
            "url": at("figure", period.pk, row.standing.composite, entry.subject.code, version=row.standing.closing.version),
            "off": off,
            "cure_ends": ends,
        })  # fmt: skip
    return shown


@login_required
@require_POST
def told(request: Request, pk: int) -> HttpResponse:
    """The black entries of a board are told: cure time runs."""
    row, _period = board_of(request, pk)
    if not request.scope.holds(STAFF, row.group.path):
        raise PermissionDenied
    n = tell(request.user, list(row.entries.filter(side="black", taken_off="")), today=timezone.localdate())
    messages.success(request, _("已登记告知%s个对象，整改期从今天算起。") % n)
    return redirect("standings:board", pk)


@login_required
@require_POST
def cured(request: Request, pk: int) -> HttpResponse:
    """A black entry is mended."""
    entry = get_object_or_404(BoardEntry.objects.select_related("board", "subject"), pk=pk)
    board_of(request, entry.board_id)
    if not request.scope.holds(STAFF, entry.subject.path):
        raise PermissionDenied
    try:
        cure(request.user, entry, today=timezone.localdate(), reason=request.POST.get("reason", ""))
        messages.success(request, _("“%s”已登记整改到位，从黑榜除名。") % entry.subject.name)
    except Problem as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
    return redirect("standings:board", entry.board_id)
