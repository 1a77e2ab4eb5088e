"""The Django app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldConfig(AppConfig):
    """The phone recorder."""

    name = "xiangyue.field"
    label = "field"
    verbose_name = _("田间")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the intake know what photos mean."""
        from xiangyue.captures import intake
        from xiangyue.field.photo_handler import PhotoHandler

        intake.take(PhotoHandler())
