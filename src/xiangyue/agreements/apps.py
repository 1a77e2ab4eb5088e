"""The Django app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    """Scheme versions of a ground and their pages; consents."""

    name = "xiangyue.agreements"
    label = "agreements"
    verbose_name = _("方案")
    default_auto_field = "django.db.models.BigAutoField"
