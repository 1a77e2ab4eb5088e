"""What checks the rows of an import against what is on file and writes them; subclassed where a row is several."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from xiangyue.base.scope import Scope

if TYPE_CHECKING:
    from xiangyue.desk.declaration import Desk

ADD, CHANGE, SAME, BAD = "add", "change", "same", "bad"


@dataclass(slots=True)
class Row:
    """A row of the sheet after its cells were read: values by column name, and what is wrong with its cells."""

    number: int
    """The row's number in the sheet, as the person sees it."""
    values: dict[str, Any]
    """Only columns that the sheet has and whose cell is filled; `CLEARED` where the cell says 清空."""
    errors: list[str] = field(default_factory=list)


class _Cleared:
    """The value of a cell that says 清空."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "CLEARED"


CLEARED = _Cleared()


class Masked(str):
    """A masked name or number as an export gives it: it stands for what is on file."""

    __slots__ = ()


@dataclass(slots=True)
class Planned:
    """What would become of a row: add, change, same or bad."""

    outcome: str
    number: int
    key: Hashable = None
    """What the row is known by; two rows of one key are duplicates."""
    record: Any = None
    """What `apply` needs."""
    label: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    """For a change: column name → value on file and in the sheet, as they are shown."""
    errors: list[str] = field(default_factory=list)
    pk: Any = None
    """Of a row that was added, once it is written."""


@dataclass(slots=True)
class ImportContext:
    """For whom, on which day and from where an import is done."""

    desk: Desk
    scope: Scope
    today: date
    write_paths: tuple[str, ...]
    """The ground on which the actor may add and change rows."""
    columns: frozenset[str]
    """Names of the columns that the sheet has."""
    run: int | None = None
    """The import that the change log refers to; none when a single row is saved from the form."""
    only: Row | None = None
    """The one row that the form saves; `load` then need not read more than it concerns."""
    _ground: dict[str, bool] = field(default_factory=dict)

    def may_write(self, path: str) -> bool:
        """Whether `path` lies on the actor's ground."""
        found = self._ground.get(path)
        if found is None:
            found = self._ground[path] = path.startswith(self.write_paths) if path else "" in self.write_paths
        return found


class Importer:
    """Base of all importers. `load` once, then `plan_row` for each row, then `apply` for the good ones.

    An importer must not keep anything between runs: the dry run and the import each make their own.
    """

    def __init__(self, context: ImportContext) -> None:
        self.context = context
        self.desk = context.desk
        self.required = tuple((column.name, column.heading) for column in self.desk.taken if column.required)
        self.masked = tuple(column.name for column in self.desk.taken if column.mask)

    def load(self) -> None:
        """Read what is on file, once, set-based: dictionaries that `plan_row` looks up."""

    def plan(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """What would become of each row; rows whose cells are bad already come back as bad.

        Override it where rows depend on each other (parents in the same file).
        """
        for row in rows:
            yield self.bad(row) if row.errors else self.plan_row(row)

    def bad(self, row: Row) -> Planned:
        """A row whose cells are bad, called by what could be read of it."""
        return Planned(BAD, row.number, label=self.called(row), errors=row.errors)

    def called(self, row: Row) -> str:
        """What a row is called that nothing is known of but its cells."""
        named = ((column, row.values.get(column.name)) for column in self.desk.taken)
        words = [
            str(dict(column.choices).get(value, value) if column.choices else getattr(value, "name", value))
            for column, value in named
            if value is not None and value is not CLEARED
        ]
        return " ".join(words[:3])

    def plan_row(self, row: Row) -> Planned:
        """What would become of one row."""
        raise TypeError(f"{type(self).__name__} plans no rows")

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """Write the rows that are added or changed, and their change lines; called inside one transaction."""
        raise TypeError(f"{type(self).__name__} writes no rows")

    def missing(self, row: Row) -> list[str]:
        """Words for each required column that a new row leaves blank, and for data that stand masked."""
        found = []
        get = row.values.get
        for name, heading in self.required:
            value = get(name)
            if value is None or value is CLEARED:
                found.append(_("“%s”没有填，请补上。") % heading)
        for name in self.masked:
            if type(get(name)) is Masked:
                found.append(_("有打了码（*）的内容，新登记的要填完整。"))
        return found

    def foreign(self, what: str) -> str:
        """Words for a row on other people's ground."""
        return _("“%s”不在您的辖区，不能由您导入。请删掉这一行，或交给那里的办公室导入。") % what
