"""Tests that need Chromium or PostgreSQL: skipped with a reason where there is none, failed where they must run.

They must run when CI=true, or when XIANGYUE_MUST names them (`chromium,postgres`).
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from tools import with_postgres

MARKS = {"browser": "chromium", "postgres": "postgres"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@functools.cache
def chromium() -> str | None:
    """The path of the browser on this machine, if there is one; XIANGYUE_CHROMIUM names another."""
    named = os.environ.get("XIANGYUE_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


@functools.cache
def postgres() -> bool:
    """Whether a PostgreSQL server can be started here."""
    try:
        with_postgres.programs()
    except with_postgres.NoPostgresError:
        return False
    return True


def missing(need: str) -> str:
    """Why a need is not met here; empty when it is."""
    if need == "chromium":
        return "" if chromium() else "no Chromium here (apt-get install chromium fonts-noto-cjk)"
    return "" if postgres() else "no PostgreSQL here (make setup brings it)"


def musts() -> frozenset[str]:
    """What may not be skipped."""
    if "XIANGYUE_MUST" in os.environ:
        return frozenset(filter(None, os.environ["XIANGYUE_MUST"].replace(" ", "").split(",")))
    return frozenset(MARKS.values()) if os.environ.get("CI") == "true" else frozenset()


def needs(item: pytest.Item) -> frozenset[str]:
    """What a test needs from outside, by its marks."""
    return frozenset(need for mark, need in MARKS.items() if item.get_closest_marker(mark))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips a test whose need is not met."""
    for need in needs(item):
        reason = missing(need)
        if reason:
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns a skip of what must run into a failure, whatever skipped it."""
    report = yield
    held = needs(item) & musts()
    if report.skipped and held and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{', '.join(sorted(held))} must run here, but the test was skipped: {reason}"
    return report
