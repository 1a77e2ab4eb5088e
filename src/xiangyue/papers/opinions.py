"""Opinion sheets: as many of a place as people are asked, printed at once and typed back by digits, a row a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiangyue.base.cells import narrow
from xiangyue.base.changes import log_many
from xiangyue.captures.intake import Actor, Answer, submit_many
from xiangyue.captures.models import Capture
from xiangyue.checks.actions.recording import sheet_envelope
from xiangyue.checks.handlers import UNDO_WITHIN
from xiangyue.papers.asked import asked_on
from xiangyue.papers.models import Sheet
from xiangyue.papers.units import NOON, id_for
from xiangyue.rules.days import LOCAL
from xiangyue.rules.settings import CheckKind, Item
from xiangyue.rules.sheet import Entry

MOST = 100
"""Copies of one print."""
NO_ANSWER = "0"
CHOSEN_FROM = ("grade", "pass", "zero")


@dataclass(frozen=True, slots=True)
class Question:
    """An item of an opinion sheet: its answers by the digit that types them, the best first."""

    number: int
    item: Item
    answers: tuple[tuple[str, str, Entry | None], ...]
    """(digit, words, entry); None is the clean sheet's."""

    @property
    def digits(self) -> str:
        """The digits that stand for something."""
        return "".join(digit for digit, _words, _entry in self.answers) + (NO_ANSWER if self.may_stay_empty else "")

    @property
    def may_stay_empty(self) -> bool:
        """Whether a person may leave it out: it then counts as not applicable."""
        return self.item.not_applicable

    def entry(self, digit: str) -> Entry | None:
        """What a digit says."""
        if digit == NO_ANSWER:
            return Entry(self.item.code, applicable=False)
        return next(entry for one, _words, entry in self.answers if one == digit)

    def digit(self, entries: Mapping[str, Entry]) -> str:
        """The digit of what is on file."""
        entry = entries.get(self.item.code)
        if entry is not None and not entry.applicable:
            return NO_ANSWER
        found = [digit for digit, _words, one in self.answers if one == entry]
        return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Copy:
    """One sheet of a print: which copy it is, and what stands in its cells."""

    n: int
    sheet: Sheet
    cells: tuple[str, ...]
    is_typed: bool
    may_undo: bool


def questions_on(sheet: Sheet) -> tuple[CheckKind, tuple[Question, ...]]:
    """The kind of a sheet and its questions; none where it is no opinion, or not answered by choosing."""
    kind, standard = asked_on(sheet)
    items = standard.items
    if sheet.form != Sheet.Form.OPINION or any(item.kind not in CHOSEN_FROM for item in items):
        return kind, ()
    return kind, tuple(Question(n, item, _answers(item)) for n, item in enumerate(items, 1))


def printed_with(sheet: Sheet) -> list[Sheet]:
    """The sheets that were printed with it, in their order."""
    rows = Sheet.objects.filter(
        form=Sheet.Form.OPINION, ground=sheet.ground_id, scheme=sheet.scheme, code=sheet.code, place=sheet.place_id,
        printed_at=sheet.printed_at, printed_by=sheet.printed_by_id,
    )  # fmt: skip
    return list(rows.select_related("place__township", "printed_by__person").order_by("pk"))


def copies_of(sheets: Sequence[Sheet], questions: Sequence[Question], user_id: int, now: datetime) -> list[Copy]:
    """The sheets of a print with what is on file of each, in one look; cancelled ones keep their number."""
    held = {pk: capture for pk, capture in _on_file(sheets).items() if not _is_taken_back(capture)}
    found = []
    for n, sheet in enumerate(sheets, 1):
        capture = held.get(sheet.pk)
        mine = capture is not None and capture.user_id == user_id and now - capture.received_at <= UNDO_WITHIN
        body = capture.body if capture else {}
        entries = {raw["item"]: Entry(**raw) for raw in body.get("entries", [])}
        cells = tuple(question.digit(entries) if capture else "" for question in questions)
        found.append(Copy(n, sheet, cells, capture is not None, mine))
    return found


def filled_in(
    copies: Iterable[Copy], questions: Sequence[Question], form: Mapping[str, str]
) -> tuple[list[tuple[Sheet, tuple[Entry, ...]]], list[str]]:
    """The sheets that were typed, with their entries; and what is wrong, cell by cell. An empty row was not handed in."""
    found, wrong = [], []
    for copy in copies:
        if copy.is_typed or copy.sheet.cancelled_at:
            continue
        cells = [narrow(form.get(f"c.{copy.sheet.pk}.{one.number}", "")).strip() for one in questions]
        if not any(cells):
            continue
        bad = [_wrong(copy.n, one, cell) for one, cell in zip(questions, cells, strict=True) if not _fits(one, cell)]
        wrong += bad
        if not bad:
            entries = (one.entry(cell) for one, cell in zip(questions, cells, strict=True))
            found.append((copy.sheet, tuple(entry for entry in entries if entry is not None)))
    return found, wrong


def type_opinions(
    actor: int, rows: Sequence[tuple[Sheet, tuple[Entry, ...]]], *, day: date, inspector: str, now: datetime
) -> list[Answer]:
    """The answers to the sheets of a print, sent together; each is a voice of its own."""
    gone = {pk for pk, one in _on_file([sheet for sheet, _entries in rows]).items() if _is_taken_back(one)}
    turns = {sheet.pk: sheet.turn + (sheet.pk in gone) for sheet, _entries in rows}
    made_at = datetime.combine(day, NOON, LOCAL)
    envelopes = [
        sheet_envelope(
            sheet.code, sheet.rows[0], entries=entries, inspector=inspector, voice=sheet.pk,
            id=id_for(sheet.uuid, 0, turns[sheet.pk]), made_at=made_at,
        )
        for sheet, entries in rows
    ]  # fmt: skip
    for turn in set(turns.values()) - {0}:
        # before the sending: a server that stops in between finds what it sent by its number
        Sheet.objects.filter(pk__in=[pk for pk, one in turns.items() if one == turn]).update(turn=turn)
    answers = submit_many(envelopes, Actor(actor, Capture.Channel.PAPER), now=now)
    kept = [
        sheet
        for (sheet, _entries), answer in zip(rows, answers, strict=True)
        if answer.kept and answer.state != "already"
    ]
    with transaction.atomic():
        Sheet.objects.filter(pk__in=[sheet.pk for sheet in kept], typed_at=None).update(typed_at=now, typed_by=actor)
        log_many(
            (
                ("paper.typed", "papers.sheet", str(sheet.pk), sheet.place.path, None, {"number": sheet.number, "n": 1})
                for sheet in kept
            ),
            actor,
        )
    return answers


def _answers(item: Item) -> tuple[tuple[str, str, Entry | None], ...]:
    if item.kind != "grade":
        return ("1", _("合格"), None), ("2", item.fault or _("不合格"), Entry(item.code, failed=True))
    ordered = sorted(item.grades, key=lambda grade: -grade.points)
    return tuple(
        (str(n), grade.name, None if n == 1 else Entry(item.code, grade=grade.code))
        for n, grade in enumerate(ordered, 1)
    )


def _fits(question: Question, cell: str) -> bool:
    return len(cell) == 1 and cell in question.digits


def _wrong(n: int, question: Question, cell: str) -> str:
    most = question.answers[-1][0]
    mend = _("请打 1 到 %s") % most + (_("，没填的打 0") if question.may_stay_empty else "")
    if not cell:
        words = _("第 %(n)d 份第 %(q)d 项空着：%(mend)s；整张作废的，整行清空。")
        return words % {"n": n, "q": question.number, "mend": mend}
    words = _("第 %(n)d 份第 %(q)d 项的“%(cell)s”不对：%(mend)s。")
    return words % {"n": n, "q": question.number, "cell": cell[:8], "mend": mend}


def _on_file(sheets: Sequence[Sheet]) -> dict[int, Capture]:
    """Sheet → the capture of its last turn, even where it was taken back."""
    ids = {id_for(sheet.uuid, 0, sheet.turn): sheet.pk for sheet in sheets}
    return {ids[row.uuid]: row for row in Capture.objects.filter(uuid__in=ids)}


def _is_taken_back(capture: Capture) -> bool:
    return bool(capture.state == Capture.State.WITHDRAWN)
