"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from xiangyue.standings.ratings.urls import PATTERNS as RATINGS
from xiangyue.standings.views import (
    adjustments,
    boards,
    burden,
    drafts,
    goals,
    mending,
    notices,
    pairing,
    periods,
    running,
    tables,
)

app_name = "standings"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", periods.periods, name="periods"),
    *RATINGS,
    path("live/", running.live, name="live"),
    path("goals/", goals.goals, name="goals"),
    path("goals/<str:ground>/<str:scheme>/<str:goal>/", goals.goal, name="goal"),
    path("stages/<str:ground>/<str:scheme>/<str:stage>/", goals.stage, name="stage"),
    path("burden/", burden.burden, name="burden"),
    path("boards/", boards.boards, name="boards"),
    path("boards/<int:pk>/", boards.board, name="board"),
    path("boards/<int:pk>/told/", boards.told, name="told"),
    path("entries/<int:pk>/cured/", boards.cured, name="cured"),
    path("mending/", mending.mending, name="mending"),
    path("help/", mending.helping, name="help"),
    path("help/<int:pk>/done/", mending.helped, name="helped"),
    path("pairs/", pairing.pairs_page, name="pairs"),
    path("trend/<str:code>/", running.trend, name="trend"),
    path("notices/", notices.publications, name="publications"),
    path("notices/<int:pk>/", notices.publication, name="publication"),
    path("notices/<int:pk>/object/", notices.record, name="object"),
    path("notices/<int:pk>/told/", notices.told, name="tell"),
    path("notices/<int:pk>/in-force/", notices.enforce, name="put_in_force"),
    path("notices/<int:pk>/withdraw/", notices.withdraw, name="withdraw_notice"),
    path("notices/<int:pk>/paper/", notices.paper, name="paper"),
    path("objections/<int:pk>/answer/", notices.answer, name="answer"),
    path("adjustments/<int:pk>/withdraw/", adjustments.withdraw, name="adjustment_withdraw"),
    path("drafts/<int:pk>/", drafts.drafted, name="drafted"),
    path("reviews/", include("xiangyue.standings.reviews.urls")),
    path("<int:pk>/", periods.period, name="period"),
    path("<int:pk>/preview/", periods.look_ahead, name="preview"),
    path("<int:pk>/close/", periods.close, name="close"),
    path("<int:pk>/new-version/", periods.new_version, name="new_version"),
    path("<int:pk>/propose/", periods.publish, name="propose"),
    path("<int:pk>/withdraw/", periods.withdraw, name="withdraw"),
    path("<int:pk>/in-force/", periods.enforce, name="in_force"),
    path("<int:pk>/verify/", periods.check_again, name="verify"),
    path("<int:pk>/versions/", periods.versions, name="versions"),
    path("<int:pk>/notice/", notices.notice, name="notice"),
    path("<int:pk>/adjustments/", adjustments.adjustments, name="adjustments"),
    path("<int:pk>/table/<slug:composite>/", tables.table, name="table"),
    path("<int:pk>/figure/<slug:composite>/<str:code>/", tables.figure, name="figure"),
]
