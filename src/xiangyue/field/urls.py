"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.field import views

app_name = "field"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.today, name="today"),
    path("door/<str:household>/", views.door, name="door"),
    path("record/", views.record, name="record"),
    path("undo/", views.undo, name="undo"),
    path("households/", views.households, name="households"),
    path("records/", views.records, name="records"),
    path("me/", views.me, name="me"),
    path("counter/", views.counter, name="counter"),
    path("token", views.token, name="token"),
    path("captures", views.captures, name="captures"),
]
