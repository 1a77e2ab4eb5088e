"""Whether performances, gradings, honours, awards and points make sense."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from xiangyue.rules.numbers import show
from xiangyue.rules.settings import (
    Award,
    AwardClass,
    Composite,
    GradeBand,
    Grading,
    Honour,
    PartWeight,
    Performance,
    PointsScheme,
)

from .errors import Path
from .judging import LEVEL_NAMES, Judge
from .meaning_stars import judge_category

OWN_PARTS = ("outcomes", "progress", "problems", "visits")
"""Parts of a performance with a meaning of their own; any other is a kind of check."""


def judge_rewards(judge: Judge) -> None:
    """Notes what is wrong in the performances, gradings, honours, awards and points."""
    scheme = judge.scheme
    for at, performance in enumerate(scheme.performances):
        _performance(judge, performance, ("performances", at))
    for at, grading in enumerate(scheme.gradings):
        _grading(judge, grading, ("gradings", at))
    for at, honour in enumerate(scheme.honours):
        _honour(judge, honour, ("honours", at))
    for at, award in enumerate(scheme.awards):
        _award(judge, award, ("awards", at))
    for at, points in enumerate(scheme.points):
        _points(judge, points, ("points", at))


def composite_at(judge: Judge, code: str, path: Path) -> Composite | None:
    """The composite of that code; an error where there is none."""
    known = judge.refers(path, code, "composites", "合成办法", "no-such-composite")
    return judge.scheme.composite(code) if known else None


def _performance(judge: Judge, performance: Performance, path: Path) -> None:
    parts = (*path, "parts")
    judge.unique(parts, performance.parts, "组成部分")
    total = sum(part.weight for part in performance.parts)
    if total == 0:
        words = f"“{performance.name}”各部分的权重之和是 0，谁也得不到成绩"
        judge.add(parts, "weights-zero", words, "至少给一个部分写大于 0 的 weight")
    _visits(judge, performance, total, parts)
    floors = [band.floor for band in performance.factors]
    if len(set(floors)) < len(floors):
        words = f"“{performance.name}”有两档系数起评分相同"
        judge.add((*path, "factors"), "bands-order", words, "每档写不同的起评分")
    if not judge.refers((*path, "layer"), performance.layer, "layers", "包保层级", "no-such-layer"):
        return
    layer = judge.scheme.layer(performance.layer)
    if layer.bearer == "household":
        words = f"“{layer.name}”由农户自己承担，农户不作履职评价"
        judge.add((*path, "layer"), "performance-layer", words, "换成由个人或单位包保的层级")
    for at, part in enumerate(performance.parts):
        _part(judge, performance, part, (*parts, at, "code"))
    if performance.composite or any(part.code in ("outcomes", "progress") for part in performance.parts):
        _outcomes(judge, performance, (*path, "composite"))


def _visits(judge: Judge, performance: Performance, total: int, path: Path) -> None:
    """Visits weigh at most a fifth, and nobody is appraised by visits alone."""
    visits = sum(part.weight for part in performance.parts if part.code == "visits")
    if not visits:
        return
    at = next(at for at, part in enumerate(performance.parts) if part.code == "visits" and part.weight)
    if visits == total:
        words = f"“{performance.name}”只看走访，得不出成绩"
        judge.add((*path, at, "weight"), "visits-share", words, "加上成效、进步或问题销号，走访最多占 20%")
    elif visits * 5 > total:
        words = f"“{performance.name}”走访占 {visits}/{total}，超过 20%"
        judge.add((*path, at, "weight"), "visits-share", words, f"走访的权重至多写 {(total - visits) // 4}")


def _part(judge: Judge, performance: Performance, part: PartWeight, path: Path) -> None:
    layer = judge.scheme.layer(performance.layer)
    if part.code == "visits" and layer.cadence is None:
        words = f"“{layer.name}”没有写频次，走访没有应到次数"
        judge.add(path, "performance-layer", words, "给这一层级写 cadence，或删去走访")
    if part.code in OWN_PARTS or not part.code:
        return
    kinds = {kind.code: kind for kind in judge.scheme.check_kinds}
    if part.code not in kinds:
        words = f"履职评价没有“{part.code}”这个组成部分"
        known = "、".join((*OWN_PARTS, *kinds))
        judge.add(path, "no-such-part", words, f"只能写：{known}")
    elif kinds[part.code].subject != layer.target:
        subject = LEVEL_NAMES[kinds[part.code].subject]
        words = f"“{layer.name}”包的是{LEVEL_NAMES[layer.target]}，检查“{part.name}”查的是{subject}"
        judge.add(path, "subject-mismatch", words, "换成查同一层级的检查类型")


def _outcomes(judge: Judge, performance: Performance, path: Path) -> None:
    """Outcomes are read from one composite of the targets' level, of the period or monthly."""
    level = judge.scheme.layer(performance.layer).target
    if performance.composite:
        named = composite_at(judge, performance.composite, path)
        if named is not None and named.level != level:
            words = f"“{performance.name}”的对象是{LEVEL_NAMES[level]}，“{named.name}”评{LEVEL_NAMES[named.level]}"
            judge.add(path, "subject-mismatch", words, "换成同一层级的合成办法")
        elif named is not None and named.period not in (performance.period, "month"):
            words = f"“{performance.name}”的考核期是 {performance.period}，“{named.name}”的是 {named.period}"
            judge.add(path, "period-mismatch", words, "写同一考核期的或月度的合成办法", needs=["period"])
        return
    if any(unread[0] == "composites" for unread in judge.found.unread):
        return
    rows = [one for one in judge.scheme.composites if one.level == level]
    same = [one for one in rows if one.period == performance.period]
    found = same or [one for one in rows if one.period == "month"]
    if not found:
        words = f"“{performance.name}”看成效，{LEVEL_NAMES[level]}却没有成绩"
        judge.add(path, "no-such-composite", words, f"给{LEVEL_NAMES[level]}写一个合成办法，或删去成效和进步")
    elif len(found) > 1:
        words = f"{LEVEL_NAMES[level]}有 {len(found)} 个成绩，“{performance.name}”没有写看哪个"
        judge.add(path, "missing-key", words, f"补上 composite，例如 “{found[0].code}”")


def _grading(judge: Judge, grading: Grading, path: Path) -> None:
    _grades(judge, grading, path)
    if grading.basis == "entered":
        if not grading.of.strip():
            judge.add((*path, "of"), "missing-key", f"“{grading.name}”没有写填报什么", "在 of 里写明填报的依据")
        if any(grade.floor or grade.places for grade in grading.grades):
            words = f"“{grading.name}”由填报定等次，不用起评分和名额"
            judge.add((*path, "grades"), "kind-fields", words, "删去 floor 和 places，或换一种依据", needs=["basis"])
        return
    if grading.basis == "performance":
        judge.refers((*path, "of"), grading.of, "performances", "履职评价", "no-such-performance")
        for name in ("category", "post"):
            if getattr(grading, name):
                words = f"“{grading.name}”按履职评价定等次，不用 {name}"
                judge.add(
                    (*path, name), "kind-fields", words, f'删去 {name}，或写 basis = "composite"', needs=["basis"]
                )
        return
    composite = composite_at(judge, grading.of, (*path, "of"))
    if composite is not None and grading.category:
        judge_category(judge, grading.category, composite.level, (*path, "category"))


def _grades(judge: Judge, grading: Grading, path: Path) -> None:
    here = (*path, "grades")
    judge.unique(here, grading.grades, "等次", "grade-twice")
    if len(grading.grades) < 2:
        judge.add(here, "few-grades", f"“{grading.name}”的等次不足两个", "至少写两个等次")
    if grading.basis != "entered":
        _cuts(judge, grading.name, grading.grades, here)


def _cuts(judge: Judge, name: str, rows: Sequence[GradeBand | AwardClass], path: Path) -> None:
    """Cuts go top down: floors fall, and none takes everybody before the next gets a turn."""
    for at, (upper, lower) in enumerate(pairwise(rows)):
        if lower.floor > upper.floor:
            words = f"“{lower.name}”的分数线 {show(lower.floor)} 高于前面“{upper.name}”的 {show(upper.floor)}"
            judge.add((*path, at + 1, "floor"), "cuts-order", words, "从高到低写，下面的分数线不高于上面的")
        elif not upper.places and lower.floor == upper.floor:
            words = f"“{upper.name}”没有名额限制，“{lower.name}”一个也轮不到"
            judge.add((*path, at + 1), "cuts-order", words, "给上面的写名额，或把下面的分数线写低", needs=[])


def _honour(judge: Judge, honour: Honour, path: Path) -> None:
    if len(set(honour.causes)) < len(honour.causes):
        judge.add((*path, "causes"), "duplicate-code", f"“{honour.name}”的摘牌情形写了两次", "删去重复的一个")
    if honour.given_by == "rule" and not (honour.give_floor or honour.places):
        words = f"“{honour.name}”按成绩授予，却没有分数线也没有名额，人人都有"
        judge.add((*path, "give_floor"), "honour-size", words, "写 give_floor 或 places", needs=["given_by"])
    if honour.given_by != "rule" and honour.give_floor:
        words = f"“{honour.name}”由表决产生，不用授予分数线"
        judge.add(
            (*path, "give_floor"), "kind-fields", words, '删去 give_floor，或写 given_by = "rule"', needs=["given_by"]
        )
    if honour.give_floor and honour.floor > honour.give_floor:
        words = f"摘牌分数线 {show(honour.floor)} 高于授予分数线 {show(honour.give_floor)}，刚挂就要摘"
        judge.add((*path, "floor"), "honour-size", words, "摘牌分数线写得不高于授予分数线", needs=["give_floor"])
    here = (*path, "composite")
    if not honour.composite:
        if honour.given_by == "rule" or honour.floor:
            words = f"“{honour.name}”要看成绩，没有写看哪个"
            judge.add(here, "missing-key", words, "补上 composite = …", needs=["given_by", "floor"])
        return
    composite = composite_at(judge, honour.composite, here)
    if composite is not None and composite.level != honour.level:
        words = f"“{honour.name}”给{LEVEL_NAMES[honour.level]}，“{composite.name}”评{LEVEL_NAMES[composite.level]}"
        judge.add(here, "subject-mismatch", words, "换成同一层级的合成办法", needs=["level"])


def _award(judge: Judge, award: Award, path: Path) -> None:
    here = (*path, "classes")
    judge.unique(here, award.classes, "奖级")
    if not award.classes:
        judge.add(here, "no-classes", f"“{award.name}”没有奖级", "在 classes 里至少写一个奖级")
    for at, kind in enumerate(award.classes):
        if not (kind.places or kind.floor):
            words = f"奖级“{kind.name}”没有名额也没有分数线，人人都有"
            judge.add((*here, at), "no-classes", words, "写 places 或 floor")
    _cuts(judge, award.name, award.classes, here)
    composite = composite_at(judge, award.composite, (*path, "composite"))
    if composite is not None:
        judge_category(judge, award.category, composite.level, (*path, "category"))


def _points(judge: Judge, points: PointsScheme, path: Path) -> None:
    judge.unique((*path, "rules"), points.rules, "积分规则")
    judge.unique((*path, "goods"), points.goods, "兑换商品")
    if not points.rules:
        judge.add((*path, "rules"), "no-rules", f"“{points.name}”没有积分规则", "写上怎样得积分")
    for at, rule in enumerate(points.rules):
        here = (*path, "rules", at)
        if rule.points == 0:
            judge.add((*here, "points"), "no-points", f"“{rule.name}”是 0 分", "写多少积分，扣分写负数")
        if 0 < rule.most < abs(rule.points):
            words = f"“{rule.name}”一次 {abs(rule.points)} 分，上限却只有 {rule.most} 分"
            judge.add(
                (*here, "most"), "most-too-small", words, f"至少写 {abs(rule.points)}，或删去 most", needs=["points"]
            )
        if rule.points > 0 and rule.cure_days:
            words = f"“{rule.name}”是加分，不用整改期"
            judge.add((*here, "cure_days"), "kind-fields", words, "删去 cure_days", needs=["points"])
    if points.rules and all(rule.points < 0 for rule in points.rules):
        words = f"“{points.name}”只扣分不加分，谁也得不到积分"
        judge.add((*path, "rules"), "no-rules", words, "至少写一条加分的规则")
