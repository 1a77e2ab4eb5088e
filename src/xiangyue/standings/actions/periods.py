"""Periods open by themselves: every month, quarter and year that a published scheme has reached."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.places.models import Place
from xiangyue.rules.days import Span, following, month_of, parse_period, period_of
from xiangyue.rules.settings import PeriodKind
from xiangyue.standings import problems
from xiangyue.standings.facts import Ground
from xiangyue.standings.models import Closing, Period

KINDS: tuple[PeriodKind, ...] = ("month", "quarter", "year")
SAID = re.compile(r"(\d{4})年(?:(\d{1,2})月|第?([1-4])季度)?")
"""A period as people say it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A period that someone names: its ground, scheme code and span."""

    ground: Place
    scheme: str
    span: Span

    @property
    def facts_ground(self) -> Ground:
        """The ground as the facts ask for it."""
        return Ground(self.ground.pk, self.ground.code, self.ground.path)


def ground_of(code: str) -> Place:
    """The place of that code; Problem `no_such_ground`."""
    found = Place.objects.filter(code=code).first()
    if found is None:
        raise Problem(problems.NO_SUCH_GROUND, code=code)
    return found


def span_of(key: str) -> Span:
    """The period of a key; Problem `bad_period`."""
    try:
        return parse_period(key)
    except ValueError as error:
        raise Problem(problems.BAD_PERIOD, words=str(error)) from None


def key_said(words: str) -> str:
    """The key of a period that is written as people say it, such as 2026年10月; other words as they are."""
    said = SAID.fullmatch("".join(words.split()))
    if said is None:
        return words.strip()
    year, month, quarter = said.groups()
    return f"{year}-{int(month):02}" if month else f"{year}-Q{quarter}" if quarter else year


def asked(ground: Place, key: str, scheme: str = "") -> Asked:
    """What is meant by a ground and a key; the scheme may be left out where the ground has one."""
    span = span_of(key)
    if scheme:
        return Asked(ground, scheme, span)
    codes = sorted(
        SchemeVersion.objects.filter(ground=ground, state=SchemeVersion.State.PUBLISHED)
        .values_list("code", flat=True)
        .distinct()
    )
    if len(codes) > 1:
        raise Problem(problems.WHICH_SCHEME, ground=ground.name, codes="、".join(codes))
    return Asked(ground, codes[0] if codes else "", span)


def open_periods(today: date, ground_id: int | None = None) -> list[Period]:
    """Opens what has begun by `today` and is not open yet (on one ground, or on all); gives the new ones."""
    versions = SchemeVersion.objects.filter(state=SchemeVersion.State.PUBLISHED, from_on__lte=today)
    if ground_id is not None:
        versions = versions.filter(ground_id=ground_id)
    have = set(Period.objects.values_list("ground_id", "scheme", "key"))
    wanted: dict[tuple[int, str, str], Period] = {}
    for version in versions.order_by("from_on", "version"):
        for span in _begun(version, today):
            key = (version.ground_id, version.code, span.key)
            if key not in have and key not in wanted:
                wanted[key] = make_period(version.ground_id, version.code, span)
    if not wanted:
        return []
    with write():
        Period.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    return list(wanted.values())


def make_period(ground_id: int, scheme: str, span: Span) -> Period:
    """A period's row, not yet stored."""
    return Period(
        ground_id=ground_id,
        scheme=scheme,
        key=span.key,
        kind=span.kind,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
    )


def period_row(asked_for: Asked) -> Period:
    """The stored row of a period, opened when it is not there yet."""
    found, _ = Period.objects.get_or_create(
        ground=asked_for.ground,
        scheme=asked_for.scheme,
        key=asked_for.span.key,
        defaults={
            "kind": asked_for.span.kind,
            "starts_on": asked_for.span.starts_on,
            "ends_on": asked_for.span.ends_on,
        },
    )
    return found


def newest(period: Period) -> Closing | None:
    """The newest closing of a period."""
    return period.closings.select_related("closed_by__person", "scheme_version").order_by("-version").first()


def _begun(version: SchemeVersion, today: date) -> Iterable[Span]:
    assert version.from_on is not None
    scheme = scheme_of(version)
    for kind in KINDS:
        if any(composite.period == kind for composite in scheme.composites):
            span = period_of(kind, version.from_on)
            while span.starts_on <= today:
                yield span
                span = following(span)


def months_between(first: date, last: date) -> list[Span]:
    """The months from one day's to another's."""
    span, spans = month_of(first), []
    while span.starts_on <= last:
        spans.append(span)
        span = following(span)
    return spans
