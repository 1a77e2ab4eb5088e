"""The Django app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CapturesConfig(AppConfig):
    """Envelopes and their replay."""

    name = "xiangyue.captures"
    label = "captures"
    verbose_name = _("采集")
    default_auto_field = "django.db.models.BigAutoField"
