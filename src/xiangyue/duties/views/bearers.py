"""What one person or organisation answers for; handing it over, and standing in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.scope import Scope, visible_to
from xiangyue.duties import showing
from xiangyue.duties.access import may_pass_on, seen_organisation, seen_person, writable
from xiangyue.duties.actions.passing import end_stand_in, set_stand_in
from xiangyue.duties.actions.passing import hand_over as pass_over
from xiangyue.duties.actions.single import Bearing, borne_by
from xiangyue.duties.facts import Who
from xiangyue.duties.forms import HandOverForm, StandInForm, bearer_of, candidates, duties_chosen
from xiangyue.duties.layers import LayerOn, day_for, layers_on
from xiangyue.duties.models import Duty
from xiangyue.people.models import Person, Post
from xiangyue.places.models import Place


@login_required
def person(request: Request, person: str) -> HttpResponse:
    """A person's targets by layer, own yard first."""
    return _page(request, seen_person(request.scope, person))


@login_required
def organisation(request: Request, organisation: str) -> HttpResponse:
    """A department's or enterprise's targets by layer."""
    return _page(request, seen_organisation(request.scope, organisation))


def _page(request: Request, bearer: Bearing) -> HttpResponse:
    today = timezone.localdate()
    rows = visible_to(borne_by(bearer), request.scope)
    day = day_for(bearer.place, today)
    live = rows.filter(pk__in=Duty.objects.live(day).values("pk"))
    names = _layers(bearer, day)
    page = Paginator(
        live.select_related("target", "target__village", "target__township", "stand_in").order_by("target__path"),
        showing.ROWS,
    ).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "bearer": bearer,
        "is_person": isinstance(bearer, Person),
        "posts": _posts(bearer),
        "loads": _loads(live, names),
        "table": _table(showing.duty_cells(list(page), names, today), showing.paged(page, request.GET)),
        "past": _past(rows, names),
        "may": may_pass_on(request.scope, bearer, today),
        "stood_in": live.filter(stand_in__isnull=False, stand_in_to__gte=today).exists(),
        "hand_over_url": _hand_over_url(bearer),
        "crumbs": [showing.duties_root(request.scope), (bearer.name, "")],
    }
    return render(request, "duties/bearer.html", context)


def _layers(bearer: Bearing, day: date) -> dict[tuple[str, str], LayerOn]:
    found = layers_on(bearer.place, day)
    return {(one.scheme, one.code): one for one in found}


def _posts(bearer: Bearing) -> str:
    if not isinstance(bearer, Person):
        return str(bearer.get_kind_display())
    rows = bearer.posts.filter(to_on=None).select_related("place").order_by("place__path")
    return "、".join(f"{row.place.name} {Post.Kind(row.kind).label}" for row in rows)


def _loads(live: Any, names: dict[tuple[str, str], LayerOn]) -> list[dict[str, Any]]:
    counts: dict[tuple[str, str], int] = {}
    for scheme, layer in live.values_list("scheme", "layer"):
        counts[scheme, layer] = counts.get((scheme, layer), 0) + 1
    return [
        {"layer": names[key], "n": n, "over": 0 < names[key].layer.per_bearer < n}
        for key, n in sorted(counts.items()) if key in names
    ]  # fmt: skip


def _table(lines: list[dict[str, Any]], page: dict[str, Any]) -> dict[str, Any]:
    heads = (_("对象"), _("包保层"), _("编组"), _("起止"), _("代班"))
    return {
        "caption": _("包保对象"), "columns": [{"heading": head} for head in heads], "rows": lines, "page": page,
        "fold": True,
        "empty": {"title": _("现在没有包保对象"), "words": _("可以从覆盖页里无人包保的对象开始指定。"),
                  "url": reverse("duties:coverage"), "label": _("看覆盖")},
    }  # fmt: skip


def _past(rows: Any, names: dict[tuple[str, str], LayerOn]) -> list[dict[str, Any]]:
    over = rows.filter(to_on__lt=timezone.localdate()).select_related("target").order_by("-to_on", "-pk")[:20]
    return [
        {
            "row": row,
            "layer": names[row.scheme, row.layer].layer.name if (row.scheme, row.layer) in names else row.layer,
        }
        for row in over
    ]


def _hand_over_url(bearer: Bearing) -> str:
    name = "duties:hand_over" if isinstance(bearer, Person) else "duties:hand_over_unit"
    return reverse(name, args=(bearer.code,))


def _home_url(bearer: Bearing) -> str:
    return reverse("duties:bearer" if isinstance(bearer, Person) else "duties:organisation", args=(bearer.code,))


@login_required
def hand_over(request: Request, person: str) -> HttpResponse:
    """Hand a person's targets, or some of them, to others from a day."""
    return _hand_over(request, seen_person(request.scope, person))


@login_required
def hand_over_unit(request: Request, organisation: str) -> HttpResponse:
    """The same for an organisation."""
    return _hand_over(request, seen_organisation(request.scope, organisation))


def _hand_over(request: Request, giver: Bearing) -> HttpResponse:
    today = timezone.localdate()
    rows = writable(request.scope, giver, today)
    form = HandOverForm(request.POST or None, initial={"on": today})
    form.offer(_others(giver, rows), today)
    chosen = duties_chosen(rows, request.POST.getlist("only")) if request.method == "POST" else [row.pk for row in rows]
    status = 200
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        takers = [bearer_of(value) for value in values["takers"]]
        try:
            n = pass_over(request.user, giver, takers, values["on"], only=chosen, scope=request.scope,
                          reason=values["reason"])  # fmt: skip
        except Problem as problem:
            form.add_error(None, str(problem))
            status = problem.kind.status
        else:
            names = "、".join(taker.name for taker in takers)
            messages.success(request, _("%(n)s 个对象从 %(on)s 起由%(names)s包保。")
                             % {"n": n, "on": values["on"], "names": names})  # fmt: skip
            return redirect(_home_url(giver))
    context = _context(request.scope, giver, rows, form, _("交接"))
    return render(request, "duties/hand_over.html", {**context, "chosen": set(chosen)}, status=status)


def _others(giver: Bearing, rows: list[Duty]) -> list[Who]:
    """Who could take over: those who may bear one of the layers there."""
    today = timezone.localdate()
    spots: dict[int, Place] = {row.target.village_id or row.target_id: row.target for row in rows}
    used = {(row.scheme, row.layer) for row in rows}
    layers = {(one.scheme, one.code): one for place in list(spots.values())[:1] for one in layers_on(place, today)}
    paths = [place.path for place in spots.values()]
    found = candidates([layers[key] for key in sorted(used) if key in layers], paths, today)
    own = "person_id" if isinstance(giver, Person) else "organisation_id"
    return [who for who in found if getattr(who, own) != giver.pk]


def _context(scope: Scope, bearer: Bearing, rows: list[Duty], form: Any, title: str) -> dict[str, Any]:
    names = _layers(bearer, day_for(bearer.place, timezone.localdate()))
    lines = [
        {"pk": row.pk, "target": row.target,
         "layer": names[row.scheme, row.layer].layer.name if (row.scheme, row.layer) in names else row.layer}
        for row in rows
    ]  # fmt: skip
    return {
        "bearer": bearer, "lines": lines, "form": form, "back": _home_url(bearer),
        "crumbs": [showing.duties_root(scope), (bearer.name, _home_url(bearer)), (title, "")],
    }  # fmt: skip


@login_required
def stand_in(request: Request, person: str) -> HttpResponse:
    """Name a stand-in for a person on leave."""
    who = seen_person(request.scope, person)
    today = timezone.localdate()
    rows = writable(request.scope, who, today)
    form = StandInForm(request.POST or None, initial={"from_on": today})
    form.offer([other for other in _others(who, rows) if other.person_id], today)
    status = 200
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        other = Person.objects.get(pk=int(values["stand_in"][1:]))
        keys = [row.pk for row in rows]
        try:
            n = set_stand_in(request.user, who, other, values["from_on"], values["to_on"], only=keys,
                             scope=request.scope)  # fmt: skip
        except Problem as problem:
            form.add_error(None, str(problem))
            status = problem.kind.status
        else:
            messages.success(request, _("%(n)s 个对象由%(name)s代班。") % {"n": n, "name": other.name})
            return redirect("duties:bearer", who.code)
    return render(request, "duties/stand_in.html", _context(request.scope, who, rows, form, _("代班")), status=status)


@login_required
@require_POST
def stand_in_end(request: Request, person: str) -> HttpResponse:
    """End the standing in."""
    who = seen_person(request.scope, person)
    writable(request.scope, who, timezone.localdate())
    n = end_stand_in(request.user, who, scope=request.scope)
    messages.success(request, _("%s 个对象回到本人。") % n)
    return redirect("duties:bearer", who.code)
