"""From report to close-out: who may do what, what the row then says, and that it says what its steps come to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from tests.cast import NOW, PEACH, TODAY, WILLOW, Cast
from tests.problems.rows import HOME, closed, doer, reported, sender, step
from xiangyue.base import terms
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem as Wrong
from xiangyue.captures.models import Capture
from xiangyue.problems.actions.reporting import report_problem
from xiangyue.problems.actions.stepping import Taken, bearer_key, decide, merge, take
from xiangyue.problems.daily import escalate_overdue
from xiangyue.problems.models import Problem, Step, StepText
from xiangyue.problems.replaying import DERIVED, derive

LATER = NOW + timedelta(days=9)


def test_a_problem_is_reported_with_its_deadline(cast: Cast) -> None:
    found = reported(cast)
    assert (found.state, found.tier, found.kind_name) == ("open", "village", "柴草乱垛")
    assert (found.reported_on, found.deadline) == (TODAY, TODAY + timedelta(days=7))
    assert found.reported_by == cast.people["P06"]
    assert StepText.objects.get(step__problem=found).text == "柴草堆在门口"
    capture = Capture.objects.get(uuid=found.uuid)
    assert "text" not in capture.body
    assert capture.place == cast.places[WILLOW]


def test_from_report_to_close_out(cast: Cast) -> None:
    found = reported(cast, by="township_office")
    found = step(cast, found, "bearer", "claimed")
    assert (found.state, found.person) == ("working", cast.people["P06"])
    found = step(cast, found, "bearer", "mended", "柴草已归垛")
    assert (found.state, found.mended_by) == ("mended", f"p{cast.people['P06'].pk}")
    found = step(cast, found, "village_office", "verified")
    assert (found.state, found.verified_on, found.closed_on) == ("closed", TODAY, TODAY)
    assert [line.kind for line in found.steps.order_by("n")] == ["reported", "claimed", "mended", "verified"]
    assert found.steps.get(kind="verified").told_by == "village"
    acts = Change.objects.filter(table="problems.problem", key=str(found.pk)).values_list("act", flat=True)
    assert set(acts) == {"problem.claimed", "problem.mended", "problem.verified"}


def test_nobody_verifies_their_own_work(cast: Cast) -> None:
    found = reported(cast)
    step(cast, found, "village_office", "mended")
    with pytest.raises(Wrong) as refused:
        step(cast, found, "village_office", "verified")
    assert refused.value.kind.code == "problem_own_work"
    assert step(cast, found, "township_office", "verified").state == "closed"


def test_only_whom_the_kind_names_verifies(cast: Cast) -> None:
    found = reported(cast)
    step(cast, found, "bearer", "mended")
    with pytest.raises(Wrong) as refused:
        step(cast, found, "department", "verified")
    assert refused.value.kind.code == "problem_verifier"
    assert step(cast, found, "supervisor", "verified").state == "closed"


def test_a_wish_is_closed_by_the_office_above(cast: Cast) -> None:
    found = reported(cast, by="village_office", kind="wish")
    step(cast, found, "bearer", "mended")
    assert step(cast, found, "village_office", "verified").state == "verified"
    with pytest.raises(Wrong):
        step(cast, found, "village_office", "closed")
    assert step(cast, found, "township_office", "closed").state == "closed"


def test_beyond_means_it_goes_up_and_comes_down_again(cast: Cast) -> None:
    found = reported(cast)
    found = step(cast, found, "bearer", "escalated", "要钩机", to="township")
    assert (found.tier, found.n_escalated) == ("township", 1)
    with pytest.raises(Wrong) as refused:
        step(cast, found, "village_office", "transferred", to="village")
    assert refused.value.kind.code == "problem_not_yours"
    key = bearer_key("D01", found.place.path)
    found = step(cast, found, "township_office", "assigned", to=key)
    assert (found.organisation, found.person) == (cast.organisations["D01"], None)
    found = step(cast, found, "township_office", "transferred", to="village")
    assert (found.tier, found.state, found.organisation) == ("village", "open", None)


def test_what_is_not_said_is_asked_for(cast: Cast) -> None:
    found = reported(cast)
    for kind in ("mended", "dismissed", "planned", "note", "escalated"):
        with pytest.raises(Wrong) as refused:
            step(cast, found, "village_office", kind, " ")
        assert refused.value.kind.code == "problem_text"


def test_a_plan_names_who_and_by_when(cast: Cast) -> None:
    found = reported(cast)
    to = bearer_key("P08", found.place.path)
    found = step(cast, found, "village_office", "planned", "先清后绿", to=to, until=date(2026, 12, 20))
    assert (found.planned, found.plan_until, found.person) == (True, date(2026, 12, 20), cast.people["P08"])
    assert found.deadline == TODAY + timedelta(days=7)


def test_the_same_twice_is_merged_and_taken_apart(cast: Cast) -> None:
    first, second = reported(cast), reported(cast, by="village_office")
    made = merge(doer(cast, "village_office"), second.pk, first.pk, now=NOW)
    assert (made.state, made.into) == ("merged", first)
    assert step(cast, made, "village_office", "unmerged").state == "open"
    other = reported(cast, kind="sewage")
    with pytest.raises(Wrong):
        merge(doer(cast, "village_office"), second.pk, other.pk, now=NOW)


def test_reopened_it_has_a_new_deadline(cast: Cast) -> None:
    found = closed(cast)
    found = step(cast, found, "county_office", "reopened", "又堆上了", now=LATER)
    assert (found.n_reopened, found.closed_on) == (1, None)
    assert found.deadline == LATER.date() + timedelta(days=7)


def test_past_the_deadline_it_goes_up_once_a_day_at_most(cast: Cast) -> None:
    found = reported(cast)
    assert escalate_overdue(now=NOW + timedelta(days=7)) == 0
    assert escalate_overdue(now=NOW + timedelta(days=8)) == 1
    assert escalate_overdue(now=NOW + timedelta(days=8)) == 0
    found.refresh_from_db()
    assert found.tier == "township"
    assert escalate_overdue(now=NOW + timedelta(days=14)) == 1
    found.refresh_from_db()
    assert (found.tier, found.n_escalated) == ("county", 2)
    assert Change.objects.filter(act="problem.escalated").count() == 2


def test_escalation_costs_the_same_for_many(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(1, 9):
        reported(cast, by="village_office", place=f"{WILLOW}-H{number:05d}")
    with django_assert_max_num_queries(22):
        assert escalate_overdue(now=LATER) == 8


def test_texts_are_erased_at_their_term(cast: Cast) -> None:
    reported(cast)
    assert terms.erase_over(TODAY + timedelta(days=700)) == {}
    assert terms.erase_over(TODAY + timedelta(days=731)) == {"problems.StepText": 1}
    assert Step.objects.count() == 1


def test_nobody_reports_at_others_doors(cast: Cast) -> None:
    for by, place in (("bearer", f"{WILLOW}-H00008"), ("village_office", PEACH), ("other_county_office", HOME)):
        answer = report_problem(sender(cast, by), place, "firewood", now=NOW)
        assert (answer.state, answer.code) == ("refused", "problem_place")
    assert report_problem(sender(cast, "bearer"), f"{WILLOW}-G001", "rubbish", now=NOW).state == "stored"


def test_a_kind_that_the_scheme_has_not(cast: Cast) -> None:
    answer = report_problem(sender(cast, "bearer"), HOME, "noise", now=NOW)
    assert answer.code == "problem_kind"
    assert "柴草乱垛" in answer.mend


def test_the_clerk_decides_what_is_in_doubt(cast: Cast) -> None:
    from xiangyue.problems.actions.reporting import step_problem

    found = reported(cast)
    step(cast, found, "village_office", "dismissed")
    answer = step_problem(sender(cast, "bearer"), found.uuid, "mended", text="已清", base=1, now=NOW)
    assert answer.state == "held"
    found.refresh_from_db()
    assert (found.state, found.n_doubts) == ("dismissed", 1)
    step(cast, found, "county_office", "reopened")
    made = decide(doer(cast, "village_office"), found.pk, 3, True, now=NOW)
    assert (made.state, made.n_doubts) == ("mended", 0)
    assert Capture.objects.get(uuid=answer.id).state == "stored"
    with pytest.raises(Wrong):
        decide(doer(cast, "village_office"), found.pk, 3, False, now=NOW)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["bearer", "village_office", "township_office", "county_office", "supervisor"]),
        st.sampled_from([
            "claimed", "assigned", "transferred", "escalated", "planned", "mended", "rejected", "verified", "closed",
            "reopened", "dismissed", "note",
        ]),
        st.sampled_from(["village", "township", "county"]),
        st.integers(0, 3),
    ),
    max_size=10,
)  # fmt: skip


@with_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_done_the_row_says_what_its_steps_come_to(
    cast: Cast, acts: list[tuple[str, str, str, int]]
) -> None:
    now = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    found = reported(cast, now=now)
    for by, kind, to, days in acts:
        now += timedelta(days=days)
        to = (
            to
            if kind in ("transferred", "escalated")
            else f"p{cast.people['P08'].pk}"
            if kind in ("assigned", "planned")
            else ""
        )
        try:
            take(doer(cast, by), found.pk, Taken(kind, "示例", to), now=now)
        except Wrong:
            continue
    row = Problem.objects.get(pk=found.pk)
    again = derive([found.pk])[0]
    assert {name: getattr(row, name) for name in DERIVED} == {name: getattr(again, name) for name in DERIVED}
    mended = row.steps.filter(kind="mended").order_by("n").last()
    verified = row.steps.filter(kind="verified").order_by("n").last()
    assert not (verified and mended) or verified.who != mended.who or verified.n < mended.n


def test_what_went_up_is_still_mended_where_it_lies(cast: Cast) -> None:
    found = reported(cast)
    assert escalate_overdue(now=NOW + timedelta(days=15)) == 1
    made = step(cast, found, "village_office", "mended", "已清", now=NOW + timedelta(days=16))
    assert (made.state, made.tier) == ("mended", "county")
    with pytest.raises(Wrong):
        step(cast, found, "village_office", "assigned", to="p1", now=NOW + timedelta(days=16))
