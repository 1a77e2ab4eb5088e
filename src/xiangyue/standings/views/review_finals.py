"""The end of a review: the ranked list and rating table, deviations, the mutual report, strictness, workbooks."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiangyue.base.changes import log
from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.desk.writing import export_book
from xiangyue.places.models import Place
from xiangyue.standings.reviews import access, problems
from xiangyue.standings.reviews.facts import subjects_for
from xiangyue.standings.reviews.final import adjust_score, deviate, take_back_deviation, withdraw_adjustment
from xiangyue.standings.reviews.models import Review, ReviewAdjustment, ReviewDeviation, ReviewStageVersion, ReviewTeam
from xiangyue.standings.reviews.notice import stars_words
from xiangyue.standings.reviews.settings import mutual_in, rating_for, settings_for, stage_in
from xiangyue.standings.reviews.stages import look_ahead
from xiangyue.standings.reviews.strictness import names_of, offsets_of
from xiangyue.standings.reviews.tables import (
    MUTUAL_HEADS,
    counted_stars,
    lines_of,
    mutual_rows,
    rating_heads,
    rating_rows,
)
from xiangyue.standings.views.reviews import crumbs, name_of
from xiangyue.standings.views.shown import at

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLES = {"mutual": gettext_lazy("互评报告"), "final": gettext_lazy("评星定级汇总表")}
WIDTHS = {"mutual": [12, 14, 16, 26, 60, 10, 10, 60], "final": [7, 12, 14, 16, 12, 12, 12, 12, 10, 10, 40, 60]}


@login_required
def final(request: Request, pk: int) -> HttpResponse:
    """The ranked list: every stage's score, the score of the review, stars by rule and fixed, reasons; how many of each."""
    row = access.review_of(request.scope, pk)
    version = _version(request, row, settings_for(row).stages[-1].code)
    facts, found = look_ahead(version, timezone.localdate())
    stages = settings_for(row).stages
    lines = lines_of(version, found)
    before = [
        [(stage.name, facts["before"].get(stage.code, {}).get(line.row.code, [None])[0]) for stage in stages[:-1]]
        for line in lines
    ]
    is_open = version.state == ReviewStageVersion.State.OPEN
    context = {
        "review": row, "name": name_of(row), "version": version, "stages": stages, "lines": list(zip(lines, before, strict=True)),
        "counted": counted_stars(found.rows), "quotas": [line for _group, _category, line in found.lines if line.places is not None],
        "findings": found.findings, "is_open": is_open, "scale": [step for step in rating_for(row).scale if step],
        "deviations": ReviewDeviation.objects.filter(review=row, withdrawn_at=None).select_related("subject__township") if is_open else [],
        "may_run": access.runs(request.scope, row), "stage": stages[-1],
        "crumbs": crumbs((name_of(row), at("review", pk)), (_("评定结果"), "")), "ground_name": row.ground.name,
    }  # fmt: skip
    return render(request, "standings/reviews/final.html", context)


@login_required
@require_POST
def final_act(request: Request, pk: int) -> HttpResponse:
    """Stars that deviate by a reason, or such a deviation taken back."""
    row = access.to_run(request.scope, pk)
    told, now = request.POST, timezone.now()
    try:
        if told.get("do") == "deviate":
            place = Place.objects.filter(code=told.get("subject", "").strip()).first()
            if place is None:
                raise Problem(problems.NOT_IN_REVIEW, subject=told.get("subject", ""))
            stars = int(told["stars"]) if told.get("stars", "").isdecimal() else -1
            deviate(request.user, row, place, stars=max(stars, 0), reason=told.get("reason", ""), now=now)
            messages.success(request, _("已调整，理由会随结果公布。"))
        elif told.get("do") == "take_back":
            found = (
                ReviewDeviation.objects.select_related("review__ground", "subject")
                .filter(review=row, pk=_number(told.get("deviation")))
                .first()
            )
            if found is None:
                raise Http404
            take_back_deviation(request.user, found, reason=told.get("reason", ""), now=now)
            messages.success(request, _("已撤回。"))
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect(at("review_final", pk))


@login_required
def mutual(request: Request, pk: int) -> HttpResponse:
    """The mutual report: each village with its teams, their sheets, the score and the proposal."""
    row = access.review_of(request.scope, pk)
    stage = mutual_in(settings_for(row))
    if stage is None:
        raise Http404
    version = _version(request, row, stage.code)
    facts, found = look_ahead(version, timezone.localdate())
    context = {
        "review": row, "name": name_of(row), "stage": stage, "version": version, "heads": MUTUAL_HEADS,
        "rows": _team_by_team(mutual_rows(version, facts, found)), "counted": _proposed(found.rows),
        "crumbs": crumbs((name_of(row), at("review", pk)), (_("互评报告"), "")), "ground_name": row.ground.name,
    }  # fmt: skip
    return render(request, "standings/reviews/mutual.html", context)


@login_required
def book(request: Request, pk: int, which: str) -> FileResponse:
    """The mutual report or the rating table as a workbook; each is logged."""
    row = access.review_of(request.scope, pk)
    stage = mutual_in(settings_for(row)) if which == "mutual" else settings_for(row).stages[-1]
    if which not in TITLES or stage is None:
        raise Http404
    version = _version(request, row, stage.code)
    facts, found = look_ahead(version, timezone.localdate())
    heads = list(MUTUAL_HEADS) if which == "mutual" else rating_heads(row)
    rows = (mutual_rows if which == "mutual" else rating_rows)(version, facts, found)
    after = {"which": which, "rows": len(rows), "version": version.version}
    log(request.user.pk, "review.exported", row, path=row.ground.path, after=after)
    widths = [*WIDTHS[which], *[16] * len(heads)][: len(heads)]
    title = f"{name_of(row)}-{TITLES[which]}"
    made = export_book(str(TITLES[which]), heads, rows, widths)
    return FileResponse(made, as_attachment=True, filename=f"{title}.xlsx", content_type=XLSX)


@login_required
def strictness(request: Request, pk: int, stage: str) -> HttpResponse:
    """How strictly each team rated, as advice; and the adjustments a county made by hand from it."""
    row = access.review_of(request.scope, pk)
    if not access.inside(request.scope, row):
        raise PermissionDenied
    found = stage_in(settings_for(row), stage)
    if found is None:
        raise Http404
    version = _version(request, row, stage)
    offsets = offsets_of(version, timezone.localdate())
    names = names_of(offsets)
    known = [offset.offset for offset in offsets if offset.offset is not None]
    codes = [one[0] for one in subjects_for(row)]
    context = {
        "review": row, "stage": found, "version": version, "rows": [(names[offset.inspector], offset) for offset in offsets],
        "most": max((abs(offset) for offset in known), default=0), "is_open": version.state == ReviewStageVersion.State.OPEN,
        "teams": row.teams.select_related("township").order_by("township__code") if found.kind == "mutual" else [],
        "places": Place.objects.filter(code__in=codes).select_related("township").order_by("path"),
        "adjustments": ReviewAdjustment.objects.filter(review=row, stage=stage).select_related("subject__township", "team__township").order_by("pk"),
        "may_run": access.runs(request.scope, row),
        "crumbs": crumbs((name_of(row), at("review", pk)), (found.name, at("review_stage", pk, stage)), (_("宽严"), "")),
        "ground_name": row.ground.name,
    }  # fmt: skip
    return render(request, "standings/reviews/strictness.html", context)


@login_required
@require_POST
def adjust(request: Request, pk: int, stage: str) -> HttpResponse:
    """A named adjustment of a stage's score made by hand, or one withdrawn."""
    row = access.to_run(request.scope, pk)
    told, now = request.POST, timezone.now()
    try:
        if told.get("do") == "withdraw":
            held = (
                ReviewAdjustment.objects.select_related("review__ground", "subject")
                .filter(review=row, stage=stage, pk=_number(told.get("adjustment")))
                .first()
            )
            if held is None:
                raise Http404
            withdraw_adjustment(request.user, held, reason=told.get("reason", ""), now=now)
            messages.success(request, _("已撤销。"))
        else:
            _adjust(request, row, stage)
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect(at("review_strictness", pk, stage))


def _adjust(request: Request, row: Review, stage: str) -> None:
    told = request.POST
    place = Place.objects.filter(code=told.get("subject", "")).first()
    if place is None:
        raise Problem(problems.EMPTY, what=_("对象"))
    team = ReviewTeam.objects.select_related("township").filter(review=row, township__code=told.get("team", "")).first()
    adjust_score(
        request.user, row, stage, place, amount=_hundredths(told.get("amount", "")), name=told.get("name", ""),
        reason=told.get("reason", ""), team=team, now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("已登记，写明了当时的宽严数。"))


def _version(request: Request, row: Review, stage: str) -> ReviewStageVersion:
    """The newest version of a stage that the actor may see; 404 without any."""
    found = access.shown_version(request.scope, row, stage)
    if found is None:
        raise Http404
    return found


def _team_by_team(rows: list[list[Any]]) -> list[list[Any]]:
    """The mutual report's rows for a page: a line for each team's sheets."""
    at_sheets = MUTUAL_HEADS.index("各表得分")
    return [[told.split("；") if n == at_sheets and told else told for n, told in enumerate(row)] for row in rows]


def _proposed(rows: Any) -> list[tuple[str, int]]:
    held = Counter(row.proposal for row in rows)
    order = sorted(held, key=lambda stars: -1 if stars is None else stars, reverse=True)
    return [(stars_words(stars), held[stars]) for stars in order]


def _hundredths(typed: str) -> int:
    """−1.5 as −150."""
    text = typed.strip().replace("−", "-").replace("－", "-")
    try:
        value = Decimal(text) * 100
    except InvalidOperation:
        raise Problem(problems.AMOUNT, typed=typed.strip()[:20]) from None
    if not value.is_finite() or value != int(value) or abs(value) > 10_000:
        raise Problem(problems.AMOUNT, typed=typed.strip()[:20])
    return int(value)


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 18 else 0
