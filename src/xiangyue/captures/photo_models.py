"""Photos of captures: each came in an envelope of its own, may arrive before or after what it shows, and has a term."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import Policy


class Photo(models.Model):
    """One photo of a capture: announced by its envelope, then sent in parts; kept without any metadata.

    `of` is the envelope that it belongs to, found by its id when that one is on file and from the same sender.
    """

    policy = Policy(
        path="capture__place__path",
        see=STAFF | {Role.AUDITOR, Role.SUPERVISOR},
        write=frozenset(),
        own="capture__person",
    )

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("还在传")
        WHOLE = "whole", _("已收到")
        REFUSED = "refused", _("不是照片，没有收")
        ERASED = "erased", _("到期或撤回，已删除")

    capture = models.OneToOneField(
        "captures.Capture", models.PROTECT, primary_key=True, related_name="photo", verbose_name=_("采集记录")
    )
    of = models.UUIDField(db_index=True)
    n = models.PositiveSmallIntegerField(_("第几张"))
    sha256 = models.CharField(max_length=64)
    """Of the bytes as they were announced."""
    size = models.PositiveIntegerField()
    """Bytes as announced."""
    parts = models.PositiveSmallIntegerField()
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    kept_size = models.PositiveIntegerField(_("大小"), default=0)
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    dhash = models.CharField(max_length=16, blank=True, default="", db_index=True)
    """64 bits that stay alike when a picture is shrunk or saved again, in hexadecimal; empty until it is whole."""
    whole_at = models.DateTimeField(null=True)
    erase_on = models.DateField(_("保留到"))

    class Meta:
        verbose_name = verbose_name_plural = _("照片")
        indexes = [
            models.Index(fields=["sha256"], condition=models.Q(state="waiting"), name="photo_waiting"),
            models.Index(fields=["erase_on"], condition=~models.Q(state="erased"), name="photo_term"),
        ]
