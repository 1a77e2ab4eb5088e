"""Who holds which title, as the public reads it: villages by name, households by consent, the others as counts."""

from __future__ import annotations

from dataclasses import dataclass

from xiangyue.agreements.in_force import scheme_on
from xiangyue.base.problems import Problem
from xiangyue.public.reading import Ground
from xiangyue.rewards.honour_models import Held
from xiangyue.rewards.honour_shown import ShownTitle, shown_of, words_of
from xiangyue.rules.settings import HouseholdRules


@dataclass(frozen=True, slots=True)
class PublicTitle:
    """A title with its approval number and its public holders."""

    shown: ShownTitle
    approval: str
    words: str


def public_titles(ground: Ground) -> list[PublicTitle]:
    """The titles held today on the ground and below it, by scheme and title."""
    path = ground.place.path
    held = Held.objects.on(ground.day).filter(ground__path__gte=path, ground__path__lt=path[:-1] + "0")
    rows = list(held.order_by("ground__path", "scheme", "honour", "pk").select_related("ground", "list"))
    found: list[PublicTitle] = []
    for key in dict.fromkeys((row.ground_id, row.scheme) for row in rows):
        mine = [row for row in rows if (row.ground_id, row.scheme) == key]
        approvals = {row.name: row.list.approval for row in mine}
        places = held.filter(ground=key[0], scheme=key[1]).order_by().values("place")
        pairs = [(row.name, row.place_id) for row in mine]
        shown = shown_of(mine[0].ground, pairs, places, _rules(key[0], key[1], ground), ground.day)
        found += [PublicTitle(one, approvals[one.name], words_of(one)) for one in shown]
    return found


def _rules(ground_id: int, scheme: str, ground: Ground) -> HouseholdRules:
    try:
        return scheme_on(ground_id, scheme, ground.day)[1].households
    except Problem:
        # a scheme that ended: the floors of the law go on
        return HouseholdRules()
