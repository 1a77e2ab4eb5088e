"""Rules 3–5 for a whole level at once: the own figures of a composite's subjects, a component at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .component import ChildTotals, children_value, indicator_value, sheets_value
from .ground import GroundFacts, Subject
from .numbers import half_up
from .ranking import CHAIN
from .result import of_months
from .settings import Component, Composite, Level, Scheme

ORDER: tuple[Level, ...] = ("public_place", "household", "hamlet", "village", "township", "county")
"""Lower levels first: a level takes children's results only from those before it."""

type ChildSums = Mapping[str, Mapping[str, ChildTotals]]
"""Component → place → what its children of the component's level came to."""


def owns_of(
    facts: GroundFacts,
    composite: Composite,
    subjects: Sequence[Subject],
    children: ChildSums,
    not_due: frozenset[str],
) -> dict[str, int]:
    """Own figures of the rated subjects; those away or empty are left out."""
    if composite.mode == "months":
        months = facts.months.get(composite.of, {})
        means = {code: of_months((m[1] for m in held), composite.rated_months) for code, held in months.items()}
        return _due(means, subjects, not_due)
    columns = [(c.weight, c.required, _values(facts, c, children)) for c in composite.components]
    if len(columns) == 1:
        weight, _, values = columns[0]
        return _due(values, subjects, not_due) if weight > 0 else {}
    return _due({s[0]: _weighed(columns, s[0]) for s in subjects}, subjects, not_due)


def child_sums(
    facts: GroundFacts,
    composite: Composite,
    by_level: Mapping[Level, Sequence[Subject]],
    results: Mapping[Level, Sequence[int | None]],
    absent: tuple[str, ...],
) -> dict[str, dict[str, ChildTotals]]:
    """Sums of children's `results` (in the order of `by_level`) per component; absent children stand apart."""
    sums: dict[str, dict[str, ChildTotals]] = {}
    for component in composite.components:
        level = component.source.level
        if component.source.kind != "children" or level is None:
            continue
        sums[component.code] = {}
        if level in results and composite.level in CHAIN:
            weights = None
            if component.source.by_households and level in CHAIN:
                households = by_level["household"]
                weights = facts.households or _count_households(households, CHAIN.index(level), absent)
            at = CHAIN.index(composite.level)
            sums[component.code] = _sum(by_level[level], results[level], at, absent, weights)
    return sums


def counted_kinds(scheme: Scheme, composite: Composite) -> frozenset[str]:
    """The check kinds whose sheets count towards a board's minimum: those in the composite (of months: in its `of`)."""
    made_of = scheme.composite(composite.of) if composite.mode == "months" else composite
    return frozenset(c.source.check_kind for c in made_of.components if c.source.kind == "sheets")


def _weighed(columns: Sequence[tuple[int, bool, Mapping[str, int | None]]], code: str) -> int | None:
    total = weights = 0
    for weight, required, values in columns:
        value = values.get(code)
        if value is not None:
            total += weight * value
            weights += weight
        elif required:
            return None
    return half_up(total, weights) if weights > 0 else None


def _due(values: Mapping[str, int | None], subjects: Sequence[Subject], not_due: frozenset[str]) -> dict[str, int]:
    get = values.get
    return {
        subject[0]: value
        for subject in subjects
        if (value := get(subject[0])) is not None and subject[0] not in not_due
    }


def _values(facts: GroundFacts, component: Component, children: ChildSums) -> dict[str, int | None]:
    source = component.source
    if source.kind == "sheets":
        held = facts.totals.get(source.check_kind, {})
        if source.take == "mean":
            # half_up spelled out: this line runs once for each household of a county
            return {code: (2 * total + n) // (2 * n) if n > 0 else None for code, (n, total, _, _, _) in held.items()}
        return {code: sheets_value(source.take, t) for code, t in held.items()}
    if source.kind == "children":
        return {code: children_value(source.share, t) for code, t in children[component.code].items()}
    numbers = facts.indicators.get(source.indicator, {})
    return {code: indicator_value(source.bands, number) for code, number in numbers.items()}


def _sum(
    subjects: Sequence[Subject],
    results: Sequence[int | None],
    at: int,
    absent: tuple[str, ...],
    weights: Mapping[str, int] | None,
) -> dict[str, ChildTotals]:
    sums: dict[str, list[int]] = {}
    for (code, _, _, chain, state), result in zip(subjects, results, strict=True):
        if state in absent or len(chain) <= at:
            continue
        held = sums.get(chain[at])
        if held is None:
            held = sums[chain[at]] = [0, 0, 0, 0]
        held[0] += 1
        if result is not None:
            weight = 1 if weights is None else weights.get(code, 0)
            held[1] += 1
            held[2] += result * weight
            held[3] += weight
    return {code: ChildTotals(*held) for code, held in sums.items()}


def _count_households(households: Sequence[Subject], at: int, absent: tuple[str, ...]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for household in households:
        chain = household[3]
        if household[4] not in absent and len(chain) > at:
            counts[chain[at]] = counts.get(chain[at], 0) + 1
    return counts
