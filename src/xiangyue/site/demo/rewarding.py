"""What follows from a closed year in a demo county: award lists on notice and in force, a plan drafted, approved, paid."""

from __future__ import annotations

from datetime import date, timedelta

from xiangyue.people.models import User
from xiangyue.rewards.award_actions import draw_list, propose_list
from xiangyue.rewards.award_models import AwardList
from xiangyue.rewards.incentive_actions import approve_plan, draft_plan, mark_paid
from xiangyue.rewards.incentive_models import IncentivePlan
from xiangyue.site.demo.acts import at
from xiangyue.site.demo.recipe import Built
from xiangyue.standings.actions.publication import put_in_force

NOTICE = 7
"""Days from a list's proposal until it can be in force."""


def award_lists(built: Built, key: str, begin: date) -> list[AwardList]:
    """Every award of the scheme drawn for the period, on notice from the day and in force when it has run."""
    found = []
    for award in built.scheme.awards:
        row = draw_list(built.office, built.ground, AwardList.Kind.AWARD, award.code, key, now=at(begin, 9))
        row = propose_list(built.office, row, now=at(begin, 10))
        assert row.publication is not None
        put_in_force(built.office, row.publication, now=at(begin + timedelta(days=NOTICE), 9))
        found.append(row)
    return found


def incentive_plan(built: Built, code: str, key: str, begin: date, second: User) -> IncentivePlan:
    """The plan drafted by the office, approved by a second person, and paid a week later."""
    plan = draft_plan(built.office, built.ground, code, key, now=at(begin, 9))
    plan = approve_plan(second, plan, now=at(begin + timedelta(days=1), 9))
    paid = begin + timedelta(days=8)
    lines = list(plan.lines.filter(aside=False).values_list("pk", flat=True))
    mark_paid(built.office, plan, lines, paid_on=paid, voucher=f"示例〔{paid.year}〕1号", now=at(paid, 15))
    return plan
