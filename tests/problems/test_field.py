"""Problems and steps as envelopes: out of order, twice, on what moved on, taken back, and from those who may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, TODAY, WILLOW, Cast
from tests.problems.rows import HOME, closed, reported, sender, step
from xiangyue.captures.envelope import open_envelope, seal
from xiangyue.captures.ids import new_id
from xiangyue.captures.intake import Answer, submit, submit_many
from xiangyue.checks.actions import undo
from xiangyue.checks.actions.deciding import accept_held, dismiss_held
from xiangyue.problems.actions.reporting import report_problem, step_problem
from xiangyue.problems.models import Problem, Step


def sent(cast: Cast, by: str, problem: Problem, kind: str, base: int = 1, text: str = "已清") -> Answer:
    """A step made in the field."""
    return step_problem(sender(cast, by), problem.uuid, kind, text=text, base=base, now=NOW)


def test_steps_from_the_field(cast: Cast) -> None:
    found = reported(cast)
    assert sent(cast, "bearer", found, "claim").state == "stored"
    assert sent(cast, "bearer", found, "mended", 2).state == "stored"
    assert sent(cast, "village_office", found, "verified", 3).state == "stored"
    found.refresh_from_db()
    assert (found.state, found.n_steps) == ("closed", 4)


def test_the_same_envelope_twice_is_one_problem(cast: Cast) -> None:
    key = new_id()
    for state in ("stored", "already"):
        assert report_problem(sender(cast, "bearer"), HOME, "sewage", id=key, now=NOW).state == state
    other = report_problem(sender(cast, "bearer"), HOME, "manure", id=key, now=NOW)
    assert other.state == "conflict"
    assert Problem.objects.count() == 1


def test_a_problem_and_its_steps_in_one_bundle(cast: Cast) -> None:
    key = new_id()
    body = {"place": HOME, "kind": "rubbish", "text": "门口", "source": "field", "of": None}
    first = seal("problem", body, id=key, made_at=NOW)
    second = seal(
        "problem_step", {"problem": str(key), "step": "claim", "text": "", "base": 1}, id=new_id(), made_at=NOW
    )
    later = NOW + timedelta(minutes=1)
    done = {"problem": str(key), "step": "mended", "text": "已清", "base": 2}
    third = seal("problem_step", done, id=new_id(), made_at=later)
    answers = submit_many([third, second, first], sender(cast, "bearer"), now=later)
    assert [answer.state for answer in answers] == ["stored"] * 3
    assert Problem.objects.get().state == "mended"
    assert list(Step.objects.values_list("kind", flat=True)) == ["reported", "claimed", "mended"]


def test_what_somebody_else_did_meanwhile_goes_to_a_person(cast: Cast) -> None:
    found = closed(cast)
    answer = sent(cast, "bearer", found, "mended", 1, "我也清了")
    assert answer.state == "held"
    assert "已有变化" in answer.words
    body = {"problem": str(found.uuid), "step": "mended", "text": "我也清了", "base": 1}
    envelope = seal("problem_step", body, id=new_id(), made_at=NOW)
    first, again = (submit(envelope, sender(cast, "bearer"), now=NOW) for _ in range(2))
    assert (first.state, again.state, again.code) == ("held", "already", "held"), "a lost answer is told again"
    found.refresh_from_db()
    assert (found.state, found.n_doubts) == ("closed", 2)
    assert {step.words.text for step in found.steps.filter(conflict=True)} == {"我也清了"}


def test_a_held_step_is_let_in_or_left_out_on_the_waiting_page(cast: Cast) -> None:
    from tests.problems.rows import doer

    found = closed(cast)
    first, second = sent(cast, "bearer", found, "mended"), sent(cast, "bearer", found, "claim")
    scope = doer(cast, "county_office").scope
    from xiangyue.captures.models import Capture

    accept_held(scope, Capture.objects.get(uuid=first.id).pk, now=NOW)
    dismiss_held(scope, Capture.objects.get(uuid=second.id).pk, reason="重复")
    found.refresh_from_db()
    assert (found.state, found.n_doubts) == ("closed", 0)
    assert [row.kind for row in found.steps.order_by("-n")[:2]] == ["declined", "accepted"]


def test_it_is_taken_back_within_ten_minutes(cast: Cast) -> None:
    found = reported(cast)
    answer = sent(cast, "bearer", found, "mended")
    from uuid import UUID

    assert undo(sender(cast, "bearer"), UUID(answer.id), now=NOW + timedelta(minutes=5)).state == "stored"
    found.refresh_from_db()
    assert (found.state, found.n_steps) == ("open", 3)
    assert undo(sender(cast, "bearer"), found.uuid, now=NOW + timedelta(minutes=6)).state == "stored"
    found.refresh_from_db()
    assert found.state == "dismissed"


def test_what_others_built_on_stays(cast: Cast) -> None:
    from uuid import UUID

    found = reported(cast)
    answer = sent(cast, "bearer", found, "mended")
    step(cast, found, "village_office", "verified")
    undo(sender(cast, "bearer"), UUID(answer.id), now=NOW + timedelta(minutes=5))
    found.refresh_from_db()
    assert found.state == "closed"
    assert "撤回来迟了" in found.steps.order_by("-n")[0].words.text


def test_a_wrong_clock_loses_nothing(cast: Cast) -> None:
    made = NOW + timedelta(days=900)
    answer = report_problem(sender(cast, "bearer"), HOME, "rubbish", made_at=made, now=NOW)
    assert answer.state == "stored"
    assert "对不上" in answer.words
    found = Problem.objects.get()
    assert found.reported_on == TODAY
    early = step_problem(sender(cast, "bearer"), found.uuid, "mended", text="清", base=1, made_at=made, now=NOW)
    assert early.state == "held"


BAD: list[dict[str, Any]] = [
    {"place": 7, "kind": "rubbish"},
    {"place": HOME},
    {"place": HOME, "kind": "rubbish", "source": "rumour"},
    {"place": HOME, "kind": "rubbish", "text": "长" * 501},
    {"place": HOME, "kind": "rubbish", "of": "x"},
    {"place": HOME, "kind": "rubbish", "lat": 1.5},
]


@pytest.mark.parametrize("body", BAD, ids=str)
def test_a_body_that_is_wrong_is_refused_with_words(cast: Cast, body: dict[str, Any]) -> None:
    raw = {"id": str(new_id()), "kind": "problem", "version": 1, "made_at": NOW.isoformat(), "body": body}
    answer = submit(open_envelope(raw), sender(cast, "bearer"), now=NOW)
    assert (answer.state, answer.code) == ("refused", "problem_body")
    assert answer.mend


@pytest.mark.parametrize(
    "body", [{"problem": "x", "step": "claim"}, {"step": "claim"}, {"step": "closed"}, {"step": ["x"]}]
)
def test_a_step_that_is_wrong_is_refused(cast: Cast, body: dict[str, Any]) -> None:
    answer = submit(seal("problem_step", body, id=new_id()), sender(cast, "bearer"), now=NOW)
    assert answer.code == "problem_body"


def test_nobody_touches_what_they_do_not_see(cast: Cast) -> None:
    found = reported(cast, by="village_office", place=f"{WILLOW}-H00008")
    for by in ("bearer", "other_county_office", "keeper"):
        assert sent(cast, by, found, "note").code in ("problem_unknown", "no_grant")
    assert sent(cast, "county_office", found, "note").state == "stored"


def test_a_double_tap_is_told(cast: Cast) -> None:
    found = reported(cast)
    sent(cast, "bearer", found, "mended")
    assert sent(cast, "bearer", found, "verified", 2).code == "problem_own_work"
    assert sent(cast, "bearer", found, "mended", 2).code == "problem_state"
