"""Assigning by rule, from docs/rules/assignment.md."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, points, rows, words
from xiangyue.rules.assignment import Bearer, Home, assign, assign_worst, worst_of


def place(text: str) -> tuple[str, str, int]:
    """`a@H12` as (code, hamlet, door)."""
    code, _, where = text.partition("@")
    return code, where[0], int(where[1:])


def home(text: str) -> Home:
    """`a@H1 own=x` as a target."""
    where, _, own = text.partition(" own=")
    return Home(*place(where), own_of=own)


def live(text: str) -> dict[str, str]:
    """`a→x, b→y` as target → bearer."""
    return dict(pair.split("→") for pair in words(text))


@pytest.mark.parametrize("row", rows("assignment", "assigned"), ids=lambda row: row["case"])
def test_assigned_as_written(row: Row) -> None:
    homes, bearers = [home(text) for text in words(row["targets"])], [Bearer(*place(b)) for b in words(row["bearers"])]
    before, limit = live(row["live"]), int(row["limit"] or 0)
    plan, findings = assign(homes, bearers, before, limit=limit)
    assert {one.target: one.bearer for one in plan.assigned} == live(row["assigned"])
    assert [finding.subject for finding in findings] == words(row["left"])
    assert all("请" in finding.words for finding in findings)
    for one in plan.assigned:
        assert one.kept == (before.get(one.target) == one.bearer)
        assert one.why


@pytest.mark.parametrize("row", rows("assignment", "worst"), ids=lambda row: " ".join(row.values()))
def test_the_worst(row: Row) -> None:
    pairs = [text.split() for text in words(row["results"])]
    homes = [Home(code, "H", 1, None if result == "–" else points(result)) for code, result in pairs]
    assert " ".join(found.code for found in worst_of(homes, int(row["n"]), row["already"].split())) == row["worst"]


def test_the_worst_go_to_the_committee_and_the_rest_to_members() -> None:
    homes = [Home(f"h{n}", "H", n, 1000 * n, own_of="head" if n == 1 else "") for n in range(1, 8)]
    committee, members = (
        [Bearer("head", "H", 1), Bearer("vice", "H", 9)],
        [Bearer("m1", "H", 2), Bearer("head", "H", 1)],
    )
    first, second, findings = assign_worst(homes, members, committee, 3)
    assert {one.target for one in first.assigned} == {"h1", "h2", "h3"}
    assert next(one.bearer for one in first.assigned if one.target == "h1") == "vice"
    assert {one.target: one.bearer for one in second.assigned} == dict.fromkeys(("h4", "h5", "h6", "h7"), "m1")
    assert findings == ()
    held = {one.target: one.bearer for one in (*first.assigned, *second.assigned)}
    better = [one._replace(result=9000) if one.code == "h2" else one for one in homes]
    again, rest, _ = assign_worst(better, members, committee, 3, held)
    assert all(one.kept for one in (*again.assigned, *rest.assigned))


def test_without_a_committee_members_bear_the_worst_too() -> None:
    homes = [Home(f"h{n}", "H", n, 1000 * n) for n in range(3)]
    first, second, findings = assign_worst(homes, [Bearer("m", "H", 1)], [], 2)
    assert (first.assigned, len(second.assigned), findings) == ((), 3, ())


DOORS = st.lists(st.tuples(st.sampled_from("GH"), st.integers(1, 9)), max_size=14)
OWNERS = st.permutations(["b0", "b1", "b2", *[""] * 11])
"""Who owns the household at a place in the list: each bearer at most one."""
HOMES = st.tuples(DOORS, OWNERS).map(
    lambda both: [Home(f"h{n:02d}", hamlet, door, None, both[1][n]) for n, (hamlet, door) in enumerate(both[0])]
)
BEARERS = st.lists(st.tuples(st.sampled_from("GHI"), st.integers(1, 9)), min_size=3, max_size=6).map(
    lambda rows: [Bearer(f"b{n}", hamlet, door) for n, (hamlet, door) in enumerate(rows)]
)
LIVE = st.dictionaries(st.integers(0, 13).map(lambda n: f"h{n:02d}"), st.integers(0, 6).map(lambda n: f"b{n}"))


@settings(max_examples=60, deadline=None)
@given(HOMES, BEARERS, LIVE)
def test_balanced_legal_complete_and_stable(homes: list[Home], bearers: list[Bearer], before: dict[str, str]) -> None:
    plan, findings = assign(homes, bearers, before)
    loads = [load for _, load in plan.loads]
    assert findings == ()
    assert sum(loads) == len(homes) == len(plan.assigned)
    assert max(loads) - min(loads) <= 1
    own = {home.code: home.own_of for home in homes}
    assert all(one.bearer != own[one.target] for one in plan.assigned)
    again, _ = assign(homes[::-1], bearers[::-1], {one.target: one.bearer for one in plan.assigned})
    assert all(one.kept for one in again.assigned)
    assert again.loads == plan.loads


@settings(max_examples=60, deadline=None)
@given(HOMES, BEARERS)
def test_one_who_leaves_moves_only_what_was_theirs_or_evens_out(homes: list[Home], bearers: list[Bearer]) -> None:
    plan, _ = assign(homes, bearers, own_barred=False)
    before = {one.target: one.bearer for one in plan.assigned}
    gone = bearers[0].code
    after, _ = assign(homes, bearers[1:], before, own_barred=False)
    moved = [one.target for one in after.assigned if not one.kept]
    assert sorted(moved) == sorted(target for target, bearer in before.items() if bearer == gone)


def test_a_bearer_of_whom_all_targets_are_leaves_them_to_the_others() -> None:
    homes = [Home(f"h{n}", "H", n, None, "b0") for n in range(4)]
    plan, findings = assign(homes, [Bearer("b0", "H", 1), Bearer("b1", "H", 2)])
    assert (plan.loads, findings) == ((("b0", 0), ("b1", 4)), ())
    again, _ = assign(
        homes, [Bearer("b0", "H", 1), Bearer("b1", "H", 2)], dict.fromkeys(("h0", "h1", "h2", "h3"), "b1")
    )
    assert all(one.kept for one in again.assigned)


def test_why_a_target_has_a_bearer_from_elsewhere() -> None:
    homes = [Home("h1", "G", 1), Home("h2", "H", 1), Home("h3", "H", 2)]
    plan, _findings = assign(homes, [Bearer("one", "H", 1), Bearer("two", "J", 1)], limit=2)
    why = {one.target: one.why for one in plan.assigned if one.target == "h1"}
    assert why == {"h1": "本屯没有住着的包保人，由邻近的人包保"}
    plan, _findings = assign(homes[1:], [Bearer("one", "H", 1), Bearer("two", "J", 1)], limit=1)
    assert "本屯人手已满，由邻近屯的人包保" in {one.why for one in plan.assigned}
