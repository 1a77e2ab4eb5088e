"""Differences in words, and townships that narrow."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from xiangyue.schemes import differences, dump, load, narrowing_errors, pack, pack_text

TEXT = pack_text("linjiang")
COUNTY = pack("linjiang")
CLEAN, TIDY = '  { code = "clean", name = "干净" },\n', '  { code = "tidy", name = "整洁" },\n'
TOWNSHIP = replace(COUNTY, code="liudaogou", name="六道沟镇方案", ground="220681101", narrows="linjiang")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("points = 5\n", "points = 5.5\n", "考核项“道路、广场、房前屋后无裸露积存垃圾”（D01-01） › 分值由“5”改为“5.5”"),
        ("limit = 85", "limit = 88.25", "红黑榜“村红黑榜”（village_board） › 红榜 › 分数线由“85”改为“88.25”"),
        ("language = 1", "language = 1", ""),
        ('every = "month"', 'every = "week"', "频次 › 时段由“每月”改为“每周”"),
        ("self_check = true", "self_check = true\nper_day = 2", "检查类型“日检查”（daily） › 每日次数由“1”改为“2”"),
        ("pairs = false", "pairs = true", "红黑结对由“否”改为“是”"),
        ('posts = ["member"]', "posts = []", "职务由“member”改为（空）"),
        ("days = 5", "days = 7", "公示 › 公示天数由“5”改为“7”"),
        ('  { code = "salt", name = "食盐", price = 5, unit = "袋" },\n', "", "删去兑换商品“食盐”（salt）"),
        ('  { code = "rich"', '  { code = "z", name = "和美" },\n  { code = "rich"', "新增阶段“和美”（z）"),
        (f"{CLEAN}{TIDY}", f"{TIDY}{CLEAN}", "阶段的先后顺序改为：整洁、干净、美丽、富饶"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_words(old: str, new: str, words: str) -> None:
    found = differences(COUNTY, load(TEXT.replace(old, new, 1)))
    assert [one.words.endswith(words) for one in found] == ([True] if words else [])


def test_a_scheme_does_not_differ_from_itself() -> None:
    assert differences(COUNTY, load(dump(COUNTY))) == ()


def test_a_whole_new_part_is_told() -> None:
    without = load(TEXT.replace('cadence = { every = "month", per = "bearer" }\n', "", 1))
    (one,) = differences(without, COUNTY)
    assert one.words.endswith("频次由（空）改为时段“每月”、计次对象“按包保人计”、次数“1”")


def test_a_township_may_repeat_and_tighten_its_county() -> None:
    assert narrowing_errors(COUNTY, load(dump(TOWNSHIP))) == ()
    text = dump(TOWNSHIP)
    for old, new in (
        ('cadence = { every = "half_month"', 'cadence = { every = "week"'),
        ("per_bearer = 30", "per_bearer = 20"),
        ("cure_days = 7", "cure_days = 10"),
        ("limit = 85", "limit = 88"),
        ("days = 5", "days = 7"),
        ("late_limit_days = 31", "late_limit_days = 10"),
    ):
        assert old in text
        text = text.replace(old, new)
    assert narrowing_errors(COUNTY, load(text)) == ()


def test_what_assesses_townships_need_not_be_repeated() -> None:
    own = replace(
        TOWNSHIP,
        layers=tuple(layer for layer in TOWNSHIP.layers if layer.target != "township"),
        standards=tuple(one for one in TOWNSHIP.standards if one.subject != "township"),
        check_kinds=tuple(one for one in TOWNSHIP.check_kinds if one.subject != "township"),
        composites=tuple(one for one in TOWNSHIP.composites if one.level != "township"),
        categories=tuple(one for one in TOWNSHIP.categories if one.level != "township"),
        rankings=(),
        performances=(),
        gradings=(),
        awards=(),
        incentives=(),
    )
    assert narrowing_errors(COUNTY, load(dump(own))) == ()


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('narrows = "linjiang"', 'narrows = "other"', "narrows"),
        ('ground = "220681101"', 'ground = "220682101"', "ground"),
        ("days = 5", "days = 4", "notice.days"),
        ("late_limit_days = 31", "late_limit_days = 40", "late_limit_days"),
        ('helped = ["help"]', "helped = []", "households.helped"),
        ('every = "half_month"', 'every = "month"', "layers[township_leaders].cadence"),
        ('every = "day", per = "target"', 'every = "day", per = "bearer"', "layers[members].cadence"),
        ("per_bearer = 30", "per_bearer = 40", "layers[members].per_bearer"),
        ("bearers_min = 2", "bearers_min = 1", "layers[county_leaders].bearers_min"),
        ('  { code = "labour", name = "义务劳动" },\n', "", "layers[departments].tasks"),
        ("points = 5\n", "points = 4\n", "standards[D01][D01-01]"),
        ('subject = "village"\n', 'subject = "village"\nmonths = [5, 6]\n', "standards[D01].months"),
        ('standard = "D01"', 'standard = "P01"', "check_kinds[village_open]"),
        ("weight = 30", "weight = 31", "composites[village_month]"),
        ("limit = 85", "limit = 84", "boards[village_board].red.limit"),
        ("limit = 80", "limit = 79", "boards[village_board].black.limit"),
        ("limit = 90, per_mille = 30", "limit = 90, per_mille = 20", "boards[household_board].black"),
        ("limit = 95, per_mille = 50", "limit = 95, n = 50", "boards[household_board].red"),
        ('public = "consent"', 'public = "named"', "boards[household_board].public"),
        ("cure_days = 7", "cure_days = 6", "boards[household_board].cure_days"),
        ("expire_days = 31", "expire_days = 62", "boards[household_board].expire_days"),
    ],
)
def test_a_township_may_not_loosen_its_county(old: str, new: str, field: str) -> None:
    text = dump(TOWNSHIP)
    assert old in text
    found = narrowing_errors(COUNTY, load(text.replace(old, new, 1)))
    assert [one.field for one in found] == [field]
    assert re.search("[一-鿿]", found[0].words)
    assert found[0].mend
