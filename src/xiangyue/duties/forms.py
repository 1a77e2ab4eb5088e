"""The forms for giving, passing on and standing in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.dated import not_over
from xiangyue.duties.actions.single import Bearing
from xiangyue.duties.facts import Who, bearers_for
from xiangyue.duties.layers import LayerOn
from xiangyue.duties.models import Duty
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Place


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day chosen from the calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


def candidates(layers: Iterable[LayerOn], paths: Collection[str], day: date) -> list[Who]:
    """Who may bear the layers for targets at these paths: those with a seat at or above one of them, each once."""
    found: dict[tuple[int | None, int | None], Who] = {}
    for one in layers:
        for who in bearers_for(one.layer, _county(paths), day):
            if any(path.startswith(who.seat) for path in paths):
                found.setdefault((who.person_id, who.organisation_id), who)
    return list(found.values())


def _county(paths: Collection[str]) -> str:
    return next(iter(paths), "").split("/")[0] + "/"


def with_loads(people: Sequence[Who], day: date) -> list[tuple[str, str]]:
    """Choices that tell how many targets everybody has, the least loaded first."""
    live = not_over(day, "duties__")
    loads: dict[tuple[str, int], int] = {}
    models: tuple[tuple[str, type[Person] | type[Organisation], set[int]], ...] = (
        ("p", Person, {who.person_id for who in people if who.person_id}),
        ("o", Organisation, {who.organisation_id for who in people if who.organisation_id}),
    )
    for mark, model, keys in models:
        rows = model._default_manager.filter(pk__in=keys)
        counted = rows.annotate(n=Count("duties", filter=live & Q(duties__from_on__lte=day)))
        loads |= {(mark, pk): n for pk, n in counted.values_list("pk", "n")}
    listed = [("p" if who.person_id else "o", who.person_id or who.organisation_id or 0, who) for who in people]
    listed.sort(key=lambda row: (loads.get(row[:2], 0), row[2].code))
    words = _("{name}（{code}），现包 {n} 个")
    return [
        (f"{mark}{pk}", str(words).format(name=who.name, code=who.code, n=loads.get((mark, pk), 0)))
        for mark, pk, who in listed
    ]


def bearer_of(value: str) -> Bearing:
    """The person or organisation of a choice."""
    model: type[Person] | type[Organisation] = Person if value.startswith("p") else Organisation
    return model._default_manager.get(pk=int(value[1:]))


class AssignForm(forms.Form):
    """Who bears one target on one layer, from when to when."""

    layer = forms.ChoiceField(label=_("包保层"))
    bearer = forms.ChoiceField(label=_("包保人或单位"), help_text=_("现包对象少的排在前面。"))
    from_on = day_field(_("起始日"))
    to_on = day_field(_("截止日"), required=False, help_text=_("不填就一直包下去；当天还算在内。"))
    team = forms.CharField(
        label=_("编组"), required=False, max_length=40, help_text=_("几人一起包同一对象的，填同一个编组名。")
    )

    def offer(self, target: Place, layers: Sequence[LayerOn], chosen: LayerOn, day: date) -> None:
        """Set what can be chosen."""
        self.fields["layer"].choices = [(one.code, one.layer.name) for one in layers]  # type: ignore[attr-defined]
        people = candidates([chosen], [target.path], day)
        people = [who for who in people if who.home_id != target.pk]
        self.fields["bearer"].choices = [("", _("请选择")), *with_loads(people, day)]  # type: ignore[attr-defined]
        self.any_bearer = bool(people)


class HandOverForm(forms.Form):
    """Who takes over from which day."""

    takers = forms.MultipleChoiceField(
        label=_("接手的人"),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("可以选几位：按门牌顺序平分，邻居尽量归一人。按住 Ctrl 多选。"),
    )
    on = day_field(_("从哪天起"), help_text=_("原包保人包到前一天。"))
    reason = forms.CharField(label=_("原因"), required=False, max_length=200)

    def offer(self, people: Sequence[Who], day: date) -> None:
        """Set who can take over."""
        self.fields["takers"].choices = with_loads(people, day)  # type: ignore[attr-defined]


class StandInForm(forms.Form):
    """Who stands in, from when to when."""

    stand_in = forms.ChoiceField(label=_("代班人"))
    from_on = day_field(_("代班起"))
    to_on = day_field(_("代班止"), help_text=_("当天还算在内；到期自动回到本人。"))

    def offer(self, people: Sequence[Who], day: date) -> None:
        """Set who can stand in."""
        self.fields["stand_in"].choices = [("", _("请选择")), *with_loads(people, day)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Days in order."""
        values = super().clean() or {}
        if values.get("from_on") and values.get("to_on") and values["to_on"] < values["from_on"]:
            raise ValidationError(_("代班止早于代班起。请核对两个日期。"))
        return values


class RuleForm(forms.Form):
    """What to assign by rule, from when."""

    layers = forms.MultipleChoiceField(label=_("分配哪几层"), widget=forms.CheckboxSelectMultiple)
    on = day_field(_("从哪天起"))
    worst_percent = forms.IntegerField(
        label=_("较差户交给村“三委”的比例（%）"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("按上次考核结果从低到高取；不填就沿用现在的户数，还没有的按 17% 取。"),
    )

    def offer(self, layers: Sequence[LayerOn]) -> None:
        """Set which layers can be assigned."""
        self.fields["layers"].choices = [(one.code, one.layer.name) for one in layers]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The last day."""

    last = day_field(_("最后一天"))
    reason = forms.CharField(label=_("原因"), required=False, max_length=200)


def duties_chosen(rows: Sequence[Duty], posted: Sequence[str]) -> list[int]:
    """The keys of the rows that were ticked, of those that may be."""
    allowed = {str(row.pk): row.pk for row in rows}
    return [allowed[key] for key in posted if key in allowed]
