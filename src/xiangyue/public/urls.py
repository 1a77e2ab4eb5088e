"""Addresses of this room: what everyone reads without log-in."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.public import views

app_name = "public"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("c/<slug:county>/", views.county, name="county"),
    path("c/<slug:county>/v/<slug:village>/", views.village, name="village"),
    path("c/<slug:county>/v/<slug:village>/<int:edition>/", views.village, name="village_then"),
    path("c/<slug:county>/v/<slug:village>/compact/", views.compact, name="compact"),
    path("c/<slug:county>/ranking/", views.ranking, name="ranking"),
    path("c/<slug:county>/ranking/<int:edition>/", views.ranking, name="ranking_then"),
    path("c/<slug:county>/notices/", views.notices, name="notices"),
    path("c/<slug:county>/notices/<int:edition>/", views.notice, name="notice"),
    path("c/<slug:county>/notices/item/<int:pk>/", views.publication, name="publication"),
    path("c/<slug:county>/honours/", views.honours, name="honours"),
    path("c/<slug:county>/periods/", views.periods, name="periods"),
    path("c/<slug:county>/scheme/", views.scheme, name="scheme"),
    path("screen/<slug:county>/", views.screen, name="screen"),
]
