"""The app of the bare view."""

from django.apps import AppConfig


class BareConfig(AppConfig):
    """One table."""

    name = "bench.bare"
    label = "bare"
