"""The pages: the guided walk, three clicks from a rank to a check, and who sees what."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, WILLOW, Cast
from tests.standings.facts import AFTER, check, household_scores, month_of_checks
from xiangyue.base.daily import EVERY_DAY
from xiangyue.base.jobs import Progress, start_job
from xiangyue.standings import daily
from xiangyue.standings.actions.closing import close_period
from xiangyue.standings.actions.periods import open_periods
from xiangyue.standings.models import BoardEntry, BoardList, Closing, Objection, Period, Publication

SCORES = (10_000, 9_900, 9_800, 9_500, 9_000, 8_000, 7_000, 6_000)


@pytest.fixture
def october(cast: Cast) -> Cast:
    """October's checks, not closed."""
    month_of_checks(cast, household_scores(cast, *SCORES))
    check(cast, WILLOW, 8_800, date(2026, 10, 9), "village_open", "P04")
    open_periods(date(2026, 11, 1))
    return cast


def client_of(cast: Cast, role: str = "county_office") -> Client:
    client = Client()
    client.force_login(cast.users[role])
    return client


def october_of(cast: Cast) -> Period:
    return Period.objects.get(key="2026-10", ground=cast.places[COUNTY])


def closed(cast: Cast) -> Closing:
    return close_period(cast.users["county_office"], cast.places[COUNTY], "2026-10", now=AFTER)


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_a_period_begins_without_anybody_looking(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: date(2026, 11, 1))
    assert daily.KIND in EVERY_DAY
    progress = Progress(start_job(None, daily.KIND, "开始新的考核期"))
    assert (daily.do_daily(progress, {}) or {})["opened"] > 0
    assert Period.objects.filter(ground=cast.places[COUNTY], key="2026-11").exists()
    assert daily.do_daily(progress, {}) == {"opened": 0}


def test_the_guided_walk(october: Cast) -> None:
    client, period = client_of(october), october_of(october)
    page = reverse("standings:period", args=[period.pk])
    assert "2026年10月" in text_of(client, reverse("standings:periods"))
    preview = reverse("standings:preview", args=[period.pk])
    at_once = text_of(client, preview)
    assert "正在试算" in at_once
    assert f'hx-get="{preview}?show=figures"' in at_once
    assert "日检查平均" not in at_once
    part = client.get(preview, {"show": "figures"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'data-open="close"' in part
    shown = text_of(client, f"{preview}?show=figures")
    assert "没有“日检查平均”的农户" in shown
    assert "桃花村 6户" in shown
    assert "缺了就没有成绩，不参评" in shown
    assert "“暗访”一次都没有" in shown
    done = client.post(reverse("standings:close", args=[period.pk]), {"early": 0}, follow=True)
    assert "已关账（第1版）" in done.content.decode()
    assert re.search(r"于20\d\d年\d+月\d+日 \d\d:\d\d关账", text_of(client, page))
    again = client.post(reverse("standings:close", args=[period.pk]), follow=True)
    assert "您这次没有重复关账" in again.content.decode()
    client.post(reverse("standings:propose", args=[period.pk]), {"version": 1})
    assert Closing.objects.get().state == Closing.State.PROPOSED
    waiting = text_of(client, page)
    assert "公示到2026年11月" in waiting
    assert "个对象没有告知：请在红黑榜里逐个榜登记告知" in waiting
    assert "去红黑榜告知" in waiting
    refused = client.post(reverse("standings:in_force", args=[period.pk]), {"version": 1}, follow=True)
    assert "还没有期满" in refused.content.decode()
    assert "公示中" in text_of(client, page)
    assert client.get(reverse("standings:preview", args=[period.pk])).status_code == 302


def test_three_clicks_from_a_rank_to_a_check(october: Cast) -> None:
    closed(october)
    client, period = client_of(october), october_of(october)
    shown = text_of(client, reverse("standings:table", args=[period.pk, "village_month"]))
    first = next(url for url in re.findall(r'href="([^"]+/figure/village_month/[^"]+)"', shown) if WILLOW in url)
    village = text_of(client, first.replace("&amp;", "&"))
    assert "86.50" in village
    assert "8 个" in village
    second = next(url for url in re.findall(r'href="([^"]+/figure/household_month/[^"]+)"', village) if "H00008" in url)
    household = text_of(client, second.replace("&amp;", "&"))
    assert "合计 600.00" in household
    assert household.count("2026-10-") >= 10


def test_live_opens_to_its_parts(october: Cast) -> None:
    client, period = client_of(october), october_of(october)
    shown = text_of(client, reverse("standings:live") + f"?period={period.pk}&composite=village_month")
    assert "87.25" in shown
    figure = text_of(client, reverse("standings:figure", args=[period.pk, "village_month", WILLOW]))
    assert "87.25" in figure
    assert "86.50" in figure
    household = text_of(
        client, reverse("standings:figure", args=[period.pk, "household_month", october.household(8).code])
    )
    assert "60.00" in household


def told_by(client: Client) -> str:
    return re.sub(r"<[^>]+>|\s", "", text_of(client, reverse("home")))


def test_a_village_that_waits_to_be_told_is_led_to_from_its_board(
    october: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: AFTER.date())
    closing, office = closed(october), client_of(october)
    office.post(reverse("standings:propose", args=[closing.period_id]), {"version": 1})
    board = BoardList.objects.filter(standing__closing=closing, standing__level="village").first()
    entry = BoardEntry.objects.filter(board__standing__closing=closing, side="black", taken_off="").first()
    assert board is not None
    assert entry is not None
    assert "去登记告知" not in text_of(office, reverse("standings:boards"))
    entry.pk, entry.board, entry.subject = None, board, october.places[WILLOW]
    entry.save()
    boards = text_of(office, reverse("standings:boards"))
    assert "还有1个没有告知。" in boards
    assert f'<a href="{reverse("standings:board", args=[board.pk])}">去登记告知' in boards


def test_black_entries_to_tell_are_led_to_from_home_to_the_board(
    october: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: AFTER.date())
    closing = closed(october)
    office, village = client_of(october), client_of(october, "village_office")
    assert "黑榜待告知" not in told_by(office)
    office.post(reverse("standings:propose", args=[closing.period_id]), {"version": 1})
    blacks = BoardEntry.objects.filter(board__standing__closing=closing, side="black", taken_off="")
    assert f"黑榜待告知{blacks.count()}个" in told_by(office)
    homes = blacks.filter(board__board="household_board", subject__village__code=WILLOW)
    assert homes.exists()
    mine = blacks.filter(subject__path__startswith=october.places[WILLOW].path)
    assert f"黑榜待告知{mine.count()}个" in told_by(village)
    assert f'href="{reverse("standings:mending")}"' in text_of(village, reverse("home"))
    boards = text_of(village, reverse("standings:boards"))
    assert f"还有{homes.count()}户没有告知" in boards
    board = reverse("standings:board", args=[homes[0].board_id])
    assert board in boards
    assert f'href="{board}">去告知' in text_of(village, reverse("standings:mending"))
    assert board not in text_of(client_of(october, "bearer"), reverse("standings:mending"))
    for pk in set(blacks.values_list("board", flat=True)):
        office.post(reverse("standings:told", args=[pk]))
    assert "黑榜待告知" not in told_by(office)
    assert "没有告知" not in text_of(office, reverse("standings:boards"))
    step = text_of(office, reverse("standings:period", args=[closing.period_id]))
    assert "已告知的最晚到" in step
    assert "去红黑榜告知" not in step


def test_household_boards_are_for_those_inside(october: Cast) -> None:
    closed(october)
    board = BoardList.objects.get(board="household_board", group=october.places[WILLOW])
    address = reverse("standings:board", args=[board.pk])
    assert "8号" in text_of(client_of(october, "village_office"), address)
    for role in ("bearer", "department", "supervisor", "keeper", "other_county_office", "other_village_office"):
        assert client_of(october, role).get(address).status_code == 404, role
    period = october_of(october)
    own = reverse("standings:figure", args=[period.pk, "household_month", october.household(1).code])
    other = reverse("standings:figure", args=[period.pk, "household_month", october.household(8).code])
    bearer = client_of(october, "bearer")
    assert bearer.get(own).status_code == 200
    assert bearer.get(other).status_code == 404
    table = reverse("standings:table", args=[period.pk, "household_month"])
    assert client_of(october, "department").get(f"{table}?group={WILLOW}").status_code == 404
    village = text_of(
        client_of(october, "department"), reverse("standings:figure", args=[period.pk, "village_month", WILLOW])
    )
    assert "H00008" not in village


def test_only_the_office_of_the_ground_closes(october: Cast) -> None:
    period = october_of(october)
    for role in ("township_office", "village_office", "auditor", "supervisor"):
        for name in ("close", "propose", "in_force", "new_version", "verify"):
            address = reverse(f"standings:{name}", args=[period.pk])
            assert client_of(october, role).post(address).status_code == 403, (role, name)
    assert (
        client_of(october, "other_county_office").post(reverse("standings:close", args=[period.pk])).status_code == 404
    )
    assert not Closing.objects.exists()


def test_told_and_cured_on_the_page(october: Cast) -> None:
    closed(october)
    board = BoardList.objects.get(board="household_board", group=october.places[WILLOW])
    client = client_of(october, "village_office")
    client.post(reverse("standings:told", args=[board.pk]))
    entry = board.entries.get(side="black")
    assert entry.told_on == timezone.localdate()
    client.post(reverse("standings:cured", args=[entry.pk]), {"reason": "院子已清"})
    entry.refresh_from_db()
    assert entry.cured_on == timezone.localdate()
    assert "已除名" in text_of(client, reverse("standings:board", args=[board.pk]))


def test_objections_and_adjustments_on_the_page(october: Cast) -> None:
    closed(october)
    period, client = october_of(october), client_of(october)
    client.post(reverse("standings:propose", args=[period.pk]), {"version": 1})
    publication = Publication.objects.get()
    address = reverse("standings:publication", args=[publication.pk])
    record = reverse("standings:object", args=[publication.pk])
    assert client.get(reverse("standings:notice", args=[period.pk]))["Location"] == address
    told = {"subject": october.household(8).code, "by_name": "示例户8", "text": "那天不在家"}
    assert client.post(record, told).status_code == 302
    assert "本辖区没有找到它" in client.post(record, told | {"subject": "1"}).content.decode()
    objection = Objection.objects.get()
    client.post(reverse("standings:answer", args=[objection.pk]), {"upheld": "0", "answer": "查无此情"})
    assert "查无此情" in text_of(client, address)
    page = reverse("standings:adjustments", args=[period.pk])
    form = {"composite": "village_month", "subject": WILLOW, "amount": "-1.50", "name": "通报", "reason": "示例文件1号"}
    assert client.post(page, form).status_code == 302
    assert "−1.50" in text_of(client, page)
    assert client_of(october, "village_office").post(page, form).status_code == 403


def test_the_other_pages_open(october: Cast) -> None:
    closed(october)
    period, client = october_of(october), client_of(october)
    for name, args in (
        ("boards", []), ("pairs", []), ("trend", [WILLOW]), ("versions", [period.pk]), ("adjustments", [period.pk]),
        ("publications", []), ("period", [period.pk]), ("table", [period.pk, "household_month"]), ("live", []),
    ):  # fmt: skip
        text_of(client, reverse(f"standings:{name}", args=args))


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("standings:periods", lambda p: reverse("standings:periods")),
        ("standings:live", lambda p: reverse("standings:live") + f"?period={p.pk}&composite=village_month"),
    ],
)
def test_query_budgets_while_open(october: Cast, page: str, address) -> None:  # type: ignore[no-untyped-def]
    client, period = client_of(october), october_of(october)
    client.get(address(period))
    with CaptureQueriesContext(
        connection,
    ) as held:
        client.get(address(period))
    assert_budget(page, len(held))


@pytest.mark.parametrize(
    ("page", "args"),
    [
        ("standings:period", ()), ("standings:table", ("village_month",)), ("standings:versions", ()),
        ("standings:figure", ("village_month", WILLOW)),
    ],
)  # fmt: skip
def test_query_budgets_when_closed(october: Cast, page: str, args: tuple[str, ...]) -> None:
    closed(october)
    client, period = client_of(october), october_of(october)
    address = reverse(page, args=[period.pk, *args])
    client.get(address)
    with CaptureQueriesContext(connection) as held:
        client.get(address)
    assert_budget(page, len(held))


def test_query_budget_of_the_boards(october: Cast) -> None:
    closed(october)
    client = client_of(october)
    client.get(reverse("standings:boards"))
    with CaptureQueriesContext(connection) as held:
        client.get(reverse("standings:boards"))
    assert_budget("standings:boards", len(held))
