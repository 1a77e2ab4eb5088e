"""A walk with the keyboard alone: a clerk finds a sheet by its number, types a month in, saves it and goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests.cast import NOW, WILLOW
from tests.papers.sheets import printed
from tests.walks.conftest import Walk, unlabelled, wide
from xiangyue.captures.models import Capture
from xiangyue.checks.models import Check, Entry

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.cast import Cast

pytestmark = pytest.mark.browser
DESKTOP = (1440, 900)
CUT = """() => [...document.querySelectorAll("main svg:not(.y-icon)")].filter((one) => [...one.querySelectorAll("path")]
  .some((path) => { const a = path.getBoundingClientRect(), b = one.getBoundingClientRect();
    return a.right > b.right + 1 || a.bottom > b.bottom + 1; })).map((one) => one.parentElement.className)"""


def press(page: Page, keys: str) -> int:
    """Press the keys one by one; gives how many they were."""
    pressed = keys.split()
    for key in pressed:
        page.keyboard.press(key)
    return len(pressed)


def test_a_clerk_types_a_month_in_by_the_keyboard_alone(
    walk: Walk, cast: Cast, cast_day: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    sheet = printed(cast)
    page = walk.open(DESKTOP, cast.users["village_office"])
    page.goto("/papers/")
    assert page.evaluate("document.activeElement.id") == "number"
    page.keyboard.type(sheet.number)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert unlabelled(page) == []
    assert not wide(page)
    # the 1st: all fine but line 3 with two A; the 2nd: by Enter line by line, the last by its number; the 3rd to 20th: +
    keys = press(page, "3 A A +") + press(page, "Enter Enter Enter 4 b") + press(page, "ArrowRight Home")
    keys += press(page, " ".join("+" for _ in range(18)))
    assert "已填 80 格，其中 2 格有字母" in page.inner_text("[data-count]")
    # a wrong letter changes nothing, a cell is emptied and filled again; a day that is not there yet takes nothing
    keys += press(page, "Q Backspace Enter")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    page.wait_for_load_state()
    assert "已录入 21 条" in page.inner_text("body")
    assert keys < 35
    assert set(Capture.objects.values_list("channel", flat=True)) == {"paper"}
    assert Check.objects.filter(state=Check.State.COUNTED).count() == 81
    assert sorted(Entry.objects.values_list("check_row__day__day", "n")) == [(1, 2), (2, 1)]
    # what is on file stands in the grid again, and the next day is where one goes on
    assert page.locator("td.is-fault").count() == 2
    assert page.locator("td.is-fine").count() == 79


def cut(page: Page) -> list[str]:
    """The codes to scan that their box cuts off: of those on the page, where they stand."""
    return list(page.evaluate(CUT))


def test_the_codes_on_paper_are_whole(walk: Walk, cast: Cast, cast_day: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    sheet = printed(cast)
    for size in (DESKTOP, (360, 740)):
        page = walk.open(size, cast.users["village_office"])
        for path, box in ((f"/papers/prints/?n={sheet.number}", ".q-code"), ("/visits/cards/bearers/P06/", "figure")):
            page.goto(path)
            for media in ("screen", "print"):
                page.emulate_media(media=media)
                assert page.locator(f"{box} svg").first.bounding_box()["width"] > 60, (path, media)  # type: ignore[index]
                assert cut(page) == [], (path, media, size)


def test_a_clerk_types_opinions_a_digit_a_question(
    walk: Walk, cast: Cast, cast_day: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    page = walk.open(DESKTOP, cast.users["township_office"])
    page.goto("/papers/print/")
    form = page.locator("form:has(input[name=copies]):has(input[value=village_opinion])")
    form.locator("select").select_option(WILLOW)
    form.locator("input[name=copies]").fill("12")
    with page.expect_navigation():
        form.locator("button").click()
    assert page.locator(".q-slip").count() == 12
    assert cut(page) == []
    number = page.locator(".q-slip .q-number").nth(4).inner_text()
    page.goto("/papers/")
    page.keyboard.type(number)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert unlabelled(page) == []
    assert not wide(page)
    # two copies one after the other; a digit that the question does not have stays out; then the eleventh by its number
    keys = press(page, "1 1 4 9 4")
    page.locator("[data-nth]").focus()
    keys += press(page, "1 1 Enter 2 0")
    assert "填了 3 份" in page.inner_text("[data-count]")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    page.wait_for_load_state()
    assert "已录入 3 份" in page.inner_text("body")
    assert keys == 10
    assert list(Check.objects.order_by("score").values_list("score", flat=True)) == [0, 8_000, 10_000]
    assert [row.inner_text() for row in page.locator("tr[data-n='11'] td.is-fine").all()] == ["2", "0"]
