"""The change log and the background jobs with their progress."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.base.fields import BytesOrderedField
from xiangyue.base.roles import OFFICES, READERS, Role
from xiangyue.base.scope import Policy


class Change(models.Model):
    """One line of the change log, written in the act's own transaction; never edited."""

    policy = Policy(path="path", see=READERS, write=frozenset())

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("操作人")
    )
    act = models.CharField(_("动作"), max_length=48)
    table = models.CharField(_("对象类型"), max_length=32)
    key = models.CharField(_("对象编号"), max_length=40)
    path = BytesOrderedField(_("所在区划"), max_length=120, default="")
    before = models.JSONField(_("改前"), null=True)
    after = models.JSONField(_("改后"), null=True)
    reason = models.CharField(_("说明"), max_length=200, default="")

    class Meta:
        verbose_name = verbose_name_plural = _("变更记录")
        indexes = [
            models.Index(fields=["table", "key", "id"], name="change_of"),
            models.Index(fields=["path", "id"], name="change_path"),
        ]
        ordering = ["-id"]


class Job(models.Model):
    """A piece of background work that a person can leave and come back to."""

    policy = Policy(path="path", see=OFFICES | {Role.VILLAGE_OFFICE}, write=OFFICES | {Role.VILLAGE_OFFICE}, own="")

    class State(models.TextChoices):
        """Where the job stands."""

        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("没有做成")

    kind = models.CharField(max_length=40)
    title = models.CharField(_("名称"), max_length=120)
    path = BytesOrderedField(max_length=120, default="")
    args: models.JSONField[Any, Any] = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(_("进展"), max_length=400, default="")
    result: models.JSONField[Any, Any] = models.JSONField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("后台任务")
        ordering = ["-id"]
