"""The addresses of award lists, gradings and commendations."""

from __future__ import annotations

from django.urls import URLPattern, path

from xiangyue.rewards import award_views, commendation_views, entry_views

urlpatterns: list[URLPattern] = [
    path("lists/", award_views.lists, name="lists"),
    path("lists/draw/", award_views.draw, name="draw"),
    path("lists/<int:pk>/", award_views.award_list, name="list"),
    path("lists/<int:pk>/propose/", award_views.propose, name="propose"),
    path("lists/<int:pk>/text/", commendation_views.write, name="text"),
    path("lists/<int:pk>/approve/", commendation_views.approve, name="approve_text"),
    path("lists/<int:pk>/text.docx", commendation_views.document, name="text_document"),
    path("lists/<int:pk>/text.txt", commendation_views.download, name="text_file"),
    path("grades/<slug:ground>/<slug:grading>/", entry_views.grades, name="grades"),
    path("lists/<int:pk>/strike/", award_views.strike, name="strike"),
]
