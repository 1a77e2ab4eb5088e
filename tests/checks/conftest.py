"""Fixtures of this room's tests."""

from __future__ import annotations

import pytest


@pytest.fixture
def no_followers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands above is tested above."""
    monkeypatch.setattr("xiangyue.checks.storing.follow", lambda event, facts: None)
