"""A problem raised anywhere below a page becomes a page, a toast or JSON that says what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from xiangyue.base.problems import Problem


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
