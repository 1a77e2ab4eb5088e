"""Many duties at once: for loads, assignment by rule and demos."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import batched
from typing import NamedTuple

from django.utils import timezone

from xiangyue.base.bulk import insert_rows, stored
from xiangyue.duties.models import Duty
from xiangyue.duties.problems import told_overlaps

CHUNK = 5_000
"""Keys of one statement: SQLite takes 32,766 parameters at most."""


class DutyRow(NamedTuple):
    """One duty, by database ids; exactly one of person and organisation. The ground is the one that its scheme is in force on."""

    ground_id: int
    scheme: str
    layer: str
    person_id: int | None
    organisation_id: int | None
    target_id: int
    team: str
    exclusion: str
    from_on: date
    to_on: date | None = None


FIELDS = ("ground", "scheme", "layer", "person", "organisation", "target", "team", "exclusion", "from_on", "to_on",
          "source", "assignment", "created_at", "created_by")  # fmt: skip


def store_duties(
    rows: Iterable[DutyRow],
    *,
    source: str = Duty.Source.EXCEL,
    actor_id: int | None = None,
    assignment_id: int | None = None,
) -> None:
    """Store the duties in the caller's transaction; the database refuses overlaps of exclusive ones (Problem).

    The caller writes the change log: a batch is one act.
    """
    now = stored(timezone.now())
    with told_overlaps():
        insert_rows(
            Duty,
            FIELDS,
            (
                (row.ground_id, row.scheme, row.layer, row.person_id, row.organisation_id, row.target_id, row.team,
                 row.exclusion, stored(row.from_on), stored(row.to_on), source, assignment_id, now, actor_id)
                for row in rows
            ),
        )  # fmt: skip


def end_duties(ids: Iterable[int], last: date) -> None:
    """Let these duties end with `last`, which must not lie before their first day."""
    for some in batched(ids, CHUNK):
        Duty.objects.filter(pk__in=some).update(to_on=last)
