"""Words for pages on people, `{% load people %}`: masked numbers, places told apart, acts in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from xiangyue.base import masking
from xiangyue.places import picking
from xiangyue.places.models import Place

register = template.Library()
ACTS = {
    "user.added": _("建了账号"),
    "user.code_issued": _("发了一次性码"),
    "user.password_set": _("用一次性码设了密码"),
    "user.password_changed": _("改了密码"),
    "user.phone_changed": _("改了登录手机号"),
    "user.closed": _("停用了账号"),
    "user.opened": _("启用了账号"),
    "user.unlocked": _("解了锁"),
    "log_in.failed": _("登录失败一次"),
    "log_in.code_failed": _("一次性码输错一次"),
    "contact.seen": _("看了联系方式"),
    "person.added": _("登记了人员"),
    "person.edited": _("改了人员资料"),
}


@register.filter
def masked_phone(phone: str) -> str:
    """138****1234."""
    return masking.mask_phone(phone)


@register.filter
def place_label(place: Place) -> str:
    """The place with what tells it from its namesakes."""
    return picking.place_label(place)


@register.filter
def act_words(act: str) -> str:
    """An act of the change log in words; its own name where it has none here."""
    return str(ACTS.get(act, act))
