"""The problems that wait for the actor, as the phone keeps them: where, by when, what was said, which steps are theirs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from xiangyue.base.scope import Scope
from xiangyue.people.models import Person
from xiangyue.places.models import Level, Place
from xiangyue.problems.at_hand import AtHand, at_hand


def problems_json(
    scope: Scope, person: Person | None, paths: Collection[str], day: date
) -> list[tuple[Place, dict[str, Any]]]:
    """Each problem with the place where it is, the most urgent first."""
    return [(one.row.place, _one(one)) for one in at_hand(scope, person, paths, day)]


def where_of(place: Place) -> str:
    """In which village and hamlet; in which township, where it is a village itself."""
    village = place.village
    if village is None or place.level == Level.VILLAGE:
        return place.township.name if place.township and place.level == Level.VILLAGE else ""
    hamlet = place.parent.name if place.parent and place.parent_id != village.pk else ""
    return f"{village.name} {hamlet}".strip()


def _one(one: AtHand) -> dict[str, Any]:
    row = one.row
    bearer = row.person or row.organisation
    return {
        "id": str(row.uuid),
        "place": row.place.code,
        "name": row.kind_name,
        "icon": one.pictogram or "alert-triangle",
        "state": row.state,
        "by": row.deadline.isoformat(),
        "n": row.n_steps,
        "who": bearer.name if bearer else "",
        "may": list(one.steps),
        "said": [{"day": said.day.isoformat(), "what": said.label, "text": said.text} for said in one.said],
    }
