"""The addresses of staged reviews, below `standings/reviews/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.standings.views import review_finals, review_plans, review_stages, reviews

urlpatterns: list[URLPattern | URLResolver] = [
    path("", reviews.reviews, name="reviews"),
    path("open/", reviews.open_one, name="review_open"),
    path("<int:pk>/", reviews.review, name="review"),
    path("<int:pk>/verify/", reviews.check_again, name="review_verify"),
    path("<int:pk>/village/<str:code>/", reviews.village, name="review_village"),
    path("<int:pk>/teams/", review_plans.teams, name="review_teams"),
    path("<int:pk>/teams/<str:code>/", review_plans.team, name="review_team"),
    path("<int:pk>/teams/<str:code>/act/", review_plans.team_act, name="review_team_act"),
    path("<int:pk>/teams/<str:code>/sheets/", review_plans.sheets, name="review_sheets"),
    path("<int:pk>/plan/", review_plans.plan, name="review_plan"),
    path("<int:pk>/plan/act/", review_plans.plan_act, name="review_plan_act"),
    path("<int:pk>/plan/<int:version>.json", review_plans.plan_file, name="review_plan_file"),
    path("<int:pk>/stage/<slug:stage>/", review_stages.stage, name="review_stage"),
    path("<int:pk>/stage/<slug:stage>/act/", review_stages.stage_act, name="review_stage_act"),
    path("<int:pk>/stage/<slug:stage>/jury/", review_stages.jury, name="review_jury"),
    path("<int:pk>/stage/<slug:stage>/jury/act/", review_stages.jury_act, name="review_jury_act"),
    path("<int:pk>/stage/<slug:stage>/files/<str:code>/", review_stages.files, name="review_files"),
    path("<int:pk>/stage/<slug:stage>/strictness/", review_finals.strictness, name="review_strictness"),
    path("<int:pk>/stage/<slug:stage>/adjust/", review_finals.adjust, name="review_adjust"),
    path("<int:pk>/mutual/", review_finals.mutual, name="review_mutual"),
    path("<int:pk>/final/", review_finals.final, name="review_final"),
    path("<int:pk>/final/act/", review_finals.final_act, name="review_final_act"),
    path("<int:pk>/<slug:which>.xlsx", review_finals.book, name="review_book"),
]
