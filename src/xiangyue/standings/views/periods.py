"""The periods, the guided walk of one, and its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.jobs import start_job
from xiangyue.base.pages import Request, said_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import READERS
from xiangyue.base.saying import said_at
from xiangyue.rules.days import parse_period
from xiangyue.standings import access, problems
from xiangyue.standings.actions import closing as closes
from xiangyue.standings.actions.periods import open_periods
from xiangyue.standings.actions.preview import preview
from xiangyue.standings.actions.publication import unanswered
from xiangyue.standings.actions.publishing import bring_in_force, held_back, propose, untold, withdraw_proposal
from xiangyue.standings.late import count_late
from xiangyue.standings.models import BoardList, Closing, Period
from xiangyue.standings.untold import to_tell
from xiangyue.standings.views.shown import at, crumbs, name_of, state_of


@dataclass(frozen=True, slots=True)
class Card:
    """A period in the overview."""

    period: Period
    name: str
    closing: Closing | None
    state: str
    url: str
    running: bool
    to_close: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the guided walk."""

    title: str
    state: str
    words: str = ""
    note: str = ""
    url: str = ""
    label: str = ""


@login_required
def periods(request: Request) -> HttpResponse:
    """All periods of the grounds one sees, newest first, with their state."""
    if not request.scope.holds(access.SEE):
        raise PermissionDenied
    open_periods(timezone.localdate())
    rows = access.periods(request.scope).prefetch_related("closings").order_by("-starts_on", "kind")[:60]
    today = timezone.localdate()
    cards = [_card(period, today) for period in rows]
    kinds = [(_("月度"), "month"), (_("季度"), "quarter"), (_("年度"), "year")]
    groups = [(label, [card for card in cards if card.period.kind == kind]) for label, kind in kinds]
    return render(request, "standings/periods.html", {"groups": [group for group in groups if group[1]]})


def _card(period: Period, today: Any) -> Card:
    closing = max(period.closings.all(), key=lambda row: row.version, default=None)
    running = period.starts_on <= today <= period.ends_on
    waits = closing is None and today > period.ends_on
    state = "to_close" if waits else state_of(closing)
    return Card(period, name_of(period), closing, state, at("period", period.pk), running, waits)


@login_required
def period(request: Request, pk: int) -> HttpResponse:
    """One period: the walk from what is missing to in force, and the way to its figures."""
    row = access.period_of(request.scope, pk)
    closing = access.version_of(row, request.GET.get("version", ""))
    standings = closing.standings.order_by("id") if closing else ()
    context = {
        "period": row,
        "name": name_of(row),
        "closing": closing,
        "state": state_of(closing),
        "standings": [(s, at("table", row.pk, s.composite, version=closing.version)) for s in standings if closing],
        "boards": _boards(row, closing),
        "steps": steps(row, closing, access.ways(request.scope, row)),
        "version_fields": {"version": closing.version} if closing else {},
        "may_close": access.may_close(request.scope, row.ground),
        "ways": access.ways(request.scope, row),
        "n_late": count_late(row.ground_id, row.scheme, parse_period(row.key)) if closing else 0,
        "ground_name": row.ground.name,
        "crumbs": crumbs((name_of(row), "")),
    }
    return render(request, "standings/period.html", context)


def _boards(row: Period, closing: Closing | None) -> list[tuple[str, str]]:
    if closing is None:
        return []
    names = (
        BoardList.objects.filter(standing__closing=closing).order_by("board").values_list("board", "name").distinct()
    )
    return [(name, at("boards", period=row.pk, board=board, version=closing.version)) for board, name in names]


def steps(row: Period, closing: Closing | None, ways: frozenset[str]) -> list[Step]:
    """The walk: look, close, publish, answer, in force; each with its state, and its link where it is open to one."""
    over = timezone.localdate() > row.ends_on
    state = closing.state if closing else ""
    done = {"closed": 2, "proposed": 3, "in_force": 5, "superseded": 5}.get(state, 0)
    look = Step(
        _("看缺什么，预览结果"),
        "done" if done else ("due" if over else "todo"),
        _("缺的检查、待核对和迟到的记录逐项列出；结果先算一遍，和上期比较，不留痕迹。"),
        url=at("preview", row.pk) if closing is None and "preview" in ways else "",
        label=_("看缺什么"),
    )
    close = Step(
        _("关账"),
        "done" if done else "todo",
        _("第%(v)s版，%(who)s于%(when)s关账。")
        % {
            "v": closing.version,
            "who": closing.closed_by or _("命令行"),
            "when": said_at(closing.closed_at),
        }
        if closing
        else _("关账后成绩不再改动；更正要开新版本并写明原因。"),
    )
    notice = Step(
        _("公示"),
        "done" if done >= 5 else "running" if done == 3 else "due" if done == 2 else "todo",
        _("公示到%s为止，期间逐条登记、答复异议。") % said_day(closing.notice_ends_on)
        if closing and closing.notice_ends_on
        else "",
        url=at("notice", row.pk) if done >= 3 and "notice" in ways else "",
        label=_("看公示和异议"),
    )
    telling = closing is not None and done == 3 and "notice" in ways and to_tell([closing]).exists()
    force = Step(
        _("生效"),
        _force_state(closing, done),
        _force_words(closing, done),
        url=at("boards", period=row.pk) if telling else "",
        label=_("去红黑榜告知"),
    )
    return [look, close, notice, force]


def _force_state(closing: Closing | None, done: int) -> str:
    if done >= 5:
        return "done"
    over = closing and closing.notice_ends_on and timezone.localdate() > closing.notice_ends_on
    return "due" if done == 3 and over else "todo"


def _force_words(closing: Closing | None, done: int) -> str:
    if closing is None or done < 3:
        return _("公示期满、异议全部答复、黑榜整改期满后生效；生效后开始结对。")
    if done >= 5:
        return _("已于%s生效。") % said_at(closing.in_force_at) if closing.in_force_at else ""
    waiting = unanswered(closing.publication) if closing.publication else 0
    n, last = untold(closing, scheme_of(closing.scheme_version), timezone.localdate())
    words = []
    if waiting:
        words.append(_("还有%s条异议没有答复。") % waiting)
    if n:
        words.append(held_back(n, last) + "。")
    return " ".join(words) or _("条件都已具备，公示期满即可生效。")


@login_required
def look_ahead(request: Request, pk: int) -> HttpResponse:
    """What is missing and what the figures would be; nothing is stored."""
    row = access.to_close(request.scope, pk)
    if access.version_of(row) is not None:
        return redirect(at("period", pk))
    context: dict[str, Any] = {
        "period": row,
        "name": name_of(row),
        "crumbs": crumbs((name_of(row), at("period", pk)), (_("预览"), "")),
    }
    context["early"] = timezone.localdate() <= row.ends_on
    context["ground_name"] = row.ground.name
    context["figures_url"] = f"{request.path}?show=figures"
    if request.GET.get("show") != "figures":
        # working it out takes seconds on a large ground: the page stands at once and fetches it
        return render(request, "standings/preview.html", context)
    context["worked"] = True
    try:
        found = preview(row)
        context["preview"] = found
        # what the page has told of is agreed to with the one confirmation
        context["fields"] = {"early": int(context["early"]), "empty": int(found.nothing_recorded)}
    except Problem as problem:
        context["problem"] = problem
    partial = request.headers.get("HX-Request") == "true"
    return render(request, "standings/parts/ahead.html" if partial else "standings/preview.html", context)


def _act(request: Request, pk: int, act: Callable[[Period], str]) -> HttpResponseRedirect:
    """Does one step of the walk and goes back to it, with what was done or why not."""
    row = access.to_close(request.scope, pk)
    try:
        messages.success(request, act(row))
    except Problem as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
    return redirect(at("period", pk))


def _current(row: Period, request: Request) -> Closing:
    """The closing that the actor saw, which must still be the newest."""
    found = access.version_of(row)
    seen = request.POST.get("version", "")
    if found is None:
        raise Problem(problems.NOT_CLOSED, name=name_of(row))
    if seen and seen != str(found.version):
        raise Problem(
            problems.OTHER_VERSION,
            seen=seen,
            version=found.version,
            who=found.closed_by or _("命令行"),
            when=timezone.localtime(found.closed_at).strftime("%m-%d %H:%M"),
        )
    return found


@login_required
@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    """Close the period."""

    def act(row: Period) -> str:
        told = request.POST
        made = closes.close_period(
            request.user, row.ground, row.key, scheme=row.scheme, now=timezone.now(),
            early=told.get("early") == "1", empty=told.get("empty") == "1",
        )  # fmt: skip
        return _("%(name)s已关账（第%(v)s版）。下一步：公示。") % {"name": name_of(row), "v": made.version}

    return _act(request, pk, act)


@login_required
@require_POST
def new_version(request: Request, pk: int) -> HttpResponse:
    """Open a newer version, late checks taken in."""

    def act(row: Period) -> str:
        made = closes.open_new_version(
            request.user, row.ground, row.key, scheme=row.scheme, now=timezone.now(),
            reason=request.POST.get("reason", ""), expect=_current(row, request).version,
        )  # fmt: skip
        return _("第%s版已关账，请重新公示。") % made.version

    return _act(request, pk, act)


@login_required
@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    """Put the newest version on notice."""

    def act(row: Period) -> str:
        made = propose(request.user, _current(row, request), now=timezone.now())
        assert made.notice_ends_on is not None, "what is on notice has its last day"
        return _("已公示，到%s为止。") % said_day(made.notice_ends_on)

    return _act(request, pk, act)


@login_required
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take the notice back."""

    def act(row: Period) -> str:
        withdraw_proposal(
            request.user, _current(row, request), now=timezone.now(), reason=request.POST.get("reason", "")
        )
        return _("公示已撤回，可以开新版本更正。")

    return _act(request, pk, act)


@login_required
@require_POST
def enforce(request: Request, pk: int) -> HttpResponse:
    """Bring the newest version in force."""

    def act(row: Period) -> str:
        made = bring_in_force(request.user, _current(row, request), now=timezone.now())
        return _("第%s版已生效。") % made.version

    return _act(request, pk, act)


@login_required
@require_POST
def check_again(request: Request, pk: int) -> HttpResponse:
    """Verify all versions of the period in the background."""
    row = access.to_close(request.scope, pk)
    title = _("核验%s") % name_of(row)
    job = start_job(request.user.pk, "standings.verify", title, path=row.ground.path, args={"period": row.pk})
    return redirect("job", job.pk)


@login_required
def versions(request: Request, pk: int) -> HttpResponse:
    """All versions of a period with their digests."""
    row = access.period_of(request.scope, pk)
    if not request.scope.holds(READERS):
        raise PermissionDenied
    held = row.closings.select_related("closed_by__person", "scheme_version").prefetch_related("standings")
    context = {
        "period": row,
        "name": name_of(row),
        "versions": held.order_by("-version"),
        "may_close": access.may_close(request.scope, row.ground),
        "crumbs": crumbs((name_of(row), at("period", pk)), (_("版本与摘要"), "")),
        "ground_name": row.ground.name,
    }
    return render(request, "standings/versions.html", context)
