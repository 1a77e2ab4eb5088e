"""An import is examined without writing anything, then applied in one transaction: all rows or none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.base.scope import Scope, policy_of
from xiangyue.base.writes import alone, write
from xiangyue.desk import problems, registry
from xiangyue.desk.converting import Merged, convert_sheet
from xiangyue.desk.declaration import Desk
from xiangyue.desk.importer import ADD, BAD, CHANGE, SAME, ImportContext, Importer, Planned, Row
from xiangyue.desk.models import Import
from xiangyue.desk.plain import PlainImporter
from xiangyue.desk.reading import Sheet, open_sheet

TELL_EVERY = 2_000
KEPT = 60
"""So many rows of each outcome are kept for the page of the dry run."""
DAYS_KEPT = 7
HELD_MOST = 50_000
LINES_COUNTED = 2_000

type Tell = Callable[[int, int, str], None]


@dataclass(slots=True)
class Examined:
    """What an import would do: rows to write, rows that are bad, and the first few of each outcome to show."""

    importer: Importer
    sheet: Sheet
    mark: tuple[int, int]
    """Where the change log stood when the look began: whoever writes later, writes a later line."""
    good: list[Planned] = field(default_factory=list)
    bad: list[Planned] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    same: list[Planned] = field(default_factory=list)
    """Only the first few; of the others their numbers are enough."""
    same_numbers: set[int] = field(default_factory=set)


def importer_for(desk: Desk, context: ImportContext) -> Importer:
    """A new importer of the desk's own kind, loaded."""
    made = (desk.importer or PlainImporter)(context)
    made.load()
    return made


def context_for(desk: Desk, scope: Scope, columns: Any, run: int | None = None) -> ImportContext:
    """The context of an import or of one saved form."""
    paths = scope.paths(policy_of(desk.model).adders())
    return ImportContext(desk, scope, timezone.localdate(), paths, frozenset(columns), run)


def examine(run: Import, scope: Scope, tell: Tell) -> Examined:
    """Read the file and ask what would become of each row; nothing is written."""
    if not run.file.exists():
        raise Problem(problems.FILE_GONE, days=DAYS_KEPT)
    desk = registry.get(run.desk)
    mark = last_change()
    tell(0, 0, _("正在打开文件"))
    sheet = open_sheet(run.file, run.kind, desk)
    total = max(sheet.grid.n_rows - sheet.first, 0)
    importer = importer_for(desk, context_for(desk, scope, sheet.columns, run.pk))
    found = Examined(importer, sheet, mark)
    _warn_merged(desk, sheet)
    keys: dict[Hashable, int] = {}
    twins: dict[Hashable, list[int]] = defaultdict(list)
    for plan in importer.plan(_counted(convert_sheet(sheet, desk, scope), total, tell)):
        if plan.key is not None:
            first = keys.setdefault(plan.key, plan.number)
            if first != plan.number:
                twins[plan.key].append(plan.number)
        _sort(found, plan)
    if twins:
        _name_twins(found, keys, twins)
    found.counts.update({ADD: 0, CHANGE: 0, SAME: len(found.same_numbers), BAD: len(found.bad)})
    for plan in found.good:
        found.counts[plan.outcome] += 1
    if not any(found.counts.values()):
        raise Problem(problems.NO_ROWS, sheet=sheet.grid.name)
    return found


def _sort(found: Examined, plan: Planned) -> None:
    if plan.outcome == SAME:
        found.same_numbers.add(plan.number)
        if len(found.same) < KEPT:
            found.same.append(plan)
    else:
        (found.bad if plan.outcome == BAD else found.good).append(plan)


def _counted(rows: Iterator[Row], total: int, tell: Tell) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        if number % TELL_EVERY == 0:
            tell(number, max(total, number), _("正在检查"))
        yield row


def _warn_merged(desk: Desk, sheet: Sheet) -> None:
    places = {place: column for column in desk.taken if (place := sheet.columns.get(column.name)) is not None}
    if n := Merged(sheet, places).n_filled:
        sheet.warnings.append(_("有 %s 处合并单元格，已把它的内容算作所覆盖的每一行的内容。") % n)


def _name_twins(found: Examined, keys: dict[Hashable, int], twins: dict[Hashable, list[int]]) -> None:
    """Rows of one key are all bad, each naming the others."""
    numbers = {key: [keys[key], *others] for key, others in twins.items()}
    plans = {plan.number: plan for plan in [*found.good, *found.bad, *found.same] if plan.key in numbers}
    for key, own in numbers.items():
        for number in own:
            plan = plans.setdefault(number, Planned(SAME, number, key))
            others = "、".join(str(other) for other in own if other != number)
            plan.errors.append(_("和第 %s 行重复，说的是同一条。请只留一行。") % others)
            if plan.outcome != BAD:
                found.bad.append(plan)
            plan.outcome = BAD
            found.same_numbers.discard(number)
    found.good = [plan for plan in found.good if plan.outcome != BAD]
    found.same = [plan for plan in found.same if plan.outcome != BAD]
    found.bad.sort(key=lambda plan: plan.number)


def last_change() -> tuple[int, int]:
    """The newest line of the change log, and how many of the last lines are there.

    Every write leaves a line. On PostgreSQL a line can be seen after one with a greater key; then their number differs.
    """
    last = Change.objects.aggregate(last=Max("pk"))["last"] or 0
    return last, Change.objects.filter(pk__gt=last - LINES_COUNTED).count()


_held: dict[int, Examined] = {}
"""The last dry run of this process: confirmed before anybody wrote anything, it need not be done again."""


def hold(run: Import, found: Examined) -> None:
    """Keep a dry run that is not too big until it is confirmed, or another one is made."""
    _held.clear()
    if len(found.good) <= HELD_MOST:
        _held[run.pk] = found


def apply(run: Import, scope: Scope, tell: Tell) -> dict[str, int]:
    """Write the import in one transaction and mark it as done there; gives the counts.

    The rows are examined before the database is taken for writing, and again inside only when somebody wrote meanwhile.
    """
    found = _held.pop(run.pk, None)
    if found is None or not still_true(found, scope):
        found = examine(run, scope, tell)
    tell(0, 0, _("正在写入，请稍候"))
    with write():
        alone(f"import {run.desk}")
        held = Import.objects.select_for_update().get(pk=run.pk)
        if held.state == Import.State.DONE:
            return dict(held.counts)
        if held.state != Import.State.APPLYING:
            raise Problem(problems.NOT_READY)
        if not still_true(found, scope):
            found = examine(run, scope, _silent)
        if found.bad and held.mode == Import.Mode.ALL:
            raise Problem(problems.CHANGED_SINCE, bad=len(found.bad))
        found.importer.apply(found.good, actor_id=held.uploaded_by_id)
        held.state, held.counts, held.done_at = Import.State.DONE, dict(found.counts), timezone.now()
        held.save(update_fields=["state", "counts", "done_at"])
    return dict(found.counts)


def still_true(found: Examined, scope: Scope) -> bool:
    """Whether nothing was written since the rows were looked at, on the same day and with the same rights."""
    context = found.importer.context
    return found.mark == last_change() and context.scope == scope and context.today == timezone.localdate()


def _silent(done: int, total: int, words: str) -> None:
    """Inside the transaction nobody could see the progress."""


def save_one(desk: Desk, scope: Scope, row: Row) -> Planned:
    """Save one row from the form, through the same checks as a row of a sheet; bad ones come back with errors."""
    with transaction.atomic():
        context = context_for(desk, scope, row.values)
        context.only = row
        importer = importer_for(desk, context)
        plan = next(iter(importer.plan(iter([row]))))
        if plan.outcome in (ADD, CHANGE):
            importer.apply([plan], actor_id=scope.user_id)
    return plan
