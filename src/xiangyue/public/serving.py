"""How a page without log-in is served: made once for what is published, kept, with an ETag, packed, without a cookie."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from xiangyue.standings.published import stamp

SECONDS = 60
"""How long a page is kept, here and on the way: a consent that is taken back is out of sight within this time."""

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it is kept: plain and packed, with its mark."""

    plain: bytes
    packed: bytes
    etag: str


def open_page(view: View) -> View:
    """A view whose page is the same for everyone: kept by what is published, the day, and the size of type."""

    @wraps(view)
    def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        large = "large" if request.GET.get("type") == "large" else ""
        ground = str(kwargs.get("county", ""))
        said = f"{request.path}|{large}|{timezone.localdate()}|{stamp(ground)}"
        key = f"public/{sha256(said.encode()).hexdigest()}"
        kept: Kept | None = cache.get(key)
        if kept is None:
            made = view(request, *args, **kwargs)
            if made.status_code != 200:
                return made
            kept = _keep(made.content)
            cache.set(key, kept, SECONDS)
        return _answer(request, kept)

    return require_safe(served)


def _keep(content: bytes) -> Kept:
    return Kept(content, gzip.compress(content, 6, mtime=0), f'"{sha256(content).hexdigest()[:24]}"')


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    known = {mark.strip().removeprefix("W/") for mark in request.headers.get("If-None-Match", "").split(",")}
    response: HttpResponse
    if kept.etag in known:
        response = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(kept.packed, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(kept.plain)
    response.headers["ETag"] = kept.etag
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    # the page itself is one for all; only its packing differs
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
