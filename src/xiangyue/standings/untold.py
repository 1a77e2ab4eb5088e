"""Black entries whose subjects have not been told yet: what keeps a notice that runs from coming in force."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from xiangyue.agreements.in_force import scheme_of
from xiangyue.standings.models import BoardEntry, Closing
from xiangyue.standings.notices.models import Objection

if TYPE_CHECKING:
    from django.db.models import QuerySet


def to_tell(closings: Iterable[Closing]) -> QuerySet[BoardEntry]:
    """The black entries of these closings that wait to be told, on boards that give time to mend."""
    which = Q()
    for closing in closings:
        curing = [board.code for board in scheme_of(closing.scheme_version).boards if board.cure_days > 0]
        which |= Q(board__standing__closing=closing, board__board__in=curing)
    if not which:
        return BoardEntry.objects.none()
    return not_upheld(BoardEntry.objects.filter(which, side="black", taken_off="", told_on=None, cured_on=None))


def not_upheld(entries: QuerySet[BoardEntry]) -> QuerySet[BoardEntry]:
    """The entries without those that an upheld objection takes off: nobody has to be told of them."""
    upheld = Objection.objects.filter(
        Q(part="") | Q(part=OuterRef("board__standing__composite")),
        publication=OuterRef("board__standing__closing__publication"), subject=OuterRef("subject"), upheld=True,
    )  # fmt: skip
    return entries.exclude(Exists(upheld))
