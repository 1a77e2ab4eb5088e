"""Walks of the office: what needs me today, coverage of the layers of duty (J1–J4), a brief, search, the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import COUNTY, TODAY, WILLOW
from tests.public.notices import on_notice
from tests.standings import reviews
from tests.walks.conftest import Walk, follow, unlabelled, wide
from xiangyue.standings.actions.periods import open_periods

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.browser
DESKTOP, PHONE = (1440, 900), (360, 740)


@pytest.mark.usefixtures("cast_day")
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_county_office_begins_its_day(walk: Walk, cast: Cast, size: tuple[int, int]) -> None:
    on_notice(cast, cast.places[COUNTY])
    open_periods(TODAY, cast.places[COUNTY].pk)
    page = walk.open(size, cast.users["county_office"])
    page.goto("/office/")
    assert "公示快期满" in page.inner_text("main")
    page.wait_for_selector("text=农户门前")
    words = page.inner_text("main")
    for layer in ("县级领导包乡镇", "乡镇领导包村屯", "部门企业包村屯", "党员包户"):
        assert layer in words
    assert not wide(page)
    assert unlabelled(page) == []


def test_what_was_typed_stands_there_again_after_a_refusal(walk: Walk, cast: Cast) -> None:
    row, _stage = reviews.mutual(reviews.county(cast))
    page = walk.open(DESKTOP, cast.users["county_office"])
    page.goto(f"/standings/reviews/{row.pk}/stage/mutual/strictness/")
    page.select_option("select[name=subject]", WILLOW)
    typed = {"amount": "1,5", "name": "评得偏宽", "reason": "示例会议纪要"}
    for name, words in typed.items():
        page.fill(f"input[name={name}]", words)
    follow(page, "button:has-text('登记')")
    assert "“1,5”不是能加减的分" in page.inner_text("main")
    assert {name: page.input_value(f"input[name={name}]") for name in typed} == typed
    assert page.input_value("select[name=subject]") == WILLOW
    page.fill("input[name=amount]", "-1.5")
    follow(page, "button:has-text('登记')")
    assert "−1.50" in page.inner_text("main")
    assert page.input_value("input[name=reason]") == ""


IN_SIGHT = """() => { const box = document.querySelector("input[name=subject]").getBoundingClientRect();
  return document.readyState === "complete" && box.top > 0 && box.bottom < innerHeight; }"""


@pytest.mark.usefixtures("cast_day")
def test_a_refused_form_opens_at_what_is_wrong(walk: Walk, cast: Cast) -> None:
    closing = on_notice(cast, cast.places[COUNTY])
    page = walk.open(PHONE, cast.users["county_office"])
    page.goto(f"/standings/notices/{closing.publication_id}/")
    page.fill("input[name=subject]", "没有这个村")
    page.fill("input[name=by_name]", "示例乙")
    page.fill("textarea[name=text]", "分数不对")
    follow(page, "button:has-text('登记')")
    assert page.evaluate("document.activeElement.name") == "subject"
    page.wait_for_function(IN_SIGHT, timeout=10_000)
    page.fill("input[name=subject]", "柳树村 3号")
    follow(page, "button:has-text('登记')")
    assert "收到异议：柳树村 3号" in page.inner_text("main")


def test_from_search_to_the_brief(walk: Walk, cast: Cast) -> None:
    page = walk.open(DESKTOP, cast.users["township_office"])
    page.goto("/office/")
    page.fill("input[name=q]", "柳树")
    page.keyboard.press("Enter")
    follow(page, "text=东河镇 柳树村")
    assert "在住" in page.inner_text("main")
    assert page.url.endswith(f"/office/brief/{WILLOW}/")
    assert not wide(page)


def test_the_auditor_narrows_the_log(walk: Walk, cast: Cast) -> None:
    page = walk.open(DESKTOP, cast.users["auditor"])
    page.goto("/office/log/")
    page.select_option("select[name=noun]", label="考核期")
    follow(page, "button:has-text('筛选')")
    assert "没有符合条件的记录" in page.inner_text("main")
    assert unlabelled(page) == []


def test_the_bearer_is_shown_the_way_to_the_phone_page(walk: Walk, cast: Cast) -> None:
    page = walk.open(PHONE, cast.users["bearer"])
    page.goto("/office/")
    follow(page, "text=我的户：今天的检查")
    assert "/field/" in page.url
    assert not wide(page)


def test_a_member_checks_its_households_with_one_tap(walk: Walk, cast: Cast) -> None:
    page = walk.open(PHONE, cast.users["bearer"])
    page.goto("/field/")
    follow(page, ".f-content button.f-all")
    page.wait_for_selector("text=今天都查过了")
    assert not wide(page)
    assert unlabelled(page) == []
    village = walk.open(DESKTOP, cast.users["village_office"])
    village.goto("/office/")
    assert "4/8户" in "".join(village.inner_text("main").split())
