"""Grades and heads that the office pastes in: all lines or none, wrong ones told by number."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import COUNTY, OTHER_VILLAGE, PEACH, WILLOW, Cast
from tests.rewards.stage import YEAR, with_rewards
from xiangyue.base.models import Change
from xiangyue.rewards.award_models import GradeEntry
from xiangyue.rewards.incentive_models import HeadCount


@pytest.fixture
def clerk(cast: Cast) -> Client:
    """The county's office, with a scheme whose grades are entered."""
    with_rewards(cast)
    client = Client()
    client.force_login(cast.users["county_office"])
    return client


def paste(client: Client, name: str, rows: str) -> str:
    extra = (COUNTY, "centre_2") if name == "grades" else (COUNTY, "year_2", YEAR)
    return client.post(reverse(f"rewards:{name}", args=extra), {"rows": rows}, follow=True).content.decode()


def test_grades_are_pasted_in_and_typed_again(clerk: Client) -> None:
    text = paste(
        clerk, "grades", f"{WILLOW}\t大型\t示例〔2026〕1号\t2026-06-30\n{PEACH}，小型，示例〔2026〕1号，2026/6/30\n"
    )
    assert "已登记 2 行" in text
    assert set(GradeEntry.objects.values_list("place__code", "grade")) == {(WILLOW, "large"), (PEACH, "small")}
    paste(clerk, "grades", f"{WILLOW},小型,示例〔2026〕2号,2026-06-30")
    assert GradeEntry.objects.get(place__code=WILLOW).document == "示例〔2026〕2号"
    assert Change.objects.filter(act="grade.entered").count() == 3


def test_a_wrong_line_keeps_all_out(clerk: Client) -> None:
    text = paste(
        clerk, "grades",
        f"{WILLOW},大型,示例,2026-06-30\n{PEACH},巨大,示例,2026-06-30\n{OTHER_VILLAGE},大型,示例,2026-06-30\n"
        f"{PEACH},小型,,2026-06-30\n{PEACH},小型,示例,2099-01-01",
    )  # fmt: skip
    for words in (
        "第2行：“巨大”不是其中一等",
        "第3行：本辖区没有编码",
        "第4行：没有填依据文件",
        "第5行：日期 2099-01-01 还没到",
    ):
        assert words in text
    assert not GradeEntry.objects.exists()
    assert "没有填任何一行" in paste(clerk, "grades", "  \n")


def test_heads_are_pasted_in(clerk: Client) -> None:
    paste(clerk, "heads", f"{WILLOW},5,花名册\n{PEACH},7,花名册")
    paste(clerk, "heads", f"{WILLOW},6,花名册")
    assert dict(HeadCount.objects.values_list("place__code", "n")) == {WILLOW: 6, PEACH: 7}
    assert "第1行：“五”不是整数" in paste(clerk, "heads", f"{WILLOW},五,花名册")
    assert "第1行：没有填依据" in paste(clerk, "heads", f"{WILLOW},5")


def test_what_is_not_entered_has_no_page(clerk: Client) -> None:
    assert clerk.get(reverse("rewards:grades", args=(COUNTY, "secretary_2"))).status_code == 404
    assert clerk.get(reverse("rewards:heads", args=(COUNTY, "nothing", YEAR))).status_code == 404
    assert clerk.get(reverse("rewards:heads", args=(COUNTY, "year_2", "x"))).status_code == 404
