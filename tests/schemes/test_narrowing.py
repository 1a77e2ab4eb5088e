"""A township's stars, reviews, rewards, points and caps may ask for more than its county's, never take away a right."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from xiangyue.rules.settings import Scheme
from xiangyue.schemes import load, narrowing_errors, pack, pack_names
from xiangyue.schemes.narrowing_rewards import BOUNDS, REPEATED
from xiangyue.schemes.writing import dump

COUNTIES = [name for name in pack_names() if len(pack(name).ground) == 6]


def township(name: str) -> Scheme:
    """The pack of a county as a township's scheme that narrows it."""
    county = pack(name)
    return replace(county, code="town", name="镇方案", ground=f"{county.ground}101", narrows=county.code)


@pytest.mark.parametrize("name", COUNTIES)
def test_what_is_repeated_narrows(name: str) -> None:
    assert narrowing_errors(pack(name), load(dump(township(name)))) == ()


@pytest.mark.parametrize("name", COUNTIES)
def test_the_countys_ratings_and_rewards_need_not_be_repeated(name: str) -> None:
    nothing: dict[str, Any] = dict.fromkeys(REPEATED, ())
    own = replace(township(name), **nothing)
    assert narrowing_errors(pack(name), own) == ()


TIGHTER = [
    ("tumen", "floor = 88", "floor = 90"),
    ("tumen", "most_stars = 2", "most_stars = 1"),
    ("tumen", "notice_days = 5", "notice_days = 7"),
    ("qingfeng", "value = 100000", "value = 120000"),
    ("qingfeng", "values = [1, 2, 3]", "values = [1, 2]"),
    ("linjiang", "places = 100\nfloor = 95", "places = 50\nfloor = 95"),
    ("linjiang", 'points = -10, most = 20, article = "第四条", cure_days = 3', "points = -5, most = 20, cure_days = 5"),
    ("linjiang", "minutes_week = 120", "minutes_week = 60"),
    ("linjiang", "amount = 200000\n", "amount = 150000\n"),
    ("lvyuan", "per_mille = 100, hard = false", "per_mille = 50, hard = false"),
]
LOOSER = [
    ("tumen", "floor = 88", "floor = 87", "ratings[five_star].bands"),
    ("tumen", "most_stars = 2", "most_stars = 3", "ratings[five_star].violations[discipline].most_stars"),
    ("tumen", "notice_days = 5", "notice_days = 4", "reviews[three_stages].stages[departments].notice_days"),
    ("qingfeng", "value = 100000", "value = 90000", "ratings[five_star].domains[industry].thresholds[D03-02].value"),
    (
        "qingfeng",
        "values = [1, 2, 3]",
        "values = [1, 2, 3, 4]",
        "ratings[five_star].domains[liveable].thresholds[D03-07].values",
    ),
    ("linjiang", "places = 100", "places = 0", "honours[yard].places"),
    ("linjiang", '"农户自愿退出", ', "", "honours[yard].causes"),
    ("linjiang", "points = -10, most = 20", "points = -15, most = 20", "points[supermarket].rules[burning].points"),
    (
        "linjiang",
        'article = "第四条", cure_days = 3',
        'article = "第四条", cure_days = 1',
        "points[supermarket].rules[burning].cure_days",
    ),
    ("linjiang", "minutes_week = 120", "minutes_week = 0", "burden.minutes_week"),
    ("linjiang", "inspections_month = 4", "inspections_month = 5", "burden.inspections_month"),
    ("linjiang", "amount = 200000\n", "amount = 250000\n", "incentives[year_awards].rules[model].amount"),
    ("linjiang", "places = 7, floor = 80", "places = 9, floor = 80", "awards[village_award].classes"),
    ("lvyuan", "per_mille = 100, hard = false", "per_mille = 150, hard = false", "ratings[star_household].quotas"),
]


@pytest.mark.parametrize(("name", "old", "new"), TIGHTER)
def test_a_township_may_ask_for_more(name: str, old: str, new: str) -> None:
    text = dump(township(name))
    assert old in text
    assert narrowing_errors(pack(name), load(text.replace(old, new, 1))) == ()


@pytest.mark.parametrize(("name", "old", "new", "field"), LOOSER)
def test_a_township_may_not_loosen(name: str, old: str, new: str, field: str) -> None:
    text = dump(township(name))
    assert old in text
    found = narrowing_errors(pack(name), load(text.replace(old, new, 1)))
    assert [one.field for one in found] == [field]
    assert re.search("[一-鿿]", found[0].words)
    assert found[0].mend


def test_the_result_from_which_a_title_is_given_is_not_lowered() -> None:
    (yard,) = pack("linjiang").honours
    by_rule = replace(yard, given_by="rule", give_floor=9_800)
    county = replace(pack("linjiang"), honours=(by_rule,))
    own = replace(township("linjiang"), honours=(replace(by_rule, give_floor=9_900),))
    assert narrowing_errors(county, own) == ()
    found = narrowing_errors(county, replace(own, honours=(replace(by_rule, give_floor=9_000),)))
    assert [one.field for one in found] == ["honours[yard].give_floor"]


def test_a_domain_or_threshold_left_out_loosens() -> None:
    county, own = pack("qingfeng"), township("qingfeng")
    rating = own.ratings[0]
    fewer = replace(rating.domains[0], thresholds=rating.domains[0].thresholds[1:])
    without = replace(rating, domains=(fewer, *rating.domains[1:-1]))
    found = narrowing_errors(county, replace(own, ratings=(without, *own.ratings[1:])))
    assert [one.field for one in found] == [
        "ratings[five_star].domains",
        "ratings[five_star].domains[industry].thresholds",
    ]


def test_every_bound_names_a_key() -> None:
    from xiangyue.schemes.keys import KEYS

    for cls, bounds in BOUNDS.items():
        assert set(bounds) <= set(KEYS[cls])
