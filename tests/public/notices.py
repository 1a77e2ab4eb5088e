"""Published months of the cast, made by hand: results, boards, notices, without a close."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.cast import NOW, TODAY
from xiangyue.places.models import Place
from xiangyue.rules.days import parse_period
from xiangyue.standings.models import BoardEntry, BoardList, Closing, Period, Publication, Result, Standing

if TYPE_CHECKING:
    from tests.cast import Cast

DIGEST = "ab" * 32


def on_notice(
    cast: Cast, ground: Place, key: str = "2026-10", state: str = Closing.State.PROPOSED, version: int = 1
) -> Closing:
    """A closing of that period on notice until the day after tomorrow (or in force)."""
    assert cast.scheme is not None
    span = parse_period(key)
    period, _ = Period.objects.get_or_create(
        ground=ground, scheme=cast.scheme.code, key=key,
        defaults={"kind": span.kind, "starts_on": span.starts_on, "ends_on": span.ends_on},
    )  # fmt: skip
    publication = published(cast, ground, scheme=cast.scheme.code, key=key, state=state, version=version)
    return Closing.objects.create(
        period=period,
        publication=publication,
        version=version,
        state=state,
        scheme_version=cast.scheme,
        closed_at=NOW,
        proposed_at=None if state == Closing.State.CLOSED else NOW,
        notice_ends_on=TODAY + timedelta(days=2),
        in_force_at=NOW if state == Closing.State.IN_FORCE else None,
    )


def published(cast: Cast, ground: Place, *, scheme: str, key: str, state: str, version: int = 1) -> Publication | None:
    """The notice of a closing in that state; none for one that is only closed."""
    if state == Closing.State.CLOSED:
        return None
    return Publication.objects.create(
        kind="closing", ground=ground, key=f"{scheme}/{key}", version=version, title=f"{parse_period(key).name}考核结果",
        state=state, proposed_at=NOW, notice_days=3, notice_ends_on=TODAY + timedelta(days=2),
        in_force_at=NOW if state == Closing.State.IN_FORCE else None,
    )  # fmt: skip


def standing(closing: Closing, composite: str, level: str, results: list[tuple[Place, str, int | None]]) -> Standing:
    """A results table: (place, category, result in hundredths), ranked within the category; own = result."""
    row = Standing.objects.create(
        closing=closing, composite=composite, name=composite, level=level, digest=DIGEST,
        n_subjects=len(results), n_rated=sum(value is not None for _p, _c, value in results),
    )  # fmt: skip
    ranks = {(c, v): 1 + sum(o > v for _p, d, o in results if d == c and o is not None)
             for _p, c, v in results if v is not None}  # fmt: skip
    for place, category, value in results:
        Result.objects.create(
            standing=row, subject=place, category=category, own=value, paired=value, result=value,
            adjustments=0 if value is not None else None,
            rank=None if value is None else ranks[category, value],
            group_code=place.village.code if level == "household" and place.village else "",
            parts=[[value, 10, 10 * value]] if level == "household" and value is not None
            else [[None, 0, 0], [value, 2, 2 * value], [None, 0, 0], [None, 0, 0]] if value is not None else [],
            why="" if value is not None else "none",
        )  # fmt: skip
    return row


def board(
    table: Standing, code: str, group: Place, category: str, red: list[Place], black: list[Place]
) -> dict[str, BoardEntry]:
    """A board of that table; gives its entries by place code."""
    held = BoardList.objects.create(
        standing=table, board=code, name="红黑榜", group=group, category=category, pool=20,
        n_red=len(red), n_black=len(black), red_line=9500, black_line=8000,
    )  # fmt: skip
    found = {}
    for side, places in (("red", red), ("black", black)):
        for position, place in enumerate(places, 1):
            found[place.code] = BoardEntry.objects.create(
                board=held, side=side, subject=place, result=9600 if side == "red" else 7000, position=position
            )
    return found
