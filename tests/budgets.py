"""Query budgets: how many queries a page may take, committed in budgets.json and held by the tests of the pages."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).with_name("budgets.json")
BUDGETS: dict[str, int] = json.loads(FILE.read_text(encoding="utf-8"))
MARK = "query budget"
_used: list[tuple[str, int]] = []


def assert_budget(name: str, count: int) -> None:
    """Fails when the page took more queries than its budget; what it took is shown when the budget could be lowered."""
    budget = BUDGETS.get(name)
    assert budget is not None, f'{name} took {count} queries and has no budget: add "{name}": {count} to {FILE.name}'
    _used.append((name, count))
    assert count <= budget, f"{name} took {count} queries, its budget is {budget}: load what it needs at once"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hands what a test's pages took to the report: it reaches the end of the run from every worker."""
    report = yield
    if call.when == "call":
        report.user_properties += [(MARK, used) for used in _used]
        _used.clear()
    return report


def too_generous(reports: list[Any]) -> dict[str, int]:
    """The pages that took less than their budget in every test, with the most they took."""
    most: dict[str, int] = {}
    for report in reports:
        for mark, used in report.user_properties:
            if mark == MARK:
                name, count = used
                most[name] = max(most.get(name, 0), count)
    return {name: count for name, count in most.items() if count < BUDGETS.get(name, count)}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tells which budgets can be lowered."""
    for name, count in sorted(too_generous(terminalreporter.stats.get("passed", [])).items()):
        terminalreporter.write_line(
            f"budgets.json: {name} took {count} queries; its budget of {BUDGETS[name]} can fall"
        )
