"""Contact cards: that they were handed out, on which day, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from xiangyue.base.changes import log_many
from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.duties.visit_models import CardHanding
from xiangyue.duties.visits import problems
from xiangyue.people.models import Person, User
from xiangyue.places.models import Place


def hand_cards(
    actor: User | None, households: Sequence[Place], person: Person | None, on: date, *, today: date, now: datetime
) -> int:
    """How many cards were noted as handed out on a day; those noted for that day already are left alone."""
    if on > today or any(place.from_on > on for place in households):
        raise Problem(problems.CARD_DAY, day=on)
    with write():
        held = CardHanding.objects.filter(household__in=households, handed_on=on)
        there = set(held.values_list("household_id", flat=True))
        fresh = [place for place in households if place.pk not in there]
        if not fresh and households:
            raise Problem(problems.CARD_TWICE, place=households[0].name, day=on)
        rows = CardHanding.objects.bulk_create(
            CardHanding(household=place, person=person, handed_on=on, noted_at=now, noted_by=actor) for place in fresh
        )
        log_many(
            (
                ("card.handed", "duties.cardhanding", str(row.pk), place.path, None,
                 {"household": place.code, "handed_on": on})
                for row, place in zip(rows, fresh, strict=True)
            ),
            actor.pk if actor else None,
        )  # fmt: skip
    return len(fresh)
