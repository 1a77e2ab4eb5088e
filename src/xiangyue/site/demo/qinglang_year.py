"""Qinglang's year-end: officials appraised by their households' year, graded; and the township's targets."""

from __future__ import annotations

from datetime import date, timedelta

from xiangyue.agreements.actions.goals import set_targets, tell_numbers
from xiangyue.places.models import Place
from xiangyue.rewards.award_models import AwardLine, AwardList
from xiangyue.rules.days import Span
from xiangyue.site.demo.acts import at
from xiangyue.site.demo.recipe import Built
from xiangyue.site.demo.rewarding import NOTICE, appraisal, grading, in_force
from xiangyue.standings.actions.publication_objections import answer, object_to

FUNDS, TOURED = 405, 247
"""Ten thousands of yuan won from above (more than four million are reported), villagers on tours."""


def appraised(built: Built, span: Span) -> None:
    """Once a year is in force: performance of the officials who answer for households, on notice, then their grades."""
    if span.kind != "year":
        return
    day = span.ends_on + timedelta(days=12)
    settled = day + timedelta(days=NOTICE)
    in_force(built, appraisal(built, "officials", span.key, day), settled)
    grades = grading(built, "official_grade", span.key, settled + timedelta(days=1))
    _refuse_one(built, grades, settled + timedelta(days=3))
    in_force(built, grades, settled + timedelta(days=1 + NOTICE))


def _refuse_one(built: Built, row: AwardList, day: date) -> None:
    """The official just under the best grade objects; the sum is gone through with him and stands."""
    line = AwardLine.objects.filter(list=row, value="good").select_related("person").order_by("position").first()
    if line is None or line.person is None or row.publication is None:
        return
    held = object_to(
        built.office,
        row.publication,
        line.person,
        text="认为应评为优秀等次。",
        by_name=line.person.name,
        now=at(day, 9),
    )
    words = f"年终得分 {(line.figure or 0) / 100:.2f}，在优秀名额之后；所包农户逐户成绩已当面核对，维持原等次。"
    answer(built.office, held, False, words, now=at(day + timedelta(days=1), 9))


def goals(built: Built) -> None:
    """The targets of the year that is told and of this year, and the numbers that nothing here counts."""
    by_code = {goal.code: goal for goal in built.scheme.goals}
    villages = {place.code: place for place in Place.objects.filter(level="village")}
    for year in range(built.first.year, built.today.year + 1):
        day = max(built.first, date(year, 1, 15))
        if day >= built.today:
            continue
        wanted = {"villages_left": 4, "households_left": 17, "funds": 400, "tours": 240}
        for code, value in wanted.items():
            set_targets(
                built.office, built.ground, built.scheme, by_code[code], year, {built.ground: value},
                document=f"示例-青政〔{year}〕3号", now=at(day, 9),
            )  # fmt: skip
        homes = {villages[row.code]: len(row.households) * 9 // 10 for row in built.county.villages}
        set_targets(
            built.office, built.ground, built.scheme, by_code["good_households"], year, homes,
            document=f"示例-青政〔{year}〕3号", now=at(day, 10),
        )  # fmt: skip
    told = built.first.replace(month=6, day=28)
    for code, value, source in (
        ("funds", FUNDS, "项目资金下达文件汇总（示例）"),
        ("tours", TOURED, "12 批外出学习签到表（示例）"),
    ):
        tell_numbers(
            built.office, built.ground, built.scheme, by_code[code], {built.ground: value}, on=told, source=source,
            today=told, now=at(told, 17),
        )  # fmt: skip
