"""What is wrong in a scheme: each error names the line, the field and the mend, in words for a clerk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where a value stands in the file: keys, and places in lists counted from 0."""


@dataclass(frozen=True, slots=True, order=True)
class SchemeError:
    """One thing wrong in a scheme file; `line` counts from 1, `id` names the kind of error."""

    line: int
    field: str
    words: str
    mend: str
    id: str

    def __str__(self) -> str:
        place = f"第 {self.line} 行" + (f",{self.field}" if self.field else "")
        return f"{place}:{self.words}。{self.mend}。"


class SchemeErrors(Exception):
    """A scheme that cannot be read, with every error found in it, by line."""

    def __init__(self, errors: Iterable[SchemeError], source: str = "") -> None:
        self.errors: tuple[SchemeError, ...] = tuple(sorted(errors))
        self.source = source
        super().__init__(f"方案有 {len(self.errors)} 处错误")

    def __str__(self) -> str:
        head = f"{self.source}:" if self.source else ""
        return "\n".join([f"{head}方案有 {len(self.errors)} 处错误", *map(str, self.errors)])


def show_path(path: Path) -> str:
    """`("standards", 0, "code")` as `standards[0].code`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
