"""The forms of schemes: begin one, put one in force."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiangyue.base.scope import Scope
from xiangyue.places.models import Level
from xiangyue.places.picking import PlaceField, day_input
from xiangyue.schemes import pack, pack_names


class BeginForm(forms.Form):
    """Whose scheme, and what it starts from."""

    ground = PlaceField(label=_("辖区"), help_text=_("乡镇的方案只能比县方案更严。"))
    pack = forms.ChoiceField(label=_("从哪个样本开始"), help_text=_("样本都标着“示例,非官方”，请逐条改成自己的。"))

    def __init__(self, scope: Scope, roles: frozenset[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ground, packs = self.fields["ground"], self.fields["pack"]
        assert isinstance(ground, PlaceField)
        assert isinstance(packs, forms.ChoiceField)
        ground.offer(scope.paths(roles), (Level.COUNTY, Level.TOWNSHIP))
        packs.choices = [(name, pack(name).name) for name in pack_names()]


class PublishForm(forms.Form):
    """From which day."""

    from_on = forms.DateField(
        label=_("从哪天起生效"),
        widget=day_input(),
        help_text=_("下一个考核期的第一天或以后某月的1日；辖区的第一版可以是任何一天。"),
    )
