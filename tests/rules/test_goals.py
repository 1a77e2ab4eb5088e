"""Progress towards goals, from docs/rules/goals.md."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.tables import Row, figure, rows
from xiangyue.rules.goals import progress
from xiangyue.rules.numbers import pointed


@pytest.mark.parametrize("row", rows("goals", "progress"), ids=lambda row: row["case"])
def test_progress(row: Row) -> None:
    now, target = (None if row[key] == "–" else int(row[key]) for key in ("now", "target"))
    told = progress(now, target, decimals=int(row["decimals"]), unit="个")
    assert told.share == figure(row["share"])
    assert told.is_reached == (row["reached"] == "yes")
    assert ("还差" in told.why) == (now is not None and target is not None and now < target)


@pytest.mark.parametrize(
    ("number", "decimals", "words"), [(8500, 2, "85.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (7, 0, "7")]
)
def test_pointed(number: int, decimals: int, words: str) -> None:
    assert pointed(number, decimals) == words


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_is_never_less(now: int, target: int) -> None:
    one, more = progress(now, target), progress(now + 1, target)
    assert (one.share or 0) <= (more.share or 0)
    assert one.is_reached <= more.is_reached
