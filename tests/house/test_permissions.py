"""Every address, on every ground, gives every role what the permission table says."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from tests.house import permissions
from tests.house.permissions import ANSWERS, GROUNDS, METHODS, PUBLIC, ROLES, Line

if TYPE_CHECKING:
    from tests.cast import Cast

TABLE = permissions.table()
BY_ADDRESS = {address: list(lines) for address, lines in groupby(TABLE, key=lambda line: line.address)}


def test_every_address_has_its_line() -> None:
    told = {line.address for line in TABLE}
    assert permissions.addresses() - told == set(), "add to docs/guide/permissions.md:\n" + "\n".join(
        permissions.draft()
    )


def test_every_line_has_its_address() -> None:
    assert {line.address for line in TABLE} - permissions.addresses() == set()


def test_the_lines_are_whole() -> None:
    for line in TABLE:
        assert tuple(line.answers) == ROLES, f"{line}: one column for each of {', '.join(ROLES)}"
        assert line.method in METHODS, line
        assert line.ground in GROUNDS, line
        assert set(line.answers.values()) <= ANSWERS, f"{line}: one of {', '.join(sorted(ANSWERS))}"


def test_no_line_stands_twice() -> None:
    keys = [str(line) for line in TABLE]
    assert sorted(keys) == sorted(set(keys))


def test_who_sees_a_row_of_its_own_ground_is_also_asked_on_another() -> None:
    own = {(line.address, line.method) for line in TABLE if line.ground == "own"}
    other = {(line.address, line.method) for line in TABLE if line.ground == "other"}
    assert own == other


def answer(status: int, headers: Mapping[str, str], expected: str) -> str:
    """What the server said, in the words of the table."""
    to_login = status == 302 and "/login" in headers["Location"]
    if expected == "done" and status in {200, 302, 400, 409, 422} and not to_login:
        return "done"
    return str(status)


def ask(cast: Cast, line: Line) -> dict[str, str]:
    """What every role gets at the line's address."""
    from tests.house.rows import arguments

    address = reverse(line.name, kwargs=arguments(cast, line))
    got = {}
    for role, expected in line.answers.items():
        client = Client()
        if role != PUBLIC:
            client.force_login(cast.users[role])
        response = client.generic(line.method, address)
        got[role] = answer(response.status_code, response.headers, expected)
    return got


@pytest.mark.parametrize("address", BY_ADDRESS)
def test_every_role_gets_what_the_table_says(address: str, cast: Cast) -> None:
    got = {str(line): ask(cast, line) for line in BY_ADDRESS[address]}
    assert got == {str(line): line.answers for line in BY_ADDRESS[address]}
