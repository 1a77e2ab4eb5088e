"""Rule 10, from docs/rules/review.md."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Literal, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, figure, rows, words
from tests.rules.test_stars import BANDS, candidate, quota
from xiangyue.rules.ballots import Ballot, choose, refusals, share, why_refused
from xiangyue.rules.review import Deviation, StageScore, deviate, is_open, score
from xiangyue.rules.reviewers import Reviewed, ReviewPlan, Team, plan
from xiangyue.rules.settings import Quota, Review, ReviewStage
from xiangyue.rules.stars import Candidate, rate

STAGES = (("mutual", "乡镇互评"), ("department", "部门点评"), ("final", "市级总评"))


def review(mode: str, weights: list[int]) -> Review:
    """The three stages with these weights."""
    stages = tuple(ReviewStage(code, name, weight) for (code, name), weight in zip(STAGES, weights, strict=True))
    return Review("r", "三阶逐评", "tumen", stages, cast("Literal['weighted', 'reference']", mode))


@pytest.mark.parametrize("row", rows("review", "scores"), ids=lambda row: " ".join(row.values()))
def test_the_score_of_the_stages(row: Row) -> None:
    given_ = [StageScore(code, figure(text)) for (code, _), text in zip(STAGES, row["scores"].split(), strict=True)]
    scheme = review(row["mode"], [int(text) for text in row["weights"].split()])
    told = score("v", given_, scheme)
    assert told.score == figure(row["score"])
    assert score("v", given_[::-1], scheme) == told
    assert [stage.stage for stage in told.stages] == [code for code, _ in STAGES]
    assert told.why


@pytest.mark.parametrize("row", rows("review", "order"), ids=lambda row: f"{row['stage']} {row['done']}")
def test_stages_come_in_order(row: Row) -> None:
    assert is_open(row["stage"], review("weighted", [1, 1, 1]), row["done"].split()) == (row["open"] == "yes")


def deviation(text: str) -> Deviation:
    """`a 4 silent`."""
    code, stars, *marks = text.split()
    return Deviation(code, int(stars), "  " if marks else "现场复核后确认")


@pytest.mark.parametrize("row", rows("review", "deviations"), ids=lambda row: row["case"])
def test_deviations(row: Row) -> None:
    rating = replace(BANDS, quotas=tuple(quota(text) for text in words(row["quotas"])))
    rated = rate([candidate(text) for text in words(row["results"])], rating)
    drafts = [deviation(text) for text in words(row["deviations"])]
    finals, refused = deviate(rated, drafts, rating)
    assert " ".join(f"{final.code}{'–' if final.stars is None else final.stars}" for final in finals) == row["final"]
    assert sorted(finding.subject for finding in refused) == row["refused"].split()
    assert deviate(rated, drafts[::-1], rating) == (finals, refused)
    for final in finals:
        assert (final.reason != "") == (final.stars != final.by_rule) == ("末阶段调整" in final.why)


RESULTS = st.lists(st.integers(55, 100).map(lambda n: n * 100), min_size=1, max_size=10)
LIMITS = st.lists(st.builds(Quota, st.integers(2, 5), st.integers(0, 4)), unique_by=lambda held: held.stars)
DRAFTS = st.lists(
    st.builds(Deviation, st.integers(0, 11).map(lambda n: f"s{n:02d}"), st.integers(0, 6), st.just("理由"))
)


@settings(max_examples=30, deadline=None)
@given(RESULTS, LIMITS, DRAFTS)
def test_no_deviation_passes_a_hard_quota(results: list[int], limits: list[Quota], drafts: list[Deviation]) -> None:
    rating = replace(BANDS, quotas=tuple(limits))
    rated = rate([Candidate(f"s{n:02d}", result) for n, result in enumerate(results)], rating)
    finals, refused = deviate(rated, drafts, rating)
    counts = Counter(final.stars for final in finals)
    assert all(counts[held.stars] <= held.n for held in limits)
    moved = {final.code for final in finals if final.stars != final.by_rule}
    assert moved | {finding.subject for finding in refused} == {draft.subject for draft in drafts}


def planned(row: Row) -> ReviewPlan:
    """The plan of a row."""
    teams = [Team(name, name) for name in row["teams"].split()]
    subjects = [
        Reviewed(f"{name}{n}", name)
        for name, many in (text.split("×") for text in row["subjects"].split())
        for n in range(1, int(many) + 1)
    ]
    barred = [cast("tuple[str, str]", tuple(text.split())) for text in words(row["barred"])]
    return plan(teams, subjects, int(row["times"]), seed="种子", code="互评", barred=barred)


@pytest.mark.parametrize("row", rows("review", "plans"), ids=lambda row: row["case"])
def test_who_reviews_whom(row: Row) -> None:
    told = planned(row)
    assert " ".join(f"{team}:{n}" for team, n in told.loads) == row["loads"]
    assert [finding.subject for finding in told.findings] == row["short"].split()
    assert Counter(turn.team for turn in told.turns) == Counter(dict(told.loads))


TOWNS = st.lists(st.integers(0, 6), min_size=1, max_size=6)


@settings(max_examples=30, deadline=None)
@given(
    TOWNS, st.integers(1, 3), st.text(max_size=3), st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4)
)
def test_nobody_reviews_their_own_and_each_is_reviewed_as_planned(
    towns: list[int], times: int, seed: str, conflicts: set[tuple[int, int]]
) -> None:
    teams = [Team(f"T{n}", f"T{n}") for n in range(len(towns))]
    subjects = [Reviewed(f"T{n}V{m}", f"T{n}") for n, many in enumerate(towns) for m in range(many)]
    barred = {(f"T{team}", f"T{town}V0") for team, town in conflicts}
    told = plan(teams, subjects, times, seed=seed, code="互评", barred=barred)
    assert plan(teams[::-1], subjects[::-1], times, seed=seed, code="互评", barred=barred) == told
    pairs = {(turn.team, turn.subject) for turn in told.turns}
    assert len(pairs) == len(told.turns)
    assert not pairs & barred
    loads = dict(told.loads)
    for subject in subjects:
        able = [t.code for t in teams if t.township != subject.township and (t.code, subject.code) not in barred]
        mine = [team for team in able if (team, subject.code) in pairs]
        assert len(mine) == sum(row.subject == subject.code for row in told.turns) == min(times, len(able))
        assert (subject.code in {finding.subject for finding in told.findings}) == (len(able) < times)
        for giver in mine:
            assert all(loads[giver] - loads[taker] < 2 for taker in able if taker not in mine)


def test_fifty_villages_of_seven_townships_are_reviewed_evenly() -> None:
    sizes = (10, 9, 8, 8, 6, 5, 4)
    teams = [Team(f"T{n}", f"T{n}") for n in range(7)]
    subjects = [Reviewed(f"T{n}V{m}", f"T{n}") for n, many in enumerate(sizes) for m in range(many)]
    told = plan(teams, subjects, 2, seed="种子", code="互评")
    assert {n for _, n in told.loads} == {14, 15}
    assert told.why == "每个对象由 2 个外乡镇评审组评，每组承担 14 至 15 个，由公开的种子抽定"
    assert plan(teams, subjects, 2, seed="别的种子", code="互评").turns != told.turns


def test_teams_that_all_have_as_many_are_told_so_in_one_number() -> None:
    teams = [Team(f"T{n}", f"T{n}") for n in range(4)]
    told = plan(
        teams, [Reviewed(f"T{n}V{m}", f"T{n}") for n in range(4) for m in range(5)], 2, seed="种子", code="互评"
    )
    assert told.why == "每个对象由 2 个外乡镇评审组评，每组承担 10 个，由公开的种子抽定"


def test_too_many_votes_are_told_in_one_sentence() -> None:
    votes = {"甲村": 9, "乙村": 2, "丙村": 8, "丁村": 7, "戊村": 6}
    ballot = Ballot("assembly", date(2026, 7, 12), "纪要1号", 5, 5, votes=votes)
    told = why_refused(ballot)
    assert told.count("票数不在 0 至 5 之间") == 1
    assert "等 4 个的票数" in told
    assert "。；" not in told
    assert why_refused(Ballot("assembly", date(2026, 7, 12), "纪要1号", 5, 5, votes={"甲村": 5})) == ""


@pytest.mark.parametrize("row", rows("review", "ballots"), ids=lambda row: " ".join(row.values()))
def test_ballots(row: Row) -> None:
    ballot = Ballot(
        cast("Literal['jury', 'assembly']", row["kind"]),
        date(2026, 11, 5),
        row["minutes"],
        int(row["called"]),
        int(row["came"]),
        int(row["named"]),
        row["online"] == "yes",
        {code: int(votes) for code, votes in (text.split() for text in words(row["votes"]))},
    )
    found = refusals(ballot)
    assert " ".join(finding.id for finding in found) == row["refused"]
    assert all("请" in finding.words for finding in found)
    chosen = choose(ballot, int(row["places"]))
    assert " ".join(chosen.codes) == row["chosen"]
    assert " ".join(chosen.tied) == row["tied"]
    assert (share(ballot, "a") is None) == bool(found)


def test_the_share_of_a_ballot() -> None:
    ballot = Ballot("jury", date(2026, 11, 5), "纪要〔2026〕2号", 9, 9, 9, votes={"a": 7, "b": 2})
    assert (share(ballot, "a"), share(ballot, "b"), share(ballot, "z")) == (7778, 2222, None)
