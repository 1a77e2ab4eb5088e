"""Recording from a page or another part of the program: the same envelopes as a phone sends, sealed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from xiangyue.captures.envelope import Envelope, seal
from xiangyue.captures.ids import new_id
from xiangyue.captures.intake import Actor, Answer, submit
from xiangyue.rules.sheet import Entry

CLEAN = Entry("")


@dataclass(frozen=True, slots=True)
class Fault:
    """A subject that is not clean: its code, what was found, and a note."""

    subject: str
    entries: tuple[Entry, ...]
    note: str = ""


def record_round(
    actor: Actor,
    check: str,
    *,
    fine: Sequence[str] = (),
    faults: Sequence[Fault] = (),
    inspector: str = "",
    id: UUID | None = None,
    made_at: datetime | None = None,
    now: datetime | None = None,
) -> Answer:
    """The answer to "all fine but these": codes of clean subjects, and the others with their faults."""
    body = {
        "check": check,
        "fine": list(fine),
        "faults": [_subject(fault.subject, fault.entries, fault.note) for fault in faults],
        **({"inspector": inspector} if inspector else {}),
    }
    return submit(seal("round", body, id=id or new_id(), made_at=made_at), actor, now=now)


def record_sheet(
    actor: Actor,
    check: str,
    subject: str,
    *,
    entries: Sequence[Entry] = (),
    note: str = "",
    inspector: str = "",
    voice: int = 0,
    id: UUID | None = None,
    made_at: datetime | None = None,
    now: datetime | None = None,
) -> Answer:
    """The answer to one sheet; `inspector` is the code of who inspected, where somebody else types it in.

    `voice`: which of the opinion sheets that the inspector gathered; each counts.
    """
    envelope = sheet_envelope(
        check, subject, entries=entries, note=note, inspector=inspector, voice=voice, id=id, made_at=made_at
    )
    return submit(envelope, actor, now=now)


def sheet_envelope(
    check: str,
    subject: str,
    *,
    entries: Sequence[Entry] = (),
    note: str = "",
    inspector: str = "",
    voice: int = 0,
    id: UUID | None = None,
    made_at: datetime | None = None,
) -> Envelope:
    """The envelope of one sheet."""
    body = {
        "check": check,
        **_subject(subject, entries, note),
        **({"inspector": inspector} if inspector else {}),
        **({"voice": voice} if voice else {}),
    }
    return seal("sheet", body, id=id or new_id(), made_at=made_at)


def undo(
    actor: Actor,
    target: UUID,
    *,
    id: UUID | None = None,
    made_at: datetime | None = None,
    now: datetime | None = None,
) -> Answer:
    """The answer to taking back a capture within ten minutes of its tap."""
    return submit(seal("undo", {"undoes": str(target)}, id=id or new_id(), made_at=made_at), actor, now=now)


def entry_as_json(entry: Entry) -> dict[str, Any]:
    """An entry as it stands in a body: only what differs from the usual."""
    names = ("item", "step", "n", "grade", "amount", "applicable", "failed")
    return {name: getattr(entry, name) for name in names if getattr(entry, name) != getattr(CLEAN, name)}


def _subject(code: str, entries: Sequence[Entry], note: str) -> dict[str, Any]:
    body: dict[str, Any] = {"subject": code, "entries": [entry_as_json(entry) for entry in entries]}
    return body | ({"note": note} if note else {})
