"""Failed log-ins are counted by the client's address too, whatever the number and whatever the client says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.cast import NOW, PASSWORD, Cast
from xiangyue.base.problems import Problem
from xiangyue.people.actions.codes import check_code
from xiangyue.people.actions.log_in import ADDRESS_FAILURES, check_log_in
from xiangyue.people.addresses import client_address
from xiangyue.people.models import LogInTries

HERE, THERE = "192.0.2.7", "192.0.2.8"


def said(phone: str, password: str, address: str, minutes: int = 0) -> str:
    """The problem's code, or nothing when the person is in."""
    try:
        check_log_in(phone, password, now=NOW + timedelta(minutes=minutes), address=address)
    except Problem as problem:
        return problem.kind.code
    return ""


@pytest.fixture
def tried(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """From HERE one try has failed on each of many numbers."""
    monkeypatch.setattr("xiangyue.people.actions.log_in.make_password", lambda text: text)
    for number in range(ADDRESS_FAILURES):
        assert said(f"139{number:08d}", "wrong", HERE) == "log_in_wrong"
    return cast


def test_many_numbers_tried_from_one_address_make_it_wait(tried: Cast) -> None:
    phone = tried.users["bearer"].phone
    assert said(phone, PASSWORD, HERE, 14) == "log_in_address"
    with pytest.raises(Problem, match="换一个网络"):
        check_code(phone, "ABCDEFGH", now=NOW, address=HERE)
    assert said(phone, PASSWORD, THERE) == ""
    assert said(phone, PASSWORD, HERE, 16) == ""


def test_an_hour_without_failure_and_it_begins_anew(tried: Cast) -> None:
    assert said("13900009999", "wrong", HERE, 90) == "log_in_wrong"
    assert LogInTries.objects.get(phone__startswith="@").failures == 1
    assert not LogInTries.objects.filter(phone__contains="192").exists()


def test_who_logs_in_is_not_counted(cast: Cast) -> None:
    assert said(cast.users["bearer"].phone, PASSWORD, HERE) == ""
    assert not LogInTries.objects.exists()


@pytest.mark.parametrize(
    ("proxies", "remote", "passed", "address"),
    [
        (0, HERE, "203.0.113.1", HERE),
        (1, "10.0.0.1", f"203.0.113.1, {HERE}", HERE),
        (2, "10.0.0.1", f"203.0.113.1, {HERE}, 10.0.0.2", HERE),
        (1, HERE, "", HERE),
        (1, "10.0.0.1", "nonsense", ""),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (0, "::ffff:192.0.2.7", "", HERE),
        (0, "", "", ""),
    ],
)
def test_only_what_ones_own_proxies_say_is_believed(
    settings: Any, proxies: int, remote: str, passed: str, address: str
) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": passed} if passed else None)
    assert client_address(request) == address


def test_the_page_counts_by_the_address(cast: Cast) -> None:
    told = {"phone": "13900009999", "password": "wrong"}
    assert Client(REMOTE_ADDR=HERE).post(reverse("login"), told).status_code == 403
    assert LogInTries.objects.filter(phone__startswith="@", failures=1).count() == 1
