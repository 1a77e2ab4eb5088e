"""Long lists of villages folded by township: a county reads its townships, not five hundred lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

OPENED = 40
"""So many rows stand open at once; more are folded under their townships' names."""


@dataclass(frozen=True, slots=True)
class Part[T]:
    """A township's rows, and whether they stand open."""

    township: str
    rows: list[T]
    opened: bool

    @property
    def n(self) -> int:
        """How many rows."""
        return len(self.rows)


def by_township[T](rows: Iterable[T], township: Callable[[T], str], *, opened: int = 0) -> list[Part[T]]:
    """The rows under their townships' names, in their order (each township's rows stand together); `opened`: at most so many stand open."""
    grouped = [(name, list(held)) for name, held in groupby(rows, township)]
    is_open = len(grouped) == 1 or sum(len(held) for _name, held in grouped) <= (opened or OPENED)
    return [Part(name, held, is_open) for name, held in grouped]
