"""What was on notice before notices had an engine of their own is kept: closings, their course, their objections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.cast import NOW, TODAY

BEFORE = [("standings", "0004_staged_reviews")]
AFTER = [("standings", "0006_objections_to_publications")]


def migrate(targets: list[tuple[str, str]]) -> Any:
    """The models as they stand there."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def old(transactional_db: None) -> Iterator[Any]:
    """The models of before; all is brought to today's at the end."""
    yield migrate(BEFORE)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def made(apps: Any) -> dict[str, int]:
    """A month with a version superseded, one in force with an objection, and another month only closed."""
    place = apps.get_model("places", "Place").objects.create(
        code="990100", name="示例县", level="county", path="990100/", from_on=date(2026, 1, 1)
    )
    version = apps.get_model("agreements", "SchemeVersion").objects.create(
        ground=place, code="s", version=1, name="示例", text="", digest="0" * 64, created_at=NOW
    )
    months = {}
    for key in ("2026-09", "2026-10"):
        months[key] = apps.get_model("standings", "Period").objects.create(
            ground=place, scheme="s", key=key, kind="month", starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 30)
        )
    closing = apps.get_model("standings", "Closing").objects.create
    held = {"scheme_version": version, "closed_at": NOW}
    shown = {"proposed_at": NOW, "notice_ends_on": TODAY + timedelta(days=4)}
    first = closing(period=months["2026-09"], version=1, state="superseded", **held, **shown)
    second = closing(period=months["2026-09"], version=2, state="in_force", in_force_at=NOW, **held, **shown)
    only = closing(period=months["2026-10"], version=1, state="closed", **held)
    apps.get_model("standings", "Objection").objects.create(
        closing=second, composite="village_month", subject=place, text="示例", by_name="示例", received_on=TODAY
    )
    return {"first": first.pk, "second": second.pk, "only": only.pk}


def test_closings_get_their_publications_and_objections_move(old: Any) -> None:
    keys = made(old)
    apps = migrate(AFTER)
    rows = apps.get_model("standings", "Publication").objects
    first, second = rows.get(closing=keys["first"]), rows.get(closing=keys["second"])
    assert rows.count() == 2
    assert (first.kind, first.key, first.version, first.state) == ("closing", "s/2026-09", 1, "superseded")
    assert (second.title, second.version, second.state) == ("2026年9月考核结果", 2, "in_force")
    assert first.superseded_by_id == second.pk
    assert apps.get_model("standings", "Closing").objects.get(pk=keys["only"]).publication is None
    objection = apps.get_model("standings", "Objection").objects.get()
    assert (objection.publication_id, objection.part) == (second.pk, "village_month")
    # and back
    apps = migrate(BEFORE)
    assert apps.get_model("standings", "Objection").objects.get().closing_id == keys["second"]
    assert not apps.get_model("standings", "Publication").objects.exists()
    apps.get_model("standings", "Objection").objects.all().delete()
