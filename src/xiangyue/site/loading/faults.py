"""What is wrong with the tables: where, in words, and the mend."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at a line (1-based, the heading is line 1) and column of a table."""

    table: str
    line: int
    column: str
    words: str
    mend: str

    def __str__(self) -> str:
        at = f"第 {self.line} 行" if self.line else "整表"
        column = f"“{self.column}”" if self.column else ""
        return f"{self.table} {at}{column}:{self.words}{self.mend}"


class LoadError(Exception):
    """The tables can't be loaded; nothing was stored."""

    def __init__(self, faults: list[Fault], more: int = 0) -> None:
        self.faults = faults
        self.more = more
        super().__init__("\n".join(str(fault) for fault in faults))


@dataclass
class Faults:
    """Collects faults; the first 200 in full, the rest counted."""

    found: list[Fault] = field(default_factory=list)
    more: int = 0

    def add(self, table: str, line: int, column: str, words: str, mend: str) -> None:
        """Note a fault."""
        if len(self.found) >= MOST:
            self.more += 1
            return
        self.found.append(Fault(table, line, column, words, mend))

    def about(self, table: str) -> bool:
        """Whether a fault of that table was found."""
        return any(fault.table == table for fault in self.found)

    def stop_if_any(self) -> None:
        """Raise what was found."""
        if self.found:
            raise LoadError(self.found, self.more)
