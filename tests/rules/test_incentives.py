"""Rule 15, from docs/rules/incentives.md."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, points, rows, words
from xiangyue.rules.incentives import (
    Held,
    IncentivePlan,
    Line,
    Payee,
    approval_refusals,
    compare,
    payments,
    plan,
    yuan,
)
from xiangyue.rules.settings import Budget, IncentiveRule, Incentives, Pick, PickKind

PAYEES = [Payee(code, f"{code}村", "P" if code in "ab" else "Q", 3 if code == "a" else 1) for code in "abcd"]


def held(text: str) -> Held:
    """`a award:year A` or `b rank:q 2`."""
    code, about, value = text.split()
    kind, of = about.split(":")
    return Held(code, cast("PickKind", kind), of, int(value) if value.isdigit() else value)


def rule(text: str) -> IncentiveRule:
    """`r1 stars:s 3-5 100 per head group g from party`."""
    code, about, value, amount, *marks = text.split()
    kind, of = about.split(":")
    low, _, high = value.partition("-")
    picked = Pick(cast("PickKind", kind), of, low=int(low), high=int(high)) if high else None
    return IncentiveRule(
        code,
        f"{code}奖",
        picked or Pick(cast("PickKind", kind), of, tuple(value.split("+"))),
        points(amount),
        marks[marks.index("from") + 1] if "from" in marks else "county",
        marks[marks.index("group") + 1] if "group" in marks else "",
        "head" in marks,
    )


def planned(row: Row, name: str = "held") -> IncentivePlan:
    """The plan of a row."""
    budgets = tuple(
        Budget(source, source, points(amount)) for source, amount in (t.split() for t in words(row.get("budgets", "")))
    )
    incentives = Incentives("i", "奖补", tuple(rule(text) for text in words(row["rules"])), budgets)
    return plan(PAYEES, [held(text) for text in words(row[name])], incentives)


def listed(lines: tuple[Line, ...]) -> str:
    """`a r1 200, b r2 100`."""
    return ", ".join(f"{line.subject} {line.rule} {line.amount // 100}" for line in lines)


@pytest.mark.parametrize("row", rows("incentives", "plans"), ids=lambda row: row["case"])
def test_who_gets_what(row: Row) -> None:
    told = planned(row)
    assert listed(told.lines) == row["lines"]
    assert listed(told.set_aside) == row["set aside"]
    assert told.total == points(row["total"])
    assert all(yuan(line.amount) in line.why for line in told.lines)


@pytest.mark.parametrize("row", rows("incentives", "budgets"), ids=lambda row: row["case"])
def test_budgets(row: Row) -> None:
    told = planned(row)
    assert ", ".join(f"{place} {fen // 100}" for place, fen in told.by_place) == row["by place"]
    assert ", ".join(f"{s.source} {s.over // 100}" for s in told.by_source if s.over) == row["over"]
    assert told.can_be_approved == (row["can be approved"] == "yes")
    refused = [finding.id for finding in approval_refusals(told, "甲", "乙")]
    assert refused == ([] if told.can_be_approved else ["over-budget"])
    assert [finding.id for finding in approval_refusals(told, "甲", "甲")] == [*refused, "same-person"]


@pytest.mark.parametrize("row", rows("incentives", "simulations"), ids=lambda row: row["case"])
def test_simulations(row: Row) -> None:
    told = compare(planned(row, "before"), planned(row, "after"))
    changes = (f"{c.subject} {c.rule} {c.before // 100}→{c.after // 100}" for c in told.lines)
    assert ", ".join(changes) == row["changed"]
    assert told.after - told.before == points(row["difference"])
    assert yuan(told.after - told.before) in told.why
    for totals in (told.by_rule, told.by_place):
        assert sum(before for _, before, _ in totals) == told.before
        assert sum(after for _, _, after in totals) == told.after


def test_money_is_written_in_yuan() -> None:
    assert (yuan(40_000_000), yuan(-5), yuan(0)) == ("400,000.00 元", "-0.05 元", "0.00 元")


HELD = st.lists(
    st.builds(Held, st.sampled_from("abcdz"), st.just("rank"), st.sampled_from("qr"), st.integers(1, 4)), max_size=10
)
RULES = st.lists(
    st.tuples(
        st.sampled_from("qr"),
        st.integers(1, 4),
        st.integers(0, 900),
        st.sampled_from(["", "", "g", "h"]),
        st.booleans(),
    ),
    max_size=6,
).map(
    lambda drafts: tuple(
        IncentiveRule(f"r{n}", f"r{n}奖", Pick("rank", of, low=1, high=high), amount, f"s{n % 2}", group, heads)
        for n, (of, high, amount, group, heads) in enumerate(drafts)
    )
)


@settings(max_examples=30, deadline=None)
@given(HELD, RULES, st.integers(0, 3000), st.randoms(use_true_random=False))
def test_totals_are_what_the_lines_add_up_to(
    results: list[Held], rules: tuple[IncentiveRule, ...], amount: int, by: object
) -> None:
    incentives = Incentives("i", "奖补", rules, (Budget("s0", "预算", amount), Budget("s1", "捐赠", amount)))
    told = plan(PAYEES, results, incentives)
    total = sum(line.amount for line in told.lines)
    assert total == told.total == sum(fen for _, _, fen in told.by_rule) == sum(fen for _, fen in told.by_place)
    assert total == sum(row.amount for row in told.by_source) == sum(row.amount for row in payments(told, PAYEES))
    assert sum(n for _, n, _ in told.by_rule) == len(told.lines) == len({(ln.subject, ln.rule) for ln in told.lines})
    assert told.can_be_approved == all(row.amount <= row.budget for row in told.by_source)
    mixed = list(results)
    by.shuffle(mixed)  # type: ignore[attr-defined]
    assert plan(PAYEES[::-1], mixed, incentives) == told


@settings(max_examples=30, deadline=None)
@given(HELD, RULES)
def test_of_a_group_only_the_largest_is_paid(results: list[Held], rules: tuple[IncentiveRule, ...]) -> None:
    told = plan(PAYEES, results, Incentives("i", "奖补", rules))
    groups = {row.code: row.group for row in rules}
    paid = [(line.subject, groups[line.rule]) for line in told.lines if groups[line.rule]]
    assert len(paid) == len(set(paid))
    for line in told.set_aside:
        winner = next(w for w in told.lines if w.subject == line.subject and groups[w.rule] == groups[line.rule])
        assert winner.amount >= line.amount
    assert {line.subject for line in told.lines} <= {payee.code for payee in PAYEES}
