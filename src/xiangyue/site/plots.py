"""The geometry of the small pictures drawn as inline SVG: a line over periods, a strip of dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xiangyue.rules.numbers import show

WIDE, HIGH = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 16, 60, 26, 30
STRIP_WIDE, STRIP_HIGH, DOT = 640, 76, 5


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a picture: where, what it is called, its figure as shown, whether it is told in words."""

    x: float
    y: float
    label: str
    shown: str
    told: bool
    anchor: str = "middle"
    own: bool = False


@dataclass(frozen=True, slots=True)
class Trend:
    """A line picture: its dots, its runs (a gap for a missing figure), its base, a floor, and the same in words."""

    dots: tuple[Dot, ...]
    lines: tuple[str, ...]
    missing: tuple[Dot, ...]
    floor_y: float | None
    floor_shown: str
    words: str
    wide: int = WIDE
    high: int = HIGH
    base: int = HIGH - BOTTOM
    right: int = WIDE - RIGHT


@dataclass(frozen=True, slots=True)
class Spread:
    """A strip of dots between two ends, with lowest, middle and highest told."""

    dots: tuple[Dot, ...]
    marks: tuple[Dot, ...]
    words: str
    wide: int = STRIP_WIDE
    high: int = STRIP_HIGH
    base: int = STRIP_HIGH - 26


def bounds(values: Sequence[int], room: int) -> tuple[int, int]:
    """The lowest and highest value with some air, never equal."""
    low, high = min(values), max(values)
    air = max((high - low) // 6, room)
    return low - air, high + air


def _figure(value: int, score: bool) -> str:
    return show(value) if score else f"{value:,}"


def _told(index: int, points: Sequence[tuple[str, int | None]], present: Sequence[int]) -> bool:
    """First, last, lowest and highest are told in figures; in a short line all are."""
    if len(present) <= 7:
        return True
    values = [points[i][1] or 0 for i in present]
    extremes = {present[values.index(min(values))], present[values.index(max(values))]}
    return index in {present[0], present[-1]} | extremes


def _runs(dots: Sequence[tuple[int, Dot]]) -> tuple[str, ...]:
    """SVG paths through neighbours; a missing period breaks the line."""
    runs: list[list[Dot]] = []
    before = -2
    for index, dot in dots:
        if index != before + 1:
            runs.append([])
        runs[-1].append(dot)
        before = index
    return tuple("M" + "L".join(f"{dot.x:g} {dot.y:g}" for dot in run) for run in runs if len(run) > 1)


def plot_trend(points: Sequence[tuple[str, int | None]], *, score: bool = True, floor: int | None = None) -> Trend:
    """The line over `points`; a missing figure leaves a gap and is named at the base."""
    present = [i for i, (_, value) in enumerate(points) if value is not None]
    values = [value for _, value in points if value is not None]
    if not values:
        return Trend((), (), (), None, "", "")
    low, high = bounds([*values, *([floor] if floor is not None else [])], 100 if score else 1)
    step = (WIDE - LEFT - RIGHT) / max(1, len(points) - 1)

    def at(value: int) -> float:
        return round(TOP + (HIGH - TOP - BOTTOM) * (high - value) / (high - low), 1)

    dots, missing = [], []
    for i, (label, value) in enumerate(points):
        x = round(LEFT + step * i + 14, 1)
        if value is None:
            missing.append(Dot(x, HIGH - BOTTOM, label, "—", True))
        else:
            dots.append((i, Dot(x, at(value), label, _figure(value, score), _told(i, points, present))))
    words = ",".join(f"{label} {'无' if value is None else _figure(value, score)}" for label, value in points)
    floor_y = None if floor is None else at(floor)
    floor_shown = "" if floor is None else _figure(floor, score)
    return Trend(tuple(d for _, d in dots), _runs(dots), tuple(missing), floor_y, floor_shown, words)


def plot_spread(
    points: Sequence[tuple[str, int]], *, own: str = "", low: int | None = None, high: int | None = None
) -> Spread:
    """One dot a subject along the axis; dots that would cover each other are piled up."""
    if not points:
        return Spread((), (), "")
    ordered = sorted(points, key=lambda point: (point[1], point[0]))
    least, most = bounds([value for _, value in ordered], 100)
    least, most = (least if low is None else low), (most if high is None else high)
    base = STRIP_HIGH - 26
    piles: dict[int, int] = {}
    dots = []
    for name, value in ordered:
        share = (value - least) / max(1, most - least)
        column = round(share * (STRIP_WIDE - 40) / (DOT * 2 + 1))
        piles[column] = piles.get(column, 0) + 1
        x = 20 + column * (DOT * 2 + 1)
        y = max(DOT, base - 8 - (piles[column] - 1) * (DOT * 2))
        dots.append(Dot(x, y, name, show(value), False, own=name == own))
    middle = dots[len(dots) // 2]
    marks = (dots[0], middle, dots[-1]) if len({dots[0].x, middle.x, dots[-1].x}) == 3 else (dots[0], dots[-1])
    ends = f"最低 {dots[0].label} {dots[0].shown},中间 {middle.shown},最高 {dots[-1].label} {dots[-1].shown}"
    words = f"共 {len(dots)} 个,{ends}"
    return Spread(tuple(dots), marks, words)
