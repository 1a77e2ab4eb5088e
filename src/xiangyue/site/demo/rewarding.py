"""What follows from closed periods in a demo county: stars, appraisals, lists and texts on notice, a plan approved and paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from xiangyue.people.models import User
from xiangyue.rewards.award_actions import draw_list, propose_list
from xiangyue.rewards.award_models import AwardList
from xiangyue.rewards.commendation_actions import approve_text, draw_commendation, write_text
from xiangyue.rewards.edition import Edition
from xiangyue.rewards.incentive_actions import approve_plan, draft_plan, mark_paid
from xiangyue.rewards.incentive_models import IncentivePlan
from xiangyue.rewards.performance_actions import appraise, propose_appraisal
from xiangyue.rewards.performance_models import Appraisal
from xiangyue.site.demo.acts import at
from xiangyue.site.demo.recipe import Built
from xiangyue.standings.actions.publication import put_in_force, tell
from xiangyue.standings.actions.ratings import give_stars
from xiangyue.standings.ratings.models import StarRating
from xiangyue.standings.ratings.notice import propose_rating

NOTICE = 7
"""Days from a list's proposal until it can be in force."""


def award_lists(built: Built, key: str, begin: date) -> list[AwardList]:
    """Every award of the scheme drawn for the period, on notice from the day and in force when it has run."""
    found = []
    for award in built.scheme.awards:
        row = draw_list(built.office, built.ground, AwardList.Kind.AWARD, award.code, key, now=at(begin, 9))
        row = propose_list(built.office, row, now=at(begin, 10))
        in_force(built, row, begin + timedelta(days=NOTICE))
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


def in_force(built: Built, row: Edition | StarRating, day: date) -> None:
    """A list, an appraisal or a rating on notice put in force on the day."""
    assert row.publication is not None
    put_in_force(built.office, row.publication, now=at(day, 9))


def appraisal(built: Built, code: str, key: str, day: date) -> Appraisal:
    """A layer's bearers appraised on the day and told; in force when the notice has run."""
    row = appraise(built.office, built.ground, code, key, now=at(day, 9))
    row = propose_appraisal(built.office, row, now=at(day, 10))
    assert row.publication is not None
    tell(built.office, row.publication, now=at(day, 11))
    return row


def grading(built: Built, code: str, key: str, day: date) -> AwardList:
    """A grading drawn and put on notice on the day."""
    row = draw_list(built.office, built.ground, AwardList.Kind.GRADING, code, key, now=at(day, 9))
    return propose_list(built.office, row, now=at(day, 14))


def commendation(built: Built, code: str, key: str, day: date, second: User, methods: Sequence[str] = ()) -> AwardList:
    """A commendation drawn, each one's method written, the text approved by a second person, on notice the day after."""
    row = draw_commendation(built.office, built.ground, code, key, now=at(day, 9))
    if methods:
        lines = row.lines.order_by("position").values_list("pk", flat=True)
        told = {pk: methods[n % len(methods)] for n, pk in enumerate(lines)}
        row = write_text(built.office, row, now=at(day, 11), methods=told)
    approve_text(second, row, now=at(day, 15))
    return propose_list(built.office, row, now=at(day + timedelta(days=1), 9))


def stars(built: Built, code: str, key: str, day: date) -> StarRating:
    """A rating given and put on notice on the day."""
    row = give_stars(built.office, built.ground, built.scheme.code, code, key, now=at(day, 9))
    return propose_rating(built.office, row, now=at(day, 10))
