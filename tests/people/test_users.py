"""The office adds accounts, gives and withdraws roles on its own ground, and never above its own role."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, OTHER_VILLAGE, PEACH, STREET, TOWN, WILLOW, Cast
from xiangyue.base.changes import history
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.base.roles import Role
from xiangyue.people.actions.users import add_user, grant_role, set_active, withdraw_role
from xiangyue.people.grants import scope_of
from xiangyue.people.models import RoleGrant, User

pytestmark = pytest.mark.django_db


def gives(cast: Cast, giver: str, role: str, at: str) -> str:
    """The problem that giving the role meets; nothing when it is given."""
    actor = cast.users[giver]
    user = cast.users["department"]
    try:
        grant_role(actor, user, role, cast.places[at], scope=scope_of(actor), today=timezone.localdate())
    except Problem as problem:
        return problem.kind.code
    return ""


@pytest.mark.parametrize(
    ("giver", "role", "at", "problem"),
    [
        ("county_office", Role.AUDITOR, COUNTY, ""),
        ("county_office", Role.COUNTY_OFFICE, COUNTY, ""),
        ("county_office", Role.KEEPER, COUNTY, "grant_above"),
        ("county_office", Role.BEARER, OTHER_VILLAGE, "grant_above"),
        ("township_office", Role.VILLAGE_OFFICE, WILLOW, ""),
        ("township_office", Role.TOWNSHIP_OFFICE, TOWN, ""),
        ("township_office", Role.TOWNSHIP_OFFICE, STREET, "grant_above"),
        ("township_office", Role.COUNTY_OFFICE, TOWN, "grant_above"),
        ("township_office", Role.AUDITOR, TOWN, "grant_above"),
        ("village_office", Role.BEARER, WILLOW, "grant_above"),
        ("auditor", Role.BEARER, WILLOW, "grant_above"),
    ],
)
def test_nobody_gives_above_themselves(cast: Cast, giver: str, role: str, at: str, problem: str) -> None:
    assert gives(cast, giver, role, at) == problem


def test_a_role_opens_at_once_and_closes_at_once(cast: Cast) -> None:
    county, user = cast.users["county_office"], cast.users["department"]
    scope, today = scope_of(county), timezone.localdate()
    row = grant_role(county, user, Role.VILLAGE_OFFICE, cast.places[PEACH], scope=scope, today=today)
    assert scope_of(user).holds(frozenset({Role.VILLAGE_OFFICE}), cast.places[PEACH].path)
    with pytest.raises(Problem):
        grant_role(county, user, Role.VILLAGE_OFFICE, cast.places[PEACH], scope=scope, today=today)
    withdraw_role(county, row, scope=scope, today=today)
    assert not scope_of(user).holds(frozenset({Role.VILLAGE_OFFICE}))
    assert [line.act for line in history(row)] == ["grant.withdrawn", "grant.given"]
    assert grant_role(county, user, Role.VILLAGE_OFFICE, cast.places[PEACH], scope=scope, today=today)


def test_nobody_shuts_themselves_out(cast: Cast) -> None:
    county = cast.users["county_office"]
    scope, today = scope_of(county), timezone.localdate()
    with pytest.raises(Problem):
        withdraw_role(county, RoleGrant.objects.get(user=county), scope=scope, today=today)
    with pytest.raises(Problem):
        set_active(county, county, False, scope=scope, today=today)


def test_a_number_is_one_account(cast: Cast) -> None:
    user = add_user(None, cast.people["P07"], "１３８ 0000 1234")
    assert user.phone == "13800001234"
    assert not user.has_usable_password()
    for person, phone, code in [
        ("P07", "13800001235", "user_exists"),
        ("P13", "13800001234", "user_phone_taken"),
        ("P13", "0439-1234", "user_phone"),
    ]:
        with pytest.raises(Problem) as caught:
            add_user(None, cast.people[person], phone)
        assert caught.value.kind.code == code


def test_the_pages_from_a_person_to_a_slip(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["township_office"])
    page = client.get(reverse("people:add_user", args=[cast.people["P13"].pk]))
    assert cast.people["P13"].phone in page.content.decode()
    client.post(reverse("people:add_user", args=[cast.people["P13"].pk]), {"phone": "13800001234"})
    user = User.objects.get(phone="13800001234")
    given = {"role": "bearer", "place": PEACH, "to_on": ""}
    assert client.post(reverse("people:grant", args=[user.pk]), given).status_code == 302
    shown = client.get(reverse("people:user", args=[user.pk])).content.decode()
    assert "东河镇 桃花村（100202）" in shown
    assert "138****1234" in shown
    assert "南街街道" not in shown
    slip = client.post(reverse("people:code", args=[user.pk]))
    assert "no-store" in slip.headers["Cache-Control"]
    found = re.search(r"([A-Z2-9]{4}) ([A-Z2-9]{4})</p>", slip.content.decode())
    assert found
    other = Client()
    data = {"phone": "13800001234", "code": found[1] + found[2]}
    assert other.post(reverse("first_login"), data).headers["Location"] == reverse("set_password")


@pytest.mark.parametrize(
    ("place", "role"), [(STREET, "village_office"), (COUNTY, "bearer"), (WILLOW, "auditor"), ("", "bearer")]
)
def test_the_form_offers_nothing_beyond(cast: Cast, client: Client, place: str, role: str) -> None:
    client.force_login(cast.users["township_office"])
    address = reverse("people:grant", args=[cast.users["bearer"].pk])
    assert client.post(address, {"role": role, "place": place}).status_code == 400


def test_a_closed_account_is_out_at_its_next_step(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["bearer"])
    assert client.get(reverse("people:account")).status_code == 200
    office = Client()
    office.force_login(cast.users["township_office"])
    office.post(reverse("people:active", args=[cast.users["bearer"].pk]), {"active": "0"})
    assert client.get(reverse("people:account")).status_code == 302


def test_my_account_tells_what_is_kept_and_who_looked(cast: Cast, client: Client) -> None:
    person = cast.people["P06"]
    Change.objects.create(
        at=timezone.now(), actor=cast.users["county_office"], act="contact.seen", table="people.person",
        key=str(person.pk), path="",
    )  # fmt: skip
    client.force_login(cast.users["bearer"])
    page = client.get(reverse("people:account")).content.decode()
    assert "<dt>党员</dt><dd>否</dd>" in page or "<dt>党员</dt><dd>是</dd>" in page
    for words in (person.phone, "己党员", "东河镇 柳树村（100201）", "乙县干部", "包保人"):
        assert words in page


def test_another_password_ends_other_sessions(cast: Cast, client: Client) -> None:
    elsewhere = Client()
    for one in (client, elsewhere):
        one.force_login(cast.users["bearer"])
    new = "新密码-2026-ok"
    wrong = {"old": "wrong", "password": new, "again": new}
    assert "原密码不对" in client.post(reverse("people:password"), wrong).content.decode()
    right = {"old": "xiang-yue-2026", "password": new, "again": new}
    assert client.post(reverse("people:password"), right).status_code == 302
    assert client.get(reverse("people:account")).status_code == 200
    assert elsewhere.get(reverse("people:account")).status_code == 302


def test_large_type_stays(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["bearer"])
    client.post(reverse("people:large_type"), {"large": "1"})
    assert 'data-type="large"' in client.get(reverse("people:account")).content.decode()


def test_an_account_takes_few_queries_whatever_it_holds(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    user = cast.users["bearer"]
    for code in (WILLOW, PEACH, STREET):
        grant_role(None, user, Role.DEPARTMENT, cast.places[code], scope=None, today=timezone.localdate())
    client.force_login(cast.users["county_office"])
    with django_assert_max_num_queries(30) as taken:
        client.get(reverse("people:user", args=[user.pk]))
    assert_budget("people:user", len(taken))
