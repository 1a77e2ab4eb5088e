"""Visits due and kept: a ground's layers, one layer's bearers, a bearer's own page, one visit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, address
from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import find, require
from xiangyue.captures.envelope import seal
from xiangyue.captures.ids import new_id
from xiangyue.captures.intake import Actor, submit
from xiangyue.captures.models import Capture
from xiangyue.duties import showing
from xiangyue.duties.access import seen_ground, seen_organisation, seen_person
from xiangyue.duties.actions.single import Bearing, borne_by
from xiangyue.duties.actions.visiting import deny_visit, restore_visit
from xiangyue.duties.layers import LayerOn, layers_on
from xiangyue.duties.visit_models import Contribution, Visit
from xiangyue.duties.visits import bearing, overview
from xiangyue.duties.visits.access import may_read_words, may_record
from xiangyue.duties.visits.amounts import sums
from xiangyue.duties.visits.dispatching import rhythm_of
from xiangyue.duties.visits.keeping import Stand
from xiangyue.duties.visits.marks import names_of
from xiangyue.duties.visits.shown import shown, shown_one
from xiangyue.people.models import Person
from xiangyue.places.models import Place

ROWS = 50
CLERKS = frozenset({Role.DEPARTMENT})
UNDO_WITHIN = timedelta(minutes=10)


@login_required
def ground(request: Request) -> HttpResponse:
    """Every layer of a ground: what was due and kept, how many are behind."""
    day = timezone.localdate()
    place = seen_ground(request.scope, request.GET.get("place", ""))
    context = {
        "place": place,
        "day": day,
        "tallies": overview.layer_tallies(place, day),
        "rhythm": rhythm_of(place, day),
        "recent": shown(request.scope, Visit.objects.below(place.path).order_by("-day", "-pk")[:10]),
        "may_record": may_record(request.scope),
        "switcher": showing.switcher(request.scope, place, "visits:ground"),
        "crumbs": [(_("走访"), reverse("visits:ground")), (place.name, "")],
    }
    return render(request, "visits/ground.html", context)


@login_required
def layer(request: Request, place: str) -> HttpResponse:
    """One layer on a ground: by township or village, and bearer by bearer, those behind first."""
    day = timezone.localdate()
    row = seen_ground(request.scope, place)
    layers = overview.visited_layers(row, day)
    code = request.GET.get("layer", "")
    one = next((held for held in layers if code in ("", held.code)), None)
    if one is None:
        raise Http404
    rows = overview.stands_in_place(one, row.path, day)
    only = request.GET.get("show", "")
    asked = [held for held in rows if held.told.is_behind] if only == "behind" else rows
    page = Paginator(asked, ROWS).get_page(request.GET.get("page"))
    context = {
        "place": row, "layer": one, "tally": overview.tally_of(rows), "show": only,
        "slot": rows[0].told.slot if rows else None,
        "units": _units(row, rows, one),
        "table": _bearers(list(page), showing.paged(page, request.GET)),
        "tabs": [{"label": held.layer.name, "url": address("visits:layer", row.code, layer=held.code),
                  "current": held == one} for held in layers],
        "switcher": showing.switcher(request.scope, row, "visits:layer"),
        "crumbs": [(_("走访"), reverse("visits:ground")), (row.name, address("visits:ground", place=row.code)),
                   (one.layer.name, "")],
    }  # fmt: skip
    return render(request, "visits/layer.html", context)


def _units(place: Place, rows: list[Stand], one: LayerOn) -> dict[str, Any] | None:
    found = overview.by_unit(place, rows, one.layer.target)
    if not found:
        return None
    heads = [{"heading": _("区划")}, {"heading": _("情况")}, {"heading": _("上次应到"), "kind": "number"},
             {"heading": _("上次已到"), "kind": "number"}, {"heading": _("这次还差"), "kind": "number"}]  # fmt: skip
    lines = []
    for unit in found:
        tally = unit.tally
        state = "late" if tally.behind else "done"
        words = _("%s 个没到齐") % tally.behind if tally.behind else _("都到齐了")
        cells = [{"value": unit.name}, {"state": state, "value": words}, {"value": f"{tally.last_due:,}"},
                 {"value": f"{tally.last_kept:,}"}, {"value": f"{tally.left:,}"}]  # fmt: skip
        lines.append({"url": address("visits:layer", unit.code, layer=one.code), "cells": cells})
    return {"caption": _("分区划"), "columns": heads, "rows": lines, "fold": True}


def _bearers(rows: list[Stand], page: dict[str, Any]) -> dict[str, Any]:
    names = names_of([row.bearer for row in rows])
    heads = [{"heading": _("包保人或单位")}, {"heading": _("所在")}, {"heading": _("对象"), "kind": "number"},
             {"heading": _("上次")}, {"heading": _("这次还差"), "kind": "number"}, {"heading": _("说明")}]  # fmt: skip
    lines = []
    for row in rows:
        named, told = names[row.bearer], row.told
        state = "late" if told.is_behind else "done" if told.last.due else "todo"
        words = (
            _("欠 %s 次") % (told.last.due - told.last.kept)
            if told.is_behind
            else _("到齐")
            if told.last.due
            else _("上次不用到")
        )
        cells = [{"value": named.name}, {"value": named.where or "—"}, {"value": row.n_targets},
                 {"state": state, "value": words}, {"value": told.left or "—"}, {"value": told.why}]  # fmt: skip
        lines.append({"url": named.url, "cells": cells})
    empty = {"title": _("没有要列的包保人"), "words": _("这一层眼下没有人落下，或还没有人包保。")}
    return {"caption": _("谁到了、谁没到"), "columns": heads, "rows": lines, "page": page, "fold": True, "empty": empty}


@login_required
def mine(request: Request) -> HttpResponse:
    """On to one's own page, or to that of one's department, where only that answers for something."""
    person = Person.objects.select_related("organisation").filter(pk=request.scope.person_id or 0).first()
    if person is None:
        raise PermissionDenied
    if person.organisation is not None and request.scope.holds(CLERKS) and not borne_by(person).exists():
        return redirect("visits:organisation", person.organisation.code)
    return redirect("visits:bearer", person.code)


@login_required
def bearer(request: Request, person: str) -> HttpResponse:
    """What a person owes on each layer, has done, was asked for."""
    return _bearer(request, seen_person(request.scope, person))


@login_required
def organisation(request: Request, organisation: str) -> HttpResponse:
    """What a department or enterprise owes, has done and given."""
    return _bearer(request, seen_organisation(request.scope, organisation))


def _bearer(request: Request, row: Bearing) -> HttpResponse:
    day = timezone.localdate()
    is_person = isinstance(row, Person)
    visits = bearing.visits_of(row)
    year = visits.counting().between(date(day.year, 1, 1), day)
    unit = row.organisation if isinstance(row, Person) else None
    layers = bearing.layers_told(row, day)
    context = {
        "bearer": row, "is_person": is_person, "day": day, "unit": unit, "layers": layers,
        "has_homes": is_person and any(one.layer.layer.target == "household" for one in layers),
        "stood_in": list(bearing.stood_in_for(row, day)[:50]) if isinstance(row, Person) else [],
        "asks": list(bearing.asks_of(row)[:50]),
        "wishes": list(bearing.wishes_of(row, day)[:50]),
        "given": sums(Contribution.objects.filter(visit__in=year)),
        "n_year": year.count(),
        "recent": shown(request.scope, visits.order_by("-day", "-pk")[: bearing.RECENT]),
        "own": is_person and row.pk == request.scope.person_id,
        "may_record": may_record(request.scope),
        "crumbs": [(_("走访"), reverse("visits:ground")), (row.name, "")],
    }  # fmt: skip
    return render(request, "visits/bearer.html", context)


@login_required
def visit(request: Request, pk: int) -> HttpResponse:
    """One visit: who was there, what was done and given, where it came from."""
    row = find(Visit.objects.select_related("target", "capture"), request.scope, pk=pk)
    one = shown_one(request.scope, row, layers_on(row.target, row.day))
    context = {
        "visit": row,
        "one": one,
        "may_words": may_read_words(request.scope, row),
        "may_deny": request.scope.holds(STAFF, row.target.path),
        "may_undo": _may_undo(request, row),
        "crumbs": [(_("走访"), reverse("visits:ground")), (one.title, "")],
    }
    return render(request, "visits/visit.html", context)


def _may_undo(request: Request, row: Visit) -> bool:
    fresh = timezone.now() - row.capture.received_at < UNDO_WITHIN
    return fresh and row.capture.user_id == request.scope.user_id and row.state != Visit.State.WITHDRAWN


@login_required
@require_POST
def deny(request: Request, pk: int) -> HttpResponse:
    """Note that the one visited says nobody came; or let the visit count again."""
    row = find(Visit.objects.select_related("target"), request.scope, to_write=True, pk=pk)
    require(request.scope, STAFF, row.target.path)
    reason = request.POST.get("reason", "")
    try:
        if request.POST.get("decision") == "restore":
            restore_visit(request.user, row, reason)
            messages.success(request, _("已恢复计入。"))
        else:
            deny_visit(request.user, row, reason, today=timezone.localdate())
            messages.success(request, _("已记下对方否认，这次走访不再计入。"))
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("visits:visit", pk)


@login_required
@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take back one's own record of the last ten minutes."""
    row = find(Visit.objects.select_related("capture"), request.scope, pk=pk)
    envelope = seal("undo", {"undoes": str(row.capture.uuid)}, id=new_id())
    answer = submit(envelope, Actor(request.user.pk, Capture.Channel.OFFICE))
    if answer.kept:
        messages.success(request, _("已撤回。"))
    else:
        messages.error(request, f"{answer.words}{answer.mend}")
    return redirect("visits:visit", pk)
