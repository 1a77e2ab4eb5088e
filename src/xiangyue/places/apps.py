"""The Django app of this room."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    """The tree of places in time: county, township, village, hamlet, household, public places."""

    name = "xiangyue.places"
    label = "places"
    verbose_name = _("区划")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what lies here with a term."""
        if settings.LEAN:
            # a command that takes in nothing does without
            return
        from xiangyue.base.terms import Term, hold

        own = {"head_name": "", "phone": "", "n_members": None, "note": ""}
        hold(Term("places.Household", "place__path", blank=own))
