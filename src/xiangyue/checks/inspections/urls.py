"""The addresses of inspections."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.checks.inspections.views import day, draws, lists, reports, running

app_name = "inspections"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.inspections, name="inspections"),
    path("plan/<str:ground>/<slug:scheme>/<int:year>/", lists.plan, name="plan"),
    path("arrange/<str:ground>/<slug:scheme>/", lists.arrange_one, name="arrange"),
    path("report/<str:ground>/<slug:scheme>/<slug:period>/", reports.report_page, name="report"),
    path("<int:pk>/", running.inspection, name="inspection"),
    path("<int:pk>/act/", running.act, name="act"),
    path("<int:pk>/day/", day.day, name="day"),
    path("<int:pk>/day/act/", day.act, name="day_act"),
    path("<int:pk>/sheets/", day.sheets, name="sheets"),
    path("<int:pk>/draw/", draws.draw_page, name="draw"),
    path("<int:pk>/draw/file/", draws.draw_file, name="draw_file"),
    path("turns/<int:pk>/", day.turn, name="turn"),
    path("turns/<int:pk>/object/", day.object_act, name="object"),
    path("objections/<int:pk>/answer/", day.answer_act, name="answer"),
]
