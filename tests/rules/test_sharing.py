"""Sharing targets out where nearness does not count, from docs/rules/assignment.md."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, rows, words
from xiangyue.rules.sharing import share


def pairs(text: str) -> list[tuple[str, str]]:
    """`a→x, b→y` as (target, bearer)."""
    return [(target, bearer) for target, _, bearer in (pair.partition("→") for pair in words(text))]


@pytest.mark.parametrize("row", rows("assignment", "shared"), ids=lambda row: row["case"])
def test_shared_as_written(row: Row) -> None:
    live = pairs(row["live"])
    found, findings = share(
        words(row["targets"]), words(row["bearers"]), live,
        least=int(row["least"]), limit=int(row["limit"] or 0), most=int(row["most"] or 0),
    )  # fmt: skip
    assert [(one.target, one.bearer) for one in found] == pairs(row["shared"])
    assert [finding.subject for finding in findings] == words(row["short"])
    assert all("请" in finding.words for finding in findings)
    assert all(one.kept == ((one.target, one.bearer) in live) for one in found)


codes = st.integers(0, 9)
facts = st.tuples(
    st.integers(0, 8), st.integers(0, 8), st.lists(st.tuples(codes, codes), max_size=12), st.integers(1, 3)
)


@settings(max_examples=60, deadline=None)
@given(facts)
def test_balanced_and_stable(given_facts: tuple[int, int, list[tuple[int, int]], int]) -> None:
    n_targets, n_bearers, before, least = given_facts
    targets, bearers = [f"t{n}" for n in range(n_targets)], [f"b{n}" for n in range(n_bearers)]
    found, _findings = share(targets, bearers, [(f"t{t}", f"b{b}") for t, b in before], least=least)
    loads = {bearer: sum(one.bearer == bearer for one in found) for bearer in bearers}
    for target in targets:
        assert sum(one.target == target for one in found) >= min(least, n_bearers)
    if targets and bearers:
        assert min(loads.values()) >= 1
        assert max(loads.values()) - min(loads.values()) <= 1
    again, _findings = share(targets, bearers, [(one.target, one.bearer) for one in found], least=least)
    assert {(one.target, one.bearer) for one in again} == {(one.target, one.bearer) for one in found}
    assert all(one.kept for one in again)
