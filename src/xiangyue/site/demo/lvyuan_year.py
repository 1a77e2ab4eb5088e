"""What Lüyuan makes of its records: star households and their bearers, most beautiful families, departments, goals.

Each by the product's act on the day it would happen; who is chosen follows from the minutes and the closed results.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xiangyue.agreements.actions.goals import reach_stage, set_targets, tell_numbers
from xiangyue.agreements.models import Consent
from xiangyue.people.models import User
from xiangyue.places.models import Place
from xiangyue.rewards.honour_actions import draw_honours, nominate, propose_honours, record_ballot
from xiangyue.rewards.honour_frame import title_on
from xiangyue.rewards.honour_models import Held, HonourLine, HonourList
from xiangyue.rewards.honour_standing import stands
from xiangyue.rewards.plaque_actions import buy, hang, numbers_in, warn
from xiangyue.rules.days import Span, quarter_of
from xiangyue.site.demo.acts import at, months_back
from xiangyue.site.demo.lvyuan_captures import AWARD_QUARTER, Captures, standing_of
from xiangyue.site.demo.lvyuan_register import on_route
from xiangyue.site.demo.names import person_name
from xiangyue.site.demo.recipe import Built
from xiangyue.site.demo.rewarding import appraisal, commendation, grading, in_force, stars
from xiangyue.standings.actions.publication_objections import answer, object_to

SETTLED = 36
"""Days after a period until all that follows from it is in force."""
NOTICE = 7
"""Days from a proposal until it can be in force: five of notice, and the office's."""
JURY = 15
PLAQUES = 48
"""Bought under their numbers: those of the forty, and some in stock."""
REASONS = (
    "院内院外一天一扫，柴草杂物码放整齐", "门前栽花种草，带动了整排邻居", "垃圾分类做得好，常到邻家帮忙",
    "庭院美化自己动手，几次拉练都评得好",
)  # fmt: skip
DEPARTMENTS_DO = (
    "把本单位的业务带下来，每月一次在村里现场办证件、找销路",
    "班子成员分片领队，每周下沉前先看联系卡上的诉求，当周办、当周回话",
    "和另一个包村部门合用一份清单，从柴草、边沟、屯口三样入手，一周一样",
    "把干部按排编组，组长管到户，督导发现的问题当场认领",
)
CADRES_DO = (
    "逐户建档，哪家缺人手就约同排的几家一起清",
    "和农户一起列清单，从柴草、杂物、畜禽三样入手，一周一样",
    "每次下沉先看上次的问题改没改，再看新的",
    "把同排的几家结成小组，轮流牵头打扫，月末一起看变化",
    "给独居老人家固定人手，每周帮着归置一次",
    "帮着联系苗木和花籽，和农户一起栽到门前",
    "把好的做法拍给别的户看，带着去看一家样子",
    "先把公共的边沟和屯口清好，再进院说话",
)
NUMBERS = {"rubbish": 30, "hedges": 2_180, "plants": 7_000, "seed": 80, "cars": 4, "nodes": 12}
"""Goal → what the district counted by the end of the first year."""
NEXT = {"rubbish": (36, 21), "hedges": (3_000, 1_640), "plants": (9_000, 5_200)}
"""Goal → the running year's target, and what had come of it by the summer."""
STARRED = 12
"""Households of four stars and up that each village is to have in the running year."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of, and who tells it."""

    built: Built
    captures: Captures
    second: User

    def past(self, day: date) -> bool:
        """Whether the day is over when the demo is built."""
        return day < self.built.today

    @property
    def award_quarter(self) -> Span:
        """The quarter in which the forty families are chosen."""
        return quarter_of(months_back(self.built.first, -3 * AWARD_QUARTER))

    def after(self, span: Span) -> None:
        """What follows from a period that is in force, where all of it lies in the past."""
        if not self.past(span.ends_on + timedelta(days=SETTLED)):
            return
        if span.kind == "quarter":
            star_households(self, span)
        if span == self.award_quarter:
            beautiful_families(self, span)
        if span == quarter_of(self.award_quarter.ends_on + timedelta(days=1)):
            warn_some(self, span)
        if span.kind == "year":
            year_end(self, span)


def set_goals(told: Told) -> None:
    """The targets of each year, and the stages (净、绿、美) that villages were accepted for."""
    built = told.built
    villages = built.county.villages
    route = len(on_route(built.county))
    years = {
        built.first.year: {"clean": len(villages), "green": len(villages) // 2, "beautiful": route, **NUMBERS},
        built.first.year + 1: {
            "clean": len(villages), "green": len(villages), "beautiful": len(villages) // 2,
            **{code: target for code, (target, _now) in NEXT.items()},
        },
    }  # fmt: skip
    for year, values in years.items():
        day = max(built.first, date(year, 1, 15))
        for goal in built.scheme.goals:
            if goal.code in values:
                set_targets(
                    built.office, built.ground, built.scheme, goal, year, {built.ground: values[goal.code]},
                    document=f"示例〔{year}〕1号", now=at(day, 9),
                )  # fmt: skip
    best = sorted(villages, key=lambda row: standing_of(row.code))
    accepted = (
        ("clean", [row.code for row in villages], date(built.first.year, 9, 28)),
        ("green", [row.code for row in best[: len(best) * 2 // 3]], date(built.first.year, 12, 18)),
        ("beautiful", [row.code for row in on_route(built.county)], date(built.first.year, 12, 18)),
    )
    stages = {stage.code: stage for stage in built.scheme.stages}
    for code, places, day in accepted:
        reach_stage(
            built.office, built.ground, built.scheme, stages[code], list(Place.objects.filter(code__in=places)),
            on=day, basis=f"示例-验收〔{day.year}〕{code}", today=day, now=at(day, 15),
        )  # fmt: skip
    _star_goal(told, built.first.year + 1)
    _count(built, date(built.first.year, 12, 20), NUMBERS, "区农业农村局全年汇总（示例）")
    summer = date(built.first.year + 1, 7, 10)
    if told.past(summer):
        _count(built, summer, {code: now for code, (_target, now) in NEXT.items()}, "区农业农村局半年汇总（示例）")


def _star_goal(told: Told, year: int) -> None:
    """What each village is to reach: so many households of four stars and up."""
    built, day = told.built, date(year, 1, 15)
    goal = next(row for row in built.scheme.goals if row.code == "stars")
    codes = [village.code for village in built.county.villages]
    set_targets(
        built.office, built.ground, built.scheme, goal, year,
        dict.fromkeys(Place.objects.filter(code__in=codes), STARRED), document=f"示例〔{year}〕1号", now=at(day, 9),
    )  # fmt: skip


def _count(built: Built, day: date, numbers: Mapping[str, int], source: str) -> None:
    """The campaigns' numbers, told with their source."""
    goals = {goal.code: goal for goal in built.scheme.goals}
    for code, n in numbers.items():
        tell_numbers(
            built.office, built.ground, built.scheme, goals[code], {built.ground: n},
            on=day, source=source, today=day, now=at(day, 16),
        )  # fmt: skip


def star_households(told: Told, span: Span) -> None:
    """The quarter's households rated, on notice, in force; then their bearers commended with them."""
    built = told.built
    day = span.ends_on + timedelta(days=10)
    in_force(built, stars(built, "star_household", span.key, day), day + timedelta(days=NOTICE))
    row = commendation(built, "star_bearers", span.key, day + timedelta(days=NOTICE), told.second)
    in_force(built, row, day + timedelta(days=2 * NOTICE + 1))


def beautiful_families(told: Told, span: Span) -> None:
    """The forty: put forward by their villages, voted on by a named jury, on notice, in force, plaques hung on one day."""
    built = told.built
    begin = span.ends_on + timedelta(days=10)
    nominees = {row.code: row for row in Place.objects.filter(code__in=told.captures.nominated)}
    ordered = [nominees[code] for code in told.captures.nominated]
    _consent(ordered, begin)
    nominate(
        built.office, built.ground, "family", span.key,
        [(place, REASONS[n % len(REASONS)]) for n, place in enumerate(ordered)], now=at(begin, 9),
    )  # fmt: skip
    row = _voted(told, span, ordered, begin + timedelta(days=1))
    row = propose_honours(built.office, row, now=at(begin + timedelta(days=3), 9))
    _refuse_one(built, row, begin + timedelta(days=5))
    in_force(built, row, begin + timedelta(days=3 + NOTICE))
    _hang(built, row, begin + timedelta(days=18))


def _consent(places: Sequence[Place], day: date) -> None:
    """Two in three agree to be named in public."""
    Consent.objects.bulk_create(
        Consent(household=place, purpose=Consent.Purpose.HONOUR_PUBLIC, given_on=day)
        for n, place in enumerate(places)
        if n % 3
    )


def _voted(told: Told, span: Span, ordered: Sequence[Place], day: date) -> HonourList:
    """The list by the ballots; while some tie at the last place the jury votes on them again."""
    built, care = told.built, told.captures.care
    best = sorted((place.code for place in ordered), key=lambda code: (care[code], code))
    rng = random.Random("jury")
    votes = {code: max(0, min(JURY, JURY - n * 9 // len(best) + rng.choice((-1, 0, 0)))) for n, code in enumerate(best)}
    jurors = [person_name(20_000 + 31 * n) for n in range(JURY)]
    for number in range(1, 4):
        record_ballot(
            built.office, built.ground, "family", span.key, votes, held_on=day, jurors=jurors, came=JURY,
            minutes=f"示例-评审〔{day.year}〕{number}号", now=at(day, 14 + number),
        )  # fmt: skip
        row = draw_honours(
            built.office, built.ground, "family", span.key, now=at(day + timedelta(days=1), 8 + number),
            reason="第二轮表决" if number > 1 else "",
        )  # fmt: skip
        tied = list(row.lines.filter(outcome=HonourLine.Outcome.OPEN).values_list("place__code", flat=True))
        if not tied:
            break
        # each juror names as many as there are places left: the better cared for are named by more
        tied.sort(key=lambda code: (care[code], code))
        votes = {code: max(0, JURY - n) for n, code in enumerate(tied)}
    return row


def _refuse_one(built: Built, row: HonourList, day: date) -> None:
    """A neighbour objects to one of the chosen; what the tour saw is shown again and stands."""
    line = row.lines.filter(outcome=HonourLine.Outcome.CHOSEN).select_related("place").order_by("-position").first()
    assert line is not None
    assert row.publication is not None
    held = object_to(
        built.office, row.publication, line.place, text="认为这家院外常有柴草。", by_name="邻居（示例）", now=at(day, 9)
    )
    words = "拉练互评两份打分表和近一个月的查看记录已当面核对，院外柴草已码放，维持名单。"
    answer(built.office, held, False, words, now=at(day + timedelta(days=1), 9))


def _hang(built: Built, row: HonourList, day: date) -> None:
    """Plaques taken into stock under their numbers; all of the list's hung on one day."""
    title = title_on(built.ground, built.scheme.code, "family", day)
    numbers = numbers_in(f"{day.year}-001至{day.year}-{PLAQUES:03d}")
    buy(built.office, title, numbers, on=day - timedelta(days=4), today=day)
    hang(built.office, Held.objects.filter(list=row).values_list("pk", flat=True), on=day, today=day, spot="院门")


def warn_some(told: Told, span: Span) -> None:
    """After the next quarter's results are in force: who fell under the floor is warned by the rule."""
    day = span.ends_on + timedelta(days=15)
    held = list(Held.objects.filter(ground=told.built.ground, honour="family").select_related("place"))
    due = [one.held.pk for one in stands(held, day) if one.todo == "warn"]
    if due:
        warn(told.built.office, due, on=day, today=day)


def year_end(told: Told, year: Span) -> None:
    """The year's appraisal of departments and cadres, its grades, and the texts for the district's account."""
    built = told.built
    day = year.ends_on + timedelta(days=11)
    rows = [appraisal(built, code, year.key, day) for code in ("departments", "cadres")]
    for row in rows:
        in_force(built, row, day + timedelta(days=NOTICE))
    graded = [
        grading(built, code, year.key, day + timedelta(days=NOTICE)) for code in ("department_grade", "cadre_grade")
    ]
    for held in graded:
        in_force(built, held, day + timedelta(days=2 * NOTICE))
    for code, methods in (("departments", DEPARTMENTS_DO), ("cadres", CADRES_DO)):
        text = commendation(built, code, year.key, day + timedelta(days=2 * NOTICE + 1), told.second, methods)
        in_force(built, text, day + timedelta(days=3 * NOTICE + 2))
