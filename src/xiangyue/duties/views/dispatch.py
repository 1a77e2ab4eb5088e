"""Dispatch in the rhythm of the scheme: what lies on the table now, the meetings held, their minutes, who was asked for what."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, address, said_day, typed_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF
from xiangyue.base.scope import find
from xiangyue.duties import showing
from xiangyue.duties.access import seen_ground
from xiangyue.duties.actions.dispatching import Asking, end_ask, hold_dispatch, write_minutes
from xiangyue.duties.actions.dispatching import ask as ask_of
from xiangyue.duties.actions.single import Bearing
from xiangyue.duties.dispatch_models import Dispatch, DispatchAsk
from xiangyue.duties.visits.dispatching import last_before, look, rhythm_of
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Level, Place
from xiangyue.places.picking import grouped_choices

MOST_DOERS = 400


@login_required
def meetings(request: Request) -> HttpResponse:
    """What has come since the last meeting, when the next is due, and the meetings held."""
    today = timezone.localdate()
    place = seen_ground(request.scope, request.GET.get("place", ""))
    may = request.scope.holds(STAFF, place.path)
    if request.method == "POST":
        return _hold(request, place, today, may)
    last = last_before(place, today)
    rhythm = rhythm_of(place, today)
    first = last.held_on if last else today - rhythm.first_back
    due = rhythm.due(last.held_on) if last else today
    context = {
        "place": place, "rhythm": rhythm, "look": look(place, first, today), "last": last, "due": due, "is_due": due <= today,
        "today": today, "may": may, "rows": Dispatch.objects.filter(place=place)[:30],
        "switcher": showing.switcher(request.scope, place, "visits:dispatches"),
        "crumbs": [(_("走访"), reverse("visits:ground")), (rhythm.name, "")],
    }  # fmt: skip
    return render(request, "visits/dispatches.html", context)


def _hold(request: Request, place: Place, today: date, may: bool) -> HttpResponse:
    if not may:
        raise PermissionDenied
    on = typed_day(request.POST.get("held_on", "")) or today
    try:
        chair = request.POST.get("chair", "")
        row = hold_dispatch(request.user, place, on, chair=chair, today=today, now=timezone.now())
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect(address("visits:dispatches", place=place.code))
    messages.success(request, _("已登记这次调度会。接着记任务和纪要。"))
    return redirect("visits:dispatch", row.pk)


@login_required
def meeting(request: Request, pk: int) -> HttpResponse:
    """One meeting: what lay on the table, its minutes, what was asked; printable."""
    row = find(Dispatch.objects.select_related("place"), request.scope, pk=pk)
    may = request.scope.holds(STAFF, row.place.path)
    name = rhythm_of(row.place, row.held_on).name
    context: dict[str, Any] = {
        "row": row, "look": look(row.place, row.since, row.held_on), "may": may, "today": timezone.localdate(),
        "asks": list(row.asks.select_related("person", "organisation", "place").order_by("by_on", "pk")),
        "mine": request.scope.person_id,
        "crumbs": [(name, address("visits:dispatches", place=row.place.code)), (said_day(row.held_on), "")],
    }  # fmt: skip
    if may:
        context |= {"doers": _doers(row.place), "villages": _villages(row.place)}
    return render(request, "visits/dispatch.html", context)


def _doers(place: Place) -> list[tuple[str, str]]:
    """Who can be asked: organisations and persons at, above or below the place that bear something there."""
    county = place.path.partition("/")[0] + "/"
    bearing = {"duties__target__path__gte": place.path, "duties__target__path__lt": place.path[:-1] + "0"}
    wide = ("county", "township", "village")
    units = Organisation.objects.filter(place__path__startswith=county, to_on=None, **bearing).distinct()
    people = Person.objects.filter(
        place__path__startswith=county, to_on=None, duties__target__level__in=wide, **bearing
    ).distinct()
    found = [(f"o{pk}", name) for pk, name in units.order_by("code").values_list("pk", "name")[:MOST_DOERS]]
    rows = people.order_by("place__path", "code").values_list("pk", "name", "place__name")[:MOST_DOERS]
    return [*found, *((f"p{pk}", f"{name}（{where}）") for pk, name, where in rows)]


def _villages(place: Place) -> list[tuple[str, list[tuple[str, str]]]]:
    rows = Place.objects.live(timezone.localdate()).below(place.path).of(Level.VILLAGE)
    return grouped_choices(list(rows.select_related("township", "village").order_by("path")))


@login_required
@require_POST
def minutes(request: Request, pk: int) -> HttpResponse:
    """Write the minutes."""
    row = find(Dispatch.objects.select_related("place"), request.scope, to_write=True, pk=pk)
    write_minutes(request.user, row, request.POST.get("minutes", ""), request.POST.get("chair", ""))
    messages.success(request, _("纪要已保存。"))
    return redirect("visits:dispatch", pk)


@login_required
@require_POST
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask somebody to do something by a day."""
    row = find(Dispatch.objects.select_related("place"), request.scope, to_write=True, pk=pk)
    form = request.POST
    here = Place.objects.below(row.place.path).select_related("village", "township", "ground")
    asking = Asking(
        _doer(form.get("doer", "")), form.get("what", ""), typed_day(form.get("by_on", "")) or row.held_on,
        here.filter(code=form.get("place", "")).first(), form.get("is_visit") == "1",
    )  # fmt: skip
    try:
        ask_of(request.user, row, asking)
        messages.success(request, _("已交办。责任人的走访页上会看到。"))
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("visits:dispatch", pk)


def _doer(chosen: str) -> Bearing | None:
    kind, pk = chosen[:1], chosen[1:]
    if not pk.isdigit():
        return None
    model: type[Person] | type[Organisation] = Person if kind == "p" else Organisation
    return model._default_manager.filter(pk=int(pk)).first()


@login_required
@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """Note that what was asked is done, by whoever was asked or an office; or that it is dropped, by an office."""
    row = find(DispatchAsk.objects.select_related("dispatch__place"), request.scope, pk=pk)
    office = request.scope.holds(STAFF, row.dispatch.place.path)
    own = request.scope.person_id is not None and row.person_id == request.scope.person_id
    dropped = request.POST.get("state") == DispatchAsk.State.DROPPED
    if not office and (not own or dropped):
        raise PermissionDenied
    state = DispatchAsk.State.DROPPED if dropped else DispatchAsk.State.DONE
    try:
        end_ask(request.user, row, state, request.POST.get("outcome", ""), today=timezone.localdate())
        messages.success(request, _("已记下。"))
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("visits:dispatch", row.dispatch_id) if office else redirect("visits:mine")
