"""The day: where the team goes in order, its sheets, what the inspected sees of it, objections and their answers."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, address
from xiangyue.base.problems import Problem
from xiangyue.base.qr import qr
from xiangyue.base.roles import OFFICES, STAFF
from xiangyue.base.scope import find
from xiangyue.checks.inspections import seeing
from xiangyue.checks.inspections.going import finish, note_look, open_targets
from xiangyue.checks.inspections.models import Inspection, InspectionTurn, SheetObjection
from xiangyue.checks.inspections.objecting import answer, last_day, object_to
from xiangyue.checks.inspections.views.running import reasons
from xiangyue.checks.inspections.ways import kinds_of, way_of
from xiangyue.rules.days import local_day
from xiangyue.rules.sheet import by_area

State = Inspection.State


@login_required
def day(request: Request, pk: int) -> HttpResponse:
    """The team's page: where to in which order, what is in; each who looks is on record."""
    row = _of_team(request, pk)
    now = timezone.now()
    stops = seeing.stops_of(row) if row.state in seeing.UNDER_WAY else []
    if stops:
        note_look(request.user, row)
    own = set(row.teams.filter(members__person=request.scope.person_id).values_list("pk", flat=True))
    _scheme, way = way_of(row)
    context = {
        "row": row, "way": way, "stops": [stop for stop in stops if stop.turn.team_id in own],
        "others": [stop for stop in stops if stop.turn.team_id not in own], "today": local_day(now),
        "teams": [team for team in row.teams.prefetch_related("members__person") if team.pk in own],
        "waits": row.state == State.SEALED or local_day(now) < row.from_on, "left": sum(not stop.is_done for stop in stops),
        "ground_name": row.ground.name,
        "crumbs": [(_("督查"), address("inspections:inspections")), (str(row), "")],
    }  # fmt: skip
    return render(request, "checks/inspections/day.html", context)


@login_required
@require_POST
def act(request: Request, pk: int) -> HttpResponse:
    """The team opens its targets, or ends the inspection."""
    row = _of_team(request, pk)
    now = timezone.now()
    try:
        if request.POST.get("do") == "open":
            open_targets(request.user, row, now=now)
        elif request.POST.get("do") == "finish":
            finish(request.user, row, reasons(request.POST), now=now)
            messages.success(request, _("已收队。今晚各村能看到自己的表。"))
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("inspections:day", pk)


@login_required
def sheets(request: Request, pk: int) -> HttpResponse:
    """Sheets to print, one for each turn and kind, with the turn's QR code; blank ones without a place before the day."""
    row = seeing.inspection_of(request.scope, pk)
    now = timezone.now()
    is_one = seeing.is_member(request.scope, row)
    if not (is_one or seeing.runs(request.scope, row.ground)):
        raise PermissionDenied
    scheme, way = way_of(row)
    sees = seeing.sees_targets(request.scope, row, is_one=is_one, now=now)
    if sees and is_one:
        note_look(request.user, row)
    kinds = [(kind, scheme.standard(kind.standard)) for kind in kinds_of(scheme, way)]
    blank = [(kind, standard, by_area(standard)) for kind, standard in kinds]
    stops = [(stop.turn, qr_of(request, stop.turn)) for stop in seeing.stops_of(row)] if sees else [(None, "")]
    context = {
        "row": row, "blank": blank, "stops": stops, "ground_name": row.ground.name,
        "crumbs": [(_("督查"), address("inspections:inspections")), (str(row), reverse("inspections:inspection", args=[pk])), (_("打印检查表"), "")],
    }  # fmt: skip
    return render(request, "checks/inspections/sheets.html", context)


@login_required
def turn(request: Request, pk: int) -> HttpResponse:
    """A turn by its QR code: the team comes to its sheet, the inspected sees what was found and may object."""
    now = timezone.now()
    found = seeing.turn_of(request.scope, pk, now)
    row = found.inspection
    stop = seeing.stops_among([found])[0]
    is_one = seeing.is_member(request.scope, row)
    if is_one and stop.missing and row.state == State.OPENED:
        kind = stop.missing[0]
        return redirect(reverse("checks:sheet", args=[kind.code, found.subject.code]) + f"?inspection={row.pk}")
    shown = list(stop.sheets) if is_one else seeing.shown_of(stop, now)
    last = max((last_day(found, sheet) for sheet in shown), default=None)
    objections = SheetObjection.objects.filter(turn=found).select_related(
        "made_by__person", "answered_by__person", "check_row"
    )
    context = {
        "turn": found, "row": row, "sheets": shown, "last": last, "objections": list(objections.order_by("made_at")),
        "may_object": bool(shown) and last is not None and local_day(now) <= last and _is_inspected(request, found),
        "may_answer": seeing.runs(request.scope, row.ground) and not is_one, "ground_name": found.subject.name,
        "crumbs": [(_("督查"), address("inspections:inspections")), (found.subject.name, "")],
    }  # fmt: skip
    return render(request, "checks/inspections/turn.html", context)


@login_required
@require_POST
def object_act(request: Request, pk: int) -> HttpResponse:
    """An objection of the inspected place to its sheet."""
    now = timezone.now()
    found = seeing.turn_of(request.scope, pk, now)
    if not _is_inspected(request, found):
        raise PermissionDenied
    check = request.POST.get("check", "")
    try:
        number = int(check) if check.isdecimal() and len(check) < 18 else 0
        object_to(request.user, found, number, request.POST.get("text", ""), now=now)
        messages.success(request, _("异议已提出，办公室会书面答复。"))
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("inspections:turn", pk)


@login_required
@require_POST
def answer_act(request: Request, pk: int) -> HttpResponse:
    """The office's answer to an objection."""
    rows = SheetObjection.objects.select_related("turn__inspection__ground", "subject")
    row = find(rows, request.scope, pk=pk)
    if not seeing.runs(request.scope, row.turn.inspection.ground):
        raise PermissionDenied
    upheld = request.POST.get("do") == "uphold"
    try:
        answer(request.user, row, upheld=upheld, words=request.POST.get("words", ""), now=timezone.now())
        messages.success(request, _("已答复，表作废，可以重新查。") if upheld else _("已答复。"))
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("inspections:turn", row.turn_id)


def qr_of(request: Request, found: InspectionTurn) -> SafeString:
    """The turn's address as a picture to print."""
    return qr(request.build_absolute_uri(reverse("inspections:turn", args=[found.pk])))


def _of_team(request: Request, pk: int) -> Inspection:
    """An inspection of the actor's own team: seen but not theirs 403."""
    row = seeing.inspection_of(request.scope, pk)
    if not seeing.is_member(request.scope, row):
        raise PermissionDenied
    if row.state == State.GIVEN_UP:
        raise Http404
    return row


def _is_inspected(request: Request, found: InspectionTurn) -> bool:
    """Whether the actor speaks for the inspected place: its own office."""
    inside = {grant.path for grant in request.scope.grants if grant.role in STAFF}
    subject = found.subject
    return subject.path in inside or (subject.level == "township" and request.scope.holds(OFFICES, subject.path))
