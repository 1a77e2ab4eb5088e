"""The tag that lets a form measure itself."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from xiangyue.base.shown import shown_at

register = template.Library()


@register.simple_tag
def form_clock() -> SafeString:
    """A hidden field that says when the form was shown: the only thing that is measured."""
    return format_html('<input type="hidden" name="shown" value="{}">', shown_at(timezone.now()))
