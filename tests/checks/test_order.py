"""The order of arrival does not matter, and sending again changes nothing: properties over made-up histories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import NOW, TODAY, Cast
from xiangyue.captures import intake
from xiangyue.captures.envelope import Envelope, seal
from xiangyue.captures.ids import new_id
from xiangyue.captures.intake import Actor
from xiangyue.checks.bulk import recount
from xiangyue.checks.models import Check, DayCount, SheetTotal
from xiangyue.duties.models import Duty


@dataclass(frozen=True)
class Sent:
    """One capture of a made-up history: who, which households with how many faults, how long ago."""

    bearer: int
    seen: tuple[tuple[int, int], ...]
    hours: int


ROUNDS = st.lists(
    st.builds(
        Sent,
        bearer=st.integers(0, 1),
        seen=st.dictionaries(st.integers(1, 4), st.integers(0, 3), min_size=1, max_size=4).map(
            lambda seen: tuple(sorted(seen.items()))
        ),
        hours=st.sampled_from([0, 1, 2, 3, 30]),
    ),
    min_size=1,
    max_size=7,
)


@pytest.fixture
def two_bearers(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """P07 has a log-in and stands in for P06: both check the same households."""
    from tests.cast import user

    monkeypatch.setattr("xiangyue.checks.storing.follow", lambda event, facts: None)
    user(cast, "second", "bearer", "P07", "990100100201")
    Duty.objects.filter(person=cast.people["P06"]).update(
        stand_in=cast.people["P07"], stand_in_from=TODAY - timedelta(days=9), stand_in_to=TODAY
    )
    return cast


def envelopes(cast: Cast, history: list[Sent]) -> list[tuple[Envelope, Actor]]:
    base = new_id(1_700_000_000_000).int
    found = []
    for number, sent in enumerate(history):
        fine = [cast.household(door).code for door, faults in sent.seen if not faults]
        faulty = [
            {"subject": cast.household(door).code, "entries": [{"item": "S01-1", "step": "rubbish", "n": faults}]}
            for door, faults in sent.seen
            if faults
        ]
        body = {"check": "daily", "fine": fine, "faults": faulty}
        made = NOW - timedelta(hours=sent.hours)
        user = cast.users[("bearer", "second")[sent.bearer]]
        found.append((seal("round", body, id=UUID(int=base + number), made_at=made), Actor(user.pk)))
    return found


def standing() -> tuple[Any, Any, Any]:
    """What counts, the sums, the day counts."""
    counted = Check.objects.filter(state=Check.State.COUNTED).order_by("subject__code", "day", "inspector__code")
    totals = SheetTotal.objects.order_by("subject__code", "month")
    days = DayCount.objects.exclude(n_checks=0).order_by("day")
    return (
        list(counted.values_list("subject__code", "day", "inspector__code", "score", "made_at")),
        list(totals.values_list("subject__code", "month", "n", "total", "lowest", "highest", "last", "last_at")),
        list(days.values_list("day", "n_checks", "n_faulty")),
    )


def play(sent: list[tuple[Envelope, Actor]], together: bool) -> tuple[Any, Any, Any]:
    """The standing after these captures, one by one or all at once; everything is taken back."""
    # marked as a test's own: the intake promises nothing inside somebody's open transaction
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]
    with outer:
        if together:
            for actor in sorted({actor for _envelope, actor in sent}, key=lambda actor: actor.user_id):
                intake.submit_many([envelope for envelope, mine in sent if mine == actor], actor, now=NOW)
        else:
            for envelope, actor in sent:
                intake.submit(envelope, actor, now=NOW)
        found = standing()
        recount(Check.objects.values_list("ground_id", flat=True)[0], 202611)
        assert standing() == found, "the running sums differ from sums over the rows"
        transaction.set_rollback(True)
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=ROUNDS, data=st.data(), together=st.booleans())
def test_the_order_of_arrival_does_not_matter(
    two_bearers: Cast, history: list[Sent], data: st.DataObject, together: bool
) -> None:
    sent = envelopes(two_bearers, history)
    shuffled = data.draw(st.permutations(sent))
    again = data.draw(st.lists(st.sampled_from(sent), max_size=3))
    assert play(sent, together=False) == play(shuffled + again, together)


def test_what_counts_beside_a_sheet_that_came_too_late_to_count_is_in_the_sums(two_bearers: Cast) -> None:
    later, earlier, day_before = envelopes(
        two_bearers, [Sent(0, ((1, 0),), 0), Sent(0, ((1, 1),), 2), Sent(0, ((1, 2),), 30)]
    )
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]
    with outer:
        intake.submit(*later, now=NOW)
        intake.submit_many([earlier[0], day_before[0]], earlier[1], now=NOW)
        found = standing()
        assert [row[2] for row in found[1]] == [2]
        recount(Check.objects.values_list("ground_id", flat=True)[0], 202611)
        assert standing() == found
