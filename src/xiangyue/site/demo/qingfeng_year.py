"""Qingfeng's year after its captures: lists, stars, money and thanks, each by the product's act on the day it would happen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from xiangyue.agreements.actions.goals import set_targets
from xiangyue.people.models import Person, User
from xiangyue.places.models import Place
from xiangyue.rewards.award_actions import draw_list, propose_list, settings_of
from xiangyue.rewards.award_models import AwardLine, AwardList
from xiangyue.rewards.commendation_actions import approve_text, draw_commendation
from xiangyue.rewards.edition import Edition
from xiangyue.rewards.entering import enter_grades
from xiangyue.rewards.incentive_actions import approve_plan, draft_plan, mark_paid
from xiangyue.rewards.performance_actions import appraise, propose_appraisal
from xiangyue.rewards.working import work_on
from xiangyue.rules.days import Span
from xiangyue.rules.settings import Grading
from xiangyue.site.demo.acts import at
from xiangyue.site.demo.county import spread
from xiangyue.site.demo.qingfeng_numbers import MISTAKEN, Owners
from xiangyue.site.demo.qingfeng_villages import Hidden, scaled
from xiangyue.site.demo.recipe import Built
from xiangyue.standings.actions.publication import put_in_force, tell
from xiangyue.standings.actions.publication_objections import answer, object_to
from xiangyue.standings.actions.ratings import give_stars, newest
from xiangyue.standings.actions.watching import list_of, turn_round, watch
from xiangyue.standings.notices.models import Publication
from xiangyue.standings.ratings.models import WatchEntry
from xiangyue.standings.ratings.notice import propose_rating
from xiangyue.standings.ratings.rating import asked_rating
from xiangyue.standings.ratings.watching import propose_list as propose_watch_list

SCHEME = "qingfeng"
GRADES = {"model": 1, "excellent_commended": 1, "excellent": 1, "good_commended": 2, "good": 2, "plain": 3}
"""Grade of a secretary → the number of the indicator 书记年度等次."""
TURNED = 15
"""Of 24 weak branches so many are turned round by the end of the year."""
CENTRES = {"large": 8, "medium": 10, "small": 14}
"""New service centres by size: how many there were the report does not say."""


@dataclass(frozen=True, slots=True)
class Year:
    """The year that is told, and who tells it."""

    built: Built
    span: Span
    villages: list[Hidden]
    owners: Owners
    second: User
    """Who approves what the office drafts."""

    def day(self, month: int, day: int) -> date:
        """A day of the year."""
        return date(self.span.starts_on.year, month, day)

    def after(self, days: int) -> date:
        """So many days after the year's last."""
        return self.span.ends_on + timedelta(days=days)

    def place(self, row: Hidden) -> Place:
        """The village as it is on file."""
        return self.owners.places[row.code]

    def group(self, stars: int) -> list[Hidden]:
        """The villages that are good for so many stars."""
        return [row for row in self.villages if len(row.stars) == stars]

    @property
    def mistaken(self) -> Hidden:
        """The three-star village of whose emergency team a wrong number is entered."""
        return next(row for row in self.group(3) if "safe" in row.stars)


def set_goals(year: Year, number: int) -> None:
    """The targets of a year, county and townships, as the county set them in January."""
    built = year.built
    n, day = len(year.villages), date(number, 1, 15)
    five, four, three = (scaled(what, n) for what in ("five", "four", "three"))
    values = {
        "five": five, "four": five + four, "three": five + four + three, "trained": scaled("trained", n),
        "certified": 5_000, "mushrooms": 70, "pilots": 48, "plants": 3, "homes": scaled("homes", n), "enterprises": 20,
    }  # fmt: skip
    towns = sorted(built.county.townships)
    weights = [float(sum(row.village.township == town for row in year.villages)) for town in towns]
    shares = dict(zip(towns, spread(values["three"], weights), strict=True))
    for goal in built.scheme.goals:
        wanted = {year.owners.places[town]: share for town, share in shares.items()}
        if goal.level == "county":
            wanted = {built.ground: values[goal.code]}
        set_targets(
            built.office, built.ground, built.scheme, goal, number, wanted,
            document=f"示例-创建办〔{number}〕1号", now=at(day, 9),
        )  # fmt: skip


def put_on_watch(year: Year) -> None:
    """The 24 weak branches put on the list, on notice, one objection answered, and in force; some turned round later."""
    built, office = year.built, year.built.office
    weak = year.villages[-scaled("weak", len(year.villages)) :]
    day = year.day(3, 1)
    entries = [
        watch(
            office, built.ground, SCHEME, "weak", year.place(row), on=day, now=at(day, 9),
            basis=f"乡镇排查、县委组织部认定，示例-组〔{day.year}〕{n}号",
        )
        for n, row in enumerate(weak, 1)
    ]  # fmt: skip
    notice = propose_watch_list(
        office, built.ground, SCHEME, list_of(built.scheme, "weak"), days=built.scheme.notice.days, now=at(day, 10)
    )
    tell(office, notice, now=at(day, 11))
    held = object_to(
        office, notice, entries[0].place, text="本村去年已换届，认为不应列入。", by_name="村党支部（示例）",
        now=at(day + timedelta(days=2), 9),
    )  # fmt: skip
    answer(
        office, held, False, "换届后班子仍未配齐，经复核情形成立，维持列入；整顿达标后即可退出。",
        now=at(day + timedelta(days=4), 9),
    )  # fmt: skip
    put_in_force(office, notice, now=at(day + timedelta(days=7), 9))
    turn_some(year, entries)


def turn_some(year: Year, entries: list[WatchEntry]) -> None:
    """Those turned round, each by its record, over the last months of the year."""
    for n, entry in enumerate(entries[: round(len(entries) * TURNED / 24)]):
        day = year.day(9 + n % 4, 20)
        turn_round(
            year.built.office, entry, on=day, now=at(day, 16), reason="班子配齐，三会一课正常，群众测评满意（示例）",
            record=f"示例-整顿验收〔{day.year}〕{n + 1}号",
        )  # fmt: skip


def watch_again(year: Year) -> None:
    """Those that ran out without being turned round are put on the list anew when the next year's list is drawn up."""
    day = year.after(75)
    if day >= year.built.today:
        return
    left = WatchEntry.objects.filter(ground=year.built.ground, turned_on=None, to_on__lt=day).select_related("place")
    for n, entry in enumerate(left.order_by("place__code"), 1):
        watch(
            year.built.office, year.built.ground, SCHEME, "weak", entry.place, on=day, now=at(day, 9),
            basis=f"上年整顿未达标，继续整顿，示例-组〔{day.year}〕{n}号",
        )  # fmt: skip


def enter_centres(year: Year) -> None:
    """New service centres by size, as the organisation department accepted them in autumn."""
    built, day = year.built, year.day(11, 5)
    found = [row for row in year.villages if row.numbers["service_centre"] == 1][3::9]
    counts = spread(min(len(found), sum(CENTRES.values())), list(CENTRES.values()))
    sizes = [code for code, n in zip(CENTRES, counts, strict=True) for _ in range(n)]
    lines = [
        f"{row.code}\t{size}\t示例-验收〔{day.year}〕{n}号\t{day.isoformat()}"
        for n, (row, size) in enumerate(zip(found, sizes, strict=False), 1)
    ]
    grading = settings_of(work_on(built.ground, year.span.key, SCHEME), "grading", "centre_size")
    assert isinstance(grading, Grading)
    enter_grades(built.office, built.ground, SCHEME, grading, "\n".join(lines), today=day + timedelta(days=1))


def results(year: Year) -> None:
    """From the closed year to thanks: performance, grades, awards, stars, money, a text for the county's account."""
    built, key = year.built, year.span.key
    appraisal = appraise(built.office, built.ground, "village_cadres", key, now=at(year.after(11), 9), scheme=SCHEME)
    appraisal = propose_appraisal(built.office, appraisal, now=at(year.after(11), 10))
    assert appraisal.publication is not None
    tell(built.office, appraisal.publication, now=at(year.after(11), 11))
    secretaries = _drawn(year, "grading", "secretary_grade", 11)
    townships = _drawn(year, "award", "township_award", 11)
    _refuse_one(year, secretaries, 13)
    _in_force(year, [appraisal, secretaries, townships], 18)
    _enter_secretaries(year, secretaries, 18)
    cadres, centres = _drawn(year, "grading", "cadre_grade", 18), _drawn(year, "grading", "centre_size", 18)
    _give_stars(year)
    _in_force(year, [cadres, centres], 25)
    _pay(year)
    _thank(year)


def _drawn(year: Year, kind: str, code: str, days: int) -> AwardList:
    built = year.built
    row = draw_list(built.office, built.ground, kind, code, year.span.key, now=at(year.after(days), 9), scheme=SCHEME)
    return propose_list(built.office, row, now=at(year.after(days), 14))


def _in_force(year: Year, rows: Iterable[Edition], days: int) -> None:
    for row in rows:
        assert row.publication is not None
        put_in_force(year.built.office, row.publication, now=at(year.after(days), 9))


def _refuse_one(year: Year, row: AwardList, days: int) -> None:
    """A secretary just below a cut objects; the sum is shown again and stands."""
    line = row.lines.filter(value="good").select_related("person").order_by("position").first()
    if line is None or line.person is None or row.publication is None:
        return
    held = object_to(
        year.built.office, row.publication, line.person, text="认为应评为表彰等次。", by_name=line.person.name,
        now=at(year.after(days), 9),
    )  # fmt: skip
    words = f"年度得分 {(line.figure or 0) / 100:.2f}，名次在表彰名额之后，逐月得分已当面核对，维持原等次。"
    answer(year.built.office, held, False, words, now=at(year.after(days + 1), 9))


def _enter_secretaries(year: Year, row: AwardList, days: int) -> None:
    """The organisation department enters each secretary's grade in force as the village's number."""
    given = {
        ("secretary_grade", path.rstrip("/").rsplit("/", 1)[1]): GRADES[value]
        for path, value in AwardLine.objects.filter(list=row).exclude(value="").values_list("path", "value")
    }
    year.owners.enter(given, year.span, year.after(days), f"示例-等次〔{year.after(days).year}〕1号")


def _give_stars(year: Year) -> None:
    """Both ratings given, on notice; the village with a wrong number objects, is mended and rated anew; in force."""
    built, office, key = year.built, year.built.office, year.span.key
    given = [
        propose_rating(
            office, give_stars(office, built.ground, SCHEME, code, key, now=at(year.after(19), 9)),
            now=at(year.after(19), 10),
        )
        for code in ("five_star", "township_base")
    ]  # fmt: skip
    villages, townships = given
    assert villages.publication is not None
    _mend_one(year, villages.publication)
    for rating in (newest(asked_rating(built.ground, SCHEME, "five_star", key)), townships):
        assert rating is not None
        assert rating.publication is not None
        put_in_force(office, rating.publication, now=at(year.after(25), 9))


def _mend_one(year: Year, notice: Publication) -> None:
    built, row = year.built, year.mistaken
    held = object_to(
        built.office, notice, year.place(row), text="应急队伍名册为实有人数，填报数少填。", by_name="村党支部（示例）",
        now=at(year.after(20), 9),
    )  # fmt: skip
    other = next(one for one in year.group(2) if "industry" not in one.stars)
    second = object_to(
        built.office, notice, year.place(other), text="认为产业兴旺星应达标。", by_name="村党支部（示例）",
        now=at(year.after(20), 10),
    )  # fmt: skip
    number = {(MISTAKEN[0], row.code): row.numbers[MISTAKEN[0]]}
    year.owners.enter(number, year.span, year.after(21), f"示例-更正〔{year.after(21).year}〕1号")
    answer(built.office, held, True, "经县应急管理局核对名册，原数少填，已更正。", now=at(year.after(22), 9))
    answer(
        built.office, second, False, "逐项核对，产业兴旺有未达标项，数据和责任单位见台账，维持原星级。",
        now=at(year.after(22), 10),
    )  # fmt: skip


def _pay(year: Year) -> None:
    """Three plans drafted by the office, approved by a second person, paid; a third of the building money is still due."""
    built, office = year.built, year.built.office
    for code in ("people", "stars", "centres"):
        plan = draft_plan(office, built.ground, code, year.span.key, now=at(year.after(26), 9), scheme=SCHEME)
        plan = approve_plan(year.second, plan, now=at(year.after(27), 9))
        lines = list(plan.lines.filter(aside=False).values_list("pk", flat=True))
        paid = lines[: len(lines) * 2 // 3] if code == "centres" else lines
        mark_paid(
            office,
            plan,
            paid,
            paid_on=year.after(35),
            voucher=f"示例-{code}-{year.span.key}",
            now=at(year.after(36), 9),
        )


def _thank(year: Year) -> None:
    """The commendation of the 20 secretaries: drawn, its text approved by a second person, on notice, in force."""
    built, office = year.built, year.built.office
    row = draw_commendation(
        office, built.ground, "secretaries", year.span.key, now=at(year.after(28), 9), scheme=SCHEME
    )
    approve_text(year.second, row, now=at(year.after(28), 15))
    row = propose_list(office, row, now=at(year.after(29), 9))
    _in_force(year, [row], 36)


def second_person(code: str) -> User:
    """Who approves: another user of the county's office."""
    return User.objects.get(person=Person.objects.get(code=code))
