"""Signed keys that a phone or program sends its captures with: whose, until when, and bound to the password."""

from __future__ import annotations

import hmac
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cache

from django.conf import settings

DAYS = 14
PREFIX = "xy1"


@dataclass(frozen=True, slots=True)
class Key:
    """What a key says once its signature has held."""

    user_id: int
    proof: str


def make_key(user_id: int, password: str, *, now: float | None = None) -> str:
    """A key for a user, valid for two weeks, or until the password changes."""
    until = int(now or time.time()) + DAYS * 86_400
    text = f"{PREFIX}.{user_id}.{until}.{proof_of(password)}"
    return f"{text}.{_signature(text)}"


def read_key(key: str, *, now: float | None = None) -> Key | None:
    """What the key says; nothing when it is not ours, altered or past its time."""
    text, _dot, signature = key.rpartition(".")
    if not hmac.compare_digest(_signature(text).encode(), signature.encode()):
        return None
    parts = text.split(".")
    if len(parts) != 4 or parts[0] != PREFIX or int(parts[2]) < (now or time.time()):
        return None
    return Key(int(parts[1]), parts[3])


def proof_of(password: str) -> str:
    """A mark of the stored password hash: it changes with the password and gives nothing of it away."""
    return _short(_mac("proof", password)[:12])


def _signature(text: str) -> str:
    return _short(_mac("key", text))


def _mac(purpose: str, text: str) -> bytes:
    # a copy of the keyed start: `hmac.digest` would let go of the interpreter for these few bytes, and under load wait for it
    begun = _keyed(purpose).copy()
    begun.update(text.encode())
    return begun.digest()


def _short(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@cache
def _keyed(purpose: str) -> hmac.HMAC:
    secret = hmac.digest(settings.SECRET_KEY.encode(), f"xiangyue.captures.{purpose}".encode(), "sha256")
    return hmac.new(secret, digestmod="sha256")
