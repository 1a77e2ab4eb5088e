"""Whether incentives, commendations and goals lead to something that the scheme has."""

from __future__ import annotations

from xiangyue.rules.settings import Award, Board, Commendation, Goal, Incentives, Level, Pick, Ranking, Scheme

from .errors import Path
from .judging import LEVEL_NAMES, RANK, Judge

PICKED_FROM = {
    "award": ("awards", "奖项", "no-such-award"),
    "rank": ("rankings", "排名", "no-such-ranking"),
    "board": ("boards", "红黑榜", "no-such-board"),
    "stars": ("ratings", "评星定级", "no-such-rating"),
    "grade": ("gradings", "等次", "no-such-grading"),
}
READ_FROM = {
    "indicator": ("indicators", "指标", "no-such-indicator"),
    "stars": ("ratings", "评星定级", "no-such-rating"),
    "result": ("composites", "合成办法", "no-such-composite"),
    "stage": ("stages", "阶段", "no-such-stage"),
    "left_black": ("boards", "红黑榜", "no-such-board"),
}
NUMBERED = ("rank", "stars")
"""Picks by numbers; the others are by names."""


def judge_goals(judge: Judge) -> None:
    """Notes what is wrong in the incentives, commendations and goals."""
    for at, incentives in enumerate(judge.scheme.incentives):
        _incentives(judge, incentives, ("incentives", at))
    for at, commendation in enumerate(judge.scheme.commendations):
        _commendation(judge, commendation, ("commendations", at))
    for at, goal in enumerate(judge.scheme.goals):
        _goal(judge, goal, ("goals", at))


def _incentives(judge: Judge, incentives: Incentives, path: Path) -> None:
    judge.unique((*path, "rules"), incentives.rules, "奖补规则")
    if not incentives.rules:
        judge.add((*path, "rules"), "no-rules", f"“{incentives.name}”没有奖补规则", "写上 [[incentives.rules]]")
    sources: set[str] = set()
    for at, budget in enumerate(incentives.budgets):
        if budget.source and budget.source in sources:
            words = f"资金来源“{budget.source}”写了两次预算"
            judge.add((*path, "budgets", at, "source"), "duplicate-code", words, "合成一条，或换一个代码")
        sources.add(budget.source)
    for at, rule in enumerate(incentives.rules):
        here = (*path, "rules", at)
        _pick(judge, rule.pick, (*here, "pick"))
        if not rule.amount:
            judge.add((*here, "amount"), "no-points", f"“{rule.name}”的金额是 0", "写大于 0 的金额（元）")
        if rule.source not in sources and not _unsure(judge, path):
            known = "、".join(sorted(sources)) or "（还没有）"
            words = f"“{rule.name}”的资金来源“{rule.source}”没有预算"
            judge.add((*here, "source"), "no-such-budget", words, f"在 budgets 里写上它的预算。已有的：{known}")


def _unsure(judge: Judge, path: Path) -> bool:
    """Whether a budget could not be read, so that one may only seem to be missing."""
    return any(unread[:3] == (*path, "budgets") for unread in judge.found.unread)


def _pick(judge: Judge, pick: Pick, path: Path) -> None:
    numbered = pick.kind in NUMBERED
    if numbered and pick.values:
        judge.add(
            (*path, "values"), "kind-fields", f"{pick.kind} 用 low 和 high，不用 values", "删去 values", needs=["kind"]
        )
    if not numbered and (pick.low or pick.high):
        name = "low" if pick.low else "high"
        judge.add((*path, name), "kind-fields", f"{pick.kind} 用 values，不用 {name}", f"删去 {name}", needs=["kind"])
    if numbered and not 1 <= pick.low <= pick.high:
        words = f"从 {pick.low} 到 {pick.high} 谁也选不到"
        judge.add(
            (*path, "low"), "pick-nowhere", words, "写 low 和 high，都从 1 起，high 不小于 low", needs=["kind", "high"]
        )
    if not numbered and not pick.values:
        judge.add((*path, "values"), "pick-nowhere", "没有写选哪些", "补上 values = [ … ]", needs=["kind"])
    collection, noun, id = PICKED_FROM[pick.kind]
    if not judge.refers((*path, "of"), pick.of, collection, noun, id):
        return
    if numbered:
        _stars_can_be_had(judge, pick, path)
        return
    if any(unread[:1] == (collection,) for unread in judge.found.unread):
        return
    known = choices(judge.scheme, pick)
    for at, value in enumerate(pick.values):
        if value not in known:
            words = f"“{pick.of}”里没有“{value}”，谁也选不到"
            judge.add((*path, "values", at), "pick-nowhere", words, f"只能写：{'、'.join(known)}", needs=["kind", "of"])


def choices(scheme: Scheme, pick: Pick) -> tuple[str, ...]:
    """The names that a pick may have: the classes, sides or grades of what it picks from."""
    if pick.kind == "award":
        return tuple(kind.code for one in scheme.awards if one.code == pick.of for kind in one.classes)
    if pick.kind == "grade":
        return tuple(grade.code for one in scheme.gradings if one.code == pick.of for grade in one.grades)
    return ("red", "black")


def _stars_can_be_had(judge: Judge, pick: Pick, path: Path) -> None:
    if pick.kind != "stars" or not 1 <= pick.low <= pick.high:
        return
    rating = next(one for one in judge.scheme.ratings if one.code == pick.of)
    if not any(pick.low <= stars <= pick.high for stars in rating.scale):
        words = f"“{rating.name}”评不出 {pick.low} 到 {pick.high} 星，谁也选不到"
        scale = "、".join(str(stars) for stars in rating.scale if stars)
        judge.add((*path, "low"), "pick-nowhere", words, f"只能写：{scale}", needs=["of", "high"])


def _commendation(judge: Judge, commendation: Commendation, path: Path) -> None:
    _pick(judge, commendation.pick, (*path, "pick"))
    level = picked_level(judge.scheme, commendation.pick)
    for at, code in enumerate(commendation.layers):
        here = (*path, "layers", at)
        if not judge.refers(here, code, "layers", "包保层级", "no-such-layer"):
            continue
        layer = judge.scheme.layer(code)
        if level is not None and layer.target != level:
            words = f"表扬的是包{LEVEL_NAMES[level]}的人，“{layer.name}”包的是{LEVEL_NAMES[layer.target]}"
            judge.add(here, "subject-mismatch", words, f"写包{LEVEL_NAMES[level]}的包保层级")


def picked_level(scheme: Scheme, pick: Pick) -> Level | None:
    """The level of those who are picked; None where they are bearers, or nothing is found."""
    levels = {one.code: one.level for one in scheme.composites}
    if pick.kind == "stars":
        return next((one.level for one in scheme.ratings if one.code == pick.of), None)
    if pick.kind == "grade":
        grading = next((one for one in scheme.gradings if one.code == pick.of), None)
        return levels.get(grading.of) if grading and grading.basis == "composite" and not grading.post else None
    rows: dict[str, tuple[Award | Ranking | Board, ...]] = {
        "award": scheme.awards,
        "rank": scheme.rankings,
        "board": scheme.boards,
    }
    return next((levels.get(one.composite) for one in rows[pick.kind] if one.code == pick.of), None)


def _goal(judge: Judge, goal: Goal, path: Path) -> None:
    judge.refers((*path, "stage"), goal.stage, "stages", "阶段", "no-such-stage", optional=True)
    if goal.level in ("household", "public_place"):
        words = f"“{goal.name}”的目标定给{LEVEL_NAMES[goal.level]}"
        judge.add((*path, "level"), "goal-level", words, "目标只定给县、乡镇、村、屯组")
    _least(judge, goal, path)
    if goal.measure == "entered":
        if goal.of:
            judge.add((*path, "of"), "kind-fields", f"“{goal.name}”是填报的，不用 of", "删去 of", needs=["measure"])
        return
    collection, noun, id = READ_FROM[goal.measure]
    if not judge.refers((*path, "of"), goal.of, collection, noun, id):
        return
    level = goal_source_level(judge.scheme, goal)
    if level is not None and RANK[level] < RANK[goal.level]:
        words = f"“{goal.name}”定给{LEVEL_NAMES[goal.level]}，进度却取自{LEVEL_NAMES[level]}"
        judge.add((*path, "level"), "goal-level", words, f"写 {level} 或更高的层级", needs=["of", "measure"])
    if goal.measure == "left_black" and not judge.scheme.board(goal.of).pairs:
        words = f"“{judge.scheme.board(goal.of).name}”不结对，没有谁能经结对脱离黑榜"
        judge.add((*path, "of"), "goal-board", words, "给这个榜写 pairs = true，或换一个榜")
    _same_decimals(judge, goal, path)


def _least(judge: Judge, goal: Goal, path: Path) -> None:
    needs = ["measure"]
    if goal.measure in ("stars", "result"):
        if not goal.least:
            words = f"“{goal.name}”没有写达到多少才算"
            judge.add((*path, "least"), "missing-key", words, "补上 least = …", needs=needs)
        elif goal.measure == "result" and goal.least > 10_000:
            words = f"“{goal.name}”要求的成绩高于 100 分"
            judge.add((*path, "least"), "goal-least", words, "85 分写 8500，最大写 10000", needs=needs)
        elif goal.measure == "stars":
            rating = next((one for one in judge.scheme.ratings if one.code == goal.of), None)
            if rating is not None and goal.least > max(rating.scale):
                words = f"“{rating.name}”最多 {max(rating.scale)} 星"
                judge.add((*path, "least"), "goal-least", words, f"至多写 {max(rating.scale)}", needs=needs)
    elif goal.least:
        words = f"“{goal.name}”按 {goal.measure} 计，不用 least"
        judge.add((*path, "least"), "kind-fields", words, "删去 least", needs=needs)


def _same_decimals(judge: Judge, goal: Goal, path: Path) -> None:
    if goal.measure != "indicator":
        return
    indicator = next(one for one in judge.scheme.indicators if one.code == goal.of)
    if indicator.decimals != goal.decimals:
        words = f"指标“{indicator.name}”有 {indicator.decimals} 位小数，目标写的是 {goal.decimals} 位"
        judge.add((*path, "decimals"), "threshold-unit", words, f"写 decimals = {indicator.decimals}")


def goal_source_level(scheme: Scheme, goal: Goal) -> Level | None:
    """The level of what a goal's progress is read from; None where it has none of its own."""
    levels = {one.code: one.level for one in scheme.composites}
    if goal.measure == "indicator":
        return next((one.level for one in scheme.indicators if one.code == goal.of), None)
    if goal.measure == "stars":
        return next((one.level for one in scheme.ratings if one.code == goal.of), None)
    if goal.measure == "result":
        return levels.get(goal.of)
    if goal.measure == "left_black":
        return next((levels.get(one.composite) for one in scheme.boards if one.code == goal.of), None)
    return None
