"""A phone that several share, a clock that is wrong, a storage that was cleared, a county that has not switched it on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.walks.recorder import Phone, go, kept, ready, tap_send, until, until_sent
from xiangyue.captures.models import Capture
from xiangyue.checks.models import Check
from xiangyue.duties.models import Duty
from xiangyue.field.models import Recorder

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.cast import Cast

pytestmark = pytest.mark.browser
PIN = "246810"


@pytest.fixture
def phone(live_server: Any, chromium: Browser, cast: Cast, tmp_path: Path) -> Iterator[Phone]:
    """A phone; the walk fails when its pages had an error."""
    found = Phone(live_server.url, chromium, tmp_path / "phone")
    yield found
    assert found.errors == []


def test_who_leaves_with_unsent_records_locks_them_and_the_next_one_sees_nothing(phone: Phone, cast: Cast) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        phone.signal(False)
        page.click("text=4 户全部正常")
        until(page, "今天都查过了")
        go(page, "#/me")
        page.click("text=退出登录")
        until(page, "还有 1 条没发")
        page.fill("#pin", PIN)
        page.fill("#pin2", "13579")
        page.click("text=锁好并退出")
        until(page, "两遍不一样")
        page.fill("#pin2", PIN)
        page.click("text=锁好并退出")
        until(page, "请先登录一次")
        assert kept(page) == []
        assert kept(page, "days") == []
        (bundle,) = kept(page, "sealed")
        assert cast.household(1).code not in json.dumps(bundle)
    Duty.objects.filter(target=cast.household(5)).update(person=cast.people["P05"])
    with phone.opened(cast.users["village_office"]) as page:
        ready(page)
        assert "1 户全部正常" in page.inner_text("main")
        assert "没发" not in page.inner_text("main")
        go(page, "#/unlock")
        until(page, "没有锁着的记录")
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        until(page, "锁了 1 条没发的记录")
        page.click("a:has-text('打开')")
        page.fill("#pin", "000000")
        page.click("#bar >> text=打开")
        until(page, "密码不对")
        page.fill("#pin", PIN)
        page.click("#bar >> text=打开")
        until_sent(page)
        until(page, "都发出了")
        assert kept(page, "sealed") == []
    capture = Capture.objects.get()
    assert capture.user == cast.users["bearer"]
    assert Check.objects.filter(state=Check.State.COUNTED).count() == 4


def test_another_log_in_without_leaving_keeps_the_records_apart(phone: Phone, cast: Cast) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        phone.signal(False)
        page.click("text=4 户全部正常")
        until(page, "今天都查过了")
    Duty.objects.filter(target=cast.household(5)).update(person=cast.people["P05"])
    with phone.opened(cast.users["village_office"]) as page:
        until(page, "还有别人没发的 1 条记录")
        assert "示例户1" not in page.inner_text("main")
        tap = page.locator("text=1 户全部正常")
        tap.click()
        until_sent(page, 1)
    assert {row.user for row in Capture.objects.all()} == {cast.users["village_office"]}
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        until_sent(page)
    assert Check.objects.filter(inspector=cast.people["P06"]).count() == 4


def test_records_are_taken_along_as_a_file_that_only_their_maker_opens(
    phone: Phone, cast: Cast, live_server: Any, chromium: Browser, tmp_path: Path
) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        phone.signal(False)
        page.click("text=4 户全部正常")
        until(page, "今天都查过了")
        go(page, "#/leave")
        page.fill("#pin", PIN)
        page.fill("#pin2", PIN)
        with page.expect_download() as told:
            page.click("text=存成文件")
        file = tmp_path / "unsent.xiangyue"
        told.value.save_as(file)
    other = Phone(live_server.url, chromium, tmp_path / "other")
    with other.opened(cast.users["village_office"]) as page:
        page.wait_for_selector("#tabs a")
        go(page, "#/unlock")
        page.set_input_files("#bundle", file)
        page.fill("#pin", PIN)
        page.click("#bar >> text=打开")
        until(page, "这些记录是别人的")
    with other.opened(cast.users["bearer"]) as page:
        ready(page)
        go(page, "#/unlock")
        page.set_input_files("#bundle", file)
        until(page, "文件里锁着 1 条")
        page.fill("#pin", PIN)
        page.click("#bar >> text=打开")
        until(page, "已打开")
        until_sent(page)
    assert Check.objects.count() == 4
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        tap_send(page)
        until_sent(page)
    assert Capture.objects.count() == 1
    assert other.errors == []


def test_a_screen_asked_for_before_there_is_a_list_comes_with_the_list(phone: Phone, cast: Cast) -> None:
    with phone.opened(cast.users["bearer"], screen="#/unlock") as page:
        page.wait_for_selector("#bundle", state="attached")


def test_a_storage_that_the_system_cleared_is_told(phone: Phone, cast: Cast) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        phone.signal(False)
        page.click("text=4 户全部正常")
        until(page, "今天都查过了")
        page.evaluate(
            """() => new Promise(resolve => { const asked = indexedDB.open('xiangyue-recorder');
              asked.onsuccess = () => { const all = asked.result.transaction('records', 'readwrite'); all.objectStore('records').clear();
                all.oncomplete = () => { asked.result.close(); resolve(true); }; }; })"""
        )
        page.reload()
        until(page, "手机清理了存储，没发出的记录丢了")
        assert "日检查" in page.inner_text("main")
        page.click("text=知道了")
        until(page, "4 户全部正常")
        assert "清理了存储" not in page.inner_text("main")


def test_a_clock_wrong_by_years_is_told_and_put_right(phone: Phone, cast: Cast) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        page.clock.install(time="2019-03-01T08:00:00Z")
        page.goto("/field/recorder/?again")
        page.wait_for_selector("html[data-ready]")
        until(page, "手机时间慢了约")
        page.click("text=4 户全部正常")
        page.clock.run_for(3000)
        until_sent(page)
    capture = Capture.objects.get()
    assert capture.state == Capture.State.STORED
    assert abs((capture.made_at - capture.received_at).total_seconds()) < 120


def test_a_newer_phone_waits_for_the_system(phone: Phone, cast: Cast) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)

        def newer(route: Any) -> None:
            """As if the phone's format were of a later version."""
            raw = route.request.post_data_json
            for envelope in raw["envelopes"]:
                envelope["version"] = 99
            route.continue_(post_data=json.dumps(raw))

        page.route("**/field/captures", newer)
        page.click("text=4 户全部正常")
        go(page, "#/outbox")
        until(page, "等系统升级")
        assert not Capture.objects.exists()
        page.unroute("**/field/captures")
        page.reload()
        until(page, "都发出了")
    assert Capture.objects.count() == 1


def test_without_a_filing_number_it_leads_to_the_pages(phone: Phone, cast: Cast) -> None:
    Recorder.objects.all().delete()
    with phone.opened(cast.users["bearer"]) as page:
        until(page, "县里还没有开通手机离线记录")
        with page.expect_navigation():
            page.click("text=用网页记录")
        assert "4 户全部正常" in page.inner_text("main")


def test_a_qr_of_ones_own_door_leads_there(phone: Phone, cast: Cast) -> None:
    with phone.opened(cast.users["bearer"]) as page:
        ready(page)
        code = cast.household(3).code
        page.evaluate(
            """code => {
              window.BarcodeDetector = class { async detect() { return [{ rawValue: 'https://x.example/visits/door/' + code + '/' }]; } };
              Object.defineProperty(navigator, 'mediaDevices', { value: {
                getUserMedia: async () => document.createElement('canvas').captureStream() } });
              HTMLMediaElement.prototype.play = async () => {};
            }""",
            code,
        )
        go(page, "#/places")
        page.click("text=扫码")
        until(page, "3号 示例户3")
        go(page, "#/places")
        page.fill("#find", "4")
        assert page.locator(".f-item").count() == 1
        assert "示例户4" in page.inner_text("main")
