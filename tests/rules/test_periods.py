"""Rule 2, from docs/rules/periods.md."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, rows, words
from xiangyue.rules import days
from xiangyue.rules.counting import Made, last_of, replaced
from xiangyue.rules.settings import PeriodKind

DAY = date(2026, 11, 2)


@pytest.mark.parametrize("row", rows("periods", "periods"), ids=lambda row: row["key"])
def test_a_key_names_a_period(row: Row) -> None:
    span = days.parse_period(row["key"])
    assert (span.key, span.kind, span.name) == (row["key"], row["kind"], row["name"])
    assert (str(span.starts_on), str(span.ends_on)) == (row["first day"], row["last day"])
    assert days.previous(span).key == row["previous"]
    assert days.following(days.previous(span)) == span
    assert [month.key for month in days.months_of(span)] == words(row["months"])
    assert sum(month.days for month in days.months_of(span)) == span.days


@pytest.mark.parametrize("row", rows("periods", "no periods"), ids=lambda row: row["key"])
def test_another_key_is_refused_in_words(row: Row) -> None:
    with pytest.raises(ValueError, match="请写成"):
        days.parse_period(row["key"])


@pytest.mark.parametrize("row", rows("periods", "local days"), ids=lambda row: row["instant (UTC)"])
def test_the_local_day(row: Row) -> None:
    instant = datetime.fromisoformat(row["instant (UTC)"]).replace(tzinfo=UTC)
    assert str(days.local_day(instant, timedelta(minutes=int(row["ahead"])))) == row["day"]


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        days.local_day(datetime(2026, 11, 1))  # noqa: DTZ001


@pytest.mark.parametrize("row", rows("periods", "belongs"), ids=lambda row: f"{row['made on']} {row['limit']}")
def test_a_record_counts_or_is_held_or_late(row: Row) -> None:
    made_on, today, limit = date.fromisoformat(row["made on"]), date.fromisoformat(row["today"]), int(row["limit"])
    assert days.belongs(made_on, today, limit) == row["belongs"]
    assert days.answer(made_on, today, row["period closed"] == "yes", limit) == row["answer"]


def made(text: str) -> Made:
    """A sheet as the page writes it."""
    where, _, rest = text.rpartition("/")
    code, _, hour = rest.partition("@")
    hour, _, void = hour.partition(" ")
    day = DAY + timedelta(days=1) if where == "next" else DAY
    at = datetime(day.year, day.month, day.day, int(hour), tzinfo=UTC)
    return Made(
        code,
        "secret" if where == "secret" else "daily",
        "Li" if where == "Li" else "Wang",
        "h",
        day,
        int(where == "2nd"),
        at,
        bool(void),
    )


@pytest.mark.parametrize("row", rows("periods", "replaced"), ids=lambda row: row["sheets"])
def test_the_last_made_counts(row: Row) -> None:
    expected = dict(text.split("→") for text in words(row["replaced by"]))
    assert replaced([made(text) for text in words(row["sheets"])]) == expected


def test_last_is_by_day_then_made_at_then_id() -> None:
    sheets = [made(text) for text in ("a@9", "b@9", "c@11 void", "next/d@8")]
    assert last_of(sheets) == sheets[3]
    assert last_of(sheets[:3]) == sheets[1]
    assert last_of(sheets[2:3]) is None


@settings(max_examples=40, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)), st.sampled_from(["month", "quarter", "year"]))
def test_every_day_lies_in_its_period(day: date, kind: PeriodKind) -> None:
    span = days.period_of(kind, day)
    assert span.holds(day)
    assert days.parse_period(span.key) == span
    assert days.previous(span).ends_on + timedelta(days=1) == span.starts_on


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(8, 12), st.booleans()), unique_by=lambda s: s[0]))
def test_one_sheet_counts_whatever_the_order(drafts: list[tuple[str, int, bool]]) -> None:
    sheets = [made(f"{code}@{hour}{' void' if void else ''}") for code, hour, void in drafts]
    result = replaced(sheets)
    assert replaced(reversed(sheets)) == result
    counted = [sheet for sheet in sheets if not sheet.void and sheet.id not in result]
    assert len(counted) == min(1, sum(not sheet.void for sheet in sheets))
    assert counted == ([last_of(sheets)] if counted else [])
