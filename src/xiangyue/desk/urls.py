"""The addresses of this room: seven for every desk, and those of imports on their way."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.desk import import_views, views

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("imports/", import_views.imports, name="imports"),
    path("imports/<int:run>/", import_views.run, name="import_run"),
    path("imports/<int:run>/bad.xlsx", import_views.bad_rows, name="import_bad"),
    path("<slug:desk>/", views.listing, name="list"),
    path("<slug:desk>/new/", views.edit, name="create"),
    path("<slug:desk>/bulk/", views.bulk, name="bulk"),
    path("<slug:desk>/export/", views.export, name="export"),
    path("<slug:desk>/import/", import_views.take_in, name="import"),
    path("<slug:desk>/<str:key>/", views.detail, name="detail"),
    path("<slug:desk>/<str:key>/edit/", views.edit, name="edit"),
]
