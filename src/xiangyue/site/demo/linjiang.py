"""Linjiang's demo (seed 002): daily checks at every door, monthly boards, quarterly ranking by category."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

from xiangyue.checks.bulk import Round
from xiangyue.rules.days import Span, quarter_of
from xiangyue.site.demo.acts import close_all, consents, months_back, months_between, record
from xiangyue.site.demo.county import County
from xiangyue.site.demo.linjiang_captures import Captures, days_of_checks
from xiangyue.site.demo.linjiang_duties import duties_table
from xiangyue.site.demo.linjiang_register import COUNTY, SIZES, register
from xiangyue.site.demo.linjiang_titles import Titles, sliding
from xiangyue.site.demo.linjiang_year import goals, quarter, year
from xiangyue.site.demo.problems import tell_problems
from xiangyue.site.demo.recipe import Built, Recipe
from xiangyue.site.demo.visiting import linjiang_visits


def first_of(today: date) -> date:
    """The first of April of the year before: its nine months make a year, and its awards are paid."""
    return date(today.year - 1, 4, 1)


def doors_from(today: date) -> date:
    """From when on doors are checked: the last whole quarter that ended a month ago or earlier, and the one before."""
    return months_back(quarter_of(months_back(today, 1)).starts_on, 3)


def _register(size: str, begin: date) -> County:
    county = register(size, begin)
    county.tables["duties"] = duties_table(county, SIZES[size], begin)
    return county


def _tell(built: Built) -> None:
    consents(built.county, built.first, public=0.66, pair=0.33)
    targets: dict[str, list[str]] = {}
    for layer, person, _, target, *_rest in built.county.tables["duties"][1:]:
        if layer in ("members", "committee"):
            targets.setdefault(person, []).append(target)
    doors = doors_from(built.today)
    captures = Captures(built.county, built.scheme, targets, built.ids, sliding(built.county, doors))
    yesterday = built.today - timedelta(days=1)
    earliest = built.today - timedelta(days=built.days) if built.days else doors
    days = [day for day in days_of_checks(doors, yesterday, months_back(built.today, 1)) if day >= earliest]
    done, total = 0, len(days) * len(built.county.states)
    for month in months_between(built.first, yesterday):
        mine = [day for day in days if (day.year, day.month) == (month.year, month.month)]
        done = record(built, _month(captures, mine, month, yesterday), done, total)
    titles = Titles(built, doors)

    def follow(span: Span) -> None:
        titles.follow(span)
        quarter(built, span, doors)

    close_all(built, follow)
    year(built)
    goals(built)
    tell_problems(built)
    linjiang_visits(built)


def _month(captures: Captures, days: list[date], month: date, until: date) -> Iterator[Round]:
    return chain(chain.from_iterable(captures.rounds(day) for day in days), captures.inspections(month, until))


def _accounts(county: County) -> list[tuple[str, str, str]]:
    """One account per kind of user, on the largest village's ground where it has one."""
    village = max(county.villages, key=lambda found: (len(found.households), found.code))
    return [
        ("县级办公室", "B001", "/office/"),
        ("乡镇办公室", county.officials[village.township][-1], "/office/"),
        ("村支书", village.committee[0], "/office/"),
        ("包户党员", village.members[0], "/field/"),
        ("村“三委”委员", village.committee[1], "/field/"),
        ("包保部门", "D01-1", "/office/"),
        ("督导组", "S001", "/office/"),
        ("纪检/审计", "B002", "/office/"),
        ("系统管理员", "B003", "/office/"),
    ]


RECIPE = Recipe(
    name="linjiang",
    title="临江市",
    ground=COUNTY,
    sizes=("full", "small"),
    stages={"checks": "生成并入库检查记录", "closing": "关账、公示、授牌、考核、奖补"},
    first=first_of,
    register=_register,
    tell=_tell,
    office="B001",
    accounts=_accounts,
)
