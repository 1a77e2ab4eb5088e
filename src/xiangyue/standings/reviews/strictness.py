"""How strictly each team (or inspector) of a stage rated, as rule 11's advice: shown, never in a result."""

from __future__ import annotations

from datetime import date

from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.rules.strictness import Offset, Scored, offsets
from xiangyue.standings.reviews.facts import gather
from xiangyue.standings.reviews.models import ReviewStageVersion
from xiangyue.standings.reviews.scoring import Facts


def offsets_of(version: ReviewStageVersion, today: date) -> tuple[Offset, ...]:
    """Every team's offset over the sheets of a stage: those it was finished with, or those on file now."""
    facts: Facts = gather(version, today) if version.state == ReviewStageVersion.State.OPEN else version.facts
    return offsets(scored(facts, version.review.key))


def offset_of(version: ReviewStageVersion, by: str, today: date) -> Offset:
    """One team's offset; too few sheets where it made none."""
    found = {row.inspector: row for row in offsets_of(version, today)}
    return found.get(by) or Offset(by, 0, 0, None, "还没有与他人同评的检查，太少，不作比较")


def scored(facts: Facts, period: str) -> list[Scored]:
    """The sheets of a stage as the rule takes them."""
    return [Scored(by, subject, kind, period, score) for _check, subject, kind, by, _day, score in facts["sheets"]]


def names_of(rows: tuple[Offset, ...]) -> dict[str, str]:
    """What each of those who rated is called: a township's team, or a person."""
    codes = [row.inspector for row in rows]
    towns = dict(Place.objects.filter(code__in=codes).values_list("code", "name"))
    people = dict(Person.objects.filter(code__in=codes).values_list("code", "name"))
    return {code: f"{towns[code]}评审组" if code in towns else people.get(code, code) for code in codes}
