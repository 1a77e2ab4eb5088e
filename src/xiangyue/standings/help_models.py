"""Help in the place of a black board: households that need it, or that nobody was paired with. Not a board."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.places.models import Place


class HelpCase(models.Model):
    """A household that is helped by its bearer and village after a period, instead of listed or paired; private."""

    policy = Policy(path="household__path", see=STAFF | {Role.AUDITOR}, write=STAFF)

    class Why(models.TextChoices):
        """Why it is helped."""

        NEED = "need", _("需要帮助，不上黑榜")
        NOT_AGREED = "not_agreed", _("没有同意结对")
        ALONE = "alone", _("没有可结对的户")

    household = models.ForeignKey(Place, models.PROTECT, related_name="help_cases", verbose_name=_("农户"))
    period = models.ForeignKey("standings.Period", models.PROTECT, related_name="+", verbose_name=_("考核期"))
    why = models.CharField(_("原因"), max_length=12, choices=Why.choices)
    opened_on = models.DateField(_("列入日期"))
    words = models.CharField(_("帮了什么"), max_length=200, blank=True, default="")
    done_on = models.DateField(_("帮扶日期"), null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("帮扶")
        constraints = [
            models.UniqueConstraint(fields=["household", "period"], name="help_case_once"),
            models.CheckConstraint(
                condition=Q(done_on=None, words="") | Q(done_on__isnull=False), name="help_case_done_has_a_day"
            ),
        ]
        indexes = [models.Index(fields=["household"], condition=Q(done_on=None), name="help_case_open")]
        ordering = ["-id"]
