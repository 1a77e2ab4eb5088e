"""Whole hundredths and the one rounding that every rule uses (domain.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

FULL = 10_000
"""A full score: 100.00 in hundredths."""


def half_up(a: int, b: int) -> int:
    """`a / b` rounded half up (away from zero for a < 0), in the unit of `a`; `b` must be positive."""
    if b <= 0:
        raise ValueError(f"half_up divides by a positive number, not {b}")
    if a < 0:
        return -((-2 * a + b) // (2 * b))
    return (2 * a + b) // (2 * b)


def clamp(value: int, low: int = 0, high: int = FULL) -> int:
    """`value` brought into low…high."""
    return max(low, min(high, value))


def show(hundredths: int | None) -> str:
    """`8750` as `87.50`; nothing as `—`."""
    if hundredths is None:
        return "—"
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def pointed(number: int, decimals: int) -> str:
    """8500 with two decimals as `85.00`."""
    if decimals <= 0:
        return str(number)
    sign, digits = "-" if number < 0 else "", str(abs(number)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def legend(unit: str) -> Mapping[int, str]:
    """The words of a unit that names states (`1 有，0 无`), by number; nothing for a unit that is one."""
    return _legend(unit)


@lru_cache(maxsize=512)
def _legend(unit: str) -> Mapping[int, str]:
    # a county's rating asks for the same few units a hundred thousand times
    parts = [part.strip().partition(" ") for part in unit.split("，")]
    if not all(number.lstrip("-").isdigit() and word for number, _, word in parts):
        return MappingProxyType({})
    return MappingProxyType({int(number): word for number, _, word in parts})


def told(number: int | None, decimals: int = 0, unit: str = "") -> str:
    """A number with its point and unit: 8500 with two decimals and % as `85.00 %`; a state as its word, nothing as `—`."""
    if number is None:
        return "—"
    words = legend(unit)
    if words:
        return words.get(number, str(number))
    return f"{pointed(number, decimals)}{unit and ' '}{unit}"
