"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.field import photo_views, recorder_views, views

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
    path("recorder/", recorder_views.recorder, name="recorder"),
    path("sw.js", recorder_views.worker, name="worker"),
    path("manifest.webmanifest", recorder_views.manifest, name="manifest"),
    path("day.json", recorder_views.day_json, name="day"),
    path("switch/", recorder_views.switches, name="switches"),
    path("photos/<str:sha256>", photo_views.photo_parts, name="photo_parts"),
    path("photos/<str:sha256>/<int:part>", photo_views.photo_part, name="photo_part"),
    path("photo/<str:capture>/<int:n>.jpg", photo_views.photo, name="photo"),
]
