"""The lines in which places are put forward for a title: codes or doors, Chinese marks, what is wrong with them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import COUNTY, OTHER_VILLAGE, Cast
from tests.rewards.stage import with_rewards
from tests.rewards.test_honour_pages import TITLE
from tests.rewards.test_honours import KEY, MORE
from xiangyue.people.grants import scope_of
from xiangyue.rewards.honour_models import Nomination
from xiangyue.rewards.nominating import read_lines


def test_who_is_meant_by_code_or_by_door_and_whatever_mark_stands_between(cast: Cast) -> None:
    scope = scope_of(cast.users["village_office"])
    first, second = cast.household(1), cast.household(2)
    text = f"{first.code}，院子整洁，花草有人管\n\n柳树村 {second.name}：干净\n乱码 好"
    lines = read_lines(text, scope)
    assert [(line.place, line.reason) for line in lines] == [
        (first, "院子整洁，花草有人管"), (second, "干净"), (None, "好"),
    ]  # fmt: skip
    assert [line.typed for line in lines] == [first.code, f"柳树村 {second.name}", "乱码"]


def test_nobody_is_found_outside_one_s_own_ground(cast: Cast) -> None:
    scope = scope_of(cast.users["village_office"])
    assert read_lines(f"{OTHER_VILLAGE} 好\n{COUNTY} 好", scope)[0].place is None


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("。 ", "没有“。”"),
        ("，，", "没有写推荐谁"),
        ("{home}", "没有写理由"),
        ("{home} " + "好" * 301, "有 301 个字，最多 300 个"),
    ],
)
def test_what_is_wrong_is_said(cast: Cast, lines: str, words: str) -> None:
    stage = with_rewards(cast, MORE)
    client = Client()
    client.force_login(stage.users["village_office"])
    told = {"key": KEY, "lines": lines.format(home=stage.household(1).code)}
    shown = client.post(reverse("rewards:nominate", args=TITLE), told, follow=True).content.decode()
    assert words in shown
    assert not Nomination.objects.exists()
