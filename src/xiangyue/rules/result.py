"""Rules 4 and 5: own, joint, paired, adjustments, result, and the mean of months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

from .component import Part
from .numbers import clamp, half_up, show


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A named, signed correction in hundredths with its reason and record."""

    amount: int
    name: str = ""
    reason: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The four figures of a subject (and the joint one), in hundredths, and why; all None: unrated."""

    own: int | None
    joint: int | None
    paired: int | None
    adjustments: int | None
    result: int | None
    why: str = ""


def own(parts: Iterable[Part]) -> int | None:
    """The weighted mean of the parts present; None when unrated."""
    total = weights = 0
    for part in parts:
        if part.value is not None:
            total += part.weight * part.value
            weights += part.weight
        elif part.required:
            return None
    return half_up(total, weights) if weights > 0 else None


@overload
def joined(own: int, partner_own: int | None, w: int) -> tuple[int | None, int]: ...
@overload
def joined(own: int | None, partner_own: int | None, w: int) -> tuple[int | None, int | None]: ...
def joined(own: int | None, partner_own: int | None, w: int) -> tuple[int | None, int | None]:
    """(joint, paired): without a partner, or with an unrated one, there is no joint and paired is own."""
    if own is None or partner_own is None:
        return None, own
    joint = half_up(own + partner_own, 2)
    return joint, half_up(w * joint + (100 - w) * own, 100)


def final(paired: int | None, adjustments: Sequence[int]) -> int | None:
    """The result: paired plus adjustments, brought once into 0…100.00; None for the unrated."""
    return None if paired is None else clamp(paired + sum(adjustments))


def of_months(results: Iterable[int | None], minimum: int) -> int | None:
    """The mean of the rated months; None when fewer than `minimum` of them (or none) are rated."""
    rated = [result for result in results if result is not None]
    return half_up(sum(rated), len(rated)) if rated and len(rated) >= minimum else None


def figures(own: int | None, partner_own: int | None, w: int, adjustments: Sequence[Adjustment] = ()) -> Figures:
    """All figures of a subject from its own figure, its live partner's and its adjustments."""
    if own is None:
        return Figures(None, None, None, None, None, "没有成绩：不排名、不上榜")
    joint, paired = joined(own, partner_own, w)
    amounts = [adjustment.amount for adjustment in adjustments]
    result = final(paired, amounts)
    words = [f"本身成绩 {show(own)}"]
    if joint is not None and partner_own is not None:
        words.append(f"与结对方（{show(partner_own)}）共同成绩 {show(joint)}")
        words.append(f"按 {w}% 计入共同成绩后 {show(paired)}")
    words += [f"{a.name or '调整'} {'+' if a.amount >= 0 else ''}{show(a.amount)}（{a.reason}）" for a in adjustments]
    if paired is not None and result != paired + sum(amounts):
        words.append("以 0 至 100 为限")
    words.append(f"考核结果 {show(result)}")
    return Figures(own, joint, paired, sum(amounts), result, "；".join(words))


def own_words(parts: Sequence[Part]) -> str:
    """The sum of the own figure written out, or why there is none."""
    missing = [part.name for part in parts if part.required and part.value is None]
    if missing:
        return f"必有的“{missing[0]}”缺项，没有成绩"
    present = [part for part in parts if part.value is not None]
    weights = sum(part.weight for part in present)
    value = own(parts)
    if value is None:
        return "权重合计为 0，没有成绩" if present else "各项都缺，没有成绩"
    total = " + ".join(f"{part.name} {show(part.value)} × {part.weight}" for part in present)
    return f"({total}) ÷ {weights} = {show(value)}"


def months_words(results: Sequence[tuple[str, int | None]], minimum: int) -> str:
    """The mean of months written out, from (month's key, result)."""
    rated = [(key, result) for key, result in results if result is not None]
    value = of_months([result for _, result in rated], minimum)
    if value is None:
        return f"有成绩的月份 {len(rated)} 个，不足 {minimum} 个，没有成绩"
    total = " + ".join(f"{key} {show(result)}" for key, result in rated)
    return f"({total}) ÷ {len(rated)} = {show(value)}"
