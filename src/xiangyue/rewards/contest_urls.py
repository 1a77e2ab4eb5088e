"""The addresses of contests."""

from __future__ import annotations

from django.urls import URLPattern, path

from xiangyue.rewards import contest_views as views

urlpatterns: list[URLPattern] = [
    path("contests/", views.contests, name="contests"),
    path("contests/open/", views.open_one, name="contest_open"),
    path("contests/<int:pk>/", views.contest, name="contest"),
    path("contests/<int:pk>/stop/", views.add_stop, name="contest_stop_add"),
    path("contests/<int:pk>/goods/", views.add_goods, name="contest_goods"),
    path("contests/stops/<int:pk>/", views.stop_list, name="contest_stop"),
    path("contests/stops/<int:pk>/plan/", views.plan, name="contest_plan"),
    path("contests/stops/<int:pk>/sign/", views.sign, name="contest_sign"),
    path("contests/stops/<int:pk>/correct/<str:code>/", views.correct, name="contest_correct"),
    path("contests/stops/<int:pk>/unplan/", views.unplan, name="contest_unplan"),
]
