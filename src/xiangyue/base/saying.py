"""How a day is said; apart from pages, since what no page is needed for says days too."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _


def said_day(day: date) -> str:
    """A day as it is said in a sentence."""
    return _("%(y)s年%(m)s月%(d)s日") % {"y": day.year, "m": day.month, "d": day.day}


def said_at(instant: datetime) -> str:
    """An instant as it is said in a sentence, by the county's clock."""
    local = timezone.localtime(instant)
    return f"{said_day(local.date())} {local:%H:%M}"
