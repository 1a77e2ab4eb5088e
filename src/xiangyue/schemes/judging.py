"""What every judgement of a scheme's meaning needs: references, doubled codes, and silence about what was not read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from xiangyue.rules.settings import Level, Scheme

from .errors import Path
from .keys import CHOICES
from .reading import Found

RANK: dict[Level, int] = {"county": 0, "township": 1, "village": 2, "hamlet": 3, "household": 4, "public_place": 4}
"""How deep a level lies in the tree."""

LEVEL_NAMES: dict[Level, str] = {level: CHOICES[level] for level in RANK}


class Coded(Protocol):
    """A row that has a code and a name."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def name(self) -> str:
        """Its name."""


@dataclass(frozen=True, slots=True)
class Judge:
    """A scheme under judgement and the errors found in it."""

    scheme: Scheme
    found: Found

    def add(self, path: Path, id: str, words: str, mend: str, *, needs: Iterable[str] = ()) -> None:
        """Notes an error, unless what it rests on (the value, what is in it, its siblings `needs`) was not read."""
        rests = [path, *((*path[:-1], name) for name in needs)]
        for unread in self.found.unread:
            if any(unread[: len(one)] == one or one[: len(unread)] == unread for one in rests):
                return
        self.found.add(path, id, words, mend)

    def unique(self, path: Path, rows: Sequence[Coded], noun: str, id: str = "duplicate-code") -> None:
        """Notes every code that stands twice among `rows`, the list at `path`."""
        seen: set[str] = set()
        for at, row in enumerate(rows):
            if row.code in seen and row.code:
                words = f"{noun}代码“{row.code}”用了两次"
                self.add((*path, at, "code"), id, words, f"给“{row.name}”换一个代码，或删去重复的一个")
            seen.add(row.code)

    def refers(self, path: Path, code: str, collection: str, noun: str, id: str, *, optional: bool = False) -> bool:
        """Whether `code` is one of the scheme's `collection`; notes the error when it is not."""
        if optional and not code:
            return False
        codes: list[str] = [row.code for row in getattr(self.scheme, collection)]
        if code in codes:
            return True
        if not self._complete(collection):
            return False
        near = get_close_matches(code, codes, 1)
        known = "、".join(codes) or "（还没有）"
        mend = f"您要写的是不是“{near[0]}”？" if near else ""
        self.add(path, id, f"没有代码为“{code}”的{noun}", f"{mend}已有的{noun}：{known}")
        return False

    def _complete(self, collection: str) -> bool:
        """Whether every code of a list was read, so that a missing one is known to be missing."""
        under = [unread for unread in self.found.unread if unread[:1] == (collection,)]
        return not any(len(unread) < 3 or unread[2] == "code" for unread in under)
