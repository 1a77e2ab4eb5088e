"""The plain importer: a row of the sheet is a row of the desk's own model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from xiangyue.base.bulk import insert_rows, next_ids, stored, update_rows
from xiangyue.base.changes import log_many
from xiangyue.base.scope import policy_of
from xiangyue.desk.declaration import Column, Kind, Named
from xiangyue.desk.importer import ADD, BAD, CHANGE, CLEARED, SAME, Importer, Masked, Planned, Row
from xiangyue.desk.personal import masked


def on_file(value: Any) -> Any:
    """A value in the form in which sheet and file are compared."""
    if isinstance(value, Named):
        return value.code
    return None if value is CLEARED or value == "" else value


def same_masked(column: Column, value: Any, kept: Any) -> bool:
    """Whether a masked cell stands for what is on file."""
    return isinstance(value, Masked) and value == masked(column.mask, kept or "")


def compare(
    columns: Sequence[Column], values: dict[str, Any], kept: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """What a row would change as (before, after) by column, and what is wrong with it."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    errors: list[str] = []
    for column in columns:
        if column.name not in values:
            continue
        value, old = values[column.name], kept[column.name]
        if column.mask and isinstance(value, Masked):
            if not same_masked(column, value, old):
                errors.append(
                    _("“%s”打了码（*），和登记的对不上。要改请填完整，不改请原样留着或留空。") % column.heading
                )
            continue
        new = on_file(value)
        if new == on_file(old):
            continue
        if column.once:
            errors.append(
                _("“%(heading)s”登记后不能经导入更改（现在是“%(old)s”）。请改回去。")
                % {"heading": column.heading, "old": old}
            )
            continue
        before[column.name], after[column.name] = old, new
    return before, after, errors


def logged(columns: Sequence[Column], values: dict[str, Any]) -> dict[str, Any]:
    """Values as the change log keeps them: personal data masked, since the log outlives them."""
    masks = {column.name: column.mask for column in columns if column.mask}
    return {
        name: masked(masks[name], str(value)) if name in masks and value else value for name, value in values.items()
    }


class PlainImporter(Importer):
    """Maps columns to fields of `desk.model`; the key columns say which row is meant."""

    def load(self) -> None:
        """All rows by key with the values that the sheet may change."""
        self.columns = [column for column in self.desk.taken if column.exported]
        self.keys = [column for column in self.columns if column.key]
        self.given = [column for column in self.columns if column.name in self.context.columns]
        path = policy_of(self.desk.model).path
        names = [column.name for column in self.columns]
        self.kept: dict[tuple[Any, ...], tuple[Any, str, dict[str, Any]]] = {}
        rows = self.desk.base()
        if self.context.only is not None:
            given = self.context.only.values
            rows = rows.filter(**{column.lookup: on_file(given.get(column.name)) for column in self.keys})
        rows = rows.values_list("pk", path, *(column.lookup for column in self.columns))
        for pk, where, *values in rows.iterator(chunk_size=5000):
            kept = dict(zip(names, values, strict=True))
            self.kept[tuple(kept[column.name] for column in self.keys)] = (pk, where or "", kept)

    def key_of(self, row: Row) -> tuple[Any, ...] | None:
        """The row's key; nothing while a key column is blank."""
        found = tuple(on_file(row.values.get(column.name)) for column in self.keys)
        return None if None in found else found

    def label_of(self, row: Row) -> str:
        """What the row is called in lists of the dry run."""
        values = [row.values.get(column.name) for column in self.columns[:3]]
        return " ".join(value.name if isinstance(value, Named) else str(value) for value in values if value)

    def plan_row(self, row: Row) -> Planned:
        """Added, changed or left alone."""
        key = self.key_of(row)
        if key is None:
            blank = "、".join(str(column.heading) for column in self.keys if not row.values.get(column.name))
            return Planned(BAD, row.number, errors=[_("“%s”没有填，不知道是哪一条。请补上。") % blank])
        found = self.kept.get(key)
        return self._plan_add(row, key) if found is None else self._plan_change(row, key, *found)

    def ground_of(self, row: Row) -> str:
        """The path of a new row's ground."""
        value = row.values.get(self.desk.ground)
        return value.path if isinstance(value, Named) else ""

    def _plan_add(self, row: Row, key: tuple[Any, ...]) -> Planned:
        errors = self.missing(row)
        label = self.label_of(row)
        if not errors and not self.context.may_write(self.ground_of(row)):
            errors = [self.foreign(label)]
        if not errors:
            errors = self.check(row, None)
        if errors:
            return Planned(BAD, row.number, key, label=label, errors=errors)
        return Planned(ADD, row.number, key, (None, self.ground_of(row), row.values), label)

    def _plan_change(self, row: Row, key: tuple[Any, ...], pk: Any, path: str, kept: dict[str, Any]) -> Planned:
        label = self.label_of(row)
        if not self.context.may_write(path):
            return Planned(BAD, row.number, key, label=label, errors=[self.foreign(label)])
        before, after, errors = compare(self.given, row.values, kept)
        if self.desk.ground in after and not self.context.may_write(self.ground_of(row)):
            errors.append(self.foreign(label))
        blanked = [c.heading for c in self.columns if c.required and c.name in after and after[c.name] is None]
        errors += [_("“%s”必填，不能清空。") % heading for heading in blanked]
        if not errors and after:
            errors = self.check(row, kept)
        if errors:
            return Planned(BAD, row.number, key, label=label, errors=errors)
        outcome = CHANGE if after else SAME
        changed = {name: row.values[name] for name in after}
        return Planned(outcome, row.number, key, (pk, path, changed), label, before or None, after or None)

    def check(self, row: Row, kept: dict[str, Any] | None) -> list[str]:
        """More that can be wrong with a row that is to be added (nothing `kept`) or changed; rooms override it."""
        day, end = (self._new(row, kept, name) for name in ("from_on", "to_on"))
        return [_("截止日早于起始日。请核对两个日期。")] if day and end and end < day else []

    @staticmethod
    def _new(row: Row, kept: dict[str, Any] | None, name: str) -> Any:
        return on_file(row.values[name]) if name in row.values else (kept or {}).get(name)

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """Insert the new rows, update the changed ones, write a line for each."""
        adds = [plan for plan in planned if plan.outcome == ADD]
        changes = [plan for plan in planned if plan.outcome == CHANGE]
        if adds:
            self._insert(adds, actor_id)
        if changes:
            self._update(changes, actor_id)

    def _insert(self, adds: Sequence[Planned], actor_id: int | None) -> None:
        model = self.desk.model
        defaults = self.desk.defaults(self.context) if self.desk.defaults else {}
        blanks = {column.name: self._blank(column) for column in self.columns}
        extra = [name for name in defaults if name not in blanks]
        ids = next_ids(model, len(adds))
        rows = []
        for pk, plan in zip(ids, adds, strict=True):
            plan.pk = pk
            values = {**blanks, **{k: v for k, v in defaults.items() if k in blanks}, **plan.record[2]}
            fields = [stored(self._raw(values[column.name], column)) for column in self.columns]
            rows.append((pk, *fields, *(stored(defaults[name]) for name in extra)))
        insert_rows(model, ["id", *(column.name for column in self.columns), *extra], rows)
        log_many(
            (
                (
                    f"{self.desk.name}.added",
                    self.desk.table,
                    str(pk),
                    plan.record[1],
                    None,
                    self._line(plan, plan.record[2]),
                )
                for pk, plan in zip(ids, adds, strict=True)
            ),
            actor_id,
        )

    def _line(self, plan: Planned, values: dict[str, Any]) -> dict[str, Any]:
        line = logged(self.columns, {name: on_file(value) for name, value in values.items()})
        return line if self.context.run is None else {**line, "import": self.context.run, "row": plan.number}

    def _blank(self, column: Column) -> Any:
        field: Any = self.desk.model._meta.get_field(column.name)
        if field.has_default():
            return field.get_default()
        return None if field.null else "" if field.empty_strings_allowed else False if column.kind == Kind.YES else None

    def _raw(self, value: Any, column: Column) -> Any:
        if value is CLEARED:
            return self._blank(column)
        return value.id if isinstance(value, Named) else value

    def _update(self, changes: Sequence[Planned], actor_id: int | None) -> None:
        by_name = {column.name: column for column in self.columns}
        alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
        for plan in changes:
            pk, _path, values = plan.record
            names = tuple(sorted(values))
            alike[names].append((*(stored(self._raw(values[name], by_name[name])) for name in names), pk))
        for names, rows in alike.items():
            update_rows(self.desk.model, names, rows)
        log_many((self._changed_line(plan) for plan in changes), actor_id)

    def _changed_line(self, plan: Planned) -> tuple[str, str, str, str, dict[str, Any], dict[str, Any]]:
        pk, path, values = plan.record
        before = logged(self.columns, plan.before or {})
        return f"{self.desk.name}.edited", self.desk.table, str(pk), path, before, self._line(plan, values)
