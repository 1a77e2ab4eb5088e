"""The addresses of ratings, indicators, watch lists and village ledgers."""

from __future__ import annotations

from django.urls import URLPattern, path

from xiangyue.standings.views import indicators, ledger, ratings, watch

PATTERNS: list[URLPattern] = [
    path("ratings/", ratings.ratings, name="ratings"),
    path("ratings/<int:pk>/", ratings.rating, name="rating"),
    path("ratings/<int:pk>/propose/", ratings.propose, name="propose_rating"),
    path("ratings/<int:pk>/verify/", ratings.verify, name="verify_rating"),
    path("ratings/<int:pk>/of/<str:code>/", ratings.subject, name="rating_subject"),
    path("ratings/give/<str:ground>/<slug:scheme>/<slug:rating>/<str:key>/", ratings.rate, name="rate"),
    path("ratings/violations/<int:pk>/lift/", watch.lift, name="lift"),
    path("indicators/", indicators.indicators, name="indicators"),
    path("indicators/<str:ground>/<slug:scheme>/<str:key>/<str:place>/", indicators.grid, name="indicator_grid"),
    path("watch/", watch.watch, name="watch"),
    path("watch/<int:pk>/turn/", watch.turn, name="turn"),
    path("watch/<str:ground>/<slug:scheme>/<slug:code>/publish/", watch.publish, name="publish_watch"),
    path("ledger/", ledger.ledgers, name="ledgers"),
    path("ledger/<str:code>/", ledger.ledger, name="ledger"),
]
