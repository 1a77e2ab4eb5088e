"""What no page could take is turned away; a problem raised below a page becomes a page or JSON saying what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.defaults import bad_request

from xiangyue.base.problems import Problem, problem_kind

ROOM = 1024 * 1024
"""What the form around a file may take."""
BODY_TOO_BIG = problem_kind(
    "body_too_big", _("提交的内容有 {size} MB，超过 {most} MB，没有接收。"), _("请把文件拆成几个再分别导入。"), 413
)


class DoorMiddleware:
    """Turns away what no page could take: larger than the largest file that can be taken in, or with a NUL in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # no database takes a text with a NUL, and nobody types one
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path_info:
            return bad_request(request, SuspiciousOperation())
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        most = settings.IMPORT_MAX_BYTES
        if size <= most + ROOM:
            return self.get_response(request)
        problem = Problem(BODY_TOO_BIG, size=size >> 20, most=most >> 20)
        answer = render(request, "site/problem.html", {"problem": problem}, status=problem.kind.status)
        answer.headers["Connection"] = "close"
        return answer


class ProblemMiddleware:
    """Turns `Problem` into an answer in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer for a problem; anything else goes on."""
        if not isinstance(exception, Problem):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(exception.as_json(), status=exception.kind.status)
        return render(request, "site/problem.html", {"problem": exception}, status=exception.kind.status)
