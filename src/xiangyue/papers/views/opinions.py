"""Typing opinion sheets in: all that were printed together on one page, a digit a question."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.agreements.burden import note_time
from xiangyue.base.pages import Request, typed_day
from xiangyue.checks.sheets import persons_near
from xiangyue.papers import access
from xiangyue.papers.asked import subject_of
from xiangyue.papers.models import Sheet
from xiangyue.papers.opinions import Copy, Question, copies_of, filled_in, printed_with, questions_on, type_opinions
from xiangyue.people.models import Person


@login_required
def opinions(request: Request, number: str) -> HttpResponse:
    """The sheets of one print as rows; posted, those that were filled are sent together."""
    sheet = access.sheet_to_type(request.scope, number)
    kind, questions = questions_on(sheet) if sheet.is_of_place else (None, ())
    if not questions:
        return redirect("papers:type", sheet.number)
    copies = copies_of(printed_with(sheet), questions, request.user.pk, timezone.now())
    wrong: list[str] = []
    if request.method == "POST":
        wrong = _taken(request, sheet, copies, questions)
        if not wrong:
            return redirect("papers:opinions", sheet.number)
    return _page(request, sheet, str(kind.name if kind else ""), copies, questions, wrong)


def _taken(request: Request, sheet: Sheet, copies: list[Copy], questions: tuple[Question, ...]) -> list[str]:
    """Send what was typed; what is wrong, in words: then nothing of it was sent, or only what the page no longer asks."""
    form, now = request.POST, timezone.now()
    day = typed_day(form.get("day", ""))
    if day is None or day > timezone.localdate():
        return [_("评议日期没填或还没到。请按纸上的日期改好再保存。")]
    rows, wrong = filled_in(copies, questions, form)
    if wrong:
        return wrong
    if not rows:
        return [_("一份也没有录。请在收回来的那几份后面打数字，没收回来的整行空着。")]
    answers = type_opinions(request.user.pk, rows, day=day, inspector=form.get("inspector", ""), now=now)
    kept = [answer for answer in answers if answer.kept]
    if kept:
        note_time(request.scope.person_id, sheet.code, form.get("shown", ""), now=now)
        messages.success(request, _("已录入 %(n)d 份：%(name)s。") % {"n": len(kept), "name": subject_of(sheet).name})
    for words in dict.fromkeys(f"{one.words}{one.mend}" for one in kept if one.state in ("late", "held")):
        messages.warning(request, words)
    return list(dict.fromkeys(f"{one.words}{one.mend}" for one in answers if not one.kept))


def _page(
    request: Request, sheet: Sheet, kind: str, copies: list[Copy], questions: tuple[Question, ...], wrong: list[str]
) -> HttpResponse:
    form, today, subject = request.POST, timezone.localdate(), subject_of(sheet)
    rows = [(copy, _cells(copy, questions, form)) for copy in copies if not copy.sheet.cancelled_at]
    people = Person.objects.filter(persons_near(subject.path)).select_related("place")
    context: dict[str, Any] = {
        "sheet": sheet, "kind": kind, "subject": subject, "questions": questions, "rows": rows, "wrong": wrong, "today": today, "form": form,
        "day": typed_day(form.get("day", "")) or min(sheet.to_on, today),
        "people": people.order_by("place__path", "code")[:400],
        "n_typed": sum(copy.is_typed for copy, _cells in rows), "n_left": sum(not copy.is_typed for copy, _cells in rows),
        "crumbs": [(_("纸质表"), reverse("papers:sheets")), (_("录入评议"), "")],
    }  # fmt: skip
    return render(request, "papers/opinions.html", context, status=422 if wrong else 200)


def _cells(copy: Copy, questions: tuple[Question, ...], form: Any) -> list[tuple[Question, str, str]]:
    """Question, the cell's name, and what stands in it: on file, or as it was typed."""
    found = []
    for question, held in zip(questions, copy.cells, strict=True):
        name = f"c.{copy.sheet.pk}.{question.number}"
        found.append((question, name, held if copy.is_typed else form.get(name, "")))
    return found
