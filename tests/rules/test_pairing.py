"""Rule 8, from docs/rules/pairing.md."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, chain, figure, points, rows, words
from xiangyue.rules.board import BoardDraw, Standing, draw
from xiangyue.rules.days import parse_period
from xiangyue.rules.pairing import Listed, left_black, lives_in, make_pairs
from xiangyue.rules.result import joined
from xiangyue.rules.settings import Board, Side


def listed(text: str) -> list[Listed]:
    """`r1 95 C/T/V/H, …` as subjects of a board."""
    return [Listed(code, points(result), chain(where)) for code, result, where in (t.split() for t in words(text))]


@pytest.mark.parametrize("row", rows("pairing", "pairs"), ids=lambda row: row["case"])
def test_pairs_are_made_as_written(row: Row) -> None:
    reds, blacks = listed(row["reds"]), listed(row["blacks"])
    refused = words(row["not agreed"])
    agreed = {subject.code for subject in [*reds, *blacks]} - set(refused) if refused else None
    pairs, findings = make_pairs(reds, blacks, agreed=agreed, taken=words(row["taken"]))
    assert ", ".join(f"{pair.red}+{pair.black} {pair.level}" for pair in pairs) == row["pairs"]
    assert all("结对" in pair.why for pair in pairs)
    assert make_pairs(reversed(reds), reversed(blacks), agreed=agreed, taken=words(row["taken"])) == (pairs, findings)
    paired = {code for pair in pairs for code in (pair.red, pair.black)}
    assert {finding.subject for finding in findings} == {subject.code for subject in [*reds, *blacks]} - paired


@pytest.mark.parametrize("row", rows("pairing", "lives"), ids=lambda row: row["lives in"])
def test_a_pair_lives_in_the_first_open_period(row: Row) -> None:
    assert lives_in(parse_period(row["board of"]), words(row["closed"])).key == row["lives in"]


NEXT = draw(
    [
        Standing("a", 9500),
        Standing("b", 9000),
        Standing("c", 8500),
        Standing("d", 7000),
        Standing("e", 6000, 1, "help"),
    ],
    Board("b", "榜", "c", "village", Side(9000, n=1), Side(7000, n=1)),
)
NOT_DRAWN = BoardDraw("b", "V", "farm", 3, none_because="不足 5 个")


@pytest.mark.parametrize("row", rows("pairing", "verdicts"), ids=lambda row: " ".join(row.values()))
def test_who_left_the_black_board(row: Row) -> None:
    board = {"drawn": NEXT, "not drawn": NOT_DRAWN, "missing": None}[row["board"]]
    verdict = left_black(
        row["code"], board, own=figure(row["own"]), result=figure(row["result"]), checks=int(row["checks"])
    )
    assert verdict.outcome == row["outcome"]
    assert ("不作结论" in verdict.why) == (row["outcome"] == "none")
    assert (verdict.own, verdict.result) == (figure(row["own"]), figure(row["result"]))


type Drafted = tuple[int, tuple[str, ...]]
CHAINS = st.tuples(st.just("C"), st.sampled_from("TU"), st.sampled_from("VW"), st.sampled_from("GH"))
ROWS = st.lists(st.tuples(st.integers(0, 9), CHAINS), max_size=8)


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS)
def test_as_many_pairs_as_can_be_each_subject_once(
    red: list[tuple[int, tuple[str, ...]]], black: list[tuple[int, tuple[str, ...]]]
) -> None:
    reds = [Listed(f"r{n}", result, where) for n, (result, where) in enumerate(red)]
    blacks = [Listed(f"b{n}", result, where) for n, (result, where) in enumerate(black)]
    pairs, _ = make_pairs(reds, blacks)
    assert len(pairs) == min(len(reds), len(blacks))
    codes = [code for pair in pairs for code in (pair.red, pair.black)]
    assert len(codes) == len(set(codes))
    by_code = {row.code: row for row in [*reds, *blacks]}
    depth = {"county": 1, "township": 2, "village": 3, "hamlet": 4}
    for pair in pairs:
        one, other = by_code[pair.red].chain, by_code[pair.black].chain
        assert one[: depth[pair.level]][-1] == other[: depth[pair.level]][-1] == pair.place


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_a_pair_is_the_same_in_whatever_order_its_board_is_read(
    red: list[tuple[int, tuple[str, ...]]], black: list[tuple[int, tuple[str, ...]]], shuffler: Random
) -> None:
    reds = [Listed(f"r{n}", result, where) for n, (result, where) in enumerate(red)]
    blacks = [Listed(f"b{n}", result, where) for n, (result, where) in enumerate(black)]
    pairs, _ = make_pairs(reds, blacks)
    shuffler.shuffle(reds)
    shuffler.shuffle(blacks)
    again, _ = make_pairs(reds, blacks)
    assert set(again) == set(pairs)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 100))
def test_the_joint_score_lies_between_the_two_and_is_the_same_for_both(one: int, other: int, weight: int) -> None:
    joint, mine = joined(one, other, weight)
    same, theirs = joined(other, one, weight)
    low, high = sorted((one, other))
    assert joint == same
    assert joint is not None
    assert low <= joint <= high
    # neither passes the other by being paired
    assert low <= mine <= high
    assert low <= theirs <= high
    assert (mine - theirs) * (one - other) >= 0
