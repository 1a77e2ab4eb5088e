"""The office's own pages: home with its parts, the brief, search, the change log."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiangyue.base.pages import Request
from xiangyue.base.roles import READERS
from xiangyue.base.scope import find, require
from xiangyue.places.models import Place
from xiangyue.site.context import address
from xiangyue.site.office import acts, brief, home, log, parts
from xiangyue.site.office.search import search


@require_safe
@login_required
def home_page(request: Request) -> HttpResponse:
    """What needs me today."""
    page = home.home_page(request.scope)
    ground = "、".join(page.grounds[:2])
    return render(request, "site/home.html", {"page": page, "ground_name": ground or None})


@require_safe
@login_required
def home_part(request: Request, part: str) -> HttpResponse:
    """A part of the home page, fetched after it or opened alone."""
    if part not in parts.MAKERS:
        raise Http404
    who, make = parts.MAKERS[part]
    require(request.scope, who)
    said = next(one for one, _who in home.PARTS if one.name == part)
    partial = request.headers.get("HX-Request") == "true"
    context = {"part": said, "template": f"site/office/{part}.html", **make(request.scope, timezone.localdate())}
    return render(request, context["template"] if partial else "site/office/part.html", context)


@require_safe
@login_required
def brief_page(request: Request, code: str) -> HttpResponse:
    """One page on a place for a visit."""
    place = find(Place.objects.select_related("township", "ground"), request.scope, code=code)
    if place.level not in home.BRIEFED:
        raise Http404
    require(request.scope, READERS, place.path)
    context = {
        "page": brief.brief_of(place, timezone.localdate()),
        "today": timezone.localdate(),
        "public_page": _public_page(place),
        "duties_url": address("duties:target", (place.code,)),
        "crumbs": [(_("今天"), address("home")), (_("一页纸"), "")],
    }
    return render(request, "site/office/brief.html", context)


def _public_page(place: Place) -> str:
    if place.level == "village" and place.ground:
        return address("public:village", (place.ground.code, place.code))
    return address("public:county", (place.ground.code,)) if place.ground else ""


@require_safe
@login_required
def search_page(request: Request) -> HttpResponse:
    """Places, people, organisations on one's ground."""
    asked = request.GET.get("q", "").strip()
    context = {"asked": asked, "found": search(request.scope, asked)}
    return render(request, "site/office/search.html", context)


@require_safe
@login_required
def change_log(request: Request) -> HttpResponse:
    """Who did what on one's ground; for those who answer for no ground, what they did themselves."""
    require(request.scope, log.READ_BY | log.OWN_ACTS)
    asked = log.asked_for(request.GET)
    page = log.log_page(request.scope, asked, request.path)
    context = {"asked": asked, "page": page, "nouns": acts.nouns(), "own_only": not request.scope.holds(log.READ_BY)}
    return render(request, "site/office/log.html", context)
