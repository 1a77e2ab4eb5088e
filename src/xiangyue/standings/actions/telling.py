"""Black entries: their subjects told, what is mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.standings import problems
from xiangyue.standings.models import BoardEntry

if TYPE_CHECKING:
    from xiangyue.people.models import User


def tell(actor: User | None, entries: Sequence[BoardEntry], *, today: date) -> int:
    """Black entries whose subjects were told today: their cure time runs; gives how many were new."""
    with write():
        rows = list(
            BoardEntry.objects.filter(pk__in=[row.pk for row in entries], side="black", told_on=None).select_related(
                "subject"
            )
        )
        for row in rows:
            row.told_on = today
        BoardEntry.objects.bulk_update(rows, ["told_on"], batch_size=500)
        _log_entries(actor, "entry.told", rows, {"on": today.isoformat()})
    return len(rows)


def cure(actor: User | None, entry: BoardEntry, *, today: date, reason: str) -> BoardEntry:
    """A black entry mended: it comes off the list that day; nobody moves into its place."""
    if not reason.strip():
        raise Problem(problems.EMPTY_TEXT, what="整改情况")
    with write():
        row = BoardEntry.objects.select_for_update(of=("self",)).select_related("subject").get(pk=entry.pk)
        if row.side != "black" or row.taken_off:
            raise Problem(problems.NOT_BLACK, subject=row.subject.name)
        row.cured_on = today
        row.save(update_fields=["cured_on"])
        _log_entries(actor, "entry.cured", [row], {"on": today.isoformat()}, reason.strip())
    return row


def _log_entries(
    actor: User | None, act: str, rows: Sequence[BoardEntry], after: dict[str, str], reason: str = ""
) -> None:
    table = BoardEntry._meta.label_lower
    changes.log_many(
        ((act, table, str(row.pk), row.subject.path, None, after) for row in rows),
        actor.pk if actor else None,
        reason=reason[:200],
    )
