"""Which kinds of problems a place knows on a day, and the kind that a problem was reported as."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from xiangyue.agreements.in_force import scheme_of, schemes_over
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.problems import Problem as Wrong
from xiangyue.places.models import Level, Place
from xiangyue.problems import words
from xiangyue.problems.models import Problem, Tier
from xiangyue.rules.settings import ProblemKind


class KindOn(NamedTuple):
    """A kind as a version of a scheme has it."""

    version: SchemeVersion
    kind: ProblemKind


def kinds_over(place: Place, day: date) -> list[KindOn]:
    """The kinds that may be reported at a place on a day; a township's comes before its county's of the same code."""
    found: dict[str, KindOn] = {}
    over = schemes_over(place, day)
    for version, scheme in sorted(over, key=lambda pair: pair[0].ground_id != place.township_id):
        for kind in scheme.problem_kinds:
            if not kind.levels or place.level in kind.levels:
                found.setdefault(kind.code, KindOn(version, kind))
    return list(found.values())


def kind_words(ground: Place, day: date) -> dict[str, str]:
    """The names of the kinds that are in force at a place or above it, by name and by code."""
    kinds = [kind for _version, scheme in schemes_over(ground, day) for kind in scheme.problem_kinds]
    return {kind.code: kind.name for kind in kinds} | {kind.name: kind.name for kind in kinds}


def kind_at(place: Place, code: str, day: date) -> KindOn:
    """The kind of that code at a place on a day; a Problem says which there are."""
    known = kinds_over(place, day)
    found = next((one for one in known if one.kind.code == code), None)
    if found is None:
        listed = "、".join(one.kind.name for one in known) or "（方案里还没有）"
        raise Wrong(words.NO_KIND, code=code[:40], place=place.name, listed=listed)
    return found


def kind_of(problem: Problem) -> ProblemKind:
    """The kind that a problem was reported as, as the scheme had it then."""
    return kinds_of([problem])[problem.pk]


def kinds_of(problems: Collection[Problem]) -> dict[int, ProblemKind]:
    """The kind of each problem, by key, each version read once."""
    wanted = {row.scheme_version_id for row in problems}
    schemes = {row.pk: scheme_of(row) for row in SchemeVersion.objects.filter(pk__in=wanted).defer("text")}
    by_code = {(pk, kind.code): kind for pk, scheme in schemes.items() for kind in scheme.problem_kinds}
    return {row.pk: by_code[row.scheme_version_id, row.kind] for row in problems}


def first_tier(place: Place) -> Tier:
    """The office that has a problem at a place in hand at first: the village's below it, else the place's own."""
    return {Level.COUNTY: Tier.COUNTY, Level.TOWNSHIP: Tier.TOWNSHIP}.get(Level(place.level), Tier.VILLAGE)


def tier_path(place: Place, tier: str) -> str:
    """The path of the office that a tier is for a place: the county's, its township's, its village's."""
    depth = {Tier.COUNTY: 1, Tier.TOWNSHIP: 2, Tier.VILLAGE: 3}[Tier(tier)]
    return "/".join(place.path.split("/")[:-1][:depth]) + "/"
