"""What every form says of a field that can't be taken: what is wrong and what to do, in the product's own words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

SAID: tuple[tuple[type[forms.Field], str, Any], ...] = (
    (forms.Field, "required", _("没有填，请补上。")),
    (forms.ChoiceField, "required", _("没有选，请选一项。")),
    (forms.ChoiceField, "invalid_choice", _("没有“%(value)s”这一项。请从列出的里面选。")),
    (forms.MultipleChoiceField, "required", _("没有选，请至少选一项。")),
    (forms.MultipleChoiceField, "invalid_choice", _("没有“%(value)s”这一项。请从列出的里面选。")),
    (forms.ModelChoiceField, "required", _("没有选，请选一项。")),
    (forms.BooleanField, "required", _("请先勾选。")),
    (forms.FileField, "required", _("没有选文件，请选一个。")),
    (forms.FileField, "empty", _("文件是空的。请换一个。")),
    (forms.DateField, "invalid", _("这个日期看不懂。请写成 2026-11-05 这样。")),
    (forms.IntegerField, "invalid", _("这里要填整数，如 12。")),
    (forms.DecimalField, "invalid", _("这里要填数，如 12.5。")),
)
"""Field, what went wrong, words."""


def speak_plainly() -> None:
    """Let all forms say it so; a form's own words still win."""
    for field, code, words in SAID:
        # each class its own, so that one does not speak for those beside it
        field.default_error_messages = {**field.__dict__.get("default_error_messages", {}), code: words}
