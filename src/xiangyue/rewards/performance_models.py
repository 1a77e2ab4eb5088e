"""The appraisal of bearers: persons, departments and enterprises, version by version."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import OFFICES, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.rewards.edition import ONE_SUBJECT, Edition, Named


class Appraisal(Edition):
    """One version of the performance of all who bear a layer, for one period."""

    policy = Policy(path="ground__path", see=STAFF | {Role.AUDITOR, Role.BEARER, Role.DEPARTMENT}, write=OFFICES)

    layer = models.CharField(_("包保层"), max_length=40)
    ends_on = models.DateField(_("截止日"))
    parts: models.JSONField[Any, Any] = models.JSONField(default=list)
    """[code, name, weight] of the parts, in the scheme's order."""
    n_bearers = models.IntegerField(default=0)
    n_rated = models.IntegerField(default=0)
    mean = models.IntegerField(null=True)

    class Meta(Edition.Meta):
        verbose_name = verbose_name_plural = _("履职评价")
        constraints = [
            models.UniqueConstraint(
                fields=["ground", "scheme", "code", "key", "version"], name="appraisal_version_once"
            )
        ]


class AppraisalLine(Named):
    """One bearer's performance: the parts with their sums, the figure, and the pay factor that follows."""

    policy = Policy(path="path", see=OFFICES | {Role.AUDITOR, Role.VILLAGE_OFFICE}, write=frozenset(), own="person")

    appraisal = models.ForeignKey(Appraisal, models.CASCADE, related_name="lines")
    figure = models.SmallIntegerField(_("履职得分"), null=True)
    factor = models.SmallIntegerField(_("绩效系数"), null=True)
    n_targets = models.IntegerField(_("包保对象"), default=0)
    parts: models.JSONField[Any, Any] = models.JSONField(default=list)
    """By part: [figure or nothing, n, total, why in words]."""
    targets: models.JSONField[Any, Any] = models.JSONField(default=list)
    """What the outcomes and the progress are made of: [place, first result, result] of each target."""
    why = models.CharField(max_length=400, default="", blank=True)
    factor_why = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("履职评价（个人和单位）")
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "subject"], name="appraisal_line_once"),
            models.CheckConstraint(condition=ONE_SUBJECT, name="appraisal_line_has_one_subject"),
        ]
        indexes = [
            models.Index(fields=["person"], name="appraisal_line_person"),
            models.Index(fields=["organisation"], name="appraisal_line_unit"),
        ]
        ordering = ["id"]
