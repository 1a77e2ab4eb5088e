"""How the intake treats visits and wishes: judged together, stored together, taken back, let in when they were held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.problems import Problem
from xiangyue.base.roundtrip import Command, Rows, tell
from xiangyue.base.saying import said_day
from xiangyue.captures import intake
from xiangyue.captures.envelope import Envelope
from xiangyue.captures.intake import Ticket, Verdict
from xiangyue.captures.models import Capture
from xiangyue.duties.visit_models import Visit, Wish
from xiangyue.duties.visits.bodies import VisitAsked, WishAsked, read_visit, read_wish, without_text
from xiangyue.duties.visits.judging import JudgedVisit, JudgedWish, World, judge_visit, judge_wish, load_world
from xiangyue.duties.visits.storing import Filing, WishFiling, file_visits, file_wishes, set_terms
from xiangyue.people.senders import Sender, hold_sender
from xiangyue.places.models import Place
from xiangyue.rules.days import belongs, local_day

SPOKEN_FOR = (Capture.Channel.PHONE, Capture.Channel.OFFICE)


class VisitsHandler(intake.Handler):
    """Visits and wishes."""

    kinds = ("visit", "wish")

    def read(self, envelope: Envelope) -> VisitAsked | WishAsked:
        """The body of a visit or wish."""
        return read_visit(envelope.body) if envelope.kind == "visit" else read_wish(envelope.body)

    def judge(self, tickets: Sequence[Ticket], answers: Sequence[Rows]) -> None:
        """Each ticket's verdict."""
        asked = [ticket.request for ticket in tickets]
        world = load_world(
            local_day(max(ticket.now for ticket in tickets)),
            {ticket.actor.user_id for ticket in tickets},
            [one for one in asked if isinstance(one, VisitAsked)],
            [one for one in asked if isinstance(one, WishAsked)],
        )
        for ticket in tickets:
            try:
                ticket.verdict = _verdict(world, ticket)
            except Problem as problem:
                intake.refuse(ticket, problem)

    def store(self, tickets: Sequence[Ticket], captures: Command) -> None:
        """The captures, with the visits and wishes they say."""
        tell(captures)
        visits = [ticket for ticket in tickets if isinstance(ticket.request, VisitAsked)]
        file_visits([_visit_filing(ticket) for ticket in visits])
        file_wishes([_wish_filing(ticket) for ticket in tickets if isinstance(ticket.request, WishAsked)])


class VisitsAfterwards:
    """What is done with visits and wishes that are on file."""

    kinds = VisitsHandler.kinds

    def take_back(self, captures: Sequence[Capture]) -> None:
        """Let them count no more."""
        keys = [capture.pk for capture in captures]
        Visit.objects.filter(capture_id__in=keys).update(state=Visit.State.WITHDRAWN)
        wishes = Wish.objects.filter(capture_id__in=keys)
        wishes.update(state=Wish.State.WITHDRAWN)
        set_terms(wishes, timezone.localdate())

    def let_in(self, capture: Capture, on: date) -> None:
        """Let a held visit or wish count on the day that a person found to be right."""
        Visit.objects.filter(capture=capture, state=Visit.State.HELD).update(state=Visit.State.COUNTED, day=on)
        Wish.objects.filter(capture=capture, state=Wish.State.HELD).update(state=Wish.State.OPEN, day=on)


def answer_for(day: date, today: date, limit: int) -> tuple[str, str, str]:
    """Rule 2's answer for a record that no closing counts: stored or held, with words and what to do."""
    where = belongs(day, today, limit)
    if where == "early":
        words = _("记录的日期%s在今天之后，已留存，等人工核对。") % said_day(day)
        return "held", words, _("请看看手机的日期对不对；办公室核对后会处理这条。")
    if where == "old":
        words = _("记录的日期%(day)s早于 %(n)d 天，已留存，等人工核对。") % {"day": said_day(day), "n": limit}
        return "held", words, _("请告诉办公室为什么现在才报；核对后才计入。")
    return "stored", "", ""


def home_of(place: Place) -> int:
    """The village that a capture is filed under; the place itself where it lies in no village."""
    return place.village_id or place.pk


def _verdict(world: World, ticket: Ticket) -> Verdict:
    sender = hold_sender(world.senders.get(ticket.actor.user_id), ticket)
    judged: JudgedVisit | JudgedWish
    if isinstance(ticket.request, VisitAsked):
        judged = judge_visit(world, ticket.request, sender.scope, sender.person, ticket.day)
    else:
        judged = judge_wish(world, ticket.request, sender.scope, sender.person, ticket.day)
    state, words, mend = answer_for(ticket.day, local_day(ticket.now), judged.limit)
    person = judged.person.pk if judged.person is not None else None
    return Verdict(
        state, home_of(judged.place), person, _channel(ticket, sender, person), without_text(ticket.envelope.body),
        judged, words, mend,
    )  # fmt: skip


def _channel(ticket: Ticket, sender: Sender, person_id: int | None) -> str:
    """Through a counter where somebody records on a phone or a page for somebody else."""
    own = sender.person is not None and sender.person.pk == person_id
    channel = ticket.actor.channel
    return Capture.Channel.COUNTER if not own and channel == Capture.Channel.PHONE else channel


def _facts(ticket: Ticket) -> tuple[Any, bool]:
    verdict = ticket.verdict
    assert verdict is not None
    return verdict.facts, verdict.state == "held"


def _visit_filing(ticket: Ticket) -> Filing:
    judged, held = _facts(ticket)
    return filing_of(judged, ticket.capture_id, ticket.day, ticket.made_at, is_held=held)


def filing_of(judged: JudgedVisit, capture_id: int, day: date, made_at: Any, *, is_held: bool) -> Filing:
    """A judged visit as it is written."""
    person, unit = judged.person, judged.organisation
    went_for = unit.pk if unit else person.organisation_id if person else None
    party: list[tuple[int | None, int | None]] = [(person.pk if person else None, went_for)]
    if unit is not None and person is not None and person.organisation_id != unit.pk:
        # somebody else's man stood for the unit: it is there itself too
        party.append((None, unit.pk))
    party += [(one.pk, one.organisation_id) for one in judged.company]
    asked = judged.asked
    return Filing(
        capture_id, judged.layer.ground_id, judged.layer.scheme, judged.layer.code, judged.place.pk,
        person.pk if person else None, unit.pk if unit else None, tuple(party), day, made_at, asked.tasks, asked.note,
        asked.given, is_held,
    )  # fmt: skip


def _wish_filing(ticket: Ticket) -> WishFiling:
    judged, held = _facts(ticket)
    return wish_filing_of(judged, ticket.capture_id, ticket.day, ticket.made_at, is_held=held)


def wish_filing_of(judged: JudgedWish, capture_id: int, day: date, made_at: Any, *, is_held: bool) -> WishFiling:
    """A judged wish as it is written."""
    place = judged.place
    return WishFiling(
        capture_id, place.ground_id or place.pk, place.pk, judged.person.pk if judged.person else None,
        judged.asked.text, day, made_at, judged.asked.visit, is_held,
    )  # fmt: skip
