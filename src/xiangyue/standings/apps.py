"""The Django app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandingsConfig(AppConfig):
    """Periods, closing, results, boards, pairs, notices."""

    name = "xiangyue.standings"
    label = "standings"
    verbose_name = _("考核")
    default_auto_field = "django.db.models.BigAutoField"
