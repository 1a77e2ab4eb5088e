"""The addresses of vanguard teams and public places."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.duties.views import teams

app_name = "teams"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", teams.ground, name="ground"),
    path("new/<str:place>/", teams.found, name="found"),
    path("places/<str:place>/", teams.places, name="places"),
    path("<int:pk>/", teams.team, name="team"),
    path("<int:pk>/roster/", teams.roster, name="roster"),
    path("<int:pk>/act/", teams.act, name="act"),
]
