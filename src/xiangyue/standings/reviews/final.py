"""The county's stage: files checked item by item, stars that deviate by a reason, adjustments made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.places.models import Place
from xiangyue.rules.days import local_day
from xiangyue.rules.numbers import show
from xiangyue.standings.reviews import problems
from xiangyue.standings.reviews.facts import subjects_for
from xiangyue.standings.reviews.models import (
    Review,
    ReviewAdjustment,
    ReviewDeviation,
    ReviewFile,
    ReviewTeam,
)
from xiangyue.standings.reviews.opening import log
from xiangyue.standings.reviews.settings import scheme_for, settings_for, standards_of
from xiangyue.standings.reviews.stages import look_ahead, require_open, stage_of
from xiangyue.standings.reviews.strictness import offset_of

if TYPE_CHECKING:
    from xiangyue.people.models import User

type Seen = tuple[bool, str]
"""Whether the file was seen, and its number."""


def check_files(
    actor: User | None, review: Review, stage: str, subject: Place, seen: Mapping[str, Seen], *, now: datetime
) -> int:
    """Item by item whether its file was seen in a village, with its number; gives how many items were recorded."""
    _require_subject(review, subject)
    standards = standards_of(scheme_for(review), stage_of(review, stage))
    items = {item.code: item.name for standard in standards for item in standard.items}
    for item, (there, document) in seen.items():
        if item not in items:
            raise Problem(problems.EMPTY, what="考核项")
        if there and not document.strip():
            raise Problem(problems.FILE_WITHOUT_NUMBER, item=items[item])
    with write():
        require_open(review, stage, "核查档案")
        ReviewFile.objects.bulk_create(
            [
                ReviewFile(
                    review=review, stage=stage, subject=subject, item=item, seen=there,
                    document=document.strip()[:80] if there else "", checked_at=now, checked_by=actor,
                )
                for item, (there, document) in seen.items()
            ],
            update_conflicts=True,
            unique_fields=["review", "stage", "subject", "item"],
            update_fields=["seen", "document", "checked_at", "checked_by"],
        )  # fmt: skip
        n_seen = sum(there for there, _document in seen.values())
        after = {"stage": stage, "items": len(seen), "seen": n_seen}
        log(actor, "review_files.checked", (ReviewFile._meta.label_lower, subject.code), review, after, subject)
    return len(seen)


def deviate(
    actor: User | None, review: Review, subject: Place, *, stars: int, reason: str, now: datetime
) -> ReviewDeviation:
    """Other stars than the rule gives, by a reason that is published; Problem over a cap or past a hard quota."""
    stage = settings_for(review).stages[-1].code
    with write():
        version = require_open(review, stage, "调整星级")
        ReviewDeviation.objects.filter(review=review, subject=subject, withdrawn_at=None).update(withdrawn_at=now)
        if not reason.strip():
            raise Problem(problems.NEEDS_REASON)
        row = ReviewDeviation.objects.create(
            review=review, subject=subject, stars=stars, reason=" ".join(reason.split())[:300], entered_at=now,
            entered_by=actor,
        )  # fmt: skip
        _facts, found = look_ahead(version, local_day(now))
        refused = [finding for finding in found.findings if finding.subject == subject.code]
        if refused or subject.code not in found.by_code:
            words = refused[0].words if refused else "它不是这次评审的对象。"
            raise Problem(problems.DEVIATION_REFUSED, words=words)
        log(actor, "review_deviation.entered", row, review, {"stars": stars}, subject, row.reason)
    return row


def take_back_deviation(actor: User | None, row: ReviewDeviation, *, reason: str, now: datetime) -> None:
    """A deviation that stands no longer; it stays on file."""
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        require_open(row.review, settings_for(row.review).stages[-1].code, "撤回调整")
        ReviewDeviation.objects.filter(pk=row.pk, withdrawn_at=None).update(withdrawn_at=now)
        log(actor, "review_deviation.withdrawn", row, row.review, {"stars": row.stars}, row.subject, reason.strip())


def adjust_score(
    actor: User | None, review: Review, stage: str, subject: Place, *, amount: int, name: str, reason: str,
    now: datetime, team: ReviewTeam | None = None,
) -> ReviewAdjustment:  # fmt: skip
    """A named change to a stage's score by hand; with `team`, its strictness as shown today is written into it."""
    for what, value in (("事由", name), ("依据", reason)):
        if not value.strip():
            raise Problem(problems.EMPTY, what=what)
    if amount == 0:
        raise Problem(problems.ZERO)
    _require_subject(review, subject)
    with write():
        version = require_open(review, stage, "加减分")
        offset = offset_of(version, team.township.code, local_day(now)) if team is not None else None
        told = reason.strip()
        if offset is not None and team is not None:
            shown = show(offset.offset) if offset.offset is not None else "太少，不作比较"
            told = f"{told}（{team.township.name}评审组宽严 {shown}，同评 {offset.n} 次）"
        row = ReviewAdjustment.objects.create(
            review=review, stage=stage, subject=subject, amount=amount, name=name.strip()[:60], reason=told[:200],
            team=team, offset=offset.offset if offset else None, n_sheets=offset.n if offset else 0, entered_at=now,
            entered_by=actor,
        )  # fmt: skip
        log(actor, "review_adjustment.entered", row, review, {"amount": show(amount)}, subject, row.reason)
    return row


def withdraw_adjustment(actor: User | None, row: ReviewAdjustment, *, reason: str, now: datetime) -> None:
    """An adjustment that counts no longer; it stays on file."""
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        require_open(row.review, row.stage, "撤销加减分")
        ReviewAdjustment.objects.filter(pk=row.pk, withdrawn_at=None).update(withdrawn_at=now)
        after = {"amount": show(row.amount)}
        log(actor, "review_adjustment.withdrawn", row, row.review, after, row.subject, reason.strip())


def _require_subject(review: Review, subject: Place) -> None:
    if subject.code not in {row[0] for row in subjects_for(review)}:
        raise Problem(problems.NOT_IN_REVIEW, subject=subject.name)
