"""Whether a scheme that reads well also makes sense as a whole."""

from __future__ import annotations

from xiangyue.rules.settings import Cadence, Layer, Scheme

from .errors import Path
from .judging import LEVEL_NAMES, Judge
from .meaning_goals import judge_goals
from .meaning_inspecting import judge_inspections
from .meaning_problems import judge_problems
from .meaning_results import judge_classes, judge_results
from .meaning_rewards import judge_rewards
from .meaning_standards import judge_standards
from .meaning_stars import judge_stars
from .reading import Found

COLLECTIONS = {
    "layers": "包保层级",
    "standards": "考核标准",
    "check_kinds": "检查类型",
    "categories": "类别",
    "composites": "合成办法",
    "boards": "红黑榜",
    "rankings": "排名",
    "indicators": "指标",
    "ratings": "评星定级",
    "reviews": "逐级评审",
    "watch_lists": "整顿名单",
    "performances": "履职评价",
    "gradings": "等次评定",
    "honours": "荣誉",
    "awards": "奖项",
    "incentives": "奖补办法",
    "points": "积分办法",
    "commendations": "通报表扬",
    "goals": "目标",
    "draws": "抽签计划",
    "stages": "阶段",
    "problem_kinds": "问题种类",
    "inspections": "督查方式",
}
DAYS = {"day": 1, "week": 7, "half_month": 13, "month": 28, "quarter": 90}
"""Days in the shortest slot of each kind: more visits than days can never be kept."""


def judge(scheme: Scheme, found: Found) -> None:
    """Adds to `found` what makes no sense in the scheme."""
    judging = Judge(scheme, found)
    for collection, noun in COLLECTIONS.items():
        judging.unique((collection,), getattr(scheme, collection), noun)
    for at, layer in enumerate(scheme.layers):
        _layer(judging, layer, ("layers", at))
    judge_standards(judging)
    judge_results(judging)
    judge_stars(judging)
    judge_rewards(judging)
    judge_goals(judging)
    judge_problems(judging)
    judge_inspections(judging)
    _ground(judging)


def _layer(judging: Judge, layer: Layer, path: Path) -> None:
    judging.unique((*path, "tasks"), layer.tasks, "包保任务")
    if judging.refers((*path, "standard"), layer.standard, "standards", "考核标准", "no-such-standard", optional=True):
        subject = judging.scheme.standard(layer.standard).subject
        if subject != layer.target:
            words = f"“{layer.name}”包的是{LEVEL_NAMES[layer.target]}，工作标准考的是{LEVEL_NAMES[subject]}"
            judging.add((*path, "standard"), "subject-mismatch", words, "换成同一层级的标准", needs=["target"])
    judge_classes(judging, layer.target, layer.classes, (*path, "classes"), "target")
    for at, code in enumerate(layer.exclusive_with):
        _exclusive_with(judging, layer, code, (*path, "exclusive_with", at))
    if layer.exclusive_with and not layer.exclusive:
        words = f"“{layer.name}”写了互斥层级，自己却不独占"
        judging.add((*path, "exclusive"), "exclusive", words, "写 exclusive = true,或删去 exclusive_with")
    if layer.exclusive and layer.bearers_min > 1:
        words = f"“{layer.name}”独占，却要求每个对象至少 {layer.bearers_min} 人"
        judging.add((*path, "bearers_min"), "exclusive", words, "删去 bearers_min 或 exclusive", needs=["exclusive"])
    if layer.bearer == "household" and layer.target != "household":
        words = f"“{layer.name}”由农户自己承担，对象却是{LEVEL_NAMES[layer.target]}"
        judging.add((*path, "target"), "subject-mismatch", words, "target 写 household", needs=["bearer"])
    if layer.cadence is not None:
        _cadence(judging, layer, layer.cadence, (*path, "cadence"))


def _exclusive_with(judging: Judge, layer: Layer, code: str, path: Path) -> None:
    if not judging.refers(path, code, "layers", "包保层级", "no-such-layer"):
        return
    other = judging.scheme.layer(code)
    if other.code == layer.code or other.target != layer.target:
        words = f"“{layer.name}”不能与“{other.name}”互斥"
        judging.add(path, "exclusive", words, "写包同一层级对象的另一个包保层级")
    elif layer.code not in other.exclusive_with:
        words = f"“{layer.name}”与“{other.name}”互斥，但“{other.name}”没有写与它互斥"
        judging.add(path, "exclusive", words, f"在“{other.code}”的 exclusive_with 里也写上“{layer.code}”")


def _cadence(judging: Judge, layer: Layer, cadence: Cadence, path: Path) -> None:
    most = DAYS[cadence.every]
    if cadence.times > most:
        words = f"“{layer.name}”要求每个时段去 {cadence.times} 次，而时段（{cadence.every}）至多算 {most} 天，一天一次"
        judging.add((*path, "times"), "cadence-slots", words, f"写 1–{most}，或换更长的 every", needs=["every"])
    if layer.bearer == "household":
        words = f"“{layer.name}”由农户自己承担，不用走访频次"
        judging.add(path, "cadence-slots", words, "删去 cadence")


def _ground(judging: Judge) -> None:
    scheme = judging.scheme
    if scheme.narrows and scheme.narrows == scheme.code:
        judging.add(("narrows",), "narrows", "方案不能收紧自己", "写所在县方案的代码", needs=["code"])
    if scheme.narrows and not is_township(scheme.ground):
        words = f"只有乡镇的方案才收紧县的方案，“{scheme.ground}”是县"
        judging.add(("narrows",), "narrows", words, "删去 narrows，或把 ground 改成乡镇的代码", needs=["ground"])


def is_township(ground: str) -> bool:
    """Whether a ground's code is a township's, of 9 digits, and not a county's, of 6."""
    return len(ground) == 9
