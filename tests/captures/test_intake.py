"""The intake under many hands: each capture once, whoever writes it; one that fails spares the others."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tests.cast import NOW, Cast, make_cast
from xiangyue.base.problems import Problem
from xiangyue.captures import intake
from xiangyue.captures.envelope import Envelope, open_envelope, seal
from xiangyue.captures.ids import new_id, read_id
from xiangyue.captures.intake import Actor, Answer
from xiangyue.captures.keys import make_key, proof_of, read_key
from xiangyue.captures.models import Capture
from xiangyue.checks.models import Check, DayCount, SheetTotal

THREADS, EACH = 8, 12


def envelope_of(cast: Cast, number: int, key: UUID | None = None, minutes: int = 0) -> Envelope:
    body = {"check": "daily", "fine": [cast.household(number).code]}
    return seal("round", body, id=key or new_id(), made_at=NOW - timedelta(minutes=minutes))


def test_ids_are_uuids_of_version_7_and_sort_by_time() -> None:
    first, second = new_id(1_000), new_id(2_000)
    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert first < second
    assert read_id(str(first)) == first
    assert read_id("6ba7b810-9dad-11d1-80b4-00c04fd430c8") is None
    assert read_id("7") is None


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ([], "capture_form"),
        ({"id": "7"}, "capture_id"),
        ({"id": str(new_id()), "kind": "round"}, "capture_form"),
        ({"id": str(new_id()), "kind": "round", "body": {}, "version": 2}, "capture_version"),
        ({"id": str(new_id()), "kind": "round", "body": {}, "made_at": "昨天"}, "capture_time"),
        ({"id": str(new_id()), "kind": "round", "body": {}, "made_at": "2026-11-21T08:00:00"}, "capture_time"),
        ({"id": str(new_id()), "kind": "round", "body": {"note": "\x00"}}, "capture_form"),
        ({"id": str(new_id()), "kind": "round", "body": {"note": "\ud800"}}, "capture_form"),
        ({"id": str(new_id()), "kind": "round", "body": {"n": float("nan")}}, "capture_form"),
    ],
    ids=["no object", "id", "no body", "newer", "no time", "no zone", "NUL", "half a character", "no number"],
)
def test_what_is_no_envelope_is_told_with_what_to_do(raw: Any, code: str) -> None:
    with pytest.raises(Problem) as told:
        open_envelope(raw)
    assert told.value.kind.code == code
    assert told.value.words
    assert told.value.mend


def test_a_key_holds_until_its_time_or_a_new_password() -> None:
    key = make_key(7, "hash", now=1_000_000)
    found = read_key(key, now=1_000_001)
    assert found is not None
    assert (found.user_id, found.proof) == (7, proof_of("hash"))
    assert found.proof != proof_of("other")
    assert read_key(key, now=1_000_000 + 15 * 86_400) is None
    assert read_key(key.replace(".7.", ".8."), now=1_000_001) is None
    assert read_key("", now=1) is None
    assert read_key("密.钥", now=1) is None


def test_a_capture_of_no_known_kind_is_refused(cast: Cast) -> None:
    answer = intake.submit(seal("dance", {}, id=new_id()), Actor(cast.users["bearer"].pk))
    assert (answer.state, answer.code) == ("refused", "capture_kind")


def test_a_key_made_before_the_password_changed_is_signed_out(cast: Cast) -> None:
    user = cast.users["bearer"]
    good = Actor(user.pk, proof=proof_of(user.password))
    assert intake.submit(envelope_of(cast, 1), good, now=NOW).state == "stored"
    user.set_password("another-2026")
    user.save()
    assert intake.submit(envelope_of(cast, 2), good, now=NOW).code == "signed_out"


def test_one_that_breaks_spares_those_beside_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from xiangyue.checks import judging

    real = judging.judge_row

    def breaks(world: Any, scheme: str, check: str, row: Any, *more: Any) -> Any:
        if row.subject == cast.household(2).code:
            raise ZeroDivisionError
        return real(world, scheme, check, row, *more)

    monkeypatch.setattr(judging, "judge_row", breaks)
    actor = Actor(cast.users["bearer"].pk)
    with pytest.raises(Problem, match="系统正忙"):
        intake.submit_many([envelope_of(cast, number) for number in (1, 2, 3)], actor, now=NOW)
    on_file = Check.objects.order_by("subject__code").values_list("subject__code", flat=True)
    assert list(on_file) == [cast.household(1).code, cast.household(3).code]


@pytest.mark.django_db(transaction=True)
def test_many_threads_store_each_capture_once() -> None:
    """Threads send the same captures at the same time: one of each is stored, the others are told `already`."""
    cast = make_cast()
    actor = Actor(cast.users["bearer"].pk)
    sent = [envelope_of(cast, 1 + n % 4, minutes=n) for n in range(EACH)]
    start = threading.Barrier(THREADS)
    states: Counter[str] = Counter()
    lock = threading.Lock()
    failures: list[BaseException] = []

    def send() -> None:
        try:
            start.wait()
            found = [intake.submit(envelope, actor, now=NOW).state for envelope in sent]
            with lock:
                states.update(found)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert states == {"stored": EACH, "already": EACH * (THREADS - 1)}
    assert Capture.objects.count() == EACH
    assert Check.objects.filter(state=Check.State.COUNTED).count() == 4
    assert {(row.n, row.last) for row in SheetTotal.objects.all()} == {(1, 10_000)}
    assert DayCount.objects.get().n_checks == 4


@pytest.mark.django_db(transaction=True)
def test_what_waits_together_is_written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one writes, the others queue, and the next transaction takes them all."""
    cast = make_cast()
    actor = Actor(cast.users["bearer"].pk)
    sizes: list[int] = []
    real, first, waiting = intake._handle, threading.Event(), threading.Event()

    def slow(batch: Any) -> None:
        sizes.append(len(batch))
        if len(sizes) == 1:
            first.set()
            waiting.wait(10)
        real(batch)

    monkeypatch.setattr(intake, "_handle", slow)
    answers: list[Answer] = []

    def send(number: int) -> None:
        answers.append(intake.submit(envelope_of(cast, number), actor, now=NOW))
        connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in (1, 2, 3, 4)]
    threads[0].start()
    assert first.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(intake._INTAKE._waiting) < 3:
        waiting.wait(0.01)
    waiting.set()
    for thread in threads:
        thread.join()
    assert sizes == [1, 3]
    assert [answer.state for answer in answers] == ["stored"] * 4
