"""Tumen's demo (seed 004): the three-stage review of 50 villages, one five-star, 23 four-star, 48 of three or more.

All 50 villages in four towns are real. Made here are only captures: sheets of teams, departments and assessors, files, votes,
comments, decisions, objections; whom they bring to which stars follows by the rules.
"""

from __future__ import annotations

from datetime import date, timedelta

from xiangyue.site.demo import tumen_review as review
from xiangyue.site.demo import tumen_year as year
from xiangyue.site.demo.acts import get_ready
from xiangyue.site.demo.county import County
from xiangyue.site.demo.recipe import Built, Recipe
from xiangyue.site.demo.tumen_register import ASSESSORS, CITY, register, team_of
from xiangyue.standings.actions.periods import open_periods

SETTLED = 25
"""Days after a year until its towns' stars are in force."""
STEPS: tuple[year.Step, ...] = (
    (0, 1, 8, year.set_goals),
    (0, 7, 10, year.promises_so_far),
    (0, 8, 3, review.open_and_plan),
    (0, 8, 8, review.draw_turns),
    (0, 8, 11, review.begin_mutual),
    (0, 9, 4, review.second_visits),
    (0, 9, 22, review.end_mutual),
    (0, 9, 28, review.begin_departments),
    (0, 10, 12, year.enter_decisions),
    (0, 10, 19, review.comment_and_vote),
    (0, 10, 21, review.object_to_departments),
    (0, 10, 26, review.departments_in_force),
    (0, 11, 2, review.begin_city),
    (0, 11, 25, review.fix_stars),
    (0, 11, 27, review.object_to_city),
    (0, 12, 2, review.assess_again),
    (0, 12, 10, year.assess_towns),
    (0, 12, 12, review.stars_in_force),
    (0, 12, 20, year.keep_promises),
    (1, 1, 2, year.close_year),
    (1, 1, 11, year.give_towns),
    (1, 1, 17, year.towns_in_force),
)
"""What is done in a year, and on which day."""


def first_of(today: date) -> date:
    """The first day of the last year that is through."""
    return date((today - timedelta(days=SETTLED)).year - 1, 1, 1)


def _tell(built: Built) -> None:
    open_periods(built.today, built.ground.pk)
    for index in range(built.today.year - built.first.year + 1):
        year.tell_year(year.year_told(built, index), STEPS)
    get_ready(built)


def _accounts(county: County) -> list[tuple[str, str, str]]:
    """One account per kind of user."""
    village = county.villages[0]
    return [
        ("市委组织部（考评办）", "B001", "/standings/reviews/"),
        ("镇党委副书记（互评组长）", team_of(village.township)[0], "/standings/reviews/"),
        ("村支书", village.committee[0], "/office/"),
        ("村“两委”干部", village.committee[1], "/field/"),
        ("市级包村领导", "X001", "/field/"),
        ("镇级领导", f"T{village.township}-01", "/field/"),
        ("市级考评组", ASSESSORS[0], "/standings/reviews/"),
        ("纪委监委（录入违规结论）", "D01-1", "/office/"),
        ("评委部门（农业农村局）", "D04-1", "/standings/reviews/"),
        ("审计", "B002", "/office/"),
        ("系统管理员", "B003", "/office/"),
    ]


RECIPE = Recipe(
    name="tumen",
    title="图们市",
    ground=CITY,
    sizes=("full", "small"),
    stages={"year0": "上一年：互评、点评、考评、定星", "year1": "本年：走到今天"},
    first=first_of,
    register=register,
    tell=_tell,
    office="B001",
    accounts=_accounts,
)
