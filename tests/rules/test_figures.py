"""Rules 3 to 6, from docs/rules/components.md, results.md and ranking.md."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, chain, figure, points, rows, words
from xiangyue.rules.component import ChildTotals, Part, SheetTotals, part_of_children, part_of_indicator, part_of_sheets
from xiangyue.rules.numbers import half_up, show
from xiangyue.rules.ranking import category_of, group_of, rank
from xiangyue.rules.result import Adjustment, figures, joined, months_words, of_months, own, own_words
from xiangyue.rules.settings import Category, Component, Source

SCORES = st.integers(0, 10_000)


@pytest.mark.parametrize("row", rows("components", "sheets"), ids=lambda row: f"{row['take']} {row['total']}")
def test_sheets(row: Row) -> None:
    component = Component("c", "日检查", 1, Source("sheets", check_kind="daily", take=row["take"]))  # type: ignore[arg-type]
    totals = SheetTotals(int(row["n"]), *(points(row[name]) for name in ("total", "lowest", "highest", "last")))
    part = part_of_sheets(component, totals)
    assert part.value == figure(row["figure"])
    assert show(part.value) in part.why or "缺项" in part.why


@pytest.mark.parametrize("row", rows("components", "children"), ids=lambda row: f"{row['share']} {row['children']}")
def test_children(row: Row) -> None:
    by_households = "×" in row["children"]
    source = Source("children", level="household", share=int(row["share"]), by_households=by_households)
    children = words(row["children"])
    rated = [child.split("×") for child in children if child != "–"]
    weights = [int(child[1]) if by_households else 1 for child in rated]
    total = sum(points(child[0]) * weight for child, weight in zip(rated, weights, strict=True))
    part = part_of_children(
        Component("c", "户均", 1, source), ChildTotals(len(children), len(rated), total, sum(weights))
    )
    assert part.value == figure(row["figure"])
    assert show(part.value) in part.why or "缺项" in part.why


@pytest.mark.parametrize("row", rows("components", "indicators"), ids=lambda row: row["number"])
def test_indicators(row: Row) -> None:
    bands = [text.split(" → ") for text in words(row["bands"])]
    source = Source("indicator", indicator="i", bands=tuple((int(start), points(value)) for start, value in bands))
    part = part_of_indicator(Component("c", "覆盖", 1, source), int(row["number"]) if row["number"] else None)
    assert part.value == figure(row["figure"])
    assert show(part.value) in part.why or "缺项" in part.why


def test_a_part_without_facts_is_missing() -> None:
    assert part_of_sheets(Component("c", "c", 1, Source("sheets")), None).value is None
    assert part_of_children(Component("c", "c", 1, Source("children", level="village")), None).value is None


def part(text: str) -> Part:
    """`40 × –!` as a part."""
    weight, _, value = text.partition(" × ")
    return Part("c", "项", int(weight), figure(value.rstrip("!")), 0, 0, "", value.endswith("!"))


@pytest.mark.parametrize("row", rows("results", "own"), ids=lambda row: row["components (weight × figure)"])
def test_own(row: Row) -> None:
    parts = [part(text) for text in words(row["components (weight × figure)"])]
    assert own(parts) == figure(row["own"])
    assert own(reversed(parts)) == own(parts)
    assert own_words(parts).endswith("没有成绩" if own(parts) is None else f"= {row['own']}")


@pytest.mark.parametrize("row", rows("results", "figures"), ids=lambda row: " ".join(row.values()))
def test_figures(row: Row) -> None:
    adjustments = [Adjustment(points(text), "加减分", "依据") for text in words(row["adjustments"])]
    told = figures(figure(row["own"]), figure(row["partner"]), int(row["w"]), adjustments)
    assert told.own == figure(row["own"])
    assert told.joint == figure(row["joint"])
    assert told.paired == figure(row["paired"])
    assert told.adjustments == figure(row["sum of adjustments"])
    assert told.result == figure(row["result"])
    assert told.why.endswith("不上榜" if told.result is None else f"考核结果 {row['result']}")


@pytest.mark.parametrize("row", rows("results", "months"), ids=lambda row: row["months"])
def test_months(row: Row) -> None:
    results = [figure(text) for text in words(row["months"])]
    value = of_months(results, int(row["minimum"]))
    assert value == figure(row["result"])
    told = months_words([(f"{n}月", result) for n, result in enumerate(results, 1)], int(row["minimum"]))
    assert told.endswith("没有成绩" if value is None else f"= {row['result']}")


@settings(max_examples=60, deadline=None)
@given(SCORES, SCORES, st.integers(0, 100))
def test_joint_and_paired_lie_between_the_two_and_are_symmetric(mine: int, other: int, w: int) -> None:
    joint, paired = joined(mine, other, w)
    assert joint is not None
    assert min(mine, other) <= joint <= max(mine, other)
    assert min(mine, other) <= paired <= max(mine, other)
    assert joined(other, mine, w)[0] == joint
    assert joined(mine, other, 100)[1] == joint == joined(other, mine, 100)[1]


@settings(max_examples=60, deadline=None)
@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_half_up_is_the_nearest_and_odd_in_sign(a: int, b: int) -> None:
    assert half_up(-a, b) == -half_up(a, b)
    assert abs(half_up(a, b) * b - a) * 2 <= b


@pytest.mark.parametrize("row", rows("ranking", "ranks"), ids=lambda row: row["results"])
def test_ranks(row: Row) -> None:
    results = [(text.split()[0], points(text.split()[1])) for text in words(row["results"])]
    expected = {text.split()[0]: int(text.split()[1]) for text in words(row["ranks"])}
    assert rank(results) == expected
    assert rank(reversed(results)) == expected


@pytest.mark.parametrize("row", rows("ranking", "groups"), ids=lambda row: f"{row['chain']} {row['level']}")
def test_groups(row: Row) -> None:
    assert group_of(chain(row["chain"]), row["level"]) == row["group"]  # type: ignore[arg-type]


CATEGORIES = (
    Category("行政村", "行政村", "village", ("village",)),
    Category("社区", "社区", "village", ("community",)),
    Category("乡镇", "乡镇", "township", ("town", "rural")),
    Category("街道", "街道", "township", ("street",)),
    Category("农户", "农户", "household"),
)


@pytest.mark.parametrize("row", rows("ranking", "categories"), ids=lambda row: f"{row['level']} {row['class']}")
def test_categories(row: Row) -> None:
    assert category_of(CATEGORIES, row["level"], row["class"]) == row["category"]  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 5), max_size=12))
def test_a_rank_is_one_more_than_the_number_better(results: dict[str, int]) -> None:
    ranks = rank(results.items())
    for code, result in results.items():
        assert ranks[code] == 1 + sum(other > result for other in results.values())


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 5), max_size=12))
def test_new_names_in_the_same_order_change_nothing(results: dict[str, int]) -> None:
    renamed = {f"x{code}": result for code, result in results.items()}
    assert list(rank(renamed.items()).values()) == list(rank(results.items()).values())


def test_figures_are_told_in_chinese_print() -> None:
    told = figures(9600, 10_000, 100, [Adjustment(-50, "减分", "示例原因")]).why
    assert told == (
        "本身成绩 96.00；与结对方（100.00）共同成绩 98.00；按 100% 计入共同成绩后 98.00；"
        "减分 -0.50（示例原因）；考核结果 97.50"
    )
