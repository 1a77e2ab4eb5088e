"""The stages of a review: opened one after the other, finished into a version, on notice, in force, opened again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Max

from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.places.models import Place
from xiangyue.rules import review as rules
from xiangyue.rules.days import local_day, parse_period
from xiangyue.rules.settings import ReviewStage
from xiangyue.standings.actions import publication
from xiangyue.standings.notices.models import Publication
from xiangyue.standings.reviews import problems
from xiangyue.standings.reviews.facts import gather, plan_in_use, worked
from xiangyue.standings.reviews.gaps import gaps
from xiangyue.standings.reviews.models import Review, ReviewRow, ReviewStageVersion
from xiangyue.standings.reviews.opening import log
from xiangyue.standings.reviews.scoring import Facts, StageWork
from xiangyue.standings.reviews.settings import is_last, kinds_of, scheme_for, settings_for, stage_in
from xiangyue.standings.reviews.windows import in_the_way

if TYPE_CHECKING:
    from xiangyue.people.models import User

State = ReviewStageVersion.State
KIND = "review_stage"
SHOWN = 3
"""So many gaps are named one by one."""


def open_stage(actor: User | None, review: Review, stage: str, *, now: datetime) -> ReviewStageVersion:
    """A stage opened; the one before must be done, and the mutual stage needs its drawn plan."""
    settings, found = settings_for(review), stage_of(review, stage)
    with write():
        alone(lock(review))
        done = set(
            ReviewStageVersion.objects.filter(review=review, state=State.IN_FORCE).values_list("stage", flat=True)
        )
        if not rules.is_open(stage, settings, done):
            before = next(row.name for row in settings.stages if row.code not in done)
            raise Problem(problems.STAGE_LOCKED, stage=found.name, before=before)
        if found.kind == "mutual" and plan_in_use(review) is None:
            raise Problem(problems.PLAN_MISSING, stage=found.name)
        held = newest(review, stage)
        if held is not None:
            raise Problem(problems.STAGE_STATE, stage=found.name, state=held.get_state_display(), act="开始")
        _require_alone(review, found, local_day(now))
        row = _opened(actor, review, stage, now)
        log(actor, "review_stage.opened", row, review, {"stage": stage})
    return row


def look_ahead(version: ReviewStageVersion, today: date) -> tuple[Facts, StageWork]:
    """What an open stage would give if it were finished today; of a finished one what it gave."""
    facts = gather(version, today) if version.state == State.OPEN else version.facts
    return facts, worked(version, facts)


def finish_stage(
    actor: User | None, version: ReviewStageVersion, *, now: datetime, accept_gaps: str = ""
) -> ReviewStageVersion:
    """The open version worked out and proposed (or in force at once where the scheme gives it no notice).

    `accept_gaps`: why what is missing stays missing; without it nothing may be missing.
    """
    with write():
        alone(publication.LOCK)
        row = locked(version)
        review, stage = row.review, stage_of(row.review, row.stage)
        if row.state != State.OPEN:
            raise Problem(problems.STAGE_STATE, stage=stage.name, state=row.get_state_display(), act="结束")
        today = local_day(now)
        facts = gather(row, today)
        found = worked(row, facts)
        if found.findings:
            raise Problem(problems.DEVIATION_REFUSED, words=found.findings[0].words)
        missing = gaps(row, facts)
        if missing and not accept_gaps.strip():
            raise Problem(problems.STAGE_GAPS, stage=stage.name, n=len(missing), example="；".join(missing[:SHOWN]))
        row.facts, row.digest, row.last_on = facts, found.digest, today
        row.finished_at, row.finished_by = now, actor
        row.reason = "；".join(filter(None, (row.reason, accept_gaps.strip())))[:200]
        _store(row, found)
        _publish(actor, row, stage, now)
        log(actor, "review_stage.finished", row, review, {"stage": row.stage, "digest": row.digest}, reason=row.reason)
    return row


def reopen_stage(
    actor: User | None, version: ReviewStageVersion, *, reason: str, now: datetime, only: Sequence[str] = ()
) -> ReviewStageVersion:
    """The next version of a finished stage, open for these subjects alone (all, when none is named).

    What is on notice or in force stays readable until the new version takes its place.
    """
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        alone(lock(version.review))
        held = ReviewStageVersion.objects.filter(review=version.review, stage=version.stage, state=State.OPEN).first()
        if held is not None:
            # opened for all already, or now for these too
            held.only = sorted({*held.only, *only}) if held.only and only else []
            held.save(update_fields=["only"])
            row = held
        else:
            _require_alone(version.review, stage_of(version.review, version.stage), local_day(now))
            row = _opened(actor, version.review, version.stage, now, sorted(only), reason)
        after = {"stage": row.stage, "version": row.version, "only": row.only}
        log(actor, "review_stage.reopened", row, row.review, after, reason=reason.strip())
    return row


def newest(review: Review, stage: str) -> ReviewStageVersion | None:
    """The newest version of a stage that stands: open, on notice or in force."""
    rows = ReviewStageVersion.objects.filter(review=review, stage=stage).exclude(state=State.SUPERSEDED)
    return rows.order_by("-version").first()


def stage_of(review: Review, code: str) -> ReviewStage:
    """The stage of that code; Problem `review_unknown` where there is none."""
    found = stage_in(settings_for(review), code)
    if found is None:
        raise Problem(problems.NO_REVIEW, scheme=review.name, code=code)
    return found


def require_open(review: Review, stage: str, act: str) -> ReviewStageVersion:
    """The open version of a stage, read for writing; Problem when it is not open."""
    rows = ReviewStageVersion.objects.select_for_update(of=("self",)).filter(review=review, stage=stage)
    found = rows.filter(state=State.OPEN).first()
    if found is None:
        held = newest(review, stage)
        state = held.get_state_display() if held is not None else "未开始"
        raise Problem(problems.STAGE_STATE, stage=stage_of(review, stage).name, state=state, act=act)
    return found


def notice_days(review: Review, stage: ReviewStage) -> int:
    """How long a stage's notice runs; the last one always has one."""
    if is_last(settings_for(review), stage):
        return max(1, stage.notice_days or scheme_for(review).notice.days)
    return stage.notice_days


def locked(version: ReviewStageVersion) -> ReviewStageVersion:
    """A stage version read anew inside a write, so that two who act on it act one after the other."""
    rows = ReviewStageVersion.objects.select_for_update(of=("self",))
    return rows.select_related("review__ground", "review__scheme_version", "publication").get(pk=version.pk)


def lock(review: Review) -> str:
    """The name under which a review's acts wait for each other."""
    return f"review {review.pk}"


def bring_in_force(row: ReviewStageVersion, now: datetime) -> None:
    """The version in force, the one before it superseded."""
    same = ReviewStageVersion.objects.filter(review=row.review_id, stage=row.stage)
    same.filter(state=State.IN_FORCE).exclude(pk=row.pk).update(state=State.SUPERSEDED)
    row.state, row.in_force_at = State.IN_FORCE, now
    row.save(update_fields=["state", "in_force_at"])


def _require_alone(review: Review, stage: ReviewStage, today: date) -> None:
    """Pass only while no other review of the ground takes the same sheets: each sheet has one review by its day."""
    alone(f"reviews of {review.ground_id}")
    kinds = [kind.code for kind in kinds_of(scheme_for(review), stage)]
    other = in_the_way(review, kinds, today)
    if other is not None:
        state = "还开着" if other.last_on is None else "今天刚结束"
        period = parse_period(other.review.key).name
        raise Problem(problems.OTHER_OPEN, stage=stage.name, period=period, review=other.review.name, state=state)


def _opened(
    actor: User | None, review: Review, stage: str, now: datetime, only: Sequence[str] = (), reason: str = ""
) -> ReviewStageVersion:
    same = ReviewStageVersion.objects.filter(review=review, stage=stage)
    return ReviewStageVersion.objects.create(
        review=review, stage=stage, version=(same.aggregate(last=Max("version"))["last"] or 0) + 1, only=list(only),
        opened_on=local_day(now), opened_at=now, opened_by=actor, reason=reason.strip()[:200],
    )  # fmt: skip


def _store(row: ReviewStageVersion, found: StageWork) -> None:
    ids = dict(Place.objects.filter(code__in=[worked.code for worked in found.rows]).values_list("code", "pk"))
    ReviewRow.objects.bulk_create(
        (
            ReviewRow(
                version=row, subject_id=ids[one.code], group_code=one.group, category=one.category, own=one.own,
                adjustments=one.adjustments, score=one.score, proposal=one.proposal, total=one.total,
                by_rule=one.by_rule, stars=one.stars, reason=one.reason, rank=one.rank,
                parts=[asdict(part) for part in one.parts], why=one.why, missing=list(one.missing),
            )
            for one in found.rows
        ),
        batch_size=300,
    )  # fmt: skip


def _publish(actor: User | None, row: ReviewStageVersion, stage: ReviewStage, now: datetime) -> None:
    """Proposed for the stage's days; a version that takes the place of another renews its notice."""
    review, days = row.review, notice_days(row.review, stage)
    if days == 0:
        row.save()
        bring_in_force(row, now)
        return
    same = Publication.objects.of(KIND, review.ground_id, key_of(review, row.stage))
    older = (
        same.filter(state=Publication.State.PROPOSED).first() or same.filter(state=Publication.State.IN_FORCE).first()
    )
    summary = {"review": review.pk, "stage": row.stage, "version": row.version}
    if older is not None:
        reason = row.reason or "重新评审"
        row.publication = publication.renew(
            actor, older, now=now, reason=reason, days=days, summary=summary, digest=row.digest
        )
    else:
        subjects = Place.objects.filter(review_rows__version=row).order_by("code")
        title = (
            f"{review.key}年{review.name}：{stage.name}"
            if len(review.key) == 4
            else f"{review.key}{review.name}：{stage.name}"
        )
        row.publication = publication.propose(
            actor, KIND, review.ground, key_of(review, row.stage), title, subjects, days, now=now, summary=summary,
            digest=row.digest,
        )  # fmt: skip
    row.state = State.PROPOSED
    row.save()


def key_of(review: Review, stage: str) -> str:
    """What is published, the same in all versions of a stage."""
    return f"review-{review.pk}/{stage}"
