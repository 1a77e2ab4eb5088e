"""What the office enters for awards and incentives, pasted from a sheet: grades with their document, heads of a place."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from xiangyue.base import changes
from xiangyue.base.cells import CellError, clean, narrow, to_date, to_whole
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.places.models import Place
from xiangyue.rewards import problems
from xiangyue.rewards.award_models import GradeEntry
from xiangyue.rewards.incentive_models import HeadCount
from xiangyue.rewards.working import LOCK
from xiangyue.rules.settings import Grading, Incentives

if TYPE_CHECKING:
    from xiangyue.people.models import User

MOST = 2_000
PARTED = re.compile(r"\t|,|，")


class Typed(NamedTuple):
    """A line that was pasted: its number, the place it names, and the other cells."""

    number: int
    place: Place
    cells: list[str]


def enter_grades(actor: User | None, ground: Place, scheme: str, grading: Grading, text: str, *, today: date) -> int:
    """Grades of places, one a line: code, grade, document, day; all of them or, where a line is wrong, none."""
    bands = {key: band.code for band in grading.grades for key in (band.code, band.name)}
    names = "、".join(band.name for band in grading.grades)

    def read(cells: list[str]) -> dict[str, Any]:
        grade = bands.get(cells[0])
        if grade is None:
            raise CellError(_("“%(said)s”不是其中一等，请填：%(names)s。") % {"said": cells[0], "names": names})
        if not cells[1]:
            raise CellError(_("没有填依据文件。请填文件名称和文号。"))
        on = to_date(cells[2])
        if on > today:
            raise CellError(_("日期 %s 还没到。请填文件的日期。") % on.isoformat())
        return {"grade": grade, "document": cells[1][:120], "on": on}

    with write():
        alone(LOCK)
        rows = _read(ground, text, 3, read)
        made = {
            (typed.place.pk, values["on"]): GradeEntry(
                place=typed.place, scheme=scheme, grading=grading.code, recorded_by=actor, **values
            )
            for typed, values in rows
        }
        GradeEntry.objects.bulk_create(
            made.values(), update_conflicts=True, unique_fields=["place", "scheme", "grading", "on"],
            update_fields=["grade", "document", "recorded_by"], batch_size=500,
        )  # fmt: skip
        _log(actor, "grade.entered", GradeEntry._meta.label_lower, grading.code, rows)
    return len(rows)


def enter_heads(actor: User | None, ground: Place, scheme: str, incentives: Incentives, key: str, text: str) -> int:
    """Heads of places, one a line: code, how many, basis; all of them or, where a line is wrong, none."""
    whole = to_whole(0, 100_000)

    def read(cells: list[str]) -> dict[str, Any]:
        if not cells[1]:
            raise CellError(_("没有填依据。请写名册或文件。"))
        return {"n": whole(cells[0]), "basis": cells[1][:120]}

    with write():
        alone(LOCK)
        rows = _read(ground, text, 2, read)
        made = {
            typed.place.pk: HeadCount(
                place=typed.place, scheme=scheme, incentives=incentives.code, key=key, recorded_by=actor, **values
            )
            for typed, values in rows
        }
        HeadCount.objects.bulk_create(
            made.values(), update_conflicts=True, unique_fields=["place", "scheme", "incentives", "key"],
            update_fields=["n", "basis", "recorded_at", "recorded_by"], batch_size=500,
        )  # fmt: skip
        _log(actor, "heads.entered", HeadCount._meta.label_lower, f"{incentives.code} {key}", rows)
    return len(rows)


def _read(
    ground: Place, text: str, n_cells: int, read: Callable[[list[str]], dict[str, Any]]
) -> list[tuple[Typed, dict[str, Any]]]:
    """The lines as values; Problem with every wrong line in words."""
    lines = [(at, [clean(cell) for cell in PARTED.split(line)]) for at, line in enumerate(text.splitlines(), 1)]
    lines = [(at, cells) for at, cells in lines if any(cells)][:MOST]
    codes = {narrow(cells[0]) for _at, cells in lines}
    places = {row.code: row for row in Place.objects.below(ground.path).filter(code__in=codes)}
    found: list[tuple[Typed, dict[str, Any]]] = []
    wrong: list[str] = []
    for at, cells in lines:
        place = places.get(narrow(cells[0]))
        if place is None:
            wrong.append(_("第%(at)s行：本辖区没有编码“%(code)s”。") % {"at": at, "code": cells[0]})
            continue
        typed = Typed(at, place, [*cells[1:], *[""] * n_cells][:n_cells])
        try:
            found.append((typed, read(typed.cells)))
        except CellError as error:
            wrong.append(_("第%(at)s行：%(words)s") % {"at": at, "words": error})
    if wrong or not found:
        raise Problem(problems.BAD_LINES, why="".join(wrong[:20]) or _("没有填任何一行。"))
    return found


def _log(actor: User | None, act: str, table: str, what: str, rows: list[tuple[Typed, dict[str, Any]]]) -> None:
    changes.log_many(
        ((act, table, f"{what} {typed.place.code}"[:40], typed.place.path, None, {"of": what, **values})
         for typed, values in rows), actor.pk if actor else None,
    )  # fmt: skip
