"""An import from the upload over its dry run to what it wrote."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.base.models import Job
from xiangyue.base.roles import STAFF
from xiangyue.base.scope import Policy


class Import(models.Model):
    """One file on its way into the register; seen by the person who uploaded it."""

    policy = Policy(path="path", see=STAFF, write=STAFF)

    class State(models.TextChoices):
        """Where the import stands."""

        CHECKING = "checking", _("正在检查")
        CHECKED = "checked", _("等待确认")
        REFUSED = "refused", _("不能导入")
        APPLYING = "applying", _("正在导入")
        DONE = "done", _("已导入")
        DROPPED = "dropped", _("已放弃")

    class Mode(models.TextChoices):
        """What is done when some rows are bad."""

        ALL = "all", _("全部导入")
        GOOD = "good", _("只导入正确的行")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    desk = models.CharField(max_length=40)
    file_name = models.CharField(_("文件"), max_length=200)
    kind = models.CharField(max_length=4)
    token = models.UUIDField(default=uuid.uuid4)
    """Names the files kept for the import; they are cleared after some days."""
    path = models.CharField(max_length=120, default="", blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.CHECKING)
    mode = models.CharField(max_length=4, choices=Mode.choices, default=Mode.ALL)
    counts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Rows by outcome: add, change, same, bad."""
    found: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """What the dry run saw: sheet, warnings, and the first rows of each outcome."""
    words = models.TextField(default="", blank=True)
    """Why the import was refused."""
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("导入")
        indexes = [models.Index(fields=["uploaded_by", "-id"], name="import_of_user")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def folder(self) -> Path:
        """Where the files of all imports lie."""
        return Path(settings.MEDIA_ROOT) / "imports"

    @property
    def file(self) -> Path:
        """The uploaded file."""
        return self.folder / f"{self.token.hex}.{self.kind}"

    @property
    def bad_file(self) -> Path:
        """The workbook of the bad rows."""
        return self.folder / f"{self.token.hex}-bad.xlsx"

    @property
    def n_good(self) -> int:
        """Rows that would be written."""
        return int(self.counts.get("add", 0)) + int(self.counts.get("change", 0))
