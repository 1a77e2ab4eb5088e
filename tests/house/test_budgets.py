"""The committed query budgets are in order, over-spending fails and thrift is told."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest

from tests import budgets
from tests.house.source import modules


@pytest.fixture
def one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A budget of five queries for a page called `one`."""
    monkeypatch.setattr(budgets, "BUDGETS", {"one": 5})
    monkeypatch.setattr(budgets, "_used", [])


def test_the_file_is_sorted_and_whole() -> None:
    text = budgets.FILE.read_text(encoding="utf-8")
    assert text == json.dumps(dict(sorted(budgets.BUDGETS.items())), indent=2, ensure_ascii=False) + "\n"
    assert all(isinstance(most, int) and 0 <= most <= 60 for most in budgets.BUDGETS.values())


def test_every_budget_is_held_by_a_test() -> None:
    tests = "\n".join(module.text for module in modules("tests"))
    assert [name for name in budgets.BUDGETS if not re.search(rf"[\"']{re.escape(name)}[\"']", tests)] == []


@pytest.mark.usefixtures("one_page")
def test_a_page_within_its_budget_passes() -> None:
    budgets.assert_budget("one", 5)


@pytest.mark.usefixtures("one_page")
def test_a_page_over_its_budget_fails() -> None:
    with pytest.raises(AssertionError, match="took 6 queries, its budget is 5"):
        budgets.assert_budget("one", 6)


@pytest.mark.usefixtures("one_page")
def test_a_page_without_a_budget_fails_and_says_what_to_write() -> None:
    with pytest.raises(AssertionError, match='add "two": 3'):
        budgets.assert_budget("two", 3)


@pytest.mark.usefixtures("one_page")
def test_a_budget_that_no_test_needs_in_full_can_fall() -> None:
    reports = [SimpleNamespace(user_properties=[(budgets.MARK, ("one", count))]) for count in (2, 4)]
    assert budgets.too_generous(reports) == {"one": 4}
    reports.append(SimpleNamespace(user_properties=[(budgets.MARK, ("one", 5))]))
    assert budgets.too_generous(reports) == {}
