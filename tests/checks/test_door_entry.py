"""An office opens the sheet of one household by its village and door: there are too many homes to list them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import OTHER_VILLAGE, WILLOW, Cast
from xiangyue.agreements.in_force import digest_of

KIND = """[[check_kinds]]
code = "visit_check"
name = "月评查"
subject = "household"
standard = "D01"

[[check_kinds]]
"""


@pytest.fixture
def reviewed(cast: Cast) -> Cast:
    """The cast, with a kind made at households by its offices."""
    version = cast.scheme
    assert version is not None
    daily = version.text.index('code = "daily"', version.text.index("[[check_kinds]]"))
    standard = version.text[daily:].split('standard = "', 1)[1].split('"', 1)[0]
    version.text = version.text.replace("[[check_kinds]]\n", KIND.replace("D01", standard), 1)
    version.digest = digest_of(version.text)
    version.save()
    return cast


def opened(cast: Cast, role: str = "village_office", **query: str) -> tuple[str, str]:
    client = Client()
    client.force_login(cast.users[role])
    answer = client.get(reverse("checks:entry"), query, follow=True)
    return answer.request["PATH_INFO"], answer.content.decode()


def test_the_sheet_of_a_home_is_opened_by_its_door(reviewed: Cast) -> None:
    home = reviewed.household(1)
    sheet = reverse("checks:sheet", args=["visit_check", home.code])
    assert "月评查：村名和门牌" in opened(reviewed)[1]
    for typed in (f"柳树村 {home.name}", home.code):
        assert opened(reviewed, kind="visit_check", home=typed)[0] == sheet


@pytest.mark.parametrize("typed", [WILLOW, "柳树村 999号", OTHER_VILLAGE])
def test_what_is_no_home_of_one_s_own_is_said_and_stands_there_again(reviewed: Cast, typed: str) -> None:
    path, shown = opened(reviewed, kind="visit_check", home=typed)
    assert path == reverse("checks:entry")
    assert f"没有“{typed}”这一户" in shown
    assert f'value="{typed}"' in shown


def test_without_such_a_kind_nothing_is_asked(cast: Cast) -> None:
    assert "查一户" not in opened(cast)[1]
