"""The Django app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicConfig(AppConfig):
    """Pages without log-in: boards, rankings, notices, the big screen."""

    name = "xiangyue.public"
    label = "public"
    verbose_name = _("公示")
    default_auto_field = "django.db.models.BigAutoField"
