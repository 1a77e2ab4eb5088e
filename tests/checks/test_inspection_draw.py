"""The draw of an inspection: shares by stratum, never over a cap, the same again, another by another secret."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from xiangyue.checks.inspections.drawing import differences, digest, digest_of, drawn_from
from xiangyue.rules import draw

CODES = st.integers(0, 40).map(lambda n: f"V{n:02d}")
STRATA = st.sampled_from(["T1 行政村", "T1 社区", "T2 行政村", ""])
TEAMS = st.integers(1, 4)


@st.composite
def draws(some: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facts and what is held against them."""
    codes = some(st.lists(CODES, unique=True, min_size=1, max_size=25))
    subjects = [[code, some(STRATA), some(st.integers(1, 5)), some(st.sampled_from(["T1", "T2"]))] for code in codes]
    facts = {
        "code": "990100/x/secret/2026-11-24/1", "n": some(st.integers(1, 4)), "cap": some(st.integers(0, 3)),
        "month_cap": some(st.integers(0, 4)), "subjects": subjects,
    }  # fmt: skip
    teams = [[number, ""] for number in range(1, some(TEAMS) + 1)]
    ties = some(st.lists(st.tuples(st.sampled_from([team[0] for team in teams]), st.sampled_from(codes)), unique=True))
    alone = {code for code in codes if len({team for team, at in ties if at == code}) == len(teams)}
    barred = dict.fromkeys([*some(st.lists(st.sampled_from(codes), max_size=3)), *alone], "组员都要回避")
    held = {
        "seen": some(st.dictionaries(st.sampled_from(codes), st.integers(0, 4))),
        "month": some(st.dictionaries(st.sampled_from(codes), st.integers(0, 6))),
        "barred": barred, "teams": teams, "ties": [list(tie) for tie in ties],
    }  # fmt: skip
    return facts, held


def may_be(facts: dict[str, Any], held: dict[str, Any], code: str) -> bool:
    """Whether a subject may be drawn at all, said the plain way."""
    if code in held["barred"]:
        return False
    if 0 < facts["month_cap"] <= held["month"].get(code, 0):
        return False
    return not 0 < facts["cap"] <= held["seen"].get(code, 0)


@given(draws(), st.text(min_size=1, max_size=8))
def test_each_stratum_gives_its_n_or_all_it_has(made: tuple[dict[str, Any], dict[str, Any]], seed: str) -> None:
    facts, held = made
    found = drawn_from(facts, held, seed)
    able = Counter(stratum for code, stratum, _weight, _town in facts["subjects"] if may_be(facts, held, code))
    strata = {code: stratum for code, stratum, _weight, _town in facts["subjects"]}
    taken = Counter(strata[subject] for subject, _team in found.turns)
    assert taken == Counter({stratum: min(facts["n"], n) for stratum, n in able.items()})
    assert found.lonely == ()


@given(draws(), st.text(min_size=1, max_size=8))
def test_nobody_over_a_cap_or_barred_is_drawn_and_everybody_has_a_lot(
    made: tuple[dict[str, Any], dict[str, Any]], seed: str
) -> None:
    facts, held = made
    found = drawn_from(facts, held, seed)
    assert all(may_be(facts, held, subject) for subject, _team in found.turns)
    assert sorted(lot.code for lot in found.lots) == sorted(row[0] for row in facts["subjects"])
    assert all(lot.why for lot in found.lots)


@given(draws(), st.text(min_size=1, max_size=8))
def test_no_team_goes_where_it_is_tied_and_the_loads_are_even(
    made: tuple[dict[str, Any], dict[str, Any]], seed: str
) -> None:
    facts, held = made
    turns = drawn_from(facts, held, seed).turns
    assert not {(team, subject) for subject, team in turns} & {(team, code) for team, code in held["ties"]}
    if not held["ties"]:
        loads = Counter(team for _subject, team in turns)
        counts = [loads.get(number, 0) for number, _home in held["teams"]]
        assert max(counts) - min(counts) <= 1


@given(draws(), st.text(min_size=1, max_size=8), st.randoms())
def test_it_is_the_same_again_in_whatever_order_the_subjects_stand(
    made: tuple[dict[str, Any], dict[str, Any]], seed: str, order: Any
) -> None:
    facts, held = made
    mixed = list(facts["subjects"])
    order.shuffle(mixed)
    again = drawn_from(facts | {"subjects": mixed}, json.loads(json.dumps(held)), seed)
    assert again.turns == drawn_from(facts, held, seed).turns


@given(draws(), st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_its_file_holds_and_another_secret_is_found_out(
    made: tuple[dict[str, Any], dict[str, Any]], secret: str, other: str
) -> None:
    facts, held = made
    seed = draw.seed(secret, "0734215")
    turns = drawn_from(facts, held, seed).turns
    told = {
        "facts": facts, "facts_digest": digest_of(facts), "held": held, "commitment": draw.commitment(secret),
        "secret": secret, "number_name": "示例彩票", "number": "0734215", "turns": [list(turn) for turn in turns],
    }  # fmt: skip
    assert differences(told) == []
    if other != secret:
        assert differences(told | {"secret": other})


def test_the_secret_decides() -> None:
    subjects = [[f"V{n:02d}", "", 1, "T1"] for n in range(40)]
    facts = {"code": "x", "n": 5, "cap": 0, "month_cap": 0, "subjects": subjects}
    held: dict[str, Any] = {"seen": {}, "month": {}, "barred": {}, "teams": [[1, ""]], "ties": []}
    found = {digest(drawn_from(facts, held, draw.seed(f"secret {n}", "1")).turns) for n in range(50)}
    assert len(found) == 50


def test_a_weight_of_five_is_drawn_more_often_than_one() -> None:
    subjects = [[f"V{n:02d}", "", 5 if n < 10 else 1, "T1"] for n in range(40)]
    facts = {"code": "x", "n": 5, "cap": 0, "month_cap": 0, "subjects": subjects}
    held: dict[str, Any] = {"seen": {}, "month": {}, "barred": {}, "teams": [[1, ""]], "ties": []}
    drawn = Counter(
        subject < "V10" for n in range(100) for subject, _team in drawn_from(facts, held, draw.digest(n)).turns
    )
    # 10 of weight 5 against 30 of weight 1: about five in eight of those drawn
    assert 250 < drawn[True] < 400
