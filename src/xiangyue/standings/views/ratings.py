"""Ratings: which there are, what one would give now, a rating's table, and one subject with every threshold."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.roles import READERS, Role
from xiangyue.places.models import Place
from xiangyue.rules.days import parse_period
from xiangyue.standings.access import INSIDE, SEE, sees
from xiangyue.standings.actions.ratings import give_stars, newest
from xiangyue.standings.live import LEAVES
from xiangyue.standings.ratings.access import SchemeOn, scheme_seen, schemes_seen
from xiangyue.standings.ratings.models import StarRating
from xiangyue.standings.ratings.notice import propose_rating
from xiangyue.standings.ratings.pages import list_of, preview_of, rows_of, state_words, subject_page, villages_of
from xiangyue.standings.ratings.rating import asked_of, asked_rating, work_out
from xiangyue.standings.ratings.verify import verify_rating
from xiangyue.standings.views.shown import at, path_of

GIVES = frozenset({Role.COUNTY_OFFICE})
"""Who gives stars and puts them on notice."""
SEES_TABLE = READERS | {Role.DEPARTMENT, Role.BEARER}


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the ratings down to a page."""
    return [(_("星级评定"), at("ratings")), *steps]


def may_give(request: Request, ground: Place) -> bool:
    """Whether the actor's office governs the ground; a township's own scheme is its office's."""
    roles = GIVES if ground.level == "county" else GIVES | {Role.TOWNSHIP_OFFICE}
    return request.scope.holds(roles, ground.path)


def rating_seen(request: Request, pk: int) -> StarRating:
    """A stored rating that the actor sees; unseen 404."""
    rows = StarRating.objects.select_related("ground", "scheme_version", "closing", "publication", "rated_by__person")
    row = rows.filter(pk=pk).first()
    if row is None or not request.scope.meets(SEE, row.ground.path):
        raise Http404
    return row


@login_required
def ratings(request: Request) -> HttpResponse:
    """The ratings of every ground that the actor sees, newest period first, with what is to be done."""
    today = timezone.localdate()
    homes = [home for home in schemes_seen(request.scope, today) if home.scheme.ratings]
    context = {
        "tables": list_of(homes, today, lambda home: may_give(request, home.ground)),
        "ground_name": homes[0].ground.name if homes else "",
    }
    return render(request, "standings/ratings/list.html", context)


@login_required
def rate(request: Request, ground: str, scheme: str, rating: str, key: str) -> HttpResponse:
    """What the rating would give on what is on file now; POST gives it."""
    home = scheme_seen(request.scope, ground, scheme, timezone.localdate())
    if not may_give(request, home.ground):
        raise PermissionDenied
    try:
        asked = asked_rating(home.ground, scheme, rating, key)
    except Problem:
        raise Http404 from None
    last = newest(asked)
    if request.method == "POST":
        return _give(request, home, rating, key)
    context: dict[str, Any] = {
        "asked": asked, "last": last, "name": f"{asked.span.name}{asked.rating.name}",
        "early": timezone.localdate() <= asked.span.ends_on,
        "crumbs": crumbs((f"{asked.span.name}{asked.rating.name}", "")), "ground_name": home.ground.name,
    }  # fmt: skip
    try:
        context |= preview_of(work_out(asked), last)
    except Problem as problem:
        context["held_back"] = str(problem)
    return render(request, "standings/ratings/rate.html", context)


def _give(request: Request, home: SchemeOn, rating: str, key: str) -> HttpResponse:
    expect = request.POST.get("expect", "")
    try:
        row = give_stars(
            request.user, home.ground, home.scheme.code, rating, key, now=timezone.now(),
            early=request.POST.get("early") == "1", reason=request.POST.get("reason", ""),
            expect=int(expect) if expect.isdigit() else None,
        )  # fmt: skip
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect(at("rate", home.ground.code, home.scheme.code, rating, key))
    messages.success(request, _("已评定，存为第%s版。") % row.version)
    return redirect(at("rating", row.pk))


@login_required
def rating(request: Request, pk: int) -> HttpResponse:
    """A rating's table: stars, domains and items met, what is missing, the lines of each star; ranked."""
    row = rating_seen(request, pk)
    group = request.GET.get("group", "")
    context: dict[str, Any] = {
        "rating": row, "state": state_words(row), "period": parse_period(row.key).name, "asked": asked_of(row),
        "crumbs": crumbs((f"{parse_period(row.key).name}{row.name}", "")), "ground_name": row.ground.name,
        "may_give": may_give(request, row.ground), "household": row.level in LEAVES,
    }  # fmt: skip
    if row.level in LEAVES and not group:
        context |= villages_of(request, row)
    else:
        if row.level in LEAVES and not request.scope.holds(INSIDE, path_of(group)):
            raise Http404
        context |= rows_of(request, row, group)
    return render(request, "standings/ratings/rating.html", context)


@login_required
def subject(request: Request, pk: int, code: str) -> HttpResponse:
    """One village (or household, township) in a rating: every threshold with its number, source and owner."""
    row = rating_seen(request, pk)
    place = Place.objects.filter(code=code).select_related("township", "village").first()
    if place is None or not place.path.startswith(row.ground.path) or not sees(request.scope, place):
        raise Http404
    context = subject_page(request, row, place)
    if context is None:
        raise Http404
    name = f"{parse_period(row.key).name}{row.name}"
    context |= {"crumbs": crumbs((name, at("rating", pk)), (place.name, "")), "ground_name": row.ground.name}
    return render(request, "standings/ratings/subject.html", context)


@login_required
@require_POST
def propose(request: Request, pk: int) -> HttpResponse:
    """A rating is put on notice."""
    row = rating_seen(request, pk)
    if not may_give(request, row.ground):
        raise PermissionDenied
    try:
        done = propose_rating(request.user, row, now=timezone.now())
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect(at("rating", pk))
    messages.success(request, _("已公示。"))
    return redirect(at("publication", done.publication_id))


@login_required
@require_POST
def verify(request: Request, pk: int) -> HttpResponse:
    """A rating is recomputed from its records; the page says whether it holds."""
    row = rating_seen(request, pk)
    if not request.scope.holds(READERS):
        raise PermissionDenied
    found = verify_rating(row)
    if found:
        messages.error(request, _("按记录重算，有 %s 处不符：") % len(found) + "；".join(d.words for d in found[:5]))
    else:
        messages.success(request, _("按记录重算，全部相符。"))
    return redirect(at("rating", pk))


__all__ = ["propose", "rate", "rating", "ratings", "subject", "verify"]
