"""The Django app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutiesConfig(AppConfig):
    """Who answers for what on which layer, from a date to a date."""

    name = "xiangyue.duties"
    label = "duties"
    verbose_name = _("包保")
    default_auto_field = "django.db.models.BigAutoField"
