"""The intake: envelopes in, answers out, each stored once; what arrives together is written in one transaction.

Whoever finds the intake free writes for all who wait (group commit); an answer is given after the commit, never before.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.bulk import stored
from xiangyue.base.problems import BUSY, Problem, problem_kind
from xiangyue.base.roundtrip import (
    Command,
    Question,
    Rows,
    among,
    ask,
    ids_given,
    ids_wanted,
    insertion,
    plans_kept,
    trips_shared,
)
from xiangyue.captures.envelope import Envelope, canonical
from xiangyue.captures.models import Capture

logger = logging.getLogger(__name__)

UNKNOWN_KIND = problem_kind("capture_kind", "没有“{kind}”这种记录。", "请更新页面后重新记录。")
TRIES = 4
COLUMNS = (
    "id", "uuid", "digest", "kind", "place", "person", "user", "channel", "made_at", "clock_error", "received_at",
    "state", "body",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """Who sends: the user, how it came in, and the mark of the key they signed with (empty: a session)."""

    user_id: int
    channel: str = Capture.Channel.PHONE
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an envelope: stored, late, held, already, conflict or refused; words, and what to do."""

    state: str
    id: str
    words: str = ""
    mend: str = ""
    code: str = ""
    status: int = 200
    capture_id: int | None = None

    @property
    def kept(self) -> bool:
        """Whether the envelope is on file."""
        return self.state in ("stored", "late", "held", "already")

    def as_json(self) -> dict[str, Any]:
        """The form that programs read."""
        found = {"id": self.id, "state": self.state}
        if self.words:
            found |= {"words": self.words, "mend": self.mend}
        return found | {"code": self.code} if self.code else found


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a handler says of an envelope that it takes."""

    state: str
    place_id: int
    person_id: int | None
    channel: str
    body: dict[str, Any]
    """What is kept of the body: free text lies elsewhere, with a term."""
    facts: Any = None
    words: str = ""
    mend: str = ""


@dataclass(slots=True)
class Ticket:
    """One envelope on its way through."""

    envelope: Envelope
    actor: Actor
    now: datetime
    made_at: datetime
    clock_error: int
    day: date
    handler: Handler
    request: Any
    verdict: Verdict | None = None
    capture_id: int = 0
    answer: Answer | None = None
    """Given after the commit."""
    outcome: Answer | None = None
    """What the answer will be once the transaction is through."""


class Handler(Protocol):
    """What the rooms above do with the kinds of captures they know."""

    kinds: ClassVar[tuple[str, ...]]
    """The kinds of captures it takes."""

    def read(self, envelope: Envelope) -> Any:
        """The body, read before the queue; a Problem refuses it."""

    def questions(self, tickets: Sequence[Ticket]) -> Sequence[Question]:
        """What it wants to know of these before it judges, asked in the trip that recognises them; nothing as a rule."""
        return ()

    def judge(self, tickets: Sequence[Ticket], answers: Sequence[Rows]) -> None:
        """Set each ticket's verdict, or its refusal by `refuse`; inside the transaction, in a handful of statements.

        `answers`: the rows of its questions; those on file already are among the asked, and not among the tickets.
        """

    def store(self, tickets: Sequence[Ticket], captures: Command) -> None:
        """Write what the captures say; they are numbered, and `captures` is to be told before their own commands."""


HANDLERS: list[Handler] = []
_BY_KIND: dict[str, Handler] = {}
type AskClosed = Callable[[int, str, Collection[int]], set[int]]
type ClosedQuestion = Callable[[Collection[str], Collection[int]], list[Question]]
type ClosedTold = Callable[[Rows], set[tuple[int, str, int]]]


def take(handler: Handler) -> None:
    """Register a handler; those registered first are served first within a transaction."""
    if any(kind in _BY_KIND for kind in handler.kinds):
        raise ValueError(f"captures of kind {handler.kinds} have a handler already")
    HANDLERS.append(handler)
    _BY_KIND.update(dict.fromkeys(handler.kinds, handler))


def _none_closed(ground_id: int, scheme: str, months: Collection[int]) -> set[int]:
    return set()


@dataclass(slots=True)
class _Above:
    closed: AskClosed = _none_closed
    question: ClosedQuestion = lambda counties, months: []
    told: ClosedTold = lambda rows: set()


_above = _Above()


def ask_closed(closed: AskClosed, question: ClosedQuestion, told: ClosedTold) -> None:
    """Say who knows which months (yyyymm) of a ground's scheme are closed; set once, in `site.consequences`."""
    _above.closed, _above.question, _above.told = closed, question, told


def closed_months(ground_id: int, scheme: str, months: Collection[int]) -> set[int]:
    """Those of the months that are closed for that ground's scheme; no more are before this transaction ends."""
    return _above.closed(ground_id, scheme, months)


def closed_question(counties: Collection[str], months: Collection[int]) -> list[Question]:
    """What asks, with a handler's other questions, for the months closed in counties; `closed_told` reads the answers."""
    return _above.question(counties, months)


def closed_told(answers: Sequence[Rows]) -> set[tuple[int, str, int]]:
    """(Ground's id, scheme, month) of each closed one; no more are before this transaction ends."""
    return _above.told(answers[-1])


def submit(envelope: Envelope, actor: Actor, *, now: datetime | None = None) -> Answer:
    """The answer to one envelope, once it is on file or refused."""
    return submit_many([envelope], actor, now=now)[0]


def submit_many(envelopes: Sequence[Envelope], actor: Actor, *, now: datetime | None = None) -> list[Answer]:
    """The answers to several envelopes of one actor, in their order; the failure of one does not touch the others."""
    moment = now or timezone.now()
    entered = [_enter(envelope, actor, moment) for envelope in envelopes]
    tickets = [found for found in entered if isinstance(found, Ticket)]
    if tickets:
        _INTAKE.write(tickets)
    answers = [found.answer if isinstance(found, Ticket) else found for found in entered]
    if any(answer is None for answer in answers):
        raise Problem(BUSY)
    return [answer for answer in answers if answer is not None]


def refusal(envelope_id: UUID, problem: Problem) -> Answer:
    """The answer that refuses an envelope."""
    return Answer(
        "refused", str(envelope_id), problem.words, problem.mend, problem.kind.code, status=problem.kind.status
    )


def refuse(ticket: Ticket, problem: Problem) -> None:
    """Let a ticket be refused."""
    ticket.outcome = refusal(ticket.envelope.id, problem)


def _enter(envelope: Envelope, actor: Actor, now: datetime) -> Ticket | Answer:
    handler = _BY_KIND.get(envelope.kind)
    try:
        if handler is None:
            raise Problem(UNKNOWN_KIND, kind=envelope.kind[:20])
        made_at, error, day = envelope.settled(now)
        return Ticket(envelope, actor, now, made_at, error, day, handler, handler.read(envelope))
    except Problem as problem:
        return refusal(envelope.id, problem)


class _Party:
    """The tickets that one thread brings, and the bell it waits for: its tickets are through, or it is to write."""

    __slots__ = ("bell", "through", "tickets")

    def __init__(self, tickets: Sequence[Ticket]) -> None:
        self.tickets = tickets
        self.through = False
        self.bell = threading.Lock()
        self.bell.acquire()


class _Intake:
    """The queue of a process: one thread writes at a time, for itself and for all who came meanwhile.

    Two at a time would be slower: they would wait for the same villages' sums, and for each other's interpreter.
    """

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._waiting: list[_Party] = []
        self._writing = False

    def write(self, tickets: Sequence[Ticket]) -> None:
        """Return when these tickets are through: written by this thread, or by another for it."""
        party = _Party(tickets)
        with self._door:
            mine = not self._writing
            if mine:
                self._writing = True
            else:
                self._waiting.append(party)
        if not mine:
            party.bell.acquire()
            if party.through:
                return
        with self._door:
            parties, self._waiting = [party, *self._waiting], []
        try:
            for batch in _batches(parties):
                _write(batch)
        finally:
            self._pass_on(parties)

    def _pass_on(self, parties: list[_Party]) -> None:
        """Let the next who waits write, and those written for go."""
        with self._door:
            following = self._waiting.pop(0) if self._waiting else None
            self._writing = following is not None
        if following is not None:
            following.bell.release()
        for party in parties[1:]:
            party.through = True
            party.bell.release()


def _batches(parties: Sequence[_Party]) -> Iterator[list[Ticket]]:
    """All tickets, the same id once a batch: a second one is looked at when the first is stored."""
    left = [ticket for party in parties for ticket in party.tickets]
    while left:
        batch: dict[UUID, Ticket] = {}
        again = [ticket for ticket in left if batch.setdefault(ticket.envelope.id, ticket) is not ticket]
        yield list(batch.values())
        left = again


_INTAKE = _Intake()


def _write(batch: list[Ticket]) -> None:
    """One transaction for all; when it fails for a reason of one, each goes alone. Unanswered: try again later."""
    # no asking first whether the connection lives: if it does not, the next try makes another
    held: Any = connection
    held.health_check_done = True
    for left in reversed(range(TRIES)):
        try:
            # durable: an answer inside somebody's open transaction would be a promise before the commit
            with transaction.atomic(durable=True), trips_shared():
                _handle(batch)
        except (IntegrityError, OperationalError) as error:
            # another process was quicker with the same id or the same sheet, or the server broke a deadlock: look again
            if left and (connection.vendor == "postgresql" or isinstance(error, IntegrityError)):
                continue
            logger.exception("captures could not be written")
            if isinstance(error, OperationalError):
                return
            break
        except Exception:
            logger.exception("captures could not be written")
            break
        for ticket in batch:
            ticket.answer = ticket.outcome
        return
    if len(batch) > 1:
        for ticket in batch:
            _write([ticket])


def _handle(batch: Sequence[Ticket]) -> None:
    for ticket in batch:
        ticket.verdict = ticket.outcome = None
    ids, asked = _recognise(batch)
    for handler in HANDLERS:
        fresh = [ticket for ticket in batch if ticket.handler is handler and ticket.outcome is None]
        if not fresh:
            continue
        handler.judge(fresh, asked[handler])
        taken = [ticket for ticket in fresh if ticket.verdict is not None]
        if taken:
            handler.store(taken, _insertion(taken, ids))


def _recognise(batch: Sequence[Ticket]) -> tuple[Iterator[int], dict[Handler, list[Rows]]]:
    """Answer those that are on file: the same again, or the same id with another content.

    Gives ids for the others, and what the handlers wanted to know, asked in the same trip.
    """
    by_id = {stored(ticket.envelope.id): ticket for ticket in batch}
    these, keys = among("uuid", by_id)
    on_file = f"SELECT id, uuid, digest, user_id, state FROM captures_capture WHERE {these}"
    theirs = {
        handler: handler.questions([ticket for ticket in batch if ticket.handler is handler])
        for handler in dict.fromkeys(ticket.handler for ticket in batch)
    }
    kept = plans_kept()
    own = [*kept, (on_file, keys), ids_wanted(Capture, len(batch))]
    answers = iter(ask(*own, *chain.from_iterable(theirs.values())))
    rows, ids = islice(answers, len(kept), len(own))
    asked = {handler: list(islice(answers, len(questions))) for handler, questions in theirs.items()}
    for capture_id, key, digest, user_id, state in rows:
        ticket = by_id[key]
        mine = digest == ticket.envelope.digest and user_id == ticket.actor.user_id
        ticket.outcome = _already(ticket, capture_id, state) if mine else _conflict(ticket)
    return iter(ids_given(ids, len(batch))), asked


def _already(ticket: Ticket, capture_id: int, state: str) -> Answer:
    """The first answer may have been lost: who sends again hears that the record still waits for somebody."""
    waits = state == Capture.State.HELD
    words = _("这条记录早已收到，等办公室看过再算。") if waits else _("这条记录已经入库，没有重复计入。")
    code = state if waits else ""
    return Answer("already", str(ticket.envelope.id), words, code=code, capture_id=capture_id)


def _conflict(ticket: Ticket) -> Answer:
    return Answer(
        "conflict",
        str(ticket.envelope.id),
        _("同一编号已有另一份内容，这一份没有入库。"),
        _("先入库的那份照旧有效；要更正请重新记录一次。"),
        status=409,
    )


def _insertion(tickets: Sequence[Ticket], ids: Iterator[int]) -> Command:
    rows = []
    for ticket in tickets:
        capture_id = next(ids)
        verdict, envelope = ticket.verdict, ticket.envelope
        assert verdict is not None
        ticket.capture_id = capture_id
        ticket.outcome = Answer(verdict.state, str(envelope.id), verdict.words, verdict.mend, capture_id=capture_id)
        rows.append(
            (
                capture_id, stored(envelope.id), envelope.digest, envelope.kind, verdict.place_id, verdict.person_id,
                ticket.actor.user_id, verdict.channel, stored(ticket.made_at), ticket.clock_error,
                stored(ticket.now), verdict.state, canonical(verdict.body),
            )
        )  # fmt: skip
    return insertion(Capture, COLUMNS, rows)
