"""Vanguard teams: those of a ground, one of them, its roster on paper, founding and changing it, public places."""

from __future__ import annotations

from datetime import date
from typing import Any, NoReturn

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, address, typed_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF
from xiangyue.base.scope import find, visible_to
from xiangyue.duties import showing
from xiangyue.duties.access import seen_ground
from xiangyue.duties.layers import day_for, layers_on
from xiangyue.duties.permits import may_give
from xiangyue.duties.team_models import Team, TeamMember
from xiangyue.duties.teams import acts, problems
from xiangyue.duties.teams.forms import FoundForm, MemberForm, PlaceForm, SpotForm
from xiangyue.duties.teams.shown import layer_for, members_of, place_counts, spots_of, teams_of, week_of
from xiangyue.places.actions.tree import New, add_place
from xiangyue.places.models import Level, Place


@login_required
def ground(request: Request) -> HttpResponse:
    """The teams of a ground: who they are made of, their spots, what they did this week."""
    today = timezone.localdate()
    place = seen_ground(request.scope, request.GET.get("place", ""))
    rows = teams_of(place, today)
    may = place.level in acts.GROUNDS and may_give(request.scope, Level.PUBLIC_PLACE, place.path)
    context = {
        "place": place, "rows": rows, "kinds": TeamMember.Kind.labels, "may": may, "week": week_of(today),
        "today": today, "people": sum(row.members for row in rows), "spots": sum(row.spots for row in rows),
        "visits": sum(row.visits for row in rows), "problems": sum(row.problems for row in rows),
        "switcher": showing.switcher(request.scope, place, "teams:ground"),
        "may_places": place.level == Level.VILLAGE,
    }  # fmt: skip
    return render(request, "teams/ground.html", context)


@login_required
def found(request: Request, place: str) -> HttpResponse:
    """Found a team of a township or village."""
    row = seen_ground(request.scope, place)
    if not request.scope.holds(STAFF, row.path):
        raise PermissionDenied
    day = day_for(row, timezone.localdate())
    layers = [one for one in layers_on(row, day) if acts.fits(one)]
    start = {"from_on": day, "name": _("%s人居环境整治先锋队") % row.name}
    form = FoundForm(request.POST or None, initial=start)
    form.offer(layers)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        scheme, _slash, layer = said["layer"].partition("/")
        try:
            team = acts.found_team(
                request.user, row, layer, said["name"], said["from_on"], scheme=scheme, scope=request.scope
            )
        except Problem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("队伍已成立。接着加队员和点位。"))
            return redirect("teams:team", team.pk)
    context = {"place": row, "form": form, "layers": layers, "crumbs": _crumbs(row, _("成立先锋队"))}
    return render(request, "teams/found.html", context, status=422 if form.errors else 200)


@login_required
def team(request: Request, pk: int) -> HttpResponse:
    """One team: members by kind, spots with when they were last cleared and checked."""
    return _page(request, _seen(request, pk))


def _page(request: Request, row: Team, wrong: tuple[str, Problem] | None = None) -> HttpResponse:
    """The team's page; `wrong` is the form that was not taken, with why: it comes back as it was filled in."""
    day = _day(row)
    one = layer_for(row, day)
    may = row.to_on is None and may_give(request.scope, Level.PUBLIC_PLACE, row.place.path)
    kinds = members_of(row, day)
    context: dict[str, Any] = {
        "row": row, "layer": one, "kinds": kinds, "spots": spots_of(row, one, day), "may": may, "today": day,
        "crumbs": _crumbs(row.place, row.name), "people": sum(len(kind.members) for kind in kinds),
    }  # fmt: skip
    if may and one is not None:
        posted = {wrong[0]: request.POST} if wrong else {}
        start = {"from_on": day}
        member_form = MemberForm(posted.get("add_member"), initial=start, auto_id="member_%s")
        spot_form = SpotForm(posted.get("add_spot"), initial=start, auto_id="spot_%s")
        member_form.offer(row, one, day)
        spot_form.offer(row, day)
        for form in (member_form, spot_form):
            if wrong and form.is_bound and form.is_valid():
                form.add_error(None, str(wrong[1]))
        context |= {"member_form": member_form, "spot_form": spot_form}
    return render(request, "teams/team.html", context, status=422 if wrong else 200)


@login_required
def roster(request: Request, pk: int) -> HttpResponse:
    """The team on one sheet of paper."""
    row = _seen(request, pk)
    day = _day(row)
    one = layer_for(row, day)
    context = {
        "row": row, "layer": one, "kinds": members_of(row, day), "spots": spots_of(row, one, day), "today": day,
        "crumbs": [*_crumbs(row.place, row.name)[:1], (row.name, address("teams:team", pk)), (_("名册"), "")],
    }  # fmt: skip
    return render(request, "teams/roster.html", context)


@login_required
@require_POST
def act(request: Request, pk: int) -> HttpResponse:
    """Change a team: one of `DONE`, named by the button that was pressed."""
    row = find(Team.objects.select_related("place__township", "place__village"), request.scope, to_write=True, pk=pk)
    do = DONE.get(request.POST.get("act", ""))
    try:
        if do is None:
            raise Problem(problems.FORM, words=_("没有说要做什么。"))
        messages.success(request, do(request, row))
    except Problem as problem:
        if do in (_add_member, _add_spot) and row.to_on is None:
            return _page(request, row, (request.POST["act"], problem))
        messages.error(request, str(problem))
    return redirect("teams:team", pk)


def _add_member(request: Request, row: Team) -> str:
    form, day = MemberForm(request.POST), _day(row)
    one = layer_for(row, day)
    if one is None:
        raise Problem(problems.NOT_THEN, team=row.name, day=day)
    form.offer(row, one, day)
    if not form.is_valid():
        _refused(form)
    said = form.cleaned_data
    acts.add_member(
        request.user, row, said["person"], said["kind"], said["from_on"], leads=said["leads"], scope=request.scope
    )
    return str(_("%s已入队，各点位的包保随之生效。") % said["person"].name)


def _add_spot(request: Request, row: Team) -> str:
    form = SpotForm(request.POST)
    form.offer(row, _day(row))
    if not form.is_valid():
        _refused(form)
    said = form.cleaned_data
    acts.add_spot(request.user, row, said["place"], said["from_on"], scope=request.scope)
    return str(_("%s已归本队包保。") % said["place"].name)


def _end_member(request: Request, row: Team) -> str:
    member = get_object_or_404(row.members.select_related("person", "team__place"), pk=_key(request))
    n = acts.end_member(request.user, member, _last(request), scope=request.scope)
    return _("%(name)s已离队，%(n)s 条包保随之截止。") % {"name": member.person.name, "n": n}


def _end_spot(request: Request, row: Team) -> str:
    spot = get_object_or_404(row.spots.select_related("place", "team__place"), pk=_key(request))
    n = acts.end_spot(request.user, spot, _last(request), scope=request.scope)
    return _("“%(name)s”不再由本队包保，%(n)s 条包保随之截止。") % {"name": spot.place.name, "n": n}


def _lead(request: Request, row: Team) -> str:
    member = get_object_or_404(row.members.select_related("person", "team__place"), pk=_key(request))
    acts.make_leader(request.user, member, scope=request.scope)
    return _("队长换成%s。") % member.person.name


def _rename(request: Request, row: Team) -> str:
    acts.rename_team(request.user, row, request.POST.get("name", ""), scope=request.scope)
    return _("队名已保存。")


def _disband(request: Request, row: Team) -> str:
    n = acts.disband(request.user, row, _last(request), scope=request.scope)
    return _("队伍已解散，%s 条包保随之截止。") % n


DONE = {
    "add_member": _add_member,
    "add_spot": _add_spot,
    "end_member": _end_member,
    "end_spot": _end_spot,
    "lead": _lead,
    "rename": _rename,
    "disband": _disband,
}


def _refused(form: Any) -> NoReturn:
    words = "".join(str(error) for errors in form.errors.values() for error in errors)
    raise Problem(problems.FORM, words=words)


def _key(request: Request) -> int:
    key = request.POST.get("row", "")
    return int(key) if key.isdigit() else 0


def _last(request: Request) -> date:
    return typed_day(request.POST.get("last", "")) or timezone.localdate()


def _day(row: Team) -> date:
    return max(timezone.localdate(), row.from_on)


@login_required
def places(request: Request, place: str) -> HttpResponse:
    """The public places of a village, with a short form for one more."""
    row = seen_ground(request.scope, place)
    may = request.scope.holds(STAFF, row.path)
    today = timezone.localdate()
    form = PlaceForm(request.POST or None)
    form.offer(row, today)
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        if form.is_valid():
            parent = Place.objects.get(code=form.cleaned_data["parent"])
            made = add_place(request.user.pk, parent, Level.PUBLIC_PLACE, New(form.called()), today=today)
            messages.success(request, _("已登记“%s”。") % made.name)
            return redirect("teams:places", row.code)
    context = {"place": row, "rows": place_counts(row, today), "form": form if may else None,
               "crumbs": _crumbs(row, _("公共场所"))}  # fmt: skip
    return render(request, "teams/places.html", context, status=422 if form.errors else 200)


def _seen(request: Request, pk: int) -> Team:
    """A team on the actor's ground, or one that the actor is a member of."""
    rows = Team.objects.select_related("place__township", "place__village")
    own = Q(pk__in=TeamMember.objects.filter(person_id=request.scope.person_id or 0).values("team"))
    return get_object_or_404(
        rows.filter(Q(pk__in=visible_to(Team.objects.all(), request.scope).values("pk")) | own), pk=pk
    )


def _crumbs(place: Place, words: str) -> list[tuple[str, str]]:
    return [(_("先锋队"), address("teams:ground", place=place.code)), (words, "")]
