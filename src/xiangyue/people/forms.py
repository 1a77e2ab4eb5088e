"""The forms of log-in, passwords and accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from xiangyue.base.scope import Scope
from xiangyue.people.actions.codes import plain_code
from xiangyue.people.giving import GIVES, roles_given
from xiangyue.people.phones import is_mobile, plain_phone
from xiangyue.places.picking import PlaceField, day_input

PASSWORD_WORDS = {
    "password_too_short": _("密码太短：至少8个字符。"),
    "password_too_common": _("这个密码太常见，容易被猜到，请换一个。"),
    "password_entirely_numeric": _("密码不能全是数字，请加上字母或汉字。"),
}


class PhoneField(forms.CharField):
    """A mobile number, typed with or without spaces, full width or +86."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "username", "maxlength": 20})

    def clean(self, value: Any) -> str:
        """The plain number."""
        phone = plain_phone(super().clean(value))
        if phone and not is_mobile(phone):
            raise ValidationError(_("手机号应是11位数字，例如 13800001234。"))
        return phone


def _password(label: Any, complete: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": complete})
    return forms.CharField(label=label, strip=False, max_length=128, widget=widget, help_text=help_text)


class LogInForm(forms.Form):
    """Phone number and password."""

    phone = PhoneField(label=_("手机号"))
    password = _password(_("密码"), "current-password")


class CodeForm(forms.Form):
    """Phone number and the code on the slip."""

    phone = PhoneField(label=_("手机号"))
    code = forms.CharField(
        label=_("一次性码"),
        max_length=20,
        help_text=_("条子上的8个字母和数字，大小写都行。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """The code as issued."""
        return plain_code(self.cleaned_data["code"])


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = _password(_("新密码"), "new-password", _("至少8个字符，不能全是数字。"))
    again = _password(_("再输一遍"), "new-password")

    def clean_password(self) -> str:
        """A password that passes the house's checks."""
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password)
        except ValidationError as error:
            codes = [one.code for one in error.error_list]
            raise ValidationError([str(PASSWORD_WORDS.get(code or "", code)) for code in codes]) from None
        return password

    def clean(self) -> dict[str, Any]:
        """Both fields the same."""
        data: dict[str, Any] = super().clean() or {}
        if "password" in data and "again" in data and data["password"] != data["again"]:
            self.add_error("again", ValidationError(_("两次输入的不一样，请再输一遍。")))
        return data


class ChangePasswordForm(NewPasswordForm):
    """The old password, then a new one twice."""

    old = _password(_("原密码"), "current-password")
    field_order = ("old", "password", "again")


class AddUserForm(forms.Form):
    """The number that a person will log in by."""

    phone = PhoneField(label=_("登录手机号"), help_text=_("本人常用的号码；以后用它登录。"))


class GrantForm(forms.Form):
    """A role over a place of the giver's ground."""

    role = forms.ChoiceField(label=_("角色"))
    place = PlaceField(label=_("辖区"))
    to_on = forms.DateField(label=_("到期日"), required=False, widget=day_input(), help_text=_("不填即长期。"))

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = self.fields["role"]
        assert isinstance(roles, forms.ChoiceField)
        roles.choices = [("", _("请选择")), *((role.value, role.label) for role in roles_given(scope))]
        places = self.fields["place"]
        assert isinstance(places, PlaceField)
        places.offer(scope.paths(frozenset(GIVES)))
