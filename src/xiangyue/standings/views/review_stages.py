"""A stage of a review: its table and what it lacks, opening and finishing it, the jury, the files of a village."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.roles import Role
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.rules.settings import ReviewStage
from xiangyue.rules.sheet import maximum_of
from xiangyue.standings.reviews import access, problems
from xiangyue.standings.reviews.facts import places_under, subjects_for
from xiangyue.standings.reviews.final import check_files
from xiangyue.standings.reviews.gaps import gaps
from xiangyue.standings.reviews.jury import add_juror, comment, drop_juror, record_ballot, withdraw_ballot
from xiangyue.standings.reviews.models import (
    Review,
    ReviewBallot,
    ReviewComment,
    ReviewFile,
    ReviewJuror,
    ReviewStageVersion,
)
from xiangyue.standings.reviews.settings import (
    is_last,
    kinds_of,
    scheme_for,
    settings_for,
    stage_in,
    standards_of,
)
from xiangyue.standings.reviews.stages import (
    finish_stage,
    look_ahead,
    newest,
    notice_days,
    open_stage,
    reopen_stage,
)
from xiangyue.standings.reviews.tables import Awarded, item_points, lines_of
from xiangyue.standings.views.reviews import crumbs, name_of
from xiangyue.standings.views.shown import at, day_told

DEPARTMENT = frozenset({Role.DEPARTMENT})
GAPS = 12
"""So many gaps are listed; the others are counted."""


@login_required
def stage(request: Request, pk: int, stage: str) -> HttpResponse:
    """A stage: every subject's parts, score and proposal, what is missing, and what may be done next."""
    row = access.review_of(request.scope, pk)
    found = _stage(row, stage)
    version = access.shown_version(request.scope, row, stage)
    runs = access.runs(request.scope, row)
    context: dict[str, Any] = {
        "review": row, "name": name_of(row), "stage": found, "version": version, "may_run": runs,
        "last": is_last(settings_for(row), found), "days": notice_days(row, found), "inside": access.inside(request.scope, row),
        "kinds": kinds_of(scheme_for(row), found), "mode": settings_for(row).mode,
        "crumbs": crumbs((name_of(row), at("review", pk)), (found.name, "")), "ground_name": row.ground.name,
    }  # fmt: skip
    if version is not None:
        facts, worked = look_ahead(version, timezone.localdate())
        missing = gaps(version, facts) if version.state == ReviewStageVersion.State.OPEN else []
        context |= {
            "lines": lines_of(version, worked), "parts": _heads(found), "missing": missing[:GAPS], "n_missing": len(missing),
            "findings": worked.findings, "n_sheets": len(facts["sheets"]), "is_open": version.state == "open",
            "only": Place.objects.filter(code__in=version.only).order_by("path"),
        }  # fmt: skip
    return render(request, "standings/reviews/stage.html", context)


@login_required
@require_POST
def stage_act(request: Request, pk: int, stage: str) -> HttpResponse:
    """A stage opened, finished, or opened again."""
    row = access.to_run(request.scope, pk)
    found = _stage(row, stage)
    do, now, reason = request.POST.get("do", ""), timezone.now(), request.POST.get("reason", "")
    try:
        if do == "open":
            open_stage(request.user, row, stage, now=now)
            messages.success(request, _("“%s”已开始。") % found.name)
        elif (version := newest(row, stage)) is None:
            raise Http404
        elif do == "finish":
            done = finish_stage(request.user, version, now=now, accept_gaps=reason)
            messages.success(request, _told(found.name, done))
        elif do == "reopen":
            wanted = request.POST.get("subject", "").split()
            only = [place.code for place in places_under(row) if place.code in wanted or place.name in wanted]
            if wanted and not only:
                raise Problem(problems.NOT_IN_REVIEW, subject=wanted[0])
            reopen_stage(request.user, version, reason=reason, now=now, only=only)
            messages.success(request, _("已重开，原来的版本照样能查，到新版生效为止。"))
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect(at("review_stage", pk, stage))


@login_required
def jury(request: Request, pk: int, stage: str) -> HttpResponse:
    """The jury by name, the ballot as its minutes have it, and what departments say of each village."""
    row = access.review_of(request.scope, pk)
    found = _stage(row, stage)
    inside, own = access.inside(request.scope, row), _own_unit(request)
    if found.kind != "departments" and found.ballot == "none":
        raise Http404
    if not inside and not own:
        raise PermissionDenied
    version = access.shown_version(request.scope, row, stage) if inside else newest(row, stage)
    ballot = ReviewBallot.objects.filter(review=row, stage=stage, withdrawn_at=None).first() if inside else None
    votes = dict(ballot.votes.values_list("subject_id", "votes")) if ballot is not None else {}
    said = ReviewComment.objects.filter(review=row, stage=stage).select_related("subject")
    if not inside:
        said = said.filter(unit=own)
    by_place: dict[int, list[ReviewComment]] = {}
    for one in said:
        by_place.setdefault(one.subject_id, []).append(one)
    places = [place for place in places_under(row) if inside or request.scope.holds(DEPARTMENT, place.path)]
    context = {
        "review": row, "name": name_of(row), "stage": found, "inside": inside, "own": own, "ballot": ballot,
        "jurors": ReviewJuror.objects.filter(review=row, stage=stage) if inside else [],
        "may_run": access.runs(request.scope, row), "is_open": version is not None and version.state == "open",
        "lines": [(place, votes.get(place.pk), by_place.get(place.pk, [])) for place in places],
        "crumbs": crumbs((name_of(row), at("review", pk)), (found.name, at("review_stage", pk, stage)), (_("评审团与点评"), "")),
        "today": timezone.localdate(), "ground_name": row.ground.name,
    }  # fmt: skip
    return render(request, "standings/reviews/jury.html", context)


@login_required
@require_POST
def jury_act(request: Request, pk: int, stage: str) -> HttpResponse:
    """A juror in or out, a ballot recorded or withdrawn, a comment written."""
    row = access.review_of(request.scope, pk)
    found = _stage(row, stage)
    do, own = request.POST.get("do", ""), _own_unit(request)
    if not access.runs(request.scope, row) and not (do == "comment" and own):
        raise PermissionDenied
    try:
        _do_jury(request, row, found, do, own)
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect(at("review_jury", pk, stage))


@login_required
def files(request: Request, pk: int, stage: str, code: str) -> HttpResponse:
    """The files of a village item by item: seen or not, with the document's number."""
    row = access.to_run(request.scope, pk)
    found = _stage(row, stage)
    place = access.subject_of(request.scope, row, code)
    if found.kind != "county" or code not in {one[0] for one in subjects_for(row)}:
        raise Http404
    held = {one.item: one for one in ReviewFile.objects.filter(review=row, stage=stage, subject=place)}
    version = newest(row, stage)
    points = item_points(look_ahead(version, timezone.localdate())[0], code) if version is not None else {}
    areas = [
        (area.name, [_field(request, item, held.get(item.code), points) for item in area.items])
        for standard in standards_of(scheme_for(row), found)
        for area in standard.areas
    ]
    if request.method == "POST":
        seen = {
            one["item"].code: (one["there"] == "1", one["document"])
            for _name, rows in areas
            for one in rows
            if one["there"]
        }
        try:
            n = check_files(request.user, row, stage, place, seen, now=timezone.now())
            messages.success(request, _("%(place)s：已记下 %(n)d 项。") % {"place": place.name, "n": n})
            return redirect(_following(row, stage, place))
        except Problem as problem:
            messages.error(request, str(problem))
    context = {
        "review": row, "stage": found, "place": place, "areas": areas, "name": name_of(row),
        "is_open": version is not None and version.state == "open",
        "crumbs": crumbs((name_of(row), at("review", pk)), (found.name, at("review_stage", pk, stage)), (place.name, "")),
        "ground_name": row.ground.name,
    }  # fmt: skip
    return render(request, "standings/reviews/files.html", context)


def _stage(row: Review, code: str) -> ReviewStage:
    found = stage_in(settings_for(row), code)
    if found is None:
        raise Http404
    return found


def _heads(found: ReviewStage) -> list[tuple[str, int]]:
    """The parts of a stage with their weights, the ballot last."""
    parts = [(part.name, part.weight) for part in found.components]
    if found.ballot != "none" and found.ballot_weight > 0:
        parts.append((_("票决"), found.ballot_weight))
    return parts


def _told(name: str, done: ReviewStageVersion) -> str:
    if done.publication is None:
        return _("“%s”已结束，可以开始下一阶段。") % name
    day = done.publication.notice_ends_on
    return _("“%(name)s”已结束，公示到%(day)s。") % {"name": name, "day": f"{day.month}月{day.day}日"}


def _own_unit(request: Request) -> str:
    """The unit of a department's user; empty for everyone else."""
    if not request.scope.holds(DEPARTMENT):
        return ""
    person = Person.objects.select_related("organisation").filter(pk=request.scope.person_id or 0).first()
    return person.organisation.name if person is not None and person.organisation is not None else ""


def _do_jury(request: Request, row: Review, found: ReviewStage, do: str, own: str) -> None:
    told, now, stage = request.POST, timezone.now(), found.code
    if do == "juror":
        add_juror(request.user, row, stage, name=told.get("name", ""), unit=told.get("unit", ""))
    elif do == "drop":
        juror = ReviewJuror.objects.filter(review=row, stage=stage, pk=_number(told.get("juror")) or 0).first()
        if juror is None:
            raise Http404
        drop_juror(request.user, juror)
    elif do == "ballot":
        votes = {place.code: _number(told.get(f"votes.{place.code}")) for place in places_under(row)}
        given = {code: n for code, n in votes.items() if n is not None}
        record_ballot(
            request.user, row, stage, held_on=day_told(told.get("held_on", ""), _("表决日期")), minutes=told.get("minutes", ""),
            came=_number(told.get("came")) or 0, called=_number(told.get("called")) or 0, votes=given, now=now,
        )  # fmt: skip
        messages.success(request, _("表决已录入。"))
    elif do == "withdraw":
        ballot = (
            ReviewBallot.objects.select_related("review__ground")
            .filter(review=row, stage=stage, withdrawn_at=None)
            .first()
        )
        if ballot is None:
            raise Http404
        withdraw_ballot(request.user, ballot, reason=told.get("reason", ""), now=now)
    elif do == "comment":
        place = next((one for one in places_under(row) if one.code == told.get("subject")), None)
        if place is None:
            raise Http404
        if not access.runs(request.scope, row) and not request.scope.holds(DEPARTMENT, place.path):
            raise PermissionDenied
        unit = told.get("unit", "") if access.runs(request.scope, row) else own
        comment(request.user, row, stage, place, unit=unit, text=told.get("text", ""), now=now)
        messages.success(request, _("%s：点评已记下。") % place.name)


def _field(request: Request, item: Any, held: ReviewFile | None, points: Mapping[str, Awarded]) -> dict[str, Any]:
    """An item of the files' form: what was typed, else what is on file."""
    there = "" if held is None else "1" if held.seen else "0"
    document = held.document if held is not None else ""
    if request.method == "POST":
        there, document = request.POST.get(f"seen.{item.code}", ""), request.POST.get(f"document.{item.code}", "")
    awarded = points.get(item.code)
    return {"item": item, "maximum": maximum_of(item), "awarded": awarded, "there": there, "document": document}


def _following(row: Review, stage: str, place: Place) -> str:
    """The next village whose files are not checked yet, else the stage."""
    done = set(ReviewFile.objects.filter(review=row, stage=stage).values_list("subject_id", flat=True))
    after = [one for one in places_under(row) if one.path > place.path and one.pk not in done]
    return at("review_files", row.pk, stage, after[0].code) if after else at("review_stage", row.pk, stage)


def _number(typed: str | None) -> int | None:
    text = (typed or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else None
