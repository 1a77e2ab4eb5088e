"""Whether kinds of problems can be opened, verified by someone, go up only, and be looked at again."""

from __future__ import annotations

from itertools import pairwise

from xiangyue.rules.settings import ProblemKind

from .errors import Path
from .judging import RANK, Judge

LOOKS = "look_weeks"


def judge_problems(judge: Judge) -> None:
    """Notes what is wrong in the kinds of problems."""
    for at, kind in enumerate(judge.scheme.problem_kinds):
        path: Path = ("problem_kinds", at)
        if not kind.verifiers:
            words = f"“{kind.name}”整改好了没有人核实"
            judge.add((*path, "verifiers"), "no-verifier", words, '写 verifiers = ["village", "township"]')
        _escalations(judge, kind, path)
        _looks(judge, kind, path)
        _faults(judge, kind, path)


def _escalations(judge: Judge, kind: ProblemKind, path: Path) -> None:
    for at, (lower, upper) in enumerate(pairwise(kind.escalations), 1):
        if upper.after <= lower.after or RANK[upper.to] >= RANK[lower.to]:
            words = f"“{kind.name}”逾期上报要一步比一步晚、一级比一级高"
            judge.add((*path, "escalations", at), "escalation-order", words, "从村到乡镇到县，天数由小到大")


def _looks(judge: Judge, kind: ProblemKind, path: Path) -> None:
    if bool(kind.look_weeks) != bool(kind.look_share):
        words = f"“{kind.name}”的回头看只写了一半"
        mend = "周数和比例都写，或都不写"
        judge.add((*path, LOOKS), "half-look", words, mend, needs=["look_share"])


def _faults(judge: Judge, kind: ProblemKind, path: Path) -> None:
    if bool(kind.check_kinds) != bool(kind.faults):
        words = f"“{kind.name}”由检查发现，检查类型和对应的扣分要一起写"
        judge.add((*path, "faults"), "half-fault", words, "补上另一个，或都删去", needs=["check_kinds"])
        return
    known: dict[str, None] = {}
    for at, code in enumerate(kind.check_kinds):
        if judge.refers((*path, "check_kinds", at), code, "check_kinds", "检查类型", "no-such-check-kind"):
            known |= faults_of(judge, code)
    if any(unread[:1] == ("standards",) for unread in judge.found.unread):
        return
    for at, fault in enumerate(kind.faults if known else ()):
        if fault not in known:
            words = f"“{kind.name}”的检查类型里没有扣分项“{fault}”"
            mend = f"写考核项代码，或“考核项.情形”，例如 {next(iter(known))}"
            judge.add((*path, "faults", at), "no-such-fault", words, mend, needs=["check_kinds"])


def faults_of(judge: Judge, check_kind: str) -> dict[str, None]:
    """The faults that a kind of check can find: `item` and `item.step`, in the standard's order."""
    kind = next(one for one in judge.scheme.check_kinds if one.code == check_kind)
    standard = next((one for one in judge.scheme.standards if one.code == kind.standard), None)
    found: dict[str, None] = {}
    for item in standard.items if standard else ():
        if item.kind != "bonus":
            found[item.code] = None
            found |= {f"{item.code}.{step.code}": None for step in item.steps}
    return found
