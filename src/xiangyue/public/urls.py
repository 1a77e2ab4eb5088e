"""Addresses of this room: what everyone reads without log-in."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.public import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="public_home"),
    path("c/<slug:county>/", views.county, name="public_county"),
    path("c/<slug:county>/v/<slug:village>/", views.village, name="public_village"),
    path("c/<slug:county>/v/<slug:village>/<int:edition>/", views.village, name="public_village_then"),
    path("c/<slug:county>/ranking/", views.ranking, name="public_ranking"),
    path("c/<slug:county>/ranking/<int:edition>/", views.ranking, name="public_ranking_then"),
    path("c/<slug:county>/notices/", views.notices, name="public_notices"),
    path("c/<slug:county>/notices/<int:edition>/", views.notice, name="public_notice"),
    path("c/<slug:county>/periods/", views.periods, name="public_periods"),
    path("c/<slug:county>/scheme/", views.scheme, name="public_scheme"),
    path("screen/<slug:county>/", views.screen, name="screen"),
]
