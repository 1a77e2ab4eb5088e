"""What is on file of a sheet: its captures by day, the cells that they say, and how something typed now differs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from xiangyue.captures.models import Capture
from xiangyue.papers.letters import FINE, cell_of
from xiangyue.papers.models import Sheet
from xiangyue.papers.units import A_LINE, Filled, Layout, Unit, day_words, id_for

KINDS = ("round", "sheet", "visit", "wish")
CHANCE = (1 << 80) - 1


@dataclass(frozen=True, slots=True)
class Held:
    """The last capture of one envelope of a sheet; not live: it was taken back."""

    index: int
    turn: int
    capture: Capture

    @property
    def live(self) -> bool:
        """Whether it still stands."""
        return self.capture.state != Capture.State.WITHDRAWN


def held_for(sheet: Sheet) -> dict[int, Held]:
    """What is on file of a sheet, by the number of the envelope: the last turn that stands, else the last at all."""
    begin = sheet.uuid.int >> 80 << 80
    rows = Capture.objects.filter(uuid__gte=UUID(int=begin), uuid__lte=UUID(int=begin | CHANCE), kind__in=KINDS)
    captures = {row.uuid: row for row in rows.select_related("user__person")}
    found: dict[int, Held] = {}
    if not captures:
        return found
    for turn in range(sheet.turn + 1):
        for index in _numbers(sheet):
            capture = captures.get(id_for(sheet.uuid, index, turn))
            if capture is None:
                continue
            one = Held(index, turn, capture)
            if index not in found or one.live or not found[index].live:
                found[index] = one
    return found


def filled_from(layout: Layout, held: Collection[Held]) -> Filled:
    """The cells that the captures on file say; of wishes only that there is one, for their text lies elsewhere."""
    lines = {line.code: line.n for line in layout.lines}
    found = Filled({}, {})
    for one in held:
        body = one.capture.body
        if not one.live:
            continue
        if one.capture.kind == "round":
            column = {lines[code]: FINE for code in body.get("fine", []) if code in lines}
            for fault in body.get("faults", []):
                if fault["subject"] in lines:
                    column[lines[fault["subject"]]] = cell_of(fault.get("entries", []), layout.letters)
            found.cells[one.index] = column
        elif one.capture.kind == "visit":
            letters = {letter.item: letter.letter for letter in layout.letters}
            cell = "".join(sorted(letters.get(task, "") for task in body.get("tasks", []))) or FINE
            found.cells.setdefault(one.index % A_LINE, {})[one.index // A_LINE + 1] = cell
        elif one.capture.kind == "wish":
            found.wishes[(one.index + 1) // A_LINE] = _("（已登记）")
    return found


def differences(layout: Layout, unit: Unit, on_file: Held) -> list[str]:
    """How a unit differs from what is on file, in words, cell by cell; empty where it is the same."""
    if unit.envelope(layout.sheet, on_file.turn).digest == on_file.capture.digest:
        return []
    if unit.kind == "wish":
        return [_("“%s”的诉求已经登记过；要改，请到“群众诉求”页。") % unit.label]
    if unit.kind == "visit":
        old, new = _visit_cells(layout, unit, on_file)
        return [_("%(what)s：原来是 %(old)s，现在是 %(new)s") % {"what": unit.label, "old": old, "new": new}]
    before = filled_from(layout, [on_file]).cells.get(unit.index, {})
    now = round_cells(layout, unit)
    found = []
    for row in sorted(before.keys() | now.keys()):
        if before.get(row) != now.get(row):
            line = layout.lines[row - 1]
            values = {"day": day_words(unit.day), "row": row, "name": line.label}
            values |= {"old": _shown(before.get(row)), "new": _shown(now.get(row))}
            found.append(_("%(day)s 第 %(row)s 行“%(name)s”：原来是 %(old)s，现在是 %(new)s") % values)
    return found or [_("%s的内容与已入库的不同") % day_words(unit.day)]


def round_cells(layout: Layout, unit: Unit) -> dict[int, str]:
    """The cells that a unit of a check sheet says."""
    lines = {line.code: line.n for line in layout.lines}
    cells = {lines[code]: FINE for code in unit.body["fine"]}
    return cells | {lines[fault["subject"]]: cell_of(fault["entries"], layout.letters) for fault in unit.body["faults"]}


def _visit_cells(layout: Layout, unit: Unit, on_file: Held) -> tuple[str, str]:
    letters = {letter.item: letter.letter for letter in layout.letters}
    old, new = ("".join(letters.get(task, "") for task in body.get("tasks", [])) or FINE
                for body in (on_file.capture.body, unit.body))  # fmt: skip
    return _shown(old), _shown(new)


def _shown(cell: str | None) -> str:
    return _("没查") if not cell else "√" if cell == FINE else cell


def _numbers(sheet: Sheet) -> list[int]:
    n_days = len(sheet.days)
    if sheet.form != Sheet.Form.VISIT:
        return list(range(n_days))
    return [row * A_LINE + day for row in range(len(sheet.rows)) for day in (*range(n_days), A_LINE - 1)]
