"""What every page's request carries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from xiangyue.base.scope import Scope


class Request(HttpRequest):
    """A request whose middleware has set the scope of its actor (for typing only; never instantiated)."""

    scope: Scope
    user: Any
