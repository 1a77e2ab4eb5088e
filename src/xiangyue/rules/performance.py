"""Rule 12, what follows from a duty: a bearer's progress, outcomes, performance and pay factor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .days import Span
from .numbers import FULL, clamp, half_up, show
from .settings import FactorBand, PartWeight, Performance

BAND = 1_000
"""A band of first results: 10.00 wide, from 0.00 on."""
FEWEST_OWN = 5
FEWEST_LIKE = 20
VISITS = "visits"


class Way(NamedTuple):
    """A target's first result in the duty (or on the ground) and its result now; None: unrated."""

    target: str
    first: int | None
    result: int | None


@dataclass(frozen=True, slots=True)
class Likes:
    """What the ground's targets gained, read once for many bearers: band of the first result → how many, their gain."""

    bands: Mapping[int, tuple[int, int]]
    targets: Mapping[str, tuple[int, int]]
    """Target → its band and its gain."""

    def but(self, own: Iterable[str]) -> dict[int, tuple[int, int]]:
        """The bands without the targets that are a bearer's own."""
        bands = dict(self.bands)
        for target in own:
            if target in self.targets:
                band, gain = self.targets[target]
                n, total = bands[band]
                bands[band] = (n - 1, total - gain)
        return {band: held for band, held in bands.items() if held[0]}


@dataclass(frozen=True, slots=True)
class Progress:
    """A bearer's progress: own mean gain, the mean gain of like targets, and the figure; None: too few."""

    own: int
    like: int
    own_gain: int | None
    like_gain: int | None
    figure: int | None
    why: str


class Due(NamedTuple):
    """A problem's deadline, the day on which mending was verified, and whether it was reopened."""

    problem: str
    deadline: date
    verified_on: date | None = None
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in hundredths made from `total / n`; None: missing."""

    value: int | None
    n: int
    total: int
    why: str


@dataclass(frozen=True, slots=True)
class Performed:
    """A bearer's performance and pay factor (hundredths: 120 is 1.20), and why; performance None: none."""

    bearer: str
    figure: int | None
    factor: int | None
    parts: tuple[tuple[str, int, int | None], ...]
    """(Part, weight, figure) in the scheme's order."""
    why: str
    factor_why: str


def likes_of(ground: Iterable[Way]) -> Likes:
    """The gains of the ground's targets by the band of their first result."""
    bands: dict[int, tuple[int, int]] = {}
    targets: dict[str, tuple[int, int]] = {}
    for row in {row.target: row for row in ground}.values():
        if row.first is not None and row.result is not None:
            band, gain = row.first // BAND, row.result - row.first
            n, total = bands.get(band, (0, 0))
            bands[band] = (n + 1, total + gain)
            targets[row.target] = (band, gain)
    return Likes(bands, targets)


def progress(own: Iterable[Way], ground: Iterable[Way]) -> Progress:
    """How much further the bearer's targets came than like targets of the ground that are not the bearer's."""
    return progress_among(own, likes_of(ground))


def progress_among(own: Iterable[Way], ground: Likes) -> Progress:
    """The same against gains that were read once for all bearers of the ground."""
    mine = sorted({row.target: row for row in own}.values())
    likes = ground.but({row.target for row in mine})
    compared = [
        (row.result - row.first, likes[row.first // BAND])
        for row in mine
        if row.result is not None and row.first is not None and row.first // BAND in likes
    ]
    bands = {row.first // BAND for row in mine if row.first is not None and row.result is not None}
    n_like = sum(likes[band][0] for band in bands if band in likes)
    n = len(compared)
    if n < FEWEST_OWN or n_like < FEWEST_LIKE:
        words = f"可比的对象 {n} 个、同档对象 {n_like} 个，不足 {FEWEST_OWN} 个和 {FEWEST_LIKE} 个，太少，不作比较"
        return Progress(n, n_like, None, None, None, words)
    gain = half_up(sum(mean for mean, _ in compared), n)
    like = half_up(sum(half_up(total, held) for _, (held, total) in compared), n)
    figure = clamp(FULL // 2 + gain - like)
    words = f"50.00 + 自己 {n} 个对象平均变化 {show(gain)} - 同档 {n_like} 个对象平均变化 {show(like)} = {show(figure)}"
    return Progress(n, n_like, gain, like, figure, words)


def outcomes(results: Iterable[int | None]) -> Figure:
    """The mean result of the rated targets whose duty is live on the period's last day."""
    rated = [result for result in results if result is not None]
    value = half_up(sum(rated), len(rated)) if rated else None
    words = f"{len(rated)} 个对象成绩合计 {show(sum(rated))}，平均 {show(value)}" if rated else "对象都没有成绩，缺项"
    return Figure(value, len(rated), sum(rated), words)


def in_time(problems: Iterable[Due], period: Span) -> Figure:
    """Of the problems whose deadline lies in the period, those verified as mended by it and not reopened."""
    due = [row for row in problems if period.holds(row.deadline)]
    done = sum(_is_in_time(row) for row in due)
    if not due:
        return Figure(None, 0, 0, "本期没有到期的问题，缺项")
    value = half_up(FULL * done, len(due))
    return Figure(value, len(due), done, f"本期到期问题 {len(due)} 个，按期销号 {done} 个，{show(value)}%")


def performance(bearer: str, figures: Mapping[str, int | None], settings: Performance) -> Performed:
    """A bearer's performance from its parts' figures (by part code), visits held to 20 %, and the pay factor."""
    parts = tuple((part.code, part.weight, figures.get(part.code)) for part in settings.parts)
    missing = [part.name for part in settings.parts if part.required and figures.get(part.code) is None]
    if missing:
        value, words = None, f"必有的“{missing[0]}”缺项，没有成绩"
    else:
        value, words = _composite(settings.parts, figures)
    factor, because = pay_factor(value, settings)
    return Performed(bearer, value, factor, parts, words, because)


def pay_factor(figure: int | None, settings: Performance) -> tuple[int | None, str]:
    """The factor of the highest band reached, and why; None where the scheme has no bands."""
    if not settings.factors:
        return None, "方案没有绩效系数"
    if figure is None:
        return settings.unrated_factor, f"没有成绩，系数按 {show(settings.unrated_factor)}，不因缺少记录而减"
    band = max((band for band in settings.factors if band.floor <= figure), key=_floor, default=None)
    if band is None:
        lowest = min(settings.factors, key=_floor)
        return lowest.factor, f"成绩 {show(figure)}，低于各档，按最低一档 {show(lowest.factor)}"
    return band.factor, f"成绩 {show(figure)}，达到 {show(band.floor)} 一档，系数 {show(band.factor)}"


def _is_in_time(row: Due) -> bool:
    return not row.reopened and row.verified_on is not None and row.verified_on <= row.deadline


def _composite(parts: Sequence[PartWeight], figures: Mapping[str, int | None]) -> tuple[int | None, str]:
    """The weighted mean of the parts present; visits weigh at most a fifth of it."""
    present = [(part, value) for part in parts if (value := figures.get(part.code)) is not None and part.weight > 0]
    others = [(part, value) for part, value in present if part.code != VISITS]
    weights, total = sum(part.weight for part, _ in others), sum(part.weight * value for part, value in others)
    if weights <= 0:
        return None, "除走访外各项都缺，没有成绩；不单凭走访次数评价"
    terms = " + ".join(f"{part.name} {show(value)} × {part.weight}" for part, value in others)
    visit = next(((part, value) for part, value in present if part.code == VISITS), None)
    if visit is None:
        figure = half_up(total, weights)
        return figure, f"({terms}) ÷ {weights} = {show(figure)}"
    part, value = visit
    if part.weight * 4 <= weights:
        figure = half_up(total + part.weight * value, weights + part.weight)
        return (
            figure,
            f"({terms} + {part.name} {show(value)} × {part.weight}) ÷ {weights + part.weight} = {show(figure)}",
        )
    figure = half_up(4 * total + weights * value, 5 * weights)
    return figure, f"走访最多占 20%：({terms}) ÷ {weights} × 80% + {part.name} {show(value)} × 20% = {show(figure)}"


def _floor(band: FactorBand) -> int:
    return band.floor
