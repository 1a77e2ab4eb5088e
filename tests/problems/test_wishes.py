"""Wishes that need someone else become problems, and hear what became of them."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.problems.rows import HOME, sender, step
from xiangyue.base.problems import Problem as Wrong
from xiangyue.duties.actions.visiting import record_wish
from xiangyue.duties.actions.wishing import hand_on_wish
from xiangyue.duties.visit_models import Wish, WishText
from xiangyue.problems.actions.reporting import report_problem
from xiangyue.problems.models import Problem, StepText


def wished(cast: Cast) -> Wish:
    """A wish that the first household told its bearer."""
    answer = record_wish(sender(cast, "bearer"), HOME, "门前路灯不亮", now=NOW)
    return Wish.objects.get(capture__uuid=answer.id)


def test_a_wish_handed_on_is_a_problem_and_settled_with_it(cast: Cast) -> None:
    wish = hand_on_wish(cast.users["village_office"], wished(cast), today=TODAY)
    found = Problem.objects.get()
    assert (found.kind, found.source, found.place) == ("wish", "wish", cast.household(1))
    assert wish.problem_key == str(found.uuid)
    assert StepText.objects.get(step__problem=found).text == "门前路灯不亮"
    step(cast, found, "township_office", "mended", "路灯换好了")
    step(cast, found, "village_office", "verified")
    wish.refresh_from_db()
    assert wish.state == "problem"
    step(cast, found, "county_office", "closed")
    wish.refresh_from_db()
    assert wish.state == "settled"
    assert WishText.objects.get(wish=wish).answer == "路灯换好了"


def test_a_wish_of_which_nothing_came_is_open_again(cast: Cast) -> None:
    wish = hand_on_wish(cast.users["village_office"], wished(cast), kind="facility", today=TODAY)
    found = Problem.objects.get()
    assert found.kind == "facility"
    step(cast, found, "village_office", "dismissed", "不归我们修")
    wish.refresh_from_db()
    assert (wish.state, wish.problem_key) == ("open", "")


def test_a_kind_that_is_not_there_leaves_the_wish_as_it_was(cast: Cast) -> None:
    wish = wished(cast)
    with pytest.raises(Wrong) as refused:
        hand_on_wish(cast.users["village_office"], wish, kind="noise", today=TODAY)
    assert refused.value.kind.code == "problem_kind"
    wish.refresh_from_db()
    assert wish.state == "open"
    assert not Problem.objects.exists()


def test_a_problem_from_the_field_that_names_its_wish(cast: Cast) -> None:
    wish = wished(cast)
    of = UUID(str(wish.capture.uuid))
    report_problem(sender(cast, "bearer"), HOME, "wish", source="wish", of=of, now=NOW)
    wish.refresh_from_db()
    assert wish.state == "problem"
    assert wish.problem_key == str(Problem.objects.get().uuid)
