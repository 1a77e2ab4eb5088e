"""One check written out: every item awarded, and why; how it came in, and what became of it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.changes import history
from xiangyue.base.pages import Request
from xiangyue.base.scope import Scope, find, not_hidden
from xiangyue.checks.faults import faults_now
from xiangyue.checks.models import Check, CheckNote
from xiangyue.places.models import Level
from xiangyue.rules.settings import Standard
from xiangyue.rules.sheet import Entry, Line, score


def seen_check(scope: Scope, rows: QuerySet[Check], pk: int) -> Check:
    """The check of that key; of a village or township for everyone with a figure of it. Unseen 404."""
    row = not_hidden(rows.filter(pk=pk).exclude(subject__level=Level.HOUSEHOLD), scope).first()
    if row is not None and scope.holds(Check.OPEN_TO, row.subject.path):
        return row
    return find(rows, scope, pk=pk)


@login_required
def check(request: Request, pk: int) -> HttpResponse:
    """The sheet of one check, item by item."""
    rows = Check.objects.select_related(
        "kind", "subject__village", "subject__township", "inspector", "capture__user__person", "scheme_version"
    )
    row = seen_check(request.scope, rows, pk)
    scheme = scheme_of(row.scheme_version)
    standard = scheme.standard(scheme.check_kind(row.kind.code).standard)
    entries = [
        Entry(*values)
        for values in row.entries.values_list("item", "step", "n", "grade", "amount", "applicable", "failed")
    ]
    sheet = score(standard, entries)
    note = CheckNote.objects.filter(check_row=row).first()
    context = {
        "check": row, "standard": standard, "sheet": sheet, "areas": _by_area(standard, sheet.lines), "note": note,
        "faults": [line for line in sheet.lines if line.fault], "history": history(row.capture)[:20],
        "state": STATES[Check.State(row.state)], "of_place": row.subject.level != Level.HOUSEHOLD,
        "mending": faults_now(request.scope, (row.pk,)).get(row.pk, []),
    }  # fmt: skip
    return render(request, "checks/check.html", context)


STATES = {
    Check.State.COUNTED: "done",
    Check.State.REPLACED: "replaced",
    Check.State.VOID: "void",
    Check.State.LATE: "due",
    Check.State.HELD: "held",
    Check.State.WITHDRAWN: "undone",
}


def _by_area(standard: Standard, lines: tuple[Line, ...]) -> list[tuple[str, list[Line]]]:
    return [(area.name, [line for line in lines if line.area == area.code]) for area in standard.areas]
