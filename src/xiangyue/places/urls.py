"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.places import views

app_name = "places"
urlpatterns: list[URLPattern | URLResolver] = [
    path("restructurings/", views.restructurings, name="restructurings"),
    path("restructurings/new/", views.restructure, name="restructure"),
    path("restructurings/<int:pk>/undo/", views.restructure_undo, name="restructure_undo"),
    path("as-of/", views.as_of, name="as_of"),
]
