"""Watch lists as they stand, an entry turned round, a violation lifted."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES, STAFF, Role
from xiangyue.base.scope import below, find, require
from xiangyue.places.folding import Part, by_township
from xiangyue.standings.actions.violations import lift_violation
from xiangyue.standings.actions.watching import list_of, turn_round
from xiangyue.standings.ratings.access import scheme_seen, schemes_seen
from xiangyue.standings.ratings.models import EstablishedViolation, WatchEntry
from xiangyue.standings.ratings.watching import propose_list, state_of
from xiangyue.standings.views.ratings import may_give
from xiangyue.standings.views.shown import at

READS = STAFF | {Role.AUDITOR}
STANDING = ("watched", "due")
FEW = 12
"""So many entries, each of several lines, stand open at once."""


class TurnForm(forms.Form):
    """How a place was turned round."""

    on = forms.DateField(label=gettext_lazy("达标日期"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=gettext_lazy("整顿成效"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    record = forms.CharField(label=gettext_lazy("验收记录（文号或会议记录）"), max_length=80)


class LiftForm(forms.Form):
    """Why a violation counts no longer."""

    reason = forms.CharField(label=gettext_lazy("撤销依据（文号和理由）"), max_length=200)


@login_required
def watch(request: Request) -> HttpResponse:
    """Each watch list that the actor may read: who stands on it, until when, who was turned round."""
    require(request.scope, READS)
    today = timezone.localdate()
    homes = [home for home in schemes_seen(request.scope, today) if home.scheme.watch_lists]
    mine = below("place__path", request.scope.paths(READS))
    rows = WatchEntry.objects.filter(mine, ground__in=[home.ground.pk for home in homes])
    entries = list(rows.select_related("place__township").order_by("place__path", "-from_on"))
    lists = []
    for home in homes:
        for held in home.scheme.watch_lists:
            own = [row for row in entries if (row.ground_id, row.scheme, row.watch_list) == (
                home.ground.pk, home.scheme.code, held.code)]  # fmt: skip
            told = [(row, state_of(row, today)) for row in own]
            lists.append({
                "home": home, "list": held, "rows": told, "parts": _parts(told), "may_publish": may_give(request, home.ground),
                "n_standing": sum(state in STANDING for _row, state in told),
                "n_turned": sum(state == "turned" for _row, state in told),
                "n_ended": sum(state == "ended" for _row, state in told),
            })  # fmt: skip
    context = {"lists": lists, "may_write": request.scope.holds(OFFICES), "today": today,
               "ground_name": homes[0].ground.name if homes else ""}  # fmt: skip
    return render(request, "standings/watch/list.html", context)


def _parts(rows: list[tuple[WatchEntry, str]]) -> list[tuple[Part[tuple[WatchEntry, str]], int]]:
    """The entries by township, each with how many of them stand; open where there are few."""
    folded = by_township(rows, _township_of, opened=FEW)
    return [(one, sum(state in STANDING for _row, state in one.rows)) for one in folded]


def _township_of(held: tuple[WatchEntry, str]) -> str:
    township = held[0].place.township
    return township.name if township else ""


@login_required
@require_POST
def publish(request: Request, ground: str, scheme: str, code: str) -> HttpResponse:
    """A watch list as it stands is put on notice."""
    home = scheme_seen(request.scope, ground, scheme, timezone.localdate())
    if not may_give(request, home.ground):
        raise PermissionDenied
    try:
        held = list_of(home.scheme, code)
        row = propose_list(
            request.user, home.ground, home.scheme.code, held, days=home.scheme.notice.days, now=timezone.now()
        )
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect(at("watch"))
    messages.success(request, _("已公示。公示期间只公布个数，生效后才公布名称。"))
    return redirect(at("publication", row.pk))


@login_required
def turn(request: Request, pk: int) -> HttpResponse:
    """An entry is turned round, with what was achieved and the record of it."""
    rows = WatchEntry.objects.select_related("place__township")
    row = find(rows, request.scope, to_write=True, pk=pk)
    form = TurnForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            turn_round(
                request.user, row, on=told["on"], reason=told["reason"], record=told["record"], now=timezone.now()
            )
        except Problem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("“%s”已登记整顿达标。") % row.place.name)
            return redirect(at("watch"))
    title = _("%s 整顿达标") % row.place.name
    context = {"form": form, "title": title, "lead": f"{row.basis}　{row.from_on} — {row.to_on}", "label": _("登记达标"),
               "back": at("watch"), "crumbs": [(_("整顿名单"), at("watch")), (title, "")]}  # fmt: skip
    return render(request, "standings/ratings/act.html", context)


@login_required
def lift(request: Request, pk: int) -> HttpResponse:
    """A violation counts no longer."""
    rows = EstablishedViolation.objects.select_related("subject")
    row = find(rows, request.scope, to_write=True, pk=pk)
    require(request.scope, frozenset({Role.COUNTY_OFFICE}), row.subject.path)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lift_violation(request.user, row, now=timezone.now(), reason=form.cleaned_data["reason"])
        except Problem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已撤销，以后评星不再限星。已评的要重评才变。"))
            return redirect("desk:detail", "violation", row.pk)
    title = _("撤销违规认定")
    context = {"form": form, "title": title, "lead": f"{row.subject.name}　{row.document}　{row.clause}",
               "label": _("撤销"), "back": "", "crumbs": [(title, "")]}  # fmt: skip
    return render(request, "standings/ratings/act.html", context)
