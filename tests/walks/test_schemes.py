"""A walk of the county's clerk through a scheme: read it, draft a new version, add an item, see what differs, publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import TODAY
from tests.walks.conftest import Walk, follow, unlabelled, wide
from xiangyue.agreements.models import SchemeVersion
from xiangyue.schemes import load

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.cast import Cast

pytestmark = pytest.mark.browser
DESKTOP = (1440, 900)


@pytest.mark.usefixtures("cast_day")
@pytest.mark.parametrize("scripts", [True, False])
def test_an_item_is_added_and_the_version_published(walk: Walk, cast: Cast, scripts: bool) -> None:
    assert cast.scheme
    page = walk.open(DESKTOP, cast.users["county_office"], java_script_enabled=scripts)
    page.goto(f"/schemes/{cast.scheme.pk}/")
    assert "怎么算分" in page.inner_text("main")
    follow(page, "text=起草新版")
    follow(page, ".s-parts >> text=考核标准")
    follow(page, "[aria-label='打开农户门前“三包”']")
    add_an_item(page)
    follow(page, "nav >> text=去发布")
    words = page.inner_text("main")
    assert "门前无积雪" in words
    page.check("input[name=read]")
    follow(page, "button:has-text('看清了，发布')")
    assert "已发布，到期自动生效" in page.inner_text("main")
    row = SchemeVersion.objects.latest("version")
    assert (row.state, row.from_on and row.from_on > TODAY) == ("published", True)
    names = [item.name for item in load(row.text).standards[0].items]
    assert names[-1] == "门前无积雪"


def add_an_item(page: Page) -> None:
    """A new item with a step: first wrong, then right."""
    follow(page, "button:has-text('加一个考核项')")
    page.fill("[name$='.name']", "门前无积雪")
    page.fill("[name$='.points']", "两分")
    follow(page, ".s-foot .btn-primary")
    assert "您填的都还在" in page.inner_text("main")
    assert page.input_value("[name$='.name']") == "门前无积雪"
    page.select_option("select[name$='.kind']", label="扣分")
    page.fill("[name$='.points']", "2")
    follow(page, ".s-foot .btn-primary")
    follow(page, "button:has-text('加一个扣分情形')")
    page.fill("tr.is-new [name$='.name']", "积雪没有清")
    page.fill("tr.is-new [name$='.amount']", "0.5")
    follow(page, ".s-foot .btn-primary")
    assert "别处还要改" not in page.inner_text("main")
    assert not wide(page)
    assert unlabelled(page) == []


def test_a_save_is_taken_back(walk: Walk, cast: Cast) -> None:
    assert cast.scheme
    page = walk.open(DESKTOP, cast.users["county_office"])
    page.goto(f"/schemes/{cast.scheme.pk}/")
    follow(page, "text=起草新版")
    follow(page, ".s-parts >> text=红黑榜")
    follow(page, ".s-open-row >> nth=0")
    page.fill("[name$='.pool_min']", "9")
    follow(page, ".s-foot .btn-primary")
    assert page.input_value("[name$='.pool_min']") == "9"
    follow(page, "text=撤回上一次保存")
    assert page.input_value("[name$='.pool_min']") != "9"
