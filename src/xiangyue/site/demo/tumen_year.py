"""Tumen's year: what people do about its villages' stars, each on its day, by the product's own acts.

A year is told as far as today has come: the last one stands in force, the running one is where it would be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from xiangyue.agreements.actions.goals import set_targets, tell_numbers
from xiangyue.captures.intake import Actor
from xiangyue.captures.models import Capture
from xiangyue.checks.actions import record_sheet
from xiangyue.people.models import Organisation, User
from xiangyue.places.models import Place
from xiangyue.rules.days import Span, year_of
from xiangyue.rules.sheet import Entry
from xiangyue.site.demo.acts import at, publish
from xiangyue.site.demo.county import spread
from xiangyue.site.demo.drawing import moment, uuid_of
from xiangyue.site.demo.recipe import Built
from xiangyue.site.demo.tumen_register import ASSESSORS, DISCIPLINE, LAW
from xiangyue.site.demo.tumen_villages import Hidden, hidden_villages, scaled, seen
from xiangyue.standings.actions.publication import put_in_force
from xiangyue.standings.actions.ratings import give_stars
from xiangyue.standings.actions.violations import enter_violation, lift_violation
from xiangyue.standings.notices.models import Publication
from xiangyue.standings.ratings.notice import propose_rating

SCHEME = "tumen"
MORNING, EVENING = 9, 17
THREE = 3


@dataclass(frozen=True, slots=True)
class Year:
    """A year that is told, and over whom."""

    built: Built
    index: int
    """0: the demo's first."""
    number: int
    villages: tuple[Hidden, ...]
    places: dict[str, Place]
    users: dict[str, User]
    """By the person's code."""

    @property
    def span(self) -> Span:
        """The year."""
        return year_of(date(self.number, 1, 1))

    @property
    def key(self) -> str:
        """The year as a period."""
        return self.span.key

    @property
    def office(self) -> User:
        """Who opens, finishes and publishes."""
        return self.built.office

    @property
    def ground(self) -> Place:
        """The city."""
        return self.built.ground

    def place(self, row: Hidden) -> Place:
        """The village as it is on file."""
        return self.places[row.code]

    def of_fate(self, fate: str) -> Hidden:
        """The village whose year takes that turn."""
        return next(row for row in self.villages if row.fate == fate)

    def hand_in(self, kind: str, subject: str, by: str, day: date, entries: tuple[Entry, ...]) -> None:
        """A sheet through the entry that everyone uses, by who made it, in working hours; none before its day came."""
        if day >= self.built.today:
            return
        key = uuid_of(SCHEME, self.index, kind, subject, by, day.day)
        made = moment(day, MORNING * 60 + key.int % 480)
        answer = record_sheet(
            Actor(self.users[by].pk, Capture.Channel.OFFICE), kind, subject, entries=entries, id=key, made_at=made,
            now=made,
        )  # fmt: skip
        assert answer.kept, (kind, subject, by, answer.words)


type Act = Callable[[Year, date], None]
type Step = tuple[int, int, int, Act]
"""(Years after the year's own, month, day, what is done)."""


def year_told(built: Built, index: int) -> Year:
    """The demo's year of that index, before anything happens in it."""
    places = {row.code: row for row in Place.objects.below(built.ground.path).exclude(level="household")}
    users = {user.person.code: user for user in User.objects.select_related("person") if user.person is not None}
    found = hidden_villages(built.scheme, built.county.villages, index)
    return Year(
        built, index, built.first.year + index, tuple(found), {built.ground.code: built.ground, **places}, users
    )


def tell_year(year: Year, steps: tuple[Step, ...]) -> None:
    """The steps in their order, those whose day has come."""
    for n, (after, month, number, act) in enumerate(steps):
        day = date(year.number + after, month, number)
        if day >= year.built.today:
            break
        year.built.say(f"year{min(year.index, 1)}", n, len(steps))
        act(year, day)
    year.built.say(f"year{min(year.index, 1)}", len(steps), len(steps))


def set_goals(year: Year, day: date) -> None:
    """At new year: how many branches are to have their stars, and how many matters each village promises."""
    n = len(year.villages)
    five, four = scaled("five", n), scaled("four", n)
    towns = len(year.built.county.townships)
    wanted = {"five": five, "four": five + four, "three": n - scaled("below", n), "town_three": towns}
    document = f"示例-创建〔{year.number}〕1号"
    for goal in year.built.scheme.goals:
        own: dict[Place, int | None] = {year.ground: wanted.get(goal.code)}
        values = dict(matters(year)) if goal.level == "village" else own
        set_targets(
            year.office,
            year.ground,
            year.built.scheme,
            goal,
            year.number,
            values,
            document=document,
            now=at(day, MORNING),
        )


def matters(year: Year) -> dict[Place, int]:
    """How many matters each village promises at new year: 62 in the city."""
    counts = spread(scaled("matters", len(year.villages)), [1.0 + row.order % 3 for row in year.villages], low=1)
    return {year.place(row): n for row, n in zip(year.villages, counts, strict=True)}


def keep_promises(year: Year, day: date) -> None:
    """At the year's end: how many of them are settled, as each village showed it."""
    _tell(year, matters(year), day, f"各村年底公示（示例）〔{year.number}〕")


def promises_so_far(year: Year, day: date) -> None:
    """In summer: how many are settled already, in every other village all but one."""
    done = {place: n - at % 2 for at, (place, n) in enumerate(matters(year).items())}
    _tell(year, done, day, f"镇级跟踪问效（示例）〔{year.number}〕7月")


def _tell(year: Year, values: dict[Place, int], day: date, source: str) -> None:
    goal = next(goal for goal in year.built.scheme.goals if goal.code == "matters")
    tell_numbers(
        year.office, year.ground, year.built.scheme, goal, values, on=day, source=source, today=day,
        now=at(day, EVENING),
    )  # fmt: skip


def enter_decisions(year: Year, day: date) -> None:
    """What departments established: a disciplinary decision that stands, and a penalty that was revoked later."""
    discipline, law = (Organisation.objects.get(code=code) for code in (DISCIPLINE, LAW))
    enter_violation(
        year.users[f"{DISCIPLINE}-1"], year.ground, SCHEME, year.place(year.of_fate("capped")), kind="discipline",
        department=discipline, document=f"示例-图纪处〔{year.number}〕6号", about="official",
        clause="《中国共产党纪律处分条例》第一百二十六条（示例）", on=day, now=at(day, MORNING),
    )  # fmt: skip
    penalised = year.villages[len(year.villages) * 3 // 5]
    row = enter_violation(
        year.users[f"{LAW}-1"], year.ground, SCHEME, year.place(penalised), kind="crime", department=law, basis="law",
        document=f"示例-图公行罚〔{year.number}〕21号", clause="《中华人民共和国治安管理处罚法》第二十六条（示例）",
        about="official", on=day, now=at(day, MORNING + 1),
    )  # fmt: skip
    later = day + timedelta(days=21)
    if later < year.built.today:
        words = f"行政复议撤销原处罚决定，示例-图复决〔{year.number}〕3号"
        lift_violation(year.users[f"{LAW}-1"], row, now=at(later, MORNING), reason=words)


def assess_towns(year: Year, day: date) -> None:
    """The assessment group's sheet of each town."""
    for n, town in enumerate(sorted(year.built.county.townships)):
        mine = [row for row in year.villages if row.village.township == town]
        middle = sorted(mine, key=lambda row: row.order)[len(mine) // 2]
        entries = seen(year.built.scheme, middle, "T1", year.index, town)
        year.hand_in("town_assessment", town, ASSESSORS[n % THREE], day + timedelta(days=n % 2), entries)


def close_year(year: Year, _day: date) -> None:
    """Closed on new year's day, ranked, on notice, in force."""
    publish(year.built, year.span)


def give_towns(year: Year, day: date) -> None:
    """The towns' stars from their year, on notice."""
    row = give_stars(year.office, year.ground, SCHEME, "town_star", year.key, now=at(day, MORNING))
    propose_rating(year.office, row, now=at(day, MORNING + 1))


def towns_in_force(year: Year, day: date) -> None:
    """The towns' stars after their notice."""
    row = Publication.objects.filter(
        kind="rating", ground=year.ground, state="proposed", proposed_at__year=day.year
    ).last()
    assert row is not None
    put_in_force(year.office, row, now=at(day, MORNING))


def workdays(first: date) -> Iterator[date]:
    """The working days from that one on."""
    day = first
    while True:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)
