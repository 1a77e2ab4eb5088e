"""The recorder: its page, its service worker and manifest, the day's data, and the county's switch."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xiangyue.base.pages import Request
from xiangyue.base.roles import READERS, STAFF, Role
from xiangyue.base.scope import below, find, require
from xiangyue.field import assets
from xiangyue.field.inspection_day import note_targets_taken
from xiangyue.field.models import Recorder
from xiangyue.field.offline_day import digest_of, offline_day
from xiangyue.field.switching import require_on, switch
from xiangyue.people.models import Person
from xiangyue.places.models import Level, Place

FIELD = STAFF | {Role.BEARER, Role.SUPERVISOR, Role.DEPARTMENT}


@require_safe
def recorder(request: HttpRequest) -> HttpResponse:
    """The page that the phone keeps: the same for everyone, with nobody's data in it."""
    styles = [settings.STATIC_URL + name for name in assets.STYLES]
    # the address of a photo's parts, up to its digest
    parts = reverse("field:photo_parts", args=["-"]).removesuffix("-")
    context = {"styles": styles, "build": assets.build(), "static": settings.STATIC_URL, "photos": parts}
    answer = render(request, "field/recorder.html", context)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of everything under /field/, with the files that it keeps."""
    keep = [reverse("field:recorder"), reverse("field:manifest"), *assets.asset_urls()]
    text = render(request, "field/sw.js", {"build": assets.build(), "keep": keep}).content
    return HttpResponse(text, content_type="text/javascript", headers={"Cache-Control": "no-store"})


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone shows when the recorder is installed."""
    icons: list[dict[str, Any]] = [
        {"src": settings.STATIC_URL + f"field/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png",
         "purpose": "any maskable"}
        for size in (192, 512)
    ]  # fmt: skip
    told = {
        "name": _("乡约 · 离线记录"),
        "short_name": _("乡约"),
        "lang": "zh-CN",
        "id": reverse("field:recorder"),
        "start_url": reverse("field:recorder"),
        "scope": reverse("field:today"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#FAF8F3",
        "theme_color": "#2F6B4F",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@require_safe
@login_required
def day_json(request: Request) -> HttpResponse:
    """The day's data of who is logged in; 304 while nothing in it changed."""
    require(request.scope, FIELD)
    number = require_on(request.scope)
    person = Person.objects.select_related("place").filter(pk=request.scope.person_id or 0).first()
    document = offline_day(request.scope, person, timezone.localdate()).as_json()
    document |= {
        "filing": number,
        "build": assets.build(),
        "user": {
            "id": request.user.pk,
            "name": person.name if person else _("办公室"),
            "person": person.code if person else "",
            "large": request.user.large_type,
        },
    }
    note_targets_taken(request.user, document["inspections"])
    version = digest_of(document)
    get_token(request)
    headers = {"Cache-Control": "private, no-cache", "ETag": f'"{version}"', "X-Server-Time": _milliseconds()}
    if f'"{version}"' in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers=headers)
    return JsonResponse({"version": version, **document}, json_dumps_params={"ensure_ascii": False}, headers=headers)


@never_cache
@login_required
def switches(request: Request) -> HttpResponse:
    """The county's filing number: with it the recorder is on."""
    require(request.scope, READERS)
    paths = {grant.path.partition("/")[0] + "/" for grant in request.scope.grants if grant.role in READERS}
    counties = Place.objects.filter(below("path", tuple(sorted(paths))), level=Level.COUNTY).order_by("path")
    if request.method == "POST":
        county = find(Place.objects.filter(level=Level.COUNTY), request.scope, code=request.POST.get("county", ""))
        row = switch(request.scope, county, request.POST.get("number", ""), now=timezone.now())
        told = _("离线记录已开通。") if row.filing_number else _("离线记录已关闭；手机上已有的记录仍可发出。")
        messages.success(request, told)
        return redirect("field:switches")
    held = {row.pk: row for row in Recorder.objects.filter(county__in=counties).select_related("set_by__person")}
    may = {county.pk: request.scope.holds(frozenset({Role.COUNTY_OFFICE}), county.path) for county in counties}
    rows = [{"county": county, "row": held.get(county.pk), "may_write": may[county.pk]} for county in counties]
    if not rows:
        raise PermissionDenied
    return render(request, "field/switches.html", {"rows": rows})


def _milliseconds() -> str:
    return str(int(timezone.now().timestamp() * 1000))
