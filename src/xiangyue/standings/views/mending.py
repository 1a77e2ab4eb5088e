"""Households to mend and to help: private lists for the village, the offices above and the household's own bearer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Min, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import Scope, below, find
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.duties.reading import Bearer, bearers_of, targets_of
from xiangyue.rules.days import parse_period
from xiangyue.rules.numbers import show
from xiangyue.standings import access
from xiangyue.standings.actions.helping import record_help
from xiangyue.standings.help_models import HelpCase
from xiangyue.standings.models import BoardEntry, Closing
from xiangyue.standings.views.shown import at, crumbs, cut

DONE, WAITING = 60, 25
READS = access.INSIDE | {Role.BEARER}
SHOWN = (Closing.State.PROPOSED, Closing.State.IN_FORCE)


@login_required
def mending(request: Request) -> HttpResponse:
    """Household black entries that stand today, never public: told when, to be mended by when, and what."""
    if not request.scope.holds(READS):
        raise PermissionDenied
    today = timezone.localdate()
    rows = (
        BoardEntry.objects.filter(_of_mine(request.scope, "subject", today), side="black", taken_off="", cured_on=None)
        .filter(Q(expires_on=None) | Q(expires_on__gte=today))
        .filter(board__standing__level="household", board__standing__closing__state__in=SHOWN)
        .select_related(
            "subject__village", "board__standing__closing__period", "board__standing__closing__scheme_version"
        )
        .order_by("subject__path", "-pk")
    )
    begin, end, page = cut(rows.count(), request.GET)
    entries = list(rows[begin:end])
    bearers = bearers_of([entry.subject_id for entry in entries], today)
    columns = [
        Head(_("农户")), Head(_("考核期")), Head(_("结果"), "number"), Head(_("告知")), Head(_("整改到")),
        Head(_("列到")), Head(_("包保人")),
    ]  # fmt: skip
    lines = [_mending(request.scope, entry, _names(bearers.get(entry.subject_id, []))) for entry in entries]
    empty = Empty(
        _("没有待整改的农户"),
        _("农户黑榜不公开，只有本户、包保人和村里、办公室能看；改好了就除名。"),
        icon="home-check",
    )
    context = {
        "table": Table(_("待整改农户"), columns, lines, empty, page=page),
        "crumbs": crumbs((_("红黑榜"), at("boards")), (_("待整改农户"), "")),
    }
    return render(request, "standings/mending.html", context)


def _of_mine(scope: Scope, field: str, today: date) -> Q:
    """Households on the actor's ground, or borne by the actor."""
    condition = below(f"{field}__path", scope.paths(access.INSIDE))
    if scope.person_id:
        condition |= Q(**{f"{field}__in": [target.target_id for target in targets_of(scope.person_id, today)]})
    return condition


def _names(bearers: Sequence[Bearer]) -> str:
    return "、".join(dict.fromkeys(bearer.name for bearer in bearers)) or "—"


def _mending(scope: Scope, entry: BoardEntry, names: str) -> Line:
    closing = entry.board.standing.closing
    board = scheme_of(closing.scheme_version).board(entry.board.board)
    until = entry.told_on + timedelta(days=board.cure_days) if entry.told_on else None
    url = at("figure", closing.period_id, entry.board.standing.composite, entry.subject.code, version=closing.version)
    told = Cell(_day(entry.told_on)) if entry.told_on else Cell(_("还没告知"), state="due")
    if entry.told_on is None and scope.holds(STAFF, entry.subject.path):
        told = Cell(_("去告知"), at("board", entry.board_id))
    expires = _day(entry.expires_on) if entry.expires_on else _("公示中")
    village = entry.subject.village.name if entry.subject.village else ""
    return Line(
        [
            Cell(entry.subject.name, url, note=village), Cell(parse_period(closing.period.key).name),
            Cell(show(entry.result)), told, Cell(_day(until) if until else "—"), Cell(expires), Cell(names),
        ]
    )  # fmt: skip


def _day(day: date) -> str:
    return _("%(m)s月%(d)s日") % {"m": day.month, "d": day.day}


@login_required
def helping(request: Request) -> HttpResponse:
    """Households helped instead of listed or paired, who helps them, and what was done."""
    if not request.scope.holds(READS):
        raise PermissionDenied
    today = timezone.localdate()
    rows = HelpCase.objects.filter(_of_mine(request.scope, "household", today))
    rows = rows.select_related("household__village", "period", "done_by__person")
    waiting = rows.filter(done_on=None).order_by("-period__ends_on", "household__path", "-pk")
    newest = waiting.values("household_id").annotate(last=Max("period__ends_on"), at=Min("household__path"))
    begin, end, page = cut(newest.count(), request.GET, WAITING)
    shown = [row["household_id"] for row in newest.order_by("-last", "at")[begin:end]]
    cases = _by_household(waiting.filter(household__in=shown))
    bearers = bearers_of(shown, today)
    done = _by_household(rows.exclude(done_on=None).order_by("-done_on", "-pk")[:DONE])
    context = {
        "cases": [(held[0], _names(bearers.get(held[0].household_id, [])), _spans(held)) for held in cases],
        "page": page,
        "done": [(held[0], _spans(held)) for held in done],
        "today": today,
        "may_write": request.scope.holds(STAFF),
        "crumbs": crumbs((_("红黑榜"), at("boards")), (_("帮扶农户"), "")),
    }
    return render(request, "standings/helping.html", context)


def _by_household(rows: Iterable[HelpCase]) -> list[list[HelpCase]]:
    """The cases of a household that wait, or were answered together, as one; the newest first."""
    found: dict[tuple[Any, ...], list[HelpCase]] = {}
    for case in rows:
        found.setdefault((case.household_id, case.done_on, case.words), []).append(case)
    return list(found.values())


def _spans(cases: Sequence[HelpCase]) -> str:
    """The periods of a household's cases, the last by name, the others by number."""
    last = parse_period(cases[0].period.key).name
    return last if len(cases) == 1 else _("%(last)s等%(n)s期") % {"last": last, "n": len(cases)}


@login_required
@require_POST
def helped(request: Request, pk: int) -> HttpResponse:
    """What was done for a household is recorded."""
    case = find(HelpCase.objects.select_related("household"), request.scope, to_write=True, pk=pk)
    today = timezone.localdate()
    on = parse_date(request.POST.get("on", "")) or today
    try:
        record_help(request.user, case, words=request.POST.get("words", ""), on=on, today=today)
        messages.success(request, _("“%s”的帮扶已登记。") % case.household.name)
    except Problem as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
    return redirect(at("help"))
