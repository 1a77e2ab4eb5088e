"""A review's settings out of its scheme version: stages, rating, and which kinds of check are sheets of which stage."""

from __future__ import annotations

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.problems import Problem
from xiangyue.places.models import Level
from xiangyue.rules.settings import CheckKind, Rating, ReviewStage, Scheme, Standard
from xiangyue.rules.settings import Review as Settings
from xiangyue.standings.reviews import problems
from xiangyue.standings.reviews.models import Review


def settings_in(scheme: Scheme, code: str) -> Settings:
    """The review of that code in a scheme; Problem where there is none."""
    found = next((row for row in scheme.reviews if row.code == code), None)
    if found is None:
        raise Problem(problems.NO_REVIEW, scheme=scheme.name, code=code)
    return found


def rating_in(scheme: Scheme, review: Settings) -> Rating:
    """The rating whose stars a review fixes."""
    return next(row for row in scheme.ratings if row.code == review.rating)


def scheme_for(review: Review) -> Scheme:
    """The scheme that the review was opened under."""
    return scheme_of(review.scheme_version)


def settings_for(review: Review) -> Settings:
    """The settings that the review was opened under."""
    return settings_in(scheme_for(review), review.code)


def rating_for(review: Review) -> Rating:
    """The rating whose stars the review fixes."""
    return rating_in(scheme_for(review), settings_for(review))


def stage_in(review: Settings, code: str) -> ReviewStage | None:
    """The stage of that code."""
    return next((row for row in review.stages if row.code == code), None)


def is_last(review: Settings, stage: ReviewStage) -> bool:
    """Whether the stage fixes the stars."""
    return review.stages[-1].code == stage.code


def mutual_in(review: Settings) -> ReviewStage | None:
    """The stage in which townships review each other."""
    return next((row for row in review.stages if row.kind == "mutual"), None)


def kinds_of(scheme: Scheme, stage: ReviewStage) -> list[CheckKind]:
    """The kinds of check whose sheets the stage takes, in its order."""
    wanted = [row.source.check_kind for row in stage.components if row.source.kind == "sheets"]
    return [scheme.check_kind(code) for code in dict.fromkeys(wanted)]


def takes(stage: ReviewStage, kind: str) -> bool:
    """Whether sheets of that kind are the stage's."""
    return any(row.source.kind == "sheets" and row.source.check_kind == kind for row in stage.components)


def standards_of(scheme: Scheme, stage: ReviewStage) -> list[Standard]:
    """The standards of the stage's sheets: what is assessed item by item."""
    return [scheme.standard(code) for code in dict.fromkeys(kind.standard for kind in kinds_of(scheme, stage))]


def guarded(scheme: Scheme, kind: str) -> bool:
    """Whether only a review's open stage takes sheets of that kind.

    Sheets of the mutual stage always go by its turns. Other kinds stay free where a composite of a month or quarter
    takes them too: they are made all year round.
    """
    stages = [stage for review in scheme.reviews for stage in review.stages if takes(stage, kind)]
    if any(stage.kind == "mutual" for stage in stages):
        return True
    running = [row for row in scheme.composites if row.period != "year"]
    return bool(stages) and not any(part.source.check_kind == kind for row in running for part in row.components)


def require_sources(scheme: Scheme, review: Settings) -> None:
    """Pass only a review whose stages take sheets of its own subjects' level, or indicators; else Problem."""
    level = rating_in(scheme, review).level
    for stage in review.stages:
        for part in stage.components:
            fits = part.source.kind == "indicator" or (
                part.source.kind == "sheets" and scheme.check_kind(part.source.check_kind).subject == level
            )
            if not fits:
                raise Problem(problems.BAD_STAGE, stage=stage.name, part=part.name, level=Level(level).label)
