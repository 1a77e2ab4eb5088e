"""Rule 17: who is drawn for unannounced inspections, reviews and re-checks, so that anyone can recompute it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

from .duty import slot_of
from .settings import DrawPlan

MOST_WEIGHT = 5
DAY = timedelta(days=1)


class Drawable(NamedTuple):
    """A subject of a plan: its stratum, its weight, and how often it was seen already (held against the cap)."""

    code: str
    stratum: str = ""
    weight: int = 1
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Lot:
    """A subject's key in hexadecimal, the i that gave it, its place in the stratum (0: at its cap), and whether drawn."""

    code: str
    stratum: str
    weight: int
    key: str
    i: int
    place: int
    is_drawn: bool
    why: str


def digest(*fields: str | int) -> str:
    """SHA-256 in hexadecimal of the fields in UTF-8, joined by a line feed; numbers in decimal."""
    return sha256("\n".join(str(field) for field in fields).encode()).hexdigest()


def commitment(secret: str) -> str:
    """The hash of the secret that is shown when the plan is made."""
    return digest(secret)


def seed(secret: str, public_number: str) -> str:
    """The seed: the secret and the public number, as it was published, joined and hashed."""
    return digest(secret, public_number)


def keeps_word(secret: str, committed: str) -> bool:
    """Whether the secret laid open is the one whose hash was shown at planning."""
    return commitment(secret) == committed.strip().lower()


def key(seed: str, plan: str, subject: str, weight: int = 1) -> tuple[str, int]:
    """The smallest of a subject's hashes over i = 1…weight, and that i."""
    return min((digest(seed, plan, subject, i), i) for i in range(1, max(1, weight) + 1))


def weight(seen_on: date, planned_on: date, *, recheck_due: bool = False) -> int:
    """1, +1 for each full quarter unseen, +1 when a re-check is due, at most 5.

    `seen_on`: when it was last seen, or for one never seen the day before it came into the register.
    """
    return min(MOST_WEIGHT, 1 + full_quarters(seen_on, planned_on) + int(recheck_due))


def full_quarters(seen_on: date, planned_on: date) -> int:
    """How many whole quarters lie between the two days, neither of them inside."""
    n, quarter = 0, slot_of("quarter", seen_on + DAY)
    if quarter.starts_on <= seen_on:
        quarter = slot_of("quarter", quarter.ends_on + DAY)
    while n < MOST_WEIGHT and quarter.ends_on < planned_on:
        n, quarter = n + 1, slot_of("quarter", quarter.ends_on + DAY)
    return n


def draw(subjects: Iterable[Drawable], plan: DrawPlan, seed: str) -> tuple[Lot, ...]:
    """Every subject's lot, by stratum and key; in each stratum the n smallest keys not at their cap are drawn."""
    held = sorted((row.stratum, *key(seed, plan.code, row.code, row.weight), row) for row in subjects)
    lots: list[Lot] = []
    places: dict[str, int] = {}
    for stratum, least, i, row in held:
        if 0 < plan.cap <= row.seen:
            words = f"已检查 {row.seen} 次，达到上限 {plan.cap} 次，不再抽取"
            lots.append(Lot(row.code, stratum, row.weight, least, i, 0, False, words))
            continue
        place = places[stratum] = places.get(stratum, 0) + 1
        chosen = place <= plan.n
        words = f"权重 {row.weight}，签号 {least[:8]}…，本组由小到大第 {place} 位，抽 {plan.n} 个，{'抽中' if chosen else '未抽中'}"
        lots.append(Lot(row.code, stratum, row.weight, least, i, place, chosen, words))
    return tuple(lots)


def drawn(lots: Iterable[Lot]) -> tuple[str, ...]:
    """The codes that were drawn, by code."""
    return tuple(sorted(lot.code for lot in lots if lot.is_drawn))
