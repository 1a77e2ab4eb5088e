"""The village compact's vote, from docs/rules/compact.md."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.tables import Row, rows
from xiangyue.rules.compact import Vote, refusals

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("row", rows("compact", "votes"), ids=lambda row: row["case"])
def test_votes(row: Row) -> None:
    minutes, _, mark = row["minutes"].partition(" ")
    vote = Vote(
        "villagers" if row["kind"] == "villagers" else "households",
        TODAY + timedelta(days=mark == "tomorrow"),
        minutes, int(row["entitled"]), int(row["came"]), int(row["for"]), online=mark == "online",
    )  # fmt: skip
    found = refusals(vote, TODAY)
    assert [finding.id for finding in found] == row["refused"].split()
    assert all("请" in finding.words for finding in found)


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 500))
def test_one_more_in_favour_never_fails_what_carried(entitled: int, came: int, votes: int) -> None:
    vote = Vote("villagers", TODAY, "1号", entitled, came, votes)
    if not refusals(vote, TODAY) and votes < came:
        assert not refusals(Vote("villagers", TODAY, "1号", entitled, came, votes + 1), TODAY)
