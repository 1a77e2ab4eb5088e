"""Reads the permission table of docs/guide/permissions.md, and finds the addresses that it has to tell about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.source import ROOT
from xiangyue.base.roles import Role
from xiangyue.desk import registry

PAGE = ROOT / "docs" / "guide" / "permissions.md"
PUBLIC = "public"
ROLES = (*(role.value for role in Role), PUBLIC)
GROUNDS = ("own", "other", "any")
"""Whose place the row of the address is: the role's own, another one; `any` where the address names no row."""
ANSWERS = {"200", "302", "401", "403", "404", "405", "422", "done"}
"""What the server says; `done` for a POST that got past the guard (a page again, or on to the next one)."""
METHODS = ("GET", "POST", "PUT")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: an address on a ground, and what each role gets there."""

    address: str
    method: str
    ground: str
    answers: dict[str, str]

    @property
    def name(self) -> str:
        """The URL's name, without the desk it is asked for."""
        return self.address.split()[0]

    @property
    def desk(self) -> str:
        """The desk that the address is asked for; empty where it is no desk's."""
        return self.address.partition(" ")[2]

    def __str__(self) -> str:
        return f"{self.method} {self.address} {self.ground}"


def cells(row: str) -> list[str]:
    """The cells of a row of a Markdown table, without code marks."""
    return [cell.strip().strip("`") for cell in row.strip().strip("|").split("|")]


def lines(text: str) -> list[Line]:
    """The lines of every table of the page whose first column is `address`."""
    found: list[Line] = []
    head: list[str] = []
    for row in text.splitlines():
        if not row.startswith("|"):
            head = []
        elif not head:
            head = cells(row)
        elif head[0] == "address" and not re.match(r"^\|[\s:|-]+$", row):
            values = dict(zip(head, cells(row), strict=True))
            answers = {name: value for name, value in values.items() if name not in {"address", "method", "ground"}}
            found.append(Line(values["address"], values["method"], values["ground"], answers))
    return found


def table() -> list[Line]:
    """The permission table as it stands in the docs."""
    return lines(PAGE.read_text(encoding="utf-8"))


def patterns(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every URL's name with the names of its parameters; what Django serves for files is no page of ours."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from patterns(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name or entry.pattern}", tuple(entry.pattern.converters)


def desk_names() -> tuple[str, ...]:
    """The names of all desks."""
    return tuple(desk.name for desk in registry.all_desks())


def addresses() -> set[str]:
    """Every address the table has to tell about: each URL's name, and each desk's own for those of the desks."""
    found: set[str] = set()
    for name, parameters in patterns():
        found |= {f"{name} {desk}" for desk in desk_names()} if "desk" in parameters else {name}
    return found


def draft(page: Path = PAGE) -> list[str]:
    """A line to fill in for every address the page has none for."""
    known = {line.address for line in lines(page.read_text(encoding="utf-8"))}
    answers = " | ".join("?" for _ in ROLES)
    return [f"| `{address}` | GET | any | {answers} |" for address in sorted(addresses() - known)]
