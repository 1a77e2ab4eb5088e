"""Gathers the facts that a stage is worked out from: subjects, sheets by team, ballot, violations, earlier stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import Q

from xiangyue.agreements.models import SchemeVersion
from xiangyue.checks.models import Check
from xiangyue.places.models import Place
from xiangyue.rules.days import parse_period
from xiangyue.rules.ground import Subject
from xiangyue.rules.ranking import group_of
from xiangyue.rules.settings import ReviewStage
from xiangyue.standings.facts import Ground, subjects_of, version_name
from xiangyue.standings.ratings.indicators import Numbers
from xiangyue.standings.ratings.violations import in_force
from xiangyue.standings.reviews.models import (
    Review,
    ReviewAdjustment,
    ReviewBallot,
    ReviewDeviation,
    ReviewMember,
    ReviewPlan,
    ReviewStageVersion,
    ReviewTurn,
)
from xiangyue.standings.reviews.scoring import Facts, Frame, StageWork, frame_of, work
from xiangyue.standings.reviews.settings import is_last, kinds_of, rating_for, scheme_for, settings_for, stage_in
from xiangyue.standings.reviews.windows import days_of_others, within

COUNTS = (Check.State.COUNTED, Check.State.LATE)
"""A review has its own days: that a month was closed meanwhile does not take a sheet out of it."""


def places_under(review: Review) -> list[Place]:
    """The places that are reviewed, with their townships, in the order of the tree."""
    codes = [row[0] for row in subjects_for(review)]
    return list(Place.objects.filter(code__in=codes).select_related("township").order_by("path"))


def subjects_for(review: Review) -> list[tuple[str, str, str, str]]:
    """(Code, group, category, township) of everyone reviewed, as they stand on the period's last day."""
    return [_told(review, subject) for subject in subjects_on(review)]


def subjects_on(review: Review) -> list[Subject]:
    """Everyone reviewed, by code."""
    rating = rating_for(review)
    found, _ids = subjects_of(ground_of(review), scheme_for(review), parse_period(review.key), [rating.level])
    return sorted(row for row in found if not rating.categories or row.category in rating.categories)


def _told(review: Review, subject: Subject) -> tuple[str, str, str, str]:
    rating = rating_for(review)
    group = group_of(subject.chain, rating.group) or review.ground.code
    township = subject.code if rating.level == "township" else (*subject.chain, "", "")[1]
    return subject.code, group, subject.category, township


def gather(version: ReviewStageVersion, until: date) -> Facts:
    """The facts on file for a stage up to and with that day, as JSON."""
    review = version.review
    settings = settings_for(review)
    stage = stage_in(settings, version.stage)
    assert stage is not None
    subjects = subjects_on(review)
    rows = [_told(review, subject) for subject in subjects]
    codes = {row[0] for row in rows}
    last = is_last(settings, stage)
    return {
        "subjects": [[code, group, category] for code, group, category, _township in rows],
        "sheets": sheets_of(review, stage, _begun(version), until, codes),
        "ballot": _ballot(review, stage),
        "figures": figures_on(review, subjects),
        "violations": violations_on(review) if last else [],
        "adjustments": _adjustments(review, stage),
        "deviations": _deviations(review) if last else [],
        "before": before(review, stage) if last else {},
    }


def worked(version: ReviewStageVersion, facts: Facts) -> StageWork:
    """What a stage gives by these facts."""
    frame = frame_for(version.review, version.stage)
    return work(facts, frame, name_of(version.review, version.stage))


def frame_for(review: Review, stage: str) -> Frame:
    """What a stage is worked out by."""
    return frame_of(scheme_for(review), review.code, stage)


def name_of(review: Review, stage: str) -> str:
    """The head of a stage's digest."""
    version: SchemeVersion = review.scheme_version
    scheme = version_name(scheme_for(review), version.version)
    return f"{review.ground.code}\t{scheme}\t{review.code}\t{review.key}\t{stage}"


def sheets_until(version: ReviewStageVersion, until: date) -> list[list[Any]]:
    """A stage's sheets alone, up to and with that day."""
    stage = stage_in(settings_for(version.review), version.stage)
    assert stage is not None
    codes = {row[0] for row in subjects_for(version.review)}
    return sheets_of(version.review, stage, _begun(version), until, codes)


def sheets_of(review: Review, stage: ReviewStage, since: date, until: date, codes: set[str]) -> list[list[Any]]:
    """[check, subject, kind, by, day, score] in the order made; of one kind, team, subject and day the last (rule 2).

    In the mutual stage only sheets by a member of a team that has the turn are the stage's. A sheet made while another
    year's review had its stage open is that review's.
    """
    scheme = scheme_for(review)
    kinds = [kind.code for kind in kinds_of(scheme, stage)]
    others = days_of_others(review, kinds)
    found = Check.objects.filter(
        ground_id=review.ground_id, kind__scheme=review.scheme, kind__code__in=kinds, day__gte=since, day__lte=until,
        state__in=COUNTS, score__isnull=False,
    )  # fmt: skip
    columns = ("pk", "subject__code", "kind__code", "inspector_id", "inspector__code", "day", "score")
    teams, turns = _teams(review) if stage.kind == "mutual" else ({}, None)
    held: dict[tuple[str, str, str, date], list[Any]] = {}
    for pk, subject, kind, person, person_code, day, score in found.order_by(
        "day", "made_at", "capture__uuid"
    ).values_list(*columns):
        by = teams.get(person, "") if turns is not None else person_code
        if within(day, others[kind]):
            continue
        if subject in codes and (turns is None or (by, subject) in turns):
            held.pop((by, subject, kind, day), None)
            held[by, subject, kind, day] = [pk, subject, kind, by, day.isoformat(), score]
    return list(held.values())


def before(review: Review, stage: ReviewStage) -> dict[str, dict[str, list[int | None]]]:
    """Earlier stage → subject → [score, proposal] of its version in force."""
    found: dict[str, dict[str, list[int | None]]] = {}
    rows = ReviewStageVersion.objects.filter(review=review, state=ReviewStageVersion.State.IN_FORCE)
    columns = ("stage", "rows__subject__code", "rows__score", "rows__proposal")
    for code, subject, score, proposal in rows.exclude(stage=stage.code).values_list(*columns):
        if subject:
            found.setdefault(code, {})[subject] = [score, proposal]
    return found


def violations_on(review: Review) -> list[dict[str, str]]:
    """The violations in force in the review's period, as the rules take them."""
    found = in_force(ground_of(review), scheme_for(review), parse_period(review.key))
    return [asdict(row.violation) for code in sorted(found) for row in found[code]]


def figures_on(review: Review, subjects: Sequence[Subject]) -> dict[str, dict[str, int]]:
    """Subject → indicator → its number, of those that the rating and the stages take."""
    scheme, settings = scheme_for(review), settings_for(review)
    wanted = [row.indicator for domain in rating_for(review).domains for row in domain.thresholds]
    wanted += [row.source.indicator for stage in settings.stages for row in stage.components if row.source.indicator]
    if not wanted:
        return {}
    numbers = Numbers(ground_of(review), scheme, parse_period(review.key))
    found = numbers.for_subjects(list(dict.fromkeys(wanted)), subjects)
    return {code: {name: figure.number for name, figure in sorted(held.items())} for code, held in found.items()}


def ground_of(review: Review) -> Ground:
    """The review's ground as the facts ask for it."""
    return Ground(review.ground_id, review.ground.code, review.ground.path)


def plan_in_use(review: Review) -> ReviewPlan | None:
    """The drawn plan, if any."""
    return ReviewPlan.objects.filter(review=review, state=ReviewPlan.State.DRAWN).first()


def _begun(version: ReviewStageVersion) -> date:
    """The first day of the stage: a reopened one takes the sheets of its earlier versions too."""
    first = ReviewStageVersion.objects.filter(review=version.review_id, stage=version.stage).order_by("version").first()
    return first.opened_on if first is not None else version.opened_on


def _teams(review: Review) -> tuple[dict[int, str], set[tuple[str, str]]]:
    """Person → code of the team's township (also who left), and the turns as (team, subject)."""
    members = ReviewMember.objects.filter(team__review=review).order_by("left_on", "pk")
    teams: dict[int, str] = {}
    for person, township in members.values_list("person_id", "team__township__code"):
        teams.setdefault(person, township)
    turns = ReviewTurn.objects.filter(plan__review=review, plan__state=ReviewPlan.State.DRAWN)
    return teams, set(turns.values_list("team__township__code", "subject__code"))


def _ballot(review: Review, stage: ReviewStage) -> dict[str, Any] | None:
    row = ReviewBallot.objects.filter(review=review, stage=stage.code, withdrawn_at=None).first()
    if row is None or stage.ballot == "none":
        return None
    return {
        "kind": stage.ballot, "held_on": row.held_on.isoformat(), "minutes": row.minutes, "called": row.called,
        "came": row.came, "named": row.named,
        "votes": dict(row.votes.order_by("subject__code").values_list("subject__code", "votes")),
    }  # fmt: skip


def _adjustments(review: Review, stage: ReviewStage) -> list[list[Any]]:
    rows = ReviewAdjustment.objects.filter(review=review, stage=stage.code, withdrawn_at=None)
    columns = ("subject__code", "amount", "name", "reason")
    return [list(row) for row in rows.order_by("subject__code", "pk").values_list(*columns)]


def _deviations(review: Review) -> list[list[Any]]:
    rows = ReviewDeviation.objects.filter(Q(review=review), withdrawn_at=None)
    return [list(row) for row in rows.order_by("subject__code").values_list("subject__code", "stars", "reason")]
