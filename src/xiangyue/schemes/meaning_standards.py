"""Whether standards, items and kinds of check make sense."""

from __future__ import annotations

from xiangyue.rules.numbers import show
from xiangyue.rules.settings import CheckKind, Item, Standard, Step

from .errors import Path
from .judging import LEVEL_NAMES, Judge

STEPPED = ("deduct", "bonus")


def judge_standards(judge: Judge) -> None:
    """Notes what is wrong in the standards and the kinds of check."""
    for at, standard in enumerate(judge.scheme.standards):
        _standard(judge, standard, ("standards", at))
    for at, kind in enumerate(judge.scheme.check_kinds):
        _check_kind(judge, kind, ("check_kinds", at))


def _standard(judge: Judge, standard: Standard, path: Path) -> None:
    judge.unique((*path, "areas"), standard.areas, "方面")
    if not standard.items:
        words = f"标准“{standard.name}”没有考核项"
        judge.add((*path, "areas"), "no-items", words, "在 [[standards.areas.items]] 下至少写一项")
    codes: set[str] = set()
    names: set[str] = set()
    for at, area in enumerate(standard.areas):
        if not area.items and standard.items:
            words = f"方面“{area.name}”没有考核项"
            judge.add((*path, "areas", at, "items"), "no-items", words, "写上考核项，或删去这个方面")
        for item_at, item in enumerate(area.items):
            here = (*path, "areas", at, "items", item_at)
            _used_twice(judge, item, here, codes, names)
            _item(judge, item, here)


def _used_twice(judge: Judge, item: Item, path: Path, codes: set[str], names: set[str]) -> None:
    if item.code and item.code in codes:
        words = f"考核项代码“{item.code}”在本标准里用了两次"
        judge.add((*path, "code"), "item-twice", words, f"给“{item.name}”换一个代码，或删去重复的一项")
    if item.name and item.name in names:
        words = f"考核项“{item.name}”在本标准里用了两次"
        judge.add((*path, "name"), "item-twice", words, "删去一项，或把两项的名称写得不同")
    codes.add(item.code)
    names.add(item.name)


def _item(judge: Judge, item: Item, path: Path) -> None:
    if item.points == 0 and item.kind != "zero":
        judge.add((*path, "points"), "no-points", f"“{item.name}”的分值是 0", "写大于 0 的分值", needs=["kind"])
    if item.kind in STEPPED:
        # a bonus without steps takes the points that the inspector writes
        if not item.steps and item.kind == "deduct":
            words = f"“{item.name}”没有写明扣分情形"
            judge.add((*path, "steps"), "no-steps", words, "在 steps 里至少写一种情形", needs=["kind"])
    elif item.steps:
        words = f"“{item.name}”按 {item.kind} 计分，不用扣分情形"
        judge.add((*path, "steps"), "kind-fields", words, "删去 steps，或把 kind 改成 deduct", needs=["kind"])
    _steps(judge, item, path)
    _grades(judge, item, path)


def _steps(judge: Judge, item: Item, path: Path) -> None:
    codes: set[str] = set()
    names: set[str] = set()
    for at, step in enumerate(item.steps):
        here = (*path, "steps", at)
        for key, value, seen in (("code", step.code, codes), ("name", step.name, names)):
            if value and value in seen:
                words = f"“{item.name}”里情形“{value}”写了两次"
                judge.add((*here, key), "step-twice", words, "删去一个，或改成不同的代码和名称")
            seen.add(value)
        _amount(judge, item, step, here, path)


def _amount(judge: Judge, item: Item, step: Step, here: Path, path: Path) -> None:
    at = (*here, "amount")
    if (*path, "points") in judge.found.unread:
        return
    if step.all and step.amount:
        judge.add(at, "step-amount", f"情形“{step.name}”既写了分值又写了扣完", "amount 和 all 只留一个", needs=["all"])
    elif not step.all and not step.amount:
        judge.add(at, "step-amount", f"情形“{step.name}”没有分值", "写 amount = …,或写 all = true", needs=["all"])
    elif step.amount > item.points:
        words = f"情形“{step.name}”每次 {show(step.amount)} 分，多于该项的 {show(item.points)} 分"
        judge.add(at, "step-too-big", words, f"写不超过 {show(item.points)} 的分值，或改用 all = true")


def _grades(judge: Judge, item: Item, path: Path) -> None:
    here = (*path, "grades")
    if item.kind != "grade":
        if item.grades:
            words = f"“{item.name}”按 {item.kind} 计分，不用等次"
            judge.add(here, "kind-fields", words, "删去 grades，或把 kind 改成 grade", needs=["kind"])
        return
    judge.unique(here, item.grades, "等次", "grade-twice")
    if len(item.grades) < 2:
        judge.add(here, "few-grades", f"“{item.name}”的等次不足两个", "至少写两个等次", needs=["kind"])
        return
    best = max(grade.points for grade in item.grades)
    if best != item.points:
        words = f"“{item.name}”的分值 {show(item.points)} 不等于最高等次的 {show(best)}"
        judge.add((*path, "points"), "grade-points", words, f"写 points = {show(best)}", needs=["kind", "grades"])
    if len({grade.points for grade in item.grades}) < len(item.grades):
        judge.add(here, "grade-twice", f"“{item.name}”有两个等次分值相同", "各等次写不同的分值", needs=["kind"])


def _check_kind(judge: Judge, kind: CheckKind, path: Path) -> None:
    if judge.refers((*path, "standard"), kind.standard, "standards", "考核标准", "no-such-standard"):
        subject = judge.scheme.standard(kind.standard).subject
        if subject != kind.subject:
            words = (
                f"检查“{kind.name}”查的是{LEVEL_NAMES[kind.subject]}，标准“{kind.standard}”考的是{LEVEL_NAMES[subject]}"
            )
            judge.add((*path, "standard"), "subject-mismatch", words, "换成同一层级的标准", needs=["subject"])
    for at, code in enumerate(kind.layers):
        here = (*path, "layers", at)
        if not judge.refers(here, code, "layers", "包保层级", "no-such-layer"):
            continue
        target = judge.scheme.layer(code).target
        if target != kind.subject:
            words = f"检查“{kind.name}”查的是{LEVEL_NAMES[kind.subject]}，层级“{code}”包的是{LEVEL_NAMES[target]}"
            judge.add(here, "subject-mismatch", words, "换成包同一层级的包保层级")
    if kind.self_check and not kind.layers:
        words = f"“{kind.name}”是包保人自查，却没有写由哪一层检查"
        judge.add((*path, "layers"), "self-check", words, "在 layers 里写上包保层级的代码，或删去 self_check")
    if kind.layers and not kind.self_check:
        words = f"“{kind.name}”由包保人检查自己所包的对象，却不是自查"
        judge.add((*path, "self_check"), "self-check", words, "写 self_check = true，或删去 layers，由他人检查")
