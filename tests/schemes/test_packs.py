"""The packs of Lüyuan, Qinglang, Qingfeng and Tumen, and the rewards of Linjiang, say what the reports say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xiangyue.rules.burden import asked, minutes, scheme_over
from xiangyue.rules.settings import IncentiveRule, Scheme
from xiangyue.schemes import pack, pack_names

MARK = "示例,非官方"
GROUNDS = {
    "lvyuan": "220106",
    "qinglang": "431225212",
    "linjiang": "220681",
    "qingfeng": "410922",
    "tumen": "222402",
}


def rules_of(scheme: Scheme) -> dict[str, IncentiveRule]:
    """Every amount of a scheme by its code."""
    return {rule.code: rule for incentives in scheme.incentives for rule in incentives.rules}


def test_five_packs_each_on_its_ground() -> None:
    assert {name: pack(name).ground for name in pack_names()} == GROUNDS


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_is_whole_and_marked(name: str) -> None:
    scheme = pack(name)
    assert scheme.standing == MARK
    assert {row.standing for row in scheme.standards} | {row.standing for row in scheme.layers} == {MARK}
    assert scheme.layers
    assert scheme.goals
    assert scheme.draws
    assert scheme.burden.minutes_week
    assert scheme.burden.inspections_month
    assert all(layer.tasks for layer in scheme.layers)
    assert {kind.standard for kind in scheme.check_kinds} <= {row.code for row in scheme.standards}


LOADS = {"household": 15, "village": 5}
"""Targets that a bearer has where the scheme sets no limit: Linjiang's 31,490 doors over 2,099 members are the most."""


@pytest.mark.parametrize("name", pack_names())
def test_what_a_pack_asks_stays_within_its_own_caps(name: str) -> None:
    scheme = pack(name)
    doors = {layer.code: layer.per_bearer or LOADS.get(layer.target, 4) for layer in scheme.layers}
    assert scheme_over(scheme, doors) == ()
    # the test can fail: a tenth of the cap's minutes is too little wherever somebody records each day
    tight = replace(scheme, burden=replace(scheme.burden, minutes_week=1, forms_month=0))
    recorded = [n for n in minutes(asked(scheme, doors)).values() if n > 1]
    assert len(scheme_over(tight, doors)) == len(recorded)


@pytest.mark.parametrize("name", pack_names())
def test_a_cap_that_is_not_set_says_so(name: str) -> None:
    from xiangyue.agreements.sentences import said

    scheme = pack(name)
    assert scheme.burden.visits_month == 0
    told = said(scheme.burden, scheme)
    assert "接待走访的次数没有设上限" in told
    assert not any("不超过0" in words for words in told)
    whole = replace(scheme.burden, minutes_week=9, inspections_month=9, visits_month=9, forms_month=9)
    assert not any("没有设上限" in words for words in said(whole, scheme))


def test_lvyuan() -> None:
    scheme = pack("lvyuan")
    layers = {layer.code: layer for layer in scheme.layers}
    assert [task.name for task in layers["cadres"].tasks] == [
        "清理垃圾",
        "发放宣传清单",
        "建立帮扶对子",
        "解决合理诉求",
    ]
    cadence, dense = layers["cadres"].cadence, layers["route_cadres"].cadence
    assert cadence is not None
    assert dense is not None
    assert (cadence.every, cadence.per, cadence.times) == ("week", "bearer", 1)
    assert (dense.every, dense.times) == ("week", 2)
    assert not layers["cadres"].exclusive
    (family,) = scheme.honours
    assert (family.name, family.places, family.given_by) == ("最美家庭", 40, "jury")
    (stars,) = scheme.ratings
    assert (stars.level, stars.mode, stars.group) == ("household", "bands", "village")
    assert {part.code for part in scheme.performances[0].parts} >= {"supervision", "outcomes"}
    assert scheme.commendations[0].layers == ("cadres",)
    assert [stage.name for stage in scheme.stages] == ["净起来", "绿起来", "美起来"]


def test_qinglang() -> None:
    scheme = pack("qinglang")
    tidy = scheme.standard("D04")
    assert len(tidy.items) == 8
    assert sum(item.points for item in tidy.items) == 10_000
    indoor = [item.code for item in tidy.items if item.not_applicable]
    assert {"D04-2", "D04-3", "D04-4"} <= set(indoor)
    assert all(board.pairs for board in scheme.boards)
    assert [scheme.composite(board.composite).pair_weight for board in scheme.boards] == [100, 100]
    assert scheme.board("household_board").public == "consent"
    assert (scheme.board("household_board").red.limit, scheme.board("household_board").black.limit) == (9_000, 5_999)
    assert [honour.name for honour in scheme.honours] == ["最美庭院", "美家美妇", "文明家庭", "最清洁户"]
    assert sum(honour.places for honour in scheme.honours) == 127
    (officials,) = scheme.performances
    assert scheme.layer(officials.layer).exclusive
    assert officials.factors
    contest = next(row for row in scheme.rankings if row.code == "contest_ranking")
    assert (scheme.composite(contest.composite).period, contest.group) == ("quarter", "township")


def test_linjiangs_awards_come_near_what_was_paid() -> None:
    scheme = pack("linjiang")
    rules = rules_of(scheme)
    amounts = {code: rule.amount // 100 for code, rule in rules.items()}
    assert amounts == {
        "model": 200_000, "advanced": 100_000, "qualified": 50_000, "town_one": 400_000, "town_two": 200_000,
        "street_one": 200_000, "street_two": 100_000,
    }  # fmt: skip
    places = {(award.code, kind.code): kind.places for award in scheme.awards for kind in award.classes}
    villages = sum(n for (award, _), n in places.items() if award == "village_award")
    assert villages == 44
    assert sum(places.values()) - villages == 8
    paid = sum(rule.amount * places[rule.pick.of, rule.pick.values[0]] for rule in rules.values())
    assert paid == 575_000_000
    assert scheme.incentives[0].budgets[0].amount >= paid
    (yard,) = scheme.honours
    assert (yard.name, yard.level, yard.floor, yard.periods) == ("三好一庭院", "household", 9_500, 2)
    (shop,) = scheme.points
    assert {rule.points > 0 for rule in shop.rules} == {True, False}
    assert all(rule.cure_days for rule in shop.rules if rule.points < 0)
    assert all(rule.article for rule in shop.rules)


def test_qingfengs_five_stars_are_29_items() -> None:
    scheme = pack("qingfeng")
    rating = scheme.ratings[0]
    assert [domain.name for domain in rating.domains] == [
        "产业兴旺星",
        "生态宜居星",
        "平安法治星",
        "文明幸福星",
        "支部过硬星",
    ]
    items = [{line.item for line in domain.thresholds} for domain in rating.domains]
    assert [len(held) for held in items] == [6, 6, 6, 6, 5]
    assert len(scheme.standard("D03").items) == 29
    known = {indicator.code: indicator for indicator in scheme.indicators}
    for one in scheme.ratings:
        for line in (line for domain in one.domains for line in domain.thresholds):
            indicator = known[line.indicator]
            assert indicator.level == one.level
            assert indicator.unit
            assert indicator.source
            assert indicator.owner
    values = {
        line.indicator: line.value for one in scheme.ratings for domain in one.domains for line in domain.thresholds
    }
    assert values["block_land"] == 2_000
    assert values["cleaners"] == 200
    assert values["four_beauties"] == values["five_beauties"] == 8_500
    assert values["emergency_team"] == 20
    assert [watch.name for watch in scheme.watch_lists] == ["软弱涣散村党组织"]


def test_qingfengs_grades_and_amounts() -> None:
    scheme = pack("qingfeng")
    grades = {grade.code: grade.places for grade in scheme.gradings[0].grades}
    assert grades["model"] + grades["excellent_commended"] + grades["excellent"] == 150
    assert grades["good_commended"] + grades["good"] == 260
    paid = {code: (rule.amount // 100, rule.pick.values) for code, rule in rules_of(scheme).items()}
    assert (grades["model"], paid["model"][0]) == (20, 10_000)
    assert (grades["excellent_commended"], paid["excellent"][0]) == (30, 3_000)
    assert (grades["good_commended"], paid["good"][0]) == (100, 1_000)
    assert paid["cadres"][0] == 1_000
    assert scheme.gradings[1].grades[0].places == 100
    assert [paid[size][0] for size in ("small", "medium", "large")] == [100_000, 150_000, 200_000]
    stars = {(rule.pick.low, rule.pick.high) for rule in rules_of(scheme).values() if rule.pick.kind == "stars"}
    assert stars == {(5, 5), (4, 4), (3, 3)}


def test_tumens_three_stages_and_bands() -> None:
    scheme = pack("tumen")
    (review,) = scheme.reviews
    assert [stage.kind for stage in review.stages] == ["mutual", "departments", "county"]
    assert review.mode == "reference"
    assert [stage.notice_days for stage in review.stages] == [0, 5, 5]
    assert review.stages[1].ballot == "jury"
    village, town = scheme.ratings
    assert [(band.stars, band.floor) for band in village.bands] == [(5, 9_500), (4, 8_800), (3, 7_500), (2, 6_000)]
    assert (town.level, town.bands) == ("township", village.bands)
    assert all(kind.department and kind.most_stars == 2 for kind in village.violations)
    assert not any("访" in kind.name or "诉" in kind.name for kind in village.violations)
