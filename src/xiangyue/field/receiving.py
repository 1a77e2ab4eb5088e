"""The door for captures sent as JSON: one or many envelopes in, an answer for each out; no template, no session."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from http.client import responses
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import BUSY, Problem, problem_kind
from xiangyue.captures.envelope import Envelope, open_envelope, read_instant
from xiangyue.captures.intake import Actor, Answer, submit_many
from xiangyue.captures.keys import read_key
from xiangyue.people.senders import SIGNED_OUT

logger = logging.getLogger(__name__)

PATH = "/field/captures"
MOST_BYTES = 1024 * 1024
MOST_ENVELOPES = 200
NOT_JSON = problem_kind("not_json", _("发来的内容看不懂。"), _("请更新页面后再发送。"))
TOO_LARGE = problem_kind(
    "captures_too_large", _("一次发来的记录太多。"), _("请分几次发送，每次不超过 200 条、1 MB。"), 413
)
HEADERS = [
    ("Content-Type", "application/json"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
]

type Environ = dict[str, Any]
type Start = Callable[..., Any]
type Reply = tuple[int, dict[str, Any]]


def takes(environ: Environ) -> bool:
    """Whether a request goes past Django's middleware: captures signed with a key, over HTTPS where that is set.

    A key is sent on purpose, never by a browser on its own, so there is no forgery across sites to guard against.
    """
    return (
        environ["PATH_INFO"] == PATH
        and environ["REQUEST_METHOD"] == "POST"
        and environ.get("HTTP_AUTHORIZATION", "").startswith("Bearer ")
        and (not settings.HTTPS or environ.get("HTTP_X_FORWARDED_PROTO") == "https")
    )


def respond(environ: Environ, start: Start) -> Iterable[bytes]:
    """The WSGI answer to captures signed with a key."""
    status, payload = _received(environ)
    body = json.dumps(payload, ensure_ascii=False).encode()
    headers = [*HEADERS, ("Content-Length", str(len(body)))]
    if status == BUSY.status:
        headers.append(("Retry-After", "5"))
    start(f"{status} {responses[status]}", headers)
    return [body]


def _received(environ: Environ) -> Reply:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return told(Problem(NOT_JSON))
    if length > MOST_BYTES:
        return told(Problem(TOO_LARGE))
    if not connection.in_atomic_block:  # as Django does at the start of each request
        connection.close_if_unusable_or_obsolete()
    return receive_signed(environ["HTTP_AUTHORIZATION"], environ["wsgi.input"].read(length))


def receive_signed(authorization: str, data: bytes) -> Reply:
    """The status and answers for captures that came with `Bearer …`."""
    key = read_key(authorization.removeprefix("Bearer "))
    if key is None:
        return told(Problem(SIGNED_OUT))
    return receive(data, Actor(key.user_id, proof=key.proof))


def receive(data: bytes, actor: Actor) -> Reply:
    """The status and answers: of one envelope its own, of many 200 with an answer each."""
    try:
        if len(data) > MOST_BYTES:
            raise Problem(TOO_LARGE)
        raw = json.loads(data)
        if not isinstance(raw, dict):
            raise Problem(NOT_JSON)
        if "envelopes" not in raw:
            answer = submit_many([open_envelope(raw)], actor)[0]
            return answer.status, answer.as_json()
        return _receive_many(raw, actor)
    except (ValueError, RecursionError):
        return told(Problem(NOT_JSON))
    except Problem as problem:
        return told(problem)


def told(problem: Problem) -> Reply:
    """A problem as status and answer."""
    return problem.kind.status, {"state": "refused", **problem.as_json()}


def _receive_many(raw: dict[str, Any], actor: Actor) -> Reply:
    listed = raw["envelopes"]
    if not isinstance(listed, list) or len(listed) > MOST_ENVELOPES:
        raise Problem(TOO_LARGE)
    sent_at = read_instant(raw, "sent_at")
    opened: list[Envelope | Answer] = []
    for one in listed:
        try:
            opened.append(open_envelope(one, sent_at))
        except Problem as problem:
            name = str(one.get("id", ""))[:40] if isinstance(one, dict) else ""
            status = problem.kind.status
            opened.append(Answer("refused", name, problem.words, problem.mend, problem.kind.code, status))
    answers = iter(submit_many([one for one in opened if isinstance(one, Envelope)], actor))
    found = [next(answers) if isinstance(one, Envelope) else one for one in opened]
    signed_out = bool(found) and all(answer.status == SIGNED_OUT.status for answer in found)
    return SIGNED_OUT.status if signed_out else 200, {"answers": [answer.as_json() for answer in found]}
