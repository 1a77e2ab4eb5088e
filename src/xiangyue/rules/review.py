"""Rule 10: the score of a staged review, its final stars, and the last stage's deviations with published reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .findings import Finding
from .numbers import half_up, show
from .settings import Rating, Review, ReviewStage
from .stars import Rated, Stars, places


@dataclass(frozen=True, slots=True)
class StageScore:
    """What a stage gave a subject: a score in hundredths and the stars it proposes; None: not given."""

    stage: str
    score: int | None
    proposal: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReviewScore:
    """A subject's score over the stages, in their order; None while a stage that counts has none."""

    code: str
    score: int | None
    stages: tuple[StageScore, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """The last stage gives a subject other stars than rule 9 does, by a reason that is published."""

    subject: str
    stars: int
    reason: str


@dataclass(frozen=True, slots=True)
class Final:
    """A subject's final stars, those of rule 9, and the published reason where they differ."""

    code: str
    stars: int | None
    by_rule: int | None
    reason: str
    why: str


def score(code: str, given: Iterable[StageScore], review: Review) -> ReviewScore:
    """The score of a subject: the weighted stages, or the last alone where the others are reference."""
    by_stage = {row.stage: row for row in given}
    rows = tuple(by_stage.get(stage.code, StageScore(stage.code, None)) for stage in review.stages)
    if not rows:
        return ReviewScore(code, None, rows, "方案没有评审阶段")
    if review.mode == "reference":
        last = rows[-1].score
        others = "、".join(
            f"{stage.name} {show(row.score)}" for stage, row in zip(review.stages[:-1], rows, strict=False)
        )
        words = (
            f"{review.stages[-1].name}定分 {show(last)}" if last is not None else f"{review.stages[-1].name}还没有分"
        )
        return ReviewScore(code, last, rows, words + (f"；{others} 作参考" if others else ""))
    return _weighted(code, rows, review.stages)


def is_open(stage: str, review: Review, done: Iterable[str]) -> bool:
    """Whether a stage may be worked on: every stage before it is done (its notice over)."""
    order = [row.code for row in review.stages]
    return stage in order and set(order[: order.index(stage)]) <= set(done)


def deviate(
    rated: Rated, deviations: Iterable[Deviation], rating: Rating
) -> tuple[tuple[Final, ...], tuple[Finding, ...]]:
    """The final stars, and the deviations that are refused: without reason, over a cap or past a hard quota."""
    held = {row.code: row for row in rated.subjects}
    wanted: dict[str, Deviation] = {}
    refused: list[Finding] = []
    rows = sorted(deviations, key=lambda row: (row.subject, row.stars, row.reason))
    often = Counter(row.subject for row in rows)
    for row in rows:
        words = "同一对象报了几次调整。请只保留一次。" if often[row.subject] > 1 else _barred(row, held, rating)
        if words:
            refused.append(Finding("deviation-refused", row.subject, words))
        else:
            wanted[row.subject] = row
    refused += _past_quota(rated, wanted, rating)
    for finding in refused:
        if finding.id == "quota-passed":
            del wanted[finding.subject]
    finals = tuple(_final(row, wanted.get(row.code)) for row in rated.subjects)
    return finals, tuple(refused)


def _weighted(code: str, rows: tuple[StageScore, ...], stages: Sequence[ReviewStage]) -> ReviewScore:
    counted = [(stage, row.score) for stage, row in zip(stages, rows, strict=True) if stage.weight > 0]
    open_ = [stage.name for stage, value in counted if value is None]
    if open_ or not counted:
        words = f"“{open_[0]}”还没有分，不能合计" if open_ else "各阶段权重合计为 0，没有成绩"
        return ReviewScore(code, None, rows, words)
    weights = sum(stage.weight for stage, _ in counted)
    total = sum(stage.weight * value for stage, value in counted if value is not None)
    value = half_up(total, weights)
    terms = " + ".join(f"{stage.name} {show(points)} × {stage.weight}" for stage, points in counted)
    return ReviewScore(code, value, rows, f"({terms}) ÷ {weights} = {show(value)}")


def _barred(row: Deviation, held: dict[str, Stars], rating: Rating) -> str:
    """Why a deviation cannot stand by itself; empty: it can."""
    subject = held.get(row.subject)
    if subject is None or subject.stars is None:
        return "没有评出星级的对象不能调整。请先补齐成绩。"
    if not row.reason.strip():
        return "没有书面理由。请写明理由；理由会随结果一起公布。"
    if row.stars not in rating.scale or row.stars == subject.stars:
        return f"调到 {row.stars} 星，和照规则评的一样，或者方案里没有这一级。"
    over = [cap for cap in subject.caps if cap.most_stars < row.stars]
    return f"{over[0].why}，不能调到 {row.stars} 星。" if over else ""


def _past_quota(rated: Rated, wanted: dict[str, Deviation], rating: Rating) -> list[Finding]:
    """Deviations into a star whose hard quota they would pass together, taken out until none is passed."""
    held, found = dict(wanted), list[Finding]()
    n_rated = sum(row.stars is not None for row in rated.subjects)
    limits = {quota.stars: places(quota, n_rated) for quota in rating.quotas if quota.hard and quota.stars > 0}
    while True:
        counts = Counter(held[row.code].stars if row.code in held else row.stars for row in rated.subjects)
        passed = {stars for stars, n in limits.items() if counts[stars] > n}
        out = sorted(code for code, row in held.items() if row.stars in passed)
        if not out:
            return found
        for code in out:
            stars = held.pop(code).stars
            words = f"{stars} 星名额 {limits[stars]} 个，调整后有 {counts[stars]} 个。请同时调出相应数量，或撤回调整。"
            found.append(Finding("quota-passed", code, words))


def _final(row: Stars, deviation: Deviation | None) -> Final:
    if deviation is None:
        return Final(row.code, row.stars, row.stars, "", row.why)
    reason = deviation.reason.strip()
    words = f"{row.why}；末阶段调整为 {deviation.stars} 星，理由：{reason}"
    return Final(row.code, deviation.stars, row.stars, reason, words)
