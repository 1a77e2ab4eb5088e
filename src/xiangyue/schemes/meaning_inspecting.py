"""Whether ways of inspecting have sheets of one level, a draw where they are secret, and no sheet twice."""

from __future__ import annotations

from xiangyue.rules.settings import CheckKind, InspectionKind

from .errors import Path
from .judging import LEVEL_NAMES, Judge

DRAWN = ("secret", "unannounced")
SEEN = ("township", "village")


def judge_inspections(judge: Judge) -> None:
    """Notes what is wrong in the ways of inspecting."""
    taken: dict[str, str] = {}
    for at, way in enumerate(judge.scheme.inspections):
        path: Path = ("inspections", at)
        judge.refers((*path, "draw"), way.draw, "draws", "抽签计划", "no-such-draw", optional=True)
        if way.manner in DRAWN and not way.draw:
            words = f"“{way.name}”事先谁都不该知道去哪里，却没有抽签计划"
            judge.add((*path, "draw"), "undrawn", words, "写上 draw，或把 manner 改成 open", needs=["manner"])
        if not way.checks:
            judge.add((*path, "checks"), "no-sheets", f"“{way.name}”没有检查表", "在 checks 里写检查类型的代码")
        _sheets(judge, way, path, taken)


def _sheets(judge: Judge, way: InspectionKind, path: Path, taken: dict[str, str]) -> None:
    level = ""
    for at, code in enumerate(way.checks):
        here = (*path, "checks", at)
        if not judge.refers(here, code, "check_kinds", "检查类型", "no-such-check-kind"):
            continue
        kind = judge.scheme.check_kind(code)
        level = level or kind.subject
        if kind.subject != level:
            words = f"“{way.name}”的检查类型有的查{LEVEL_NAMES[kind.subject]}，有的不是"
            judge.add(here, "subject-mismatch", words, "一种督查方式只用同一层级的检查类型")
        _may_be(judge, way, kind, here)
        if code in taken and taken[code] != way.code:
            words = f"“{kind.name}”已是“{taken[code]}”的检查表"
            judge.add(here, "sheet-twice", words, "一种检查类型只归一种督查方式")
        taken.setdefault(code, way.code)


def _may_be(judge: Judge, way: InspectionKind, kind: CheckKind, path: Path) -> None:
    """A sheet that a team makes, of a township or a village."""
    if kind.subject not in SEEN:
        words = f"“{way.name}”查的是{LEVEL_NAMES[kind.subject]}"
        judge.add(path, "inspection-level", words, "督查只查村或乡镇；入户的看法记在村的表里")
    if kind.layers or kind.self_check or kind.opinion:
        words = f"“{kind.name}”由包保人记或由群众评，不是督查组的表"
        judge.add(path, "not-a-sheet", words, "换一种由督查组记的检查类型")
