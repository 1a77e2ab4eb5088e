"""Fixtures for all tests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: Any) -> Cast:
    """The named cast on the stage."""
    return make_cast()
