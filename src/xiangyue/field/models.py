"""Whether a county has switched the recorder on: with its filing number, or not at all."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import READERS, Role
from xiangyue.base.scope import Policy
from xiangyue.places.models import Place


class Recorder(models.Model):
    """A county's recorder: on while it has a filing number (备案号); without one there are forms online and on paper."""

    policy = Policy(path="county__path", see=READERS, write=frozenset({Role.COUNTY_OFFICE}))

    county = models.OneToOneField(
        Place, models.PROTECT, primary_key=True, related_name="recorder", verbose_name=_("县")
    )
    filing_number = models.CharField(_("备案号"), max_length=60, blank=True, default="")
    set_at = models.DateTimeField(_("填写时间"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("填写人")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("离线记录")
