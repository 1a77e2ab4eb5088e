"""The form of one row: the desk's columns as fields, through the same converters as the cells of a sheet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from xiangyue.base.cells import CellError
from xiangyue.base.scope import Scope, policy_of
from xiangyue.desk.converting import converter
from xiangyue.desk.declaration import Column, Desk, Kind
from xiangyue.desk.importer import CLEARED, Row
from xiangyue.desk.personal import masked
from xiangyue.desk.references import narrowed

OFFERED_MOST = 600
"""References with more rows than this are typed by code instead of chosen."""


def form_columns(desk: Desk, *, adding: bool) -> tuple[Column, ...]:
    """The columns on the form; keys and what is given once stand only on the form of a new row."""
    return tuple(c for c in desk.taken if c.form and (adding or not (c.key or c.once)))


class RowForm(forms.Form):
    """Fields of a row; `columns` says which. A blank field clears what is on file."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, desk: Desk, scope: Scope, columns: Sequence[Column], kept: dict[str, Any] | None, **more: Any):
        super().__init__(**more)
        self.columns, self.kept, self.scope = columns, kept, scope
        self.in_clear = scope.holds(desk.clear)
        self.label_suffix = ""
        for column in columns:
            self.fields[column.name] = self._field(column)
        if kept is not None:
            self.fields["base"].initial = version_of(kept)

    def _field(self, column: Column) -> forms.CharField:
        words = " ".join(filter(None, [str(column.note), _("例：%s") % column.example if column.example else ""]))
        if self.kept is not None and column.mask == "phone":
            words = _("带 * 的号码原样留着就是不改；要改请填完整的号码。")
        field = forms.CharField(
            label=str(column.heading),
            required=column.required,
            help_text=words,
            widget=self._widget(column),
            error_messages={"required": _("“%s”没有填，请补上。") % column.heading},
        )
        if self.kept is not None:
            field.initial = initial_of(column, self.kept.get(column.name), in_clear=self.in_clear)
        return field

    def _widget(self, column: Column) -> forms.Widget:
        blank = [("", "—")]
        if column.kind == Kind.CHOICE:
            return forms.Select(choices=blank + [(v, label) for v, label in column.choices if v != ""])
        if column.kind == Kind.YES:
            return forms.Select(choices=[*blank, (_("是"), _("是")), (_("否"), _("否"))])
        if column.kind == Kind.DATE:
            return forms.DateInput(attrs={"type": "date"})
        if column.kind == Kind.WHOLE:
            return forms.TextInput(attrs={"inputmode": "numeric"})
        if column.kind == Kind.REF and (offered := self._offered(column)):
            return forms.Select(choices=blank + offered)
        if column.offer and (told := column.offer(self.scope)):
            return forms.Select(choices=blank + [(words, words) for words in told])
        return forms.TextInput()

    def _offered(self, column: Column) -> list[tuple[str, str]]:
        assert column.ref is not None
        rows = narrowed(self.scope, column.ref).order_by(column.ref.path_lookup, column.ref.code)
        fields = [column.ref.code, column.ref.name, *([column.ref.hint] if column.ref.hint else [])]
        found = list(rows.values_list(*fields)[: OFFERED_MOST + 1])
        if len(found) > OFFERED_MOST:
            return []
        return [(code, f"{' '.join([*filter(None, hint), name])}（{code[-9:]}）") for code, name, *hint in found]

    def clean(self) -> dict[str, Any]:
        """Converts every field as the cell of a sheet would be; errors stand beside their field."""
        values: dict[str, Any] = {}
        for column in self.columns:
            text = self.cleaned_data.get(column.name)
            if text is None:
                continue
            if text == "":
                if self.kept is not None:
                    values[column.name] = CLEARED
                continue
            try:
                values[column.name] = converter(column, self.scope)(text)
            except CellError as error:
                self.add_error(column.name, str(error))
        self.values = values
        return self.cleaned_data

    def row(self, keys: dict[str, Any]) -> Row:
        """The row to save: the values typed, and the keys of the row that is edited."""
        return Row(0, {**keys, **self.values})


def initial_of(column: Column, value: Any, *, in_clear: bool = False) -> Any:
    """What stands in a field at first; phones (and names not `in_clear`) half hidden, which stands for "as it is"."""
    if value is None:
        return ""
    if column.mask and value and not (in_clear and column.mask == "name"):
        return masked(column.mask, str(value))
    if column.kind == Kind.YES:
        return _("是") if value else _("否")
    return value.isoformat() if column.kind == Kind.DATE else str(value)


def kept_values(desk: Desk, key: Any) -> dict[str, Any]:
    """What is on file for a row, by column name."""
    columns = [column for column in desk.columns if column.exported]
    lookups = [column.lookup for column in columns]
    values = desk.base().filter(pk=key).values_list(policy_of(desk.model).path, *lookups).get()
    return dict(zip((column.name for column in columns), values[1:], strict=True))


def version_of(kept: dict[str, Any]) -> str:
    """A short mark of the values on file: another mark means that somebody changed them meanwhile."""
    text = json.dumps(kept, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
