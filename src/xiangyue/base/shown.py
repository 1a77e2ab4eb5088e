"""When a form was shown: a signed mark that it carries, and what it took when it comes back. Nothing else is measured."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.core import signing

SALT = "burden"
MOST = 600
"""A form left open counts ten minutes at most."""


class HandedIn(NamedTuple):
    """A form that was handed in: whose it is, which form, its mark, and when; followed as `form_handed_in`."""

    person_id: int | None
    form: str
    mark: str
    now: datetime


def shown_at(now: datetime) -> str:
    """What a form carries: when it was shown, signed, so that nobody shortens or lengthens it."""
    return signing.dumps(int(now.timestamp()), salt=SALT)


def seconds_since(mark: str, now: datetime) -> int | None:
    """What a form took, up to ten minutes; None for a mark that is not ours."""
    try:
        began = int(signing.loads(mark, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return max(0, min(MOST, int(now.timestamp()) - began))
