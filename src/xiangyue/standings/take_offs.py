"""Who comes off the boards since a version was closed: mended in time, or an objection upheld; and what is carried on."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from xiangyue.base.problems import Problem
from xiangyue.standings import problems
from xiangyue.standings.facts import Roll
from xiangyue.standings.models import BoardEntry, Closing
from xiangyue.standings.notices.models import Objection, Publication


@dataclass(slots=True)
class TakeOffs:
    """Board code → subject codes that come off it."""

    cured: dict[str, set[str]] = field(default_factory=dict)
    upheld: dict[str, set[str]] = field(default_factory=dict)
    upheld_red: dict[str, set[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.cured or self.upheld or self.upheld_red)

    def into(self, roll: Roll) -> None:
        """Adds them to a roll."""
        for mine, theirs in ((self.cured, roll.cured), (self.upheld, roll.upheld), (self.upheld_red, roll.upheld_red)):
            for board, codes in mine.items():
                theirs.setdefault(board, set()).update(codes)


def take_offs(closing: Closing, publication: Publication) -> TakeOffs:
    """Cured entries and upheld objections of a version that its boards do not show yet.

    What was upheld against an entry of an earlier version holds for the same entry of this one.
    """
    found = TakeOffs()
    entries = BoardEntry.objects.filter(board__standing__closing=closing, taken_off="")
    cured = entries.filter(side="black", cured_on__isnull=False)
    for board, code in cured.values_list("board__board", "subject__code"):
        found.cured.setdefault(board, set()).add(code)
    same = Publication.objects.of(publication.kind, publication.ground_id, publication.key)
    for objection in Objection.objects.filter(publication__in=same, upheld=True).select_related("subject"):
        if objection.publication_id == publication.pk:
            rows = _touched(entries, objection)
            if not rows.exists() and not _off_already(closing, objection):
                raise Problem(problems.UPHELD_WITHOUT_MEND, subject=objection.subject.name)
        else:
            rows = entries.filter(_as_listed_then(objection), subject_id=objection.subject_id)
        for board, side, code in rows.values_list("board__board", "side", "subject__code"):
            (found.upheld if side == "black" else found.upheld_red).setdefault(board, set()).add(code)
    return found


def listed_then(publication: Publication, objection: Objection) -> list[str]:
    """The names of the boards that the objection's subject stands on in that version."""
    entries = BoardEntry.objects.filter(board__standing__closing__publication=publication, taken_off="")
    return sorted(set(_touched(entries, objection).values_list("board__name", flat=True)))


def carry_over(older: Closing, newer: Closing) -> None:
    """What was told and mended stands by the same entries of a newer version too."""
    told = {
        (row.board.board, row.side, row.subject_id): row
        for row in BoardEntry.objects.filter(board__standing__closing=older)
        .exclude(told_on=None, cured_on=None)
        .select_related("board")
    }
    if not told:
        return
    found = BoardEntry.objects.filter(board__standing__closing=newer).select_related("board")
    rows = [row for row in found if (row.board.board, row.side, row.subject_id) in told]
    for row in rows:
        before = told[row.board.board, row.side, row.subject_id]
        row.told_on, row.cured_on = before.told_on, before.cured_on
    BoardEntry.objects.bulk_update(rows, ["told_on", "cured_on"], batch_size=500)


def _touched(entries: QuerySet[BoardEntry], objection: Objection) -> QuerySet[BoardEntry]:
    rows = entries.filter(subject_id=objection.subject_id)
    return rows.filter(board__standing__composite=objection.part) if objection.part else rows


def _off_already(closing: Closing, objection: Objection) -> bool:
    held = BoardEntry.objects.filter(board__standing__closing=closing, subject_id=objection.subject_id)
    return held.exclude(taken_off="").exists()


def _as_listed_then(objection: Objection) -> Q:
    """The same board and side as the objection's subject stood on in the version it was made against."""
    held = BoardEntry.objects.filter(board__standing__closing__publication=objection.publication_id)
    condition = Q(pk__in=())
    for board, side in _touched(held, objection).values_list("board__board", "side"):
        condition |= Q(board__board=board, side=side)
    return condition
