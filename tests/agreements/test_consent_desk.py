"""Consents from a sheet: one live consent a household and purpose, no day in the future, revoked in a row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.cast import OTHER_VILLAGE, TODAY, WILLOW, Cast
from xiangyue.agreements.models import Consent
from xiangyue.base.writes import write
from xiangyue.desk.declaration import Named
from xiangyue.desk.engine import context_for, importer_for
from xiangyue.desk.importer import Row
from xiangyue.desk.registry import get
from xiangyue.people.grants import scope_of

pytestmark = pytest.mark.django_db


def row(cast: Cast, number: int, village: str = WILLOW, **more: Any) -> dict[str, Any]:
    """A row of the sheet."""
    home = cast.household(number, village)
    named = Named(home.pk, home.code, home.name, home.path)
    return {"household": named, "purpose": "red_public", "given_on": date(2026, 5, 1), **more}


def take_in(cast: Cast, *rows: dict[str, Any]) -> list[str]:
    """Import as the village's committee does; the outcome of each row."""
    desk, scope = get("consent"), scope_of(cast.users["village_office"])
    importer = importer_for(desk, context_for(desk, scope, frozenset().union(*rows)))
    importer.load()
    planned = list(importer.plan(Row(number, dict(values)) for number, values in enumerate(rows, 2)))
    with write():
        importer.apply([plan for plan in planned if plan.outcome in ("add", "change")], actor_id=scope.user_id)
    return [plan.outcome for plan in planned]


def test_consents_are_taken_in_once(cast: Cast) -> None:
    rows = [row(cast, 1), row(cast, 2), row(cast, 2, purpose="pair")]
    assert take_in(cast, *rows) == ["add", "add", "add"]
    assert take_in(cast, *rows) == ["same", "same", "same"]
    assert Consent.objects.filter(recorded_by=cast.users["village_office"]).count() == 3


def test_a_second_live_consent_is_refused_in_the_file_and_on_file(cast: Cast) -> None:
    again = row(cast, 1, given_on=date(2026, 6, 1))
    assert take_in(cast, row(cast, 1), again) == ["add", "bad"]
    assert take_in(cast, again) == ["bad"]
    assert take_in(cast, row(cast, 1, revoked_on=date(2026, 5, 20))) == ["change"]
    assert take_in(cast, again) == ["add"]


def test_wrong_days_and_other_ground_are_refused(cast: Cast) -> None:
    late = row(cast, 1, given_on=date(2099, 1, 1))
    turned = row(cast, 2, revoked_on=date(2026, 4, 1))
    assert take_in(cast, late, turned, row(cast, 1, OTHER_VILLAGE)) == ["bad", "bad", "bad"]
    assert not Consent.objects.exists()


def test_consents_are_revoked_in_a_row(cast: Cast) -> None:
    take_in(cast, row(cast, 1), row(cast, 2))
    action = get("consent").bulk[0]
    assert action.function(scope_of(cast.users["village_office"], TODAY), Consent.objects.all()) == 2
    assert not Consent.objects.filter(revoked_on=None).exists()
