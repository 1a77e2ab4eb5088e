"""What rules 9 and 10 call findings: violations established by law or discipline, entered with number and clause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .findings import Finding
from .settings import About, Basis, ViolationKind

PETITION_WORDS = ("信访", "上访", "投诉", "举报")


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation of an official or a branch, as the department in charge enters it."""

    subject: str
    kind: str
    document: str
    clause: str
    department: str
    basis: Basis = "discipline"
    about: About = "branch"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Capped:
    """A violation in force and the most stars it leaves."""

    kind: str
    most_stars: int
    why: str


def refusals(draft: Violation, kinds: Iterable[ViolationKind]) -> tuple[Finding, ...]:
    """Why a violation cannot be entered, each with the mend; none: it can."""
    kind = next((kind for kind in kinds if kind.code == draft.kind), None)
    tests = (
        (kind is None, "unknown-kind", "方案里没有这类违规。请从方案列出的类别中选择。"),
        (
            kind is not None and kind.department not in ("", draft.department),
            "wrong-department",
            f"这类违规由{kind.department if kind else ''}认定，其他单位不能填报。请转主管部门办理。",
        ),
        (not draft.document.strip(), "no-document", "没有文书编号。请填写认定文书的文号。"),
        (not draft.clause.strip(), "no-clause", "没有依据条款。请填写所依据的法律、纪律条款。"),
        (
            draft.basis in ("petition", "complaint"),
            "petition",
            "依法信访、投诉不是违规，不得扣分、限星。请撤回；确有违规的，由主管部门依法依纪另行认定。",
        ),
        (draft.basis == "other", "not-established", "只收依法依纪认定的违规。请等主管部门作出认定后再填。"),
        (draft.about == "household", "household", "违规只针对干部和党组织，不对农户填报。请撤回。"),
    )
    return tuple(Finding(name, draft.subject, words) for failed, name, words in tests if failed)


def cautions(draft: Violation) -> tuple[Finding, ...]:
    """What a person should look at again before the violation is entered."""
    found = [word for word in PETITION_WORDS if word in draft.words]
    if not found:
        return ()
    words = f"说明中写到“{'、'.join(found)}”。请核对：依法信访、投诉本身不得作为违规。"
    return (Finding("petition-words", draft.subject, words),)


def caps(violations: Sequence[Violation], kinds: Iterable[ViolationKind]) -> tuple[Capped, ...]:
    """The caps that a subject's violations set, the strictest first; one that may not be entered sets none."""
    by_code = {kind.code: kind for kind in kinds}
    held = [row for row in violations if not refusals(row, by_code.values())]
    found = [Capped(row.kind, by_code[row.kind].most_stars, _words(by_code[row.kind], row)) for row in held]
    return tuple(sorted(set(found), key=lambda cap: (cap.most_stars, cap.kind, cap.why)))


def _words(kind: ViolationKind, row: Violation) -> str:
    return f"{kind.name}（{row.document}，{row.clause}），最多评 {kind.most_stars} 星"
