"""A demo township's inspections: the filed plan, sealed draws opened on their days, what goes everywhere, one to come.

Arranging, numbers, draws and ends are the product's own acts, told month by month; where the draws go the sheets follow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from xiangyue.checks.inspections.arranging import add_member, arrange, enter_number, set_vehicle
from xiangyue.checks.inspections.going import finish, open_targets
from xiangyue.checks.inspections.models import Inspection, InspectionTurn
from xiangyue.checks.inspections.planning import file_plan
from xiangyue.people.models import User
from xiangyue.site.demo.acts import at, months_between
from xiangyue.site.demo.drawing import day_of, uuid_of
from xiangyue.site.demo.recipe import Built

DRAWN, MONTHLY, CONTEST = "unannounced", "month", "contest"
DAYS = (5, 8, 10, 14, 17, 20)
"""Days of the month on which unannounced inspections set out: five, and six in May and November."""
SIXTH = (5, 11)
EACH = 5
"""What the scheme draws each time."""
ROUND = (12, 21)
CONTEST_ON = 24
QUARTER_ENDS = (3, 6, 9, 12)

type Gone = dict[tuple[str, date], list[tuple[date, str]]]
"""(Village, month) → when an unannounced inspection came, and who signed the sheet."""


@dataclass(frozen=True, slots=True)
class Inspecting:
    """Who inspects in the demo, and where the draws sent them."""

    built: Built
    crew: tuple[str, ...]
    """Codes of the inspectors."""
    gone: Gone


def inspect(built: Built, crew: Iterable[str]) -> Inspecting:
    """All inspections up to yesterday, their targets open but no sheet in yet; today's and the next wait."""
    told = Inspecting(built, tuple(crew), defaultdict(list))
    yesterday = built.today - timedelta(days=1)
    for year in range(built.first.year, (built.today + timedelta(days=7)).year + 1):
        _file(built, year)
    days = timedelta(days=built.days) if built.days else built.today - built.first
    for month in months_between(max(built.first, built.today - days), yesterday):
        _month(told, month, yesterday)
    _to_come(told)
    return told


def finish_all(told: Inspecting) -> None:
    """Every inspection whose last day is over ends; who has no sheet says why."""
    leader = _user(told.crew[0])
    rows = Inspection.objects.filter(
        ground=told.built.ground, state=Inspection.State.OPENED, to_on__lt=told.built.today
    ).order_by("from_on", "pk")  # fmt: skip
    for row in rows:
        turns = InspectionTurn.objects.filter(inspection=row).values_list("pk", flat=True)
        finish(leader, row, dict.fromkeys(turns, "当天道路施工，改下月"), now=at(row.to_on, 17))


def times_in(month: int, villages: int) -> int:
    """How many unannounced inspections the plan has in a month: 31 in each half of the year, fewer in a small demo."""
    room = villages * (2 if month in QUARTER_ENDS else 3)
    return min(6 if month in SIXTH else 5, room // min(EACH, villages))


def _file(built: Built, year: int) -> None:
    villages = len(built.county.villages)
    times = {(DRAWN, month): times_in(month, villages) for month in range(1, 13)}
    times |= {(MONTHLY, month): 1 for month in range(1, 13)}
    times |= {(CONTEST, month): 1 for month in QUARTER_ENDS}
    document = f"示例-未备案〔{year}〕1号"
    file_plan(built.office, built.ground, built.scheme, year, times, document=document, filed_on=date(year, 1, 4))


def _month(told: Inspecting, month: date, until: date) -> None:
    """A month: what goes everywhere is arranged first, for the draws take it into account; then day by day."""
    days: list[tuple[date, Inspection, int]] = []
    begin = at(month, 8)
    for way, first, last in ((MONTHLY, *ROUND), (CONTEST, CONTEST_ON, CONTEST_ON)):
        if way == CONTEST and month.month not in QUARTER_ENDS:
            continue
        from_on, to_on = day_of(month, first), day_of(month, last)
        if from_on <= until:
            row = arrange(
                told.built.office,
                told.built.ground,
                told.built.scheme.code,
                way,
                from_on=from_on,
                to_on=to_on,
                now=begin,
            )
            _crew(told, row, told.crew)
            days.append((from_on, row, 0))
    for n, number in enumerate(DAYS[: times_in(month.month, len(told.built.county.villages))]):
        on = day_of(month, number)
        if on <= until:
            days.append((on, _seal(told, on, n), n))
    for on, row, n in sorted(days, key=lambda one: (one[0], one[1].pk)):
        _set_out(told, row, on, n)


def _seal(told: Inspecting, on: date, n: int) -> Inspection:
    """An unannounced inspection sealed four days before, by a number of two days before."""
    built = told.built
    row = arrange(
        built.office, built.ground, built.scheme.code, DRAWN, from_on=on, now=at(on - timedelta(days=4), 9),
        number_name=f"示例彩票 {on - timedelta(days=2):%Y-%m-%d} 开奖号码", number_on=on - timedelta(days=2),
        secret=uuid_of("demo", "inspection", built.ground.code, on).hex,
    )  # fmt: skip
    pair = (told.crew[n % len(told.crew)], told.crew[(n + 1) % len(told.crew)])
    _crew(told, row, pair)
    return row


def _crew(told: Inspecting, row: Inspection, codes: Iterable[str]) -> None:
    """One team, the first leads, with the township's car."""
    for n, code in enumerate(codes):
        add_member(told.built.office, row, 1, code, leads=n == 0)
    set_vehicle(told.built.office, row, 1, "工作用车 1 辆")


def _set_out(told: Inspecting, row: Inspection, on: date, n: int) -> None:
    leader = told.crew[n % len(told.crew)] if row.is_drawn else told.crew[0]
    if row.number_on is not None:
        row = enter_number(told.built.office, row, _number(row.number_on), now=at(on - timedelta(days=1), 21))
    row = open_targets(_user(leader), row, now=at(on, 8))
    if row.is_drawn:
        for code in row.turns.order_by("order").values_list("subject__code", flat=True):
            told.gone[code, on.replace(day=1)].append((on, leader))


def _to_come(told: Inspecting) -> None:
    """One that waits for its number, some days ahead: what the office and the team see before the day."""
    on = told.built.today + timedelta(days=3)
    times = times_in(on.month, len(told.built.county.villages))
    planned = [day for day in DAYS[:times] if day_of(on.replace(day=1), day) >= told.built.today]
    if planned:
        _seal_ahead(told, on)


def _seal_ahead(told: Inspecting, on: date) -> None:
    built, number_on = told.built, on - timedelta(days=1)
    row = arrange(
        built.office, built.ground, built.scheme.code, DRAWN, from_on=on, now=at(built.today, 9),
        number_name=f"示例彩票 {number_on:%Y-%m-%d} 开奖号码", number_on=number_on,
        secret=uuid_of("demo", "inspection", built.ground.code, on).hex,
    )  # fmt: skip
    _crew(told, row, told.crew[:2])


def _number(on: date) -> str:
    """The demo's lottery: seven digits that hang on the day."""
    return str(uuid_of("demo", "lottery", on).int % 10_000_000).zfill(7)


def _user(code: str) -> User:
    return User.objects.select_related("person").get(person__code=code)
