"""A walk with the phone in the hand: a bearer's round with one fault (J4), one tap for the others, and a tap taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.walks.conftest import Walk, follow, unlabelled, wide
from xiangyue.checks.models import Check

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.browser
PHONE = (360, 740)


@pytest.mark.parametrize("script", [True, False])
def test_a_round_with_one_fault_and_a_tap_taken_back(walk: Walk, cast: Cast, script: bool) -> None:
    page = walk.open(PHONE, cast.users["bearer"], java_script_enabled=script)
    page.goto("/field/")
    assert "4 户全部正常" in page.inner_text("main")
    follow(page, ".f-item >> text=示例户2")
    assert unlabelled(page) == [] or not script
    page.click(".f-fault >> nth=0")
    page.fill("#note", "门口有垃圾")
    follow(page, "button:has-text('保存')")
    assert "有问题" in page.inner_text(".f-list li:has-text('示例户2')")
    follow(page, "text=其余 3 户全部正常")
    assert "有问题的 1 户" in page.inner_text("main")
    assert not wide(page)
    assert Check.objects.filter(state=Check.State.COUNTED).count() == 4
    assert Check.objects.get(subject=cast.household(2)).n_faults == 1
    follow(page, "button:has-text('撤回')")
    assert "已撤回" in page.inner_text("body")
    assert "其余 3 户全部正常" in page.inner_text("main")
    assert Check.objects.filter(state=Check.State.COUNTED).count() == 1


def test_my_households_my_records_and_me_in_large_type(walk: Walk, cast: Cast) -> None:
    page = walk.open(PHONE, cast.users["bearer"])
    page.goto("/field/?type=large")
    follow(page, "text=4 户全部正常")
    for tab in ("我的户", "记录", "我的"):
        follow(page, f"nav >> text={tab} >> nth=0")
        assert not wide(page), tab
        assert unlabelled(page) == [], tab
