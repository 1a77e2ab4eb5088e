"""Several statements in one trip: answers in their order, and a trip that fails leaves the way open."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone

from xiangyue.base.bulk import stored
from xiangyue.base.changes import log
from xiangyue.base.models import Change
from xiangyue.base.roundtrip import Command, among, ask, insertion, tell, trips_shared
from xiangyue.captures.models import Capture

COLUMNS_HERE = (
    "id", "uuid", "digest", "kind", "place", "channel", "made_at", "clock_error", "received_at", "state", "body",
)  # fmt: skip


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


@pytest.mark.django_db
def test_a_list_of_any_texts_is_bound_whole() -> None:
    texts = ["a", "b,c", '"d"', "e\\f", "g{h}", "", "NULL", "示例"]
    for number, text in enumerate(texts):
        log(None, "test.act", ("test", str(number)), path="", reason=text)
    for some in (texts, texts[2:4], texts[5:6]):
        these, values = among("reason", some)
        assert sorted(row[0] for row in ask((f"SELECT reason FROM base_change WHERE {these}", values))[0]) == sorted(
            some
        )


@pytest.mark.django_db
def test_what_is_told_waits_for_the_next_trip_and_nobody_sees_a_difference() -> None:
    def told(key: str) -> Command:
        row = (stored(timezone.now()), "test.act", "test", key, "", "")
        return insertion(Change, ("at", "act", "table", "key", "path", "reason"), [row])

    listed = "SELECT key FROM base_change WHERE act = 'test.act' ORDER BY id"
    with transaction.atomic(), trips_shared():
        tell(told("1"))
        tell(told("2"))
        assert ask((listed, ())) == [[("1",), ("2",)]]
        tell(told("3"))
        assert Change.objects.filter(act="test.act").count() == 3
        tell(told("4"))
        log(None, "test.act", ("test", "5"), path="")
        tell(told("6"))
    assert [row.key for row in Change.objects.filter(act="test.act").order_by("id")] == list("123456")

    def broken() -> None:
        with transaction.atomic(), trips_shared():
            tell(told("7"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    tell(told("8"))
    assert [row.key for row in Change.objects.filter(act="test.act").order_by("-id")[:2]] == ["8", "6"]


@pytest.mark.django_db
def test_more_texts_than_a_connection_keeps_plans_of_are_answered_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiangyue.base.roundtrip.MOST_PLANS", 0)
    these, values = among("n", [1, 3])
    assert ask((f"SELECT n FROM (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3) AS numbers WHERE {these}", values)) == [
        [(1,), (3,)]
    ]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_begun_by_a_trip_ends_as_any_other() -> None:
    connection.ensure_connection()
    held: Any = connection.connection

    def broken() -> None:
        with transaction.atomic():
            ask(("SELECT 1", ()))
            log(None, "test.act", ("test", "1"), path="")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    with transaction.atomic():
        ask(("SELECT 1", ()))
        log(None, "test.act", ("test", "2"), path="")
    with transaction.atomic():
        ask(("SELECT 1", ()))
        with pytest.raises(Error), transaction.atomic():
            ask(("SELECT nothing FROM nowhere", ()))
        log(None, "test.act", ("test", "3"), path="")
    assert connection.connection is held
    assert [row.key for row in Change.objects.filter(act="test.act").order_by("id")] == ["2", "3"]


@pytest.mark.django_db(transaction=True)
def test_the_last_trip_commits_or_leaves_nothing() -> None:
    """What is held only at the commit (a key to a row that is not there) is refused there, and the way is open again."""

    def told(capture: int) -> Command:
        now = stored(timezone.now())
        row = (capture, stored(uuid.uuid4()), "0" * 64, "round", 0, "phone", now, 0, now, "stored", "{}")
        return insertion(Capture, COLUMNS_HERE, [row])

    def tell_it() -> None:
        with transaction.atomic(), trips_shared():
            ask(("SELECT 1", ()))
            tell(told(1))

    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        tell_it()
    assert not Capture.objects.exists()
    with transaction.atomic(), trips_shared():
        log(None, "test.act", ("test", "1"), path="")
        tell(
            insertion(
                Change,
                ("at", "act", "table", "key", "path", "reason"),
                [(stored(timezone.now()), "test.act", "test", "2", "", "")],
            )
        )
    assert [row.key for row in Change.objects.filter(act="test.act").order_by("id")] == ["1", "2"]
