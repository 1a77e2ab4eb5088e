"""Rule 6: ranks within a category and group; equals share one and the next are skipped."""

from __future__ import annotations

from collections.abc import Iterable

from .settings import Category, Composite, Level, Scheme

CHAIN: tuple[Level, ...] = ("county", "township", "village", "hamlet")
"""The order of a chain of ancestor codes; a chain may stop early, an empty code is a level left out."""


def rank(results: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Code → rank of (code, result) rows, high to low: 1, 2, 2, 4."""
    ranks: dict[str, int] = {}
    place, last = 0, None
    for n, (code, result) in enumerate(sorted(results, key=lambda row: (-row[1], row[0])), 1):
        if result != last:
            place, last = n, result
        ranks[code] = place
    return ranks


def group_level(scheme: Scheme, composite: Composite) -> Level:
    """Within what a composite's subjects are compared: its board's group, its ranking's, or the usual one."""
    for board in scheme.boards:
        if board.composite == composite.code:
            return board.group
    for ranking in scheme.rankings:
        if ranking.composite == composite.code:
            return ranking.group
    return "county" if composite.level in ("village", "township", "county") else "village"


def group_of(chain: tuple[str, ...], level: Level) -> str:
    """The ancestor's code at that level, or the nearest one above it that there is; empty without any."""
    at = CHAIN.index(level)
    if len(chain) > at and chain[at]:
        return chain[at]
    for code in reversed(chain[:at]):
        if code:
            return code
    return ""


def category_of(categories: Iterable[Category], level: Level, place_class: str) -> str:
    """Code of the first category of the level that takes the class; empty when none does."""
    for category in categories:
        if category.level == level and (not category.classes or place_class in category.classes):
            return category.code
    return ""
