"""What `xiangyue scheme check` and `lint` say of a file: its errors, or what it holds and what law says against it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from xiangyue.rules.settings import Scheme

from .errors import SchemeError, SchemeErrors
from .finding import OWN_READING, Finding
from .linter import lint
from .loader import load, load_bytes
from .meaning import COLLECTIONS
from .positions import Positions
from .where import finding_path


def check_report(source: str | bytes) -> tuple[bool, tuple[str, ...]]:
    """Whether a scheme (a text, or a file's bytes) can be put in force, and the lines that say why or why not."""
    try:
        scheme = load(source) if isinstance(source, str) else load_bytes(source)
    except SchemeErrors as errors:
        head = f"方案不能用，有 {len(errors.errors)} 处错误："
        return False, (head, *map(str, errors.errors))
    findings = lint(scheme)
    rejected = sum(finding.severity == "reject" for finding in findings)
    verdict = f"写法正确，但有 {rejected} 处不合规，不能施行。" if rejected else "写法正确，可以施行。"
    return not rejected, (summary(scheme), *map(str, findings), verdict)


def summary(scheme: Scheme) -> str:
    """What a scheme holds, in one line."""
    held = ((noun, len(getattr(scheme, name))) for name, noun in COLLECTIONS.items())
    counts = "，".join(f"{noun} {n}" for noun, n in held if n) or "还没有内容"
    standing = f"（{scheme.standing}）" if scheme.standing else ""
    return f"方案“{scheme.name}”{standing}，辖区 {scheme.ground}：{counts}。"


@dataclass(frozen=True, slots=True)
class Linted:
    """What is wrong in a file, or what is found in it, each with its line."""

    errors: tuple[SchemeError, ...] = ()
    findings: tuple[tuple[int, Finding], ...] = ()

    @property
    def rejected(self) -> int:
        """How many findings keep it from being put in force."""
        return sum(finding.severity == "reject" for _, finding in self.findings)

    @property
    def passes(self) -> bool:
        """Whether it can be put in force."""
        return not self.errors and not self.rejected

    def lines(self) -> tuple[str, ...]:
        """All of it in words for a clerk."""
        if self.errors:
            return (f"方案不能用，有 {len(self.errors)} 处错误：", *map(str, self.errors))
        told = (line for at, finding in self.findings for line in finding_lines(at, finding))
        warned = len(self.findings) - self.rejected
        verdict = "，不能施行。" if self.rejected else "，可以施行。"
        return (*told, f"不合规 {self.rejected} 处，提醒 {warned} 处{verdict}")

    def data(self) -> dict[str, Any]:
        """All of it for programs."""
        return {
            "passes": self.passes,
            "errors": [asdict(error) for error in self.errors],
            "findings": [{"line": at, **asdict(finding)} for at, finding in self.findings],
        }


def lint_report(data: bytes) -> Linted:
    """What is wrong in a file's bytes or, when nothing is, what law and good government say against it."""
    try:
        scheme = load_bytes(data)
    except SchemeErrors as errors:
        return Linted(errors=errors.errors)
    positions = Positions(data.decode("utf-8").removeprefix("\ufeff"))
    found = ((positions.line(finding_path(scheme, finding.where)), finding) for finding in lint(scheme))
    return Linted(findings=tuple(found))


def finding_lines(at: int, finding: Finding) -> tuple[str, ...]:
    """A finding on three lines: what, the mend, the source."""
    head = "不合规" if finding.severity == "reject" else "提醒"
    return (
        f"{head}[{finding.id}] 第 {at} 行，{finding.where}：{finding.words}。",
        f"    怎么改：{finding.mend}。",
        f"    依据：{finding.source}{OWN_READING}。",
    )
