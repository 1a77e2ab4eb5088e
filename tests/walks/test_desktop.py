"""Walks at the desk: a township inspects a village by the 25 items (J2), a clerk closes a month, a workbook comes in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests.cast import COUNTY, NOW, PEACH, TODAY, WILLOW
from tests.desk.sheets import HOUSEHOLD, workbook
from tests.standings.facts import household_scores, month_of_checks
from tests.walks.conftest import Walk, follow, unlabelled, wide
from xiangyue.base.worker import work_off
from xiangyue.checks.models import Check
from xiangyue.places.models import Place
from xiangyue.standings.models import Closing

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.cast import Cast

pytestmark = pytest.mark.browser
DESKTOP = (1440, 900)
SCORES = (10_000, 9_900, 9_800, 9_500, 9_000, 8_000, 7_000, 6_000)


def test_a_township_inspects_a_village(walk: Walk, cast: Cast) -> None:
    page = walk.open(DESKTOP, cast.users["township_office"])
    page.goto("/checks/entry/")
    follow(page, f"a[href$='/{PEACH}/'] >> nth=0")
    assert page.locator("[data-item]").count() == 25
    assert unlabelled(page) == []
    page.fill("[data-item] input[data-each] >> nth=0", "1")
    total = page.inner_text("[data-total]")
    assert float(total) < 100
    page.fill("#note", "广场东侧")
    follow(page, "text=保存这张表")
    page.wait_for_url("**/checks/entry/")
    assert f"已记录:{cast.places[PEACH].name}" in page.inner_text("body").replace("：", ":")
    assert Check.objects.get(subject=cast.places[PEACH]).score == round(float(total) * 100)


def test_a_clerk_closes_a_month_and_brings_it_in_force(
    walk: Walk, cast: Cast, cast_day: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    month_of_checks(cast, household_scores(cast, *SCORES))
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    page = walk.open(DESKTOP, cast.users["county_office"])
    page.goto("/standings/")
    follow(page, "main >> text=2026年10月")
    follow(page, "a:has-text('看缺什么')")
    page.wait_for_selector("[data-open=close]")
    assert "怎么办" in page.inner_text("main")
    assert not wide(page)
    _confirm(page, "close")
    closing = Closing.objects.get(period__key="2026-10", period__ground__code=COUNTY)
    assert closing.state == Closing.State.CLOSED
    _confirm(page, "propose")
    assert "已公示，到2026年11月25日为止" in page.inner_text("main")
    page.goto("/standings/boards/")
    follow(page, f"main >> a:has-text('{cast.places[WILLOW].name}') >> nth=0")
    _confirm(page, "told")
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY + timedelta(days=10))
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=10))
    page.goto(f"/standings/{closing.period_id}/")
    _confirm(page, "force")
    assert "已生效" in page.inner_text("h1")
    closing.refresh_from_db()
    assert closing.state == Closing.State.IN_FORCE


def _confirm(page: Page, key: str) -> None:
    """Open the question and say yes."""
    page.click(f"[data-open={key}] >> nth=0")
    with page.expect_navigation():
        page.click(f"dialog#{key} button[type=submit]")


def test_a_workbook_with_a_bad_row_comes_in_by_choice(walk: Walk, cast: Cast, tmp_path: Path) -> None:
    rows: list[list[Any]] = [list(HOUSEHOLD), [WILLOW, None, None, "91号"], [WILLOW, None, None, "92号", None, "12"]]
    page = walk.open(DESKTOP, cast.users["county_office"])
    page.goto("/desk/household/import/")
    page.set_input_files("input[type=file]", workbook(tmp_path / "农户.xlsx", rows))
    follow(page, "text=上传并检查")
    work_off()
    page.reload()
    assert "不是电话号码" in page.inner_text("main")
    with page.expect_download() as download:
        page.click("text=下载有错的行")
    assert download.value.suggested_filename.endswith(".xlsx")
    follow(page, "text=只导入正确的 1 行")
    work_off()
    page.reload()
    assert "导入完成" in page.inner_text("main")
    assert not wide(page)
    assert Place.objects.filter(name="91号").count() == 1
    assert not Place.objects.filter(name="92号").exists()
