"""A rating, a number, a violation and a watch-list entry on a county's ground: what addresses and desks name in tests."""

from __future__ import annotations

from typing import Any

from tests.cast import BEGIN, COUNTY, NOW, OTHER_COUNTY, OTHER_VILLAGE, PEACH, TODAY, WILLOW, Cast
from tests.standings.stars import CODE, TEXT
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.people.models import Organisation
from xiangyue.places.models import Place
from xiangyue.standings.ratings.models import EstablishedViolation, IndicatorNumber, StarRating, StarRow, WatchEntry


def version_of(cast: Cast, is_own: bool) -> SchemeVersion:
    """The scheme of stars, in force on the ground."""
    ground = ground_of(cast, is_own)
    text = TEXT.replace(COUNTY, ground.code)
    values = {"name": "示例星级方案", "text": text, "digest": digest_of(text), "from_on": BEGIN, "created_at": NOW}
    return SchemeVersion.objects.get_or_create(
        ground=ground, code=CODE, version=1, defaults={**values, "state": SchemeVersion.State.PUBLISHED}
    )[0]


def ground_of(cast: Cast, is_own: bool) -> Place:
    """The county."""
    return cast.places[COUNTY if is_own else OTHER_COUNTY]


def village_of(cast: Cast, is_own: bool) -> Place:
    """The village that the rows are about."""
    return cast.places[WILLOW if is_own else OTHER_VILLAGE]


def rating_of(cast: Cast, is_own: bool) -> StarRating:
    """A rating with one village's stars."""
    version = version_of(cast, is_own)
    row, made = StarRating.objects.get_or_create(
        ground=ground_of(cast, is_own), scheme=CODE, code="branch", key="2026", version=1,
        defaults={"name": "三星支部", "level": "village", "scheme_version": version, "digest": "0" * 64, "rated_at": NOW},
    )  # fmt: skip
    if made:
        from xiangyue.standings.ratings.models import StarRoster
        from xiangyue.standings.ratings.store import pack

        StarRoster.objects.create(rating=row, data=pack([]))
        StarRow.objects.create(rating=row, subject=village_of(cast, is_own), stars=2, rank=1, figures={})
    return row


def number_of(cast: Cast, is_own: bool) -> Any:
    """The key of a number of a village (and, on own ground, one more of another village)."""
    version_of(cast, is_own)
    values = {"ends_on": "2026-12-31", "number": 22, "entered_at": NOW, "source": "队伍名册"}
    if is_own:
        IndicatorNumber.objects.get_or_create(
            ground=ground_of(cast, True), scheme=CODE, indicator="team", key="2026", place=cast.places[PEACH],
            defaults=values,
        )  # fmt: skip
    return IndicatorNumber.objects.get_or_create(
        ground=ground_of(cast, is_own), scheme=CODE, indicator="income", key="2026", place=village_of(cast, is_own),
        defaults=values,
    )[0].pk  # fmt: skip


def violation_of(cast: Cast, is_own: bool) -> Any:
    """The key of a violation in force (and, on own ground, one more of another village)."""
    version_of(cast, is_own)
    unit = cast.organisations["D01"] if is_own else Organisation.objects.get_or_create(
        code="D98", defaults={"name": "西岭县示例局", "kind": "department", "place": ground_of(cast, False), "from_on": BEGIN}
    )[0]  # fmt: skip
    values = {"department": unit, "clause": "第七条", "from_on": TODAY, "to_on": "2026-12-31", "entered_at": NOW}
    if is_own:
        EstablishedViolation.objects.get_or_create(
            ground=ground_of(cast, True), scheme=CODE, kind="discipline", subject=cast.places[PEACH],
            document="示纪〔2026〕4号", defaults=values,
        )  # fmt: skip
    return EstablishedViolation.objects.get_or_create(
        ground=ground_of(cast, is_own), scheme=CODE, kind="discipline", subject=village_of(cast, is_own),
        document="示纪〔2026〕3号", defaults=values,
    )[0].pk  # fmt: skip


def watch_of(cast: Cast, is_own: bool) -> Any:
    """The key of a standing entry (and, on own ground, one more of another village)."""
    version_of(cast, is_own)
    values = {"basis": "示组〔2026〕2号认定", "to_on": "2027-05-20", "entered_at": NOW}
    if is_own:
        WatchEntry.objects.get_or_create(
            ground=ground_of(cast, True), scheme=CODE, watch_list="weak", place=cast.places[PEACH], from_on=BEGIN,
            defaults={**values, "turned_on": TODAY},
        )  # fmt: skip
    return WatchEntry.objects.get_or_create(
        ground=ground_of(cast, is_own), scheme=CODE, watch_list="weak", place=village_of(cast, is_own), from_on=TODAY,
        defaults=values,
    )[0].pk  # fmt: skip


def _ground(cast: Cast, is_own: bool) -> str:
    return version_of(cast, is_own).ground.code


def _rating(cast: Cast, is_own: bool) -> Any:
    return rating_of(cast, is_own).pk


def _place(cast: Cast, is_own: bool) -> str:
    return cast.places["990100100" if is_own else "990200100"].code


RATINGS = ("rating", "rating_subject", "propose_rating", "verify_rating")
ADDRESSES: dict[tuple[str, str], Any] = {
    **{(f"standings:{name}", "pk"): _rating for name in RATINGS},
    **{(f"standings:{name}", "ground"): _ground for name in ("rate", "indicator_grid", "publish_watch")},
    **{
        (f"standings:{name}", "scheme"): lambda cast, is_own: CODE
        for name in ("rate", "indicator_grid", "publish_watch")
    },
    ("standings:rate", "rating"): lambda cast, is_own: "branch",
    ("standings:rate", "key"): lambda cast, is_own: "2026",
    ("standings:indicator_grid", "key"): lambda cast, is_own: "2026",
    ("standings:indicator_grid", "place"): _place,
    ("standings:publish_watch", "code"): lambda cast, is_own: "weak",
    ("standings:lift", "pk"): violation_of,
    ("standings:turn", "pk"): watch_of,
}
"""(Address, parameter) → the row it names."""
