"""The Django app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    """Printed sheets and their way back in."""

    name = "xiangyue.papers"
    label = "papers"
    verbose_name = _("纸质表")
    default_auto_field = "django.db.models.BigAutoField"
