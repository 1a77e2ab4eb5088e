"""The goals of one's grounds on the home page: how far each is, and what belongs to one's township."""

from __future__ import annotations

from datetime import date
from typing import Any

from xiangyue.agreements.in_force import governed
from xiangyue.base.roles import OFFICES
from xiangyue.base.scope import Scope
from xiangyue.site.context import address
from xiangyue.standings.goals import goals_of


def goals_part(scope: Scope, day: date) -> dict[str, Any]:
    """The goals of the year that have a target, with their progress, over the grounds of one's offices."""
    found = []
    for ground, _version, scheme in governed(scope, OFFICES, day):
        rows = goals_of(ground, scheme, day.year, with_target=True)
        if rows:
            found.append((ground.name, rows))
    return {"grounds": found, "year": day.year, "until": day, "goals_url": address("standings:goals")}
