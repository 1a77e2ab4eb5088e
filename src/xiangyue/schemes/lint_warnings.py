"""What the linter warns of: shapes that are lawful but unfair, heavy or hard to explain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xiangyue.rules.numbers import FULL, half_up, show
from xiangyue.rules.settings import (
    AwardClass,
    Board,
    Component,
    Composite,
    GradeBand,
    IncentiveRule,
    Incentives,
    Pick,
    Scheme,
)

from .finding import EVEN, FAIR, LIGHT, Rule, Seen
from .lint_rows import approvals

MARK = "示例"
DRAFTED = re.compile("草拟|样例|草案")
FEWEST_DAYS = 5


def unmarked(scheme: Scheme) -> Seen:
    """Drafted texts that do not say so."""
    drafted = MARK in scheme.standing
    if DRAFTED.search(scheme.name) and not drafted:
        yield "standing", f"方案“{scheme.name}”是草拟的，却没有标明"
    for name, rows in (("standards", scheme.standards), ("layers", scheme.layers)):
        for row in rows:
            if (drafted or DRAFTED.search(row.name)) and MARK not in row.standing:
                yield f"{name}[{row.code}].standing", f"“{row.name}”是草拟的，却没有标明"


def sample_numbers(scheme: Scheme) -> Seen:
    """Approval numbers that are samples."""
    for where, name, number in approvals(scheme):
        if MARK in number:
            yield where, f"“{name}”的批准文号“{number}”是示例"


def short_notice(scheme: Scheme) -> Seen:
    """Notices too short to object in."""
    if scheme.notice.days < FEWEST_DAYS:
        yield "notice.days", f"公示只有 {scheme.notice.days} 天"
    for review in scheme.reviews:
        for stage in review.stages:
            if 0 < stage.notice_days < FEWEST_DAYS:
                where = f"reviews[{review.code}].stages[{stage.code}].notice_days"
                yield where, f"“{stage.name}”公示只有 {stage.notice_days} 天"


def small_pool(scheme: Scheme) -> Seen:
    """Boards drawn from a handful."""
    for board in scheme.boards:
        if board.pool_min < 5:
            yield f"boards[{board.code}].pool_min", f"“{board.name}”只有 {board.pool_min} 个对象也出榜"


def limits_cross(scheme: Scheme) -> Seen:
    """Boards on which one figure may be red or black, by its place alone."""
    for board in scheme.boards:
        if board.red.limit <= board.black.limit:
            words = f"“{board.name}”红榜线 {show(board.red.limit)} 不高于黑榜线 {show(board.black.limit)}"
            yield f"boards[{board.code}].red.limit", f"{words}，同样的分数可能上红榜也可能上黑榜"


def photos(scheme: Scheme) -> Seen:
    """A photo asked for every item at a household's door."""
    for standard in scheme.standards:
        if standard.subject == "household" and standard.items and all(item.photo for item in standard.items):
            yield f"standards[{standard.code}]", f"“{standard.name}”每一项都要求拍照"


def often(scheme: Scheme) -> Seen:
    """The same subject inspected several times a day."""
    for kind in scheme.check_kinds:
        if kind.per_day > 1:
            yield f"check_kinds[{kind.code}].per_day", f"“{kind.name}”同一对象一天查 {kind.per_day} 次"


def every_door(scheme: Scheme) -> Seen:
    """Somebody at every household's door every day."""
    for layer in scheme.layers:
        cadence = layer.cadence
        if layer.target == "household" and cadence and cadence.every == "day" and cadence.per == "target":
            yield f"layers[{layer.code}].cadence", f"“{layer.name}”要求每天到每一户"


def uncapped(scheme: Scheme) -> Seen:
    """Work that costs the villages something, without a cap on it."""
    bearers = any(layer.bearer != "household" for layer in scheme.layers)
    if bearers and not scheme.burden.minutes_week:
        yield "burden.minutes_week", "没有写每人每周录入时间的上限"
    inspected = any(not kind.self_check and kind.subject in ("village", "household") for kind in scheme.check_kinds)
    if inspected and not scheme.burden.inspections_month:
        yield "burden.inspections_month", "没有写每村每月接受检查的上限"


def twice(scheme: Scheme) -> Seen:
    """A household that is on a black list and loses points for the same thing, or a plaque and points."""
    listed = sorted(
        board.name
        for board in scheme.boards
        if scheme.composite(board.composite).level == "household" and _blacks(board)
    )
    plaques = sorted(honour.name for honour in scheme.honours if honour.level == "household" and honour.floor)
    for points in scheme.points:
        for rule in points.rules:
            where = f"points[{points.code}].rules[{rule.code}]"
            if rule.points < 0 and "摘牌" in rule.name and plaques:
                yield where, f"摘下“{'、'.join(plaques)}”的牌，又扣 {-rule.points} 积分，同一件事罚两次"
            elif rule.points < 0 and listed:
                yield where, f"“{rule.name}”扣 {-rule.points} 积分，又会上“{'、'.join(listed)}”的黑榜，同一件事罚两次"


def _blacks(board: Board) -> bool:
    return bool(board.black.n or board.black.per_mille)


def baseless(scheme: Scheme) -> Seen:
    """Points taken without an article of the village compact."""
    for points in scheme.points:
        for rule in points.rules:
            if rule.points < 0 and not rule.article.strip():
                yield (
                    f"points[{points.code}].rules[{rule.code}].article",
                    f"“{rule.name}”扣积分，没有写依据村规民约哪一条",
                )


def cure_by_hand(scheme: Scheme) -> Seen:
    """Points that are taken after days to mend: nothing but a person keeps to those days while there is no shop."""
    for points in scheme.points:
        if any(rule.points < 0 and rule.cure_days for rule in points.rules):
            yield (
                f"points[{points.code}].rules",
                f"“{points.name}”扣积分前的整改期要由人守住：积分账还没有上线，软件不会替您拦",
            )


def self_scored(scheme: Scheme) -> Seen:
    """Figures made of self-checks alone."""
    own = {kind.code for kind in scheme.check_kinds if kind.self_check}
    for composite in scheme.composites:
        weighed = [part for part in composite.components if part.weight]
        if weighed and all(part.source.kind == "sheets" and part.source.check_kind in own for part in weighed):
            yield f"composites[{composite.code}]", f"“{composite.name}”全由包保人自查得出"


def own_village(scheme: Scheme) -> Seen:
    """Figures of villages and townships into which their own self-checks go."""
    own = {kind.code for kind in scheme.check_kinds if kind.self_check and kind.subject in ("township", "village")}
    for composite in scheme.composites:
        for part in composite.components:
            if part.weight and part.source.kind == "sheets" and part.source.check_kind in own:
                yield (
                    f"composites[{composite.code}].components[{part.code}]",
                    f"“{part.name}”是村里自己查自己，却计入得分",
                )


def tied_quotas(scheme: Scheme) -> Seen:
    """Hard quotas on a rating by domains that has nothing to tell equals apart."""
    for rating in scheme.ratings:
        if rating.mode == "domains" and not rating.composite and any(quota.hard for quota in rating.quotas):
            yield f"ratings[{rating.code}].quotas", f"“{rating.name}”名额不得突破，同样达标的一起落下，名额会空着"


def short_budgets(scheme: Scheme) -> Seen:
    """Budgets that the places of the awards and grades alone go beyond."""
    for incentives in scheme.incentives:
        for budget in incentives.budgets:
            needed = sum(rule.amount * _places(scheme, rule.pick) for rule in _of(incentives, budget.source))
            if needed > budget.amount:
                words = f"“{budget.name}”预算 {show(budget.amount)} 元，名额满时要 {show(needed)} 元，批不下来"
                yield f"incentives[{incentives.code}].budgets", words


def _of(incentives: Incentives, source: str) -> Iterator[IncentiveRule]:
    return (rule for rule in incentives.rules if rule.source == source and not rule.per_head)


def _places(scheme: Scheme, pick: Pick) -> int:
    """How many a pick takes at its full places, as far as the scheme says; without ties."""
    if pick.kind == "rank":
        return pick.high - pick.low + 1
    rows: list[AwardClass | GradeBand] = []
    if pick.kind == "award":
        rows += [kind for one in scheme.awards if one.code == pick.of for kind in one.classes]
    if pick.kind == "grade":
        rows += [grade for one in scheme.gradings if one.code == pick.of for grade in one.grades]
    return sum(row.places for row in rows if row.code in pick.values)


def best(scheme: Scheme, composite: Composite) -> int:
    """The highest figure that anyone can reach in a composite."""
    if composite.mode == "months":
        return best(scheme, scheme.composite(composite.of))
    weights = sum(part.weight for part in composite.components)
    return half_up(sum(part.weight * best_part(scheme, composite, part) for part in composite.components), weights)


def best_part(scheme: Scheme, composite: Composite, part: Component) -> int:
    """The highest figure that a component can have: sheets can be clean, an indicator gets what its bands give."""
    if part.source.kind == "indicator":
        return max((gets for _, gets in part.source.bands), default=0)
    if part.source.kind == "sheets":
        return FULL
    below = (one for one in scheme.composites if (one.level, one.period) == (part.source.level, composite.period))
    return max((best(scheme, one) for one in below), default=0)


def out_of_reach(scheme: Scheme) -> Seen:
    """Weights of which a part is given to nobody, and floors above every figure."""
    for composite in scheme.composites:
        for part in composite.components:
            top = best_part(scheme, composite, part)
            if part.weight and part.source.kind == "indicator" and top < FULL:
                where = f"composites[{composite.code}].components[{part.code}]"
                yield where, f"“{part.name}”最高只能得 {show(top)} 分，权重 {part.weight} 谁也拿不满"
    for where, name, composite_code, floor in _floors(scheme):
        top = best(scheme, scheme.composite(composite_code))
        if floor > top:
            yield where, f"“{name}”的分数线 {show(floor)} 高于能得到的最高分 {show(top)}"


def _floors(scheme: Scheme) -> Iterator[tuple[str, str, str, int]]:
    """(Where, name, composite, floor) of every floor that someone is to reach."""
    for board in scheme.boards:
        yield f"boards[{board.code}].red.limit", board.name, board.composite, board.red.limit
    for rating in scheme.ratings:
        for band in rating.bands:
            yield f"ratings[{rating.code}].bands", f"{rating.name}{band.stars}星", rating.composite, band.floor
    for honour in scheme.honours:
        if honour.composite:
            yield f"honours[{honour.code}].give_floor", honour.name, honour.composite, honour.give_floor
    for award in scheme.awards:
        for kind in award.classes:
            yield f"awards[{award.code}].classes[{kind.code}].floor", kind.name, award.composite, kind.floor
    for grading in scheme.gradings:
        for grade in grading.grades if grading.basis == "composite" else ():
            yield f"gradings[{grading.code}].grades[{grade.code}].floor", grade.name, grading.of, grade.floor


WARNINGS: tuple[Rule, ...] = (
    Rule("drafted-unmarked", "warn", "本产品规定：草拟文本须标明", '写 standing = "示例,非官方"', unmarked),
    Rule("sample-approval", "warn", "《评比达标表彰活动管理办法》", "正式施行前换成真文号", sample_numbers),
    Rule("short-notice", "warn", FAIR, "公示至少写 5 天", short_notice),
    Rule("small-pool", "warn", EVEN + "：少于五个不排榜", "pool_min 至少写 5", small_pool),
    Rule("limits-cross", "warn", EVEN + "：上榜要有绝对的分数线", "红榜线写得比黑榜线高", limits_cross),
    Rule("photos-everywhere", "warn", LIGHT, "只在确有必要的项上写 photo", photos),
    Rule("often-a-day", "warn", LIGHT, "per_day 写 1", often),
    Rule("every-door-daily", "warn", LIGHT, "改成每周，或按包保人计次", every_door),
    Rule("uncapped", "warn", LIGHT, "在“减负上限”里写上限", uncapped),
    Rule("punished-twice", "warn", "一事不二罚原则", "只留一种：上黑榜，或扣积分", twice),
    Rule("points-baseless", "warn", "《村民委员会组织法》第27条", "写 article，指明村规民约的条款", baseless),
    Rule("cure-by-hand", "warn", "本产品的现状", "扣前书面告知，记下日期，期满再扣", cure_by_hand),
    Rule("self-scored", "warn", EVEN + "：自查与他人检查分开计权", "加上由他人检查的组成部分", self_scored),
    Rule("own-village", "warn", EVEN + "：自己查自己的不排名", "权重写 0，或换成他人做的检查", own_village),
    Rule("tied-quota", "warn", EVEN, "写 composite 区分同样达标的，或写 hard = false", tied_quotas),
    Rule("short-budget", "warn", "本产品规定：超预算的奖补方案不能批准", "加预算，或减名额、金额", short_budgets),
    Rule("out-of-reach", "warn", EVEN + "：分值应当够得着", "调高分档得分或调低分数线", out_of_reach),
)
