"""Lüyuan's demo (seed 000): 1,455 cadres for 17,079 households, star households, forty families, departments appraised.

Only captures are made here and in the modules beside it; what comes of them follows by the rules of the pack.
"""

from __future__ import annotations

from datetime import date, timedelta

from xiangyue.people.models import User
from xiangyue.site.demo.acts import close_all, months_between, record
from xiangyue.site.demo.county import County
from xiangyue.site.demo.lvyuan_captures import Captures
from xiangyue.site.demo.lvyuan_register import COUNTY, register
from xiangyue.site.demo.lvyuan_year import Told, set_goals
from xiangyue.site.demo.recipe import Built, Recipe
from xiangyue.site.demo.visiting import lvyuan_visits

SETTLED = 60
"""Days after a year until its appraisals and texts are through."""


def first_of(today: date) -> date:
    """The first of April of the last year whose results are through: its nine months make a year."""
    return date((today - timedelta(days=SETTLED)).year - 1, 4, 1)


def _tell(built: Built) -> None:
    captures = Captures(built)
    yesterday = built.today - timedelta(days=1)
    months = list(months_between(built.first, yesterday))
    done, total = 0, len(built.county.states) * len(months)
    for n, month in enumerate(months):
        done = record(built, captures.month(month, n, yesterday), done, total)
    told = Told(built, captures, User.objects.get(person__code="B004"))
    set_goals(told)
    close_all(built, told.after)
    lvyuan_visits(built)


def _accounts(county: County) -> list[tuple[str, str, str]]:
    """One account per kind of user, on the largest village's ground where it has one."""
    village = max(county.villages, key=lambda found: (len(found.households), found.code))
    groups = (row for row in county.tables["duties"][1:] if row[0] == "cadres" and "部门联包" in str(row[4]))
    return [
        ("区委组织部（整治办）", "B001", "/office/"),
        ("第二审批人", "B004", "/office/"),
        ("镇（街道）办公室", f"T{village.township}-90", "/office/"),
        ("村党组织书记", village.committee[0], "/office/"),
        ("包户干部（部门联包）", str(next(groups)[1]), "/field/"),
        ("区领导", "X001", "/field/"),
        ("包保部门", "D02-01", "/office/"),
        ("联合督导组", "S001", "/office/"),
        ("派驻纪检/审计", "B002", "/office/"),
        ("系统管理员", "B003", "/office/"),
    ]


RECIPE = Recipe(
    name="lvyuan",
    title="绿园区",
    ground=COUNTY,
    sizes=("full", "small"),
    stages={
        "checks": "生成并入库查看、检查、督导和拉练记录",
        "closing": "关账、公示、生效，评星、授牌、考评、通报表扬",
    },
    first=first_of,
    register=register,
    tell=_tell,
    office="B001",
    accounts=_accounts,
)
