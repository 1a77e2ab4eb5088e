"""Numbers of indicators as a period takes them: entered, standing on from before, or drawn from records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xiangyue.base.bulk import stored
from xiangyue.rules.days import Span, period_of
from xiangyue.rules.ground import Subject
from xiangyue.rules.settings import Composite, Indicator, Level, Scheme
from xiangyue.standings.facts import Ground, subjects_of
from xiangyue.standings.totals import fetch


class Figure(NamedTuple):
    """A number and the key of the entry it stands on; none where it was drawn from records."""

    number: int
    entry: int | None = None


type Figures = Mapping[str, Figure]
"""Place code → figure."""


def span_of(indicator: Indicator, span: Span) -> Span:
    """The indicator's own period that a period takes its number from: the one that holds its last day."""
    return period_of(indicator.period, span.ends_on)


def used_by_composites(scheme: Scheme, span: Span) -> list[Indicator]:
    """The indicators that composites of the period's kind take."""
    wanted = {
        component.source.indicator
        for composite in scheme.composites
        if composite.period == span.kind
        for component in composite.components
        if component.source.kind == "indicator"
    }
    return [indicator for indicator in scheme.indicators if indicator.code in wanted]


def classes_asked(scheme: Scheme, indicator: Indicator) -> tuple[str, ...]:
    """The place classes whose numbers are asked for: those that the ratings with it rate; empty: all."""
    ratings = [
        rating
        for rating in scheme.ratings
        if any(row.indicator == indicator.code for domain in rating.domains for row in domain.thresholds)
    ]
    if not ratings or not all(rating.categories for rating in ratings):
        return ()
    wanted = {code for rating in ratings for code in rating.categories}
    rated = [category for category in scheme.categories if category.code in wanted]
    return () if any(not category.classes for category in rated) else tuple(c for row in rated for c in row.classes)


@dataclass
class Numbers:
    """The numbers of a scheme's indicators for one period of a ground, read by set and each once."""

    ground: Ground
    scheme: Scheme
    span: Span
    closing: str = ""
    """A period that is being closed: nothing is drawn from its own results."""
    _entered: dict[str, dict[str, Figure]] | None = None
    _drawn: dict[str, Figures] = field(default_factory=dict)
    _subjects: dict[Level, Sequence[Subject]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def indicator(self, code: str) -> Indicator | None:
        """The indicator of that code."""
        return next((row for row in self.scheme.indicators if row.code == code), None)

    def of(self, code: str) -> Figures:
        """The indicator's figures by the code of the places of its own level; of one that is not known, none."""
        indicator = self.indicator(code)
        if indicator is None:
            return {}
        if indicator.counted is None:
            return self._all_entered().get(code, {})
        if code not in self._drawn:
            # two indicators drawn from each other come to nothing, not to an endless chase
            if code in self._begun:
                return {}
            self._begun.add(code)
            from xiangyue.standings.ratings.drawn import draw

            self._drawn[code] = draw(self, indicator)
        return self._drawn[code]

    def for_subjects(self, codes: Iterable[str], subjects: Iterable[Subject]) -> dict[str, dict[str, Figure]]:
        """Subject → indicator → figure."""
        columns = [(code, self.of(code)) for code in dict.fromkeys(codes)]
        return {
            subject.code: {code: figures[subject.code] for code, figures in columns if subject.code in figures}
            for subject in subjects
        }

    def subjects(self, level: Level) -> Sequence[Subject]:
        """The places of a level as they stood on the period's last day."""
        if level not in self._subjects:
            self._subjects[level] = subjects_of(self.ground, self.scheme, self.span, [level])[0]
        return self._subjects[level]

    def _all_entered(self) -> dict[str, dict[str, Figure]]:
        if self._entered is None:
            wanted = [indicator for indicator in self.scheme.indicators if indicator.counted is None]
            self._entered = entered(self.ground, self.scheme.code, wanted, self.span)
        return self._entered


def entered(
    ground: Ground, scheme: str, indicators: Sequence[Indicator], span: Span, place: int | None = None
) -> dict[str, dict[str, Figure]]:
    """Indicator → place code → the number that the period takes (of one place only, when given)."""
    if not indicators:
        return {}
    spans = {indicator.code: span_of(indicator, span) for indicator in indicators}
    stands = {indicator.code for indicator in indicators if indicator.stands}
    latest = max(held.ends_on for held in spans.values())
    marks = ", ".join(["%s"] * len(spans))
    one = "" if place is None else f" AND n.place_id = {int(place)}"
    rows = fetch(
        "SELECT n.indicator, p.code, n.key, n.number, n.id FROM standings_indicatornumber n"
        " JOIN places_place p ON p.id = n.place_id WHERE n.ground_id = %s AND n.scheme = %s AND n.is_current"
        f" AND n.number IS NOT NULL AND n.ends_on <= %s AND n.indicator IN ({marks}){one} ORDER BY n.ends_on, n.id",
        [ground.id, scheme, stored(latest), *spans],
    )
    found: dict[str, dict[str, Figure]] = {code: {} for code in spans}
    for indicator, code, key, number, entry in rows:
        if key == spans[indicator].key or indicator in stands:
            found[indicator][str(code)] = Figure(int(number), int(entry))
    return found


def gathered(ground: Ground, scheme: Scheme, span: Span, subjects: Sequence[Subject]) -> dict[str, dict[str, int]]:
    """Indicator → subject → number, for the composites of a period that is closed on them."""
    wanted = used_by_composites(scheme, span)
    if not wanted:
        return {}
    levels = {
        composite.level
        for composite in scheme.composites
        if composite.period == span.kind and any(c.source.kind == "indicator" for c in composite.components)
    }
    numbers = Numbers(ground, scheme, span, closing=span.key)
    by_subject = numbers.for_subjects(
        [indicator.code for indicator in wanted], [subject for subject in subjects if subject.level in levels]
    )
    found: dict[str, dict[str, int]] = {indicator.code: {} for indicator in wanted}
    for code, figures in by_subject.items():
        for indicator_code, figure in figures.items():
            found[indicator_code][code] = figure.number
    return found


def numbers_by_place(
    ground: Ground, scheme: Scheme, span: Span, composite: Composite, places: Collection[int]
) -> dict[tuple[int, str], int]:
    """(Place's id, indicator) → number of the composite's indicators, for the places asked for."""
    codes = [component.source.indicator for component in composite.components if component.source.kind == "indicator"]
    numbers = Numbers(ground, scheme, span, closing=span.key)
    wanted = set(places)
    subjects, ids = subjects_of(ground, scheme, span, [composite.level])
    found = numbers.for_subjects(codes, [subject for subject in subjects if ids[subject.code] in wanted])
    return {
        (ids[subject], code): figure.number for subject, figures in found.items() for code, figure in figures.items()
    }
