"""The addresses of what looks odd."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.checks.oddities import views

app_name = "oddities"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.oddities, name="oddities"),
    path("group/", views.group, name="group"),
    path("<int:pk>/", views.oddity, name="oddity"),
    path("<int:pk>/act/", views.act, name="act"),
]
