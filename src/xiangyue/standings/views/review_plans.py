"""The teams of a review and its drawn plan: members, conflicts, matrix, lists, printed sheets, the file to recompute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.rules.sheet import by_area
from xiangyue.standings.reviews import access, problems
from xiangyue.standings.reviews.facts import gather, places_under
from xiangyue.standings.reviews.models import Review, ReviewMember, ReviewPlan, ReviewStageVersion, ReviewTeam
from xiangyue.standings.reviews.opening import (
    add_member,
    add_team,
    declare_conflict,
    drop_team,
    lift_conflict,
    remove_member,
)
from xiangyue.standings.reviews.planning import conflicts_of, draw_plan, give_up_plan, make_plan, turns_of
from xiangyue.standings.reviews.settings import kinds_of, mutual_in, scheme_for, settings_for
from xiangyue.standings.reviews.tables import TeamList, matrix, team_lists
from xiangyue.standings.reviews.verify import told_of
from xiangyue.standings.views.reviews import crumbs, name_of
from xiangyue.standings.views.shown import at, day_told


@login_required
def teams(request: Request, pk: int) -> HttpResponse:
    """Every team with its leader, members and villages, and how far each is."""
    row = access.review_of(request.scope, pk)
    mine = {team.township.code for team in access.my_teams(request.scope, row)}
    inside = access.inside(request.scope, row)
    found = [team for team in lists_of(row) if inside or team.code in mine]
    context = {
        "review": row, "name": name_of(row), "teams": found, "mine": mine, "plan": live_plan(row),
        "inside": inside, "crumbs": crumbs((name_of(row), at("review", pk)), (_("评审组"), "")),
        "ground_name": row.ground.name,
    }  # fmt: skip
    return render(request, "standings/reviews/teams.html", context)


@login_required
def team(request: Request, pk: int, code: str) -> HttpResponse:
    """One team: its members, its declared conflicts, its villages with what is handed in."""
    row = access.review_of(request.scope, pk)
    found = access.team_of(request.scope, row, code)
    stage = mutual_in(settings_for(row))
    version = _mutual(row)
    shown = next(one for one in lists_of(row) if one.code == code)
    kinds = kinds_of(scheme_for(row), stage) if stage is not None else []
    made = {(sheet[1], sheet[2]) for sheet in _facts(version)["sheets"] if sheet[3] == code}
    may = access.keeps_team(request.scope, found)
    runs = access.runs(request.scope, row)
    open_ = version is not None and version.state == ReviewStageVersion.State.OPEN
    mine = ReviewMember.objects.filter(team=found, person_id=request.scope.person_id or 0, left_on=None).exists()
    context = {
        "review": row, "team": found, "list": shown, "kinds": kinds, "open": open_, "plan": live_plan(row),
        "lines": [(place, [(kind, (place.code, kind.code) in made) for kind in kinds]) for place in shown.subjects],
        "members": found.members.filter(left_on=None).select_related("person").order_by("-leads", "person__code"),
        "people": _people(found) if may else [], "may": may, "may_run": runs, "may_enter": open_ and (mine or runs),
        "bars": found.bars.select_related("subject"), "places": places_under(row) if runs else [],
        "crumbs": crumbs((name_of(row), at("review", pk)), (_("评审组"), at("review_teams", pk)), (found.township.name, "")),
        "ground_name": row.ground.name,
    }  # fmt: skip
    return render(request, "standings/reviews/team.html", context)


@login_required
@require_POST
def team_act(request: Request, pk: int, code: str) -> HttpResponse:
    """A member in or out, a conflict declared or lifted, a team added or dropped."""
    row = access.review_of(request.scope, pk)
    do = request.POST.get("do", "")
    found = ReviewTeam.objects.select_related("township", "review__ground", "review__scheme_version").filter(
        review=row, township__code=code
    ).first()  # fmt: skip
    by_county = do not in ("add", "lead", "remove")
    if by_county and not access.runs(request.scope, row):
        raise PermissionDenied
    if found is not None and not access.keeps_team(request.scope, found):
        raise PermissionDenied
    try:
        _do_team(request, row, found, code, do)
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect(at("review_team", pk, code) if do not in ("drop_team", "add_team") else at("review_teams", pk))


@login_required
def sheets(request: Request, pk: int, code: str) -> HttpResponse:
    """The printed sheets of a team: one for each village and kind, to be filled by hand and typed in later."""
    row = access.review_of(request.scope, pk)
    found = access.team_of(request.scope, row, code)
    stage = mutual_in(settings_for(row))
    shown = next(one for one in lists_of(row) if one.code == code)
    scheme = scheme_for(row)
    kinds = kinds_of(scheme, stage) if stage is not None else []
    blank = [(kind, by_area(scheme.standard(kind.standard))) for kind in kinds]
    context = {"review": row, "name": name_of(row), "team": found, "list": shown, "blank": blank}
    return render(request, "standings/reviews/sheets.html", context)


@login_required
def plan(request: Request, pk: int) -> HttpResponse:
    """The plan: committed, waiting for its number, drawn; as a matrix and as lists, with what anyone needs to recompute."""
    row = access.review_of(request.scope, pk)
    if mutual_in(settings_for(row)) is None:
        raise Http404
    found = live_plan(row)
    drawn = found if found is not None and found.state == ReviewPlan.State.DRAWN else None
    today, begun = timezone.localdate(), _mutual(row)
    context = {
        "review": row, "name": name_of(row), "plan": found, "drawn": drawn, "today": today,
        "matrix": matrix(drawn, turns_of(drawn)) if drawn is not None else None, "teams": team_lists(row, begun, _facts(begun)) if drawn else [],
        "conflicts": _conflicts(request, row, found), "older": row.plans.filter(state=ReviewPlan.State.SUPERSEDED),
        "begun": begun is not None, "times": settings_for(row).times, "may_run": access.runs(request.scope, row),
        "number_due": found is not None and today >= found.number_on,
        "crumbs": crumbs((name_of(row), at("review", pk)), (_("互评安排"), "")), "ground_name": row.ground.name,
    }  # fmt: skip
    return render(request, "standings/reviews/plan.html", context)


@login_required
@require_POST
def plan_act(request: Request, pk: int) -> HttpResponse:
    """A plan made, drawn, or given up to be made anew."""
    row = access.to_run(request.scope, pk)
    do, now, told = request.POST.get("do", ""), timezone.now(), request.POST
    found = live_plan(row)
    try:
        if do == "make":
            make_plan(
                request.user,
                row,
                number_name=told.get("number_name", ""),
                number_on=day_told(told.get("number_on", ""), _("公布日期")),
                now=now,
            )
            messages.success(request, _("密钥已封存，摘要已公开。等公开数公布后来填。"))
        elif do == "draw" and found is not None:
            draw_plan(request.user, found, number=told.get("number", ""), now=now)
            messages.success(request, _("互评已抽定，密钥已公开，任何人都能重算。"))
        elif do == "give_up" and found is not None:
            give_up_plan(request.user, found, reason=told.get("reason", ""), now=now)
            messages.success(request, _("这次安排已作废，可以重新安排。"))
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect(at("review_plan", pk))


@login_required
def plan_file(request: Request, pk: int, version: int) -> HttpResponse:
    """A drawn plan as a file: with it anyone recomputes who reviews whom."""
    row = access.review_of(request.scope, pk)
    found = row.plans.filter(version=version).exclude(secret="").exclude(drawn_at=None).first()
    if found is None:
        raise Http404
    shown = JsonResponse(told_of(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    shown.headers["Content-Disposition"] = f'attachment; filename="review-plan-{row.key}-v{version}.json"'
    return shown


def lists_of(row: Review) -> list[TeamList]:
    """The teams of a review with what they handed in."""
    version = _mutual(row)
    return team_lists(row, version, _facts(version))


def live_plan(row: Review) -> ReviewPlan | None:
    """The plan that waits or is drawn."""
    return row.plans.exclude(state=ReviewPlan.State.SUPERSEDED).first()


def _mutual(row: Review) -> ReviewStageVersion | None:
    stage = mutual_in(settings_for(row))
    rows = row.stages.filter(stage=stage.code if stage else "").exclude(state=ReviewStageVersion.State.SUPERSEDED)
    return rows.select_related("review__ground", "review__scheme_version").order_by("-version").first()


def _facts(version: ReviewStageVersion | None) -> dict[str, Any]:
    if version is None:
        return {"sheets": []}
    is_open = version.state == ReviewStageVersion.State.OPEN
    return gather(version, timezone.localdate()) if is_open else version.facts


def _do_team(request: Request, row: Review, found: ReviewTeam | None, code: str, do: str) -> None:
    """One act on a team; what is named and not there is a 404."""
    if do == "add_team":
        add_team(request.user, row, _one(Place.objects.filter(code=code)))
        return
    if found is None:
        raise Http404
    acts: dict[str, Callable[[], object]] = {
        "add": lambda: add_member(request.user, found, _person(request)),
        "lead": lambda: add_member(request.user, found, _person(request), leads=True),
        "remove": lambda: remove_member(request.user, _of_team(request, found, "member"), today=timezone.localdate()),
        "bar": lambda: declare_conflict(
            request.user, found, _one(Place.objects.filter(code=request.POST.get("subject", ""))),
            reason=request.POST.get("reason", ""),
        ),
        "unbar": lambda: lift_conflict(request.user, _of_team(request, found, "bar")),
        "drop_team": lambda: drop_team(request.user, found),
    }  # fmt: skip
    if do in acts:
        acts[do]()


def _one[M: Model](rows: QuerySet[M]) -> M:
    found = rows.first()
    if found is None:
        raise Http404
    return found


def _person(request: Request) -> Person:
    found = Person.objects.select_related("place").filter(code=request.POST.get("person", "")).first()
    if found is None:
        raise Problem(problems.EMPTY, what=_("人员"))
    return found


def _of_team(request: Request, team: ReviewTeam, what: str) -> Any:
    """A member or a declared conflict of the team, with what its act logs."""
    rows: Any = team.members if what == "member" else team.bars
    return _one(
        rows.select_related("team__review__ground", "team__township").filter(pk=_number(request.POST.get(what)))
    )


def _conflicts(request: Request, row: Review, found: ReviewPlan | None) -> list[tuple[str, str, str]]:
    """(Team, village, why) as they stand now, or as the plan was made with; why only from inside, or for its team."""
    told = (
        [(team, subject, why) for team, subject, why in found.facts["barred"]]
        if found is not None
        else [(one.team, one.subject, one.why) for one in conflicts_of(row, timezone.localdate())]
    )
    names = dict(Place.objects.filter(code__in={code for one in told for code in one[:2]}).values_list("code", "name"))
    inside = access.inside(request.scope, row)
    return [
        (names.get(team, team), names.get(code, code), why if inside else _("按规定回避")) for team, code, why in told
    ]


def _people(found: ReviewTeam) -> list[Person]:
    """Whom the team can be made of: those who work in the township's own offices first, then in its villages."""
    held = found.members.filter(left_on=None).values("person")
    rows = Person.objects.filter(place__path__startswith=found.township.path, to_on=None).exclude(pk__in=held)
    return list(rows.select_related("place").order_by("place__path", "code")[:300])


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 18 else 0
