"""Rule 3: one weighted part of a composite, from sheets, from children's results, or from an indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .numbers import half_up, show, told
from .settings import Component, Indicator, Level

LEVEL_NAMES: dict[Level, str] = {
    "county": "县",
    "township": "乡镇",
    "village": "村",
    "hamlet": "屯",
    "household": "户",
    "public_place": "公共场所",
}


class SheetTotals(NamedTuple):
    """The counted sheets of one kind on one subject in a period; scores in hundredths, `last` by (day, made at, id)."""

    n: int
    total: int
    lowest: int
    highest: int
    last: int


class ChildTotals(NamedTuple):
    """The subjects of a level below: how many are due and rated, Σ result × weight, and Σ weight (of the rated)."""

    due: int
    rated: int
    total: int
    weight: int


@dataclass(frozen=True, slots=True)
class Part:
    """A component's figure for one subject; `value` None is missing; `total / n` is what it was made from."""

    code: str
    name: str
    weight: int
    value: int | None
    n: int
    total: int
    why: str
    required: bool = False


def sheets_value(take: str, totals: tuple[int, int, int, int, int]) -> int | None:
    """The figure of (n, total, lowest, highest, last) sheets; None without any."""
    n, total, lowest, highest, last = totals
    if n <= 0:
        return None
    if take == "mean":
        return half_up(total, n)
    return {"last": last, "min": lowest, "max": highest}[take]


def children_value(share: int, totals: tuple[int, int, int, int]) -> int | None:
    """The mean of the rated children; None when under `share` per cent of the due ones is rated."""
    due, rated, total, weight = totals
    if due <= 0 or rated <= 0 or weight <= 0 or rated * 100 < share * due:
        return None
    return half_up(total, weight)


def indicator_value(bands: tuple[tuple[int, int], ...], number: int | None) -> int | None:
    """The score of the highest band that the number reaches; 0 under all bands, None without a number."""
    if number is None:
        return None
    return max(((start, points) for start, points in bands if start <= number), default=(0, 0))[1]


def part_of_sheets(component: Component, totals: SheetTotals | None) -> Part:
    """The part made from sheets of one kind."""
    held = totals if totals is not None else SheetTotals(0, 0, 0, 0, 0)
    value = sheets_value(component.source.take, held)
    if value is None:
        why = f"{component.name}：本期没有检查，缺项"
    elif component.source.take == "mean":
        why = f"{component.name}：检查 {held.n} 次，合计 {show(held.total)}，平均 {show(value)}"
    else:
        words = {"last": "取最后一次", "min": "取最低一次", "max": "取最高一次"}[component.source.take]
        why = f"{component.name}：检查 {held.n} 次，{words}，{show(value)}"
    return _part(component, value, held.n, held.total, why)


def part_of_children(component: Component, totals: ChildTotals | None) -> Part:
    """The part made from the results of the level below."""
    held = totals if totals is not None else ChildTotals(0, 0, 0, 0)
    source = component.source
    value = children_value(source.share, held)
    below = LEVEL_NAMES[source.level] if source.level else "下级"
    seen = f"{component.name}：所辖应评的{below} {held.due} 个，有成绩的 {held.rated} 个"
    if value is None:
        why = f"{seen}，不足 {source.share}%，缺项" if held.due else f"{component.name}：没有应评的{below}，缺项"
    else:
        by = f"按户数加权（共 {held.weight} 户），加权合计" if source.by_households else "合计"
        why = f"{seen}，{by} {show(held.total)}，平均 {show(value)}"
    return _part(component, value, held.weight, held.total, why)


def part_of_indicator(component: Component, number: int | None, indicator: Indicator | None = None) -> Part:
    """The part mapped from a number by the scheme's bands; `indicator` says how the number is written."""
    value = indicator_value(component.source.bands, number)
    if value is None or number is None:
        return _part(component, None, 0, 0, f"{component.name}：没有填数，缺项")
    decimals, unit = (indicator.decimals, indicator.unit) if indicator else (0, "")
    start = max((start for start, _ in component.source.bands if start <= number), default=None)
    reached = f"达到 {told(start, decimals, unit)} 一档" if start is not None else "低于各档"
    words = f"{component.name}：数值 {told(number, decimals, unit)}，{reached}，得 {show(value)}"
    return _part(component, value, 1, number, words)


def _part(component: Component, value: int | None, n: int, total: int, why: str) -> Part:
    return Part(component.code, component.name, component.weight, value, n, total, why, component.required)
