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
    from tests.cast import make_cast

    return make_cast()
