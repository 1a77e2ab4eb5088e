"""How households stand on a day."""

from __future__ import annotations

from datetime import date

from xiangyue.base.dated import held_on
from xiangyue.places.models import HouseholdState


def states_on(day: date, path: str) -> dict[int, str]:
    """Household key → state on `day`, for all households at or below `path`, in one query."""
    rows = HouseholdState.objects.filter(
        held_on(day),
        place__path__gte=path,
        place__path__lt=path[:-1] + "0",
    )
    return dict(rows.values_list("place_id", "state"))
