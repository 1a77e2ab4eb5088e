"""Whole hundredths and the one rounding that every rule uses (domain.md 4)."""

from __future__ import annotations

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


def told(number: int | None, decimals: int = 0, unit: str = "") -> str:
    """A number with its point and unit: 8500 with two decimals and % as `85.00 %`; nothing as `—`."""
    if number is None:
        return "—"
    sign, digits = "-" if number < 0 else "", str(abs(number))
    if decimals > 0:
        digits = digits.rjust(decimals + 1, "0")
        digits = f"{digits[:-decimals]}.{digits[-decimals:]}"
    return f"{sign}{digits}{unit and ' '}{unit}"
