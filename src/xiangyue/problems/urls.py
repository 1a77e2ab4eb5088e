"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.problems.views import acts, looks, office, pages

app_name = "problems"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.mine, name="mine"),
    path("report/", pages.report, name="report"),
    path("overview/", office.overview, name="overview"),
    path("overdue/", office.digest, name="digest"),
    path("lists/", office.lists, name="lists"),
    path("looks/", looks.looks, name="looks"),
    path("looks/plan/", looks.plan, name="look_plan"),
    path("looks/<int:pk>/", looks.look, name="look"),
    path("looks/<int:pk>/draw/", looks.draw, name="look_draw"),
    path("<int:pk>/", pages.problem, name="problem"),
    path("<int:pk>/take/", acts.take, name="take"),
    path("<int:pk>/merge/", acts.merge, name="merge"),
    path("<int:pk>/give/", acts.give_supply, name="give"),
    path("<int:pk>/steps/<int:n>/decide/", acts.decide, name="decide"),
]
