"""Envelopes as they came in: immutable, with the id their maker gave them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import Policy

WAITING = ("held", "late")


class CaptureQuerySet(models.QuerySet["Capture"]):
    """Captures, asked so that the database finds them by an index."""

    def waiting(self, state: str) -> CaptureQuerySet:
        """Those held or late: named twice, for SQLite does not see that one of two is one of them."""
        return self.filter(state__in=WAITING, state=state)


class Capture(models.Model):
    """One envelope: who sent what, made when; never edited, only withdrawn by a second capture."""

    policy = Policy(path="place__path", see=STAFF | {Role.AUDITOR, Role.SUPERVISOR}, write=frozenset(), own="person")

    class State(models.TextChoices):
        """What became of it."""

        STORED = "stored", _("已入库")
        LATE = "late", _("已入库（迟到）")
        HELD = "held", _("待人工核对")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Channel(models.TextChoices):
        """How it came in; all count alike."""

        PHONE = "phone", _("手机")
        OFFICE = "office", _("电脑录入")
        PAPER = "paper", _("纸质补录")
        IMPORT = "import", _("表格导入")
        COUNTER = "counter", _("窗口代录")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    """SHA-256 of the canonical body with kind and made-at: the same id with another digest is a conflict."""
    kind = models.CharField(max_length=16)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    """The village (or township, county) it happened at; scopes the row."""
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    """Whose act it is: the bearer or inspector."""
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    """Who typed it in."""
    channel = models.CharField(max_length=8, choices=Channel.choices)
    made_at = models.DateTimeField()
    """By the maker's clock, corrected by the clock error."""
    clock_error = models.IntegerField(default=0)
    """Seconds the maker's clock was ahead of the server's."""
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.STORED)
    body: models.JSONField[Any, Any] = models.JSONField()

    objects = CaptureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("采集记录")
        indexes = [
            # the few that wait for a person or a new version
            models.Index(
                fields=["state", "place"], condition=models.Q(state__in=["held", "late"]), name="capture_waiting"
            ),
        ]
