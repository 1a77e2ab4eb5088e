"""Duties taken in from a workbook: bearers by code or by name and the phone's tail, overlaps named row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.bulk import insert_rows, next_ids, stored
from xiangyue.base.cells import narrow
from xiangyue.base.changes import log_many
from xiangyue.base.writes import alone
from xiangyue.desk.declaration import Named
from xiangyue.desk.importer import ADD, BAD, CHANGE, SAME, Importer, Planned, Row
from xiangyue.duties.bulk import FIELDS
from xiangyue.duties.layers import BEARERS, LayerOn, day_for, layers_on, posts_words
from xiangyue.duties.models import Duty
from xiangyue.duties.permits import may_give
from xiangyue.duties.problems import told_overlaps
from xiangyue.people.models import Organisation, Person, Post
from xiangyue.places.models import Level, Place, PlaceClass

TAIL = 4
"""So many last digits of a phone tell persons of one name apart."""


@dataclass(slots=True)
class Term:
    """A duty as it stands or would stand."""

    number: int
    """The row of the sheet; 0: on file and not in the sheet."""
    pk: int | None
    bearer: tuple[str, int]
    name: str
    layer: LayerOn
    target: Named
    team: str
    from_on: date
    to_on: date | None

    def meets(self, other: Term) -> bool:
        """Whether the two have a day in common."""
        begun = other.to_on is None or self.from_on <= other.to_on
        return begun and (self.to_on is None or other.from_on <= self.to_on)

    def clashes(self, other: Term) -> bool:
        """Whether the two can't both stand."""
        if self.layer.scheme != other.layer.scheme or not self.meets(other):
            return False
        if self.layer.code == other.layer.code and self.bearer == other.bearer:
            return True
        mark = self.layer.layer.exclusion
        together = bool(self.team) and self.team == other.team and self.layer.code == other.layer.code
        return bool(mark) and mark == other.layer.layer.exclusion and not together


class DutyImporter(Importer):
    """A row is a bearer's duty for a target on a layer from a day: new, or with another last day or team."""

    def load(self) -> None:
        """Layers, bearers with their posts, and the duties on file."""
        self.today = self.context.today
        self._grounds: dict[int, tuple[int, int | None]] = {}
        self._layers: dict[int, tuple[LayerOn, ...]] = {}
        self._begins: dict[int, date] = {}
        self._load_people()
        self._load_places()
        self._on_file: dict[int, list[Term]] = defaultdict(list)
        self._by_key: dict[tuple[Any, ...], Term] = {}
        self._only_new: dict[int, list[str]] = {}
        """By row: why a duty may not be given, which does not concern one that is on file."""

    def _load_people(self) -> None:
        self.by_code: dict[str, tuple[str, int, str]] = {}
        self.by_name: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
        for pk, code, name, phone in Person.objects.values_list("pk", "code", "name", "phone"):
            self.by_code[code] = ("person", pk, name)
            self.by_name[narrow(name)].append(self.by_code[code])
            self.by_name[narrow(name) + phone[-TAIL:]].append(self.by_code[code])
        self.names = {("person", pk): name for _kind, pk, name in self.by_code.values()}
        self.units: dict[str, tuple[str, int, str]] = {}
        for pk, code, name in Organisation.objects.values_list("pk", "code", "name"):
            self.units[narrow(code)] = self.units[narrow(name)] = ("organisation", pk, name)
        self.names |= {("organisation", pk): name for _kind, pk, name in self.units.values()}
        self.posts: dict[int, list[tuple[str, date, date | None]]] = defaultdict(list)
        for person, kind, from_on, to_on in Post.objects.values_list("person_id", "kind", "from_on", "to_on"):
            self.posts[person].append((kind, from_on, to_on))
        self.homes = dict(Person.objects.exclude(home=None).values_list("pk", "home_id"))

    def _load_places(self) -> None:
        rows = Place.objects.filter(to_on=None).values_list("pk", "level", "place_class", "ground_id", "township_id")
        self.levels = {}
        for pk, level, place_class, ground, township in rows:
            self.levels[pk] = (level, place_class)
            self._grounds[pk] = (ground or pk, township)

    def layers_for(self, target: int) -> tuple[LayerOn, ...]:
        """The layers over a target, of its first scheme where that is still to come; read once a township."""
        ground, township = self._grounds.get(target, (0, None))
        key = township or ground
        if key not in self._layers:
            place = Place.objects.filter(pk=key).first()
            self._begins[key] = day_for(place, self.today) if place else self.today
            self._layers[key] = layers_on(place, self._begins[key]) if place else ()
        return self._layers[key]

    def begins(self, target: int) -> date:
        """The day from which a duty for a target holds where the sheet says none."""
        ground, township = self._grounds.get(target, (0, None))
        return self._begins.get(township or ground, self.today)

    def plan(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """What would become of each row; overlaps are looked for once all rows are known."""
        plans = self.each(rows)
        terms: dict[int, list[Term]] = defaultdict(list)
        for plan in plans:
            if plan.record is not None:
                terms[plan.record.target.id].append(plan.record)
        by_number = {plan.number: plan for plan in plans}
        self._read_duties(terms)
        for target, given in terms.items():
            self._settle(given, by_number)
            self._find_clashes([*given, *self._left(target, given)], by_number)
        self._find_overload(terms, by_number)
        yield from plans

    def each(self, rows: Iterable[Row]) -> list[Planned]:
        """Each row by itself; one that can't stand is called by its cells where nothing better is known."""
        plans = []
        for row in rows:
            plan = self.bad(row) if row.errors else self.plan_row(row)
            plan.label = plan.label or self.called(row)
            plans.append(plan)
        return plans

    def plan_row(self, row: Row) -> Planned:
        """The row's duty, read; whether it is new is known once the file is read."""
        errors = self.missing(row)
        target = row.values.get("target")
        if errors or not isinstance(target, Named):
            return Planned(BAD, row.number, errors=errors or [_("“对象编码”没有填，请补上。")])
        layer, bearer = self._layer(row, target, errors), self._bearer(row, errors)
        if not self.context.may_write(target.path):
            errors.append(self.foreign(target.name))
        from_on = row.values.get("from_on") or self.begins(target.id)
        if layer and bearer:
            errors += self._wrong(layer, bearer, target)
            self._only_new[row.number] = self._unfit(layer, bearer, target, from_on)
        if errors or not layer or not bearer:
            return Planned(BAD, row.number, errors=errors)
        to_on, team = row.values.get("to_on"), row.values.get("team")
        key = (layer.scheme, layer.code, bearer[:2], target.id, from_on)
        last = to_on if isinstance(to_on, date) else None
        term = Term(row.number, None, bearer[:2], bearer[2], layer, target, str(team or ""), from_on, last)
        return Planned(ADD, row.number, key, term, f"{layer.layer.name} {bearer[2]} {target.name}",
                       before={"given": {name for name in ("to_on", "team") if name in row.values}})  # fmt: skip

    def _layer(self, row: Row, target: Named, errors: list[str]) -> LayerOn | None:
        wanted = narrow(str(row.values.get("layer") or ""))
        layers = [one for one in self.layers_for(target.id) if one.layer.bearer != "household"]
        for one in layers:
            if wanted in (narrow(one.layer.name), one.code):
                return one
        listed = "、".join(one.layer.name for one in layers) or _("（没有）")
        errors.append(
            _("方案里没有包保层“%(layer)s”。请填其中之一：%(listed)s。")
            % {"layer": row.values.get("layer"), "listed": listed}
        )
        return None

    def _bearer(self, row: Row, errors: list[str]) -> tuple[str, int, str] | None:
        person, organisation = row.values.get("person") or "", row.values.get("organisation") or ""
        if bool(person) == bool(organisation):
            errors.append(_("“包保人”和“包保单位”要填且只填一个。"))
            return None
        if organisation:
            unit = self.units.get(narrow(str(organisation)))
            if unit is None:
                errors.append(_("没有找到单位“%s”。请核对编码或名称；还没有登记的，请先登记。") % organisation)
            return unit
        text = narrow(str(person))
        found = [self.by_code[text]] if text in self.by_code else self.by_name.get(text, [])
        if len(found) == 1:
            return found[0]
        if found:
            words = _("叫“%(name)s”的有 %(n)s 人。请填人员编码，或在姓名后加手机号后四位，如 %(name)s1234。")
            errors.append(words % {"name": person, "n": len(found)})
        else:
            errors.append(_("没有找到人员“%s”。请核对编码或姓名；还没有登记的，请先登记。") % person)
        return None

    def _wrong(self, one: LayerOn, bearer: tuple[str, int, str], target: Named) -> list[str]:
        """What makes no duty of the layer, new or on file."""
        layer, found = one.layer, []
        level, place_class = self.levels.get(target.id, ("", ""))
        if level != layer.target or (layer.classes and place_class not in layer.classes):
            classes = "、".join(str(PlaceClass(one).label) for one in layer.classes)
            wanted = classes or str(Level(layer.target).label)
            words = {"layer": layer.name, "wanted": wanted, "target": target.name}
            found.append(_("“%(layer)s”包保的是%(wanted)s，“%(target)s”不是。请改对象编码。") % words)
        elif not may_give(self.context.scope, layer.target, target.path):
            found.append(_("“%s”的包保对象要由上一级来定。请删掉这一行，或交给上一级办公室导入。") % layer.name)
        if bearer[0] != layer.bearer:
            words = {"layer": layer.name, "who": str(BEARERS[layer.bearer])}
            found.append(_("“%(layer)s”由%(who)s承担。请换列填写。") % words)
        return found

    def _unfit(self, one: LayerOn, bearer: tuple[str, int, str], target: Named, day: date) -> list[str]:
        """Why a bearer may not be given the target; what is on file already stands as it is."""
        layer, found = one.layer, []
        if bearer[0] == "person" and layer.posts and not self._has_post(bearer[1], layer.posts, day):
            found.append(self.no_post(bearer[2], one))
        if bearer[0] == "person" and self.homes.get(bearer[1]) == target.id:
            found.append(_("“%(target)s”是%(name)s自己家。请换人。") % {"target": target.name, "name": bearer[2]})
        return found

    def no_post(self, name: str, one: LayerOn) -> str:
        """Words for who holds none of the layer's posts."""
        words = {"name": name, "posts": posts_words(one.layer)}
        return _("%(name)s没有这一层要求的职务（%(posts)s）。请换人，或先登记职务。") % words

    def _has_post(self, person: int, kinds: Sequence[str], day: date) -> bool:
        # A bearer's post may begin after an old duty did: what counts is that it is not over then.
        return any(kind in kinds and (to_on is None or to_on >= day) for kind, _from, to_on in self.posts[person])

    def _read_duties(self, terms: dict[int, list[Term]]) -> None:
        """The duties on file of all targets in the sheet."""
        named = {target: given[0].target for target, given in terms.items()}
        rows = Duty.objects.order_by("pk").values_list(
            "pk", "scheme", "layer", "person_id", "organisation_id", "target_id", "team", "from_on", "to_on"
        )
        rows = rows.filter(target_id__in=named) if len(named) <= 500 else rows
        for pk, scheme, layer, person, organisation, target, team, from_on, to_on in rows:
            if target in named:
                one = next((x for x in self.layers_for(target) if (x.scheme, x.code) == (scheme, layer)), None)
                if one is not None:
                    bearer = ("person", person) if person else ("organisation", organisation)
                    name = self.names.get(bearer, "")
                    term = Term(0, pk, bearer, name, one, named[target], team, from_on, to_on)
                    self._on_file[target].append(term)
                    self._by_key[scheme, layer, bearer, target, from_on] = term

    def _settle(self, given: list[Term], plans: dict[int, Planned]) -> None:
        """Which rows of a target are known, and what they change."""
        for term in given:
            plan = plans[term.number]
            cells: set[str] = (plan.before or {}).get("given", set())
            key: Any = plan.key
            kept = self._by_key.get(key)
            plan.before = None
            if term.to_on is not None and term.to_on < term.from_on:
                _bad(plan, _("截止日早于起始日。请核对两个日期。"))
            if kept is None:
                for words in self._only_new.get(term.number, []):
                    _bad(plan, words)
                continue
            term.pk = kept.pk
            term.to_on = term.to_on if "to_on" in cells else kept.to_on
            term.team = term.team if "team" in cells else kept.team
            now = {"to_on": kept.to_on, "team": kept.team}
            new = {"to_on": term.to_on, "team": term.team}
            plan.before = {name: value for name, value in now.items() if new[name] != value}
            plan.after = {name: new[name] for name in plan.before}
            if plan.outcome == ADD:
                plan.outcome = CHANGE if plan.before else SAME

    def _left(self, target: int, given: list[Term]) -> list[Term]:
        known = {term.pk for term in given}
        return [term for term in self._on_file[target] if term.pk not in known]

    def _find_clashes(self, terms: list[Term], plans: dict[int, Planned]) -> None:
        for first, second in combinations(terms, 2):
            same = first.number and second.number and plans[first.number].key == plans[second.number].key
            if same or not first.clashes(second):
                continue
            for one, other in ((first, second), (second, first)):
                if one.number:
                    where = _("第 %s 行的") % other.number if other.number else _("登记在册的")
                    words = {"where": where, "name": other.name, "layer": other.layer.layer.name,
                             "from": other.from_on, "to": other.to_on or _("今后")}  # fmt: skip
                    _bad(plans[one.number], _(
                        "和%(where)s%(name)s（%(layer)s，%(from)s 至 %(to)s）重叠。请先填好前一位的截止日，或把几人编成同一个编组。"
                    ) % words)  # fmt: skip

    def _find_overload(self, terms: dict[int, list[Term]], plans: dict[int, Planned]) -> None:
        """Rows that put a bearer over the scheme's limit, with what is on file."""
        added: dict[tuple[str, int, str, str], list[Term]] = defaultdict(list)
        for given in terms.values():
            for term in given:
                limited = term.layer.layer.per_bearer and plans[term.number].outcome == ADD
                if limited and (term.to_on is None or term.to_on >= self.today):
                    added[(*term.bearer, term.layer.scheme, term.layer.code)].append(term)
        if not added:
            return
        ending = {t.pk for given in terms.values() for t in given if t.pk and t.to_on and t.to_on < self.today}
        now: dict[tuple[str, int, str, str], int] = defaultdict(int)
        rows = Duty.objects.not_over(self.today).values_list("pk", "person_id", "organisation_id", "scheme", "layer")
        for pk, person, organisation, scheme, layer in rows:
            if pk not in ending:
                now["person" if person else "organisation", person or organisation or 0, scheme, layer] += 1
        for key, given in added.items():
            limit, n = given[0].layer.layer.per_bearer, now[key] + len(given)
            if n > limit:
                for term in given:
                    words = {"name": term.name, "n": n, "limit": limit}
                    _bad(plans[term.number], _(
                        "%(name)s这样就有 %(n)s 个包保对象，方案规定每人最多 %(limit)s 个。请换人或先结束一部分。"
                    ) % words)  # fmt: skip

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """Shorten first, then lengthen, then add: what follows on each other never overlaps on the way."""
        changed = [plan for plan in planned if plan.outcome == CHANGE]
        adds = [plan for plan in planned if plan.outcome == ADD]
        with told_overlaps():
            for ground in sorted({self._grounds[plan.record.target.id][0] for plan in planned}):
                alone(f"duties:{ground}")
            for plan in sorted(changed, key=lambda plan: plan.record.to_on is None):
                Duty.objects.filter(pk=plan.record.pk).update(to_on=plan.record.to_on, team=plan.record.team)
            self._insert(adds, actor_id)
        log_many(
            (
                ("duty.edit" if plan.outcome == CHANGE else "duty.add", "duties.duty", str(plan.record.pk),
                 plan.record.target.path, plan.before, plan.after or self._line(plan))
                for plan in (*changed, *adds)
            ),
            actor_id,
        )  # fmt: skip

    def _insert(self, adds: list[Planned], actor_id: int | None) -> None:
        now, rows = stored(timezone.now()), []
        for pk, plan in zip(next_ids(Duty, len(adds)), adds, strict=True):
            term: Term = plan.record
            plan.pk = term.pk = pk
            kind, key = term.bearer
            person, unit = (key, None) if kind == "person" else (None, key)
            rows.append(
                (pk, term.layer.ground_id, term.layer.scheme, term.layer.code, person, unit,
                 term.target.id, term.team, term.layer.layer.exclusion, stored(term.from_on), stored(term.to_on),
                 Duty.Source.EXCEL, None, now, actor_id)
            )  # fmt: skip
        insert_rows(Duty, ("id", *FIELDS), rows)

    def _line(self, plan: Planned) -> dict[str, Any]:
        term: Term = plan.record
        line = {"layer": term.layer.code, "bearer": term.name, "target": term.target.code, "from_on": term.from_on}
        return line if self.context.run is None else {**line, "import": self.context.run, "row": plan.number}


def _bad(plan: Planned, words: str) -> None:
    plan.outcome = BAD
    if words not in plan.errors:
        plan.errors.append(words)
