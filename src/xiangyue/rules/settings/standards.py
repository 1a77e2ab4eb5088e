"""What is checked by what: standards with their areas and items, and kinds of check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .setting import Setting

Level = Literal["county", "township", "village", "hamlet", "household", "public_place"]
ItemKind = Literal["deduct", "grade", "pass", "bonus", "zero"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Step(Setting):
    """A named deduction (or bonus) step of an item: `amount` hundredths each time, or `all` of the item."""

    code: str
    name: str
    amount: int = 0
    all: bool = False
    unit: str = "处"
    pictogram: str = ""
    """What stands on the button of this step; the item's pictogram when empty."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Grade(Setting):
    """One of the listed values of a `grade` item; the highest is the clean one."""

    code: str
    name: str
    points: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Item(Setting):
    """One line of a standard. `points` in hundredths; an item without points counts 1.00."""

    code: str
    name: str
    kind: ItemKind
    points: int = 100
    steps: tuple[Step, ...] = ()
    grades: tuple[Grade, ...] = ()
    not_applicable: bool = False
    """Whether a sheet may mark the item as not applicable."""
    fault: str = ""
    """What an inspector taps when it is wrong (乱垛柴草); the item's name when empty."""
    pictogram: str = ""
    photo: str = ""
    """Why a photo is asked for; empty: photos stay optional."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Area(Setting):
    """A group of items of a standard."""

    code: str
    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Standard(Setting):
    """A versioned tree of areas and items that subjects of one level are scored by."""

    code: str
    name: str
    subject: Level
    areas: tuple[Area, ...]
    standing: str = ""
    """示例,非官方 for drafted texts; shown wherever the standard is."""
    months: tuple[int, ...] = ()
    """Months of validity (1–12); empty: all year."""

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order of the standard."""
        return tuple(item for area in self.areas for item in area.items)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CheckKind(Setting):
    """A kind of check named by the scheme (日检查, 明察, 暗访 …)."""

    code: str
    name: str
    subject: Level
    standard: str
    layers: tuple[str, ...] = ()
    """Layers whose bearers make it, for the targets that they bear; empty: made by the office or a team."""
    self_check: bool = False
    """A daily kind made by those who bear the subject; any other kind may not be."""
    per_day: int = 1
    opinion: bool = False
