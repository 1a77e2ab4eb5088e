"""Rule 2, the sheets: of one kind, inspector, subject, day and voice the last made counts; the others stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple


class Made(NamedTuple):
    """When and by whom a sheet was made; `inspector` is the person or the team, `voice` whose opinion they gathered."""

    id: str
    kind: str
    inspector: str
    subject: str
    day: date
    voice: int
    made_at: datetime
    void: bool = False


def replaced(sheets: Iterable[Made]) -> dict[str, str]:
    """Id of each replaced sheet → id of the one that counts in its place; a void sheet replaces nothing."""
    last: dict[tuple[str, str, str, date, int], Made] = {}
    kept = [sheet for sheet in sheets if not sheet.void]
    for sheet in kept:
        key = sheet[1:6]
        other = last.get(key)
        if other is None or (sheet.made_at, sheet.id) > (other.made_at, other.id):
            last[key] = sheet
    winners = {sheet.id for sheet in last.values()}
    return {sheet.id: last[sheet[1:6]].id for sheet in kept if sheet.id not in winners}


def last_of(sheets: Iterable[Made]) -> Made | None:
    """The greatest by (day, made at, id) of sheets that are not void: what `last` takes."""
    return max((s for s in sheets if not s.void), key=lambda s: (s.day, s.made_at, s.id), default=None)
