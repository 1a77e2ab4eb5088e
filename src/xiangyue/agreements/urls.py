"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.agreements import form_views, views, writing_views

app_name = "agreements"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.schemes, name="schemes"),
    path("new/", writing_views.begin, name="begin"),
    path("<int:pk>/", views.read, name="read"),
    path("<int:pk>/against/<int:other>/", views.compare, name="compare"),
    path("<int:pk>/draft/", writing_views.draft, name="draft"),
    path("<int:pk>/edit/", writing_views.edit, name="edit"),
    path("<int:pk>/form/", form_views.form, name="form"),
    path("<int:pk>/undo/", form_views.undo, name="undo"),
    path("<int:pk>/publish/", writing_views.publish, name="publish"),
    path("<int:pk>/discard/", writing_views.discard, name="discard"),
]
