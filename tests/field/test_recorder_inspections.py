"""A team's day on its phone: nothing of the targets before they are opened, the route in its order afterwards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tests.checks.going import SOON, THEN, opened, plan, sealed, sheet, turns
from tests.field.test_recorder import day
from xiangyue.base.changes import history
from xiangyue.checks.inspections.arranging import enter_number
from xiangyue.checks.inspections.going import LOOKED, finish
from xiangyue.checks.inspections.models import Inspection

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def then(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """It is the day of the inspection."""
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: SOON)
    monkeypatch.setattr(timezone, "now", lambda: THEN)
    plan(cast)
    return cast


def told(cast: Cast, client: Client, who: str = "supervisor") -> dict[str, Any]:
    """What is on somebody's phone."""
    client.force_login(cast.users[who])
    return day(client)


def test_sealed_targets_never_reach_a_phone(then: Cast, client: Client) -> None:
    row = sealed(then)
    (one,) = told(then, client)["inspections"]
    assert (one["name"], one["team"], one["opened"], one["stops"]) == ("暗访", 1, False, [])
    enter_number(then.users["county_office"], row, "0734215", now=THEN)
    document = told(then, client)
    assert document["inspections"][0]["stops"] == []
    assert not any(check["code"] == "village_secret" for check in document["checks"].values())
    for secret in ("bamboo-2026", "0734215", row.commitment):
        assert secret not in json.dumps(document)
    assert not history(row).filter(act=LOOKED).exists()


def test_nothing_of_it_the_day_before(then: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(then)
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: SOON.replace(day=SOON.day - 1))
    assert told(then, client)["inspections"] == []


def test_once_opened_the_team_has_the_route_in_its_order_and_that_is_on_record(then: Cast, client: Client) -> None:
    row = opened(then)
    route = turns(row)
    assert len(route) > 1
    document = told(then, client)
    (one,) = document["inspections"]
    assert [stop["place"] for stop in one["stops"]] == [turn.subject.code for turn in route]
    assert one["checks"] == ["linjiang/village_secret"]
    assert all(stop["left"] == one["checks"] for stop in one["stops"])
    check = document["checks"]["linjiang/village_secret"]
    assert check["places"] == [turn.subject.code for turn in route]
    assert check["standard"] in document["standards"]
    assert all(code in document["places"] for code in check["places"])
    told(then, client)
    assert history(row).filter(act=LOOKED, actor=then.users["supervisor"]).count() == 1, "once a person"
    for other in ("bearer", "village_office", "township_office"):
        assert told(then, client, other)["inspections"] == []


def test_what_a_colleague_handed_in_is_off_the_route_and_the_end_takes_it_away(then: Cast, client: Client) -> None:
    row = opened(then)
    first = turns(row)[0]
    assert sheet(then.users["supervisor"], first).state == "stored"
    (one,) = told(then, client)["inspections"]
    assert [stop["left"] == [] for stop in one["stops"]] == [True] + [False] * (len(one["stops"]) - 1)
    reasons = {turn.pk: "道路塌方" for turn in turns(row)[1:]}
    finish(then.users["supervisor"], Inspection.objects.get(pk=row.pk), reasons, now=THEN)
    assert told(then, client)["inspections"] == []


def test_the_questions_do_not_grow_with_the_route(then: Cast, client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    row = opened(then)
    told(then, client)
    with CaptureQueriesContext(connection) as many:
        told(then, client)
    for turn in turns(row)[1:]:
        turn.delete()
    with CaptureQueriesContext(connection) as few:
        told(then, client)
    assert len(many) == len(few)
