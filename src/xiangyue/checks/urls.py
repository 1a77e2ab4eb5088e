"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.checks.views import detail, entry, waiting

app_name = "checks"
urlpatterns: list[URLPattern | URLResolver] = [
    path("entry/", entry.entry, name="entry"),
    path("entry/<slug:kind>/<str:place>/", entry.sheet, name="sheet"),
    path("held/", waiting.held, name="held"),
    path("held/<int:pk>/", waiting.decide, name="decide"),
    path("late/", waiting.late, name="late"),
    path("<int:pk>/", detail.check, name="check"),
]
