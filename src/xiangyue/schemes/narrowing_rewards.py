"""Whether a township's indicators, stars, reviews, rewards and caps only narrow its county's.

The county goes on running its own ratings, reviews and rewards, so a township need not repeat them; what it does repeat, by
its code, may ask for more of a place and never take away a right, a notice or a limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from xiangyue.rules import settings as s

from .differ import shown
from .keys import KEYS, TITLES

Test = Callable[[Any, Any], bool]
"""(County's value, township's value) → whether the township's is at least as strict."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How a township's value may differ, and what the clerk is told to write."""

    test: Test
    mend: str


def _fewer(county: Any, township: Any) -> bool:
    """As many or fewer, where 0 is no limit."""
    return bool(county == 0 or 0 < township <= county)


def _gentler(county: Any, township: Any) -> bool:
    """Points: a deduction is not larger, a grant not larger."""
    return bool(county <= township <= 0) if county < 0 else bool(0 < township <= county)


SAME = Bound(lambda county, township: bool(county == township), "与县里一致，写{}")
MORE = Bound(lambda county, township: bool(township >= county), "至少写{}")
LESS = Bound(lambda county, township: bool(township <= county), "至多写{}")
FEWER = Bound(_fewer, "至多写{}，不写 0")
GENTLER = Bound(_gentler, "不超过县里的{}")
FEWER_NAMED = Bound(lambda county, township: set(township) <= set(county), "只从县里的里面选：{}")
ALL = Bound(lambda county, township: set(county) <= set(township), "至少写上县里的：{}")

BOUNDS: dict[type[Any], dict[str, Bound]] = {
    s.Indicator: dict.fromkeys(("level", "unit", "decimals", "period", "stands", "counted"), SAME),
    s.Rating: {
        **dict.fromkeys(("mode", "composite", "level", "period", "group", "categories"), SAME),
        **dict.fromkeys(("domains", "violations"), ALL),
    },
    s.Domain: {"thresholds": ALL},
    s.Threshold: dict.fromkeys(("indicator", "reaches", "item", "unit", "decimals"), SAME),
    s.ViolationKind: {"most_stars": LESS, "department": SAME},
    s.Review: {"rating": SAME, "mode": SAME, "stages": ALL, "times": MORE},
    s.ReviewStage: {
        **dict.fromkeys(("kind", "weight", "components", "ballot", "ballot_weight"), SAME),
        "notice_days": MORE,
    },
    s.WatchList: {"level": SAME, "basis": SAME, "months": LESS},
    s.Performance: {
        **dict.fromkeys(("layer", "parts", "factors", "period", "composite"), SAME),
        "unrated_factor": MORE,
    },
    s.Grading: dict.fromkeys(("basis", "of", "category", "post", "grades"), SAME),
    s.Honour: {
        **dict.fromkeys(("level", "composite", "given_by"), SAME),
        **dict.fromkeys(("give_floor", "floor"), MORE),
        "places": FEWER,
        "periods": LESS,
        "causes": ALL,
    },
    s.Award: dict.fromkeys(("composite", "category", "classes"), SAME),
    s.IncentiveRule: {**dict.fromkeys(("pick", "group", "per_head"), SAME), "amount": LESS},
    s.PointsRule: {"points": GENTLER, "most": FEWER, "every": SAME, "cure_days": MORE},
    s.Commendation: {"pick": SAME, "layers": SAME, "least": MORE},
    s.Goal: {**dict.fromkeys(("level", "measure", "of", "unit", "decimals", "stage"), SAME), "least": MORE},
    s.DrawPlan: {"n": MORE, "cap": SAME},
    s.ProblemKind: {
        **dict.fromkeys(("days", "look_weeks"), LESS),
        "look_share": MORE,
        "verifiers": FEWER_NAMED,
        "closes": SAME,
        "escalations": ALL,
        **dict.fromkeys(("check_kinds", "faults"), ALL),
    },
    s.InspectionKind: {
        **dict.fromkeys(("manner", "checks", "draw", "strata"), SAME),
        "shown_hour": LESS,
        "object_days": MORE,
    },
    s.Burden: dict.fromkeys(("minutes_week", "inspections_month", "visits_month", "forms_month"), FEWER),
}
"""What of a row may differ and how; a list of rows that is not named here may have more or fewer of them."""

REPEATED = (
    "indicators", "ratings", "reviews", "watch_lists", "performances", "gradings", "honours", "awards", "incentives",
    "points", "commendations", "goals", "draws", "problem_kinds", "inspections",
)  # fmt: skip


def loosened(county: s.Scheme, township: s.Scheme) -> Iterator[tuple[str, str, str]]:
    """(Where, words, mend) of everything in these sections in which the township's scheme loosens the county's."""
    for collection in REPEATED:
        yield from _rows(getattr(county, collection), getattr(township, collection), collection)
    yield from _row(county.burden, township.burden, "burden")


def _rows(county: tuple[Any, ...], township: tuple[Any, ...], at: str) -> Iterator[tuple[str, str, str]]:
    own = {row.code: row for row in township}
    for row in county:
        if row.code in own:
            yield from _row(row, own[row.code], f"{at}[{row.code}]")


def _row(county: Any, township: Any, at: str) -> Iterator[tuple[str, str, str]]:
    bounds = BOUNDS.get(type(county), {})
    for one in fields(county):
        before, after = getattr(county, one.name), getattr(township, one.name)
        here = f"{at}.{one.name}"
        bound = bounds.get(one.name)
        if bound is ALL:
            yield from _missing(before, after, here)
        elif bound is not None and not bound.test(before, after):
            title = KEYS[type(county)][one.name].title
            was, now = (shown(value, type(county), one.name) for value in (before, after))
            yield here, f"{_named(county)}的{title}县里是{was}，这里是{now}", bound.mend.format(was)
        if bound is not SAME and isinstance(before, tuple) and before and hasattr(before[0], "code"):
            yield from _rows(before, after, here)
    yield from _numbers(county, township, at)


def _missing(before: tuple[Any, ...], after: tuple[Any, ...], here: str) -> Iterator[tuple[str, str, str]]:
    """What of the county's list the township's does not have."""
    own = {_key(row) for row in after}
    for row in before:
        if _key(row) not in own:
            yield here, f"少了县里的{_named(row)}", "照县里的补上，可以增加"


def _key(row: Any) -> str:
    return str(row.code) if is_dataclass(row) and hasattr(row, "code") else str(row)


def _named(row: Any) -> str:
    if not is_dataclass(row):
        return f"“{row}”"
    name = getattr(row, "name", "")
    title = TITLES[type(row)]
    return f"{title}“{name}”" if name else title


def _numbers(county: Any, township: Any, at: str) -> Iterator[tuple[str, str, str]]:
    """Thresholds, bands and quotas, whose direction depends on what stands beside them."""
    if isinstance(county, s.Threshold) and county.reaches == township.reaches:
        yield from _threshold(county, township, at)
    if isinstance(county, s.Rating) and county.mode == township.mode:
        yield from _bands(county, township, at)
        yield from _quotas(county, township, at)


def _threshold(county: s.Threshold, township: s.Threshold, at: str) -> Iterator[tuple[str, str, str]]:
    if county.reaches == "one_of":
        loose = not set(township.values) <= set(county.values)
        name = "values"
    else:
        higher = township.value - county.value
        loose = higher < 0 if county.reaches == "at_least" else higher > 0
        name = "value"
    if loose:
        was = shown(getattr(county, name), s.Threshold, name)
        yield f"{at}.{name}", f"达标线“{county.name}”比县里的{was}宽", f"不宽于县里的{was}"


def _bands(county: s.Rating, township: s.Rating, at: str) -> Iterator[tuple[str, str, str]]:
    floors = {band.stars: band.floor for band in township.bands}
    for band in county.bands:
        floor = floors.get(band.stars)
        if floor is None or floor < band.floor:
            was = shown(band.floor, s.StarBand, "floor")
            yield f"{at}.bands", f"“{county.name}”{band.stars} 星的起评分低于县里的{was}，或没有写", f"至少写{was}"


def _quotas(county: s.Rating, township: s.Rating, at: str) -> Iterator[tuple[str, str, str]]:
    own = {quota.stars: quota for quota in township.quotas}
    for quota in county.quotas:
        mine = own.get(quota.stars)
        kept = mine and bool(mine.n) == bool(quota.n) and mine.n <= quota.n and mine.per_mille <= quota.per_mille
        if not kept or (mine and quota.hard and not mine.hard):
            yield f"{at}.quotas", f"“{county.name}”{quota.stars} 星的名额比县里宽", "照县里的写，可以更少"
