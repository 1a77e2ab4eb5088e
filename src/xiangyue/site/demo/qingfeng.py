"""Qingfeng's demo (seed 003): five-star branches, numbers of 29 items by their owners, the year's stars, grades and awards.

503 real villages in 17 townships. Made here are only captures: numbers, inspections, objections, the watch list;
that 6, 50 and 150 villages come to five, four and three stars follows by the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from xiangyue.checks.bulk import Round
from xiangyue.rules.days import year_of
from xiangyue.site.demo.acts import close_all, months_between, record
from xiangyue.site.demo.county import County
from xiangyue.site.demo.drawing import day_of, inspected
from xiangyue.site.demo.qingfeng_numbers import Owners, county, so_far, spring, townships, year_end
from xiangyue.site.demo.qingfeng_register import COUNTY, register
from xiangyue.site.demo.qingfeng_villages import Hidden, care, hidden_villages
from xiangyue.site.demo.qingfeng_year import (
    Year,
    enter_centres,
    put_on_watch,
    results,
    second_person,
    set_goals,
    watch_again,
)
from xiangyue.site.demo.recipe import Built, Recipe

SETTLED = 60
"""Days after a year until its lists, stars and payments are through."""

CONTEST = 0.45
"""In the field, before the others, each item is looked at more strictly than on a round: added to the chance of a fault."""


def first_of(today: date) -> date:
    """The first day of the last year whose results are through."""
    return date((today - timedelta(days=SETTLED)).year - 1, 1, 1)


def _tell(built: Built) -> None:
    villages = hidden_villages(built.scheme, built.county.villages)
    year = Year(built, year_of(built.first), villages, Owners(built), second_person("B004"))
    _inspect(built, villages)
    _enter(year)
    close_all(built)
    built.say("results", 0, 1)
    results(year)
    _next_year(year)
    built.say("results", 1, 1)


def _inspect(built: Built, villages: list[Hidden]) -> None:
    """The task groups' round of every village each month, and the contest at the end of each quarter."""
    yesterday = built.today - timedelta(days=1)
    months = list(months_between(built.first, yesterday))
    done, total = 0, len(months) * len(villages) * 4 // 3
    for n, month in enumerate(months):
        done = record(built, _month(built, villages, month, n, yesterday), done, total)


def _month(built: Built, villages: list[Hidden], month: date, n: int, until: date) -> Iterator[Round]:
    inspectors = built.county.officials[COUNTY]
    for row in villages:
        chance = care(row.order, len(villages))
        kinds = [("rounds", 5 + row.order % 15)] + ([("contest", 22 + row.order % 5)] if month.month % 3 == 0 else [])
        for at, (kind, number) in enumerate(kinds):
            day = day_of(month, number)
            if day <= until:
                by = inspectors[(row.order + n + at) % len(inspectors)]
                faults = chance if kind == "rounds" else CONTEST + chance
                yield inspected(built.scheme, built.ids, kind, row.code, by, day, faults, key=str(n))


def _enter(year: Year) -> None:
    """What people put in over the year: targets, numbers in spring and at its end, the watch list, new centres."""
    year.built.say("numbers", 0, 1)
    set_goals(year, year.span.starts_on.year)
    year.owners.enter(spring(year.villages, year.owners), year.span, year.day(3, 20))
    put_on_watch(year)
    enter_centres(year)
    towns, last = year.built.county.townships, year.day(12, 22)
    year.owners.enter(year_end(year.villages, year.mistaken), year.span, last)
    year.owners.enter(townships(towns), year.span, last)
    year.owners.enter(county(year.built.ground.code), year.span, last)
    year.built.say("numbers", 1, 1)


def _next_year(year: Year) -> None:
    """The running year: its targets, who is still on the watch list, its numbers as far as they have come."""
    built, number = year.built, year.after(1).year
    set_goals(year, number)
    watch_again(year)
    ended = [date(number, month, 28) for month in (3, 6, 9) if date(number, month, 28) < built.today]
    if ended:
        given = so_far(year.villages, year.owners, built.ground.code, len(ended))
        year.owners.enter(given, year_of(ended[-1]), ended[-1])


def _accounts(county: County) -> list[tuple[str, str, str]]:
    """One account per kind of user."""
    village = county.villages[0]
    return [
        ("县委组织部（创建办）", "B001", "/office/"),
        ("第二审批人", "B004", "/office/"),
        ("乡镇办公室", county.officials[village.township][-1], "/office/"),
        ("村支书", village.committee[0], "/office/"),
        ("村干部", village.committee[1], "/field/"),
        ("县级领导", "X001", "/field/"),
        ("指标责任部门", "D01-1", "/office/"),
        ("工作专班督导员", "S001", "/office/"),
        ("纪检/审计", "B002", "/office/"),
        ("系统管理员", "B003", "/office/"),
    ]


RECIPE = Recipe(
    name="qingfeng",
    title="清丰县",
    ground=COUNTY,
    sizes=("full", "small"),
    stages={
        "checks": "生成并入库督导和比武记录",
        "numbers": "各责任部门填报指标",
        "closing": "关账、公示、生效",
        "results": "等次、评星、奖补、通报",
    },
    first=first_of,
    register=register,
    tell=_tell,
    office="B001",
    accounts=_accounts,
)
