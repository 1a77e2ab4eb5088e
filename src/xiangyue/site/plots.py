"""The geometry of the small pictures drawn as inline SVG: a line over periods, a strip of dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xiangyue.rules.numbers import show

WIDE, NARROW, HIGH = 640, 320, 200
SIDE, TOP, BOTTOM = 26, 26, 30
FIGURE_ROOM, LABEL_ROOM, FLOOR_ROOM = 46, 40, 56
STRIP_LEAST, DOT = 40, 5


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a picture: where, what it is called, its figure; whether name and figure stand beside it."""

    x: float
    y: float
    label: str
    shown: str
    named: bool = True
    told: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Trend:
    """A line picture: its dots, its runs (a gap for a missing figure), its base, a floor, and the same in words."""

    dots: tuple[Dot, ...] = ()
    lines: tuple[str, ...] = ()
    missing: tuple[Dot, ...] = ()
    floor_y: float | None = None
    floor_shown: str = ""
    words: str = ""
    wide: int = WIDE
    high: int = HIGH
    base: int = HIGH - BOTTOM


@dataclass(frozen=True, slots=True)
class Spread:
    """A strip of dots between two ends, with lowest, middle and highest told."""

    dots: tuple[Dot, ...] = ()
    marks: tuple[Dot, ...] = ()
    words: str = ""
    wide: int = WIDE
    high: int = STRIP_LEAST + 26
    base: int = STRIP_LEAST


def bounds(values: Sequence[int], room: int) -> tuple[int, int]:
    """The lowest and highest value with some air, never equal."""
    low, high = min(values), max(values)
    air = max((high - low) // 6, room)
    return low - air, high + air


def _figure(value: int, score: bool) -> str:
    return show(value) if score else f"{value:,}"


def _told(values: Sequence[tuple[int, int]], step: float) -> set[int]:
    """Which points carry their figure: the last, the first, highest, lowest, then the others, as there is room."""
    highest = max(values, key=lambda point: point[1])[0]
    lowest = min(values, key=lambda point: point[1])[0]
    others = [index for index, _ in values] if len(values) <= 7 else []
    told: set[int] = set()
    for index in (values[-1][0], values[0][0], highest, lowest, *others):
        if all(abs(index - other) * step >= FIGURE_ROOM for other in told):
            told.add(index)
    return told


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


def plot_trend(
    points: Sequence[tuple[str, int | None]], *, score: bool = True, floor: int | None = None, wide: int = WIDE
) -> Trend:
    """The line over `points`; a missing figure leaves a gap and is named at the base."""
    values = [(index, value) for index, (_, value) in enumerate(points) if value is not None]
    if not values:
        return Trend()
    low, high = bounds([*(value for _, value in values), *([] if floor is None else [floor])], 100 if score else 1)
    step = (wide - 2 * SIDE - (0 if floor is None else FLOOR_ROOM)) / max(1, len(points) - 1)
    told = _told(values, step)
    stride = -(-LABEL_ROOM // max(1, int(step)))

    def at(value: int) -> float:
        return round(TOP + (HIGH - TOP - BOTTOM) * (high - value) / (high - low), 1)

    dots, missing = [], []
    for index, (label, value) in enumerate(points):
        x, named = round(SIDE + step * index, 1), (len(points) - 1 - index) % stride == 0
        if value is None:
            missing.append(Dot(x, HIGH - BOTTOM, label, "—", named))
        else:
            dots.append((index, Dot(x, at(value), label, _figure(value, score), named, index in told)))
    return Trend(
        dots=tuple(dot for _, dot in dots),
        lines=_runs(dots),
        missing=tuple(missing),
        floor_y=None if floor is None else at(floor),
        floor_shown="" if floor is None else _figure(floor, score),
        words="，".join(f"{label} {'无' if value is None else _figure(value, score)}" for label, value in points),
        wide=wide,
    )


def plot_spread(
    points: Sequence[tuple[str, int]],
    *,
    own: str = "",
    low: int | None = None,
    high: int | None = None,
    wide: int = WIDE,
) -> Spread:
    """One dot a subject along the axis; dots that would cover each other are piled up."""
    if not points:
        return Spread()
    ordered = sorted(points, key=lambda point: (point[1], point[0]))
    least, most = bounds([value for _, value in ordered], 100)
    least, most = (least if low is None else low), (most if high is None else high)
    columns = [round((value - least) / max(1, most - least) * (wide - 40) / (DOT * 2 + 1)) for _, value in ordered]
    base = max(STRIP_LEAST, max(columns.count(column) for column in set(columns)) * DOT * 2 + 10)
    piles: dict[int, int] = {}
    dots = []
    for column, (name, value) in zip(columns, ordered, strict=True):
        piles[column] = piles.get(column, 0) + 1
        y = base - 8 - (piles[column] - 1) * DOT * 2
        dots.append(Dot(20 + column * (DOT * 2 + 1), y, name, show(value), own=name == own))
    middle = dots[len(dots) // 2]
    roomy = middle.x - dots[0].x >= 2 * FIGURE_ROOM and dots[-1].x - middle.x >= 2 * FIGURE_ROOM
    marks = (dots[0], middle, dots[-1]) if roomy else (dots[0], dots[-1])
    ends = f"最低 {dots[0].label} {dots[0].shown}，中间 {middle.shown}，最高 {dots[-1].label} {dots[-1].shown}"
    return Spread(tuple(dots), marks, f"共 {len(dots)} 个，{ends}", wide, base + 26, base)
