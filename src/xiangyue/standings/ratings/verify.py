"""Recomputes a rating from what it was worked out from and compares: digest, rows, entered numbers."""

from __future__ import annotations

from collections.abc import Iterable

from xiangyue.agreements.in_force import scheme_of
from xiangyue.rules.days import parse_period
from xiangyue.rules.numbers import show
from xiangyue.rules.rated import Contender, RatedGround, StarRow, digest, rate_ground
from xiangyue.standings.facts import version_name
from xiangyue.standings.ratings.models import IndicatorNumber, StarRating, StarRoster
from xiangyue.standings.ratings.models import StarRow as Stored
from xiangyue.standings.ratings.rating import with_units
from xiangyue.standings.ratings.store import unpack
from xiangyue.standings.totals import fetch
from xiangyue.standings.verify import SHOWN, Difference

NAMES = ("类别", "范围", "达标方面", "达标项", "成绩", "星级", "名次")


def ratings_to_verify(ground_id: int | None = None, key: str = "") -> list[StarRating]:
    """The ratings of a ground and period (of all), oldest first."""
    # those that a staged review gave are recomputed with the review, its deviations included
    rows = StarRating.objects.select_related("ground", "scheme_version").exclude(basis__startswith="review-")
    if ground_id is not None:
        rows = rows.filter(ground=ground_id)
    if key:
        rows = rows.filter(key=key)
    return list(rows.order_by("ground__code", "key", "code", "version"))


def verify_rating(row: StarRating) -> list[Difference]:
    """Every difference between what is stored and what the records give; none when all is well."""
    contenders = unpack(bytes(StarRoster.objects.get(rating=row).data))
    return [Difference(row.key, row.version, row.name, words) for words in _compare(row, contenders)]


def rated_again(row: StarRating, contenders: Iterable[Contender]) -> RatedGround:
    """A rating worked out anew by its own scheme version."""
    scheme = scheme_of(row.scheme_version)
    rating = with_units(next(held for held in scheme.ratings if held.code == row.code), scheme)
    stamp = version_name(scheme, row.scheme_version.version)
    return rate_ground(row.ground.code, stamp, parse_period(row.key).key, rating, contenders)


def _compare(row: StarRating, contenders: list[Contender]) -> Iterable[str]:
    rated, stored = rated_again(row, contenders), rows_of(row.pk)
    if rated.digest != row.digest:
        yield f"摘要不符：存的是 {row.digest[:12]}…，按记录重算是 {rated.digest[:12]}…。"
    stamp = version_name(scheme_of(row.scheme_version), row.scheme_version.version)
    if digest(row.ground.code, stamp, row.key, row.code, stored) != row.digest:
        yield "存下的星级与它自己的摘要不符，星级被改动过。"
    yield from _first([*_rows(rated.rows, stored), *_numbers(row, contenders), *_results(row, contenders)])


def _first(told: list[str]) -> Iterable[str]:
    yield from told[:SHOWN]
    if len(told) > SHOWN:
        yield f"另有 {len(told) - SHOWN} 处不符。"


def _rows(expected: Iterable[StarRow], stored: list[StarRow]) -> Iterable[str]:
    held = {row.code: row for row in stored}
    for row in expected:
        other = held.pop(row.code, None)
        if other is None:
            yield f"{row.code} 没有存下。"
            continue
        for name, right, kept in zip(NAMES, row[1:], other[1:], strict=True):
            if right != kept:
                yield f"{row.code} 的{name}存的是 {_said(name, kept)}，按记录是 {_said(name, right)}。"
    yield from (f"{code} 按记录不该有。" for code in held)


def _said(name: str, value: int | str | None) -> str:
    if value is None or value == "":
        return "空"
    return show(value) if name == "成绩" and isinstance(value, int) else str(value)


def _numbers(row: StarRating, contenders: list[Contender]) -> Iterable[str]:
    """Numbers that were entered: each must stand on file as it was taken, whatever superseded it since."""
    taken = {held.candidate.code: held.candidate.figures for held in contenders}
    wanted: dict[int, tuple[str, str]] = {}
    for code, figures in Stored.objects.filter(rating=row).values_list("subject__code", "figures"):
        for indicator, (number, entry) in figures.items():
            if taken.get(code, {}).get(indicator) != number:
                yield f"{code} 的指标 {indicator} 存的是 {number}，评定时用的是 {taken.get(code, {}).get(indicator)}。"
            if entry is not None:
                wanted[entry] = (code, indicator)
    rows = IndicatorNumber.objects.filter(ground=row.ground_id, scheme=row.scheme).values_list(
        "pk", "indicator", "number"
    )
    on_file = {pk: (indicator, number) for pk, indicator, number in rows if pk in wanted}
    for pk, (code, indicator) in sorted(wanted.items()):
        if on_file.get(pk) != (indicator, taken.get(code, {}).get(indicator)):
            yield f"{code} 的指标 {indicator} 与填报记录不符，填报记录被改动过。"


def _results(row: StarRating, contenders: list[Contender]) -> Iterable[str]:
    """Results of the closing that it was given on."""
    if row.closing_id is None:
        return
    scheme = scheme_of(row.scheme_version)
    composite = next(held.composite for held in scheme.ratings if held.code == row.code)
    rows = fetch(
        "SELECT p.code, r.result FROM standings_result r JOIN standings_standing s ON s.id = r.standing_id"
        " JOIN places_place p ON p.id = r.subject_id WHERE s.closing_id = %s AND s.composite = %s",
        [row.closing_id, composite],
    )
    on_file = dict(rows)
    for held in contenders:
        right, kept = on_file.get(held.candidate.code), held.candidate.result
        if right != kept:
            yield f"{held.candidate.code} 的成绩评定时用的是 {show(kept)}，考核结果里是 {show(right)}。"


def rows_of(rating: int) -> list[StarRow]:
    """The stored rows of a rating in the rules' form."""
    rows = fetch(
        "SELECT p.code, r.category, r.group_code, r.domains_met, r.items_met, r.result, r.stars, r.rank"
        " FROM standings_starrow r JOIN places_place p ON p.id = r.subject_id WHERE r.rating_id = %s",
        [rating],
    )
    # who has no stars has no other figure either
    return [
        StarRow(code, category, group, *(told if told[3] is not None else (None,) * len(told)))
        for code, category, group, *told in rows
    ]
