"""What an office can draw now: each award, grading, performance … of its schemes, with the closed periods it can go by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.roles import OFFICES
from xiangyue.base.scope import Scope, below
from xiangyue.places.models import Place
from xiangyue.rewards.award_models import AwardList
from xiangyue.rules.days import parse_period
from xiangyue.rules.settings import Incentives, Pick, Scheme
from xiangyue.standings.models import Closing, Period

KIND = AwardList.Kind
APPRAISAL, INCENTIVES = "appraisal", "incentives"
LATEST = 6
"""Periods offered of each."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be drawn for one period."""

    kind: str
    ground: Place
    scheme: str
    code: str
    name: str
    key: str
    closed: bool
    """Whether the period is closed; a year that runs has no results to go by yet."""

    @property
    def value(self) -> str:
        """What the form sends."""
        return f"{self.kind}|{self.ground.code}|{self.scheme}|{self.code}|{self.key}"

    @property
    def words(self) -> str:
        """2025年 · 年度奖补, or 2026年 · 年度奖补（还没关账）."""
        words = f"{parse_period(self.key).name} · {self.name}"
        return words if self.closed else _("%s（还没关账）") % words


def offers(scope: Scope, kinds: Iterable[str], today: date) -> list[Offer]:
    """What the actor's office can draw of these kinds: of closed periods first, the newest before the others."""
    wanted = set(kinds)
    schemes = schemes_of(scope, today)
    periods = _periods([ground.pk for ground, _ in schemes], today)
    found: list[Offer] = []
    for ground, scheme in schemes:
        for kind, code, name, period_kinds in _things(scheme):
            if kind in wanted:
                held = [period for period in periods.get((ground.pk, scheme.code), ()) if period.kind in period_kinds]
                found += [Offer(kind, ground, scheme.code, code, name, one.key, one.closed) for one in held[:LATEST]]
    return sorted(found, key=lambda one: (one.closed, parse_period(one.key).ends_on, len(one.key)), reverse=True)


def schemes_of(scope: Scope, today: date) -> list[tuple[Place, Scheme]]:
    """(Ground, scheme) of the newest published version of every scheme on grounds that the actor's office governs."""
    rows = SchemeVersion.objects.published().filter(below("ground__path", scope.paths(OFFICES)), from_on__lte=today)
    latest: dict[tuple[int, str], SchemeVersion] = {}
    for row in rows.select_related("ground").defer("text").order_by("ground__code", "code", "-from_on", "-version"):
        latest.setdefault((row.ground_id, row.code), row)
    return [(row.ground, scheme_of(row)) for row in latest.values()]


def entered(schemes: Iterable[tuple[Place, Scheme]]) -> list[tuple[str, str, str]]:
    """(Name, code of the ground, code) of every grading whose grades the office enters."""
    return [
        (row.name, ground.code, row.code)
        for ground, scheme in schemes
        for row in scheme.gradings
        if row.basis == "entered"
    ]


class _Held(NamedTuple):
    key: str
    kind: str
    closed: bool


def _periods(grounds: Sequence[int], today: date) -> dict[tuple[int, str], list[_Held]]:
    """(Ground, scheme) → its closed periods, and the years begun, newest first."""
    rows = Period.objects.annotate(closed=Exists(Closing.objects.filter(period=OuterRef("pk"))))
    rows = rows.filter(Q(closed=True) | Q(kind="year", starts_on__lte=today), ground__in=grounds)
    found: dict[tuple[int, str], list[_Held]] = {}
    for row in rows.order_by("-ends_on", "kind"):
        found.setdefault((row.ground_id, row.scheme), []).append(_Held(row.key, row.kind, row.closed))
    return found


def _things(scheme: Scheme) -> list[tuple[str, str, str, set[str]]]:
    """(Kind, code, name, kinds of period) of everything that a scheme lets be drawn."""
    found: list[tuple[str, str, str, set[str]]] = []
    found += [(KIND.AWARD, row.code, row.name, {_composite(scheme, row.composite)}) for row in scheme.awards]
    for grading in scheme.gradings:
        found.append((KIND.GRADING, grading.code, grading.name, period_kinds(scheme, Pick("grade", grading.code))))
    found += [(APPRAISAL, row.code, row.name, {row.period}) for row in scheme.performances]
    found += [(KIND.COMMENDATION, row.code, row.name, period_kinds(scheme, row.pick)) for row in scheme.commendations]
    found += [(INCENTIVES, row.code, row.name, kinds_of(scheme, row)) for row in scheme.incentives]
    return found


def kinds_of(scheme: Scheme, incentives: Incentives) -> set[str]:
    """The kinds of period that an incentive's rules go by."""
    return {kind for row in incentives.rules for kind in period_kinds(scheme, row.pick)}


def period_kinds(scheme: Scheme, pick: Pick) -> set[str]:
    """The kinds of period in which a picked result is made; entered grades are a year's."""
    code = pick.of
    if pick.kind == "award":
        return {_composite(scheme, row.composite) for row in scheme.awards if row.code == code}
    if pick.kind == "rank":
        return {_composite(scheme, row.composite) for row in scheme.rankings if row.code == code}
    if pick.kind == "board":
        return {_composite(scheme, row.composite) for row in scheme.boards if row.code == code}
    if pick.kind == "stars":
        return {str(row.period) for row in scheme.ratings if row.code == code}
    return {_grading_kind(scheme, row.basis, row.of) for row in scheme.gradings if row.code == code}


def _grading_kind(scheme: Scheme, basis: str, of: str) -> str:
    if basis == "entered":
        return "year"
    if basis == "composite":
        return _composite(scheme, of)
    return next((str(row.period) for row in scheme.performances if row.code == of), "")


def _composite(scheme: Scheme, code: str) -> str:
    return next((str(row.period) for row in scheme.composites if row.code == code), "")
