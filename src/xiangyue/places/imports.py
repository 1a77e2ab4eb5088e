"""Importing households: each is a place with its span, its state by dates, and its personal data apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from xiangyue.base.bulk import insert_rows, next_ids, stored, update_rows
from xiangyue.base.cells import narrow
from xiangyue.base.changes import log_many
from xiangyue.base.consequences import follow
from xiangyue.base.dated import not_over
from xiangyue.base.scope import below
from xiangyue.desk.declaration import Named
from xiangyue.desk.importer import ADD, BAD, CHANGE, CLEARED, SAME, Importer, Planned, Row
from xiangyue.desk.plain import compare, logged
from xiangyue.places.models import Household, HouseholdState, Level, Place, PlaceSpan
from xiangyue.places.place_imports import PlaceImporter
from xiangyue.places.spans import keep_spans

__all__ = ["HouseholdImporter", "PlaceImporter"]

CODE = re.compile(r"^(\d{12})-H(\d{1,9})$")
FIRST_DIGITS = re.compile(r"\d{1,6}")
OWN = ("head_name", "phone", "n_members", "note")
KEPT = (
    "place_id", "place__code", "place__name", "place__parent_id", "place__village_id", "place__path",
    "place__village__code", "hamlet", *OWN, "now__state", "now__from_on", "place__to_on",
)  # fmt: skip
TABLE = "places.place"


@dataclass(frozen=True, slots=True)
class Village:
    """A village on the actor's ground, as new households need it."""

    id: int
    code: str
    path: str
    township_id: int | None
    ground_id: int | None


@dataclass(slots=True)
class Kept:
    """A household on file."""

    id: int
    path: str
    village_id: int
    ended: bool
    values: dict[str, Any]


@dataclass(slots=True)
class New:
    """A household to be made; without code the next free one of its village is taken."""

    village: Village
    parent_id: int
    parent_path: str
    values: dict[str, Any]


class HouseholdImporter(Importer):
    """Knows households by code, else by hamlet and door; never moves one (that is a restructuring)."""

    def load(self) -> None:
        """Villages, hamlets and households of the actor's ground."""
        self.taken = [column for column in self.desk.taken if column.name in self.context.columns]
        inside = below("path", self.context.write_paths)
        rows = Place.objects.filter(inside, level=Level.VILLAGE, to_on=None)
        made = [Village(*row) for row in rows.values_list("id", "code", "path", "township_id", "ground_id")]
        self.villages = {village.id: village for village in made}
        self.by_code = {village.code: village for village in made}
        self.hamlets: dict[int, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
        hamlets = Place.objects.filter(inside, level=Level.HAMLET, to_on=None)
        for pk, code, name, path, village in hamlets.values_list("id", "code", "name", "path", "village_id"):
            self.hamlets[village][code].append((pk, path))
            self.hamlets[village][narrow(name)].append((pk, path))
        self._load_households()

    def _load_households(self) -> None:
        self.kept: dict[str, Kept] = {}
        self.doors: dict[tuple[int, str], list[tuple[int, Kept]]] = defaultdict(list)
        rows = self.desk.base().filter(below("place__path", self.context.write_paths))
        if self.context.only is not None:
            rows = rows.filter(self._only(self.context.only))
        for pk, code, door, parent, village, path, village_code, hamlet, *rest in rows.values_list(*KEPT).iterator(
            chunk_size=5_000
        ):
            *own, state, since, ended = rest
            values = dict(zip(OWN, own, strict=True))
            values |= {"village": village_code, "hamlet": hamlet, "door": door, "state": state, "state_from": since}
            kept = Kept(pk, path, village, ended is not None and ended < self.context.today, values)
            self.kept[code] = kept
            if not kept.ended:
                self.doors[village, narrow(door)].append((parent, kept))
        others = Place.objects.filter(level=Level.HOUSEHOLD).exclude(below("path", self.context.write_paths))
        self.elsewhere = set(others.values_list("code", flat=True).iterator(chunk_size=5_000))

    @staticmethod
    def _only(row: Row) -> Q:
        code, village = row.values.get("code"), row.values.get("village")
        if code:
            return Q(place__code=code)
        return Q(place__village_id=village.id) if isinstance(village, Named) else Q(pk__in=())

    def plan_row(self, row: Row) -> Planned:
        """A household of that code or door, else a new one."""
        values = row.values
        code = values.get("code")
        label = f"{values.get('door') or ''} {code or ''}".strip()
        if code in self.elsewhere:
            return Planned(BAD, row.number, code, label=label, errors=[self.foreign(code)])
        kept = self.kept.get(code) if code else None
        if kept is not None:
            return self._plan_change(row, kept, label)
        village, errors = self._village(values, code)
        if village is None:
            return Planned(BAD, row.number, label=label, errors=errors)
        parent, errors = self._parent(values.get("hamlet"), village)
        if not code and not errors and values.get("door"):
            same = self._by_door(values["door"], village, parent)
            if len(same) == 1:
                return self._plan_change(row, same[0], label)
            if same:
                errors = [
                    _("村里有 %(n)s 户门牌都是“%(door)s”，不知道是哪一户。请填农户编码或屯（组）。")
                    % {"n": len(same), "door": values["door"]}
                ]
        return self._plan_add(row, village, parent, code, label, errors)

    def _village(self, values: dict[str, Any], code: str | None) -> tuple[Village | None, list[str]]:
        named = values.get("village")
        told = CODE.match(code or "")
        if code and not told:
            return None, [
                _("“%s”不是农户编码。请写成村编码加“-H”加数字，如 220681100201-H00001；不知道的留空。") % code
            ]
        if isinstance(named, Named):
            village = self.villages.get(named.id)
            if village is None:
                return None, [self.foreign(named.name)]
            if told and told[1] != village.code:
                words = _("农户编码以 %(told)s 开头，和所在村 %(village)s 不一致。请改其中一个。")
                return None, [words % {"told": told[1], "village": village.code}]
            return village, []
        if told:
            village = self.by_code.get(told[1])
            return village, [] if village else [_("您的辖区里没有编码是 %s 的村。请核对农户编码的前 12 位。") % told[1]]
        return None, [_("“所在村”没有填，请补上村的编码。")]

    def _parent(self, hamlet: Any, village: Village) -> tuple[tuple[int, str], list[str]]:
        own = (village.id, village.path)
        if not hamlet or hamlet is CLEARED:
            return own, []
        found = self.hamlets[village.id].get(hamlet, []) or self.hamlets[village.id].get(narrow(hamlet), [])
        if len(found) == 1:
            return found[0], []
        if found:
            return own, [
                _("村里有 %(n)s 个屯（组）都叫“%(hamlet)s”。请改填屯（组）编码。") % {"n": len(found), "hamlet": hamlet}
            ]
        return own, [_("村里没有叫“%s”的屯（组）。请核对，或先在“区划”里登记它。") % hamlet]

    def _by_door(self, door: str, village: Village, parent: tuple[int, str]) -> list[Kept]:
        found = self.doors.get((village.id, narrow(door)), [])
        exact = [kept for above, kept in found if above == parent[0]]
        return exact or ([kept for _above, kept in found] if parent[0] == village.id else [])

    def _plan_add(
        self, row: Row, village: Village, parent: tuple[int, str], code: str | None, label: str, errors: list[str]
    ) -> Planned:
        errors = errors + self.missing(row)
        key = code or (parent[0], narrow(row.values.get("door") or ""))
        if errors:
            return Planned(BAD, row.number, key if row.values.get("door") else None, label=label, errors=errors)
        return Planned(ADD, row.number, key, New(village, *parent, row.values), label)

    def _plan_change(self, row: Row, kept: Kept, label: str) -> Planned:
        values = dict(row.values)
        errors = [_("这一户 %s 之后已不在册。请核对编码。") % label] if kept.ended else []
        if "hamlet" in values:
            self._same_hamlet(values, kept, errors)
        if values.get("state") in (None, kept.values["state"]):
            values.pop("state_from", None)
        columns = [column for column in self.taken if column.name in kept.values and column.name != "state_from"]
        before, after, wrong = compare(columns, values, kept.values)
        errors += wrong
        if "door" in after and after["door"] is None:
            errors.append(_("“门牌”必填，不能清空。"))
        if "state" in after and after["state"] is None:
            errors.append(_("“状态”不能清空。请填其中之一，或留空不改。"))
        since = kept.values["state_from"]
        if "state" in after and since and values.get("state_from", self.context.today) < since:
            errors.append(_("“状态起始日”早于现在状态的起始日 %s。请核对日期。") % since.isoformat())
        if errors:
            return Planned(BAD, row.number, kept.id, label=label, errors=errors)
        outcome = CHANGE if after else SAME
        changed = {name: values[name] for name in after} | {"state_from": values.get("state_from", self.context.today)}
        return Planned(outcome, row.number, kept.id, (kept, changed), label, before or None, after or None)

    def _same_hamlet(self, values: dict[str, Any], kept: Kept, errors: list[str]) -> None:
        """A hamlet is named in more than one way; another one than on file is a move, which is not for imports."""
        asked = values.pop("hamlet")
        if asked is CLEARED and not kept.values["hamlet"]:
            return
        village = self.villages.get(kept.village_id)
        parent, wrong = self._parent(asked, village) if village else ((0, ""), [])
        errors += wrong
        if not wrong and not kept.path.startswith(parent[1]):
            errors.append(_("屯（组）和登记的不一样。导入不能把农户划到别处，请用“区划调整”里的划转。"))
        elif not wrong and asked is CLEARED:
            errors.append(_("屯（组）不能经导入清空，请用“区划调整”里的划转。"))

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """Make the new households, change the others, write a line for each."""
        adds = [plan for plan in planned if plan.outcome == ADD]
        changes = [plan for plan in planned if plan.outcome == CHANGE]
        if adds:
            self._make(adds, actor_id)
        if changes:
            self._change(changes, actor_id)
        if adds or changes:
            follow("households_taken_in", len(adds) + len(changes))

    def _make(self, adds: Sequence[Planned], actor_id: int | None) -> None:
        # In the order of the tree: the indexes then grow at their end.
        coded = sorted(
            zip(self._codes(adds), adds, strict=True), key=lambda pair: (pair[1].record.parent_path, pair[0])
        )
        codes, adds = [code for code, _plan in coded], [plan for _code, plan in coded]
        ids = next_ids(Place, len(adds))
        today, begin = self.context.today, stored(self.context.today)
        places: list[tuple[Any, ...]] = []
        spans: list[tuple[Any, ...]] = []
        homes: list[tuple[Any, ...]] = []
        states: list[tuple[Any, ...]] = []
        for pk, code, plan in zip(ids, codes, adds, strict=True):
            plan.pk = pk
            new: New = plan.record
            values = {name: value for name, value in new.values.items() if value is not CLEARED}
            village, path, door = new.village, f"{new.parent_path}{code}/", values["door"]
            since = values.get("state_from", today)
            from_on = begin if since == today else stored(since)
            places.append(
                (
                    pk, code, door, "household", "", new.parent_id, path, village.ground_id, village.township_id,
                    village.id, order_of(door, code), from_on,
                )
            )  # fmt: skip
            spans.append((pk, door, "", new.parent_id, path, from_on))
            homes.append(
                (
                    pk, values.get("head_name", ""), values.get("phone", ""), values.get("n_members"),
                    values.get("note", ""),
                )
            )  # fmt: skip
            states.append((pk, values.get("state", "living"), from_on))
        insert_rows(
            Place,
            [
                "id", "code", "name", "level", "place_class", "parent", "path", "ground", "township", "village",
                "order", "from_on",
            ],
            places,
        )  # fmt: skip
        insert_rows(PlaceSpan, ["place", "name", "place_class", "parent", "path", "from_on"], spans)
        insert_rows(Household, ["place", *OWN], homes)
        insert_rows(HouseholdState, ["place", "state", "from_on"], states)
        log_many(self._made_lines(places, adds), actor_id)

    def _made_lines(self, places: list[tuple[Any, ...]], adds: Sequence[Planned]) -> Iterable[Any]:
        """What a household began with stands in its own rows; the line says where it came from."""
        run = self.context.run
        for place, plan in zip(places, adds, strict=True):
            told = {"code": place[1]} if run is None else f'{{"import": {run}, "row": {plan.number}}}'
            yield "household.added", TABLE, str(place[0]), place[6], None, told

    def _codes(self, adds: Sequence[Planned]) -> list[str]:
        """Each new household's code: its own, or the next number of its village."""
        last: dict[str, int] = defaultdict(int)
        given = [plan.record.values.get("code") for plan in adds]
        known = self._known_codes(adds)
        for code in [*known, *filter(None, given)]:
            found = CODE.match(code)
            if found:
                last[found[1]] = max(last[found[1]], int(found[2]))
        codes = []
        for code, plan in zip(given, adds, strict=True):
            if not code:
                village = plan.record.village.code
                last[village] += 1
                code = f"{village}-H{last[village]:05d}"
            codes.append(code)
        return codes

    def _known_codes(self, adds: Sequence[Planned]) -> Iterable[str]:
        if self.context.only is None:
            return [*self.kept, *self.elsewhere]
        village = adds[0].record.village.code
        return Place.objects.filter(code__startswith=f"{village}-H").values_list("code", flat=True)

    def _change(self, changes: Sequence[Planned], actor_id: int | None) -> None:
        own: list[tuple[Any, ...]] = []
        doors: list[tuple[Any, ...]] = []
        states: dict[date, list[tuple[int, str]]] = defaultdict(list)
        for plan in changes:
            kept, changed = plan.record
            now = kept.values | {k: None if v is CLEARED else v for k, v in changed.items()}
            if any(name in changed for name in OWN):
                own.append((now["head_name"] or "", now["phone"] or "", now["n_members"], now["note"] or "", kept.id))
            if "door" in changed:
                doors.append((changed["door"], kept.id))
            if "state" in changed:
                states[changed["state_from"]].append((kept.id, changed["state"]))
        update_rows(Household, OWN, own)
        update_rows(Place, ["name"], doors)
        keep_spans([pk for _name, pk in doors], self.context.today)
        for day, pairs in states.items():
            set_states(day, pairs)
        log_many(self._changed_lines(changes), actor_id)

    def _changed_lines(self, changes: Sequence[Planned]) -> Iterable[Any]:
        columns = self.desk.taken
        for plan in changes:
            kept: Kept = plan.record[0]
            after = logged(columns, plan.after or {})
            if self.context.run is not None:
                after |= {"import": self.context.run, "row": plan.number}
            yield "household.edited", TABLE, str(kept.id), kept.path, logged(columns, plan.before or {}), after


def order_of(door: str, code: str) -> int:
    """Where along the row of doors: the door's number, else the code's."""
    found = FIRST_DIGITS.search(narrow(door))
    return int(found[0]) if found else int(code.rpartition("-H")[2]) % 1_000_000


def set_states(day: date, pairs: Sequence[tuple[int, str]]) -> None:
    """How these households stand from `day`; what is on file before stays, what is on file after gives way."""
    for start in range(0, len(pairs), 500):
        some = pairs[start : start + 500]
        rows = HouseholdState.objects.filter(place_id__in=[pk for pk, _state in some])
        rows.filter(from_on__gte=day).delete()
        rows.filter(not_over(day)).update(to_on=day - timedelta(days=1))
        insert_rows(HouseholdState, ["place", "state", "from_on"], ((pk, state, stored(day)) for pk, state in some))
