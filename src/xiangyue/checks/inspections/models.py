"""Yearly plans of inspections, the inspections arranged by them, teams, turns, and objections to a sheet."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.roles import OFFICES, READERS
from xiangyue.base.scope import Policy
from xiangyue.base.sealing import Sealed
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.rules.days import LOCAL

ACTOR = settings.AUTH_USER_MODEL


class InspectionPlan(models.Model):
    """A ground's plan of inspections for a year, as it was filed."""

    ground = models.ForeignKey(Place, models.PROTECT, related_name="inspection_plans", verbose_name=_("辖区"))
    scheme = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(_("年度"))
    document = models.CharField(_("备案文号"), max_length=80)
    filed_on = models.DateField(_("备案日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("年度督查计划")
        constraints = [models.UniqueConstraint(fields=["ground", "scheme", "year"], name="inspection_plan_once")]
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}"


class PlannedInspection(models.Model):
    """A line of the plan: so many inspections of a way in a month."""

    policy = Policy(path="plan__ground__path", see=READERS, write=OFFICES)

    plan = models.ForeignKey(InspectionPlan, models.CASCADE, related_name="lines")
    kind = models.CharField(_("督查方式"), max_length=40)
    name = models.CharField(max_length=60)
    month = models.PositiveSmallIntegerField(_("月份"))
    times = models.PositiveSmallIntegerField(_("次数"))

    class Meta:
        verbose_name = verbose_name_plural = _("督查计划")
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind", "month"], name="planned_inspection_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="planned_inspection_month"),
        ]
        ordering = ["month", "kind"]


class Inspection(Sealed):
    """One inspection of the plan, on one day or a few; with a draw its targets are nobody's before the first of them.

    `facts` is fixed when it is arranged (subjects, strata, weights, caps), `held` when the targets are opened (what each
    subject had received by then, and who may not be drawn): with both, the secret and the number anyone draws it again.
    """

    policy = Policy(path="ground__path", see=READERS, write=OFFICES)

    class State(models.TextChoices):
        """Where the inspection stands."""

        SEALED = "sealed", _("已封存，等公开数")
        READY = "ready", _("等出发")
        OPENED = "opened", _("督查中")
        FINISHED = "finished", _("已收队")
        GIVEN_UP = "given_up", _("已取消")

    line = models.ForeignKey(PlannedInspection, models.PROTECT, related_name="inspections")
    ground = models.ForeignKey(Place, models.PROTECT, related_name="inspections", verbose_name=_("辖区"))
    scheme_version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    name = models.CharField(_("督查方式"), max_length=60)
    nth = models.PositiveSmallIntegerField(_("当月第几次"))
    from_on = models.DateField(_("起"))
    to_on = models.DateField(_("止"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.SEALED)
    is_drawn = models.BooleanField(default=True)
    number_on = models.DateField(_("公布日期"), null=True)  # type: ignore[assignment]
    facts: models.JSONField[Any, Any] = models.JSONField()
    facts_digest = models.CharField(max_length=64)
    held: models.JSONField[Any, Any] = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, default="")
    shown_hour = models.PositiveSmallIntegerField(default=18)
    object_days = models.PositiveSmallIntegerField(default=3)
    reason = models.CharField(_("原因"), max_length=200, blank=True, default="")
    arranged_at = models.DateTimeField()
    arranged_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("打开时间"), null=True)
    opened_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(_("收队时间"), null=True)
    finished_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("督查")
        constraints = [
            models.UniqueConstraint(fields=["ground", "scheme", "line", "nth"], name="inspection_number_once"),
            models.CheckConstraint(condition=Q(to_on__gte=models.F("from_on")), name="inspection_days_in_order"),
        ]
        indexes = [models.Index(fields=["ground", "from_on"], name="inspection_days")]
        ordering = ["-from_on", "-id"]

    def __str__(self) -> str:
        return f"{self.name} {self.from_on:%Y-%m-%d}"

    def shown_at(self, day: date) -> datetime:
        """From when the village inspected on that day sees its sheet."""
        return datetime.combine(day, time(self.shown_hour), LOCAL)

    @property
    def told_at(self) -> datetime:
        """From when everybody with a place on the ground sees the targets, and the draw is laid open."""
        return self.shown_at(self.to_on)


class InspectionTeam(models.Model):
    """A team of an inspection and what it drives in."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="teams")
    number = models.PositiveSmallIntegerField(_("组"))
    vehicle = models.CharField(_("车辆"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = _("督查组")
        constraints = [models.UniqueConstraint(fields=["inspection", "number"], name="inspection_team_once")]
        ordering = ["number"]


class InspectionMember(models.Model):
    """A person of a team; one of them leads."""

    team = models.ForeignKey(InspectionTeam, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("人员"))
    leads = models.BooleanField(_("组长"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("督查组成员")
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], name="inspection_member_once"),
            models.UniqueConstraint(fields=["team"], condition=Q(leads=True), name="inspection_team_has_one_leader"),
        ]
        ordering = ["-leads", "person__code"]


class InspectionTurn(models.Model):
    """One team goes to one subject, in the order of the day."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="turns")
    team = models.ForeignKey(InspectionTeam, models.PROTECT, related_name="turns")
    subject = models.ForeignKey(Place, models.PROTECT, related_name="inspection_turns", verbose_name=_("对象"))
    order = models.PositiveSmallIntegerField(_("次序"))
    unseen = models.CharField(_("没有查的原因"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = _("督查对象")
        constraints = [models.UniqueConstraint(fields=["inspection", "subject"], name="inspection_turn_once")]
        ordering = ["team__number", "order"]


class SheetObjection(models.Model):
    """What an inspected place says against its sheet, and what the office of the ground answered; kept for a term."""

    policy = Policy(path="subject__path", see=READERS, write=OFFICES)

    class Outcome(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("待答复")
        UPHELD = "upheld", _("成立，表作废")
        REJECTED = "rejected", _("不成立")

    turn = models.ForeignKey(InspectionTurn, models.CASCADE, related_name="objections")
    check_row = models.ForeignKey("checks.Check", models.PROTECT, related_name="objections")
    subject = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("对象"))
    text = models.CharField(_("异议"), max_length=500)
    made_at = models.DateTimeField(_("提出时间"))
    made_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("处理"), max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    answer = models.CharField(_("答复"), max_length=500, blank=True, default="")
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    erase_on = models.DateField()

    class Meta:
        verbose_name = verbose_name_plural = _("督查异议")
        constraints = [
            models.UniqueConstraint(fields=["turn"], condition=Q(outcome="open"), name="sheet_objection_one_open"),
        ]
        ordering = ["-made_at"]
