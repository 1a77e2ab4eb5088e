"""The Django app of this room."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    """Ground for every app: scope, change log, problem catalogue, short writes, tasks with progress."""

    name = "xiangyue.base"
    label = "base"
    verbose_name = _("地基")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let what is past its term be erased every day."""
        if settings.LEAN:
            # a command that takes in nothing does without
            return
        from xiangyue.base import terms

        terms.register()
