"""The addresses of appraisals."""

from __future__ import annotations

from django.urls import URLPattern, path

from xiangyue.rewards import performance_views as views

urlpatterns: list[URLPattern] = [
    path("appraisals/", views.appraisals, name="appraisals"),
    path("appraisals/make/", views.make, name="appraise"),
    path("appraisals/mine/", views.mine, name="mine"),
    path("appraisals/<int:pk>/", views.appraisal, name="appraisal"),
    path("appraisals/<int:pk>/propose/", views.propose, name="appraisal_propose"),
    path("appraisals/lines/<int:pk>/", views.line, name="appraisal_line"),
]
