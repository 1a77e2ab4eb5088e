"""Reads the tables of docs/rules/*.md that are run as tests, each named by a comment above it."""

from __future__ import annotations

import re
from pathlib import Path

PAGES = Path(__file__).parents[2] / "docs" / "rules"
_NAME = re.compile(r"<!-- table: ([a-z ]+) -->")
USED: set[tuple[str, str]] = set()
"""(Page, table) that some test has asked for."""

type Row = dict[str, str]


def named_tables(page: str) -> dict[str, list[Row]]:
    """Every named table of a page: its rows as heading → cell."""
    found: dict[str, list[Row]] = {}
    name = ""
    heads: list[str] = []
    for line in (PAGES / f"{page}.md").read_text(encoding="utf-8").splitlines():
        if match := _NAME.fullmatch(line.strip()):
            name, heads = match[1], []
            found[name] = []
        elif not line.startswith("|"):
            name = "" if heads else name
        elif name:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not heads:
                heads = cells
            elif not set("".join(cells)) <= set("-: ") or not "".join(cells):
                found[name].append(dict(zip(heads, cells, strict=True)))
    return found


def rows(page: str, name: str) -> list[Row]:
    """The rows of one table; KeyError when the page does not have it."""
    USED.add((page, name))
    return named_tables(page)[name]


def points(text: str) -> int:
    """`87.50` or `87` as whole hundredths, exactly."""
    sign = -1 if text.startswith("-") else 1
    whole, _, cents = text.lstrip("+-").partition(".")
    return sign * (int(whole) * 100 + int(cents.ljust(2, "0") if cents else 0))


def figure(text: str) -> int | None:
    """A figure, or None for –, missing, unrated and void."""
    return None if text in ("–", "missing", "unrated", "void") else points(text)


def words(text: str, by: str = ",") -> list[str]:
    """The parts of a cell, stripped, none for an empty one."""
    return [part.strip() for part in text.split(by) if part.strip()]


def chain(text: str) -> tuple[str, ...]:
    """`C/T/V/H` as a chain of ancestor codes."""
    return tuple(text.split("/")) if text else ()
