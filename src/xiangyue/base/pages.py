"""What every page's request carries, days that it says, and addresses with a query."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from xiangyue.base.saying import said_day
from xiangyue.base.scope import Scope

__all__ = ["Request", "address", "said_day", "typed_day"]


class Request(HttpRequest):
    """A request whose middleware has set the scope of its actor (for typing only; never instantiated)."""

    scope: Scope
    user: Any


def typed_day(text: str | None) -> date | None:
    """The day that a field of a form or an address says; None for an empty one and for what is no day."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None


def address(name: str, *args: Any, **query: Any) -> str:
    """The address of a page with a query; what is empty is left out of it."""
    held = {key: value for key, value in query.items() if value not in ("", None)}
    return reverse(name, args=args) + (f"?{urlencode(held)}" if held else "")
