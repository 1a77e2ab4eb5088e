"""Photos: their parts come in here, and go out to whoever may see the capture that they belong to."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.scope import visible_to
from xiangyue.captures import photos
from xiangyue.captures.ids import read_id
from xiangyue.captures.intake import Actor
from xiangyue.captures.models import Capture
from xiangyue.captures.photo_models import Photo
from xiangyue.captures.photos import BAD_PART, PART_BYTES, Progress
from xiangyue.captures.pictures import NO_PHOTO
from xiangyue.field import receiving
from xiangyue.field.photo_handler import require_sender
from xiangyue.field.sending import sender


@csrf_exempt
@require_http_methods(["GET", "HEAD"])
def photo_parts(request: HttpRequest, sha256: str) -> HttpResponse:
    """How far a photo of one's own is: the parts that are here, so that only the others are sent."""
    return _answered(request, sha256, None)


@csrf_exempt
@require_http_methods(["PUT"])
def photo_part(request: HttpRequest, sha256: str, part: int) -> HttpResponse:
    """Take one part."""
    return _answered(request, sha256, part)


def _answered(request: HttpRequest, sha256: str, part: int | None) -> HttpResponse:
    found = sender(request)
    if isinstance(found, HttpResponse):
        return found
    try:
        told = _done(request, found, sha256, part)
    except Problem as problem:
        status, payload = receiving.told(problem)
        return JsonResponse(payload, status=status, headers={"Cache-Control": "no-store"})
    payload = {"state": told.state, "have": list(told.have)}
    if told.state == Photo.State.REFUSED:
        payload |= Problem(NO_PHOTO).as_json()
    return JsonResponse(payload, headers={"Cache-Control": "no-store"})


def _done(request: HttpRequest, actor: Actor, sha256: str, part: int | None) -> Progress:
    now = timezone.now()
    require_sender(actor, now)
    if part is None:
        return photos.progress(actor.user_id, sha256)
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size > PART_BYTES:
        raise Problem(BAD_PART, what=_("一段最多 %d KB") % (PART_BYTES >> 10))
    return photos.take_part(actor.user_id, sha256, part, request.read(PART_BYTES + 1), now=now)


@require_safe
@login_required
def photo(request: Request, capture: str, n: int) -> HttpResponseBase:
    """A photo of a capture that one may see; its own sender sees it too."""
    key = read_id(capture)
    if key is None:
        raise Http404
    seen = visible_to(Capture.objects.filter(uuid=key), request.scope)
    mine = Capture.objects.filter(uuid=key, user=request.user)
    if not (seen.exists() or mine.exists()):
        raise Http404
    found = next((one for one in photos.photos_of([key]) if one.n == n), None)
    file = photos.file_of(found) if found else None
    if file is None or not file.is_file():
        raise Http404
    return FileResponse(
        file.open("rb"),
        content_type="image/jpeg",
        headers={"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"},
    )
