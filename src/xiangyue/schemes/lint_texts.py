"""Every text of a scheme that tells someone what to do or what counts, with where it stands; and looking for words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from xiangyue.rules.settings import Scheme, Standard

from .finding import Seen

EXEMPT = frozenset({"code", "standing", "approval", "owner", "ground", "narrows"})
"""Keys that name an office, a number or another row."""
HAN = re.compile("[一-鿿]")
NOT = "(?:不得|不准|不许|不能|不可|不应|严禁|禁止|绝不|从不|一律不|也不|均不)"
NEGATED = re.compile(
    f"{NOT}(?:"
    "(?:因|以|按|与)[^。；！？违否]{0,16}"
    "|(?:将|把|对|向|借|用|通过|采取)[^，。；！？违否]{0,16}"
    "|(?:违规)?(?:[^，。；！？违否者、]{1,8}、){0,4}[^，。；！？违否者、]{0,3}"
    ")$"
)
"""What stands before a word that is forbidden there: a rule that forbids it is lawful."""


def texts(scheme: Scheme) -> Seen:
    """Every text of the scheme, in the order of the language."""
    yield from _texts(scheme, "")


def _texts(row: Any, at: str) -> Seen:
    for one in fields(row):
        value = getattr(row, one.name)
        if one.name in EXEMPT:
            continue
        here = f"{at}.{one.name}" if at else one.name
        if isinstance(value, str):
            if HAN.search(value):
                yield (at or "name") if one.name == "name" else here, value
        elif is_dataclass(value):
            yield from _texts(value, here)
        elif isinstance(row, Standard) and one.name == "areas":
            yield from _areas(row, at)
        elif isinstance(value, tuple):
            yield from _listed(value, here)


def _listed(rows: tuple[Any, ...], here: str) -> Seen:
    for row in rows:
        if isinstance(row, str) and HAN.search(row):
            yield here, row
        elif is_dataclass(row):
            code = getattr(row, "code", "")
            yield from _texts(row, f"{here}[{code}]" if code else here)


def _areas(standard: Standard, at: str) -> Seen:
    """Items are named without their area, as people do."""
    for area in standard.areas:
        yield f"{at}.areas[{area.code}]", area.name
        for item in area.items:
            yield from _texts(item, f"{at}.items[{item.code}]")


@dataclass(frozen=True, slots=True)
class Words:
    """Words looked for in texts: not where `spared` covers them, nor (where `forbidding` counts) where they are forbidden."""

    wanted: re.Pattern[str]
    spared: re.Pattern[str] | None
    forbidding: bool

    def among(self, told: Iterable[tuple[str, str]]) -> Seen:
        """The texts that say them unlawfully."""
        for where, text in told:
            if match := self.first(text):
                yield where, f"“{shortened(text)}”里有“{match.group()}”"

    def first(self, text: str) -> re.Match[str] | None:
        """The first unlawful match in a text."""
        match = self.wanted.search(text)
        lawful = [one.span() for one in self.spared.finditer(text)] if match and self.spared else []
        while match:
            start, end = match.span()
            covered = any(low <= start and end <= high for low, high in lawful)
            if not covered and not (self.forbidding and NEGATED.search(text[:start])):
                return match
            match = self.wanted.search(text, start + 1)
        return None


def says(pattern: str, lawful: str = "", *, forbidding: bool = True) -> Words:
    """The words of a pattern, and the lawful uses of them."""
    return Words(re.compile(pattern), re.compile(lawful) if lawful else None, forbidding)


def shortened(text: str, most: int = 40) -> str:
    """A text as it can be quoted in a line."""
    return text if len(text) <= most else text[: most - 1] + "…"
