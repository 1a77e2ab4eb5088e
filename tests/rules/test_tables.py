"""Every table of docs/rules is run by some test."""

from __future__ import annotations

import pytest

from tests.rules import (  # noqa: F401  # noqa: F401
    test_assignment,
    test_awards,
    test_boards,
    test_closing,
    test_draw,
    test_duty,
    test_figures,
    test_honours,
    test_incentives,
    test_pairing,
    test_performance,
    test_periods,
    test_points,
    test_review,
    test_sharing,
    test_sheet,
    test_stars,
    test_strictness,
)
from tests.rules.tables import PAGES, USED, named_tables


@pytest.mark.parametrize("page", sorted(path.stem for path in PAGES.glob("*.md")), ids=str)
def test_every_table_is_run(page: str) -> None:
    tables = named_tables(page)
    assert tables, f"docs/rules/{page}.md has no table that is run"
    assert all(tables.values()), f"docs/rules/{page}.md has an empty table"
    assert {name for name in tables if (page, name) not in USED} == set()
