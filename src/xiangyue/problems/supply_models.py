"""What departments and enterprises offer, and to which problems it was given: the third of the three lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.people.models import Organisation
from xiangyue.places.models import Place

if TYPE_CHECKING:
    from xiangyue.problems.models import Problem


class Supply(models.Model):
    """Something an organisation offers to places on a ground, for problems of some kinds, from a day to a day."""

    policy = Policy(path="ground__path", see=READERS | {Role.DEPARTMENT}, write=STAFF - {Role.VILLAGE_OFFICE})

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("供给范围"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="supplies", verbose_name=_("供给单位"))
    what = models.CharField(_("供给内容"), max_length=80)
    kinds = models.CharField(_("对应的问题种类"), max_length=200, blank=True, default="")
    """Names of kinds as the scheme has them, or their codes; empty: any."""
    amount = models.PositiveIntegerField(_("数量"), default=1)
    unit = models.CharField(_("单位"), max_length=8, default="项")
    from_on = models.DateField(_("起始日"))
    to_on = models.DateField(_("截止日"), null=True, blank=True)
    n_given = models.PositiveIntegerField(_("已对接"), default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = _("供给清单")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(n_given__lte=models.F("amount")), name="supply_not_over"),
            models.UniqueConstraint(fields=["ground", "organisation", "what", "from_on"], name="supply_once"),
        ]

    def __str__(self) -> str:
        return self.what

    def is_for(self, problem: Problem) -> bool:
        """Whether it is offered for problems of this one's kind."""
        return not self.kinds or bool({problem.kind, problem.kind_name} & set(re.split("[、,]", self.kinds)))


class Given(models.Model):
    """So much of a supply given to one problem."""

    supply = models.ForeignKey(Supply, models.PROTECT, related_name="given")
    problem = models.ForeignKey("problems.Problem", models.PROTECT, related_name="supplied")
    amount = models.PositiveIntegerField(_("数量"), default=1)
    given_on = models.DateField(_("对接日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("供给对接")
        constraints = [models.UniqueConstraint(fields=["supply", "problem"], name="supply_given_once")]
