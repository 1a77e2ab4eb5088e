"""Qinglang's demo (seed 001): boards and pairs, the 八整洁 contest, officials by their households.

The township inside 会同县 with its 14 real villages. It begins in March of a year that has been appraised since: ten
months make that year, its titles are given in May, and the demo goes on to this day. Only captures are made here.
"""

from __future__ import annotations

from datetime import date, timedelta

from xiangyue.rules.days import Span
from xiangyue.site.demo.acts import close_all, consents, months_between, record
from xiangyue.site.demo.county import County
from xiangyue.site.demo.inspecting import finish_all, inspect
from xiangyue.site.demo.problems import tell_problems
from xiangyue.site.demo.qinglang_bulletins import bulletin, shown
from xiangyue.site.demo.qinglang_captures import Captures
from xiangyue.site.demo.qinglang_daily import daily_checks, weekly_dispatch, with_duties
from xiangyue.site.demo.qinglang_register import COUNTY, TOWN, register
from xiangyue.site.demo.qinglang_teams import teams
from xiangyue.site.demo.qinglang_titles import Titles
from xiangyue.site.demo.qinglang_year import appraised, goals
from xiangyue.site.demo.recipe import Built, Recipe

PROBLEM_WEEKS = 13
"""So many weeks back problems are told: two months whole, and the one that runs."""
SETTLED = 45
"""Days into a new year after which the year before has been closed, appraised and graded."""


def first_of(today: date) -> date:
    """The first of March of the last year whose appraisal is through."""
    return date((today - timedelta(days=SETTLED)).year - 1, 3, 1)


def _tell(built: Built) -> None:
    consents(built.county, built.first, public=0.5, pair=0.05, salt="107")
    teams(built)
    inspecting = inspect(built, built.county.officials[COUNTY])
    captures = Captures(built, inspecting.gone)
    yesterday = built.today - timedelta(days=1)
    months = list(months_between(built.first, yesterday))
    done, total = 0, len(built.county.states) * 3 * len(months)
    for n, month in enumerate(months):
        done = record(built, captures.month(month, n, yesterday), done, total)
    record(built, daily_checks(built), done, total)
    weekly_dispatch(built)
    finish_all(inspecting)
    tell_problems(built, weeks=PROBLEM_WEEKS, verifier="B004")
    titles = Titles(built)

    def follow(span: Span) -> None:
        titles.follow(span)
        appraised(built, span)
        bulletin(built, span)

    close_all(built, follow)
    goals(built)


def _accounts(county: County) -> list[tuple[str, str, str]]:
    village = shown(county)
    return [
        ("乡党政办（整治办）", "B001", "/office/"),
        ("村支书", village.committee[0], "/office/"),
        ("包户责任人", village.committee[1], "/field/"),
        ("联户党员", village.members[0], "/field/"),
        ("督导组", "S01", "/office/"),
        ("纪检/审计", "B002", "/office/"),
        ("系统管理员", "B003", "/office/"),
    ]


RECIPE = Recipe(
    name="qinglang",
    title="青朗乡",
    ground=TOWN,
    sizes=("full", "small"),
    stages={"checks": "生成并入库检查记录", "closing": "关账、公示、结对、授牌、考核"},
    first=first_of,
    register=lambda size, begin: with_duties(register(size, begin), begin),
    tell=_tell,
    office="B001",
    accounts=_accounts,
)
