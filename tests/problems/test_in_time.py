"""Of a bearer's problems that fell due in the period, how many were closed in time: rule 3 over steps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tests.cast import COUNTY, WILLOW, Cast
from tests.problems.rows import reported, step
from xiangyue.problems.actions.stepping import bearer_key
from xiangyue.rewards.performance_problems import Rates, problem_rates
from xiangyue.rewards.working import Work
from xiangyue.rules.days import month_of
from xiangyue.schemes import load

OCTOBER = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)


def rates(cast: Cast, day: date = date(2026, 10, 9)) -> Rates:
    """The part of the members who answer for households, in the month of the day."""
    assert cast.scheme
    scheme = load(cast.scheme.text)
    work = Work(cast.places[COUNTY], month_of(day), cast.scheme, scheme)
    return problem_rates(work, scheme.layer("members"))


def ended(cast: Cast, number: int, days: int) -> None:
    """A problem at a household that is mended and verified so many days after its report."""
    found = reported(cast, by="village_office", place=f"{WILLOW}-H{number:05d}", now=OCTOBER)
    after = OCTOBER + timedelta(days=days)
    step(cast, found, "township_office", "mended", now=after)
    step(cast, found, "village_office", "verified", now=after)


def test_in_time_late_and_not_at_all(cast: Cast) -> None:
    ended(cast, 1, 7)
    ended(cast, 2, 8)
    reported(cast, by="village_office", place=f"{WILLOW}-H00003", now=OCTOBER)
    mine = (cast.people["P06"].pk, None)
    found = rates(cast)
    assert set(found) <= {mine, (cast.people["P07"].pk, None)}
    # whoever mended the first two has them in hand: only the third is its bearer's
    assert found[mine].total == 0
    assert found[mine].n == 1


def test_what_was_given_to_somebody_counts_for_them_alone(cast: Cast) -> None:
    first = reported(cast, by="village_office", place=f"{WILLOW}-H00001", now=OCTOBER)
    step(cast, first, "village_office", "assigned", to=bearer_key("P07", first.place.path), now=OCTOBER)
    step(cast, first, "village_office", "mended", now=OCTOBER)
    step(cast, first, "township_office", "verified", now=OCTOBER)
    found = rates(cast)
    assert list(found) == [(cast.people["P07"].pk, None)]
    assert found[cast.people["P07"].pk, None].value == 10_000


def test_reopened_is_not_in_time_and_nothing_due_is_missing(cast: Cast) -> None:
    found = reported(cast, now=OCTOBER)
    step(cast, found, "bearer", "mended", now=OCTOBER)
    step(cast, found, "village_office", "verified", now=OCTOBER)
    mine = (cast.people["P06"].pk, None)
    assert rates(cast)[mine].value == 10_000
    step(cast, found, "township_office", "reopened", now=OCTOBER + timedelta(days=2))
    assert rates(cast)[mine].value == 0
    assert rates(cast, date(2026, 9, 1)) == {}
