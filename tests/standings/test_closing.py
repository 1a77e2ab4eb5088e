"""A month is closed once, as one version with its digest; corrections are newer versions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.cast import COUNTY, WILLOW, Cast
from tests.standings.facts import AFTER, check, household_scores, month_of_checks, noon, refused
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.captures.models import Capture
from xiangyue.checks.models import Check, DayCount
from xiangyue.standings.actions.closing import close_period, open_new_version
from xiangyue.standings.models import BoardEntry, Closing, Period, Result

OCTOBER = "2026-10"
SCORES = (10_000, 9_900, 9_800, 9_500, 9_000, 8_000, 7_000, 6_000)


@pytest.fixture
def october(cast: Cast) -> Cast:
    """October's checks of 柳树村's eight households, and an inspection of the village."""
    month_of_checks(cast, household_scores(cast, *SCORES))
    check(cast, WILLOW, 8_800, kind_code="village_open", inspector="P04")
    return cast


def close_october(cast: Cast, now: datetime = AFTER) -> Closing:
    return close_period(cast.users["county_office"], cast.places[COUNTY], OCTOBER, now=now)


def result(closing: Closing, code: str, composite: str = "household_month") -> Result:
    return Result.objects.get(standing__closing=closing, standing__composite=composite, subject__code=code)


def test_figures_ranks_and_boards(october: Cast) -> None:
    closing = close_october(october)
    best, worst = (result(closing, october.household(n).code) for n in (1, 8))
    assert (best.own, best.result, best.rank, best.board) == (10_000, 10_000, 1, "red")
    assert (worst.own, worst.result, worst.rank, worst.board, worst.n_checks) == (6_000, 6_000, 8, "black", 10)
    assert worst.parts == [[6000, 10, 60_000]]
    village = result(closing, WILLOW, "village_month")
    # (8650 × 30 + 8800 × 30) ÷ 60
    assert village.own == 8_725
    assert village.parts == [[8650, 8, 69_200, 8, 8], [8800, 1, 8800], [None, 0, 0], [None, 0, 0]]


def test_one_who_needs_help_is_taken_off_and_nobody_moves_up(october: Cast) -> None:
    last = october.household(8)
    last.states.update(state="help")
    closing = close_october(october)
    entry = BoardEntry.objects.get(board__standing__closing=closing, side="black", board__board="household_board")
    assert (entry.subject_id, entry.taken_off) == (last.pk, "help")
    assert result(closing, last.code).board == ""
    assert not Result.objects.filter(standing__closing=closing, board="black").exists()


def test_away_on_the_last_day_is_unrated(october: Cast) -> None:
    october.household(2).states.update(state="away", from_on=date(2026, 10, 31))
    row = result(close_october(october), october.household(2).code)
    assert (row.own, row.result, row.rank, row.why) == (None, None, None, "away")


def test_closing_is_logged_with_its_digests(october: Cast) -> None:
    closing = close_october(october)
    line = Change.objects.get(act="period.closed")
    assert line.actor_id == october.users["county_office"].pk
    assert line.after is not None
    assert line.after["digests"]["household_month"] == closing.standings.get(composite="household_month").digest


def test_the_second_clerk_is_told_who_closed_and_when(october: Cast) -> None:
    close_october(october)
    with pytest.raises(Problem) as told:
        close_october(october, AFTER + timedelta(minutes=3))
    assert told.value.kind.code == "already_closed"
    assert "乙县干部" in told.value.words
    assert "11月01日 10:00" in told.value.words
    assert Closing.objects.count() == 1


def test_a_running_month_is_not_closed_unless_one_insists(october: Cast) -> None:
    county, clerk = october.places[COUNTY], october.users["county_office"]
    with refused("period_running"):
        close_period(clerk, county, OCTOBER, now=noon(date(2026, 10, 20)))
    assert close_period(clerk, county, OCTOBER, now=noon(date(2026, 10, 20)), early=True).version == 1


def test_closing_with_nothing_recorded_asks_once_and_leaves_all_unrated(cast: Cast) -> None:
    county, clerk = cast.places[COUNTY], cast.users["county_office"]
    with refused("nothing_recorded"):
        close_period(clerk, county, OCTOBER, now=AFTER)
    assert not Period.objects.filter(key=OCTOBER).exists()
    closing = close_period(clerk, county, OCTOBER, now=AFTER, empty=True)
    rows = Result.objects.filter(standing__closing=closing)
    assert rows.count() == 14 + 4 + 2
    assert not rows.exclude(result=None).exists()


@pytest.mark.parametrize("key", ["2026-13", "10月", "2026-Q5", ""])
def test_a_key_that_is_no_period_is_refused_in_words(cast: Cast, key: str) -> None:
    with refused("bad_period"):
        close_period(None, cast.places[COUNTY], key, now=AFTER)


def test_late_checks_change_nothing_until_a_new_version(october: Cast) -> None:
    first = close_october(october)
    code = october.household(1).code
    before = first.standings.get(composite="household_month").digest
    check(october, code, 0, date(2026, 10, 20), state=Check.State.LATE)
    # later made on the same day by the same person: it takes the earlier one's place
    check(
        october,
        code,
        5_000,
        date(2026, 10, 1),
        state=Check.State.LATE,
        made_at=noon(date(2026, 10, 1)) + timedelta(hours=1),
    )
    assert result(first, code).result == 10_000
    second = open_new_version(
        october.users["county_office"], october.places[COUNTY], OCTOBER, now=AFTER, reason="补录", expect=1
    )
    assert result(second, code).parts == [[8636, 11, 95_000]]
    assert result(first, code).result == 10_000
    first.refresh_from_db()
    assert first.state == Closing.State.SUPERSEDED
    assert first.standings.get(composite="household_month").digest == before
    assert not Check.objects.filter(state=Check.State.LATE).exists()
    assert Check.objects.filter(state=Check.State.REPLACED).count() == 1


def test_late_checks_that_come_in_count_in_the_days_and_wait_no_more(october: Cast) -> None:
    close_october(october)
    code = october.household(1).code
    early, twentieth = date(2026, 10, 1), date(2026, 10, 20)
    check(october, code, 0, twentieth, state=Check.State.LATE)
    check(october, code, 5_000, early, state=Check.State.LATE, made_at=noon(early) + timedelta(hours=1))
    other = check(october, WILLOW, 0, twentieth, "village_open", "P04", state=Check.State.LATE)
    Check.objects.filter(pk=other.pk).update(score=None)
    assert Capture.objects.waiting("late").count() == 3
    open_new_version(october.users["county_office"], october.places[COUNTY], OCTOBER, now=AFTER, reason="补录")
    assert not Capture.objects.waiting("late").exists()
    days = DayCount.objects.filter(village=october.places[WILLOW]).order_by("day")
    # on the 1st a sheet with a fault takes the place of a clean one
    assert list(days.values_list("day", "n_checks", "n_faulty")) == [(early, 0, 1), (twentieth, 1, 1)]
    other.refresh_from_db()
    assert other.state == Check.State.VOID


def test_a_new_version_needs_a_reason_and_the_version_one_saw(october: Cast) -> None:
    close_october(october)
    county = october.places[COUNTY]
    with refused("needs_reason"):
        open_new_version(None, county, OCTOBER, now=AFTER, reason=" ")
    open_new_version(None, county, OCTOBER, now=AFTER, reason="更正")
    with refused("other_version"):
        open_new_version(None, county, OCTOBER, now=AFTER, reason="更正", expect=1)
