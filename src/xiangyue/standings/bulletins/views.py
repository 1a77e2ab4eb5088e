"""The chain of a ground's month, and its bulletins: begun, written, looked at, issued, read, printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base import changes
from xiangyue.base.pages import Request, address
from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES, READERS
from xiangyue.desk.showing import attachment
from xiangyue.duties import showing
from xiangyue.duties.visits.dispatching import Rhythm
from xiangyue.places import folding
from xiangyue.places.models import Level
from xiangyue.rules.days import Span, following, month_of, previous
from xiangyue.standings.bulletins import acts
from xiangyue.standings.bulletins.access import bulletin_of, ground_of, readable
from xiangyue.standings.bulletins.chain import Chain, chain_of
from xiangyue.standings.bulletins.filling import digest_of, fill, mark, only
from xiangyue.standings.bulletins.heads import Link, links_of, village_links
from xiangyue.standings.bulletins.models import Bulletin, is_ground
from xiangyue.standings.bulletins.reading import readers_of, unread
from xiangyue.standings.bulletins.sections import TITLES

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LISTED, CHOICES = 12, 24
"""Bulletins that the chain lists; months to choose among."""
State = Bulletin.State


@login_required
def chain(request: Request) -> HttpResponse:
    """A month of a county, township or village: its three links, and each village's figures."""
    today = timezone.localdate()
    place = ground_of(request.scope, request.GET.get("place", ""))
    span = _month(request.GET.get("month", ""), today)
    found = chain_of(place, span, today)
    rows = readable(request.scope, place)
    mine = list(rows.filter(key=span.key, place=place))
    may = is_ground(place.level) and request.scope.holds(OFFICES, place.path)
    taken = any(row.state in (State.DRAFT, State.ISSUED) for row in mine)
    context = {
        "place": place, "span": span, "chain": found, "links": _links(request, found, mine, today, may=may),
        "rhythm": Rhythm(found.every_days).name, "bulletins": list(rows[:LISTED]), "today": today,
        "register": is_ground(place.level) and request.scope.holds(READERS),
        "may_begin": may and not found.runs and not taken, "opened": len(found.rows) <= folding.OPENED,
        "months": _months(span, today), "before": previous(span), "after": following(span) if following(span).starts_on <= today else None,
        "switcher": showing.switcher(request.scope, place, "bulletins:chain", month=span.key), "many": place.level == Level.COUNTY,
    }  # fmt: skip
    return render(request, "bulletins/chain.html", context)


def _links(request: Request, found: Chain, rows: Sequence[Bulletin], today: date, *, may: bool) -> tuple[Link, ...]:
    if found.place.level != Level.VILLAGE:
        return links_of(found, today, rows, may_write=may)
    return village_links(found, found.rows[0], today, unread(found.place, today)) if found.rows else ()


def _month(typed: str, today: date) -> Span:
    """The month of the address, not later than the running one; that one by default."""
    try:
        day = date.fromisoformat(f"{typed}-01")
    except ValueError:
        day = today
    return month_of(min(day, today))


def _months(span: Span, today: date) -> list[Span]:
    """The months to choose among, the running one first; the one that is shown is among them."""
    found = [month_of(today)]
    while len(found) < CHOICES:
        found.append(previous(found[-1]))
    return found if span in found else [*found, span]


@login_required
@require_POST
def begin(request: Request, place: str) -> HttpResponse:
    """Begin the bulletin of a month."""
    row = ground_of(request.scope, place)
    if not request.scope.holds(OFFICES, row.path):
        raise PermissionDenied
    today, key = timezone.localdate(), request.POST.get("month", "")
    try:
        made = acts.begin_bulletin(request.user, row, _month(key, today).key, today=today, now=timezone.now())
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect(address("bulletins:chain", place=row.code, month=key))
    messages.success(request, _("已按记录填好。看一遍，改好开头和结束语再印发。"))
    return redirect("bulletins:bulletin", made.pk)


@login_required
def bulletin(request: Request, pk: int) -> HttpResponse:
    """One bulletin: a draft with its preview and words, or what was issued, which notes who opened it."""
    row = bulletin_of(request.scope, pk)
    if row.state != State.DRAFT and acts.take_note(request.user, request.scope, row, now=timezone.now()):
        messages.success(request, _("已记下您看过这期通报。"))
    return render(request, "bulletins/bulletin.html", _page(request, row, {}))


def _page(request: Request, row: Bulletin, typed: dict[str, Any]) -> dict[str, Any]:
    draft, told = row.state == State.DRAFT, _told(row)
    may = request.scope.holds(OFFICES, row.place.path)
    return {
        "row": row, "told": told, "may": may, "draft": draft, "mark": mark(told) if draft else "",
        "sections": [(code, title, code in typed.get("sections", row.sections)) for code, title in TITLES.items()],
        "opening": typed.get("opening", row.opening), "closing": typed.get("closing", row.closing),
        "whole": draft or digest_of(row) == row.digest, "own": _own(request, row, told),
        "readers": readers_of(row) if may and not draft else None,
        "newer": row.replaced_by.exclude(state=State.DRAFT).select_related("place").first() if not draft else None,
        "crumbs": [(_("日周月"), address("bulletins:chain", place=row.place.code, month=row.key)), (row.numbered or _("草稿"), "")],
    }  # fmt: skip


def _told(row: Bulletin) -> dict[str, Any]:
    """What it tells: as it was issued, or for a draft as the figures are now."""
    if row.state != State.DRAFT:
        return dict(row.told)
    return only(fill(row.place, row.span, timezone.localdate()), row.sections)


def _own(request: Request, row: Bulletin, told: dict[str, Any]) -> list[dict[str, Any]]:
    """What it says of the villages whose office the actor is."""
    if row.state == State.DRAFT:
        return []
    codes = [path.split("/")[-2] for path in request.scope.paths(acts.READING)]
    return [told["figures"]["villages"][code] for code in codes if code in told["figures"]["villages"]]


@login_required
@require_POST
def act(request: Request, pk: int) -> HttpResponse:
    """Change a bulletin: one of `DONE`, named by the button that was pressed."""
    row = bulletin_of(request.scope, pk, to_write=True)
    do = DONE.get(request.POST.get("act", ""))
    if do is None:
        return redirect("bulletins:bulletin", pk)
    try:
        answer = do(request, row)
    except Problem as problem:
        messages.error(request, str(problem))
        typed = {"sections": request.POST.getlist("section")} | {
            name: request.POST[name] for name in ("opening", "closing") if name in request.POST
        }
        kept = typed if request.POST.get("act") == "write" else {}
        return render(request, "bulletins/bulletin.html", _page(request, row, kept), status=422)
    return answer


def _write(request: Request, row: Bulletin) -> HttpResponse:
    said = request.POST
    acts.write_bulletin(
        request.user, row, opening=said.get("opening", ""), closing=said.get("closing", ""),
        sections=said.getlist("section"),
    )  # fmt: skip
    messages.success(request, _("已保存。下面是印发以后的样子。"))
    return redirect("bulletins:bulletin", row.pk)


def _issue(request: Request, row: Bulletin) -> HttpResponse:
    now = timezone.now()
    seen = request.POST.get("seen", "")
    made = acts.issue_bulletin(request.user, row, seen=seen or "-", today=timezone.localdate(), now=now)
    messages.success(request, _("已印发%s，各村首页会看到。") % made.numbered)
    return redirect("bulletins:bulletin", row.pk)


def _replace(request: Request, row: Bulletin) -> HttpResponse:
    made = acts.replace_bulletin(request.user, row, request.POST.get("reason", ""), now=timezone.now())
    messages.success(request, _("新的一期已填好，印发以后替代%s。") % row.numbered)
    return redirect("bulletins:bulletin", made.pk)


def _withdraw(request: Request, row: Bulletin) -> HttpResponse:
    acts.withdraw_bulletin(request.user, row, request.POST.get("reason", ""), now=timezone.now())
    messages.success(request, _("已撤回。原文和期号都还在，写明了撤回的原因。"))
    return redirect("bulletins:bulletin", row.pk)


def _drop(request: Request, row: Bulletin) -> HttpResponse:
    acts.drop_draft(request.user, row)
    messages.success(request, _("草稿已删除。"))
    return redirect(address("bulletins:chain", place=row.place.code, month=row.key))


DONE: dict[str, Callable[[Request, Bulletin], HttpResponse]] = {
    "write": _write, "issue": _issue, "replace": _replace, "withdraw": _withdraw, "drop": _drop,
}  # fmt: skip


@login_required
def paper(request: Request, pk: int) -> HttpResponse:
    """The bulletin as it is printed on A4."""
    row = bulletin_of(request.scope, pk)
    return render(request, "bulletins/paper.html", _page(request, row, {}))


@login_required
def word(request: Request, pk: int) -> HttpResponse:
    """The bulletin as a Word document, to be sent on as an official paper; told in the change log."""
    # the library takes a while to load: only who asks for a document waits for it
    from xiangyue.standings.bulletins.document import document

    row = bulletin_of(request.scope, pk)
    answer = HttpResponse(document(row, _told(row)), content_type=DOCX)
    answer.headers["Content-Disposition"] = attachment(f"{row.numbered or row.title}.docx")
    changes.log(request.user.pk, "bulletin.exported", row, path=row.place.path, after={"form": "docx"})
    return answer
