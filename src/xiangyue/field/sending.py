"""Who sends: a key, or a page of ours with a session, its form token, and the user it means to send for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import Problem, problem_kind
from xiangyue.captures.intake import Actor
from xiangyue.captures.keys import read_key
from xiangyue.field import receiving
from xiangyue.people.senders import SIGNED_OUT

MEANT = "X-Recorder-User"
"""The user whose records the phone is about to send: on a shared phone somebody else may have logged in meanwhile."""
OTHER_USER = problem_kind(
    "other_user",
    _("现在登录的是另一个人，没有发送。"),
    _("请由记录的人自己登录后再发；记录还在手机上。"),
    401,
)


def sender(request: HttpRequest) -> Actor | HttpResponse:
    """The actor that a request for captures or photos comes from, or the answer that turns it away."""
    authorization = request.headers.get("Authorization", "")
    if authorization.startswith("Bearer "):
        key = read_key(authorization.removeprefix("Bearer "))
        return _turned_away(Problem(SIGNED_OUT)) if key is None else Actor(key.user_id, proof=key.proof)
    if not request.user.is_authenticated:
        return _turned_away(Problem(SIGNED_OUT))
    check = CsrfViewMiddleware(_nothing)
    check.process_request(request)
    refused = check.process_view(request, _nothing, (), {})
    if refused is not None:
        return refused
    if request.headers.get(MEANT, str(request.user.pk)) != str(request.user.pk):
        return _turned_away(Problem(OTHER_USER))
    return Actor(request.user.pk)


def _turned_away(problem: Problem) -> HttpResponse:
    status, payload = receiving.told(problem)
    return JsonResponse(payload, status=status, headers={"Cache-Control": "no-store"})


def _nothing(request: HttpRequest) -> HttpResponse:
    """What the check of the form token stands before."""
    return HttpResponse()
