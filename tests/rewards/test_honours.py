"""Titles: nominated, voted on, given by rule, on notice, hung, warned of, taken down; the plaques add up."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cast import COUNTY, PEACH, WILLOW, Cast, place
from tests.rewards.stage import AFTER_NOTICE, LATER, closing, in_force, with_rewards
from xiangyue.agreements.actions.consents import record_consent
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.places.models import Household, Level, Place
from xiangyue.rewards import plaque_actions as plaques
from xiangyue.rewards.edition import State
from xiangyue.rewards.honour_actions import (
    draw_honours,
    nominate,
    propose_honours,
    record_ballot,
    strike_honour,
    withdraw_ballot,
    withdraw_nomination,
)
from xiangyue.rewards.honour_frame import title_on
from xiangyue.rewards.honour_models import Held, HonourLine, HonourList, Nomination, Plaque
from xiangyue.rewards.honour_shown import shown_of
from xiangyue.rewards.honour_standing import stand
from xiangyue.rules.days import parse_period
from xiangyue.rules.honours import PeriodResult
from xiangyue.rules.settings import Honour, HouseholdRules
from xiangyue.standings.actions.publication_objections import answer, object_to
from xiangyue.standings.notices.kinds import kind_of

MORE = """
[[honours]]
code = "family"
name = "最美家庭"
level = "household"
composite = "household_month"
given_by = "jury"
places = 3
floor = 80
causes = ["弄虚作假"]
approval = "示例-未报批"

[[honours]]
code = "tidy"
name = "清洁户"
level = "household"
composite = "household_month"
give_floor = 90
places = 2
floor = 80
approval = "示例-未报批"

[[honours]]
code = "bare"
name = "无文号称号"
level = "household"
composite = "household_month"
give_floor = 90
approval = ""
"""
KEY = "2026-10"
DAY = AFTER_NOTICE.date()
JURY = ["示例评委甲", "示例评委乙", "示例评委丙"]


@pytest.fixture
def stage(cast: Cast) -> Cast:
    """The cast with three titles."""
    return with_rewards(cast, MORE)


def office(cast: Cast) -> Any:
    return cast.users["county_office"]


def ground(cast: Cast) -> Place:
    return cast.places[COUNTY]


def put_forward(cast: Cast, n: int, code: str = "family") -> list[Nomination]:
    rows = [(cast.household(at), "院子干净") for at in range(1, n + 1)]
    return nominate(cast.users["village_office"], ground(cast), code, KEY, rows, now=LATER)


def vote(cast: Cast, votes: dict[int, int], **more: Any) -> Any:
    told: dict[str, Any] = {"held_on": date(2026, 12, 20), "minutes": "示例纪要〔2026〕1号", "came": 3, "jurors": JURY}
    by_code = {cast.household(at).code: n for at, n in votes.items()}
    return record_ballot(office(cast), ground(cast), "family", KEY, by_code, now=LATER, **(told | more))


def given_titles(cast: Cast, n: int = 3) -> list[Held]:
    """The first `n` households hold 最美家庭."""
    put_forward(cast, n)
    vote(cast, dict.fromkeys(range(1, n + 1), 3))
    row = propose_honours(office(cast), draw_honours(office(cast), ground(cast), "family", KEY, now=LATER), now=LATER)
    in_force(cast, row)
    return list(Held.objects.order_by("place__path"))


def stock(cast: Cast, text: str) -> None:
    title = title_on(ground(cast), "linjiang", "family", DAY)
    plaques.buy(office(cast), title, plaques.numbers_in(text), on=DAY, today=DAY)


def test_nobody_is_nominated_twice(stage: Cast) -> None:
    rows = put_forward(stage, 2)
    with pytest.raises(Problem, match="已经推荐过"):
        put_forward(stage, 1)
    with pytest.raises(Problem, match="没有写理由"):
        nominate(office(stage), ground(stage), "family", KEY, [(stage.household(3), " ")], now=LATER)
    twice = [(stage.household(4), "好"), (stage.household(4), "很好")]
    with pytest.raises(Problem, match="已经推荐过"):
        nominate(office(stage), ground(stage), "family", KEY, twice, now=LATER)
    with pytest.raises(Problem, match="授予农户"):
        nominate(office(stage), ground(stage), "family", KEY, [(stage.places[WILLOW], "好")], now=LATER)
    withdraw_nomination(office(stage), rows[0], reason="搬走了", now=LATER)
    put_forward(stage, 1)
    assert Nomination.objects.filter(withdrawn_at=None).count() == 2


def test_a_ballot_that_does_not_count_is_refused_in_words(stage: Cast) -> None:
    put_forward(stage, 3)
    for more, words in (
        ({"came": 1}, "没有过半"),
        ({"minutes": " "}, "没有会议记录编号"),
        ({"called": 5}, "只有 3 人署名"),
    ):
        with pytest.raises(Problem, match=words):
            vote(stage, {1: 1}, **more)
    with pytest.raises(Problem, match="没有被推荐"):
        vote(stage, {5: 2})
    with pytest.raises(Problem, match="1号的票数不在"):
        vote(stage, {1: 4})


def test_ties_stay_open_until_they_are_voted_on_again(stage: Cast) -> None:
    put_forward(stage, 5)
    vote(stage, {1: 3, 2: 2, 3: 2, 4: 2, 5: 1})
    row = draw_honours(office(stage), ground(stage), "family", KEY, now=LATER)
    assert (row.n_chosen, row.n_open) == (1, 3)
    with pytest.raises(Problem, match="3 个同票待定"):
        propose_honours(office(stage), row, now=LATER)
    with pytest.raises(Problem, match="不在上一轮同票"):
        vote(stage, {5: 3})
    second = vote(stage, {2: 3, 3: 2, 4: 1}, minutes="示例纪要〔2026〕2号")
    again = draw_honours(office(stage), ground(stage), "family", KEY, now=LATER)
    chosen = again.lines.filter(outcome=HonourLine.Outcome.CHOSEN).values_list("place__name", flat=True)
    assert (sorted(chosen), again.n_open, again.version) == (["1号", "2号", "3号"], 0, 2)
    with pytest.raises(Problem, match="已经有表决结果"):
        vote(stage, {4: 3})
    withdraw_ballot(office(stage), second, reason="记录有误", now=LATER)
    assert draw_honours(office(stage), ground(stage), "family", KEY, now=LATER).n_open == 3


def test_by_rule_the_better_of_own_and_result_counts(stage: Cast) -> None:
    figures = {stage.household(n).code: score for n, score in ((1, 9_500), (2, 8_000), (3, 9_300), (4, 9_300))}
    made = closing(stage, {"household_month": figures}, key=KEY, state="proposed")
    standing = made.standings.get()
    standing.level = "household"
    standing.save()
    standing.results.filter(subject=stage.household(2)).update(own=9_600)
    row = draw_honours(office(stage), ground(stage), "tidy", KEY, now=LATER)
    assert [line.place.name for line in row.lines.all()] == ["2号", "1号"]
    assert row.lines.all()[0].figure == 9_600
    with pytest.raises(Problem, match="不用表决"):
        record_ballot(
            office(stage), ground(stage), "tidy", KEY, {}, held_on=DAY, minutes="1", came=1, now=LATER, jurors=JURY
        )


def test_without_an_approval_number_a_list_is_held_back_in_the_linters_words(stage: Cast) -> None:
    closing(stage, {"household_month": {stage.household(1).code: 9_500}}, key=KEY)
    row = draw_honours(office(stage), ground(stage), "bare", KEY, now=LATER)
    with pytest.raises(Problem, match="没有批准文号") as refused:
        propose_honours(office(stage), row, now=LATER)
    assert "补上批准文号 approval" in str(refused.value.mend)


def test_an_upheld_objection_strikes_one_and_the_notice_runs_on(stage: Cast) -> None:
    put_forward(stage, 3)
    vote(stage, {1: 3, 2: 3, 3: 3})
    row = propose_honours(
        office(stage), draw_honours(office(stage), ground(stage), "family", KEY, now=LATER), now=LATER
    )
    assert row.publication is not None
    mine = object_to(
        stage.users["village_office"],
        row.publication,
        stage.household(2),
        text="材料不实",
        by_name="示例户1",
        now=LATER,
    )
    later = LATER + timedelta(days=1)
    answer(office(stage), mine, upheld=True, text="属实，除名", now=later)
    assert any("异议成立" in words for words in kind_of("honour").waiting(row.publication, DAY))
    line = row.lines.get(place=stage.household(2))
    newer = strike_honour(office(stage), line, reason="材料不实", now=later + timedelta(hours=1))
    assert (newer.state, newer.n_chosen) == (State.PROPOSED, 2)
    in_force(stage, newer)
    assert sorted(Held.objects.values_list("place__name", flat=True)) == ["1号", "3号"]
    assert HonourList.objects.get(pk=row.pk).state == State.SUPERSEDED


def test_plaques_are_bought_handed_hung_and_never_given_twice(stage: Cast) -> None:
    held = given_titles(stage)
    with pytest.raises(Problem, match="库存 0 块"):
        plaques.hang(office(stage), [row.pk for row in held], on=DAY, today=DAY)
    stock(stage, "001-003、甲7")
    with pytest.raises(Problem, match="已经登记过"):
        stock(stage, "003")
    plaques.hand_out(office(stage), [held[0].pk], on=DAY, today=DAY, numbers={held[0].pk: "甲7"})
    plaques.hang(office(stage), [row.pk for row in held], on=DAY, today=DAY, spot="院门")
    rows = Held.objects.order_by("place__path")
    assert [row.plaque.number for row in rows if row.plaque] == ["甲7", "001", "002"]
    assert {row.state for row in rows} == {"hanging"}
    with pytest.raises(Problem, match="不能挂牌"):
        plaques.hang(office(stage), [held[0].pk], on=DAY, today=DAY)
    title = title_on(ground(stage), "linjiang", "family", DAY)
    plaques.write_off(office(stage), title, ["003"], on=DAY, note="开裂", today=DAY)
    assert Counter(Plaque.objects.values_list("state", flat=True)) == {"out": 3, "damaged": 1}
    assert Change.objects.filter(act="plaque.hung").count() == 3


def months(cast: Cast, scores: dict[str, int]) -> None:
    for key, score in scores.items():
        row = closing(cast, {"household_month": {cast.household(1).code: score}}, key=key)
        row.standings.update(level="household")


def test_a_low_month_warns_and_the_second_takes_down(stage: Cast) -> None:
    held = given_titles(stage, 1)[0]
    Held.objects.update(given_on=date(2026, 9, 10))
    stock(stage, "001")
    plaques.hang(office(stage), [held.pk], on=date(2026, 9, 12), today=DAY)
    months(stage, {"2026-09": 7_000})
    with pytest.raises(Problem, match="不能摘牌"):
        plaques.take_down(office(stage), [held.pk], on=DAY, today=DAY)
    plaques.warn(office(stage), [held.pk], on=date(2026, 10, 5), today=DAY)
    with pytest.raises(Problem, match="已经预警过"):
        plaques.warn(office(stage), [held.pk], on=DAY, today=DAY)
    months(stage, {"2026-10": 7_500})
    plaques.take_down(office(stage), [held.pk], on=DAY, today=DAY)
    held.refresh_from_db()
    assert held.state == "down"
    assert "连续 2 期低于 80.00" in held.down_why
    assert list(Plaque.objects.values_list("state", flat=True)) == ["stock"]
    assert [move.kind for move in Plaque.objects.get().moves.all()] == ["bought", "handed", "returned"]


def test_a_cause_of_the_scheme_takes_down_with_its_record(stage: Cast) -> None:
    held = given_titles(stage, 1)[0]
    stock(stage, "001")
    plaques.hang(office(stage), [held.pk], on=DAY, today=DAY)
    with pytest.raises(Problem, match="没有“吵架”这种摘牌情形"):
        plaques.end_for_cause(office(stage), held, cause="吵架", record="示例", on=DAY, today=DAY)
    plaques.end_for_cause(office(stage), held, cause="弄虚作假", record="示例核查〔2027〕3号", on=DAY, today=DAY)
    plaques.take_down(office(stage), [held.pk], on=DAY, today=DAY, damaged=True)
    held.refresh_from_db()
    assert "示例核查〔2027〕3号" in held.down_why
    assert Plaque.objects.get().state == "damaged"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("001-003", ["001", "002", "003"]),
        ("甲9-甲11、乙1", ["甲9", "甲10", "甲11", "乙1"]),
        ("2026-001至2026-002", ["2026-001", "2026-002"]),
        ("2026-07", ["2026-07"]),
        ("5-3", ["5-3"]),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, numbers: list[str]) -> None:
    assert plaques.numbers_in(text) == numbers


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        (["2025-013", "2025-020", "2025-041", "2025-042", "2025-043"], "2025-013、2025-020、2025-041…2025-043"),
        (["009", "010", "011"], "009…011"), (["甲7"], "甲7"), (["旧牌", "旧牌二"], "旧牌、旧牌二"), ([], ""),
        (["099", "100", "1000"], "099…100、1000"),
    ],
)  # fmt: skip
def test_numbers_are_told_by_their_runs(numbers: list[str], told: str) -> None:
    assert plaques.numbers_told(numbers) == told


def carried_out(cast: Cast, key: str, numbers: range) -> int:
    """Queries that it takes to give and hang a title to these households of 桃花村."""
    homes = [cast.household(n, PEACH) for n in numbers]
    with CaptureQueriesContext(connection) as queries:
        nominate(office(cast), ground(cast), "family", key, [(home, "院子干净") for home in homes], now=LATER)
        votes = {home.code: 3 for home in homes}
        record_ballot(
            office(cast), ground(cast), "family", key, votes, held_on=date(2026, 12, 20), minutes="示例", came=3,
            jurors=JURY, now=LATER,
        )  # fmt: skip
        drawn = draw_honours(office(cast), ground(cast), "family", key, now=LATER)
        in_force(cast, propose_honours(office(cast), drawn, now=LATER))
        stock(cast, f"{key}-{numbers[0]:03d}至{key}-{numbers[-1]:03d}")
        plaques.hang(office(cast), Held.objects.filter(list=drawn).values_list("pk", flat=True), on=DAY, today=DAY)
    return len(queries)


def test_127_titles_take_as_few_queries_as_three(cast: Cast) -> None:
    with_rewards(cast, MORE.replace("places = 3", "places = 0"))
    for n in range(7, 131):
        row = place(cast, f"{PEACH}-H{n:05d}", f"{n}号", Level.HOUSEHOLD, PEACH, order=n)
        Household.objects.create(place=row, head_name=f"示例户{n}", n_members=3)
    few = carried_out(cast, "2026-09", range(1, 4))
    many = carried_out(cast, "2026-10", range(4, 131))
    assert Held.objects.filter(state="hanging").count() == 130
    assert many <= few + 3


HONOUR = Honour("h", "称号", "household", "c", floor=8_000, periods=2)
BEGUN = date(2026, 1, 1)


def told(warned: date | None, *scores: int | None) -> Any:
    held = Held(given_on=BEGUN, warned_on=warned, state=Held.State.HANGING)
    rows = [PeriodResult(parse_period(f"2026-{n:02d}"), score) for n, score in enumerate(scores, 1)]
    return stand(held, rows, HONOUR)


@pytest.mark.parametrize(
    ("warned", "scores", "todo"),
    [
        (None, (9_000,), ""),
        (None, (7_000,), "warn"),
        (date(2026, 2, 5), (7_000,), ""),
        (date(2026, 2, 5), (7_000, 7_000), "take"),
        (None, (7_000, 7_000), "warn"),
        (date(2026, 3, 5), (7_000, 7_000), ""),
        (date(2026, 3, 5), (7_000, 7_000, 7_000), "take"),
        (date(2026, 3, 5), (7_000, 7_000, 9_000), ""),
        (date(2026, 2, 5), (7_000, 9_000, 7_000), "warn"),
        (date(2026, 2, 5), (7_000, None, 7_000), "take"),
    ],
)
def test_nothing_is_taken_down_unwarned(warned: date | None, scores: tuple[int | None, ...], todo: str) -> None:
    assert told(warned, *scores).todo == todo


@given(st.lists(st.one_of(st.none(), st.integers(0, 10_000)), max_size=10), st.integers(0, 11))
@settings(max_examples=200)
def test_who_is_never_low_twice_in_a_row_keeps_the_plaque(scores: list[int | None], month: int) -> None:
    warned = date(2026, month, 3) if month else None
    rated = [score for score in scores if score is not None]
    twice = any(a < 8_000 and b < 8_000 for a, b in itertools.pairwise(rated))
    if told(warned, *scores).todo == "take":
        assert twice
        assert warned is not None


def test_households_are_public_by_consent_and_counts_keep_the_floors(stage: Cast) -> None:
    held = given_titles(stage, 3)
    record_consent(None, stage.household(1), "honour_public", given_on=date(2026, 11, 1), today=DAY)
    rows = [(row.name, row.place_id) for row in held]
    places = Held.objects.order_by().values("place")
    shown = shown_of(ground(stage), rows, places, HouseholdRules(), DAY)[0]
    assert [one.name for one in shown.named] == ["示例户1"]
    assert (shown.unnamed, shown.villages, shown.others) == (None, (), True)
    loose = HouseholdRules(public_min_group=1, public_min_count=1)
    assert shown_of(ground(stage), rows, places, loose, DAY)[0].villages == (("柳树村", 2),)
    publication = HonourList.objects.get(state="in_force").publication
    assert publication is not None
    table = kind_of("honour").rows(publication)[0]
    assert "示例户2" not in str(table)
    assert "示例-未报批" in table.note
