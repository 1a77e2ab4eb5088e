"""What the linter finds, and a row of its table.

The readings are the product's own and need the county's legal office; every finding names its source and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from xiangyue.rules.settings import Scheme

if TYPE_CHECKING:
    from .lint_texts import Words

OWN_READING = "；本产品的理解，请县法制机构核定"
Severity = Literal["reject", "warn"]
Seen = Iterator[tuple[str, str]]
"""Where it stands (by codes), and what was seen, in words."""
Look = Callable[[Scheme], Seen]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: `reject` keeps a scheme from being put in force, `warn` is for the office to weigh."""

    id: str
    severity: Severity
    where: str
    source: str
    words: str
    mend: str

    def __str__(self) -> str:
        head = "不合规" if self.severity == "reject" else "提醒"
        return f"{head}[{self.id}] {self.where}：{self.words}。{self.mend}。依据：{self.source}{OWN_READING}。"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: what is looked for, its source and its mend."""

    id: str
    severity: Severity
    source: str
    mend: str
    look: Look | Words
    """Rows that are looked at, or words that are looked for in every text."""


PIPL = "《个人信息保护法》第13、25、28条"
LIGHT = "《整治形式主义为基层减负若干规定》（2024）"
FAIR = "程序正当原则；《行政处罚法》第44、45条的精神"
EVEN = "公平比较"
"""Sources that several rules stand on."""
