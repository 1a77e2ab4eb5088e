"""What follows in Linjiang from closed periods: appraisals and pay factors, grades, awards and what they pay, goals."""

from __future__ import annotations

from datetime import date, timedelta

from xiangyue.agreements.actions.goals import reach_stage, set_targets
from xiangyue.people.models import User
from xiangyue.places.models import Place
from xiangyue.rules.days import Span
from xiangyue.site.demo.acts import at
from xiangyue.site.demo.linjiang_captures import standing_of
from xiangyue.site.demo.recipe import Built
from xiangyue.site.demo.rewarding import NOTICE, appraisal, award_lists, grading, in_force, incentive_plan

TIDY = 1.1
"""The hidden standing from which a village was found tidy at the year's beginning."""
LONG_AGO = 30
"""Days from a year's lists until all of them are in force and paid."""


def quarter(built: Built, span: Span, doors: date) -> None:
    """Once a quarter with doors checked throughout is in force: village cadres by their households, with pay factor."""
    day = span.ends_on + timedelta(days=12)
    if span.kind == "quarter" and span.starts_on >= doors and day + timedelta(days=NOTICE) < built.today:
        in_force(built, appraisal(built, "committee", span.key, day), day + timedelta(days=NOTICE))


def year(built: Built) -> None:
    """Of the year before: awards and what they pay; township leaders and departments by their villages, and grades."""
    key, begin = str(built.today.year - 1), date(built.today.year, 1, 20)
    if begin + timedelta(days=LONG_AGO) >= built.today:
        return
    settled = begin + timedelta(days=NOTICE)
    award_lists(built, key, begin)
    rows = [appraisal(built, code, key, begin) for code in ("township_leaders", "departments")]
    for row in rows:
        in_force(built, row, settled)
    grades = grading(built, "township_leader_grade", key, settled + timedelta(days=1))
    in_force(built, grades, settled + timedelta(days=1 + NOTICE))
    second = User.objects.get(person__code="B004")
    incentive_plan(built, "year_awards", key, settled + timedelta(days=1), second)


def goals(built: Built) -> None:
    """The year's targets, and the stages that villages were accepted for: all are clean, the best kept are tidy too."""
    rural = built.county.rural
    places = {place.code: place for place in Place.objects.filter(level="village", place_class="village")}
    stages = {stage.code: stage for stage in built.scheme.stages}
    began = date(built.today.year, 1, 15)
    if began >= built.today:
        return
    tidy = [places[village.code] for village in rural if standing_of(village.code) > TIDY]
    for code, some in (("clean", list(places.values())), ("tidy", tidy)):
        reach_stage(
            built.office, built.ground, built.scheme, stages[code], some,
            on=began, basis="年初验收会议纪要（示例）", today=built.today, now=at(began, 15),
        )  # fmt: skip
    by_code = {goal.code: goal for goal in built.scheme.goals}
    for code, target in (("clean_villages", len(places)), ("tidy_villages", len(places) * 6 // 7), ("left_black", 8)):
        set_targets(
            built.office, built.ground, built.scheme, by_code[code], built.today.year, {built.ground: target},
            document="示例〔目标〕1号", now=at(began, 16),
        )  # fmt: skip
