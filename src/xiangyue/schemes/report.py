"""What `xiangyue scheme check` says of a file: its errors, or what it holds and what law says against it."""

from __future__ import annotations

from xiangyue.rules.settings import Scheme

from .errors import SchemeErrors
from .linter import lint
from .loader import load, load_bytes
from .meaning import COLLECTIONS


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
