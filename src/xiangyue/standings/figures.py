"""What a figure is made of: the sum written out, with a way to each of its parts, closed or live."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.scope import Scope, not_hidden
from xiangyue.places.models import Place
from xiangyue.rules.component import (
    ChildTotals,
    Part,
    SheetTotals,
    part_of_children,
    part_of_indicator,
    part_of_sheets,
)
from xiangyue.rules.result import Adjustment, figures, joined, months_words
from xiangyue.rules.settings import Component, Composite, Indicator, Scheme
from xiangyue.standings.facts import adjustments_of
from xiangyue.standings.late import month_numbers
from xiangyue.standings.live import LEAVES, numbers_of_leaf, open_of
from xiangyue.standings.live_ranking import Live, LiveComposite, ranking
from xiangyue.standings.models import Closing, LiveFigure, Period, Result
from xiangyue.standings.totals import fetch, running_totals


@dataclass(frozen=True, slots=True)
class Term:
    """One part of the sum, as the page's `sum` block takes it."""

    name: str
    weight: int | None
    value: int | None
    why: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What is added after the weighed mean."""

    sign: str
    value: int
    name: str
    why: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure with its sum written out."""

    name: str
    parts: Sequence[Term]
    divisor: int
    result: int | None
    then: Sequence[Step] = ()
    final: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A subject's figures in a period's composite, closed or live."""

    composite: Composite
    own: int | None
    joint: int | None
    paired: int | None
    adjustments: int | None
    result: int | None
    rank: int | None
    board: str
    n_checks: int
    why: str
    category: str
    group: str
    partner_id: int | None
    partner_own: int | None
    parts: Sequence[Part]
    months: Sequence[tuple[str, int | None]] = ()
    named: Sequence[Adjustment] = ()

    @property
    def unrated(self) -> str:
        """Why there is no figure, in words."""
        return {
            "away": "本期末外出，不参评",
            "empty": "本期末空置，不参评",
            "none": "各项都缺或必有的一项缺，没有成绩",
        }.get(self.why, "")

    def written_out(self, url: Callable[[Component], str]) -> Sum:
        """The sum of the own figure and what follows it."""
        told = figures(self.own, self.partner_own, self.composite.pair_weight, self.named).why
        steps = [] if self.joint is None or self.paired is None or self.own is None else [_pair_step(self)]
        steps += [_adjustment_step(row) for row in self.named if self.own is not None]
        final = self.result if steps else None
        if self.composite.mode == "months":
            terms = [
                Term(month, None, result, "当月考核结果" if result is not None else "当月没有成绩")
                for month, result in self.months
            ]
            n = sum(result is not None for _, result in self.months)
            words = months_words(list(self.months), self.composite.rated_months)
            return Sum(self.composite.name, terms, n or 1, self.own, steps, final, f"{words};{told}")
        by_code = {component.code: component for component in self.composite.components}
        terms = [Term(p.name, p.weight, p.value, p.why, url(by_code[p.code])) for p in self.parts]
        divisor = sum(part.weight for part in self.parts if part.value is not None)
        return Sum(self.composite.name, terms, divisor or 1, self.own, steps, final, told)


def figure_of(period: Period, closing: Closing | None, composite: Composite, place: Place) -> Figure | None:
    """A subject's figures in a closing, or live in an open period; None when it has none there."""
    if closing is not None:
        return _closed(closing, composite, place)
    return _live_leaf(period, composite, place) if composite.level in LEAVES else _live_upper(period, composite, place)


def composites_of(period: Period, closing: Closing | None) -> list[Composite]:
    """The period's composites, upper levels first."""
    if closing is not None:
        scheme = scheme_of(closing.scheme_version)
    else:
        opened = open_of(period)
        assert opened is not None
        scheme = opened.scheme
    order = ("county", "township", "village", "hamlet", "public_place", "household")
    return sorted((c for c in scheme.composites if c.period == period.kind), key=lambda c: order.index(c.level))


def _closed(closing: Closing, composite: Composite, place: Place) -> Figure | None:
    row = Result.objects.filter(standing__closing=closing, standing__composite=composite.code, subject=place).first()
    if row is None:
        return None
    months: list[tuple[str, int | None]] = []
    parts: list[Part] = []
    if composite.mode == "months":
        months = [(month, result) for month, result, _ in row.parts]
    else:
        scheme = scheme_of(closing.scheme_version)
        parts = [
            part_from(component, held, indicator_of(scheme, component))
            for component, held in zip(composite.components, row.parts, strict=False)
        ]
    partner_own = None
    if row.partner_id:
        partner_own = (
            Result.objects.filter(standing=row.standing_id, subject=row.partner_id)
            .values_list("own", flat=True)
            .first()
        )
    return Figure(
        composite, row.own, row.joint, row.paired, row.adjustments, row.result, row.rank, row.board, row.n_checks,
        row.why, row.category, row.group_code, row.partner_id, partner_own, parts, months,
        _named(closing.pk, composite.code, place.code) if row.own is not None else (),
    )  # fmt: skip


def part_from(component: Component, held: Sequence[Any], indicator: Indicator | None = None) -> Part:
    """A component as it was stored with a result."""
    value, n, total = held[:3]
    if component.source.kind == "sheets":
        return part_of_sheets(component, SheetTotals(n, total, value, value, value) if n else None)
    if component.source.kind == "children":
        rated, due = (held[3], held[4]) if len(held) > 4 else (0, 0)
        return part_of_children(component, ChildTotals(due, rated, total, n))
    return part_of_indicator(component, total if value is not None else None, indicator)


def _named(closing_id: int, composite: str, code: str) -> list[Adjustment]:
    """The adjustments that a closing took, from its roll: what was entered since is not in it."""
    from xiangyue.standings.models import Roster
    from xiangyue.standings.roster import adjustments_in

    data = Roster.objects.filter(closing=closing_id).values_list("data", flat=True).first()
    return adjustments_in(bytes(data), composite, code) if data is not None else []


def _live_upper(period: Period, composite: Composite, place: Place) -> Figure | None:
    live = ranking(period)
    try:
        held = live.composite(composite.code)
    except KeyError:
        return None
    row = next((row for row in held.rows if row.code == place.code), None)
    if row is None:
        return None
    facts = live.facts
    partners: Mapping[str, str] = {
        one: other for pair in facts.pairs.get(composite.code, ()) for one, other in (pair, pair[::-1])
    }
    other = next((r for r in held.rows if r.code == partners.get(row.code)), None)
    parts = [_live_part(component, held, live, row.code) for component in composite.components]
    named = facts.adjustments.get(composite.code, {}).get(row.code, ())
    return Figure(
        composite, row.own, row.joint, row.paired, row.adjustments, row.result, row.rank, "", row.checks,
        "" if row.own is not None else "none", row.category, row.group,
        live.ids.get(other.code) if other else None, other.own if other else None, parts, (), named,
    )  # fmt: skip


def _live_part(component: Component, held: LiveComposite, live: Live, code: str) -> Part:
    source, facts = component.source, live.facts
    if source.kind == "children":
        return part_of_children(component, held.children[component.code].get(code))
    if source.kind == "sheets":
        return part_of_sheets(component, facts.totals.get(source.check_kind, {}).get(code))
    number = facts.indicators.get(source.indicator, {}).get(code)
    return part_of_indicator(component, number, indicator_of(live.period.scheme, component))


def indicator_of(scheme: Scheme, component: Component) -> Indicator | None:
    """The indicator that a component takes, so that its number is told with its unit."""
    return next((row for row in scheme.indicators if row.code == component.source.indicator), None)


def _live_leaf(period: Period, composite: Composite, place: Place) -> Figure | None:
    row = LiveFigure.objects.filter(period=period, composite=composite.code, subject=place).first()
    opened = open_of(period)
    if row is None or opened is None:
        return None
    totals = running_totals(period.ground_id, opened.scheme, opened.span, {place.pk: place.code})
    numbers = numbers_of_leaf(opened, composite, [place.pk])
    parts = [
        part_of_sheets(component, totals.get(component.source.check_kind, {}).get(place.code))
        if component.source.kind == "sheets"
        else part_of_indicator(
            component, numbers.get((place.pk, component.source.indicator)), indicator_of(opened.scheme, component)
        )
        for component in composite.components
    ]
    partner_own = None
    if row.partner_id:
        partner_own = (
            LiveFigure.objects.filter(period=period, composite=composite.code, subject=row.partner_id)
            .values_list("own", flat=True)
            .first()
        )
    joint, paired = joined(row.own, partner_own, composite.pair_weight)
    named = adjustments_of(period.pk).get(composite.code, {}).get(place.code, []) if row.added else []
    why = "" if row.own is not None else "none" if row.due else "away"
    return Figure(
        composite, row.own, joint, paired, row.added if row.own is not None else None, row.result, None, "",
        row.n_checks, why, "", place.village.code if place.village else "", row.partner_id, partner_own, parts, (), named,
    )  # fmt: skip


def _pair_step(figure: Figure) -> Step:
    assert figure.own is not None
    assert figure.paired is not None
    assert figure.joint is not None
    moved = figure.paired - figure.own
    w = figure.composite.pair_weight
    why = f"结对：共同成绩占 {w}%，本身成绩占 {100 - w}%"
    return Step("−" if moved < 0 else "+", abs(moved), "结对", why)


def _adjustment_step(row: Adjustment) -> Step:
    return Step("−" if row.amount < 0 else "+", abs(row.amount), row.name or "加减分", row.reason)


def kinds_below(period: Period, closing: Closing | None, composite: Composite) -> frozenset[str]:
    """The kinds of check that a composite takes, itself or through the levels below it."""
    held, levels = composites_of(period, closing), {composite.level}
    parts = list(composite.components)
    for part in parts:
        level = part.source.level
        if part.source.kind == "children" and level and level not in levels:
            levels.add(level)
            parts += [one for row in held if row.level == level for one in row.components]
    return frozenset(part.source.check_kind for part in parts if part.source.kind == "sheets")


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One check behind a figure."""

    id: int
    day: Any
    kind: str
    inspector: str
    score: int
    n_faults: int


def sheets_of(
    scope: Scope, period: Period, closing: Closing | None, composite: Composite, place: Place
) -> list[SheetLine]:
    """The counted checks of a subject in a composite, newest first (of a closing: those it was closed on)."""
    from xiangyue.checks.models import Check
    from xiangyue.rules.days import parse_period

    kinds = [c.source.check_kind for c in composite.components if c.source.kind == "sheets"]
    rows = Check.objects.filter(
        subject=place,
        state=Check.State.COUNTED,
        month__in=month_numbers(parse_period(period.key)),
        kind__code__in=kinds,
        kind__scheme=period.scheme,
    )
    if closing is not None:
        rows = rows.filter(pk__lte=closing.last_check)
    fields = ("pk", "day", "kind__name", "inspector__name", "score", "n_faults")
    seen = not_hidden(rows, scope)
    return [SheetLine(*row) for row in seen.order_by("-day", "-made_at", "-pk").values_list(*fields)[:200]]


def places_named(codes: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Code → (row id, name)."""
    marks = ", ".join(["%s"] * len(codes)) or "NULL"
    return {
        r[1]: (r[0], r[2])
        for r in fetch(f"SELECT id, code, name FROM places_place WHERE code IN ({marks})", list(codes))
    }
