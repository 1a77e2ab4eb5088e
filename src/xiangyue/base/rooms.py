"""A room of the house as a Django app: its tables stand in `models`, and in modules that a lean start leaves unread."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class Room(AppConfig):
    """An app whose further tables are read at every start but a lean one, which never comes to them.

    A model class costs a start some milliseconds, and a close from the command line is to be quick. Where such a start
    does come to one of these modules after all, it is read then.
    """

    default_auto_field = "django.db.models.BigAutoField"
    further: tuple[str, ...] = ()
    """Modules of this room with tables that neither closing nor recording asks for."""

    def import_models(self) -> None:
        """Reads `models`, then the further modules with tables."""
        super().import_models()
        if not settings.LEAN:
            for name in self.further:
                import_module(f"{self.name}.{name}")
