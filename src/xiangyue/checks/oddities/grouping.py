"""What looks odd in heaps: of one day and kind and at one step, so that a person looks, asks or answers once for all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from xiangyue.base.changes import log_many
from xiangyue.base.problems import Problem
from xiangyue.base.scope import Scope, visible_to
from xiangyue.base.writes import write
from xiangyue.checks.oddities.looking import NOT_NOW, words_of
from xiangyue.checks.oddities.models import Oddity

State = Oddity.State
GROUPS, ROWS, AT_ONCE = 40, 300, 500
FROM: dict[str, tuple[str, ...]] = {
    "fine": (State.OPEN, State.ASKED, State.ANSWERED),
    "ask": (State.OPEN, State.ANSWERED),
    "answer": (State.ASKED,),
}
"""Act → the states of the rows that it is for, when it is for all of a heap."""


@dataclass(frozen=True, slots=True)
class Key:
    """Which heap: its day, what is odd, and how far a person is with it."""

    day: date
    kind: str
    state: str


@dataclass(slots=True)
class Heap:
    """A heap on the page: how many there are, the first of them, and what may be done with all."""

    key: Key
    n: int
    rows: list[Oddity] = field(default_factory=list)
    may_answer: bool = False
    may_look: bool = False
    opened: bool = False

    @property
    def name(self) -> str:
        """What is odd."""
        return str(Oddity.Kind(self.key.kind).label)

    @property
    def state(self) -> str:
        """How far a person is with it."""
        return str(State(self.key.state).label)

    @property
    def n_more(self) -> int:
        """How many of it are not on the page."""
        return self.n - len(self.rows)


def mine(scope: Scope) -> Q:
    """The rows about the actor's own records."""
    return Q(person_id=scope.person_id) if scope.person_id else Q(pk__in=())


def heaps_of(scope: Scope) -> list[Heap]:
    """What is not called fine yet, newest day first; the first heap that waits for the actor stands open."""
    seen = visible_to(Oddity.objects.exclude(state=State.FINE), scope)
    own, write_to = mine(scope), visible_to(Oddity.objects.all(), scope, to_write=True)
    counted = seen.order_by("-day", "kind", "state").values_list("day", "kind", "state")
    held = {
        key: Heap(key, n, may_answer=bool(n_own) and key.state in FROM["answer"], may_look=bool(n_look))
        for day, kind, state, n, n_own, n_look in counted.annotate(
            n=Count("pk"), n_own=Count("pk", filter=own), n_look=Count("pk", filter=Q(pk__in=write_to) & ~own)
        )[:GROUPS]
        for key in (Key(day, kind, state),)
    }
    if held:
        rows = seen.filter(day__gte=min(key.day for key in held)).annotate(n=Count("captures"))
        for row in rows.select_related("place__township", "person").order_by("-day", "pk")[:ROWS]:
            heap = held.get(Key(row.day, row.kind, row.state))
            if heap:
                heap.rows.append(row)
    found = list(held.values())
    first = next((one for one in found if one.may_answer or (one.may_look and one.key.state != State.ASKED)), None)
    if first:
        first.opened = True
    return found


def n_asked(person_id: int | None) -> int:
    """How many questions about the person's own records wait for an answer."""
    return Oddity.objects.filter(person_id=person_id, state=State.ASKED).count() if person_id else 0


def take_all(scope: Scope, key: Key, act: str, text: str, *, now: datetime) -> int:
    """Does to all of a heap what a person may do to each of it; gives to how many. Refused where there is none."""
    words = "" if act == "fine" else words_of(text)
    by_act: dict[str, dict[str, Any]] = {
        "fine": {"state": State.FINE, "looked_by_id": scope.user_id, "looked_at": now},
        "ask": {"state": State.ASKED, "looked_by_id": scope.user_id, "looked_at": now, "question": words},
        "answer": {"state": State.ANSWERED, "answer": words},
    }
    values = by_act[act]
    with write():
        rows = _rows(scope, act).filter(day=key.day, kind=key.kind, state=key.state)
        held = list(rows.order_by("pk").values_list("pk", "place__path")[:AT_ONCE])
        if not held or key.state not in FROM[act]:
            raise Problem(NOT_NOW)
        n = Oddity.objects.filter(pk__in=[pk for pk, _path in held], state=key.state).update(**values)
        before, after = {"state": key.state}, {"state": str(values["state"]), "together": len(held)}
        verb = {"fine": "oddity.fine", "ask": "oddity.asked", "answer": "oddity.answered"}[act]
        log_many([(verb, "checks.oddity", str(pk), path, before, after) for pk, path in held], scope.user_id)
    return n


def _rows(scope: Scope, act: str) -> QuerySet[Oddity]:
    """Those that the actor may do it to: an answer to one's own, a look at anybody else's."""
    if act == "answer":
        return Oddity.objects.filter(mine(scope))
    rows = visible_to(Oddity.objects.all(), scope, to_write=True).exclude(mine(scope))
    return rows.exclude(person=None) if act == "ask" else rows
