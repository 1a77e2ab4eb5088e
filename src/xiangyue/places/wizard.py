"""The guided restructuring: what to do and where, then which places, then the dry run, then yes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import OFFICES
from xiangyue.base.scope import Scope, below
from xiangyue.places.actions.tree import New
from xiangyue.places.models import Level, Place, PlaceClass, Restructuring
from xiangyue.places.picking import PlaceField, day_input, grouped_choices, offered, place_label
from xiangyue.places.restructuring import LEVELS, Plan, plan_merge, plan_move, plan_rename, plan_split

Kind = Restructuring.Kind


class WhereForm(forms.Form):
    """First step: what is to be done, to places of which level, inside which place."""

    kind = forms.ChoiceField(label=_("做什么"), choices=Kind.choices, widget=forms.RadioSelect)
    level = forms.ChoiceField(
        label=_("调整哪一级"), choices=[(level, Level(level).label) for level in LEVELS], widget=forms.RadioSelect
    )
    within = PlaceField(
        label=_("在哪里"), help_text=_("调整村，选它所在的乡镇（跨乡镇选县）；调整屯组、农户，选所在的村。")
    )

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        within = self.fields["within"]
        assert isinstance(within, PlaceField)
        within.offer(scope.paths(OFFICES))

    def clean(self) -> dict[str, Any]:
        """Households are chosen inside one village."""
        data: dict[str, Any] = super().clean() or {}
        within, level = data.get("within"), data.get("level")
        if within and level and level != Level.VILLAGE and within.level != Level.VILLAGE:
            self.add_error("within", _("调整屯组、农户、公共场所，请选一个村。"))
        if within and level == Level.VILLAGE and within.level == Level.VILLAGE:
            self.add_error("within", _("调整村，请选它所在的乡镇或县。"))
        return data


class WhichForm(forms.Form):
    """Second step: which places, what becomes of them, from when, on what ground."""

    source = forms.ChoiceField(label=_("拆分或更名哪一个"))
    chosen = forms.MultipleChoiceField(label=_("选哪些"), widget=forms.CheckboxSelectMultiple)
    into = forms.ChoiceField(label=_("并成"), required=False)
    to = forms.ChoiceField(label=_("划到"))
    new_name = forms.CharField(label=_("新名称"), max_length=60, required=False, help_text=_("新设或更名时填。"))
    new_code = forms.CharField(
        label=_("新编码"), max_length=24, required=False, help_text=_("村写12位统计用区划代码；村以下不填，自动编号。")
    )
    new_class = forms.ChoiceField(label=_("新类别"), required=False, help_text=_("新设或更名时选。"))
    on = forms.DateField(label=_("生效日"), widget=day_input(), help_text=_("今天或以前的一天。"))
    reason = forms.CharField(label=_("依据"), max_length=200, help_text=_("批复的文号或村民会议的日期。"))

    def __init__(self, scope: Scope, where: dict[str, Any], data: Any, *, today: date) -> None:
        super().__init__(data if "on" in data else None, initial={"on": today, "source": data.get("source")})
        self.given = data
        self.kind, self.level, self.within = where["kind"], where["level"], where["within"]
        self.scope, self.today = scope, today
        rows = list(offered((self.within.path,), (self.level,)))
        self.rows = {row.code: row for row in rows}
        self._offer(rows)
        for name in {"source", "chosen", "into", "to", "new_name", "new_code", "new_class"} - self._wanted():
            del self.fields[name]

    def _wanted(self) -> set[str]:
        """The fields that this operation needs; a split asks first which place is split."""
        if self.kind == Kind.SPLIT and not self.given.get("source"):
            for name in ("on", "reason"):
                del self.fields[name]
            return {"source"}
        return {
            Kind.MERGE: {"chosen", "into", "new_name", "new_code"},
            Kind.SPLIT: {"source", "chosen", "new_name", "new_code"},
            Kind.MOVE: {"chosen", "to"},
            Kind.RENAME: {"source", "new_name", "new_class"},
        }[Kind(self.kind)] | ({"new_class"} if self.level == Level.VILLAGE and self.kind != Kind.MOVE else set())

    def _offer(self, rows: list[Place]) -> None:
        listed = grouped_choices(rows)
        self._choices("source", [("", _("请选择")), *listed])
        self._choices("into", [("", _("新设一个（写下面的新名称）")), *listed])
        self._choices("new_class", [("", _("不变")), *PlaceClass.choices[3:5]])
        self._choices("chosen", [(row.code, place_label(row)) for row in self._to_choose(rows)])
        self.fields["chosen"].required = self.kind != Kind.SPLIT
        if self.kind == Kind.MOVE:
            self._choices("to", [("", _("请选择")), *grouped_choices(self._targets())])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _to_choose(self, rows: list[Place]) -> list[Place]:
        """For a split: what may go over, the children of the place that is split."""
        if self.kind != Kind.SPLIT:
            return rows
        source = self.rows.get(self.given.get("source", ""))
        if source is None:
            return []
        below_it = offered((source.path,), (Level.HAMLET, Level.HOUSEHOLD, Level.PUBLIC_PLACE))
        return list(below_it.filter(parent=source))

    def _targets(self) -> list[Place]:
        """For a move: every place of the ground that may take them in."""
        levels = {
            Level.VILLAGE: (Level.TOWNSHIP,),
            Level.HAMLET: (Level.VILLAGE,),
            Level.HOUSEHOLD: (Level.VILLAGE, Level.HAMLET),
            Level.PUBLIC_PLACE: (Level.TOWNSHIP, Level.VILLAGE, Level.HAMLET),
        }[Level(self.level)]
        return list(offered(self.scope.paths(OFFICES), levels))

    def plan(self) -> Plan:
        """The dry run of what the form says; Problem when it can't be done."""
        data = self.cleaned_data
        given: dict[str, Any] = {"on": data["on"], "today": self.today, "reason": data["reason"]}
        new = New(data.get("new_name", ""), data.get("new_code", ""), data.get("new_class", ""))
        if self.kind == Kind.MERGE:
            into = self._place(data["into"]) if data["into"] else new
            return plan_merge(self._places(data["chosen"]), into, **given)
        if self.kind == Kind.SPLIT:
            return plan_split(self._place(data["source"]), self._places(data["chosen"]), new, **given)
        if self.kind == Kind.MOVE:
            return plan_move(self._places(data["chosen"]), self._place(data["to"]), **given)
        return plan_rename(self._place(data["source"]), new.name, new.place_class, **given)

    def _places(self, codes: list[str]) -> list[Place]:
        """The places on the actor's own ground; 404 for any other."""
        rows = Place.objects.filter(below("path", self.scope.paths(OFFICES)), code__in=codes)
        found = list(rows.select_related("ground", "township", "village", "parent").order_by("path"))
        if len(found) != len(set(codes)):
            raise Http404
        return found

    def _place(self, code: str) -> Place:
        return self._places([code])[0]
