"""Many duties at once: for loads, assignment by rule and demos."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.utils import timezone

from xiangyue.base.bulk import insert_rows, stored
from xiangyue.duties.models import Duty


class DutyRow(NamedTuple):
    """One duty, by database ids; exactly one of person and organisation."""

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
          "source", "created_at", "created_by")  # fmt: skip


def store_duties(
    ground_id: int, rows: Iterable[DutyRow], *, source: str = Duty.Source.EXCEL, actor_id: int | None = None
) -> None:
    """Store the duties in the caller's transaction; the database refuses overlaps of exclusive ones.

    The caller writes the change log: a batch is one act.
    """
    now = stored(timezone.now())
    insert_rows(
        Duty,
        FIELDS,
        (
            (ground_id, row.scheme, row.layer, row.person_id, row.organisation_id, row.target_id, row.team,
             row.exclusion, stored(row.from_on), stored(row.to_on), source, now, actor_id)
            for row in rows
        ),
    )  # fmt: skip
