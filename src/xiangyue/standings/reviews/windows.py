"""Which days are whose: a kind's sheets belong to the one review of its ground and scheme whose stage was open then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiangyue.rules.settings import ReviewStage
from xiangyue.standings.reviews.models import Review, ReviewStageVersion
from xiangyue.standings.reviews.settings import settings_for, stage_in, takes

type Window = tuple[date, date | None]
"""First and last day on which a review had its stage open; no last day: it is open still."""


def days_of_others(review: Review, kinds: Sequence[str]) -> dict[str, list[Window]]:
    """Kind → when other reviews took its sheets."""
    rows = _others(review, kinds)
    return {kind: [(row.opened_on, row.last_on) for row, stage in rows if takes(stage, kind)] for kind in kinds}


def within(day: date, windows: Sequence[Window]) -> bool:
    """Whether the day lies in one of the windows."""
    return any(first <= day and (last is None or day <= last) for first, last in windows)


def in_the_way(review: Review, kinds: Sequence[str], today: date) -> ReviewStageVersion | None:
    """The stage of another review that takes some of the same sheets today: open, or finished only today."""
    rows = _others(review, kinds)
    return next((row for row, _stage in rows if row.last_on is None or row.last_on >= today), None)


def _others(review: Review, kinds: Sequence[str]) -> list[tuple[ReviewStageVersion, ReviewStage]]:
    rows = ReviewStageVersion.objects.filter(review__ground=review.ground_id, review__scheme=review.scheme)
    rows = rows.exclude(review=review.pk).select_related("review__scheme_version").order_by("pk")
    found: list[tuple[ReviewStageVersion, ReviewStage]] = []
    for row in rows:
        stage = stage_in(settings_for(row.review), row.stage)
        if stage is not None and any(takes(stage, kind) for kind in kinds):
            found.append((row, stage))
    return found
