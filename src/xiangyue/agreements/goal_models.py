"""Targets per place and year, numbers told for goals that nothing counts, and stages that places have reached."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import OFFICES, READERS, Role
from xiangyue.base.scope import Policy
from xiangyue.places.models import Place

ACTOR = settings.AUTH_USER_MODEL


class Target(models.Model):
    """What a place is to reach in a year for a goal of the scheme."""

    policy = Policy(path="place__path", see=READERS | {Role.DEPARTMENT}, write=OFFICES)

    ground = models.ForeignKey(Place, models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=40)
    goal = models.CharField(max_length=40)
    place = models.ForeignKey(Place, models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField()
    value = models.BigIntegerField()
    """Written as the goal's decimals say."""
    document = models.CharField(_("文号"), max_length=60, blank=True, default="")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("目标")
        constraints = [models.UniqueConstraint(fields=["place", "scheme", "goal", "year"], name="target_once")]
        indexes = [models.Index(fields=["ground", "scheme", "year"], name="target_of_year")]


class Reading(models.Model):
    """A number told for a goal that nothing counts; never edited, the latest day's last one holds."""

    policy = Policy(path="place__path", see=READERS | {Role.DEPARTMENT}, write=OFFICES)

    ground = models.ForeignKey(Place, models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=40)
    goal = models.CharField(max_length=40)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
    value = models.BigIntegerField()
    source = models.CharField(_("依据"), max_length=120)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("进度数")
        indexes = [models.Index(fields=["ground", "scheme", "goal", "on"], name="reading_of_goal")]


class StageReached(models.Model):
    """A place that reached a stage of the county's way, by what it was accepted; taken back by a recorded act."""

    policy = Policy(path="place__path", see=READERS | {Role.DEPARTMENT}, write=OFFICES)

    ground = models.ForeignKey(Place, models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    place = models.ForeignKey(Place, models.PROTECT, related_name="stages")
    reached_on = models.DateField(_("达到日期"))
    basis = models.CharField(_("验收依据"), max_length=200)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("阶段")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "scheme", "stage"], condition=Q(withdrawn_at=None), name="stage_reached_once"
            )
        ]
        indexes = [models.Index(fields=["ground", "scheme", "stage"], name="stage_of_ground")]
