"""From the grants of a user, live today, to the scope that every page asks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from xiangyue.base.dated import held_on
from xiangyue.base.scope import Grant, Scope


def scope_of(user: Any, today: date | None = None) -> Scope:
    """The user's scope on `today` (default: the county's today)."""
    if not user.is_authenticated:
        return Scope()
    day = today or timezone.localdate()
    rows = user.grants.filter(held_on(day))
    grants = tuple(Grant(role, path) for role, path in rows.values_list("role", "place__path"))
    return Scope(user_id=user.pk, person_id=user.person_id, grants=grants)
