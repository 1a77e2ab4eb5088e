"""The pages on which a person looks at what is odd: the list, one of them with its captures, and what is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, address
from xiangyue.base.problems import Problem
from xiangyue.base.roles import EVERYBODY, Role
from xiangyue.base.scope import find, require, visible_to
from xiangyue.captures.photo_models import Photo
from xiangyue.checks.oddities import grouping, looking
from xiangyue.checks.oddities.models import Oddity
from xiangyue.checks.oddities.words import BADGES, WHY, told

SEEN, CAPTURES = 20, 60
ACTS = ("fine", "ask", "answer")


@login_required
def oddities(request: Request) -> HttpResponse:
    """What waits for an eye on the actor's ground, or is the actor's own; below it what was looked at last."""
    require(request.scope, EVERYBODY - {Role.KEEPER})
    rows = visible_to(Oddity.objects.filter(state=Oddity.State.FINE), request.scope).annotate(n=Count("captures"))
    rows = rows.select_related("place__township", "person")
    heaps = grouping.heaps_of(request.scope)
    context = {
        "heaps": [(heap, _shown(heap.rows), BADGES[heap.key.state]) for heap in heaps],
        "fine": _shown(rows[:SEEN]),
    }
    return render(request, "checks/oddities/list.html", context)


def _shown(rows: Iterable[Oddity]) -> list[tuple[Oddity, str, str]]:
    return [(row, told(row), BADGES[row.state]) for row in rows]


@login_required
@require_POST
def group(request: Request) -> HttpResponse:
    """The same for all of one day and kind: fine, one question, or one answer to all that one was asked."""
    require(request.scope, EVERYBODY - {Role.KEEPER})
    form, act = request.POST, request.POST.get("act", "")
    try:
        key = grouping.Key(date.fromisoformat(form.get("day", "")), form.get("kind", ""), form.get("state", ""))
    except ValueError as error:
        raise Http404 from error
    if act not in ACTS:
        raise Http404
    try:
        n = grouping.take_all(request.scope, key, act, form.get("text", ""), now=timezone.now())
        messages.success(request, _("这一组 %s 条都已记下。") % n)
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("oddities:oddities")


@login_required
def oddity(request: Request, pk: int) -> HttpResponse:
    """One of them: what is odd in plain words, its captures and pictures, and what one may do."""
    rows = Oddity.objects.annotate(n=Count("captures")).select_related("place", "person", "looked_by__person")
    row = find(rows, request.scope, pk=pk)
    mine = row.person_id is not None and row.person_id == request.scope.person_id
    seen = row.captures.select_related("capture__place", "capture__person", "capture__photo").order_by(
        "capture__made_at", "pk"
    )
    if mine:
        seen = seen.filter(capture__person=row.person)
    links = list(seen[:CAPTURES])
    may = not mine and visible_to(Oddity.objects.filter(pk=pk), request.scope, to_write=True).exists()
    context = {
        "row": row, "words": told(row), "why": WHY[row.kind], "badge": BADGES[row.state],
        "captures": [link.capture for link in links],
        "photos": [
            photo for link in links
            if (photo := getattr(link.capture, "photo", None)) and photo.state == Photo.State.WHOLE
        ],
        "may_fine": may and row.state != Oddity.State.FINE,
        "may_ask": may and row.person_id and row.state != Oddity.State.FINE,
        "may_answer": mine and row.state in (Oddity.State.ASKED, Oddity.State.ANSWERED),
        "crumbs": [(_("记录核看"), address("oddities:oddities")), (row.get_kind_display(), "")],
    }  # fmt: skip
    return render(request, "checks/oddities/one.html", context)


@login_required
@require_POST
def act(request: Request, pk: int) -> HttpResponse:
    """Call it fine, ask back, or answer what one was asked."""
    row = find(Oddity.objects.select_related("place"), request.scope, pk=pk)
    mine = row.person_id is not None and row.person_id == request.scope.person_id
    if not mine:
        find(Oddity.objects.all(), request.scope, to_write=True, pk=pk)
    text, now = request.POST.get("text", ""), timezone.now()
    try:
        match request.POST.get("act", "answer" if mine else "ask"):
            case "fine":
                looking.call_fine(request.scope, row, now=now)
            case "answer":
                looking.answer(request.scope, row, text)
            case "ask":
                looking.ask_back(request.scope, row, text, now=now)
            case _:
                raise PermissionDenied
        messages.success(request, _("已记下。"))
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("oddities:oddity", pk)
