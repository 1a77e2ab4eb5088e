"""A month of 东河镇 made by hand, and bulletins of the cast: what tests of the chain count on, what addresses name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from django.test import Client

from tests.cast import NOW, OTHER_TOWN, PEACH, STREET, TODAY, TOWN, WILLOW, Cast
from tests.problems.rows import reported, step
from tests.standings.facts import check, kind
from xiangyue.checks.models import DayCount, Kind
from xiangyue.duties.actions.dispatching import Asking, ask, end_ask, hold_dispatch
from xiangyue.people.models import User
from xiangyue.places.models import Level, Place
from xiangyue.rules.days import parse_period
from xiangyue.standings.bulletins.acts import begin_bulletin, issue_bulletin
from xiangyue.standings.bulletins.chain import Chain, VillageRow, chain_of
from xiangyue.standings.bulletins.models import Bulletin
from xiangyue.standings.bulletins.sections import sections_of

KEY = "2026-10"
SQUARE = f"{WILLOW}-G001"


def counted(cast: Cast, village: str, day: date, n: int = 1, faulty: int = 0, code: str = "daily") -> None:
    """A day's count of checks in a village."""
    what = kind(cast, code)
    DayCount.objects.create(village=cast.places[village], kind=what, day=day, n_checks=n, n_faulty=faulty)


def october(cast: Cast) -> Cast:
    """柳树村 checks on 29 days of 31, 桃花村 on two; a problem mended, one overdue; two meetings; a square checked."""
    for n in range(1, 30):
        counted(cast, WILLOW, date(2026, 10, n), 2, int(n == 5))
    for n in (3, 4):
        counted(cast, PEACH, date(2026, 10, n), 6, 1)
    counted(cast, PEACH, date(2026, 10, 9), 1, 1, code="village_open")
    # another month's is not October's
    counted(cast, WILLOW, date(2026, 9, 30), 50, 50)
    county = cast.places["990100"]
    Kind.objects.create(ground=county, scheme="linjiang", code="spot", name="公共场所检查", level=Level.PUBLIC_PLACE)
    check(cast, SQUARE, 9_000, date(2026, 10, 6), kind_code="spot")
    _problems(cast)
    _meetings(cast)
    return cast


def _problems(cast: Cast) -> None:
    mended = reported(cast, by="village_office", now=datetime(2026, 10, 3, 2, tzinfo=UTC))
    step(cast, mended, "township_office", "mended", now=datetime(2026, 10, 4, 2, tzinfo=UTC))
    step(cast, mended, "village_office", "verified", now=datetime(2026, 10, 5, 2, tzinfo=UTC))
    home = cast.household(2).code
    reported(cast, by="village_office", place=home, kind="sewage", now=datetime(2026, 10, 2, 2, tzinfo=UTC))


def _meetings(cast: Cast) -> None:
    office, town = cast.users["township_office"], cast.places[TOWN]
    for day in (6, 20):
        on = date(2026, 10, day)
        row = hold_dispatch(office, town, on, today=on, now=NOW)
        asking = Asking(cast.people["P05"], "把沟清了", date(2026, 10, day + 5), cast.places[WILLOW])
        made = ask(office, row, asking)
        if day == 6:
            end_ask(office, made, "done", "清了", today=date(2026, 10, 9))


def clerk(cast: Cast) -> User:
    """Who writes the township's bulletins."""
    return cast.users["township_office"]


def browser(cast: Cast, name: str) -> Client:
    """A browser of one of the cast."""
    client = Client()
    client.force_login(cast.users[name])
    return client


def chain(code: str = TOWN, key: str = KEY, today: date = TODAY) -> Chain:
    """The chain of a place, as the records stand now."""
    return chain_of(Place.objects.get(code=code), parse_period(key), today)


def row_of(found: Chain, code: str) -> VillageRow:
    """A village's row."""
    return next(row for row in found.rows if row.code == code)


def words(code: str, place: str = TOWN, key: str = KEY) -> str:
    """A section's words and tables in one text."""
    section = next(one for one in sections_of(chain(place, key), TODAY) if one.code == code)
    cells = [cell for table in section.tables for line in table.rows for cell in line]
    return "".join(section.words) + "|".join(cells)


def draft_of(cast: Cast, code: str = TOWN, key: str = KEY) -> Bulletin:
    """A draft of a township's bulletin."""
    return begin_bulletin(cast.users["township_office"], cast.places[code], key, today=TODAY, now=NOW)


def issued(cast: Cast, code: str = TOWN, key: str = KEY) -> Bulletin:
    """A bulletin that was issued."""
    return issue_bulletin(cast.users["township_office"], draft_of(cast, code, key), today=TODAY, now=NOW)


def bulletin_of(cast: Cast, is_own: bool) -> int:
    """An issued bulletin of 东河镇 (and one more of 南街街道), or one of the other county's township."""
    code = TOWN if is_own else OTHER_TOWN
    found = Bulletin.objects.filter(place__code=code).order_by("pk").first()
    if found is not None:
        return found.pk
    if is_own:
        issued(cast, STREET, "2026-09")
    return issued(cast, code).pk


ADDRESSES: dict[tuple[str, str], Callable[[Cast, bool], str | int]] = {
    **{(f"bulletins:{name}", "pk"): bulletin_of for name in ("bulletin", "act", "paper", "word")},
    ("bulletins:begin", "place"): lambda cast, is_own: cast.places[TOWN if is_own else OTHER_TOWN].code,
    **{(f"desk:{page} bulletin", "key"): bulletin_of for page in ("detail", "edit")},
}
