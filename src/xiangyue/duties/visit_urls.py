"""The addresses of visits, wishes, dispatch, handbooks and cards."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.duties.views import cards, contributions, dispatch, handbook, recording, visits, wishes

app_name = "visits"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", visits.ground, name="ground"),
    path("layer/<str:place>/", visits.layer, name="layer"),
    path("mine/", visits.mine, name="mine"),
    path("bearers/<str:person>/", visits.bearer, name="bearer"),
    path("organisations/<str:organisation>/", visits.organisation, name="organisation"),
    path("record/", recording.record, name="record"),
    path("<int:pk>/", visits.visit, name="visit"),
    path("<int:pk>/deny/", visits.deny, name="deny"),
    path("<int:pk>/undo/", visits.undo, name="undo"),
    path("contributions/", contributions.givers, name="contributions"),
    path("contributions/<str:organisation>/", contributions.giver, name="giver"),
    path("wishes/", wishes.wishes, name="wishes"),
    path("wishes/<int:pk>/", wishes.wish, name="wish"),
    path("wishes/<int:pk>/act/", wishes.act, name="wish_act"),
    path("dispatch/", dispatch.meetings, name="dispatches"),
    path("dispatch/<int:pk>/", dispatch.meeting, name="dispatch"),
    path("dispatch/<int:pk>/minutes/", dispatch.minutes, name="dispatch_minutes"),
    path("dispatch/<int:pk>/ask/", dispatch.ask, name="dispatch_ask"),
    path("asks/<int:pk>/end/", dispatch.end, name="ask_end"),
    path("handbook/<int:duty>/", handbook.handbook, name="handbook"),
    path("cards/<str:household>/", cards.card, name="card"),
    path("cards/<str:household>/handed/", cards.handed, name="card_handed"),
    path("cards/bearers/<str:person>/", cards.cards, name="cards"),
    path("cards/bearers/<str:person>/handed/", cards.all_handed, name="cards_handed"),
    path("door/<str:household>/", cards.door, name="door"),
]
