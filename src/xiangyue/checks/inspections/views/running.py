"""One inspection as the office runs it: seal, teams, number, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, address
from xiangyue.base.problems import Problem
from xiangyue.base.roles import Role
from xiangyue.checks.inspections import arranging, seeing
from xiangyue.checks.inspections.going import finish, lookers
from xiangyue.checks.inspections.models import Inspection, SheetObjection
from xiangyue.checks.inspections.ways import draw_of, kinds_of, way_of
from xiangyue.people.models import Person

State = Inspection.State
INSPECTORS = 300
AUDITS = frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE, Role.AUDITOR})


@login_required
def inspection(request: Request, pk: int) -> HttpResponse:
    """The inspection: what is sealed, who goes, and (when the day is over, or to its team) where and with what sheets."""
    row = seeing.inspection_of(request.scope, pk)
    now, today = timezone.now(), timezone.localdate()
    is_one, may = seeing.is_member(request.scope, row), seeing.runs(request.scope, row.ground)
    sees = seeing.sees_targets(request.scope, row, is_one=is_one, now=now)
    inside = request.scope.holds(seeing.INSIDE, row.ground.path)
    scheme, way = way_of(row)
    audits = request.scope.holds(AUDITS, row.ground.path)
    changing = may and row.state in (State.SEALED, State.READY)
    context = {
        "row": row, "way": way, "draw": draw_of(scheme, way), "kinds": kinds_of(scheme, way), "may": may,
        "is_one": is_one, "sees": sees, "inside": inside, "told": seeing.told(row, now), "today": today,
        "teams": list(row.teams.prefetch_related("members__person__place")), "changing": changing,
        "people": _people(row) if changing else [], "stops": seeing.stops_of(row) if sees else [],
        "lookers": lookers(row) if audits else [], "may_audit": audits,
        "objections": _objections(row) if sees else [], "number_due": row.number_on is None or today >= row.number_on,
        "may_finish": may and sees and row.state == State.OPENED, "n_subjects": len(row.facts["subjects"]),
        "ground_name": row.ground.name,
        "crumbs": [(_("督查"), address("inspections:inspections")), (str(row), "")],
    }  # fmt: skip
    return render(request, "checks/inspections/inspection.html", context)


@login_required
@require_POST
def act(request: Request, pk: int) -> HttpResponse:
    """A team, a member, a vehicle, the number, the end, or giving it up."""
    row = seeing.to_run(request.scope, pk)
    told, actor, now = request.POST, request.user, timezone.now()
    team = int(told.get("team", "0")) if told.get("team", "").isdecimal() and len(told.get("team", "")) < 4 else 0
    person = told.get("person", "").split(" ")[0]
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "add_team": (lambda: arranging.add_team(actor, row), _("已加一组。")),
        "drop_team": (lambda: arranging.drop_team(actor, row, team), _("已撤掉这一组。")),
        "vehicle": (lambda: arranging.set_vehicle(actor, row, team, told.get("vehicle", "")), _("已登记车辆。")),
        "add": (lambda: arranging.add_member(actor, row, team, person), _("已编入。")),
        "lead": (lambda: arranging.add_member(actor, row, team, person, leads=True), _("已定为组长。")),
        "remove": (lambda: arranging.drop_member(actor, row, person), _("已退出。")),
        "number": (
            lambda: arranging.enter_number(actor, row, told.get("number", ""), now=now),
            _("公开数已填。去哪里要到当天才对组员打开。"),
        ),
        "give_up": (
            lambda: arranging.give_up(actor, row, reason=told.get("reason", "")),
            _("已取消，计划里可以另行安排。"),
        ),
        "finish": (lambda: finish(actor, row, reasons(told), now=now), _("已收队。")),
    }
    if told.get("do", "") in acts:
        do, words = acts[told["do"]]
        try:
            do()
            messages.success(request, words)
        except Problem as problem:
            messages.error(request, str(problem))
    return redirect("inspections:inspection", pk)


def reasons(told: Any) -> dict[int, str]:
    """Turn → why it was not gone to, as typed at the end."""
    return {int(name[7:]): str(words) for name, words in told.items() if name[:7] == "unseen." and name[7:].isdecimal()}


def _people(row: Inspection) -> list[Person]:
    """Whom a team can be made of: supervisors of the ground first, then those who work at its offices."""
    county = row.ground.path.partition("/")[0] + "/"
    rows = Person.objects.filter(
        Q(place__path=county) | Q(place__path__startswith=row.ground.path, place__level__in=("county", "township"))
        | Q(user__grants__role=Role.SUPERVISOR, user__grants__place__path__startswith=county),
        to_on=None,
    )  # fmt: skip
    return list(rows.distinct().select_related("place").order_by("place__path", "code")[:INSPECTORS])


def _objections(row: Inspection) -> list[SheetObjection]:
    rows = SheetObjection.objects.filter(turn__inspection=row).select_related(
        "subject", "check_row", "answered_by__person"
    )
    return list(rows.order_by("made_at"))
