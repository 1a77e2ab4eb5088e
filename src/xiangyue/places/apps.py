"""The Django app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    """The tree of places in time: county, township, village, hamlet, household, public places."""

    name = "xiangyue.places"
    label = "places"
    verbose_name = _("区划")
    default_auto_field = "django.db.models.BigAutoField"
