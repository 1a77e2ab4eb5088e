"""All addresses of the instance, room by room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from xiangyue.site import views
from xiangyue.site.office import views as office

urlpatterns: list[URLPattern | URLResolver] = [
    path("office/", office.home_page, name="home"),
    path("office/part/<slug:part>/", office.home_part, name="home_part"),
    path("office/brief/<slug:code>/", office.brief_page, name="brief"),
    path("office/search/", office.search_page, name="search"),
    path("office/log/", office.change_log, name="change_log"),
    path("complaints/", views.complaints, name="complaints"),
    path("help/", views.instructions, name="help"),
    path("look/", views.look, name="look"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("", include("xiangyue.public.urls")),
    path("", include("xiangyue.people.urls")),
    path("places/", include("xiangyue.places.urls")),
    path("schemes/", include("xiangyue.agreements.urls")),
    path("compacts/", include("xiangyue.agreements.compact_urls")),
    path("duties/", include("xiangyue.duties.urls")),
    path("visits/", include("xiangyue.duties.visit_urls")),
    path("teams/", include("xiangyue.duties.team_urls")),
    path("checks/", include("xiangyue.checks.urls")),
    path("problems/", include("xiangyue.problems.urls")),
    path("inspections/", include("xiangyue.checks.inspections.urls")),
    path("oddities/", include("xiangyue.checks.oddities.urls")),
    path("standings/", include("xiangyue.standings.urls")),
    path("bulletins/", include("xiangyue.standings.bulletins.urls")),
    path("rewards/", include("xiangyue.rewards.urls")),
    path("papers/", include("xiangyue.papers.urls")),
    path("field/", include("xiangyue.field.urls")),
    path("desk/", include("xiangyue.desk.urls")),
]
