"""Reporting from a page or another part of the program: the same envelope as a phone sends, sealed here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from xiangyue.captures.envelope import seal
from xiangyue.captures.ids import new_id
from xiangyue.captures.intake import Actor, Answer, submit


def report_problem(
    actor: Actor,
    place: str,
    kind: str,
    *,
    text: str = "",
    source: str = "office",
    of: UUID | None = None,
    id: UUID | None = None,
    made_at: datetime | None = None,
    now: datetime | None = None,
) -> Answer:
    """The answer to a problem at the place of that code."""
    body: dict[str, Any] = {"place": place, "kind": kind, "text": text, "source": source, "of": str(of) if of else None}
    return submit(seal("problem", body, id=id or new_id(), made_at=made_at), actor, now=now)


def step_problem(
    actor: Actor,
    problem: UUID,
    step: str,
    *,
    text: str = "",
    base: int = 0,
    id: UUID | None = None,
    made_at: datetime | None = None,
    now: datetime | None = None,
) -> Answer:
    """The answer to a step (claim, mended, verified or note) of the problem with that id."""
    body = {"problem": str(problem), "step": step, "text": text, "base": base}
    return submit(seal("problem_step", body, id=id or new_id(), made_at=made_at), actor, now=now)
