"""Award lists, gradings and commendations, version by version, and the grades that the office enters."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import OFFICES, READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.places.models import Place
from xiangyue.rewards.edition import ACTOR, ONE_SUBJECT, Edition, Named


class AwardList(Edition):
    """One version of an award's classes, of a grading's grades, or of who is commended, for one period."""

    policy = Policy(path="ground__path", see=READERS | {Role.DEPARTMENT, Role.BEARER}, write=OFFICES)

    class Kind(models.TextChoices):
        """What the list says of its subjects."""

        AWARD = "award", _("奖级")
        GRADING = "grading", _("等次")
        COMMENDATION = "commendation", _("通报表扬")

    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices)
    cuts: models.JSONField[Any, Any] = models.JSONField(default=list)
    """By class, top down: code, name, how many, how many rose by a tie, the lowest figure, and why in words."""
    n_without = models.IntegerField(default=0)
    """Rated subjects that are in no class."""
    text = models.TextField(_("文稿"), blank=True, default="")
    """A commendation's text for the county's account."""
    edited_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(Edition.Meta):
        verbose_name = verbose_name_plural = _("奖级名单")
        constraints = [
            models.UniqueConstraint(
                fields=["ground", "scheme", "kind", "code", "key", "version"], name="award_list_version_once"
            )
        ]


class AwardLine(Named):
    """One subject in a class, with the figure and rank that put it there."""

    policy = Policy(path="path", see=READERS, write=frozenset())

    list = models.ForeignKey(AwardList, models.CASCADE, related_name="lines")
    value = models.CharField(_("等级代码"), max_length=40, default="", blank=True)
    """The class or grade; empty: struck off."""
    label = models.CharField(_("等级"), max_length=60, default="", blank=True)
    figure = models.IntegerField(_("成绩"), null=True)
    rank = models.IntegerField(_("名次"), null=True)
    position = models.IntegerField(default=0)
    why = models.CharField(max_length=300, default="", blank=True)
    n_targets = models.IntegerField(default=0)
    """A commendation's: for how many of the bearer's targets."""
    method = models.CharField(_("做法"), max_length=500, default="", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("获奖对象")
        constraints = [
            models.UniqueConstraint(fields=["list", "subject"], name="award_line_once"),
            models.CheckConstraint(condition=ONE_SUBJECT, name="award_line_has_one_subject"),
        ]
        ordering = ["position", "id"]


class GradeEntry(models.Model):
    """A place's grade as the office entered it, with its document: the size of a service centre, a pilot's class."""

    policy = Policy(path="place__path", see=STAFF | {Role.AUDITOR}, write=OFFICES)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("对象"))
    scheme = models.CharField(_("方案"), max_length=40)
    grading = models.CharField(_("等次评定"), max_length=40)
    grade = models.CharField(_("等次"), max_length=40)
    document = models.CharField(_("依据文件"), max_length=120)
    on = models.DateField(_("日期"))
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = _("等次登记")
        constraints = [
            models.UniqueConstraint(fields=["place", "scheme", "grading", "on"], name="grade_entered_once"),
        ]
        indexes = [models.Index(fields=["scheme", "grading", "on"], name="grade_entry_of")]
