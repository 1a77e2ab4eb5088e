"""Walks of a stranger: boards (J5), ranking and wall (J8), on a phone, without script, on the town hall's screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import COUNTY, PEACH, WILLOW
from tests.public.notices import board, on_notice, standing
from tests.walks.conftest import Walk, follow, unlabelled, wide
from xiangyue.standings.models import Closing

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.browser
PHONE, WALL = (360, 740), (1920, 1080)


@pytest.fixture
def october(walk: Walk, cast: Cast, cast_day: None) -> Closing:
    """October on notice, September in force."""
    september = on_notice(cast, cast.places[COUNTY], "2026-09", Closing.State.IN_FORCE)
    closing = on_notice(cast, cast.places[COUNTY])
    willow, peach = cast.places[WILLOW], cast.places[PEACH]
    standing(september, "village_month", "village", [(willow, "villages", 7000), (peach, "villages", 9000)])
    table = standing(closing, "village_month", "village", [(willow, "villages", 9450), (peach, "villages", 7100)])
    board(table, "village_board", cast.places[COUNTY], "villages", [willow], [peach])
    return closing


@pytest.mark.parametrize("script", [True, False])
def test_a_stranger_reads_from_the_board_to_the_sum(walk: Walk, october: Closing, script: bool) -> None:
    page = walk.open(PHONE, java_script_enabled=script)
    page.goto("/")
    assert "公示到11月23日" in page.inner_text("body")
    assert not wide(page)
    follow(page, ".y-board-red >> text=柳树村")
    assert "÷30=94.50" in "".join(page.inner_text(".y-sum-line").split())
    assert not wide(page)
    follow(page, ".p-nav >> text=排名")
    assert "升1位" in "".join(page.inner_text(".y-ranks").split())
    follow(page, ".p-nav >> text=公示")
    follow(page, "text=2026年10月考核结果")
    assert "怎么提异议" in page.inner_text("body")
    assert not wide(page)
    follow(page, ".p-nav >> text=评分办法")
    assert "示例" in page.inner_text("body")
    assert not wide(page)
    assert page.context.cookies() == []


def test_every_control_has_a_name_and_the_keyboard_goes_there(walk: Walk, october: Closing) -> None:
    page = walk.open(PHONE)
    page.goto(f"/c/{COUNTY}/")
    assert unlabelled(page) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_large_type_fits_a_phone(walk: Walk, october: Closing) -> None:
    page = walk.open(PHONE, java_script_enabled=False)
    page.goto(f"/c/{COUNTY}/v/{WILLOW}/?type=large")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 24
    assert not wide(page)


def test_the_wall_turns_and_is_read_from_afar(walk: Walk, october: Closing) -> None:
    page = walk.open(WALL)
    page.clock.install()
    page.goto(f"/screen/{COUNTY}/")
    names = []
    for _ in range(page.locator(".s-slide").count()):
        slide = page.locator(".s-slide.is-now")
        assert slide.count() == 1
        names.append(slide.get_attribute("data-name"))
        tall = slide.evaluate(
            "e => e.getBoundingClientRect().bottom <= document.querySelector('.s-foot').offsetTop + 2"
        )
        assert tall, names[-1]
        for row in slide.locator(".y-ranks .name").all():
            assert row.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 28
        page.clock.run_for(12_500)
    assert len(set(names)) == len(names)
    assert names[-1] == "今天"
    assert "数据截至" in page.inner_text(".s-foot")
