"""Contests: their stops on market days, the goods bought for them, and who is handed what against a signature."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import OFFICES
from xiangyue.base.scope import Policy
from xiangyue.places.models import Place
from xiangyue.rewards.edition import ACTOR
from xiangyue.rewards.honour_models import SEE, Held


class Contest(models.Model):
    """A contest of a ground's scheme, with its approval number, the titles given there and its period."""

    policy = Policy(path="ground__path", see=SEE, write=OFFICES)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("辖区"))
    scheme = models.CharField(_("方案"), max_length=40)
    key = models.CharField(_("考核期"), max_length=8)
    name = models.CharField(_("名称"), max_length=60)
    approval = models.CharField(_("批准文号"), max_length=80)
    honours: models.JSONField[Any, Any] = models.JSONField(default=list)
    """The codes of the titles that are given at its stops."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = _("竞赛")
        constraints = [models.UniqueConstraint(fields=["ground", "key", "name"], name="contest_once")]
        ordering = ["-key", "-id"]

    def __str__(self) -> str:
        return self.name


class ContestStop(models.Model):
    """A market town where titles and goods are handed out, on its market day."""

    policy = Policy(path="contest__ground__path", see=SEE, write=OFFICES)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="stops")
    position = models.PositiveSmallIntegerField(_("第几站"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("所在"))
    market = models.CharField(_("集市"), max_length=60)
    on = models.DateField(_("赶集日"))

    class Meta:
        verbose_name = verbose_name_plural = _("竞赛站点")
        constraints = [models.UniqueConstraint(fields=["contest", "position"], name="contest_stop_once")]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.market


class ContestGoods(models.Model):
    """One kind of goods of a contest and how many were bought."""

    policy = Policy(path="contest__ground__path", see=SEE, write=OFFICES)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="goods")
    name = models.CharField(_("物品"), max_length=40)
    unit = models.CharField(_("单位"), max_length=8)
    bought = models.PositiveIntegerField(_("购入"))

    class Meta:
        verbose_name = verbose_name_plural = _("竞赛物品")
        constraints = [models.UniqueConstraint(fields=["contest", "name"], name="contest_goods_once")]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class HandOutQuerySet(models.QuerySet["HandOut"]):
    """Look-ups by whether a line was put right."""

    def current(self) -> HandOutQuerySet:
        """The lines that stand."""
        return self.filter(ended_at=None)


class HandOut(models.Model):
    """So many of one kind of goods for one household at one stop, planned and then signed for.

    What was signed is never edited: a line that is put right has ended, with the reason, and the right one stands beside it.
    """

    policy = Policy(path="place__path", see=SEE, write=OFFICES)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    stop = models.ForeignKey(ContestStop, models.CASCADE, related_name="hand_outs")
    goods = models.ForeignKey(ContestGoods, models.PROTECT, related_name="hand_outs")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("农户"))
    held = models.ForeignKey(Held, models.PROTECT, null=True, related_name="hand_outs")
    """The title that it goes with."""
    n = models.PositiveIntegerField(_("数量"))
    signed_on = models.DateField(_("签收日期"), null=True)
    signed_by = models.CharField(_("签收人"), max_length=40, default="", blank=True)
    recorded_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(_("更正时间"), null=True)
    ended_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(_("更正原因"), max_length=200, default="", blank=True)

    objects = HandOutQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("发放明细")
        constraints = [
            models.UniqueConstraint(
                fields=["stop", "goods", "place"], condition=Q(ended_at=None), name="handed_out_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, reason="") | (Q(ended_at__isnull=False) & ~Q(reason="")),
                name="hand_out_ended_has_reason",
            ),
            models.CheckConstraint(condition=Q(n__gt=0), name="handed_out_something"),
            models.CheckConstraint(
                condition=Q(signed_on=None, signed_by="") | (Q(signed_on__isnull=False) & ~Q(signed_by="")),
                name="signature_has_day_and_name",
            ),
        ]
        ordering = ["place__path", "goods", "id"]
