"""Titles in a demo county: a jury's votes from the first round to the last, consents to be named, what is done each month.

The votes are made up, juror by juror; who is chosen, warned and taken down follows by the product's own acts.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from xiangyue.agreements.actions.consents import record_consent
from xiangyue.agreements.models import Consent
from xiangyue.places.models import Place
from xiangyue.rewards.honour_actions import draw_honours, record_ballot
from xiangyue.rewards.honour_models import Held, HonourLine, HonourList
from xiangyue.rewards.honour_standing import stands
from xiangyue.rewards.plaque_actions import end_for_cause, take_down, warn
from xiangyue.rules.settings import Honour
from xiangyue.site.demo.acts import at
from xiangyue.site.demo.recipe import Built

LONGER = 1.3
"""In the first round a juror approves of so many times as many as there are places."""
APART = 0.02
"""How far apart jurors see a home in the first round."""


def elect(
    built: Built, honour: Honour, key: str, day: date, quality: Mapping[str, float], jurors: Sequence[str], came: int
) -> HonourList:
    """The list that the jury's ballot gives, with further rounds on those who tie for the last places."""
    candidates, places, turn = sorted(quality), honour.places, 1
    while True:
        held = {code: quality[code] for code in candidates}
        record_ballot(
            built.office, built.ground, honour.code, key, votes(held, places, came, f"{honour.code}/{turn}", turn > 1),
            held_on=day, came=came, jurors=jurors, minutes=f"示例-评审〔{day.year}〕{turn}号（{honour.name}）",
            now=at(day, 13 + turn),
        )  # fmt: skip
        row = draw_honours(built.office, built.ground, honour.code, key, now=at(day, 13 + turn))
        if not row.n_open:
            return row
        still = row.lines.filter(outcome=HonourLine.Outcome.OPEN)
        candidates = sorted(still.values_list("place__code", flat=True))
        places, turn = honour.places - row.n_chosen, turn + 1


def votes(quality: Mapping[str, float], places: int, came: int, salt: str, shortlist: bool) -> dict[str, int]:
    """How many of the jury vote for each: each juror sees how the homes are kept a little differently.

    On a shortlist of those who tied each votes for as many as there are places, and the jury has talked about them.
    """
    ranked = sorted(quality.values(), reverse=True)
    most = places if shortlist else round(places * LONGER)
    last = min(places, len(ranked)) - 1
    apart = (ranked[last] - ranked[min(last + 1, len(ranked) - 1)]) / 4 if shortlist else APART
    found = dict.fromkeys(quality, 0)
    for juror in range(came):
        rng = random.Random(f"juror/{salt}/{juror}")
        seen = {code: quality[code] + rng.gauss(0, apart) for code in sorted(quality)}
        for code in sorted(seen, key=lambda one: (-seen[one], one))[:most]:
            found[code] += 1
    return found


def agree(built: Built, homes: Iterable[Place], share: float, day: date) -> None:
    """That share of the households put forward agrees to be named in public."""
    rng = random.Random("honour-consents")
    for home in sorted(homes, key=lambda one: one.code):
        if rng.random() < share:
            record_consent(
                built.office.pk, home, Consent.Purpose.HONOUR_PUBLIC, given_on=day, today=day,
                given_by=home.household.head_name,
            )  # fmt: skip


def look_after(built: Built, day: date) -> None:
    """Each month: who is due by rule is warned or taken down."""
    found = stands(list(Held.objects.live().select_related("place").order_by("pk")), day)
    if due := [one.held.pk for one in found if one.todo == "warn"]:
        warn(built.office, due, on=day, today=day)
    if due := [one.held.pk for one in found if one.todo == "take"]:
        take_down(built.office, due, on=day, today=day)


def give_back(built: Built, day: date) -> None:
    """One household asks for its title to be ended: the last one given whose plaque hangs unwarned."""
    row = Held.objects.filter(state=Held.State.HANGING, warned_on=None).select_related("place").last()
    if row is not None:
        record = f"农户申请书，{day.month}月{day.day}日收（示例）"
        end_for_cause(built.office, row, cause="农户自愿退出", record=record, on=day, today=day)
