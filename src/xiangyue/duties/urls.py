"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.duties.views import bearers, grounds, rule, targets

app_name = "duties"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", grounds.coverage, name="coverage"),
    path("coverage/<str:place>/", grounds.layer, name="layer"),
    path("load/", grounds.load, name="load"),
    path("load/<str:place>/", grounds.load, name="load"),
    path("targets/<str:place>/", targets.target, name="target"),
    path("targets/<str:place>/assign/", targets.assign, name="assign"),
    path("<int:duty>/end/", targets.end, name="end"),
    path("bearers/<str:person>/", bearers.person, name="bearer"),
    path("organisations/<str:organisation>/", bearers.organisation, name="organisation"),
    path("bearers/<str:person>/hand-over/", bearers.hand_over, name="hand_over"),
    path("organisations/<str:organisation>/hand-over/", bearers.hand_over_unit, name="hand_over_unit"),
    path("bearers/<str:person>/stand-in/", bearers.stand_in, name="stand_in"),
    path("bearers/<str:person>/stand-in/end/", bearers.stand_in_end, name="stand_in_end"),
    path("rule/<str:place>/", rule.rule, name="rule"),
    path("assignments/<int:assignment>/", rule.assignment, name="assignment"),
    path("assignments/<int:assignment>/undo/", rule.undo, name="assignment_undo"),
    path("assignments/<int:assignment>/end/", rule.end, name="assignment_end"),
]
