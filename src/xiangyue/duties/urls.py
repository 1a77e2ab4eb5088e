"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.duties.views import bearers, grounds, rule, targets

urlpatterns: list[URLPattern | URLResolver] = [
    path("", grounds.coverage, name="duty_coverage"),
    path("coverage/<str:place>/", grounds.layer, name="duty_layer"),
    path("load/<str:place>/", grounds.load, name="duty_load"),
    path("targets/<str:place>/", targets.target, name="duty_target"),
    path("targets/<str:place>/assign/", targets.assign, name="duty_assign"),
    path("<int:duty>/end/", targets.end, name="duty_end"),
    path("bearers/<str:person>/", bearers.person, name="duty_bearer"),
    path("organisations/<str:organisation>/", bearers.organisation, name="duty_organisation"),
    path("bearers/<str:person>/hand-over/", bearers.hand_over, name="duty_hand_over"),
    path("organisations/<str:organisation>/hand-over/", bearers.hand_over_unit, name="duty_hand_over_unit"),
    path("bearers/<str:person>/stand-in/", bearers.stand_in, name="duty_stand_in"),
    path("bearers/<str:person>/stand-in/end/", bearers.stand_in_end, name="duty_stand_in_end"),
    path("rule/<str:place>/", rule.rule, name="duty_rule"),
    path("assignments/<int:assignment>/", rule.assignment, name="duty_assignment"),
    path("assignments/<int:assignment>/undo/", rule.undo, name="duty_assignment_undo"),
    path("assignments/<int:assignment>/end/", rule.end, name="duty_assignment_end"),
]
