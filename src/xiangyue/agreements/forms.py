"""The forms of schemes: begin one, put one in force."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiangyue.base.scope import Scope
from xiangyue.places.models import Level
from xiangyue.places.picking import PlaceField, day_input
from xiangyue.schemes import pack, pack_names
from xiangyue.schemes.reading import CODE_FORM

EMPTY = ""
"""What a scheme made from nothing starts from."""


class BeginForm(forms.Form):
    """Whose scheme, what it starts from, and what it is called."""

    ground = PlaceField(label=_("辖区"), help_text=_("乡镇的方案只能比县方案更严。"))
    pack = forms.ChoiceField(
        label=_("从哪里开始"),
        required=False,
        help_text=_("样本都标着“示例,非官方”，请逐条改成自己的；空白方案从头一项一项加。"),
    )
    name = forms.CharField(
        label=_("方案名称"), max_length=60, required=False, help_text=_("不填就用样本的名称；空白方案必须填。")
    )
    code = forms.CharField(
        label=_("方案代码"),
        max_length=32,
        required=False,
        help_text=_(
            "字母、数字，例如 cleanup。同一辖区的两套方案代码不能相同；不填就用样本的代码，空白方案用 scheme。"
        ),
    )

    def __init__(self, scope: Scope, roles: frozenset[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ground, packs = self.fields["ground"], self.fields["pack"]
        assert isinstance(ground, PlaceField)
        assert isinstance(packs, forms.ChoiceField)
        ground.offer(scope.paths(roles), (Level.COUNTY, Level.TOWNSHIP))
        ground.initial = ground.first
        samples = [(name, pack(name).name) for name in pack_names()]
        packs.choices = [*samples, (EMPTY, _("空白方案"))]

    def clean_code(self) -> str:
        """A code as the language has it."""
        code = str(self.cleaned_data["code"]).strip()
        if code and not CODE_FORM.fullmatch(code):
            raise forms.ValidationError(_("代码只用字母、数字和 _ - .，以字母或数字开头，最多32个字符。"))
        return code

    def clean(self) -> dict[str, Any]:
        """A scheme made from nothing needs a name."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("pack") == EMPTY and not str(cleaned.get("name", "")).strip():
            self.add_error("name", _("空白方案要有名称，例如“示例县人居环境整治”。"))
        return cleaned


class PublishForm(forms.Form):
    """From which day, and that the warnings were read."""

    from_on = forms.DateField(
        label=_("从哪天起生效"),
        widget=day_input(),
        help_text=_("下一个考核期的第一天或以后某月的1日；辖区的第一版可以是任何一天。"),
    )
    read = forms.BooleanField(label=_("上面的提醒我都看过了，县里商量后仍这样定。"), required=False)

    def __init__(self, *args: Any, warned: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if warned:
            self.fields["read"].required = True
            self.fields["read"].error_messages["required"] = _("有提醒没有确认。请看完上面的提醒，再勾选。")
        else:
            del self.fields["read"]
