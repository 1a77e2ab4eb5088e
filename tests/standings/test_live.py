"""The live standing equals what closing now would give, whatever happened in whatever order."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import COUNTY, WILLOW, Cast
from tests.standings.facts import AFTER, check, kind, noon
from xiangyue.base.consequences import follow
from xiangyue.checks import totals
from xiangyue.checks.models import Check
from xiangyue.places.models import HouseholdState, Place
from xiangyue.rules.days import parse_period
from xiangyue.standings import live
from xiangyue.standings.actions.closing import work_out
from xiangyue.standings.actions.periods import asked, open_periods
from xiangyue.standings.live_ranking import ranking
from xiangyue.standings.models import Adjustment, BoardList, Closing, LiveFigure, Pair, Period, Standing

TODAY = date(2026, 10, 20)


@pytest.fixture
def period(cast: Cast) -> Period:
    """October, open."""
    open_periods(TODAY)
    return Period.objects.select_related("ground").get(key="2026-10")


def closed_now(cast: Cast, period: Period):  # type: ignore[no-untyped-def]
    """What a close of this moment gives."""
    return work_out(asked(cast.places[COUNTY], period.key), period).closed


def hold(cast: Cast, period: Period) -> None:
    """Every live row and every live rank equals the close's."""
    seen = ranking(period)
    closed = closed_now(cast, period)
    households = closed.composite("household_month")
    stored = {
        code: (own, result, checks)
        for code, own, result, checks in LiveFigure.objects.filter(
            period=period, composite="household_month", subject__level="household"
        ).values_list("subject__code", "own", "result", "n_checks")
    }
    assert stored == {row.code: (row.own, row.result, row.checks) for row in households.rows}
    for composite in ("village_month", "township_month"):
        assert list(seen.composite(composite).rows) == [
            row._replace(board="") for row in closed.composite(composite).rows
        ]


def withdraw(cast: Cast, row: Check) -> None:
    """A counted check is taken back."""
    Check.objects.filter(pk=row.pk).update(state=Check.State.WITHDRAWN)
    key = (row.subject_id, row.kind_id, row.month)
    totals.work_out({key})
    follow("sheets_totalled", [totals.TotalChange(*key, row.ground_id)])


def test_opening_makes_every_month_quarter_and_year_begun(cast: Cast) -> None:
    made = {period.key for period in open_periods(date(2026, 3, 2))}
    assert made == {"2026-01", "2026-02", "2026-03", "2026-Q1", "2026"}
    assert open_periods(date(2026, 3, 31)) == []
    assert {period.key for period in open_periods(date(2026, 4, 1))} == {"2026-04", "2026-Q2"}


def test_a_month_before_any_check_is_all_unrated(cast: Cast, period: Period) -> None:
    rows = ranking(period).composite("village_month").rows
    assert [row.result for row in rows] == [None] * 4


EVENTS = st.one_of(
    st.tuples(st.just("check"), st.integers(1, 8), st.integers(1, 20), st.integers(0, 120).map(lambda n: n * 83)),
    st.tuples(st.just("village"), st.integers(1, 2), st.integers(1, 20), st.integers(0, 10_000)),
    st.tuples(st.just("withdraw"), st.integers(0, 30), st.just(0), st.just(0)),
    st.tuples(st.just("state"), st.integers(1, 8), st.just(0), st.sampled_from(["away", "living", "help", "empty"])),
    st.tuples(st.just("adjust"), st.integers(1, 8), st.integers(1, 9), st.sampled_from([-3000, -50, 150, 9000])),
    st.tuples(st.just("rebuild"), st.just(0), st.just(0), st.just(0)),
)


def happen(cast: Cast, period: Period, event: tuple, rows: list[Check]) -> None:  # type: ignore[type-arg]
    """One event of a history."""
    what, one, day, value = event
    if what == "check":
        inspector = "P06" if one % 2 else "P07"
        on = date(2026, 10, day)
        if not any(
            (r.subject_id, r.day, r.inspector_id) == (cast.household(one).pk, on, cast.people[inspector].pk)
            for r in rows
        ):
            rows.append(check(cast, cast.household(one).code, value, on, inspector=inspector))
    elif what == "village":
        place = cast.places["990100100202"] if one == 2 else cast.places[WILLOW]
        on = date(2026, 10, day)
        if not any((r.subject_id, r.day) == (place.pk, on) for r in rows):
            rows.append(check(cast, place.code, value, on, "village_open", "P04"))
    elif what == "withdraw" and rows:
        withdraw(cast, rows.pop(one % len(rows)))
    elif what == "state":
        HouseholdState.objects.filter(place=cast.household(one)).update(state=value)
        live.states_changed([cast.household(one).pk])
    elif what == "adjust":
        adjust(cast, period, cast.household(one), f"A{one}{day}", value)
    elif what == "rebuild":
        opened = live.open_of(period)
        assert opened is not None
        live.rebuild(opened)


def adjust(
    cast: Cast, period: Period, subject: Place, code: str, amount: int, composite: str = "household_month"
) -> None:
    """An adjustment on file, and the live standing told."""
    Adjustment.objects.update_or_create(
        period=period, composite=composite, subject=subject, code=code,
        defaults={"amount": amount, "name": "示例", "reason": "示例", "on": TODAY, "created_at": noon(TODAY)},
    )  # fmt: skip
    live.entered(period, composite, [subject.pk])


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(EVENTS, max_size=25))
def test_live_equals_closed_on_any_history(cast: Cast, period: Period, history: list) -> None:  # type: ignore[type-arg]
    from django.db import transaction

    with transaction.atomic():
        rows: list[Check] = []
        for event in history:
            happen(cast, period, event, rows)
        hold(cast, period)
        transaction.set_rollback(True)


def test_partners_move_each_other(cast: Cast, period: Period) -> None:
    """Villages are paired at w = 50: a check of one moves the other."""
    version = cast.scheme
    assert version is not None
    september = Period.objects.get(key="2026-09")
    closing = Closing.objects.create(period=september, version=1, scheme_version=version, closed_at=AFTER)
    standing = Standing.objects.create(
        closing=closing, composite="village_month", name="村", level="village", digest="", n_subjects=4, n_rated=4
    )
    board = BoardList.objects.create(
        standing=standing, board="village_board", name="村红黑榜", group=cast.places[COUNTY], category="", pool=5,
        n_red=1, n_black=1,
    )  # fmt: skip
    Pair.objects.create(
        board=board, composite="village_month", period=period, red=cast.places[WILLOW],
        black=cast.places["990100100202"], met_at=cast.places["990100100"], made_at=AFTER,
    )  # fmt: skip
    check(cast, WILLOW, 9_000, date(2026, 10, 3), "village_open", "P04")
    check(cast, "990100100202", 6_000, date(2026, 10, 3), "village_open", "P04")
    hold(cast, period)
    found = {row.code: row for row in ranking(period).composite("village_month").rows}
    # joint (9000 + 6000) ÷ 2 = 7500; paired (50 × 7500 + 50 × own) ÷ 100
    assert (found[WILLOW].joint, found[WILLOW].result) == (7_500, 8_250)
    assert found["990100100202"].result == 6_750


def test_the_tree_has_changed(cast: Cast, period: Period) -> None:
    check(cast, cast.household(1).code, 9_000, date(2026, 10, 3))
    live.forget()
    hold_after = ranking(period)
    assert LiveFigure.objects.filter(period=period, subject__level="household").count() == 14
    assert hold_after.composite("village_month") is not None
    hold(cast, period)


def test_ranking_takes_few_queries(cast: Cast, period: Period, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    check(cast, cast.household(1).code, 9_000, date(2026, 10, 3))
    ranking(period)
    with django_assert_max_num_queries(12):
        ranking(period)
    assert parse_period(period.key).days == 31
    assert kind(cast, "daily").level == "household"
