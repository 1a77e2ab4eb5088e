"""`xiangyue user`: accounts, codes and roles from the shell."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner, Result

from tests.cast import PEACH, WILLOW, Cast
from xiangyue.base.roles import Role
from xiangyue.people.models import RoleGrant, User
from xiangyue.site.commands.user import ROLES, command

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    """What the shell shows."""
    return CliRunner().invoke(command, list(words))


def test_the_roles_are_those_of_the_house() -> None:
    assert tuple(Role.values) == ROLES


def test_an_account_with_a_role_and_a_code(cast: Cast) -> None:
    shown = run("add", "13800001234", "--person", "P13", "--role", "village_office", "--place", PEACH)
    assert shown.exit_code == 0, shown.output
    assert re.search(r"寅党员 的一次性码：[A-Z2-9]{4} [A-Z2-9]{4}", shown.output)
    listed = run("list", "--place", PEACH)
    assert "寅党员\t138****1234\t村支书/村委\t桃花村(990100100202)" in listed.output
    assert run("code", "138 0000 1234").exit_code == 0
    assert run("grant", "13800001234", "bearer", WILLOW).exit_code == 0
    assert run("withdraw", "13800001234", "bearer", WILLOW).exit_code == 0
    user = User.objects.get(phone="13800001234")
    assert RoleGrant.objects.filter(user=user, to_on=None).count() == 1


def test_who_reads_only_the_first_line_has_the_account_all_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed_pipe(*words: object, **more: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("click.echo", closed_pipe)
    run("add", "13800001234", "--person", "P13", "--role", "village_office", "--place", PEACH)
    user = User.objects.get(phone="13800001234")
    assert user.codes.count() == 1
    assert RoleGrant.objects.get(user=user).place == cast.places[PEACH]


@pytest.mark.parametrize(
    "words",
    [
        ("add", "123"),
        ("add", "13800001234", "--person", "P99"),
        ("add", "13800001234", "--role", "bearer"),
        ("add", "13800001234", "--role", "bearer", "--place", "999"),
        ("code", "13800009999"),
        ("grant", "13800009999", "bearer", WILLOW),
        ("withdraw", "19800000005", "auditor", WILLOW),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(cast: Cast, words: tuple[str, ...]) -> None:
    before = User.objects.count(), RoleGrant.objects.count()
    shown = run(*words)
    assert shown.exit_code in (1, 2)
    assert "。" in shown.output
    assert (User.objects.count(), RoleGrant.objects.count()) == before
