"""The linter's page is run: every word and row that it says is found is found, what is lawful is not."""

from __future__ import annotations

import random
import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from xiangyue.rules.settings import Layer, Scheme
from xiangyue.schemes import Finding, check_report, lint, load, pack, pack_names, pack_text
from xiangyue.schemes.finding import OWN_READING
from xiangyue.schemes.lint_texts import texts
from xiangyue.schemes.linter import RULES

PAGE = (Path(__file__).parents[2] / "docs/guide/linter.md").read_text("utf-8")


def table(name: str) -> list[list[str]]:
    """The rows of a named table of the page, as cells."""
    part = PAGE.split(f"<!-- table: {name} -->\n")[1].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in part.splitlines()[2:]]


def code(cell: str) -> str:
    """What stands in a code span; `⏎` is a new line."""
    return re.sub(" *⏎ *", "\n", cell.strip("| `"))


def said(text: str) -> Scheme:
    """A scheme that says one text, as the name of a layer."""
    return Scheme(code="c", name="n", ground="000000", layers=(Layer("a", text, "household", "household"),))


def rejected(scheme: Scheme) -> set[str]:
    """The ids of what is rejected."""
    return {one.id for one in lint(scheme) if one.severity == "reject"}


WORDS = table("words")
ROWS = table("rows")


@pytest.mark.parametrize(("id", "text"), [(code(row[0]), row[1]) for row in WORDS if row[1]])
def test_words_are_found(id: str, text: str) -> None:
    assert id in rejected(said(text))


@pytest.mark.parametrize("text", [row[2].strip("| ") for row in WORDS if row[2].strip("| ")])
def test_lawful_words_are_not(text: str) -> None:
    assert not rejected(said(text))


@pytest.mark.parametrize("row", ROWS, ids=[f"{code(row[0])}:{row[1]}" for row in ROWS])
def test_rows_are_found_or_not(row: list[str]) -> None:
    id, name, old, found, fine = code(row[0]), row[1], code(row[2]), code(row[3]), code(row[4])
    whole = pack_text(name)
    assert old in whole
    before = {one for one in lint(pack(name)) if one.id == id}
    after = {one for one in lint(load(whole.replace(old, found, 1))) if one.id == id}
    assert after - before
    assert not {one for one in lint(load(whole.replace(old, fine, 1))) if one.id == id} - before
    assert all(one.where and one.words and one.mend and OWN_READING in str(one) for one in after)


@pytest.mark.parametrize("row", table("sizes"))
def test_small_categories(row: list[str]) -> None:
    found = [one for one in lint(pack("linjiang"), {row[0]: int(row[1])}) if one.id == "small-category"]
    assert bool(found) == (row[2].strip("| ") == "yes")


def test_every_rule_is_on_the_page_and_tried_there() -> None:
    listed = PAGE.split("## The rules")[1].split("## Words")[0]
    stated = {(id, severity) for id, severity in re.findall(r"\| `([a-z-]+)` \| (reject|warn) \|", listed)}
    assert stated == {(rule.id, rule.severity) for rule in RULES}
    tried = {code(row[0]) for row in (*WORDS, *ROWS)} | {"small-category"}
    assert tried == {rule.id for rule in RULES}


@pytest.mark.parametrize("name", pack_names())
def test_the_packs_pass_with_their_warnings_shown(name: str) -> None:
    found = lint(pack(name))
    assert not [one for one in found if one.severity == "reject"]
    ok, lines = check_report(pack_text(name))
    assert ok
    assert lines[1:-1] == tuple(map(str, found))


def test_the_warnings_of_the_packs_are_those_on_the_page() -> None:
    known = {"sample-approval", "every-door-daily", "self-scored", "punished-twice", "cure-by-hand"}
    assert {one.id for name in pack_names() for one in lint(pack(name))} == known
    assert {one.id for one in lint(pack("linjiang"))} == known


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("qingfeng", "indicators[mediation]"),
        ("qingfeng", "watch_lists[weak].basis"),
        ("qingfeng", "ratings[five_star].domains[safe].thresholds[D03-14]"),
        ("linjiang", "points[supermarket].goods[soap]"),
        ("linjiang", "honours[yard].causes"),
        ("linjiang", "incentives[year_awards].rules[model]"),
        ("linjiang", "standards[S01].items[S01-1].steps[rubbish]"),
        ("lvyuan", "commendations[star_bearers].opening"),
        ("lvyuan", "stages[green]"),
        ("tumen", "reviews[three_stages].stages[mutual].components[homes]"),
    ],
)
def test_texts_of_every_section_are_read(name: str, where: str) -> None:
    assert where in dict(texts(pack(name)))


def shuffled(row: Any, order: random.Random) -> Any:
    """A row with the lists of rows in it in another order, all the way down."""
    changed = {}
    for one in fields(row):
        value = getattr(row, one.name)
        if is_dataclass(value):
            changed[one.name] = shuffled(value, order)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            rows = [shuffled(part, order) for part in value]
            order.shuffle(rows)
            changed[one.name] = tuple(rows)
    return replace(row, **changed)


LAWLESS = load(
    pack_text("linjiang")
    .replace("cure_days = 7", "cure_days = 0")
    .replace("inspections_month = 4", "inspections_month = 0")
    .replace("垃圾未分类", "不改的罚款")
)


@with_settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(order: random.Random) -> None:
    expected: tuple[Finding, ...] = lint(LAWLESS)
    assert expected
    assert lint(shuffled(LAWLESS, order)) == expected
