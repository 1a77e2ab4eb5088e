"""The one-time code: handed over by the office, used once, then a password of one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import NOW, PASSWORD, Cast
from xiangyue.base.problems import Problem
from xiangyue.people.actions.codes import LETTERS, check_code, issue_code, use_code
from xiangyue.people.actions.log_in import check_log_in, locked_until
from xiangyue.people.grants import scope_of
from xiangyue.people.models import OneTimeCode

pytestmark = pytest.mark.django_db
NEW = "芝麻开门2026ok"


def fits(cast: Cast, code: str, minutes: int = 0) -> bool:
    """Whether the code opens the bearer's account."""
    try:
        check_code(cast.users["bearer"].phone, code, now=NOW + timedelta(minutes=minutes))
    except Problem:
        return False
    return True


def issued(cast: Cast) -> str:
    """A fresh code for the bearer."""
    return issue_code(None, cast.users["bearer"], scope=None, now=NOW)


def test_a_code_is_eight_clear_characters_and_only_its_hash_is_kept(cast: Cast) -> None:
    code = issued(cast)
    assert len(code) == 8
    assert set(code) <= set(LETTERS)
    assert not set("IL01O") & set(LETTERS)
    assert code not in OneTimeCode.objects.get().code_hash


def test_a_code_lets_set_a_password_once(cast: Cast) -> None:
    code = issued(cast)
    row = check_code(cast.users["bearer"].phone, f" {code[:4].lower()}-{code[4:]} ", now=NOW)
    assert use_code(row.pk, NEW, now=NOW) == cast.users["bearer"]
    assert check_log_in(cast.users["bearer"].phone, NEW, now=NOW)
    assert not fits(cast, code)
    with pytest.raises(Problem):
        use_code(row.pk, "another-one-2026", now=NOW)


def test_a_code_ends_after_seven_days(cast: Cast) -> None:
    code = issued(cast)
    assert fits(cast, code, 7 * 24 * 60 - 1)
    assert not fits(cast, code, 7 * 24 * 60)


def test_a_code_bears_five_tries(cast: Cast) -> None:
    code = issued(cast)
    for n in range(5):
        assert not fits(cast, "WRONGWRO", n * 1440)
    assert not fits(cast, code, 5 * 1440)


def test_a_new_code_voids_the_old_one_and_unlocks(cast: Cast) -> None:
    old = issued(cast)
    for _n in range(5):
        fits(cast, "WRONGWRO")
    assert locked_until(cast.users["bearer"].phone, now=NOW)
    new = issued(cast)
    assert not locked_until(cast.users["bearer"].phone, now=NOW)
    assert not fits(cast, old)
    assert fits(cast, new)


def test_the_office_cannot_take_over_an_account_above_its_own(cast: Cast) -> None:
    town = cast.users["township_office"]
    scope = scope_of(town)
    with pytest.raises(Problem) as caught:
        issue_code(town, cast.users["county_office"], scope=scope, now=NOW)
    assert caught.value.kind.code == "user_above"
    assert issue_code(town, cast.users["village_office"], scope=scope, now=NOW)


def test_the_pages_lead_from_the_slip_into_the_house(cast: Cast, client: Client) -> None:
    code = issue_code(None, cast.users["bearer"], scope=None, now=timezone.now())
    phone = cast.users["bearer"].phone
    assert client.get(reverse("set_password")).headers["Location"] == reverse("first_login")
    wrong = client.post(reverse("first_login"), {"phone": phone, "code": "WRONGWRO"})
    assert wrong.status_code == 403
    assert client.post(reverse("first_login"), {"phone": phone, "code": code}).status_code == 302
    short = client.post(reverse("set_password"), {"password": "1234567", "again": "1234567"})
    assert "至少8个字符" in short.content.decode()
    unlike = client.post(reverse("set_password"), {"password": NEW, "again": PASSWORD})
    assert "两次输入的不一样" in unlike.content.decode()
    assert client.post(reverse("set_password"), {"password": NEW, "again": NEW}).status_code == 302
    assert client.session["_auth_user_id"] == str(cast.users["bearer"].pk)
