"""The former texts of a draft, by which the last saves can be taken back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import OFFICES
from xiangyue.base.scope import Policy


class FormerText(models.Model):
    """What a draft said before a save: the newest comes back first; gone once the draft is published."""

    policy = Policy(path="draft__ground__path", see=OFFICES, write=OFFICES)

    draft = models.ForeignKey("agreements.SchemeVersion", models.CASCADE, related_name="former_texts")
    text = models.TextField(_("方案全文"))
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("草稿的前一稿")
        ordering = ["-id"]
