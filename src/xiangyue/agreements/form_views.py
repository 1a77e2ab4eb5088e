"""A draft on forms: any place of the scheme on a page of its own, saved as often as one likes, the last save taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.agreements.actions.drafting import save_draft, undo_save
from xiangyue.agreements.category_sizes import category_sizes
from xiangyue.agreements.draft_models import FormerText
from xiangyue.agreements.editing import Sheet, sheet_of
from xiangyue.agreements.filling import filled, said, with_errors
from xiangyue.agreements.language import collections, slot_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.agreements.places_in import findings_at, parts_of, spot_words, trail
from xiangyue.agreements.tree import Reading, Wrong, raw_of, read_text, steps_of
from xiangyue.agreements.views import draft_of, on_draft
from xiangyue.base.pages import Request
from xiangyue.base.problems import CHANGED, Problem
from xiangyue.rules.settings import Scheme
from xiangyue.schemes import SchemeErrors
from xiangyue.schemes.errors import Path, show_path

SHOWN = 12
"""So many errors elsewhere are listed; more are counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """An entry of the form's side: a list of the scheme, how many rows it has and how many errors stand in it."""

    at: str
    title: str
    n: int | None
    n_wrong: int
    current: bool


def address(row: SchemeVersion, at: str, adding: str = "") -> str:
    """The address of a place's page."""
    query = {"at": at} if at else {}
    if adding:
        query["add"] = adding
    here = reverse("agreements:form", args=[row.pk])
    return f"{here}?{urlencode(query)}" + (f"#{adding}" if adding else "") if query else here


@on_draft
def form(request: Request, row: SchemeVersion) -> HttpResponse:
    """A draft on forms: one place of the scheme at a time."""
    reading = _reading(row)
    if reading is None:
        messages.warning(request, _("草稿的文本还有读不懂的地方，改好以后才能用表单。"))
        return redirect("agreements:edit", row.pk)
    told = request.POST if request.method == "POST" else request.GET
    path, adding = _place(told.get("at", "")), told.get("add", "")
    sheet = sheet_of(reading.scheme, raw_of(reading.scheme), path, adding)
    if sheet is None:
        raise Http404
    if request.method != "POST":
        shown, apart = with_errors(sheet, reading.senseless)
        return _page(request, row, reading, shown, apart, adding)
    done = filled(reading.scheme, sheet, request.POST, request.POST.get("do", ""), adding)
    if done.text is None:
        return _page(request, row, reading, done.sheet, done.errors, adding, refused=True)
    try:
        save_draft(request.user, row, done.text, base=request.POST.get("base", ""))
    except Problem as problem:
        if problem.kind is not CHANGED:
            raise
        return _overtaken(request, row, done.text, sheet, adding)
    messages.success(request, _("已保存。"))
    return redirect(address(row, done.at, done.adding))


def _overtaken(request: Request, row: SchemeVersion, text: str, sheet: Sheet, adding: str) -> HttpResponse:
    """The page as typed, when somebody else has saved the draft meanwhile: nothing is lost, saving again is a choice."""
    row.refresh_from_db()
    typed = read_text(text)
    shown = sheet_of(typed.scheme, raw_of(typed.scheme), steps_of(sheet.at), adding) or sheet
    words = _("别人刚改过这份草稿。下面是您填的；核对后再点一次保存，这一页以您的为准。")
    return _page(request, row, read_text(row.text), shown, (words,), adding, refused=True)


def _reading(row: SchemeVersion) -> Reading | None:
    """The draft's scheme, sensible or not; None when its text can't be read into one."""
    try:
        reading = read_text(row.text)
    except SchemeErrors:
        return None
    return None if reading.unread else reading


def _place(at: str) -> Path:
    try:
        return steps_of(at)
    except ValueError:
        raise Http404 from None


def _page(
    request: Request, row: SchemeVersion, reading: Reading, sheet: Sheet, errors: tuple[str, ...], adding: str,
    *, refused: bool = False,
) -> HttpResponse:  # fmt: skip
    path = steps_of(sheet.at)
    elsewhere = [one for one in reading.senseless if one.path[: len(path)] != path or not path]
    context: dict[str, Any] = {
        "version": row,
        "sheet": sheet,
        "errors": errors,
        "refused": refused,
        "adding": adding,
        "parts": _parts(reading, path),
        "trail": trail(reading.scheme, path),
        "elsewhere": [(said(one), spot_words(reading.scheme, one.path), _row_at(one)) for one in elsewhere[:SHOWN]],
        "n_elsewhere": len(elsewhere),
        "findings": findings_at(reading, path, category_sizes(row.ground, reading.scheme, timezone.localdate())),
        "former": FormerText.objects.filter(draft=row).select_related("replaced_by__person").defer("text").first(),
        "again": _again(path, sheet),
    }
    return render(request, "agreements/form.html", context)


def _row_at(wrong: Wrong) -> str:
    """The page on which an error is mended: of the nearest row with one, else of its list."""
    return parts_of(wrong.path)


def _again(path: Path, sheet: Sheet) -> str:
    """The place of one row more of the same list."""
    if not path or not isinstance(path[-1], int) or sheet.is_new:
        return ""
    return show_path(path[:-1])


def _parts(reading: Reading, path: Path) -> list[Part]:
    here = path[0] if path else ""
    wrongs = [one.path[0] if one.path else "" for one in reading.senseless]
    known = collections()
    own = sum(name not in known for name in wrongs)
    found = [Part("", _("基本"), None, own, here == "" or here not in known)]
    for name in known:
        slot = slot_of(Scheme, name)
        assert slot is not None
        n = len(getattr(reading.scheme, name))
        found.append(Part(name, slot.title, n, sum(one == name for one in wrongs), here == name))
    return found


@login_required
@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take back the draft's last save."""
    row = draft_of(request.scope, pk)
    try:
        back = undo_save(request.user, row, base=request.POST.get("base", ""))
    except Problem as problem:
        messages.warning(request, f"{problem.words}{problem.mend}")
        return redirect("agreements:form", row.pk)
    messages.success(request, _("已撤回上一次保存。"))
    at = request.POST.get("at", "")
    reading = _reading(back)
    if reading is None:
        return redirect("agreements:edit", row.pk)
    is_there = sheet_of(reading.scheme, raw_of(reading.scheme), _place(at)) is not None
    return redirect(address(row, at if is_there else ""))
