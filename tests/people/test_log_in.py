"""Logging in by phone number and password, and the lock after failures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import NOW, PASSWORD, Cast
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.people.actions.log_in import check_log_in, forget_tries, lock_after
from xiangyue.people.models import LogInTries

pytestmark = pytest.mark.django_db
NOBODY = "13900009999"


def code_of(phone: str, password: str, minutes: int = 0) -> str:
    """The problem's code, or nothing when the person is in."""
    try:
        check_log_in(phone, password, now=NOW + timedelta(minutes=minutes))
    except Problem as problem:
        return problem.kind.code
    return ""


def test_the_right_password_lets_in_and_frees_the_number(cast: Cast) -> None:
    phone = cast.users["bearer"].phone
    assert code_of(phone, "wrong") == "log_in_wrong"
    assert check_log_in(phone, PASSWORD, now=NOW) == cast.users["bearer"]
    assert not LogInTries.objects.exists()


@pytest.mark.parametrize("known", [True, False])
def test_five_failures_lock_whoever_it_is(cast: Cast, known: bool) -> None:
    phone = cast.users["bearer"].phone if known else NOBODY
    assert [code_of(phone, "wrong") for _n in range(5)] == ["log_in_wrong"] * 5
    assert code_of(phone, PASSWORD, 14) == "log_in_locked"
    assert code_of(phone, "wrong", 16) == "log_in_wrong"


def test_the_lock_doubles(cast: Cast) -> None:
    assert [lock_after(n).total_seconds() / 60 for n in (5, 10, 15, 20)] == [15, 30, 60, 120]
    assert lock_after(500) == timedelta(hours=24)
    phone = cast.users["bearer"].phone
    for _n in range(5):
        code_of(phone, "wrong")
    for _n in range(5):
        assert code_of(phone, "wrong", 20) == "log_in_wrong"
    assert code_of(phone, PASSWORD, 45) == "log_in_locked"
    assert code_of(phone, PASSWORD, 51) == ""


def test_the_words_say_when_to_come_back(cast: Cast) -> None:
    for _n in range(5):
        code_of(NOBODY, "wrong")
    with pytest.raises(Problem, match="15分钟"):
        check_log_in(NOBODY, "wrong", now=NOW)


def test_failures_are_logged_without_a_strangers_number(cast: Cast) -> None:
    code_of(cast.users["bearer"].phone, "wrong")
    code_of(NOBODY, "wrong")
    keys = list(Change.objects.filter(act="log_in.failed").order_by("id").values_list("key", flat=True))
    assert keys == [str(cast.users["bearer"].pk), "139****9999"]


def test_old_tries_are_forgotten(cast: Cast) -> None:
    code_of("13900000001", "wrong")
    code_of("13900000002", "wrong", 60 * 24 * 3)
    assert list(LogInTries.objects.values_list("phone", flat=True)) == ["13900000002"]
    forget_tries("13900000002")
    assert not LogInTries.objects.exists()


def test_a_closed_account_is_told_nothing_else(cast: Cast) -> None:
    user = cast.users["bearer"]
    user.is_active = False
    user.save()
    assert code_of(user.phone, PASSWORD) == "log_in_wrong"


def test_the_page_logs_in_and_turns_the_session(cast: Cast, client: Client) -> None:
    client.get(reverse("login"))
    session = client.session
    session["before"] = 1
    session.save()
    key = session.session_key
    user = cast.users["county_office"]
    spaced = f"+86 {user.phone[:3]} {user.phone[3:]}"
    response = client.post(reverse("login"), {"phone": spaced, "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, reverse("home"))
    assert client.session.session_key != key
    assert client.session["_auth_user_id"] == str(user.pk)
    client.post(reverse("logout"))
    assert "_auth_user_id" not in client.session


def test_the_page_says_the_same_to_a_wrong_password_and_to_nobody(cast: Cast, client: Client) -> None:
    said = []
    for phone in (cast.users["bearer"].phone, NOBODY):
        response = client.post(reverse("login"), {"phone": phone, "password": "wrong"})
        assert response.status_code == 403
        said.append(response.content.decode().replace(phone, ""))
    without_token = [text.split("csrfmiddlewaretoken")[0] for text in said]
    assert without_token[0] == without_token[1]
    assert "手机号或密码不对" in said[0]


def test_nobody_is_sent_to_another_site(cast: Cast, client: Client) -> None:
    user = cast.users["county_office"]
    data = {"phone": user.phone, "password": PASSWORD, "next": "https://example.org/"}
    assert client.post(reverse("login"), data).headers["Location"] == reverse("home")
