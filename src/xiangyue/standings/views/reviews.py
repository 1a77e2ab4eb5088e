"""Staged reviews: the list, opening one, its stages at a glance, one village through all stages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.agreements.in_force import schemes_on
from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.roles import Role
from xiangyue.base.scope import Scope, find
from xiangyue.checks.models import Check
from xiangyue.places.models import Level, Place
from xiangyue.rules.days import parse_period, period_of
from xiangyue.rules.settings import ReviewStage
from xiangyue.standings.reviews import access
from xiangyue.standings.reviews.models import (
    Review,
    ReviewComment,
    ReviewFile,
    ReviewPlan,
    ReviewStageVersion,
    ReviewTeam,
)
from xiangyue.standings.reviews.opening import open_review
from xiangyue.standings.reviews.scoring import Facts, Worked
from xiangyue.standings.reviews.settings import (
    is_last,
    mutual_in,
    rating_in,
    scheme_for,
    settings_for,
    standards_of,
    takes,
)
from xiangyue.standings.reviews.stages import look_ahead
from xiangyue.standings.reviews.tables import Line, item_points
from xiangyue.standings.reviews.verify import verify
from xiangyue.standings.views.shown import at


@dataclass(frozen=True, slots=True)
class Offer:
    """A review that may be opened now: of which ground, scheme and period."""

    ground: Place
    scheme: str
    code: str
    name: str
    key: str
    period: str


@login_required
def reviews(request: Request) -> HttpResponse:
    """The reviews on the actor's ground, and those that may be opened."""
    if not request.scope.holds(access.SEE):
        raise PermissionDenied
    rows = list(access.reviews(request.scope))
    cards = [(row, name_of(row), _now(row)) for row in _with_stages(rows)]
    context = {"cards": cards, "offers": _offers(request.scope, rows), "crumbs": crumbs()}
    return render(request, "standings/reviews/list.html", context)


@login_required
@require_POST
def open_one(request: Request) -> HttpResponse:
    """A review opened from the scheme in force."""
    ground = find(Place.objects.all(), request.scope, code=request.POST.get("ground", ""))
    roles = access.OFFICES_OF_TEAM if ground.level == Level.TOWNSHIP else access.COUNTY
    if not request.scope.holds(roles, ground.path):
        raise PermissionDenied
    told = (request.POST.get("scheme", ""), request.POST.get("code", ""), request.POST.get("key", ""))
    try:
        row = open_review(request.user, ground, *told, now=timezone.now())
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect(at("reviews"))
    messages.success(request, _("已开评。请先定评审组成员，再安排互评。") if row.teams.exists() else _("已开评。"))
    return redirect(at("review", row.pk))


@login_required
def review(request: Request, pk: int) -> HttpResponse:
    """A review at a glance: its stages as steps, each with what is next."""
    row = access.review_of(request.scope, pk)
    live, teams = _live(row), access.my_teams(request.scope, row)
    stages = {version.stage: version for version in live if _seen(request.scope, row, version)}
    closed = {version.stage: _team_url(row, teams) for version in live if version.stage not in stages}
    plan = ReviewPlan.objects.filter(review=row).exclude(state=ReviewPlan.State.SUPERSEDED).first()
    runs = access.runs(request.scope, row)
    context = {
        "review": row, "name": name_of(row), "settings": settings_for(row), "plan": plan, "may_run": runs,
        "steps": steps_of(row, stages, plan, closed), "inside": access.inside(request.scope, row),
        "teams": teams, "mine": _my_villages(request.scope, row, stages),
        "final": stages.get(settings_for(row).stages[-1].code), "crumbs": crumbs((name_of(row), "")),
        "ground_name": row.ground.name,
    }  # fmt: skip
    return render(request, "standings/reviews/review.html", context)


@login_required
@require_POST
def check_again(request: Request, pk: int) -> HttpResponse:
    """The review recomputed: its plan from secret and number, its stages from their sheets."""
    row = access.to_run(request.scope, pk)
    found = verify(row)
    if found:
        messages.error(request, _("有 %(n)d 处不符：%(words)s") % {"n": len(found), "words": "；".join(found[:3])})
    else:
        messages.success(request, _("重算相符：互评安排和各阶段结果都能从原始记录算出来。"))
    return redirect(at("review", pk))


@login_required
def village(request: Request, pk: int, code: str) -> HttpResponse:
    """One village through all stages: sheets, sums, comments, files, stars."""
    row = access.review_of(request.scope, pk)
    place = access.subject_of(request.scope, row, code)
    found = [part for stage in settings_for(row).stages if (part := _through(request, row, stage, place))]
    if not found and not access.inside(request.scope, row):
        raise Http404
    context = {
        "review": row, "place": place, "parts": found,
        "crumbs": crumbs((name_of(row), at("review", pk)), (place.name, "")), "ground_name": row.ground.name,
    }  # fmt: skip
    return render(request, "standings/reviews/village.html", context)


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the reviews down to a page."""
    return [(_("逐级评审"), at("reviews")), *steps]


def name_of(row: Review) -> str:
    """2026年三阶逐评."""
    return f"{parse_period(row.key).name}{row.name}"


def _team_url(row: Review, teams: list[ReviewTeam]) -> str:
    """The page of one's own team; empty where one has none, or several."""
    return at("review_team", row.pk, teams[0].township.code) if len(teams) == 1 else ""


def steps_of(
    row: Review, stages: dict[str, ReviewStageVersion], plan: ReviewPlan | None, closed: dict[str, str]
) -> list[dict[str, Any]]:
    """The steps of a review: the plan where there is a mutual stage, then each stage; `closed` are at work out of sight."""
    settings = settings_for(row)
    steps: list[dict[str, Any]] = []
    is_ready = True
    if mutual_in(settings) is not None:
        drawn = plan is not None and plan.state == ReviewPlan.State.DRAWN
        words = _("各评审组定组长和成员；先封存密钥，等公开数公布后抽定谁评谁。")
        if plan is not None:
            words = (
                plan.why
                if drawn
                else _("等%(name)s（%(day)s公布）。") % {"name": plan.number_name, "day": plan.number_on}
            )
        steps.append(
            {"title": _("安排谁评谁"), "state": "done" if drawn else "due", "words": words,
             "url": at("review_plan", row.pk), "label": _("看互评安排")}
        )  # fmt: skip
        is_ready = drawn
    for stage in settings.stages:
        version = stages.get(stage.code)
        if stage.code in closed:
            steps.append(_out_of_sight(stage, closed[stage.code]))
            is_ready = False
            continue
        state = _state(version, is_ready)
        steps.append(
            {"title": stage.name, "state": state, "words": _words(stage, version), "note": _note(stage, settings.mode, is_last(settings, stage)),
             "url": at("review_stage", row.pk, stage.code) if version is not None or is_ready else "",
             "label": _("看这一阶段")}
        )  # fmt: skip
        is_ready = version is not None and version.state == ReviewStageVersion.State.IN_FORCE
    return steps


def _out_of_sight(stage: ReviewStage, team: str) -> dict[str, Any]:
    """A stage at work, for those who see its figures on notice; a team of the mutual stage is led to its sheets."""
    url = team if stage.kind == "mutual" else ""
    words = _("正在评审；公示以后才看得到得分。")
    return {
        "title": stage.name,
        "state": "running",
        "words": words,
        "note": "",
        "url": url,
        "label": _("去填本组的评审表"),
    }


def _state(version: ReviewStageVersion | None, is_ready: bool) -> str:
    if version is None:
        return "due" if is_ready else "todo"
    return {"open": "running", "proposed": "running", "in_force": "done"}[version.state]


def _words(stage: ReviewStage, version: ReviewStageVersion | None) -> str:
    if version is None:
        return _("还没有开始。")
    if version.state == ReviewStageVersion.State.OPEN:
        again = (
            _("（第%(v)d版，为 %(n)d 个对象重评）") % {"v": version.version, "n": len(version.only)}
            if version.only
            else ""
        )
        return _("%(day)s开始，正在评审%(again)s。") % {"day": _day(version.opened_on), "again": again}
    if version.state == ReviewStageVersion.State.PROPOSED and version.publication is not None:
        return _("公示到%(day)s，期间接受异议。") % {"day": _day(version.publication.notice_ends_on)}
    return _("第%d版已生效。") % version.version


def _note(stage: ReviewStage, mode: str, last: bool) -> str:
    if mode == "reference":
        return _("定分、定星。") if last else _("得分和建议星级供最后一阶段参考。")
    return _("权重 %d。") % stage.weight


def _day(day: Any) -> str:
    return f"{day.month}月{day.day}日"


def _live(row: Review) -> list[ReviewStageVersion]:
    """The stages that stand, older versions first, so that the newest one remains."""
    rows = ReviewStageVersion.objects.filter(review=row).exclude(state=ReviewStageVersion.State.SUPERSEDED)
    return list(rows.select_related("publication").order_by("version"))


def _seen(scope: Scope, row: Review, version: ReviewStageVersion) -> bool:
    return version.state in access.SHOWN or access.inside(scope, row)


def _with_stages(rows: list[Review]) -> list[Review]:
    held: dict[int, list[ReviewStageVersion]] = {}
    found = ReviewStageVersion.objects.filter(review__in=rows).exclude(state=ReviewStageVersion.State.SUPERSEDED)
    for version in found.order_by("version"):
        held.setdefault(version.review_id, []).append(version)
    for row in rows:
        row.shown = held.get(row.pk, [])  # type: ignore[attr-defined]
    return rows


def _now(row: Review) -> str:
    """Where a review stands, in words."""
    by_stage = {version.stage: version for version in row.shown}  # type: ignore[attr-defined]
    for stage in settings_for(row).stages:
        version = by_stage.get(stage.code)
        if version is None:
            return _("%s：未开始") % stage.name
        if version.state != ReviewStageVersion.State.IN_FORCE:
            return f"{stage.name}：{version.get_state_display()}"
    return _("已评定生效")


def _offers(scope: Scope, rows: list[Review]) -> list[Offer]:
    """What the actor's offices may open today."""
    today = timezone.localdate()
    paths = scope.paths(access.COUNTY)
    grounds = {place.pk: place for place in Place.objects.filter(path__in=paths, to_on=None)}
    if not grounds:
        return []
    there = {(row.ground_id, row.scheme, row.code, row.key) for row in rows}
    found: list[Offer] = []
    for version, scheme in schemes_on(tuple(grounds), today):
        for settings in scheme.reviews:
            span = period_of(rating_in(scheme, settings).period, today)
            if (version.ground_id, version.code, settings.code, span.key) not in there:
                ground = grounds[version.ground_id]
                found.append(Offer(ground, version.code, settings.code, settings.name, span.key, span.name))
    return found


def _my_villages(scope: Scope, row: Review, stages: dict[str, ReviewStageVersion]) -> list[tuple[str, str]]:
    """A village office's own villages in the review, with their page."""
    if access.inside(scope, row) or not stages:
        return []
    paths = scope.paths(frozenset({Role.VILLAGE_OFFICE}))
    places = Place.objects.filter(path__in=paths, path__startswith=row.ground.path)
    return [(place.name, at("review_village", row.pk, place.code)) for place in places]


def _through(request: Request, row: Review, stage: ReviewStage, place: Place) -> dict[str, Any] | None:
    """What a stage gave a village: the sum, its sheets, comments and files; nothing where it may not be seen yet."""
    version = access.shown_version(request.scope, row, stage.code)
    if version is None:
        return None
    facts, found = look_ahead(version, timezone.localdate())
    worked = found.by_code.get(place.code)
    if worked is None:
        return None
    standards = standards_of(scheme_for(row), stage)
    seen = {file.item: file for file in ReviewFile.objects.filter(review=row, stage=stage.code, subject=place)}
    points = item_points(facts, place.code) if stage.kind == "county" else {}
    items = [(item, points.get(item.code), seen.get(item.code)) for standard in standards for item in standard.items]
    return {
        "stage": stage, "version": version, "line": Line(place, worked), "sum": _sum(stage, worked),
        "sheets": _sheets(row, stage, facts, place), "last": is_last(settings_for(row), stage),
        "comments": ReviewComment.objects.filter(review=row, stage=stage.code, subject=place),
        "files": items if stage.kind == "county" else [], "files_url": at("review_files", row.pk, stage.code, place.code),
        "may_check": access.runs(request.scope, row) and version.state == ReviewStageVersion.State.OPEN,
    }  # fmt: skip


def _sum(stage: ReviewStage, worked: Worked) -> dict[str, Any]:
    """The sum as `site/parts/sum.html` takes it."""
    present = sum(part.weight for part in worked.parts if part.value is not None)
    then = []
    if worked.adjustments and worked.own is not None:
        sign = "+" if worked.adjustments > 0 else "−"
        then.append({"sign": sign, "value": abs(worked.adjustments), "name": _("加减分"), "why": _("见说明")})
    return {
        "name": stage.name, "parts": worked.parts, "divisor": present or 1, "result": worked.own, "then": then,
        "final": worked.score if then else None, "why": worked.why,
    }  # fmt: skip


def _sheets(row: Review, stage: ReviewStage, facts: Facts, place: Place) -> list[tuple[Any, ...]]:
    """(Kind, by whom, day, score, address) of a village's sheets in a stage."""
    kinds = {kind.code: kind.name for kind in scheme_for(row).check_kinds if takes(stage, kind.code)}
    mine = [sheet for sheet in facts["sheets"] if sheet[1] == place.code]
    checks = Check.objects.filter(pk__in=[sheet[0] for sheet in mine]).select_related("inspector")
    names = {check.pk: check.inspector.name for check in checks}
    towns = dict(Place.objects.filter(code__in={sheet[3] for sheet in mine}).values_list("code", "name"))
    return [
        (
            kinds[kind],
            f"{towns[by]}评审组" if by in towns else names.get(pk, by),
            day,
            score,
            reverse("checks:check", args=[pk]),
        )
        for pk, _subject, kind, by, day, score in mine
    ]
