"""Differences in words, findings of the linter, and townships that narrow."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from xiangyue.schemes import differences, dump, lint, load, narrowing_errors, pack, pack_text
from xiangyue.schemes.linter import RULES

TEXT = pack_text("linjiang")
COUNTY = pack("linjiang")
CLEAN, TIDY = '  { code = "clean", name = "干净" },\n', '  { code = "tidy", name = "整洁" },\n'
DRAFT = 'subject = "village"\nstanding = "示例,非官方"'
BANDS = 'source = { kind = "indicator", indicator = "i", bands = [[0, 0], [60, 80]] }'
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


@pytest.mark.parametrize(
    ("id", "severity", "old", "new"),
    [
        ("board-without-consent", "reject", 'public = "consent"', 'public = "named"'),
        ("no-cure-time", "reject", "cure_days = 7", "cure_days = 0"),
        ("money", "reject", "垃圾未分类", "垃圾未分类罚款"),
        ("welfare", "reject", "垃圾未分类", "不改的取消其低保"),
        ("petitions", "reject", "垃圾未分类", "越级上访"),
        ("private-life", "reject", "垃圾未分类", "家庭矛盾"),
        ("votes", "reject", 'name = "明察"', 'name = "网络评选"'),
        ("app-use", "reject", "垃圾未分类", "未每日打卡"),
        ("children", "reject", "垃圾未分类", "孩子乱扔"),
        ("kin", "reject", "垃圾未分类", "直系亲属有扣分"),
        ("drafted-unmarked", "warn", DRAFT, DRAFT.partition("\n")[0]),
        ("short-notice", "warn", "days = 5", "days = 3"),
        ("small-pool", "warn", "pool_min = 5", "pool_min = 4"),
        ("limits-cross", "warn", "limit = 85", "limit = 80"),
        ("often-a-day", "warn", "self_check = true", "self_check = true\nper_day = 2"),
    ],
)  # fmt: skip
def test_the_linter_finds(id: str, severity: str, old: str, new: str) -> None:
    assert not lint(COUNTY)
    assert old in TEXT
    found = lint(load(TEXT.replace(old, new, 1)))
    assert {(finding.id, finding.severity) for finding in found} == {(id, severity)}
    for finding in found:
        assert finding.where
        assert finding.words
        assert finding.mend
        assert "请县法制机构核定" in str(finding)


def test_photos_of_every_item_at_a_door_are_found() -> None:
    text = re.sub(r"(?m)^pictogram", 'photo = "看清"\npictogram', TEXT)
    assert [(one.id, one.where) for one in lint(load(text))] == [("photos-everywhere", "standards[S01]")]


def test_a_red_floor_above_every_figure_is_found() -> None:
    text = TEXT.replace('source = { kind = "sheets", check_kind = "daily" }', BANDS)
    text = text.replace("stages = [", 'indicators = [{ code = "i", name = "达标率", level = "household" }]\nstages = [')
    found = [finding for finding in lint(load(text)) if finding.id == "out-of-reach"]
    assert [finding.where for finding in found] == [
        "composites[household_month].components[daily]",
        "boards[household_board].red.limit",
    ]


def test_every_rule_of_the_linter_is_on_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs/formats/scheme.md").read_text("utf-8")
    table = page.split("## Findings")[1].split("## A township")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {rule.id for rule in RULES} == {id for cell in cells for id in re.findall("`([a-z-]+)`", cell)}


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
