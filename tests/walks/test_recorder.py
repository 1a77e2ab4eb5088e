"""The recorder in Chromium: without signal, over a closed browser, to the server exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests.field.photos import jpeg
from tests.walks.conftest import unlabelled, wide
from tests.walks.recorder import Phone, go, kept, ready, tap_send, too_small, until, until_sent
from xiangyue.captures.models import Capture
from xiangyue.captures.photo_models import Photo
from xiangyue.checks.models import Check
from xiangyue.duties.models import Duty
from xiangyue.duties.visit_models import Visit, Wish
from xiangyue.problems.models import Problem

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.cast import Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(live_server: Any, chromium: Browser, cast: Cast, tmp_path: Path) -> Iterator[Phone]:
    """A phone; the walk fails when its pages had an error."""
    found = Phone(live_server.url, chromium, tmp_path / "phone")
    yield found
    assert found.errors == []


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as a phone takes it: large, with a place in it."""
    file = tmp_path / "photo.jpg"
    file.write_bytes(jpeg(2400, 1800))
    return file


def record_fault(page: Page, name: str) -> None:
    """One door with a fault."""
    page.click(f".f-item >> text={name}")
    page.click(".f-fault >> nth=0")
    page.click("#bar >> text=保存")
    page.wait_for_selector(f".f-list li:has-text('{name}') >> text=有问题")


def test_a_round_a_visit_and_a_problem_with_a_photo_come_through_a_closed_browser_once(
    phone: Phone, cast: Cast, photo: Path
) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        phone.signal(False)
        page.reload()
        ready(page)
        record_fault(page, "示例户2")
        page.click("text=其余 3 户全部正常")
        until(page, "今天都查过了，有问题的 1 户")
        go(page, f"#/visit/{cast.household(3).code}")
        page.click("text=督促庭院整洁有序")
        page.fill("#note", "院里柴草要码齐")
        page.fill("#wish", "想修门前的路")
        page.click("#bar >> text=保存走访")
        until(page, "走访：")
        go(page, f"#/problem/{cast.household(3).code}")
        page.click(".f-fault >> nth=0")
        page.fill("#note", "墙边一堆")
        page.set_input_files("#photo", photo)
        page.wait_for_selector(".r-photos img")
        page.click("#bar >> text=报上去")
        until(page, "没有信号")
        assert not Capture.objects.exists()
    with phone.opened(signal=False) as page:
        ready(page)
        until(page, "没有信号")
        assert [row["kind"] for row in sorted(kept(page), key=lambda row: row["seq"])] == [
            "round", "round", "visit", "wish", "problem", "photo",
        ]  # fmt: skip
        assert kept(page, "photos")[0]["blob"] <= 200 * 1024
        go(page, "#/outbox")
        until(page, "还有 5 条没发")
        phone.signal(True)
        tap_send(page)
        until_sent(page)
        until(page, "都发出了")
        assert [row["state"] for row in kept(page)] == ["sent"] * 6, kept(page)
    arrived_once()


def arrived_once() -> None:
    """All of that walk is on file, once."""
    assert sorted(Capture.objects.values_list("kind", flat=True)) == [
        "photo", "problem", "round", "round", "visit", "wish",
    ]  # fmt: skip
    assert Check.objects.filter(state=Check.State.COUNTED).count() == 4
    assert Visit.objects.count() == 1
    assert Wish.objects.count() == 1
    assert Problem.objects.filter(source="field").count() == 1
    assert Photo.objects.get().state == Photo.State.WHOLE
    assert Photo.objects.get().of == Capture.objects.get(kind="problem").uuid


def test_a_lost_answer_and_a_second_window_send_nothing_twice(phone: Phone, cast: Cast) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        lost = []

        def lose(route: Any) -> None:
            """The server has it, the phone never hears of it."""
            route.fetch()
            lost.append(1)
            route.abort()

        page.route("**/field/captures", lose)
        page.click("text=4 户全部正常")
        page.wait_for_function("() => document.body.innerText.includes('没有信号')")
        assert lost
        assert Check.objects.count() == 4
        page.unroute("**/field/captures")
        other = page.context.new_page()
        other.goto("/field/recorder/#/outbox")
        other.wait_for_selector("html[data-ready]")
        tap_send(page)
        until_sent(page)
        until_sent(other)
    assert Capture.objects.count() == 1
    assert Check.objects.count() == 4


def test_what_was_not_taken_says_why_and_the_rest_goes_without_it(phone: Phone, cast: Cast) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        phone.signal(False)
        page.click("text=4 户全部正常")
        until(page, "今天都查过了")
        Duty.objects.filter(target=cast.household(4)).update(person=cast.people["P07"])
        phone.signal(True)
        tap_send(page)
        until(page, "不是您包保的")
        assert not Check.objects.exists()
        assert unlabelled(page) == []
        page.click("text=其余再发")
        until_sent(page)
        until(page, "都发出了")
    assert Check.objects.count() == 3


def test_a_conflict_is_shown_and_left_to_the_person(phone: Phone, cast: Cast) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        phone.signal(False)
        record_fault(page, "示例户2")
        (row,) = kept(page)
        now = timezone.now()
        Capture.objects.create(
            uuid=row["id"], digest="0" * 64, kind="round", place=cast.household(2), channel="phone", made_at=now,
            received_at=now, user=cast.users["bearer"], body={},
        )  # fmt: skip
        phone.signal(True)
        tap_send(page)
        until(page, "同一编号已有另一份内容")
        page.click("text=不要这条了")
        page.click("dialog >> text=删掉")
        until(page, "都发出了")
        assert kept(page) == []


def test_two_phones_lay_different_doors_together_and_show_the_same_door_twice(
    phone: Phone, cast: Cast, live_server: Any, chromium: Browser, tmp_path: Path
) -> None:
    second = Phone(live_server.url, chromium, tmp_path / "second")
    with second.opened(cast.users["bearer"]) as page:
        ready(page)
        second.signal(False)
        record_fault(page, "示例户2")
        with phone.opened(cast.users["bearer"]) as other:
            ready(other)
            other.click("text=4 户全部正常")
            until_sent(other)
        Check.objects.filter(subject=cast.household(1)).update(state=Check.State.WITHDRAWN)
        second.signal(True)
        tap_send(page)
        until_sent(page)
        Check.objects.filter(subject=cast.household(2), n_faults=1).update(state=Check.State.REPLACED)
        Check.objects.filter(subject=cast.household(2), n_faults=0).update(state=Check.State.COUNTED)
        page.goto("/field/recorder/")
        ready(page)
        until(page, "其中 3 户是在别的手机或电脑上记的，已合在一起")
        go(page, "#/outbox")
        until(page, "今天有两份不一样的日检查")
        page.click("text=重新记这户")
        page.wait_for_selector(".f-fault")
    assert second.errors == []


def test_a_team_fills_in_a_sheet_without_signal(phone: Phone, cast: Cast) -> None:
    with phone.opened(cast.users["supervisor"]) as page:
        until(page, "今天可以记的检查")
        phone.signal(False)
        page.click(".f-item >> text=明察 >> nth=0")
        page.click(".f-item >> text=柳树村")
        page.click(".f-fault:has-text('裸露积存垃圾')")
        page.click("[aria-label='裸露积存垃圾，多一处']")
        page.click("text=不适用 >> nth=0")
        page.fill("#note", "村口")
        assert unlabelled(page) == []
        page.click("#bar >> text=保存这张表")
        page.wait_for_selector(".f-list li:has-text('柳树村') >> text=有问题")
        phone.signal(True)
        tap_send(page)
        until_sent(page)
    check = Check.objects.get()
    found = sorted(check.entries.values_list("item", "step", "n", "applicable"))
    assert found == [("D01-01", "heap", 2, True), ("D01-05", "", 1, False)]
    assert (check.inspector, check.note.text) == (cast.people["P09"], "村口")


def test_a_tap_is_taken_back_before_and_after_it_went(phone: Phone, cast: Cast) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        phone.signal(False)
        go(page, "#/door/linjiang%2Fdaily/" + cast.household(2).code)
        page.click("#bar >> text=保存")
        until(page, "10 分钟内可撤回")
        page.wait_for_timeout(300)
        page.click(".f-undo button")
        until(page, "4 户全部正常")
        phone.signal(True)
        page.click("text=4 户全部正常")
        until_sent(page)
        page.click(".f-undo button")
        until_sent(page)
        until(page, "4 户全部正常")
    assert set(Check.objects.values_list("state", flat=True)) == {Check.State.WITHDRAWN}


@pytest.mark.parametrize("screen", ["today", "places", "outbox", "me", "problem", "problems", "leave", "unlock"])
def test_every_screen_fits_and_is_named_in_large_type(phone: Phone, cast: Cast, screen: str) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        page.click("header [data-switch=type]")
        go(page, f"#/{screen}")
        assert not wide(page)
        assert unlabelled(page) == []
        assert too_small(page) == []
