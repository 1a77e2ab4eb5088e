"""Recomputes a review: its plan from the secret and the number, its stages from the facts and sheets on file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xiangyue.base import sealing
from xiangyue.checks.models import Check
from xiangyue.rules import draw
from xiangyue.rules.numbers import show
from xiangyue.standings.reviews import problems
from xiangyue.standings.reviews.facts import COUNTS, name_of, worked
from xiangyue.standings.reviews.models import Review, ReviewPlan, ReviewRow, ReviewStageVersion
from xiangyue.standings.reviews.planning import digest as plan_digest
from xiangyue.standings.reviews.planning import drawn_from, turns_of
from xiangyue.standings.reviews.scoring import Worked, digest
from xiangyue.standings.reviews.settings import settings_for
from xiangyue.standings.reviews.stages import stage_of
from xiangyue.standings.reviews.stars import differing

SHOWN = 20
KEPT = (*COUNTS, Check.State.REPLACED)
"""Sheets still on file: one made anew the same day, when its subject was reviewed again, is what the older version stands on."""
FIELDS = ("own", "adjustments", "score", "proposal", "total", "by_rule", "stars", "rank", "reason")
NAMES = ("表分", "加减分", "阶段得分", "建议星级", "评审总分", "按规则星级", "最终星级", "名次", "调整理由")
KEYS = {"facts", "commitment", "secret", "number_name", "number", "turns"}


def reviews_to_verify(ground_id: int | None = None, key: str = "") -> list[Review]:
    """The reviews of a ground and period (of all), oldest first."""
    rows = Review.objects.select_related("ground", "scheme_version")
    if ground_id is not None:
        rows = rows.filter(ground=ground_id)
    return list((rows.filter(key=key) if key else rows).order_by("ground__code", "starts_on", "pk"))


def verify(review: Review) -> list[str]:
    """Every difference between what is stored and what the facts give; none when all is well."""
    found: list[str] = []
    for plan in review.plans.filter(state=ReviewPlan.State.DRAWN):
        found += [f"互评安排：{words}" for words in differences(told_of(plan))]
        if plan.digest != plan_digest(drawn_from(plan.facts, plan.seed)):
            found.append("互评安排：摘要不符。")
    rows = ReviewStageVersion.objects.filter(review=review).exclude(finished_at=None)
    for version in rows.select_related("review__ground", "review__scheme_version").order_by("pk"):
        stage = stage_of(review, version.stage).name
        found += [f"{stage}第{version.version}版：{words}" for words in _of_stage(version)]
        last = settings_for(review).stages[-1].code
        if version.state == ReviewStageVersion.State.IN_FORCE and version.stage == last:
            found += [f"{code} 在星级评定里的星级与评审结果不符。" for code in differing(version)]
    return found


def told_of(plan: ReviewPlan) -> dict[str, Any]:
    """A drawn plan as anyone may take it along and recompute it."""
    return {
        "facts": plan.facts, "commitment": plan.commitment, "secret": plan.secret, "number_name": plan.number_name,
        "number": plan.number, "turns": [list(turn) for turn in turns_of(plan)],
    }  # fmt: skip


def read_told(text: str) -> dict[str, Any]:
    """A plan's file read back; Problem where it is something else."""
    return sealing.read_told(text, KEYS, problems.FILE_UNREADABLE)


def differences(told: Mapping[str, Any]) -> list[str]:
    """What in a plan's file does not follow from its own facts, secret and number; none when all is well."""
    found = []
    if not draw.keeps_word(told["secret"], told["commitment"]):
        found.append("公开的密钥与事先公布的摘要不符。")
    drawn = drawn_from(told["facts"], draw.seed(told["secret"], told["number"]))
    expected = {(turn.team, turn.subject) for turn in drawn.turns}
    held = {(team, subject) for team, subject in told["turns"]}
    found += [f"{team} 评 {subject} 按计算应有而没有。" for team, subject in sorted(expected - held)[:SHOWN]]
    found += [f"{team} 评 {subject} 按计算不该有。" for team, subject in sorted(held - expected)[:SHOWN]]
    return found


def _of_stage(version: ReviewStageVersion) -> Iterable[str]:
    yield from _sheets(version)
    again = worked(version, version.facts)
    if again.digest != version.digest:
        yield f"摘要不符：存的是 {version.digest[:12]}…，重算是 {again.digest[:12]}…。"
    stored = {row.subject.code: row for row in version.rows.select_related("subject")}
    n = 0
    for row in again.rows:
        held = stored.pop(row.code, None)
        for words in ["没有存下。"] if held is None else _of_row(row, held):
            n += 1
            if n <= SHOWN:
                yield f"{row.code} {words}"
    yield from (f"{code} 不该有。" for code in sorted(stored)[:SHOWN])
    rows = [_as_worked(row) for row in version.rows.select_related("subject")]
    rows.sort(key=lambda row: row.code.encode())
    if digest(name_of(version.review, version.stage), rows) != version.digest:
        yield "存下的结果与它自己的摘要不符，被改动过。"


def _sheets(version: ReviewStageVersion) -> Iterable[str]:
    """Sheets that the stage was worked out from and that are no longer on file as they were."""
    told = {row[0]: row[5] for row in version.facts["sheets"]}
    ids = sorted(told)
    there: dict[int, int | None] = {}
    for start in range(0, len(ids), 500):
        held = Check.objects.filter(pk__in=ids[start : start + 500], state__in=KEPT)
        there.update(held.values_list("pk", "score"))
    changed = [pk for pk in ids if there.get(pk) != told[pk]]
    for pk in changed[:SHOWN]:
        yield f"检查 {pk} 已经不是当时的 {show(told[pk])}。"


def _of_row(row: Worked, held: ReviewRow) -> Iterable[str]:
    for name, words in zip(FIELDS, NAMES, strict=True):
        right, stored = getattr(row, name), getattr(held, name)
        if right != stored:
            yield f"的{words}存的是 {stored}，重算是 {right}。"


def _as_worked(row: ReviewRow) -> Worked:
    return Worked(
        row.subject.code, row.group_code, row.category, row.own, row.adjustments or 0, row.score, (), row.why,
        row.proposal, row.total, row.by_rule, row.stars, row.reason, row.rank,
    )  # fmt: skip
