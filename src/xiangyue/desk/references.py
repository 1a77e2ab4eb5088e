"""Cells that name a row of another table, resolved from dictionaries that are loaded once an import."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from xiangyue.base.cells import CellError, clean, narrow, number_text, quoted, to_code
from xiangyue.base.scope import Scope, below, policy_of
from xiangyue.desk.declaration import Named, Ref

LISTED = 6
_CODE = to_code()


class RefBook:
    """All rows that a reference may name, by code and by name; others' ground is told apart from what is not there."""

    def __init__(self, ref: Ref, scope: Scope) -> None:
        self.ref = ref
        self.by_code: dict[str, Named] = {}
        self.by_name: dict[str, list[Named]] = {}
        self.hints: dict[str, str] = {}
        seen = scope.paths(policy_of(ref.model).see)
        self.seen = tuple(seen)
        fields = ["pk", ref.code, ref.name, ref.path_lookup, *([ref.hint] if ref.hint else [])]
        for pk, code, name, path, *hint in ref.model._default_manager.filter(ref.where).values_list(*fields):
            named = Named(pk, code, name, path or "")
            self.by_code[code] = named
            if self._sees(named.path):
                self.by_name.setdefault(narrow(name), []).append(named)
                if hint:
                    self.hints[code] = hint[0] or ""
                if hint and hint[0]:
                    # as it is said: 桃花村 3号
                    self.by_name.setdefault(narrow(hint[0] + name), []).append(named)

    def _sees(self, path: str) -> bool:
        return path.startswith(self.seen) if self.seen else False

    def __call__(self, cell: Any) -> Named:
        """The row that the cell names; a cell error when there is none or more than one."""
        text = number_text(cell) if isinstance(cell, float | int) and not isinstance(cell, bool) else clean(str(cell))
        found = self.by_code.get(text) or self.by_code.get(narrow(text))
        if found is not None:
            if not self._sees(found.path):
                raise CellError(_("%(what)s%(text)s不在您的辖区。请核对编码。") % self._words(text))
            return found
        named = self.by_name.get(narrow(text), [])
        if len(named) == 1:
            return named[0]
        if named:
            codes = "、".join(self._told(row) for row in named[:LISTED]) + ("…" if len(named) > LISTED else "")
            raise CellError(
                _("叫%(text)s的%(what)s有 %(n)s 个：%(codes)s。请改填编码。")
                % {**self._words(text), "n": len(named), "codes": codes}
            )
        _CODE(cell)
        raise CellError(_("没有找到%(what)s%(text)s。请核对编码或名称；还没有登记的，请先登记。") % self._words(text))

    def _told(self, row: Named) -> str:
        hint = self.hints.get(row.code, "")
        return f"{row.code}({hint})" if hint else row.code

    def _words(self, text: str) -> dict[str, str]:
        return {"what": str(self.ref.what), "text": quoted(text)}


def load_book(ref: Ref, scope: Scope) -> RefBook:
    """The rows of a reference, ready to be asked."""
    return RefBook(ref, scope)


def narrowed(scope: Scope, ref: Ref) -> Any:
    """The rows of a reference on the actor's ground, for a form's choices."""
    rows = ref.others(scope) if ref.others else ref.model._default_manager.filter(ref.where)
    return rows.filter(below(ref.path_lookup, scope.paths(policy_of(ref.model).see)))
