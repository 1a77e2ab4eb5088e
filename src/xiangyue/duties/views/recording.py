"""A visit typed in: whom it is for, where, what was done and given, what the household asked for; by keyboard alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.agreements.burden import note_time
from xiangyue.base.pages import Request, address, typed_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF
from xiangyue.base.scope import require
from xiangyue.captures.ids import new_id, read_id
from xiangyue.captures.intake import Actor, Answer
from xiangyue.captures.models import Capture
from xiangyue.duties import showing
from xiangyue.duties.actions.single import Bearing
from xiangyue.duties.actions.visiting import record_visit, record_wish
from xiangyue.duties.visits import recording
from xiangyue.duties.visits.access import RECORDERS
from xiangyue.people.models import Person

FIRST_KINDS = ("money", "goods", "people")
"""What each line for a contribution begins with."""


@login_required
def record(request: Request) -> HttpResponse:
    """Choose a bearer, then type in visit after visit of theirs."""
    require(request.scope, RECORDERS)
    code = request.POST.get("for") or request.GET.get("for", "")
    bearer = recording.bearer_asked(request.scope, code)
    crumbs = [showing.visits_root(request.scope), (_("记一次走访"), "")]
    if bearer is None:
        q = request.GET.get("q", "").strip()
        rows = recording.found_bearers(request.scope, q) if request.scope.holds(STAFF) else []
        return render(request, "visits/choose.html", {"rows": rows, "q": q, "missed": code, "crumbs": crumbs})
    day = typed_day(request.POST.get("day") or request.GET.get("day", "")) or timezone.localdate()
    offered = recording.offered(request.scope, bearer, day)
    wanted = request.POST.get("layer") or request.GET.get("layer", "")
    chosen = next((one for one in offered if one.layer.code == wanted), offered[0] if offered else None)
    if request.method == "POST" and chosen is not None and _taken(request, bearer, chosen, day):
        return redirect(address("visits:record", **{"for": bearer.code, "layer": chosen.layer.code, "day": day}))
    context = {
        "bearer": bearer, "day": day, "today": timezone.localdate(), "offered": offered, "chosen": chosen,
        "fresh": request.POST.get("id") or new_id(), "form": request.POST, "kinds": recording.kinds(),
        "tasks": request.POST.getlist("tasks"), "lines": _lines(request), "may_choose": request.scope.holds(STAFF),
        "wishable": chosen is not None and any(option.is_household for option in chosen.options), "crumbs": crumbs,
    }  # fmt: skip
    return render(request, "visits/record.html", context, status=422 if request.method == "POST" else 200)


def _lines(request: Request) -> list[dict[str, Any]]:
    """The lines for contributions, as they were typed."""
    form = request.POST
    return [
        {
            "n": n,
            "kind": form.get(f"kind{n}", FIRST_KINDS[n]),
            "amount": form.get(f"amount{n}", ""),
            "what": form.get(f"what{n}", ""),
        }
        for n in range(recording.LINES)
    ]


def _taken(request: Request, bearer: Bearing, chosen: recording.Offered, day: date) -> bool:
    """Send what was typed; whether the visit is on file, told in words either way."""
    try:
        answer = _send(request, bearer, chosen, day)
    except Problem as problem:
        messages.error(request, str(problem))
        return False
    if not answer.kept:
        messages.error(request, f"{answer.words}{answer.mend}")
        return False
    note_time(request.scope.person_id, "visit", request.POST.get("shown", ""), now=timezone.now())
    if answer.state == "held":
        messages.warning(request, f"{answer.words}{answer.mend}")
    else:
        messages.success(request, _("已记下这次走访。可以接着记下一次。"))
    return True


def _send(request: Request, bearer: Bearing, chosen: recording.Offered, day: date) -> Answer:
    form = request.POST
    paper = form.get("paper") == "1"
    actor = Actor(request.user.pk, Capture.Channel.PAPER if paper else Capture.Channel.OFFICE)
    who = bearer.code if isinstance(bearer, Person) else ""
    unit = "" if isinstance(bearer, Person) else bearer.code
    county = bearer.place.path.partition("/")[0] + "/"
    key, now = read_id(form.get("id", "")) or new_id(), timezone.now()
    target = form.get("target", "")
    answer = record_visit(
        actor, target, chosen.layer.code, tasks=form.getlist("tasks"), note=form.get("note", "").strip(),
        company=recording.company_in(form.get("with", ""), county), given=recording.given_in(form), person=who,
        organisation=unit, id=key, day=day, now=now,
    )  # fmt: skip
    wish = form.get("wish", "").strip()
    household = any(option.code == target and option.is_household for option in chosen.options)
    if answer.state in ("stored", "held") and wish and household:
        told = record_wish(actor, target, wish, person=who, visit=key, day=day, now=now)
        if not told.kept:
            messages.error(request, f"{told.words}{told.mend}")
    return answer
