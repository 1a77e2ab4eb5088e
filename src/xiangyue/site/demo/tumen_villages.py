"""What is hidden behind Tumen's demo: how good each village is, and what whoever looks at it puts on the sheets.

Nothing of it is an outcome: sheets, votes and comments are captures. That one village comes to five stars, 23 to four and
48 of 50 to three or more follows by the rules from them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xiangyue.rules.settings import Item, Scheme
from xiangyue.rules.sheet import Entry
from xiangyue.site.demo.county import Village, brought_down

SEED = 2022_12
REPORTED = {"villages": 50, "five": 1, "four": 23, "below": 2, "matters": 62}
"""The report's figures for the whole city; below three stars are the other 4 %."""
ASSESSMENT = "D06"
MOST = 2
"""An item is marked down by at most so many grades: 优 → 良 → 中."""
WEAKEST = 4
"""So many of a village's items are marked down twice as often as the others."""
STRICT = {"222402101": 0.11, "222402103": -0.04}
"""Town → how much stricter its team looks than the others."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A village as it is."""

    village: Village
    order: int
    """0: the best of the city."""
    lost: int
    """Grades that the assessors' sheets together lose: each is 2 of 100 points on one of three sheets."""
    fate: str = ""
    """`over`: good for five stars in the files, not in its homes; `mended`: had a file missing; `capped`: a decision."""
    weak: tuple[str, ...] = ()
    """Items of the assessment, the weakest first."""

    @property
    def code(self) -> str:
        """The village's code."""
        return self.village.code

    @property
    def slack(self) -> float:
        """How often an item is not done as it should be."""
        return min(0.9, self.lost / 45) if self.order else 0.0


def scaled(what: str, n: int) -> int:
    """A reported figure brought down to so many villages, at least 1."""
    return brought_down(REPORTED, what, n)


def hidden_villages(scheme: Scheme, villages: Sequence[Village], year: int) -> list[Hidden]:
    """All villages as they are in the demo's first or a later year, the best first; from year to year places change."""
    rng = random.Random(f"{SEED}/{year}")
    order = sorted(villages, key=lambda village: village.code)
    random.Random(SEED).shuffle(order)
    moved = {village.code: at + year * rng.randrange(9) for at, village in enumerate(order)}
    order.sort(key=lambda village: moved[village.code])
    items = [item.code for item in scheme.standard(ASSESSMENT).items]
    rows = zip(order, _lost(len(order)), strict=True)
    return [
        Hidden(
            village,
            at,
            lost - (rng.randrange(3) if year and lost > 9 else 0),
            fate,
            tuple(rng.sample(items, len(items))),
        )
        for at, (village, (lost, fate)) in enumerate(rows)
    ]


def _lost(n: int) -> Iterator[tuple[int, str]]:
    """How much each village loses, the best first, and whose year takes a turn of its own."""
    five, four, below = scaled("five", n), scaled("four", n), scaled("below", n)
    for _ in range(five):
        yield 4, ""
    yield 7, "over"
    good = _ramp(8, 17, four - 2)
    yield from ((lost, "") for lost in good[: four * 2 // 3])
    yield 14, "capped"
    yield from ((lost, "") for lost in good[four * 2 // 3 :])
    yield 20, "mended"
    yield from ((lost, "") for lost in _ramp(20, 36, n - five - four - below))
    yield from ((lost, "") for lost in _ramp(45, 48, below - 1))


def _ramp(low: int, high: int, n: int) -> list[int]:
    return [low + (high - low) * at // max(1, n - 1) for at in range(n)]


def assessed(scheme: Scheme, row: Hidden, year: int, assessor: int, lost: int) -> tuple[Entry, ...]:
    """One assessor's sheet out of three that lose `lost` grades together; they differ, their sum does not."""
    rng = random.Random(f"{year}/{row.code}/assessed")
    shares = [lost // 3 + (n < lost % 3) for n in range(3)]
    if shares[-1] > 1:
        shares = [share + moved for share, moved in zip(shares, (1, 0, -1), strict=True)]
    rng.shuffle(shares)
    stock = [*row.weak, *row.weak[:WEAKEST]]
    rng = random.Random(f"{year}/{row.code}/assessed/{assessor}")
    down: dict[str, int] = {}
    while sum(down.values()) < shares[assessor]:
        item = rng.choice(stock)
        down[item] = min(MOST, down.get(item, 0) + 1)
    return _graded(scheme.standard(ASSESSMENT).items, down)


def seen(scheme: Scheme, row: Hidden, standard: str, year: int, who: str, bias: float = 0.0) -> tuple[Entry, ...]:
    """A sheet by somebody else: each item one or two grades down as often as the village is slack."""
    rng = random.Random(f"{year}/{row.code}/{standard}/{who}")
    chance = row.slack + (0.3 if row.fate == "over" else 0.0) + (bias if row.order else 0.0)
    down = {
        item.code: 1 + (rng.random() < row.slack / 3)
        for item in scheme.standard(standard).items
        if rng.random() < chance
    }
    return _graded(scheme.standard(standard).items, down)


def votes(row: Hidden, came: int, year: int) -> int:
    """How many of the jury vote for a village."""
    rng = random.Random(f"{year}/{row.code}/votes")
    against = row.slack * came * 0.6 + (2 if row.fate == "over" else 0)
    return max(0, came - round(against + (rng.random() if row.order else 0)))


def said(scheme: Scheme, row: Hidden) -> str:
    """What a department says of a village, from what is strongest and weakest in it."""
    names = {item.code: item.name for item in scheme.standard(ASSESSMENT).items}
    words = f"“{names[row.weak[-1]]}”做得扎实；“{names[row.weak[0]]}”还有差距"
    return f"{words}，请对照标准逐条整改，{names[row.weak[1]]}一并抓紧。"


def _graded(items: Sequence[Item], down: dict[str, int]) -> tuple[Entry, ...]:
    """The entries of items that lose so many grades."""
    rows = []
    for item in items:
        if steps := down.get(item.code, 0):
            grades = sorted(item.grades, key=lambda grade: -grade.points)
            rows.append(Entry(item.code, grade=grades[steps].code))
    return tuple(rows)
