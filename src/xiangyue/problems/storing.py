"""Writes problems with their first step, and further steps of many problems, in a handful of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from xiangyue.base.bulk import insert_rows, next_ids, stored
from xiangyue.captures.ids import new_id
from xiangyue.places.models import Place
from xiangyue.problems.kinds import KindOn, first_tier
from xiangyue.problems.models import TEXT_DAYS, Problem, Step, StepText
from xiangyue.problems.replaying import derive
from xiangyue.rules.problems import deadline

PROBLEM_COLUMNS = (
    "id", "uuid", "ground", "scheme_version", "kind", "kind_name", "place", "source", "of", "check_row", "reported_on",
    "reported_by", "state", "tier", "deadline", "mended_by", "planned", "n_found", "n_escalated", "n_reopened",
    "n_relapsed", "look", "n_steps", "n_doubts",
)  # fmt: skip
STEP_COLUMNS = (
    "id", "problem", "n", "kind", "day", "made_at", "user", "person", "to", "of", "until", "conflict", "told_by",
    "capture", "check_row",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewProblem:
    """A problem to be written, with what its report says."""

    place: Place
    on: KindOn
    day: date
    made_at: datetime
    source: str
    user_id: int | None = None
    person_id: int | None = None
    text: str = ""
    uuid: UUID | None = None
    of: UUID | None = None
    capture_id: int | None = None
    check_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to be written to a problem that is on file."""

    problem_id: int
    kind: str
    day: date
    made_at: datetime
    user_id: int | None = None
    person_id: int | None = None
    to: str = ""
    of: int = 0
    until: date | None = None
    conflict: bool = False
    told_by: str = ""
    text: str = ""
    capture_id: int | None = None
    check_id: int | None = None


def open_problems(rows: Sequence[NewProblem]) -> list[int]:
    """Store problems, each with its report; gives their keys in order."""
    ids = next_ids(Problem, len(rows))
    insert_rows(Problem, PROBLEM_COLUMNS, (_problem(pk, row) for pk, row in zip(ids, rows, strict=True)))
    steps = [
        NewStep(
            pk, "reported", row.day, row.made_at, row.user_id, row.person_id, first_tier(row.place), text=row.text,
            capture_id=row.capture_id, check_id=row.check_id,
        )
        for pk, row in zip(ids, rows, strict=True)
    ]  # fmt: skip
    _insert(steps, dict.fromkeys(ids, 0))
    return list(ids)


def add_steps(rows: Sequence[NewStep]) -> list[Problem]:
    """Store further steps in their order and work the problems out anew; gives the problems.

    The caller holds the problems' rows (`hold`), so that no number is given twice.
    """
    keys = {row.problem_id for row in rows}
    have = dict(Problem.objects.filter(pk__in=keys).values_list("pk", "n_steps"))
    _insert(rows, have)
    return derive(keys)


def hold(keys: Sequence[int]) -> list[Problem]:
    """The problems, kept for this transaction, in the order of their keys."""
    rows = Problem.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return list(rows.select_related("place", "scheme_version"))


def _insert(rows: Sequence[NewStep], have: dict[int, int]) -> None:
    ids = next_ids(Step, len(rows))
    values, texts = [], []
    for pk, row in zip(ids, rows, strict=True):
        n = have[row.problem_id] = have[row.problem_id] + 1
        values.append(
            (
                pk, row.problem_id, n, row.kind, stored(row.day), stored(row.made_at), row.user_id, row.person_id,
                row.to, row.of, stored(row.until), row.conflict, row.told_by, row.capture_id, row.check_id,
            )
        )  # fmt: skip
        if row.text:
            texts.append((pk, row.text, stored(row.day + timedelta(days=TEXT_DAYS))))
    insert_rows(Step, STEP_COLUMNS, values)
    insert_rows(StepText, ("step", "text", "erase_on"), texts)


def _problem(pk: int, row: NewProblem) -> tuple[object, ...]:
    kind = row.on.kind
    return (
        pk, stored(row.uuid or new_id()), row.place.ground_id or row.place.pk, row.on.version.pk, kind.code, kind.name,
        row.place.pk, row.source, stored(row.of), row.check_id, stored(row.day), row.person_id, "open",
        first_tier(row.place), stored(deadline(kind, row.day)), "", False, 1, 0, 0, 0, "", 1, 0,
    )  # fmt: skip
