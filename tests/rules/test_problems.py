"""Problems from report to close-out, from docs/rules/problems.md."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.tables import Row, figure, rows, words
from xiangyue.rules.problems import (
    ALLOWED,
    IN_HAND,
    LIVE,
    RANKS,
    Standing,
    Step,
    StepKind,
    begin,
    closed_share,
    counted,
    goes_up,
    look_on,
    looks_at,
    may,
    overdue,
    relapse,
    standing,
)
from xiangyue.rules.settings import Escalation, ProblemKind, Tier

KIND = ProblemKind(
    "rubbish", "垃圾", 7, escalations=(Escalation(1, "township"), Escalation(7, "county")), look_weeks=6, look_share=10
)
REPORT = Step(1, "reported", date(2026, 11, 2))
STEP = re.compile(r"(\?)?([a-z]+)(?: @(\d+))?(?: by (\w+))?(?: to (\w+))?(?: of (\d+))?")


def step(n: int, text: str) -> Step:
    """`?mended @5 by A to B of 3`."""
    match = STEP.fullmatch(text)
    assert match, text
    doubt, kind, day, who, to, of = match.groups()
    on = date(2026, 11, int(day or 3))
    return Step(n, cast(StepKind, kind), on, who or "", to or "", int(of or 0), conflict=bool(doubt))


@pytest.mark.parametrize("row", rows("problems", "deadlines"), ids=lambda row: row["case"])
def test_deadlines(row: Row) -> None:
    kind = replace(KIND, days=int(row["days"]))
    now = replace(begin(kind, "village", date.fromisoformat(row["reported"])), state=cast(Any, row["state"]))
    assert now.deadline == date.fromisoformat(row["deadline"])
    assert overdue(now, date.fromisoformat(row["today"])) == int(row["overdue"])


@pytest.mark.parametrize("row", rows("problems", "paths"), ids=lambda row: row["case"])
def test_where_steps_lead(row: Row) -> None:
    kind = replace(KIND, closes=cast(Any, row["closes"]))
    listed = [step(n, text) for n, text in enumerate(words(row["steps"].replace("–", "")), 2)]
    found = standing(kind, "village", [REPORT, *listed])
    assert (found.state, found.bearer) == (row["state"], row["bearer"])
    assert found.deadline == date.fromisoformat(row["deadline"])
    assert (found.reopened, found.relapsed) == (int(row["reopened"]), int(row["relapsed"]))


@pytest.mark.parametrize("row", rows("problems", "escalations"), ids=lambda row: f"{row['has it']}+{row['overdue']}")
def test_up_the_tree(row: Row) -> None:
    now = begin(KIND, cast(Tier, row["has it"]), date(2026, 11, 2))
    assert goes_up(KIND, now, now.deadline + timedelta(days=int(row["overdue"]))) == (row["goes to"] or None)


@pytest.mark.parametrize("row", rows("problems", "looks"), ids=lambda row: f"{row['share']}of{row['closed']}")
def test_how_many_are_looked_at_again(row: Row) -> None:
    assert looks_at(replace(KIND, look_share=int(row["share"])), int(row["closed"])) == int(row["drawn"])


@pytest.mark.parametrize("row", rows("problems", "rates"), ids=lambda row: f"{row['relapsed']}of{row['looked at']}")
def test_relapse(row: Row) -> None:
    found = relapse(int(row["looked at"]), int(row["relapsed"]))
    assert found.value == figure(row["rate"])
    assert "回头看" in found.why


def test_when_a_second_look_falls_due() -> None:
    assert look_on(KIND, date(2026, 11, 2)) == date(2026, 12, 14)
    assert look_on(replace(KIND, look_weeks=0), date(2026, 11, 2)) is None


def test_the_rate_of_close_out() -> None:
    assert closed_share(0, 0).value is None
    assert closed_share(3, 2) == (6667, "共 3 件，已销号 2 件，销号率 66.67%")


KINDS = st.sampled_from([*ALLOWED, "note", "undone", "accepted", "declined"])
STEPS = st.lists(
    st.tuples(
        KINDS, st.sampled_from("ABS"), st.sampled_from(["A", "B", "township", "county"]), st.integers(1, 9),
        st.integers(0, 60), st.booleans(),
    ),
    max_size=14,
)  # fmt: skip


def history(told: list[tuple[str, str, str, int, int, bool]]) -> list[Step]:
    """Steps one after another, whatever they say."""
    days = sorted(row[4] for row in told)
    return [
        REPORT,
        *(
            Step(n, cast(StepKind, kind), REPORT.day + timedelta(days=day), who, to, of, conflict=doubt)
            for n, ((kind, who, to, of, _day, doubt), day) in enumerate(zip(told, days, strict=True), 2)
        ),
    ]


@given(STEPS, st.sampled_from(["verified", "office"]))
def test_whatever_is_told_a_problem_stands_somewhere_sensible(told: list[Any], closes: str) -> None:
    kind = replace(KIND, closes=cast(Any, closes))
    found = standing(kind, "village", history(told))
    assert (found.state == "closed") == (found.closed_on is not None)
    assert found.state not in ("mended", "verified", "closed") or (found.mended_on and found.bearer)
    assert found.relapsed <= found.reopened
    assert found.deadline >= REPORT.day + timedelta(days=kind.days)
    assert found.state != "merged" or found.before in LIVE
    assert found.verified_on is None or found.mended_on is not None


@given(STEPS)
def test_nobody_verifies_what_they_mended(told: list[Any]) -> None:
    steps = history(told)
    mended, verifier = "", ""
    for n in range(1, len(steps) + 1):
        found = standing(KIND, "village", steps[:n])
        if found.verified_on and steps[n - 1].kind in ("verified", "accepted"):
            mended, verifier = (
                found.mended_by,
                next(s for s in reversed(list(counted(steps[1:n]))) if s.kind == "verified").who,
            )
            assert mended != verifier
    assert mended == "" or mended != verifier


@given(STEPS, st.integers(1, 9))
def test_a_step_that_is_taken_back_leaves_no_trace(told: list[Any], n: int) -> None:
    steps = history([row for row in told if row[0] not in ("undone", "accepted")])
    if 2 <= n <= len(steps):
        undone = Step(len(steps) + 1, "undone", steps[-1].day, of=steps[n - 1].n)
        without = [one for one in steps if one.n != n]
        assert standing(KIND, "village", [*steps, undone]) == standing(KIND, "village", without)


@given(STEPS, st.integers(0, 90))
def test_it_only_goes_up_and_only_when_overdue(told: list[Any], days: int) -> None:
    found = standing(KIND, "village", history([row for row in told if row[0] != "transferred"]))
    today = found.deadline + timedelta(days=days)
    up = goes_up(KIND, found, today)
    if up is not None:
        assert found.state in IN_HAND
        assert overdue(found, today) > 0
        assert RANKS[up] > RANKS[found.tier]


@given(STEPS)
def test_what_may_be_done_is_what_changes_something(told: list[Any]) -> None:
    found: Standing = standing(KIND, "village", history(told))
    assert may(found, "note")
    assert may(found, "mended") == (found.state in IN_HAND)
    assert not (may(found, "drawn") and may(found, "fine"))


@given(st.integers(0, 500), st.integers(1, 100))
def test_some_are_looked_at_and_never_more_than_there_are(closed: int, share: int) -> None:
    n = looks_at(replace(KIND, look_share=share), closed)
    assert n <= closed
    assert (n > 0) == (closed > 0)
