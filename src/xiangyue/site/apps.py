"""The Django app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """Settings, urls, consequences, home, log-in and the command line."""

    name = "xiangyue.site"
    label = "site"
    verbose_name = _("站点")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tie what follows from what, and let forms speak plainly."""
        from xiangyue.site.consequences import tie_all
        from xiangyue.site.form_words import speak_plainly

        tie_all()
        speak_plainly()
