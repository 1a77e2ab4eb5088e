"""The addresses of titles and plaques."""

from __future__ import annotations

from django.urls import URLPattern, path

from xiangyue.rewards import honour_acts_views as acts
from xiangyue.rewards import honour_views as views

TITLE = "honours/of/<slug:ground>/<slug:scheme>/<slug:code>/"
urlpatterns: list[URLPattern] = [
    path("honours/", views.honours, name="honours"),
    path("honours/due/", views.due, name="honours_due"),
    path("honours/due/act/", acts.carry_out, name="plaques_act"),
    path(TITLE, views.honour, name="honour"),
    path(f"{TITLE}nominate/", acts.nominate, name="nominate"),
    path(f"{TITLE}vote/", acts.vote, name="honour_vote"),
    path(f"{TITLE}draw/", acts.draw, name="honour_draw"),
    path(f"{TITLE}stock/", acts.stock, name="plaque_stock"),
    path("honours/nominations/<int:pk>/withdraw/", acts.withdraw, name="nomination_withdraw"),
    path("honours/ballots/<int:pk>/withdraw/", acts.withdraw_vote, name="honour_vote_withdraw"),
    path("honours/lists/<int:pk>/", views.honour_list, name="honour_list"),
    path("honours/lists/<int:pk>/propose/", acts.propose, name="honour_propose"),
    path("honours/lists/<int:pk>/strike/", acts.strike, name="honour_strike"),
    path("honours/held/<int:pk>/cause/", acts.cause, name="honour_cause"),
    path("honours/holders/<slug:code>/", views.holder, name="holder"),
]
