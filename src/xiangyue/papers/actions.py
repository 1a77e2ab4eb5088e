"""Printing sheets, taking in what was typed from them, taking it back, and cancelling those that are spoilt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from xiangyue.base.changes import log, log_many
from xiangyue.base.problems import Problem
from xiangyue.captures.envelope import Envelope, seal
from xiangyue.captures.ids import new_id
from xiangyue.captures.intake import Actor, Answer, submit_many
from xiangyue.captures.models import Capture
from xiangyue.checks.actions import record_sheet
from xiangyue.checks.handlers import UNDO_WITHIN
from xiangyue.papers.comparing import Held, differences, filled_from, held_for, round_cells
from xiangyue.papers.lines import Offer, codes_for
from xiangyue.papers.models import Sheet
from xiangyue.papers.opinions import MOST
from xiangyue.papers.problems import BLANKED, CANCELLED, COPIES, HAS_RECORDS, NOTHING_TO_PRINT, TOO_LONG
from xiangyue.papers.units import A_LINE, NOON, Filled, Layout, Unit, day_words, id_for, units_of
from xiangyue.people.models import Person, User
from xiangyue.places.models import Place
from xiangyue.rules.days import LOCAL
from xiangyue.rules.settings import CheckKind
from xiangyue.rules.sheet import Entry

MOST_DAYS = 31


@dataclass(slots=True)
class Typed:
    """What became of a sheet that was typed in."""

    answers: list[tuple[str, Answer]] = field(default_factory=list)
    """What was sent, each with the day (or visit) it is about."""
    n_already: int = 0
    differs: list[str] = field(default_factory=list)
    """What stands otherwise on file, in words; nothing was sent then."""

    @property
    def state(self) -> str:
        """conflict, refused, held, late, stored or already: the worst that happened."""
        if self.differs:
            return "conflict"
        states = {answer.state for _label, answer in self.answers}
        return next((one for one in ("conflict", "refused", "held", "late", "stored") if one in states), "already")


def print_sheet(actor: User, person: Person, offer: Offer, first: date, last: date, *, now: datetime) -> Sheet:
    """A numbered sheet of a bearer's for a day or up to a month, put on the register."""
    if (last - first).days >= MOST_DAYS:
        raise Problem(TOO_LONG)
    rows = codes_for(offer, person, first, last)
    if not rows:
        raise Problem(NOTHING_TO_PRINT, name=person.name, first=first, last=last)
    sheet = Sheet(
        form=offer.form, ground_id=offer.ground_id, scheme=offer.scheme, code=offer.code, title=offer.title[:80],
        place=person.place, person=person, from_on=first, to_on=last, rows=rows,
    )  # fmt: skip
    return _register(actor, sheet, now)


def print_check(
    actor: User,
    subject: Place,
    ground_id: int,
    scheme: str,
    kind: CheckKind,
    *,
    copies: int = 1,
    person: Person | None = None,
    today: date,
    now: datetime,
) -> list[Sheet]:
    """Numbered sheets for one place: one to be filled by whoever inspects it, of an opinion one for each who is asked.

    `person`: whose they are, where it is their turn to inspect a place that is not below them.
    """
    if not 1 <= copies <= (MOST if kind.opinion else 1):
        raise Problem(COPIES, kind=kind.name, most=MOST if kind.opinion else 1)
    form = Sheet.Form.OPINION if kind.opinion else Sheet.Form.CHECK
    at, title = (person.place, f"{kind.name}（{subject.name}）") if person else (subject, kind.name)
    made = [
        Sheet(
            uuid=new_id(), form=form, ground_id=ground_id, scheme=scheme, code=kind.code,
            title=title[:80], place=at, person=person, from_on=today, to_on=today, rows=[subject.code],
            printed_by=actor, printed_at=now,
        )
        for _n in range(copies)
    ]  # fmt: skip
    with transaction.atomic():
        sheets = Sheet.objects.bulk_create(made)
        log_many((("paper.printed", "papers.sheet", str(sheet.pk), at.path, None, _told(sheet)) for sheet in sheets),
                 actor.pk)  # fmt: skip
    return sheets


def type_in(actor: User, layout: Layout, filled: Filled, *, correcting: bool, now: datetime) -> Typed:
    """Send a sheet: what is on file already is left, what differs is told, and sent only as a correction."""
    sheet = layout.sheet
    if sheet.cancelled_at:
        raise Problem(CANCELLED, number=sheet.shown)
    held, units = held_for(sheet), units_of(layout, filled)
    if correcting:
        _hold_blanks(layout, units, held)
    result, turn = Typed(), sheet.turn + 1
    sending: list[tuple[str, Envelope]] = []
    for unit in units:
        on_file = held.get(unit.index)
        if on_file is None or not on_file.live:
            sending.append((unit.label, unit.envelope(sheet, turn if on_file else 0)))
            continue
        words = differences(layout, unit, on_file)
        if not words:
            result.n_already += 1
        elif correcting and unit.kind != "wish":
            sending.append((unit.label, unit.envelope(sheet, turn)))
        else:
            result.differs += words
    if not result.differs:
        again = any(unit.index in held for unit in units) and len(sending) > 0
        _send(actor, sheet, sending, result, turn if again else sheet.turn, now)
    return result


def type_check(
    actor: User, sheet: Sheet, entries: Sequence[Entry], *, day: date, note: str, inspector: str, now: datetime
) -> Answer:
    """The answer to the sheet of one place, under the sheet's own id; after it was taken back, under a further one."""
    if sheet.cancelled_at:
        raise Problem(CANCELLED, number=sheet.shown)
    on_file = held_for(sheet).get(0)
    turn = sheet.turn + 1 if on_file is not None and not on_file.live else on_file.turn if on_file else 0
    if turn > sheet.turn:
        Sheet.objects.filter(pk=sheet.pk).update(turn=turn)
    voice = sheet.pk if sheet.form == Sheet.Form.OPINION else 0
    answer = record_sheet(
        Actor(actor.pk, Capture.Channel.PAPER), sheet.code, sheet.rows[0], entries=entries, note=note,
        inspector=inspector, voice=voice, id=id_for(sheet.uuid, 0, turn), made_at=datetime.combine(day, NOON, LOCAL), now=now,
    )  # fmt: skip
    if answer.kept and answer.state != "already":
        _note_typed(actor, sheet, 1, 0, now)
    return answer


def take_back(actor: User, sheet: Sheet, *, now: datetime) -> int:
    """Take back what the actor typed in from a sheet within the last ten minutes; gives how many envelopes."""
    mine = [one.capture for one in undoable(actor, sheet, now)]
    envelopes = [seal("undo", {"undoes": str(capture.uuid)}, id=new_id()) for capture in mine]
    answers = submit_many(envelopes, Actor(actor.pk, Capture.Channel.PAPER), now=now) if envelopes else []
    n = sum(answer.kept for answer in answers)
    if n:
        with transaction.atomic():
            if not any(one.live for one in held_for(sheet).values()):
                Sheet.objects.filter(pk=sheet.pk).update(typed_at=None, typed_by=None)
            log(actor.pk, "paper.undone", sheet, path=sheet.place.path, after={"number": sheet.number, "n": n})
    return n


def undoable(actor: User, sheet: Sheet, now: datetime) -> list[Held]:
    """What the actor can still take back of a sheet."""
    return [
        one
        for one in held_for(sheet).values()
        if one.live and one.capture.user_id == actor.pk and now - one.capture.received_at <= UNDO_WITHIN
    ]


def cancel_sheet(actor: User, sheet: Sheet, *, now: datetime) -> None:
    """Put a sheet that was spoilt or printed twice off the register."""
    with transaction.atomic():
        done = Sheet.objects.filter(pk=sheet.pk, typed_at=None, cancelled_at=None).update(cancelled_at=now)
        if not done:
            raise Problem(CANCELLED if sheet.cancelled_at else HAS_RECORDS, number=sheet.shown)
        log(actor.pk, "paper.cancelled", sheet, path=sheet.place.path, after={"number": sheet.number})


def _send(
    actor: User, sheet: Sheet, sending: list[tuple[str, Envelope]], result: Typed, turn: int, now: datetime
) -> None:
    if not sending:
        return
    if turn > sheet.turn:
        # before the sending: a server that stops in between finds what it sent by its number
        Sheet.objects.filter(pk=sheet.pk).update(turn=turn)
    answers = submit_many([one for _label, one in sending], Actor(actor.pk, Capture.Channel.PAPER), now=now)
    result.answers = [(label, answer) for (label, _one), answer in zip(sending, answers, strict=True)]
    n = sum(answer.kept for answer in answers)
    if n:
        _note_typed(actor, sheet, n, turn, now)


def _note_typed(actor: User, sheet: Sheet, n: int, turn: int, now: datetime) -> None:
    with transaction.atomic():
        Sheet.objects.filter(pk=sheet.pk, typed_at=None).update(typed_at=now, typed_by=actor)
        act = "paper.corrected" if turn > sheet.turn and sheet.typed_at else "paper.typed"
        log(actor.pk, act, sheet, path=sheet.place.path, after={"number": sheet.number, "n": n})


def _hold_blanks(layout: Layout, units: Sequence[Unit], held: dict[int, Held]) -> None:
    """Pass only a correction that leaves nothing blank that is on file."""
    filled = filled_from(layout, held.values()).cells
    now: dict[int, set[int]] = {}
    for unit in units:
        if unit.kind == "round":
            now[unit.index] = set(round_cells(layout, unit))
        elif unit.kind == "visit":
            now.setdefault(unit.index % A_LINE, set()).add(unit.index // A_LINE + 1)
    for offset, column in sorted(filled.items()):
        for row in sorted(column.keys() - now.get(offset, set())):
            line = layout.lines[row - 1]
            raise Problem(BLANKED, day=day_words(layout.sheet.days[offset]), row=row, name=line.label)


def _register(actor: User, sheet: Sheet, now: datetime) -> Sheet:
    sheet.uuid, sheet.printed_by, sheet.printed_at = new_id(), actor, now
    with transaction.atomic():
        sheet.save()
        log(actor.pk, "paper.printed", sheet, path=sheet.place.path, after=_told(sheet))
    return sheet


def _told(sheet: Sheet) -> dict[str, Any]:
    return {"number": sheet.number, "title": sheet.title, "from": sheet.from_on, "to": sheet.to_on}
