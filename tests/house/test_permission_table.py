"""The reader of the permission table reads what is written, and nothing else."""

from __future__ import annotations

import pytest

from tests.house import permissions

SAMPLE = """\
| address | method | ground | county_office | public |
|---|---|---|---|---|
| `home` | GET | any | 200 | 302 |
| `desk:list households` | GET | own | 200 | 302 |

| role | sees |
|---|---|
| public | boards |
"""


def test_only_tables_of_addresses_are_read() -> None:
    first, second = permissions.lines(SAMPLE)
    assert (first.address, first.method, first.ground) == ("home", "GET", "any")
    assert first.answers == {"county_office": "200", "public": "302"}
    assert (second.name, second.desk) == ("desk:list", "households")


def test_a_row_with_a_missing_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        permissions.lines(SAMPLE.replace("| `home` | GET | any | 200 | 302 |", "| `home` | GET | any | 200 |"))


def test_the_addresses_are_those_of_the_resolver() -> None:
    assert "home" in permissions.addresses()
    assert not any(address.startswith("static") for address in permissions.addresses())
