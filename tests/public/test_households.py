"""Households in public: counts over the floors, red names by consent, black ones never."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import BEGIN, COUNTY, TODAY, WILLOW, place
from tests.public.notices import board, on_notice, standing
from xiangyue.agreements.models import Consent
from xiangyue.places.models import Household, Level, Place
from xiangyue.rules.settings import HouseholdRules
from xiangyue.standings.models import Closing
from xiangyue.standings.published_households import Counts, told

if TYPE_CHECKING:
    from tests.cast import Cast

RULES = HouseholdRules()


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY)


@pytest.fixture
def homes(cast: Cast) -> list[Place]:
    """Thirty households of 柳树村 in its first hamlet."""
    found = [cast.household(number) for number in range(1, 6)]
    for number in range(101, 126):
        row = place(cast, f"{WILLOW}-H{number:05d}", f"{number}号", Level.HOUSEHOLD, f"{WILLOW}-Z01", order=number)
        Household.objects.create(place=row, head_name=f"示例户{number}")
        found.append(row)
    return found


@pytest.fixture
def closing(cast: Cast, homes: list[Place]) -> Closing:
    """October with four red and three black households."""
    closing = on_notice(cast, cast.places[COUNTY])
    table = standing(closing, "household_month", "household", [(home, "households", 9000) for home in homes])
    board(table, "household_board", cast.places[WILLOW], "households", homes[:4], homes[-3:])
    return closing


def text_of(name: str, *args: str) -> str:
    """The text of a public page."""
    return Client().get(reverse(f"public:{name}", args=args)).content.decode()


def agree(home: Place, purpose: str = Consent.Purpose.RED_PUBLIC) -> Consent:
    """The household's consent."""
    return Consent.objects.create(household=home, purpose=purpose, given_on=BEGIN)


def test_counts_without_names(closing: Closing, homes: list[Place]) -> None:
    text = text_of("village", COUNTY, WILLOW)
    assert '<span class="num">4</span>' in text
    assert '<span class="num">3</span>' in text
    for home in homes:
        assert home.household.head_name not in text


def test_red_names_by_consent_on_the_day(closing: Closing, homes: list[Place]) -> None:
    consents = [agree(home) for home in homes[:4]]
    assert all(home.household.head_name in text_of("village", COUNTY, WILLOW) for home in homes[:4])
    consents[0].revoked_on = TODAY
    consents[0].save()
    from django.core.cache import cache

    cache.clear()
    text = text_of("village", COUNTY, WILLOW)
    assert homes[0].household.head_name not in text
    assert "其余红榜户没有同意公开" in text
    # four on the board beside three names would tell that one did not agree
    assert '<span class="num">4</span>' not in text


def test_black_names_never(closing: Closing, homes: list[Place]) -> None:
    for home in homes[-3:]:
        agree(home, Consent.Purpose.BLACK_PUBLIC)
        agree(home)
    text = text_of("village", COUNTY, WILLOW) + text_of("county", COUNTY) + text_of("notice", COUNTY, str(closing.pk))
    text += text_of("screen", COUNTY) + text_of("ranking", COUNTY)
    assert not [home for home in homes[-3:] if home.household.head_name in text or f"{home.code}" in text]


def test_results_of_households_are_nowhere(closing: Closing) -> None:
    for name in ("county", "ranking", "periods", "screen"):
        assert "90.00" not in text_of(name, COUNTY), name


def test_a_small_village_has_no_counts(cast: Cast) -> None:
    closing = on_notice(cast, cast.places[COUNTY])
    homes = [cast.household(number) for number in range(1, 9)]
    table = standing(closing, "household_month", "household", [(home, "households", 9000) for home in homes])
    board(table, "household_board", cast.places[WILLOW], "households", homes[:4], [])
    text = text_of("village", COUNTY, WILLOW)
    assert "不公布" in text
    assert '<span class="num">4</span>' not in text


def test_what_was_taken_off_is_not_counted(closing: Closing, homes: list[Place]) -> None:
    entry = homes[-1].board_entries.get()
    entry.taken_off = "help"
    entry.save()
    assert '<span class="num">3</span>' not in text_of("village", COUNTY, WILLOW)


def counts(key: int, rated: int, red: int, black: int) -> Counts:
    """A group's true counts."""
    return Counts(key, f"{key:03d}", "", rated, red, black)


numbers = st.integers(0, 12)
groups = st.lists(st.tuples(st.integers(0, 60), numbers, numbers), min_size=1, max_size=8)


@given(groups)
def test_nothing_hidden_can_be_worked_out(rows: list[tuple[int, int, int]]) -> None:
    parts = [counts(key, *row) for key, row in enumerate(rows, 1)]
    whole = counts(0, *(sum(row[n] for row in rows) for n in range(3)))
    shown, told_parts = told(whole, parts, RULES)
    for field in ("red", "black"):
        for one, true in zip(told_parts, parts, strict=True):
            value = getattr(one, field)
            assert value is None or (value == getattr(true, field) >= 3 and (true.rated or 0) >= 20)
        hidden = [true for one, true in zip(told_parts, parts, strict=True) if getattr(one, field) is None]
        if getattr(shown, field) is not None and hidden and len(hidden) < len(parts):
            left = sum(getattr(true, field) or 0 for true in hidden)
            assert len(hidden) >= 2
            assert left >= 3


def test_the_day_after_the_last_day_of_an_entry(closing: Closing, homes: list[Place]) -> None:
    for home in homes[:4]:
        entry = home.board_entries.get()
        entry.expires_on = TODAY - timedelta(days=1)
        entry.save()
    assert '<span class="num">4</span>' not in text_of("village", COUNTY, WILLOW)
