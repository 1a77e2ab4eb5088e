"""Typing a sheet in by the keyboard alone, or taking its workbook; what is wrong comes back with what to do."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.agreements.burden import note_time
from xiangyue.base.pages import Request, typed_day
from xiangyue.base.problems import Problem
from xiangyue.checks.sheets import areas_of, entries_of, persons_near
from xiangyue.papers import access, actions, books, opinions
from xiangyue.papers.asked import asked_on, subject_of
from xiangyue.papers.comparing import filled_from, held_for
from xiangyue.papers.lines import NOT_DUE
from xiangyue.papers.models import Sheet
from xiangyue.papers.problems import CANCELLED
from xiangyue.papers.saying import STATES, days_words
from xiangyue.papers.units import Layout, filled_in, layout_of
from xiangyue.people.models import Person

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WEEKEND = 5


@login_required
def type_sheet(request: Request, number: str) -> HttpResponse:
    """The sheet as a grid; posted, its envelopes are sent and the page says what became of them."""
    sheet = access.sheet_to_type(request.scope, number)
    if sheet.is_of_place:
        return redirect("papers:opinions", sheet.number) if opinions.questions_on(sheet)[1] else _check(request, sheet)
    layout, sent, wrong = layout_of(sheet), None, []
    if request.method == "POST":
        sent = _sent(request.POST.get("filled", ""))
        found = _take(request, layout, sent)
        if found is None:
            return redirect("papers:type", sheet.number)
        wrong = found
    return _grid(request, layout, sent, wrong)


@login_required
@require_POST
def upload(request: Request, number: str) -> HttpResponse:
    """A sheet's workbook: its cells come into the grid; what can't be read is listed, row by row, with what to do."""
    sheet = access.sheet_to_type(request.scope, number)
    if sheet.is_of_place:
        return redirect("papers:type", sheet.number)
    layout = layout_of(sheet)
    try:
        sent, wrong = books.read(request.FILES.get("file"), layout, timezone.localdate())
    except Problem as problem:
        return _grid(request, layout, None, [str(problem)])
    if not wrong:
        messages.info(request, _("表格里的内容已填进下面，核对后按 Ctrl＋S 保存。"))
    return _grid(request, layout, sent, wrong)


@login_required
def workbook(request: Request, number: str) -> HttpResponse | FileResponse:
    """The sheet as a workbook, its number in it."""
    sheet = access.sheet_to_type(request.scope, number)
    if sheet.is_of_place:
        return redirect("papers:type", sheet.number)
    file = books.write(layout_of(sheet))
    name = f"{sheet.title}-{sheet.number}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=WORKBOOK)


@login_required
@require_POST
def undo(request: Request, number: str) -> HttpResponse:
    """Take back what was typed in within ten minutes."""
    sheet = access.sheet_to_type(request.scope, number)
    n = actions.take_back(request.user, sheet, now=timezone.now())
    if n:
        messages.success(request, _("已撤回 %d 条，可以重新录入。") % n)
    else:
        messages.error(request, _("没有可以撤回的：满 10 分钟的，请改好后勾选“更正”再保存。"))
    return redirect("papers:type", sheet.number)


def _take(request: Request, layout: Layout, sent: Any) -> list[str] | None:
    """Submit what was typed; None when it is through, else what is wrong, in words."""
    now, sheet = timezone.now(), layout.sheet
    try:
        filled = filled_in(layout, sent, timezone.localdate())
        typed = actions.type_in(request.user, layout, filled, correcting=request.POST.get("correct") == "1", now=now)
    except Problem as problem:
        return [str(problem)]
    if typed.state == "conflict":
        return typed.differs
    refused = [f"{label}：{answer.words}{answer.mend}" for label, answer in typed.answers if not answer.kept]
    kept = [answer for _label, answer in typed.answers if answer.kept]
    if kept:
        note_time(request.scope.person_id, "paper", request.POST.get("shown", ""), now=now)
        messages.success(request, _("表 %(number)s 已录入 %(n)d 条。") % {"number": sheet.shown, "n": len(kept)})
    for words in dict.fromkeys(f"{one.words}{one.mend}" for one in kept if one.state in ("late", "held")):
        messages.warning(request, words)
    if typed.state == "already":
        messages.info(request, _("表 %s 的内容早已入库，没有重复计入。") % sheet.shown)
    return refused or None


def _grid(request: Request, layout: Layout, sent: Any, wrong: list[str]) -> HttpResponse:
    sheet, today = layout.sheet, timezone.localdate()
    held = held_for(sheet)
    on_file = filled_from(layout, held.values())
    shown = sent if isinstance(sent, dict) else {"cells": on_file.cells, "wishes": {}}
    days = [
        {"n": day.day, "weekday": "一二三四五六日"[day.weekday()], "rest": day.weekday() >= WEEKEND, "offset": offset}
        for offset, day in enumerate(sheet.days)
    ]
    closed = {
        line.n: [n for n, day in enumerate(sheet.days) if day > today or not line.holds(day)] for line in layout.lines
    }
    data = {
        "cells": shown.get("cells", {}), "wishes": shown.get("wishes", {}), "shut": closed,
        "letters": {one.letter: bool(one.unit) for one in layout.letters}, "wished": list(on_file.wishes),
        "resting": [line.n for line in layout.lines if line.state in NOT_DUE],
    }  # fmt: skip
    standing = [one for one in held.values() if one.live]
    context = {
        "sheet": sheet, "layout": layout, "days": days, "data": data, "wrong": wrong,
        "days_words": days_words(sheet), "state": STATES[sheet.state_on(today)], "is_typed": bool(standing),
        "is_visit": sheet.form == Sheet.Form.VISIT,
        "may_undo": bool(actions.undoable(request.user, sheet, timezone.now())) if standing else False,
        "crumbs": [(_("纸质表"), reverse("papers:sheets")), (_("录入"), "")],
    }  # fmt: skip
    return render(request, "papers/type.html", context, status=422 if wrong else 200)


def _check(request: Request, sheet: Sheet) -> HttpResponse:
    """The sheet of one place: its items as on the paper."""
    standard, today, form = asked_on(sheet)[1], timezone.localdate(), request.POST
    day = typed_day(form.get("day")) or min(sheet.to_on, today)
    if sheet.cancelled_at:
        messages.error(request, str(Problem(CANCELLED, number=sheet.shown)))
        return redirect("papers:sheets")
    if request.method == "POST" and _check_taken(request, sheet, standard, day):
        return redirect("papers:sheets")
    subject = subject_of(sheet)
    people = Person.objects.filter(persons_near(subject.path)).select_related("place").order_by("place__path", "code")
    held = [one for one in held_for(sheet).values() if one.live]
    context = {
        "sheet": sheet, "subject": subject, "areas": areas_of(standard, form), "standard": standard, "day": day, "today": today, "form": form,
        "people": people[:400], "days_words": days_words(sheet), "state": STATES[sheet.state_on(today)],
        "is_typed": bool(held), "may_undo": bool(actions.undoable(request.user, sheet, timezone.now())),
        "maximum": sum(item.points for item in standard.items if item.kind in ("deduct", "grade", "pass")),
        "crumbs": [(_("纸质表"), reverse("papers:sheets")), (_("录入"), "")],
    }  # fmt: skip
    return render(request, "papers/check.html", context, status=422 if request.method == "POST" else 200)


def _check_taken(request: Request, sheet: Sheet, standard: Any, day: date) -> bool:
    form, now = request.POST, timezone.now()
    if day > timezone.localdate():
        messages.error(request, _("检查日期还没到。请对照表上的日期改好再保存。"))
        return False
    answer = actions.type_check(
        request.user, sheet, entries_of(standard, form), day=day, note=form.get("note", "").strip()[:300],
        inspector=form.get("inspector", ""), now=now,
    )  # fmt: skip
    if not answer.kept:
        messages.error(request, f"{answer.words}{answer.mend}")
        return False
    note_time(request.scope.person_id, sheet.code, form.get("shown", ""), now=now)
    words = _("表 %(number)s 已录入：%(name)s。") % {"number": sheet.shown, "name": subject_of(sheet).name}
    if answer.state == "stored":
        messages.success(request, words)
    else:
        messages.warning(request, f"{answer.words}{answer.mend}")
    return True


def _sent(text: str) -> Any:
    try:
        return json.loads(text[:2_000_000])
    except ValueError:
        return {}
