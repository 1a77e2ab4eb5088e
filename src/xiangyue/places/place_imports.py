"""Importing counties' townships, villages, hamlets and public places in one sheet: parents may be in the same file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from xiangyue.base.bulk import insert_rows, next_ids, stored, update_rows
from xiangyue.base.cells import narrow
from xiangyue.base.changes import log_many
from xiangyue.base.problems import Problem
from xiangyue.desk.importer import ADD, BAD, CHANGE, CLEARED, SAME, Importer, Planned, Row
from xiangyue.desk.plain import compare
from xiangyue.places.codes import BELOW, DIGITS, MARKS, plain_code
from xiangyue.places.models import Level, Place, PlaceClass
from xiangyue.places.spans import keep_spans, open_spans

RANKS = {Level.COUNTY: 0, Level.TOWNSHIP: 1, Level.VILLAGE: 2, Level.HAMLET: 3, Level.PUBLIC_PLACE: 4}
CLASSES = {
    Level.TOWNSHIP: (PlaceClass.TOWN, PlaceClass.RURAL, PlaceClass.STREET),
    Level.VILLAGE: (PlaceClass.VILLAGE, PlaceClass.COMMUNITY),
}
FIELDS = (
    "id", "code", "name", "level", "place_class", "parent", "path", "ground", "township", "village", "order", "from_on",
)  # fmt: skip


@dataclass(slots=True)
class Node:
    """A place on file, or one that the file adds (then its key and code may still be open)."""

    code: str
    name: str
    level: str
    path: str
    id: int | None = None
    parent: Node | None = None
    ground_id: int | None = None
    township_id: int | None = None
    village_id: int | None = None
    village_code: str = ""
    values: dict[str, Any] | None = None


class PlaceImporter(Importer):
    """Knows places by code; hamlets and public places without one by parent and name."""

    def load(self) -> None:
        """All live places but households, and every code ever given."""
        self.taken = [column for column in self.desk.taken if column.name in self.context.columns]
        self.by_code: dict[str, Node] = {}
        self.by_name: dict[str, list[Node]] = defaultdict(list)
        self.below: dict[tuple[str, str, str], Node] = {}
        self.last: dict[str, int] = {}
        rows = Place.objects.exclude(level=Level.HOUSEHOLD).filter(Q(to_on=None))
        fields = (
            "id", "code", "name", "level", "path", "ground_id", "township_id", "village_id", "village__code",
            "parent__code", "place_class", "order", "from_on",
        )  # fmt: skip
        for pk, code, name, level, path, ground, town, village, village_code, parent, *rest in rows.values_list(
            *fields
        ):
            values = dict(zip(("place_class", "order", "from_on"), rest, strict=True))
            values |= {"code": code, "name": name, "level": level, "parent": parent}
            node = Node(code, name, level, path, pk, None, ground, town, village, village_code or "", values)
            self._know(node, parent or "")
        ended = Place.objects.exclude(to_on=None).exclude(level=Level.HOUSEHOLD)
        self.ended = set(ended.values_list("code", flat=True))

    def _know(self, node: Node, parent: str) -> None:
        if node.code:
            self.by_code[node.code] = node
            stem, _dash, tail = node.code.partition("-")
            if tail and tail[1:].isdigit():
                mark = f"{stem}-{tail[0]}"
                self.last[mark] = max(self.last.get(mark, 0), int(tail[1:]))
        if not node.path or node.path.startswith(self.context.write_paths or ("\0",)):
            self.by_name[narrow(node.name)].append(node)
        self.below[parent, node.level, narrow(node.name)] = node

    def plan(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """Parents first, whatever their order in the file."""
        sound = []
        for row in rows:
            if row.errors:
                yield self.bad(row)
            else:
                sound.append(row)
        sound.sort(key=lambda row: RANKS.get(Level(row.values["level"]), 0) if row.values.get("level") else -1)
        for row in sound:
            yield self.plan_row(row)

    def plan_row(self, row: Row) -> Planned:
        """Added, changed or left alone; a bad parent's children say that it is not there."""
        values = row.values
        label = " ".join(str(values[name]) for name in ("name", "code") if values.get(name))
        kept, errors = self._kept(values)
        if errors:
            return Planned(BAD, row.number, label=label, errors=errors)
        if kept is not None:
            return self._plan_change(row, kept, label)
        errors = self.missing(row)
        if errors:
            return Planned(BAD, row.number, label=label, errors=errors)
        return self._plan_add(row, label)

    def _kept(self, values: dict[str, Any]) -> tuple[Node | None, list[str]]:
        code = values.get("code")
        if not code:
            parent, _errors = self._parent(values.get("parent"))
            name, level = values.get("name"), values.get("level")
            if parent and name and level in MARKS:
                node = self.below.get((parent.code, str(level), narrow(name)))
                return (node if node and node.id else None), []
            return None, []
        try:
            plain = plain_code(code, values["level"]) if values.get("level") else code.upper()
        except Problem as problem:
            return None, [str(problem)]
        if plain in self.ended:
            return None, [_("编码 %s 是已撤销区划的旧编码，不能再用。请核对。") % plain]
        values["code"] = plain
        node = self.by_code.get(plain)
        return (node if node and node.id else None), []

    def _parent(self, told: str | None) -> tuple[Node | None, list[str]]:
        if not told:
            return None, []
        node = self.by_code.get(told) or self.by_code.get(told.rstrip("0") if told.isdigit() else told)
        if node is not None:
            return node, []
        named = self.by_name.get(narrow(told), [])
        if len(named) == 1:
            return named[0], []
        if named:
            codes = "、".join(one.code for one in named[:6])
            return None, [
                _("叫“%(told)s”的区划有 %(n)s 个：%(codes)s。请改填编码。")
                % {"told": told, "n": len(named), "codes": codes}
            ]
        return None, [_("上级“%s”不存在（登记里没有，本表里也没有能导入的）。请核对编码，或把上级也填进本表。") % told]

    def _plan_add(self, row: Row, label: str) -> Planned:
        values = row.values
        level, code = Level(values["level"]), values.get("code", "")
        parent, errors = self._parent(values.get("parent"))
        if parent is not None:
            errors += self._fits(level, code, values.get("place_class"), parent)
            if not self.context.may_write(parent.path):
                errors.append(self.foreign(parent.name))
        key = code or (parent.code if parent else str(values.get("parent")), level, narrow(values["name"]))
        if errors or parent is None:
            return Planned(BAD, row.number, key, label=label, errors=errors)
        if not code:
            code = self._next(parent, level)
        above = parent.village_code or (parent.code if parent.level == Level.VILLAGE else "")
        node = Node(
            code, values["name"], level, f"{parent.path}{code}/", None, parent, village_code=above, values=values
        )
        self._know(node, parent.code)
        return Planned(ADD, row.number, key, node, label)

    def _fits(self, level: Level, code: str, place_class: Any, parent: Node) -> list[str]:
        errors = []
        if level not in BELOW.get(Level(parent.level), ()):
            words = _("%(level)s不能直接放在“%(parent)s”（%(above)s）下面。请核对上级编码和层级。")
            errors.append(words % {"level": level.label, "parent": parent.name, "above": Level(parent.level).label})
        if level in DIGITS and not code:
            errors.append(_("%s要填统计用区划代码，请补上。") % level.label)
        allowed = CLASSES.get(level, ())
        if place_class and place_class is not CLEARED and place_class not in allowed:
            listed = "、".join(str(one.label) for one in allowed) or _("留空")
            errors.append(_("“类别”不合层级。%(level)s可填：%(listed)s。") % {"level": level.label, "listed": listed})
        return errors

    def _next(self, parent: Node, level: Level) -> str:
        letter, width = MARKS[level]
        mark = f"{parent.village_code or parent.code}-{letter}"
        number = self.last.get(mark, 0) + 1
        self.last[mark] = number
        return f"{mark}{number:0{width}d}"

    def _plan_change(self, row: Row, kept: Node, label: str) -> Planned:
        if not self.context.may_write(kept.path):
            return Planned(BAD, row.number, kept.code, label=label, errors=[self.foreign(kept.name)])
        values = dict(row.values)
        values["code"] = kept.code
        parent, errors = self._parent(values.get("parent"))
        if parent is not None:
            values["parent"] = parent.code
        assert kept.values is not None
        columns = [column for column in self.taken if column.name in kept.values]
        before, after, wrong = compare(columns, values, kept.values)
        errors += wrong
        if any(name in after and after[name] is None for name in ("name", "order")):
            errors.append(_("“名称”和“排序”不能清空。"))
        if after.get("place_class"):
            errors += self._fits_class(kept, after["place_class"])
        if errors:
            return Planned(BAD, row.number, kept.code, label=label, errors=errors)
        outcome = CHANGE if after else SAME
        return Planned(outcome, row.number, kept.code, (kept, after), label, before or None, after or None)

    @staticmethod
    def _fits_class(kept: Node, place_class: str) -> list[str]:
        allowed = CLASSES.get(Level(kept.level), ())
        return [] if place_class in allowed else [_("“类别”不合层级，请核对。")]

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """Insert parents before children, update the changed ones with their spans, write a line for each."""
        adds = sorted((plan for plan in planned if plan.outcome == ADD), key=lambda plan: RANKS[plan.record.level])
        changes = [plan for plan in planned if plan.outcome == CHANGE]
        lines: list[Any] = []
        if adds:
            lines += self._make(adds)
        if changes:
            lines += self._change(changes)
        log_many(lines, actor_id)

    def _make(self, adds: Sequence[Planned]) -> list[Any]:
        ids = next_ids(Place, len(adds))
        rows, lines = [], []
        for pk, plan in zip(ids, adds, strict=True):
            node: Node = plan.record
            parent, values = node.parent, node.values or {}
            assert parent is not None
            plan.pk = node.id = pk
            node.ground_id = parent.ground_id
            node.township_id = pk if node.level == Level.TOWNSHIP else parent.township_id
            node.village_id = pk if node.level == Level.VILLAGE else parent.village_id
            place_class = values.get("place_class") or ""
            begin = values.get("from_on") or self.context.today
            rows.append(
                (
                    pk, node.code, node.name, str(node.level), place_class, parent.id, node.path, node.ground_id,
                    node.township_id, node.village_id, values.get("order") or 0, stored(begin),
                )
            )  # fmt: skip
            lines.append(("place.added", "places.place", str(pk), node.path, None, self._told(node, plan)))
        insert_rows(Place, FIELDS, rows)
        open_spans(list(ids))
        return lines

    def _told(self, node: Node, plan: Planned) -> dict[str, Any]:
        told: dict[str, Any] = {"code": node.code, "name": node.name, "level": str(node.level)}
        return told if self.context.run is None else told | {"import": self.context.run, "row": plan.number}

    def _change(self, changes: Sequence[Planned]) -> list[Any]:
        rows, spans, lines = [], [], []
        for plan in changes:
            kept, after = plan.record
            now = kept.values | after
            rows.append((now["name"], now["place_class"] or "", now["order"], kept.id))
            if set(after) & {"name", "place_class"}:
                spans.append(kept.id)
            told = after if self.context.run is None else after | {"import": self.context.run, "row": plan.number}
            lines.append(("place.edited", "places.place", str(kept.id), kept.path, plan.before, told))
        update_rows(Place, ["name", "place_class", "order"], rows)
        keep_spans(spans, self.context.today)
        return lines
