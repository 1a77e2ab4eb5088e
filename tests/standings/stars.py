"""A small scheme of stars on the cast's county, numbers of its villages, and short ways to enter more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from tests.cast import BEGIN, COUNTY, NOW, PEACH, STREET_VILLAGE, TODAY, WILLOW, Cast
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.places.models import Place
from xiangyue.rules.days import parse_period
from xiangyue.rules.settings import Scheme
from xiangyue.schemes import load
from xiangyue.standings.actions.indicators import Entry, enter_numbers
from xiangyue.standings.actions.ratings import give_stars
from xiangyue.standings.facts import Ground
from xiangyue.standings.ratings.models import StarRating

CODE = "stars"
NEW_YEAR = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
"""The first Monday after the year that is rated."""
TEXT = (Path(__file__).parent.parent / "fixtures" / "stars.toml").read_text(encoding="utf-8")
NUMBERS: dict[str, dict[str, int]] = {
    WILLOW: {"income": 215, "team": 22, "watch": 1, "trained": 14, "cleaners": 210},
    PEACH: {"income": 120, "team": 25, "watch": 0, "trained": 9, "cleaners": 200},
    STREET_VILLAGE: {"income": 30, "team": 20, "watch": 1},
}
"""What the places have for 2026."""


def publish(cast: Cast, text: str = TEXT) -> SchemeVersion:
    """The scheme in force on the county from the year's first day."""
    scheme = load(text)
    return SchemeVersion.objects.create(
        ground=cast.places[COUNTY], code=scheme.code, version=1, name=scheme.name, text=text, digest=digest_of(text),
        state=SchemeVersion.State.PUBLISHED, from_on=BEGIN, created_at=NOW, published_at=NOW,
    )  # fmt: skip


def scheme() -> Scheme:
    """The scheme of stars, parsed."""
    return load(TEXT)


def ground_of(cast: Cast) -> Ground:
    """The county as the facts ask for it."""
    county = cast.places[COUNTY]
    return Ground(county.pk, county.code, county.path)


def enter(
    cast: Cast,
    numbers: Mapping[str, Mapping[str, int | None]],
    key: str = "2026",
    document: str = "",
    now: datetime = NOW,
) -> int:
    """Numbers by place code and indicator."""
    held = scheme()
    by_code = {indicator.code: indicator for indicator in held.indicators}
    places = {row.code: row for row in Place.objects.filter(code__in=list(numbers))}
    entries = [
        Entry(places[code].pk, places[code].path, places[code].name, by_code[name], number, "", document)
        for code, row in numbers.items()
        for name, number in row.items()
    ]
    return enter_numbers(cast.users["county_office"].pk, ground_of(cast), held, parse_period(key), entries, now=now)


def rated(cast: Cast, code: str = "branch", key: str = "2026", reason: str = "") -> StarRating:
    """The rating given after the year is over."""
    return give_stars(cast.users["county_office"], cast.places[COUNTY], CODE, code, key, now=NEW_YEAR, reason=reason)


def stars_of(rating: StarRating) -> dict[str, int | None]:
    """Code → stars."""
    return dict(rating.rows.values_list("subject__code", "stars"))


def day(text: str) -> date:
    """2026-10-09 as a day."""
    return date.fromisoformat(text)


__all__ = ["CODE", "NEW_YEAR", "NUMBERS", "TODAY", "enter", "ground_of", "publish", "rated", "scheme", "stars_of"]
