"""The Django app of this room."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """List, detail, edit, import, export and history for any registered model."""

    name = "xiangyue.desk"
    label = "desk"
    verbose_name = _("案头")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the `desk` module of every room, which registers its desks, and the jobs of imports."""
        autodiscover_modules("desk")
        from xiangyue.desk import jobs  # noqa: F401
