"""Incentive plans: what is held is paid, heads, budgets, a second person, payments and their reversal; totals add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import COUNTY, NOW, Cast, person
from tests.rewards.stage import LATER, YEAR, closing, in_force, second_clerk, villages, with_rewards
from tests.standings.facts import refused
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.rewards.award_actions import draw_list, propose_list
from xiangyue.rewards.award_models import AwardList, GradeEntry
from xiangyue.rewards.edition import State
from xiangyue.rewards.incentive_actions import approve_plan, draft_plan, mark_paid, obstacles, reverse_payment
from xiangyue.rewards.incentive_models import HeadCount, IncentivePlan, Payment
from xiangyue.rules import incentives as rule

YUAN = 100
PAID_ON = LATER.date()
KIND = AwardList.Kind
LISTS = ((KIND.AWARD, "village_2"), (KIND.GRADING, "secretary_2"), (KIND.GRADING, "centre_2"))


@pytest.fixture
def year(cast: Cast) -> Cast:
    """A closed year of five villages with a secretary each."""
    with_rewards(cast)
    return closed(cast, 9_500, 9_000, 8_500, 8_000, 7_000)


def closed(cast: Cast, *scores: int, version: int = 1) -> Cast:
    rows = villages(cast, len(scores))
    for at, row in enumerate(rows, 1):
        if f"S{at}" not in cast.people:
            person(cast, f"S{at}", f"书记{at}", row.code, "village_secretary")
    figures = {row.code: score for row, score in zip(rows, scores, strict=True)}
    closing(cast, {"villages_2": figures}, version=version)
    return cast


def lists(cast: Cast, *, force: bool = True) -> list[AwardList]:
    """The lists that the incentives go by, drawn and in force; one centre is large."""
    first = villages(cast, 1)[0]
    GradeEntry.objects.get_or_create(
        place=first,
        scheme="linjiang",
        grading="centre_2",
        on=NOW.date(),
        defaults={"grade": "large", "document": "示例"},
    )
    clerk = cast.users["county_office"]
    rows = [draw_list(clerk, cast.places[COUNTY], kind, code, YEAR, now=LATER) for kind, code in LISTS]
    if force:
        for row in rows:
            propose_list(clerk, row, now=LATER)
            in_force(cast, row)
    return rows


def heads(cast: Cast, n: int = 7) -> None:
    """The heads of the first village."""
    HeadCount.objects.update_or_create(
        place=villages(cast, 1)[0], scheme="linjiang", incentives="year_2", key=YEAR,
        defaults={"n": n, "basis": "花名册"},
    )  # fmt: skip


def drafted(cast: Cast, **more: Any) -> IncentivePlan:
    return draft_plan(cast.users["county_office"], cast.places[COUNTY], "year_2", YEAR, now=LATER, **more)


def amounts(plan: IncentivePlan) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in plan.lines.filter(aside=False):
        found[line.rule] = found.get(line.rule, 0) + line.amount
    return {rule: fen // YUAN for rule, fen in found.items()}


def test_classes_ranks_grades_and_heads_are_paid(year: Cast) -> None:
    lists(year)
    heads(year)
    plan = drafted(year)
    assert amounts(plan) == {
        "model": 200_000, "advanced": 200_000, "qualified": 100_000, "secretary": 3_000, "cadres": 7_000,
        "centre": 150_000,
    }  # fmt: skip
    assert plan.total == 660_000 * YUAN
    assert sum(row[3] for row in plan.totals["rule"]) == plan.total
    assert sum(row[2] for row in plan.totals["place"]) == plan.total
    assert sum(row[3] for row in plan.totals["source"]) == plan.total
    secretary = plan.lines.get(rule="secretary")
    assert (secretary.subject, secretary.path) == ("person:S1", villages(year, 1)[0].path)
    assert Change.objects.filter(act="incentive_plan.drafted").count() == 1


def test_heads_that_nobody_entered_hold_the_plan_back(year: Cast) -> None:
    lists(year)
    plan = drafted(year)
    assert amounts(plan)["cadres"] == 0
    with refused("rewards_cannot_approve"):
        approve_plan(second_clerk(year), plan, now=LATER)


def test_the_drafter_does_not_approve(year: Cast) -> None:
    lists(year)
    heads(year)
    plan = drafted(year)
    with refused("rewards_same_person"):
        approve_plan(year.users["county_office"], plan, now=LATER)
    with refused("rewards_same_person"):
        approve_plan(None, plan, now=LATER)
    done = approve_plan(second_clerk(year), plan, now=LATER)
    assert (done.state, done.approved_by) == (State.IN_FORCE, second_clerk(year))


def test_over_a_budget_it_is_shown_whole_and_not_approved(year: Cast) -> None:
    lists(year)
    heads(year, 60)
    plan = drafted(year)
    party = next(row for row in plan.totals["source"] if row[0] == "party")
    assert party[3] == (3_000 + 60_000 + 150_000) * YUAN
    assert party[4] == 13_000 * YUAN
    assert any("超出 13,000.00 元" in words for words in obstacles(plan))
    with refused("rewards_cannot_approve"):
        approve_plan(second_clerk(year), plan, now=LATER)


def test_nothing_is_approved_before_its_lists_are_in_force(year: Cast) -> None:
    lists(year, force=False)
    heads(year)
    plan = drafted(year)
    assert len(obstacles(plan)) == 3
    with refused("rewards_cannot_approve"):
        approve_plan(second_clerk(year), plan, now=LATER)


def test_what_is_not_drawn_is_told(year: Cast) -> None:
    plan = drafted(year)
    words = [row[2] for row in plan.findings]
    assert any("先进村：本期还没有拟定名单" in one for one in words)
    assert set(amounts(plan)) == {"cadres"}


def test_a_plan_that_pays_nobody_is_begun_by_nobody(year: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first one is refused; once one is on file, a new version may find nobody any more."""
    whole = rule.plan
    monkeypatch.setattr(rule, "plan", lambda *given: replace(whole(*given), lines=(), set_aside=()))
    with refused("rewards_nobody"):
        drafted(year)
    assert not IncentivePlan.objects.exists()
    with monkeypatch.context() as as_it_is:
        as_it_is.setattr(rule, "plan", whole)
        assert drafted(year).lines.exists()
    assert not drafted(year, reason="名单已撤销").lines.exists()


def test_the_same_lists_give_the_same_digest(year: Cast) -> None:
    lists(year)
    heads(year)
    digest = drafted(year).digest
    with refused("rewards_nothing_new"):
        drafted(year)
    IncentivePlan.objects.all().delete()
    assert drafted(year).digest == digest


def test_lines_are_paid_once_and_a_reversed_payment_counts_as_not_made(year: Cast) -> None:
    lists(year)
    heads(year)
    clerk = year.users["county_office"]
    plan = drafted(year)
    keys = [line.pk for line in plan.lines.all()]
    with refused("rewards_not_payable"):
        mark_paid(clerk, plan, keys, paid_on=PAID_ON, voucher="示例-001", now=LATER)
    approve_plan(second_clerk(year), plan, now=LATER)
    with refused("rewards_no_voucher"):
        mark_paid(clerk, plan, keys, paid_on=PAID_ON, voucher=" ", now=LATER)
    with refused("rewards_future_day"):
        mark_paid(clerk, plan, keys, paid_on=PAID_ON + timedelta(days=2), voucher="示例-001", now=LATER)
    assert mark_paid(clerk, plan, keys, paid_on=PAID_ON, voucher="示例-001", now=LATER) == len(keys)
    with refused("rewards_not_payable"):
        mark_paid(clerk, plan, keys, paid_on=PAID_ON, voucher="示例-002", now=LATER)
    payment = Payment.objects.get(line__rule="model")
    reverse_payment(clerk, payment, reason="账号有误退回", now=LATER)
    with refused("rewards_reversed"):
        reverse_payment(clerk, payment, reason="再一次", now=LATER)
    assert mark_paid(clerk, plan, [payment.line_id], paid_on=PAID_ON, voucher="示例-003", now=LATER) == 1
    assert Change.objects.filter(act="plan_line.paid").count() == len(keys) + 1


def test_a_newer_plan_takes_over_what_was_paid_and_refuses_what_differs(year: Cast) -> None:
    lists(year)
    heads(year)
    clerk = year.users["county_office"]
    plan = drafted(year)
    approve_plan(second_clerk(year), plan, now=LATER)
    mark_paid(clerk, plan, [line.pk for line in plan.lines.all()], paid_on=PAID_ON, voucher="示例-001", now=LATER)
    heads(year, 8)
    newer = drafted(year)
    name = Payment.objects.get(line__rule="cadres").line.name
    with pytest.raises(Problem, match=f"没有或金额不同：{name}。"):
        approve_plan(second_clerk(year), newer, now=LATER)
    reverse_payment(clerk, Payment.objects.get(line__rule="cadres"), reason="人数更正", now=LATER)
    approve_plan(second_clerk(year), newer, now=LATER)
    plan.refresh_from_db()
    assert plan.state == State.SUPERSEDED
    paid = Payment.objects.filter(reversed_at=None)
    assert paid.count() == newer.lines.count() - 1
    assert {one.line.plan_id for one in paid} == {newer.pk}


def test_a_budget_is_the_years(year: Cast) -> None:
    """What another approved plan of the year takes from a source is not there a second time."""
    lists(year)
    heads(year)
    plan = drafted(year)
    approve_plan(second_clerk(year), plan, now=LATER)
    IncentivePlan.objects.filter(pk=plan.pk).update(key="2026-Q1")
    second = drafted(year)
    party = next(row for row in second.totals["source"] if row[0] == "party")
    assert party[2] == (200_000 - 160_000) * YUAN
    assert "已批 160,000.00 元" in party[1]
    with refused("rewards_cannot_approve"):
        approve_plan(second_clerk(year), second, now=LATER)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(scores=st.lists(st.sampled_from((9_600, 9_100, 8_800, 8_000, 6_100, 4_000)), min_size=5, max_size=5),
       n=st.integers(0, 40))  # fmt: skip
def test_a_stored_plan_totals_what_its_lines_add_up_to(year: Cast, scores: list[int], n: int) -> None:
    from django.db import transaction

    with transaction.atomic():
        AwardList.objects.all().delete()
        IncentivePlan.objects.all().delete()
        version = year_version(year)
        closed(year, *scores, version=version)
        lists(year, force=False)
        heads(year, n)
        plan = drafted(year)
        paid = list(plan.lines.filter(aside=False))
        assert plan.total == sum(line.amount for line in paid)
        assert sum(row[3] for row in plan.totals["rule"]) == plan.total
        assert sum(row[2] for row in plan.totals["place"]) == plan.total
        assert sum(row[3] for row in plan.totals["source"]) == plan.total
        assert [row[2] for row in plan.totals["rule"]] == [
            sum(line.rule == row[0] for line in paid) for row in plan.totals["rule"]
        ]
        for row in plan.totals["source"]:
            assert row[4] == max(0, row[3] - row[2])


def year_version(cast: Cast) -> int:
    from xiangyue.standings.models import Closing

    return Closing.objects.filter(period__key=YEAR).count() + 1
