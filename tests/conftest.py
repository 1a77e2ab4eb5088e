"""Fixtures for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.cast import Cast

pytest_plugins = ["tests.must", "tests.postgres", "tests.budgets"]

# Speed is the benches' business: a busy machine fails no property. CI draws the same examples each time.
settings.register_profile(
    "xiangyue", deadline=None, suppress_health_check=list(HealthCheck), derandomize=os.environ.get("CI") == "true"
)
settings.load_profile("xiangyue")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """The database is made in one piece, as a new installation's is; a test of its own holds it to the migrations."""
    from django.core import management
    from django.db import connection

    from xiangyue.site.new_database import make_new

    if connection.vendor == "sqlite":
        # a walk's server answers in threads that share one connection: no two may hold the same kept statement
        connection.settings_dict.setdefault("OPTIONS", {})["cached_statements"] = 0

    migrate = management.call_command

    def make_and_migrate(command: str, *given: Any, **options: Any) -> Any:
        if command == "migrate":
            make_new()
        return migrate(command, *given, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(management, "call_command", make_and_migrate)
        yield


@pytest.fixture
def cast(db: Any) -> Cast:
    """The named cast on the stage."""
    # Imported here, so that the tests of rules and schemes start without the apps.
    from django.core.cache import cache

    from tests.stage import on_stage

    # The database starts anew with the same keys: what pages kept of another test's rows must go.
    cache.clear()
    return on_stage()
