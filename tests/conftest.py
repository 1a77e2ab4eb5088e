"""Fixtures for all tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast

pytest_plugins = ["tests.must", "tests.postgres", "tests.budgets"]


@pytest.fixture
def cast(db: Any) -> Cast:
    """The named cast on the stage."""
    # Imported here, so that the tests of rules and schemes start without the apps.
    from django.core.cache import cache

    from tests.stage import on_stage

    # The database starts anew with the same keys: what pages kept of another test's rows must go.
    cache.clear()
    return on_stage()
