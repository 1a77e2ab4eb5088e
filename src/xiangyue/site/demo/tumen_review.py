"""Tumen's staged review as people go through it: teams, the drawn plan, sheets, jury, files, notices, objections."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

from xiangyue.people.models import Person
from xiangyue.rules.numbers import show
from xiangyue.site.demo.acts import at
from xiangyue.site.demo.names import person_name
from xiangyue.site.demo.tumen_register import ASSESSORS, DEPARTMENTS, JUDGES, team_of
from xiangyue.site.demo.tumen_villages import ASSESSMENT, STRICT, Hidden, assessed, said, seen, votes
from xiangyue.site.demo.tumen_year import EVENING, MORNING, SCHEME, Year, workdays
from xiangyue.standings.actions.publication import add_paper, put_in_force, tell
from xiangyue.standings.actions.publication_objections import answer, object_to
from xiangyue.standings.notices.models import Objection, Publication
from xiangyue.standings.reviews.final import check_files, deviate
from xiangyue.standings.reviews.jury import add_juror, comment, record_ballot
from xiangyue.standings.reviews.models import Review, ReviewPlan, ReviewStageVersion, ReviewTeam
from xiangyue.standings.reviews.opening import add_member, declare_conflict, open_review
from xiangyue.standings.reviews.planning import draw_plan, make_plan, turns_of
from xiangyue.standings.reviews.stages import finish_stage, look_ahead, newest, open_stage

CODE = "three_stages"
TOP = 5
CAME, CALLED = 13, 15
"""How many of the jury came to the ballot."""
UNITS = DEPARTMENTS[3:8]
"""Whose people sit in the jury and comment on the villages."""
NUMBERS = ("04 09 13 22 27 33 + 05", "02 08 15 19 24 30 + 11")
"""The public numbers that the plans are drawn by: made up."""
MUTUAL = (("mutual_field", "M1"), ("mutual_homes", "M2"), ("mutual_opinion", "M3"))
"""What a team brings home from a village: the leader's round, a member's talks at homes, another's opinion sheet."""
DEPARTMENT = (("department_survey", "B1"), ("contest", "B2"))
MISSING = 2
"""So many items of the village that was mended later had no file when the assessors came."""
AGAIN = 7
"""Grades that its sheets lose together at the second look."""


OBJECTIONS = (
    (
        "实地勘察时冷库正在检修，认为产业发展评低了。",
        "冷库验收材料已复核，当年未投产，按标准不计入，维持原分。",
    ),
    (
        "擂台比武时书记在外培训，由副书记代讲，请求补讲。",
        "通知已提前十天送达，方案允许代讲，评分表已当面核对，维持原分。",
    ),
)
"""What a village objects to the departments' stage, and the answer, year by year."""


def open_and_plan(year: Year, day: date) -> None:
    """The review opened, each town's team named, and the plan made with its secret before the number is known."""
    review = open_review(year.office, year.ground, SCHEME, CODE, year.key, now=at(day, MORNING))
    people = {row.code: row for row in Person.objects.filter(place__level="township").select_related("place")}
    teams = list(ReviewTeam.objects.filter(review=review).select_related("township", "review__ground").order_by("pk"))
    for team in teams:
        for n, code in enumerate(team_of(team.township.code)):
            add_member(year.office, team, people[code], leads=n == 0)
    kin = next(row for row in year.villages[20:] + year.villages if row.village.township == teams[-1].township.code)
    declare_conflict(year.office, teams[0], year.place(kin), reason="一名组员的近亲属在该村任职（示例）")
    make_plan(
        year.office, review, number_name=f"福利彩票双色球第{year.number}090期开奖号码（示例）",
        number_on=day + timedelta(days=4), now=at(day, EVENING), secret=f"tumen-demo-{year.index}-{'0' * 36}",
    )  # fmt: skip


def draw_turns(year: Year, day: date) -> None:
    """The number came out: the turns are drawn from it and the secret."""
    plan = ReviewPlan.objects.select_related("review").get(review=review_of(year))
    draw_plan(year.office, plan, number=NUMBERS[year.index % len(NUMBERS)], now=at(day, MORNING))


def begin_mutual(year: Year, day: date) -> None:
    """Towns review each other: the first team's visit to each village."""
    open_stage(year.office, review_of(year), "mutual", now=at(day, MORNING))
    _visits(year, 0, day + timedelta(days=1))


def second_visits(year: Year, day: date) -> None:
    """The second team comes a month after the first, so that no village is inspected too often in one."""
    _visits(year, 1, day)


def _visits(year: Year, which: int, first: date) -> None:
    """Three sheets of each village by the one or the other of its teams, a few villages a day."""
    turns: dict[str, list[str]] = {}
    for team, subject in sorted(turns_of(ReviewPlan.objects.get(review=review_of(year)))):
        turns.setdefault(subject, []).append(team)
    for row, day in _over(year, first, 8):
        team = turns[row.code][which]
        for (kind, standard), by in zip(MUTUAL, team_of(team), strict=True):
            entries = seen(year.built.scheme, row, standard, year.index, team, STRICT.get(team, 0.0))
            year.hand_in(kind, row.code, by, day, entries)


def end_mutual(year: Year, day: date) -> None:
    """The mutual report: in force without a notice, a reference for what follows."""
    finish_stage(year.office, _version(year, "mutual"), now=at(day, EVENING))


def begin_departments(year: Year, day: date) -> None:
    """The jury named, villages surveyed by departments, and their secretaries' contest."""
    review = review_of(year)
    open_stage(year.office, review, "departments", now=at(day, MORNING))
    for n in range(CALLED):
        add_juror(year.office, review, "departments", name=person_name(900 + n * 11), unit=UNITS[n % len(UNITS)])
    for row, at_day in _over(year, day + timedelta(days=1), 9):
        for (kind, standard), by in zip(DEPARTMENT, JUDGES, strict=True):
            year.hand_in(kind, row.code, by, at_day, seen(year.built.scheme, row, standard, year.index, by))


def comment_and_vote(year: Year, day: date) -> None:
    """A comment on every village by one of the departments, the ballot as its minutes have it, the stage on notice."""
    review = review_of(year)
    for row in year.villages:
        n = row.order % len(UNITS)
        by = year.users[f"D{DEPARTMENTS.index(UNITS[n]) + 1:02d}-1"]
        words = said(year.built.scheme, row)
        comment(by, review, "departments", year.place(row), unit=UNITS[n], text=words, now=at(day, 11))
    record_ballot(
        year.office, review, "departments", held_on=day, minutes=f"示例-评委会纪要〔{year.number}〕2号", came=CAME,
        votes={row.code: votes(row, CAME, year.index) for row in year.villages}, now=at(day, 15),
    )  # fmt: skip
    finish_stage(year.office, _version(year, "departments"), now=at(day, EVENING))
    notice = _notice(year, "departments")
    tell(year.office, notice, now=at(day, EVENING))
    n = len(year.villages)
    add_paper(
        year.office, notice, title=f"各村公示栏张贴回执（{n} 份）", number=f"示例-回执〔{year.number}〕1号", on=day,
        now=at(day, EVENING),
    )  # fmt: skip


def object_to_departments(year: Year, day: date) -> None:
    """A village objects to its survey while the notice runs, is shown its sheet, and the score stands."""
    text, words = OBJECTIONS[year.index % len(OBJECTIONS)]
    row = year.villages[len(year.villages) * (7 - year.index % 3) // 10]
    held = object_to(
        year.office,
        _notice(year, "departments"),
        year.place(row),
        text=text,
        by_name="村党支部（示例）",
        now=at(day, 10),
    )
    _later(year, held, day + timedelta(days=1), words)


def departments_in_force(year: Year, day: date) -> None:
    """The departments' stage after its notice."""
    put_in_force(year.office, _notice(year, "departments"), now=at(day, MORNING))


def begin_city(year: Year, day: date) -> None:
    """The city's group scores every village item by item and looks at the file behind each item."""
    review = review_of(year)
    open_stage(year.office, review, "city", now=at(day, MORNING))
    for row, at_day in _over(year, day + timedelta(days=1), 12):
        if at_day < year.built.today:
            _assess(year, row, row.lost, at_day)
            _check_files(year, row, at_day, MISSING if row.fate == "mended" else row.order % 17 == 16)


def fix_stars(year: Year, day: date) -> None:
    """Whom the city gives less than the rule does, because both earlier stages saw less; then the notice begins."""
    review, version = review_of(year), _version(year, "city")
    _facts, found = look_ahead(version, day)
    earlier = {
        stage: {row.subject.code: row for row in _version(year, stage).rows.select_related("subject")}
        for stage in ("mutual", "departments")
    }
    for row in found.rows:
        told = [earlier[stage][row.code] for stage in earlier]
        if row.by_rule == TOP and all((one.proposal or 0) < TOP for one in told):
            words = "、".join(
                f"{name} {show(one.score)} 分" for name, one in zip(("镇际互评", "部门点评"), told, strict=True)
            )
            deviate(
                year.office, review, year.places[row.code], stars=TOP - 1, now=at(day, 14),
                reason=f"{words}，两阶段均未建议五星，入户走访反映的问题还没有办结，定为四星。",
            )  # fmt: skip
    finish_stage(year.office, version, now=at(day, EVENING))
    tell(year.office, _notice(year, "city"), now=at(day, EVENING))


def object_to_city(year: Year, day: date) -> None:
    """Two objections: one upheld, so that its village alone is looked at again; one answered by the decision."""
    notice = _notice(year, "city")
    mended, capped = year.of_fate("mended"), year.of_fate("capped")
    first = object_to(
        year.office, notice, year.place(mended), text="考评时两项台账在镇里备查，没有带到现场，请求复核。",
        by_name="村党支部（示例）", now=at(day, 9),
    )  # fmt: skip
    second = object_to(
        year.office, notice, year.place(capped), text="总分在四星以上，认为不应评为两星。", by_name="村党支部（示例）",
        now=at(day, 10),
    )  # fmt: skip
    _later(year, first, day + timedelta(days=1), "台账形成于年内，情况属实，请考评组对该村复评。", upheld=True)
    _later(year, second, day + timedelta(days=1), "处分决定已生效，文号和条款见评定结果，按方案最高两星，维持。")


def assess_again(year: Year, day: date) -> None:
    """The three assessors in that village once more, its files in order; the stage's next version on notice."""
    mended = year.of_fate("mended")
    _assess(year, mended, AGAIN, day)
    _check_files(year, mended, day, 0)
    finish_stage(year.office, _version(year, "city"), now=at(day, EVENING))


def stars_in_force(year: Year, day: date) -> None:
    """The stars fixed: the rating stands, every village is ranked."""
    put_in_force(year.office, _notice(year, "city"), now=at(day, MORNING))


def review_of(year: Year) -> Review:
    """The year's review."""
    found = Review.objects.select_related("ground", "scheme_version")
    return found.get(ground=year.ground, code=CODE, key=year.key)


def _assess(year: Year, row: Hidden, lost: int, day: date) -> None:
    for n, by in enumerate(ASSESSORS):
        entries = assessed(year.built.scheme, row, year.index, n, lost)
        year.hand_in("city_assessment", row.code, by, day, entries)


def _check_files(year: Year, row: Hidden, day: date, missing: int) -> None:
    """Each item's file with its number; the weakest items' are missing where some are."""
    items = [item.code for item in year.built.scheme.standard(ASSESSMENT).items]
    without = row.weak[:missing]
    told = {
        item: (item not in without, "" if item in without else f"示例-{row.code[-6:]}-{n:02d}〔{year.number}〕")
        for n, item in enumerate(items, 1)
    }
    by = year.users[ASSESSORS[row.order % len(ASSESSORS)]]
    check_files(by, review_of(year), "city", year.place(row), told, now=at(day, 16))


def _over(year: Year, first: date, n: int) -> list[tuple[Hidden, date]]:
    """The villages by code, each with its day among the first n working days."""
    days = list(islice(workdays(first), n))
    rows = sorted(year.villages, key=lambda row: row.code)
    return [(row, days[at * n // len(rows)]) for at, row in enumerate(rows)]


def _version(year: Year, stage: str) -> ReviewStageVersion:
    found = newest(review_of(year), stage)
    assert found is not None
    return found


def _notice(year: Year, stage: str) -> Publication:
    found = _version(year, stage).publication
    assert found is not None
    return found


def _later(year: Year, held: Objection, day: date, words: str, *, upheld: bool = False) -> None:
    """An objection answered, once that day has come."""
    if day < year.built.today:
        answer(year.office, held, upheld, words, now=at(day, EVENING))
