"""The goals of one's grounds on the home page: how far each is, and what belongs to one's township."""

from __future__ import annotations

from datetime import date
from typing import Any

from xiangyue.agreements.in_force import schemes_on
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.roles import OFFICES
from xiangyue.base.scope import Scope
from xiangyue.places.models import Place
from xiangyue.site.context import address
from xiangyue.standings.goals import goals_of


def goals_part(scope: Scope, day: date) -> dict[str, Any]:
    """The goals of the year that have a target, with their progress, over the grounds of one's offices."""
    paths = scope.paths(OFFICES)
    governed = Place.objects.filter(pk__in=SchemeVersion.objects.published().values("ground")).order_by("path")
    grounds = [p for p in governed if any(p.path.startswith(path) or path.startswith(p.path) for path in paths)]
    by_id = {place.pk: place for place in grounds}
    found = []
    for version, scheme in schemes_on(tuple(by_id), day):
        rows = goals_of(by_id[version.ground_id], scheme, day.year, with_target=True)
        if rows:
            found.append((by_id[version.ground_id].name, rows))
    return {"grounds": found, "goals_url": address("standings:goals")}
