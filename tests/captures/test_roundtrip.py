"""Several statements in one trip: answers in their order, and a trip that fails leaves the way open."""

from __future__ import annotations

import pytest
from django.db import Error, transaction

from xiangyue.base.roundtrip import ask


@pytest.mark.django_db
def test_answers_come_in_the_order_of_the_questions() -> None:
    found = ask(("SELECT 1", ()), ("SELECT 2 WHERE 1 = 0", ()), ("SELECT 3", ()))
    assert found == [[(1,)], [], [(3,)]]


@pytest.mark.django_db
@pytest.mark.parametrize("bad", [("SELECT %s", [object()]), ("SELECT nothing FROM nowhere", ())])
def test_after_a_trip_that_fails_the_next_one_is_answered(bad: tuple[str, list[object]]) -> None:
    """A value that cannot be sent, and a statement that the server refuses, after one that is on its way."""
    with pytest.raises(Error), transaction.atomic():
        ask(("SELECT 1", ()), bad, ("SELECT 3", ()))
    assert ask(("SELECT 4", ())) == [[(4,)]]
