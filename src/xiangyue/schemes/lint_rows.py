"""The linter's shapes that are rejected: what rows of a scheme together do to people, whatever they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xiangyue.rules.settings import Scheme

from .finding import FAIR, LIGHT, PIPL, Rule, Seen

VISITS = re.compile("(?:走访|入户|下沉|到访|巡查)(?:率|次数)")
ORDER = re.compile(
    "(?:上级|统一|一律|必须|应当|需要|要求|规定|务必|均|须|要|应|请|按|上传|拍照|拍摄|照片|留痕|存档|打卡|[，。、！ ])+"
)
"""Words that order a photo and give no reason for it."""


def named_households(scheme: Scheme) -> Seen:
    """Household boards that would be public by name."""
    for board in scheme.boards:
        if board.public == "named" and scheme.composite(board.composite).level == "household":
            yield f"boards[{board.code}].public", f"农户榜“{board.name}”不经同意就公开姓名"


def ranked_households(scheme: Scheme) -> Seen:
    """Rankings are published by name; households' are none."""
    for ranking in scheme.rankings:
        if scheme.composite(ranking.composite).level == "household":
            yield f"rankings[{ranking.code}].composite", f"“{ranking.name}”把农户按姓名公开排名"


def no_cure(scheme: Scheme) -> Seen:
    """Boards and points that leave no time to mend and to object."""
    for board in scheme.boards:
        if board.cure_days == 0:
            yield f"boards[{board.code}].cure_days", f"“{board.name}”上黑榜前没有整改和申辩的时间"
    for points in scheme.points:
        for rule in points.rules:
            if rule.points < 0 and rule.cure_days == 0:
                yield (
                    f"points[{points.code}].rules[{rule.code}].cure_days",
                    f"“{rule.name}”扣积分前没有整改和申辩的时间",
                )


def unapproved(scheme: Scheme) -> Seen:
    """Titles, awards, commendations and the grades that lead to them, without an approval number."""
    for name, rows in (("honours", scheme.honours), ("awards", scheme.awards), ("commendations", scheme.commendations)):
        for row in rows:
            if not row.approval.strip():
                yield f"{name}[{row.code}].approval", f"“{row.name}”没有批准文号"
    picked = _picked_gradings(scheme)
    for grading in scheme.gradings:
        if grading.code in picked and not grading.approval.strip():
            yield f"gradings[{grading.code}].approval", f"“{grading.name}”用来奖励或表扬，却没有批准文号"
    for incentives in scheme.incentives:
        for rule in incentives.rules:
            if not rule.approval.strip():
                yield f"incentives[{incentives.code}].rules[{rule.code}].approval", f"“{rule.name}”没有批准文号"


def _picked_gradings(scheme: Scheme) -> set[str]:
    rules = [rule.pick for incentives in scheme.incentives for rule in incentives.rules]
    picks = [*rules, *(row.pick for row in scheme.commendations)]
    return {pick.of for pick in picks if pick.kind == "grade"}


def approvals(scheme: Scheme) -> Iterator[tuple[str, str, str]]:
    """(Where, name, number) of everything that has an approval number."""
    for name in ("honours", "awards", "commendations", "gradings"):
        for row in getattr(scheme, name):
            yield f"{name}[{row.code}].approval", row.name, row.approval
    for incentives in scheme.incentives:
        for rule in incentives.rules:
            yield f"incentives[{incentives.code}].rules[{rule.code}].approval", rule.name, rule.approval


def many_visits(scheme: Scheme) -> Seen:
    """Visits that weigh more than a fifth of anyone's figure."""
    for performance in scheme.performances:
        weights = [(part.weight, part.code == "visits") for part in performance.parts]
        yield from _over_a_fifth(weights, f"performances[{performance.code}].parts", performance.name)
    for composite in scheme.composites:
        weights = [(part.weight, bool(VISITS.search(part.name))) for part in composite.components]
        yield from _over_a_fifth(weights, f"composites[{composite.code}].components", composite.name)


def _over_a_fifth(weights: list[tuple[int, bool]], where: str, name: str) -> Seen:
    total = sum(weight for weight, _ in weights)
    visits = sum(weight for weight, is_visits in weights if is_visits)
    if visits * 5 > total:
        yield where, f"“{name}”里走访次数占 {visits}/{total}，超过 20%"


def violating_households(scheme: Scheme) -> Seen:
    """Violations are officials' and branches', never households'."""
    for rating in scheme.ratings:
        if rating.level == "household" and rating.violations:
            yield f"ratings[{rating.code}].violations", f"“{rating.name}”评农户，却按违规限星"


def ordered_photos(scheme: Scheme) -> Seen:
    """Photos that are asked for, and the reason says only that they must be."""
    for standard in scheme.standards:
        for item in standard.items:
            if item.photo and ORDER.fullmatch(item.photo):
                where = f"standards[{standard.code}].items[{item.code}].photo"
                yield where, f"“{item.name}”要求拍照，写的“{item.photo}”没有说为什么"


def unpaid(scheme: Scheme) -> Seen:
    """Who has no figure loses pay."""
    for performance in scheme.performances:
        if performance.factors and performance.unrated_factor < 100:
            where = f"performances[{performance.code}].unrated_factor"
            yield where, f"“{performance.name}”对没有成绩的人减绩效"


ROW_RULES: tuple[Rule, ...] = (
    Rule("board-without-consent", "reject", PIPL, '写 public = "consent" 或 "private"', named_households),
    Rule("household-ranking", "reject", PIPL, "删去农户排名；农户的结果只告知本人", ranked_households),
    Rule("no-cure-time", "reject", FAIR, "cure_days 至少写 1，通常 7", no_cure),
    Rule(
        "no-approval",
        "reject",
        "《评比达标表彰活动管理办法》",
        "补上批准文号 approval；责任考核的等次不用文号",
        unapproved,
    ),
    Rule("visit-rate", "reject", LIGHT, "走访次数的权重降到 20% 以内，多看成效", many_visits),
    Rule(
        "household-violations",
        "reject",
        "《信访工作条例》第26条；责任自负原则",
        "删去；违规只对干部和党组织认定",
        violating_households,
    ),
    Rule("photo-without-reason", "reject", LIGHT, "写明为什么非拍不可，否则删去 photo，照片就是自愿的", ordered_photos),
    Rule("unrated-pay", "reject", FAIR, "unrated_factor 写 1，不因缺少记录而减绩效", unpaid),
)
