"""What the phone gets of problems: the actor's own, what may be done there as the pages would say, and no more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import PEACH, WILLOW
from tests.field.test_recorder import day
from tests.problems.rows import HOME, doer, reported, sender, step
from xiangyue.base.writes import write
from xiangyue.captures.ids import new_id
from xiangyue.captures.models import Capture
from xiangyue.problems.actions.reporting import step_problem
from xiangyue.problems.at_hand import MOST, at_hand
from xiangyue.problems.handlers import Afterwards
from xiangyue.problems.models import Problem

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def told(client: Client, cast: Cast, who: str) -> dict[str, dict[str, Any]]:
    """The problems on somebody's phone, by place."""
    client.force_login(cast.users[who])
    return {row["place"]: row for row in day(client)["atHand"]}


def test_a_bearer_has_what_is_theirs_to_mend(cast: Cast, client: Client) -> None:
    now = timezone.now()
    problem = reported(cast, by="village_office", now=now)
    reported(cast, by="village_office", place=f"{WILLOW}-H00006", kind="rubbish", now=now)
    (mine,) = told(client, cast, "bearer").values()
    assert mine == {
        "id": str(problem.uuid), "place": HOME, "name": problem.kind_name, "icon": mine["icon"], "state": "open",
        "by": problem.deadline.isoformat(), "n": 1, "who": "", "may": ["claim", "mended", "note"],
        "said": [{"day": problem.reported_on.isoformat(), "what": "报告", "text": "柴草堆在门口"}],
    }  # fmt: skip
    step(cast, problem, "bearer", "mended", "已归垛", now=now)
    (mine,) = told(client, cast, "bearer").values()
    assert (mine["state"], mine["may"], mine["n"]) == ("mended", ["note"], 2), "seen until somebody verifies it"
    office = told(client, cast, "village_office")
    assert office[HOME]["may"] == ["verified", "rejected", "note"]
    assert [said["text"] for said in office[HOME]["said"]] == ["柴草堆在门口", "已归垛"]
    assert office[f"{WILLOW}-H00006"]["may"] == ["claim", "mended", "note"]
    assert told(client, cast, "department") == {}


def test_what_the_phone_offers_is_what_the_server_takes(cast: Cast, client: Client) -> None:
    now = timezone.now()
    for n, (kind, place) in enumerate(
        (("rubbish", HOME), ("firewood", f"{WILLOW}-H00006"), ("sewage", f"{WILLOW}-G001"))
    ):
        row = reported(cast, by="village_office", kind=kind, place=place, now=now)
        if n == 1:
            step(cast, row, "township_office", "mended", now=now)
    for who in ("bearer", "village_office", "township_office", "supervisor", "county_office"):
        offered = {row["id"]: row["may"] for row in told(client, cast, who).values()}
        for problem in Problem.objects.all():
            for kind in offered.get(str(problem.uuid), []):
                before = problem.n_steps
                answer = step_problem(sender(cast, who), problem.uuid, kind, text="示例", base=before, now=now)
                assert answer.state == "stored", (who, kind, problem.state, answer)
                problem.refresh_from_db()
                assert problem.n_steps == before + 1
                last = problem.steps.get(n=before + 1)
                assert not last.conflict
                with write():
                    Afterwards().take_back(list(Capture.objects.filter(uuid=answer.id)))
                problem.refresh_from_db()


def test_an_inspected_place_rejected_in_the_field_is_to_be_mended_again(cast: Cast, client: Client) -> None:
    now = timezone.now()
    problem = reported(cast, now=now)
    step(cast, problem, "bearer", "mended", now=now)
    answer = step_problem(sender(cast, "village_office"), problem.uuid, "rejected", text="墙角还有", base=2, now=now)
    assert answer.state == "stored", answer
    mine = told(client, cast, "bearer")[HOME]
    assert (mine["state"], mine["said"][-1]["text"]) == ("working", "墙角还有")
    late = step_problem(sender(cast, "village_office"), problem.uuid, "rejected", text="再看", base=2, now=now)
    assert late.state == "held", "somebody was quicker: kept for a person"


def test_the_most_urgent_come_first_and_no_more_than_a_phone_can_show(cast: Cast, client: Client) -> None:
    now = timezone.now()
    first = reported(cast, by="village_office", now=now)
    rows = [Problem.objects.get(pk=first.pk) for _ in range(MOST + 5)]
    for n, row in enumerate(rows):
        row.pk, row.uuid, row.deadline = None, new_id(), first.deadline + timedelta(days=n - 3)
    Problem.objects.bulk_create(rows)
    client.force_login(cast.users["bearer"])
    found = day(client)["atHand"]
    assert len(found) == MOST
    assert [row["by"] for row in found] == sorted(row["by"] for row in found)
    with CaptureQueriesContext(connection) as queries:
        client.get("/field/day.json", headers={"Accept": "application/json"})
    assert_budget("field:day", len(queries))


def test_who_has_no_problems_is_asked_one_question(cast: Cast) -> None:
    actor = doer(cast, "auditor")
    with CaptureQueriesContext(connection) as queries:
        assert at_hand(actor.scope, actor.person, [], timezone.localdate()) == []
    assert len(queries) == 1
    assert PEACH not in str(queries.captured_queries)
