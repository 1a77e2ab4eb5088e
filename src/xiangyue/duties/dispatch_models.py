"""Dispatch meetings: who was asked to do what by when, and what was written down."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Place

MINUTES_DAYS = 1_095
"""How long minutes, and what was asked for at a meeting, are kept here; the office's own file follows its rules."""


class Dispatch(models.Model):
    """A dispatch meeting of a ground on a day; what was done since the last one is drawn from the records."""

    policy = Policy(path="place__path", see=READERS | {Role.DEPARTMENT}, write=STAFF)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="dispatches", verbose_name=_("辖区"))
    held_on = models.DateField(_("召开日期"))
    since = models.DateField(_("统计起始日"))
    """The first day that it looks back on; its own day is the last."""
    chair = models.CharField(_("主持人"), max_length=40, blank=True, default="")
    minutes = models.TextField(_("会议纪要"), max_length=4000, blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    erase_on = models.DateField()

    class Meta:
        verbose_name = verbose_name_plural = _("调度会")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["place", "held_on"], name="dispatch_once_a_day"),
            models.CheckConstraint(condition=Q(since__lte=models.F("held_on")), name="dispatch_days_in_order"),
        ]


class DispatchAsk(models.Model):
    """What somebody was asked to do by a day; a planned visit is held against the village's cap."""

    policy = Policy(path="dispatch__place__path", see=READERS | {Role.DEPARTMENT}, write=STAFF, own="person")

    class State(models.TextChoices):
        """Whether it was done."""

        OPEN = "open", _("待办")
        DONE = "done", _("已办")
        DROPPED = "dropped", _("不办了")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="asks")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("责任人"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("责任单位")
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name=_("地点"))
    what = models.CharField(_("任务"), max_length=200)
    by_on = models.DateField(_("期限"))
    is_visit = models.BooleanField(_("到村走访"), default=False)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    done_on = models.DateField(_("办结日期"), null=True)
    outcome = models.CharField(_("办理情况"), max_length=200, blank=True, default="")
    erase_on = models.DateField(null=True)
    """None while it is to be done."""

    class Meta:
        verbose_name = verbose_name_plural = _("调度任务")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation=None) | Q(person=None, organisation__isnull=False),
                name="ask_has_one_doer",
            ),
        ]
        indexes = [models.Index(fields=["by_on"], condition=Q(state="open"), name="ask_open_by")]

    @property
    def told(self) -> str:
        """What was asked for, as long as it is kept."""
        return self.what or str(_("（内容已到期清除）"))
