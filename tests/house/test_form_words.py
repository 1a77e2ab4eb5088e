"""Every form says what is wrong with a field and what to do, in the product's words and not in the framework's."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

CHOICES = [("a", "甲")]


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (forms.CharField(), "", "没有填，请补上。"),
        (forms.ChoiceField(choices=CHOICES), "", "没有选，请选一项。"),
        (forms.ChoiceField(choices=CHOICES), "b", "没有“b”这一项。请从列出的里面选。"),
        (forms.MultipleChoiceField(choices=CHOICES), [], "没有选，请至少选一项。"),
        (forms.BooleanField(), "", "请先勾选。"),
        (forms.DateField(), "13月5日", "这个日期看不懂。请写成 2026-11-05 这样。"),
        (forms.IntegerField(), "十二", "这里要填整数，如 12。"),
        (forms.DecimalField(), "十二", "这里要填数，如 12.5。"),
        (forms.CharField(error_messages={"required": "自己的话。"}), "", "自己的话。"),
    ],
)
def test_a_field_speaks_plainly(field: forms.Field, typed: Any, words: str) -> None:
    form = type("Asked", (forms.Form,), {"field": field})({"field": typed})
    assert form.errors["field"] == [words]
