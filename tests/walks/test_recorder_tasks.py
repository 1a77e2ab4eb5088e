"""The recorder in Chromium, beyond rounds: a village checks itself, problems are mended, a team inspects; offline, then sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests.cast import BEGIN, COUNTY, NOW, WILLOW
from tests.checks.going import LOTTERY, scheme_on_stage
from tests.checks.test_self_checks import SPOT, daily
from tests.field.photos import jpeg
from tests.problems.rows import HOME, reported, sender, step
from tests.walks.conftest import follow, unlabelled, wide
from tests.walks.recorder import HOME as RECORDER
from tests.walks.recorder import Phone, go, kept, tap_send, too_small, until, until_sent
from xiangyue.captures.models import Capture
from xiangyue.captures.photo_models import Photo
from xiangyue.checks.inspections.arranging import add_member, arrange, enter_number
from xiangyue.checks.inspections.models import Inspection
from xiangyue.checks.inspections.planning import file_plan
from xiangyue.checks.models import Check
from xiangyue.duties.models import Duty
from xiangyue.problems.actions.reporting import step_problem
from xiangyue.problems.models import Problem

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.cast import Cast

pytestmark = pytest.mark.browser
__all__ = ["daily"]


@pytest.fixture
def phone(live_server: Any, chromium: Browser, cast: Cast, tmp_path: Path) -> Iterator[Phone]:
    """A phone; the walk fails when its pages had an error."""
    found = Phone(live_server.url, chromium, tmp_path / "phone")
    yield found
    assert found.errors == []


def keeps_itself(page: Page) -> None:
    """The phone keeps the recorder, so that it opens without signal."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def in_order(page: Page) -> None:
    """What is shown fits, is named and wide enough for a finger; in large type, too."""
    for _both_ways in range(2):
        assert not wide(page)
        assert unlabelled(page) == []
        assert too_small(page) == []
        page.click("header [data-switch=type]")


def test_a_village_checks_itself_and_its_square_without_signal(phone: Phone, daily: Cast) -> None:
    Duty.objects.filter(target__code__in=[WILLOW, SPOT]).update(person=daily.people["P05"])
    with phone.opened(daily.users["village_office"]) as page:
        until(page, "1 个村全部正常")
        keeps_itself(page)
        phone.signal(False)
        page.reload()
        until(page, "1 个村全部正常")
        page.click(".f-item >> text=柳树村")
        page.click(".f-fault:has-text('没有清扫')")
        page.click("#bar >> text=保存")
        until(page, "有问题的 1 个村")
        page.click("nav[aria-label=检查种类] >> text=公共场所检查")
        page.click("text=1 处全部正常")
        until(page, "今天都查过了，全部正常")
        in_order(page)
        assert not Capture.objects.exists()
        phone.signal(True)
        tap_send(page)
        until_sent(page)
        until(page, "都发出了")
    rows = Check.objects.filter(state=Check.State.COUNTED).order_by("kind__code")
    found = rows.values_list("kind__code", "subject__code", "inspector__code", "score")
    assert list(found) == [("spot", SPOT, "P05", 10_000), ("village_daily", WILLOW, "P05", 9_000)]


def claims_and_mends(page: Page, problem: Problem, photo: Path) -> None:
    """One tap to claim it; then what was done, with a photo."""
    until(page, "要整改 1 件")
    in_order(page)
    page.click(f".f-item >> text={problem.kind_name}")
    page.click("#bar >> text=我来办")
    until(page, "整改中")
    page.click(f".f-item >> text={problem.kind_name}")
    until(page, "您记了“我来办”，还没发")
    page.click("#bar >> text=整改好了")
    until(page, "请点一下或写一句做了什么")
    page.click("text=已归垛码齐")
    page.fill("#note", "留了消防通道")
    page.set_input_files("#photo", photo)
    page.wait_for_selector(".r-photos img")
    in_order(page)
    page.click("#bar >> text=整改好了")
    until(page, "已整改，等别人核实")


def verifies(page: Page, problem: Problem) -> None:
    """Sees what was done and says that it is good; that it is not needs a word why."""
    until(page, "要核实 1 件")
    page.click(f".f-item >> text={problem.kind_name}")
    until(page, "已归垛码齐，留了消防通道")
    page.click("#bar >> text=还没好")
    until(page, "请写一句哪里还没好")
    page.click("#bar >> text=核实好了")
    until_sent(page)


def test_a_problem_is_claimed_and_mended_without_signal_and_verified_by_another(
    phone: Phone, cast: Cast, live_server: Any, chromium: Browser, tmp_path: Path
) -> None:
    problem = reported(cast, by="village_office", now=timezone.now())
    photo = tmp_path / "after.jpg"
    photo.write_bytes(jpeg(1800, 1200))
    with phone.opened(cast.users["bearer"]) as page:
        page.wait_for_selector("text=我的问题")
        keeps_itself(page)
        phone.signal(False)
    with phone.opened(signal=False, screen="#/problems") as page:
        claims_and_mends(page, problem, photo)
        kinds = [row["kind"] for row in sorted(kept(page), key=lambda row: row["seq"])]
        assert kinds == ["problem_step", "problem_step", "photo"]
        phone.signal(True)
        tap_send(page)
        until_sent(page)
    problem.refresh_from_db()
    assert (problem.state, problem.n_steps, problem.n_doubts) == ("mended", 3, 0)
    mended = problem.steps.get(kind="mended")
    assert mended.words.text == "已归垛码齐，留了消防通道"
    assert mended.capture is not None
    assert Photo.objects.get(state=Photo.State.WHOLE).of == mended.capture.uuid
    other = Phone(live_server.url, chromium, tmp_path / "secretary")
    with other.opened(cast.users["village_office"], screen="#/problems") as page:
        verifies(page, problem)
    assert other.errors == []
    problem.refresh_from_db()
    assert problem.verified_on is not None


def test_who_comes_second_is_told_and_nothing_is_lost(phone: Phone, cast: Cast) -> None:
    problem = reported(cast, by="village_office", now=timezone.now())
    with phone.opened(cast.users["bearer"], screen="#/problems") as page:
        until(page, "要整改 1 件")
        phone.signal(False)
        page.click(f".f-item >> text={problem.kind_name}")
        page.click("text=已清运走")
        page.click("#bar >> text=整改好了")
        until(page, "已整改，等别人核实")
        step(cast, problem, "township_office", "mended", now=timezone.now())
        step_problem(sender(cast, "village_office"), problem.uuid, "verified", base=2, now=timezone.now())
        phone.signal(True)
        tap_send(page)
        until_sent(page)
        until(page, "待核对")
        go(page, "#/problems")
        until(page, "等办公室看过再算")
        in_order(page)
    problem.refresh_from_db()
    assert problem.n_doubts == 1
    assert problem.steps.get(conflict=True).words.text == "已清运走"
    assert Problem.objects.get().place.code == HOME


def arranged(cast: Cast) -> Inspection:
    """A secret inspection of today, arranged three days ago, its number entered and its targets not opened yet."""
    office, now = cast.users["county_office"], timezone.now()
    today = timezone.localdate()
    times = {("secret", today.month): 1}
    scheme = scheme_on_stage(cast)
    file_plan(office, cast.places[COUNTY], scheme, today.year, times, document="示督〔2026〕1号", filed_on=BEGIN)
    row = arrange(
        office, cast.places[COUNTY], "linjiang", "secret", from_on=today, number_name=LOTTERY,
        number_on=today - timedelta(days=1), now=now - timedelta(days=3), secret="bamboo-2026",
    )  # fmt: skip
    add_member(office, row, 1, "P09", leads=True)
    enter_number(office, row, "0734215", now=now - timedelta(hours=12))
    return row


def test_a_team_opens_its_targets_and_inspects_along_the_route_without_signal(phone: Phone, cast: Cast) -> None:
    row = arranged(cast)
    with phone.opened(cast.users["supervisor"]) as page:
        page.click("text=今天的督查：暗访")
        until(page, "督查对象还封着")
        in_order(page)
        follow(page, "text=去打开对象")
        follow(page, "button[value=open]")
        page.goto(RECORDER)
        page.wait_for_selector("html[data-ready]")
        page.wait_for_selector("text=已查 0 /")
        phone.signal(False)
        page.click("text=今天的督查：暗访")
        first = row.turns.order_by("order").first()
        assert first is not None
        page.click(f".f-item >> text=1. {first.subject.name}")
        page.click(".f-fault >> nth=0")
        page.fill("#note", "村口一堆")
        page.click("#bar >> text=保存这张表")
        until(page, "已查 1 /")
        page.wait_for_selector(f".f-list li:has-text('1. {first.subject.name}') >> text=有问题")
        in_order(page)
        assert not Check.objects.exists()
        phone.signal(True)
        tap_send(page)
        until_sent(page)
    check = Check.objects.get()
    assert (check.kind.code, check.subject, check.inspector) == ("village_secret", first.subject, cast.people["P09"])
    assert check.note.text == "村口一堆"
    assert check.made_at > NOW
