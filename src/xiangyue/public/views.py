"""The pages that everyone reads without log-in."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from xiangyue.agreements.compact_models import CompactVersion
from xiangyue.places.models import Level, Place
from xiangyue.public import notice_board, publications, reading, titles, village_page, wall, ways_of_scoring
from xiangyue.public.reading import Ground, ground_of, ways_of
from xiangyue.public.serving import open_page
from xiangyue.standings import published
from xiangyue.standings.published_households import county_households


def _page(request: HttpRequest, ground: Ground, template: str, **context: Any) -> HttpResponse:
    """A page of a ground, with its menu."""
    ways = {
        "public_ways": ways_of(ground.code, request.path),
        "public_url": reverse("public:county", args=(ground.code,)),
        "scheme_url": reverse("public:scheme", args=(ground.code,)),
    }
    return render(request, template, {"ground": ground, "ground_name": ground.place.name, **ways, **context})


@open_page
def home(request: HttpRequest) -> HttpResponse:
    """Which counties are here; the only one is gone straight to."""
    found = published.grounds(timezone.localdate())
    if len(found) == 1:
        return redirect("public:county", county=found[0].code)
    return render(request, "public/home.html", {"counties": found})


@open_page
def county(request: HttpRequest, county: str) -> HttpResponse:
    """A county's home: what is on notice, the latest boards, the latest ranking, its villages."""
    ground = ground_of(county)
    return _page(request, ground, "public/county.html", page=notice_board.county_page(ground))


@open_page
def village(request: HttpRequest, county: str, village: str, edition: int | None = None) -> HttpResponse:
    """A village's result, rank, trend and figure written out; its households as counts."""
    ground = ground_of(county)
    place = Place.objects.below(ground.place.path).filter(code=village, level=Level.VILLAGE).first()
    if place is None:
        raise Http404
    page = village_page.village_page(ground, place, ground.edition(edition) if edition else None)
    return _page(request, ground, "public/village.html", page=page)


@open_page
def compact(request: HttpRequest, county: str, village: str) -> HttpResponse:
    """A village's compact in force: its articles, the vote, the filing."""
    ground = ground_of(county)
    place = Place.objects.below(ground.place.path).filter(code=village, level=Level.VILLAGE).first()
    if place is None:
        raise Http404
    found = CompactVersion.objects.filter(village=place, state=CompactVersion.State.IN_FORCE).first()
    articles = list(found.articles.all()) if found else []
    return _page(request, ground, "public/compact.html", place=place, compact=found, articles=articles)


@open_page
def ranking(request: HttpRequest, county: str, edition: int | None = None) -> HttpResponse:
    """The ranking of a period by category: of the latest quarter, or of the month where no quarter is out yet."""
    ground = ground_of(county)
    chosen = ground.edition(edition) if edition else ground.newest("quarter") or ground.newest("")
    tables = [(t, reading.rank_view(ground, chosen, t)) for t in reading.ranked(ground, chosen)] if chosen else []
    return _page(
        request, ground, "public/ranking.html",
        edition=chosen, tables=tables, choice=reading.choice(ground, "public:ranking_then", chosen),
        told=reading.state_words(chosen) if chosen else "",
    )  # fmt: skip


@open_page
def notices(request: HttpRequest, county: str) -> HttpResponse:
    """Everything on notice and in force, newest first."""
    ground = ground_of(county)
    return _page(request, ground, "public/notices.html", notices=notice_board.notices(ground))


@open_page
def notice(request: HttpRequest, county: str, edition: int) -> HttpResponse:
    """One notice: its course, boards, how to object, digests."""
    ground = ground_of(county)
    return _page(request, ground, "public/notice.html", page=notice_board.notice_page(ground, ground.edition(edition)))


@open_page
def publication(request: HttpRequest, county: str, pk: int) -> HttpResponse:
    """One notice of another kind: what is published, its course, how to object."""
    ground = ground_of(county)
    return _page(request, ground, "public/publication.html", page=publications.public_notice(ground, pk))


@open_page
def honours(request: HttpRequest, county: str) -> HttpResponse:
    """Who holds which title: villages by name, households by consent."""
    ground = ground_of(county)
    return _page(request, ground, "public/honours.html", titles=titles.public_titles(ground))


@open_page
def periods(request: HttpRequest, county: str) -> HttpResponse:
    """The archive: every period with its state, mean and counts."""
    ground = ground_of(county)
    return _page(request, ground, "public/periods.html", periods=notice_board.archive(ground))


@open_page
def scheme(request: HttpRequest, county: str) -> HttpResponse:
    """How this is scored, made from the scheme."""
    ground = ground_of(county)
    return _page(request, ground, "public/scheme.html", schemes=ways_of_scoring.summaries(ground))


@open_page
def screen(request: HttpRequest, county: str) -> HttpResponse:
    """The wall of the town hall: what is published and how the day goes, no personal data."""
    ground = ground_of(county)
    chosen = ground.newest("month")
    households = county_households(chosen, ground.day) if chosen else None
    return render(
        request, "public/screen.html", {"wall": wall.wall(ground), "ground": ground, "households": households}
    )
