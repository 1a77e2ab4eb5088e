"""Incentive plans, version by version: their lines, the heads entered for them, and what was paid."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.fields import BytesOrderedField
from xiangyue.base.roles import OFFICES, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.places.models import Place
from xiangyue.rewards.edition import ACTOR, ONE_SUBJECT, Edition, Named


class IncentivePlan(Edition):
    """One version of what a scheme's incentives pay for a period; in force once a second person approved it."""

    policy = Policy(path="ground__path", see=STAFF | {Role.AUDITOR}, write=OFFICES)

    total = models.BigIntegerField(_("合计"), default=0)
    """In fen."""
    totals: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """By `rule`: [code, name, n, fen]; by `place`: [code, name, fen]; by `source`: [code, name, budget, fen, over]."""
    findings: models.JSONField[Any, Any] = models.JSONField(default=list)
    """What keeps it from being approved: [code, subject, words]."""
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    approved_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(Edition.Meta):
        verbose_name = verbose_name_plural = _("奖补方案")
        constraints = [
            models.UniqueConstraint(
                fields=["ground", "scheme", "code", "key", "version"], name="incentive_plan_version_once"
            )
        ]


class PlanLine(Named):
    """One amount for one subject by one rule, in fen; `aside`: another of its group is larger, it is not paid."""

    policy = Policy(path="path", see=STAFF | {Role.AUDITOR}, write=frozenset())

    plan = models.ForeignKey(IncentivePlan, models.CASCADE, related_name="lines")
    rule = models.CharField(max_length=40)
    rule_name = models.CharField(_("奖补规则"), max_length=60)
    source = models.CharField(_("资金来源"), max_length=40)
    amount = models.BigIntegerField(_("金额"))
    heads = models.IntegerField(default=1)
    under = BytesOrderedField(max_length=24, default="")
    """Code of the place that its amount is summed under."""
    aside = models.BooleanField(default=False)
    why = models.CharField(max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = _("奖补明细")
        constraints = [
            models.UniqueConstraint(fields=["plan", "subject", "rule"], name="plan_line_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="plan_line_not_negative"),
            models.CheckConstraint(condition=ONE_SUBJECT, name="plan_line_has_one_subject"),
        ]
        ordering = ["under", "subject", "id"]


class Payment(models.Model):
    """A line paid on a day under a voucher; reversed, it counts as not made."""

    policy = Policy(path="line__plan__ground__path", see=OFFICES | {Role.AUDITOR}, write=OFFICES)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(PlanLine, models.PROTECT, related_name="payments")
    amount = models.BigIntegerField(_("金额"))
    paid_on = models.DateField(_("支付日期"))
    voucher = models.CharField(_("凭证号"), max_length=60)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)
    reversed_at = models.DateTimeField(_("冲销时间"), null=True)
    reversed_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)
    reverse_reason = models.CharField(_("冲销原因"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = _("支付记录")
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(reversed_at=None), name="payment_once"),
            models.CheckConstraint(condition=~Q(voucher=""), name="payment_has_voucher"),
        ]
        ordering = ["-id"]


class HeadCount(models.Model):
    """How many heads of a place an amount per head is paid for, entered with its basis."""

    policy = Policy(path="place__path", see=STAFF | {Role.AUDITOR}, write=OFFICES)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("对象"))
    scheme = models.CharField(_("方案"), max_length=40)
    incentives = models.CharField(_("奖补办法"), max_length=40)
    key = models.CharField(_("考核期"), max_length=8)
    n = models.PositiveIntegerField(_("人数"))
    basis = models.CharField(_("依据"), max_length=120)
    recorded_at = models.DateTimeField(auto_now=True)
    recorded_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = _("按人奖补人数")
        constraints = [models.UniqueConstraint(fields=["place", "scheme", "incentives", "key"], name="heads_once")]
