"""The addresses of the chain and of bulletins."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.standings.bulletins import views

app_name = "bulletins"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.chain, name="chain"),
    path("begin/<str:place>/", views.begin, name="begin"),
    path("<int:pk>/", views.bulletin, name="bulletin"),
    path("<int:pk>/act/", views.act, name="act"),
    path("<int:pk>/paper/", views.paper, name="paper"),
    path("<int:pk>/word/", views.word, name="word"),
]
