"""The addresses of the village compacts."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.agreements import compact_views

app_name = "compacts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", compact_views.compacts, name="compacts"),
    path("<slug:village>/", compact_views.compact, name="compact"),
    path("<slug:village>/v<int:version>/", compact_views.compact, name="version"),
    path("<slug:village>/write/", compact_views.write, name="write"),
    path("<slug:village>/voted/", compact_views.voted, name="voted"),
    path("<slug:village>/filed/", compact_views.filed, name="filed"),
    path("<slug:village>/reopen/", compact_views.reopen, name="reopen"),
]
