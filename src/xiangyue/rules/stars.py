"""Rule 9: stars by domains or bands, capped by violations, held to quotas, with what is missing for one star more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .domains import DomainMet, judge
from .numbers import show
from .settings import Quota, Rating
from .violations import Capped, Violation, caps

type Order = tuple[int, ...]
"""What candidates are ordered by, greatest first: the result, or domains met, items met, composite."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject to be rated: its composite's result (None: unrated), figures by indicator, violations in force."""

    code: str
    result: int | None = None
    figures: Mapping[str, int] = field(default_factory=dict)
    violations: Sequence[Violation] = ()


@dataclass(frozen=True, slots=True)
class StarLine:
    """A star number: its places (None: no quota), who has it, the lowest that kept it, and who is over or fell."""

    stars: int
    places: int | None
    n: int
    lowest: Order | None
    """The order figures of the lowest that kept the star; None when nobody has it."""
    excess: int = 0
    fell: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Stars:
    """A subject's stars and why; `stars` None: unrated. `earned` is before caps, `capped` before quotas."""

    code: str
    stars: int | None
    earned: int | None
    capped: int | None
    order: Order
    domains: tuple[DomainMet, ...]
    caps: tuple[Capped, ...]
    why: str
    missing: tuple[str, ...]
    """What is missing for one star more; of unmet domains any one suffices."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating: every subject's stars by code, and each star number's line, top down."""

    rating: str
    subjects: tuple[Stars, ...]
    lines: tuple[StarLine, ...]

    def count(self, stars: int) -> int:
        """How many have exactly so many stars."""
        return sum(row.stars == stars for row in self.subjects)

    def at_least(self, stars: int) -> int:
        """How many have so many stars or more."""
        return sum(row.stars is not None and row.stars >= stars for row in self.subjects)


class _Held(NamedTuple):
    """A rated candidate on its way down the scale."""

    code: str
    order: Order
    earned: int
    capped: int
    domains: tuple[DomainMet, ...]
    caps: tuple[Capped, ...]


def rate(candidates: Iterable[Candidate], rating: Rating) -> Rated:
    """The stars of all candidates of one category and group."""
    rows = sorted(candidates, key=lambda row: row.code)
    held = {row.code: _hold(row, rating) for row in rows if is_rated(row, rating)}
    lines, stars = _fall(list(held.values()), rating)
    by_stars = {line.stars: line for line in lines}
    told = tuple(
        _told(held[row.code], stars[row.code], by_stars, rating) if row.code in held else _unrated(row) for row in rows
    )
    return Rated(rating.code, told, tuple(lines))


def is_rated(candidate: Candidate, rating: Rating) -> bool:
    """Whether the candidate can have stars at all: rated in the composite, where the rating has one."""
    return candidate.result is not None or (rating.mode == "domains" and not rating.composite)


def places(quota: Quota, rated: int) -> int:
    """How many places a quota gives among so many rated: its number, or its share rounded down."""
    return quota.n if quota.n > 0 else rated * quota.per_mille // 1000


def _hold(candidate: Candidate, rating: Rating) -> _Held:
    result = candidate.result or 0
    domains = tuple(judge(domain, candidate.figures) for domain in rating.domains)
    if rating.mode == "bands":
        earned = max((band.stars for band in rating.bands if result >= band.floor), default=0)
        order: Order = (result,)
    else:
        earned = sum(domain.is_met for domain in domains)
        order = (earned, sum(domain.items_met for domain in domains), result)
    bounds = caps(candidate.violations, rating.violations)
    most = min((cap.most_stars for cap in bounds), default=earned)
    capped = max(step for step in rating.scale if step <= max(0, min(earned, most)))
    return _Held(candidate.code, order, earned, capped, domains, bounds)


def _fall(held: Sequence[_Held], rating: Rating) -> tuple[list[StarLine], dict[str, int]]:
    """From the top star down; who falls joins the next star's candidates."""
    quotas = {quota.stars: quota for quota in rating.quotas}
    lines: list[StarLine] = []
    stars: dict[str, int] = {}
    fallen: list[_Held] = []
    for step in reversed(rating.scale):
        here = [row for row in held if row.capped == step] + fallen
        quota = quotas.get(step) if step > 0 else None
        kept = _kept(here, None if quota is None else places(quota, len(held)), hard=quota is None or quota.hard)
        stars |= dict.fromkeys((row.code for row in kept), step)
        fallen = [row for row in here if row.code not in stars]
        lines.append(_line(step, quota, len(held), kept, fallen))
    return lines, stars


def _kept(here: Sequence[_Held], n: int | None, *, hard: bool) -> list[_Held]:
    """Who of the candidates keeps a star with n places; a group tied across the last falls or rises together."""
    if n is None or len(here) <= n:
        return list(here)
    orders = sorted((row.order for row in here), reverse=True)
    if hard:
        return [row for row in here if row.order > orders[n]]
    return [row for row in here if n > 0 and row.order >= orders[n - 1]]


def _line(step: int, quota: Quota | None, rated: int, kept: Sequence[_Held], fallen: Sequence[_Held]) -> StarLine:
    n = None if quota is None else places(quota, rated)
    lowest = min((row.order for row in kept), default=None)
    excess = max(0, len(kept) - n) if n is not None else 0
    words = f"{step} 星 {len(kept)} 个"
    if n is not None and quota is not None:
        words += f"，名额 {n} 个（{'不得突破' if quota.hard else '同分可超'}）"
    words += f"，超出 {excess} 个" if excess else ""
    words += f"，{len(fallen)} 个落到下一星" if fallen else ""
    return StarLine(step, n, len(kept), lowest, excess, tuple(sorted(row.code for row in fallen)), words)


def _unrated(candidate: Candidate) -> Stars:
    words = "本期没有成绩，不评星"
    return Stars(candidate.code, None, None, None, (), (), (), words, ("先要有考核成绩",))


def _told(row: _Held, stars: int, lines: Mapping[int, StarLine], rating: Rating) -> Stars:
    words = f"成绩 {show(row.order[0])}，在 {row.earned} 星档"
    if rating.mode == "domains":
        words = f"{len(row.domains)} 个方面中 {row.earned} 个全部达标"
    parts = [words, *(cap.why for cap in row.caps if cap.most_stars < row.earned)]
    parts += [_fell(lines[step]) for step in reversed(rating.scale) if stars < step <= row.capped]
    parts.append(f"评为 {stars} 星")
    missing = _missing(row, stars, lines, rating)
    return Stars(row.code, stars, row.earned, row.capped, row.order, row.domains, row.caps, "；".join(parts), missing)


def _fell(line: StarLine) -> str:
    return f"{line.stars} 星名额 {line.places} 个，按次序未能保住"


def _missing(row: _Held, stars: int, lines: Mapping[int, StarLine], rating: Rating) -> tuple[str, ...]:
    """What stands between the subject and the next star number of the scale."""
    following = min((step for step in rating.scale if step > stars), default=None)
    if following is None:
        return ()
    found = _domains_missing(row) if rating.mode == "domains" else _band_missing(row, following, rating)
    missing = list(found) if row.earned < following else []
    missing += [f"须先消除：{cap.why}" for cap in row.caps if cap.most_stars < following]
    line = lines[following]
    if line.fell:
        missing.append(f"{following} 星名额 {line.places} 个，{_lowest(line, rating)}")
    return tuple(missing)


def _domains_missing(row: _Held) -> list[str]:
    return [
        f"{domain.name}（补齐任何一个方面即可）：" + "；".join(unmet.why for unmet in domain.unmet)
        for domain in row.domains
        if not domain.is_met
    ]


def _band_missing(row: _Held, following: int, rating: Rating) -> list[str]:
    floor = min(band.floor for band in rating.bands if band.stars == following)
    return [f"成绩应达到 {show(floor)}，还差 {show(floor - row.order[0])}"]


def _lowest(line: StarLine, rating: Rating) -> str:
    if line.lowest is None:
        return "同分跨线，都没有保住"
    if rating.mode == "bands":
        return f"保住的最低成绩为 {show(line.lowest[0])}"
    domains, items, composite = line.lowest
    return f"保住的最低为 {domains} 个方面、{items} 项达标、成绩 {show(composite)}"
