"""The Django app of this room."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from xiangyue.base import rooms


class CapturesConfig(rooms.Room):
    """Envelopes and their replay."""

    name = "xiangyue.captures"
    label = "captures"
    verbose_name = _("采集")
    further = ("photo_models",)

    def ready(self) -> None:
        """Say what lies here with a term."""
        if settings.LEAN:
            # a command that takes in nothing does without
            return
        from xiangyue.base.terms import Term, hold
        from xiangyue.captures.photos import ERASED, drop_files

        hold(Term("captures.Photo", "capture__place__path", blank=ERASED, first=drop_files))
