"""The Django app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RewardsConfig(AppConfig):
    """Honours, award lists, incentives, performance."""

    name = "xiangyue.rewards"
    label = "rewards"
    verbose_name = _("奖惩")
    default_auto_field = "django.db.models.BigAutoField"
