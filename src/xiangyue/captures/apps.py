"""The Django app of this room."""

from django.utils.translation import gettext_lazy as _

from xiangyue.base import rooms


class CapturesConfig(rooms.Room):
    """Envelopes and their replay."""

    name = "xiangyue.captures"
    label = "captures"
    verbose_name = _("采集")
    further = ("photo_models",)
