"""The live ranking of villages and townships: read from a row a village, never from the households."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiangyue.base.problems import Problem
from xiangyue.rules.closing import order_of
from xiangyue.rules.columns import child_sums, counted_kinds, owns_of
from xiangyue.rules.component import ChildTotals
from xiangyue.rules.ground import GroundFacts, Subject
from xiangyue.rules.rows import Row, checks_of, partners_of, rows_of
from xiangyue.rules.settings import Composite, Level
from xiangyue.standings import problems
from xiangyue.standings.facts import adjustments_of, numbers_taken, pairs_of, subjects_of, version_name
from xiangyue.standings.live import LEAVES, Open, ensure, open_of
from xiangyue.standings.models import Period
from xiangyue.standings.totals import fetch, running_totals

UPPER: tuple[Level, ...] = ("village", "township", "county")


@dataclass(frozen=True, slots=True)
class LiveComposite:
    """A composite of an upper level as it stands: rows by code, and what its parts were made of."""

    composite: Composite
    rows: tuple[Row, ...]
    children: Mapping[str, Mapping[str, ChildTotals]]


@dataclass(frozen=True, slots=True)
class Live:
    """An open period as it stands."""

    period: Open
    composites: tuple[LiveComposite, ...]
    facts: GroundFacts
    ids: Mapping[str, int]

    def composite(self, code: str) -> LiveComposite:
        """The composite of that code; KeyError when there is none."""
        for held in self.composites:
            if held.composite.code == code:
                return held
        raise KeyError(code)


def ranking(period: Period) -> Live:
    """The standing of villages and townships in an open period; Problem when it is closed."""
    opened = open_of(period)
    if opened is None:
        raise Problem(problems.WRONG_STATE, version="", state="已关账", act="看实时排名")
    ensure(opened)
    facts, ids, below = _facts(opened)
    by_level: dict[Level, list[Subject]] = {level: [] for level in (*LEAVES, *UPPER)}
    for subject in facts.subjects:
        by_level[subject.level].append(subject)
    for rows in by_level.values():
        rows.sort()
    done: list[LiveComposite] = []
    results: dict[Level, list[int | None]] = {}
    for composite in order_of(opened.scheme, opened.span):
        if composite.level in UPPER and composite.mode == "records":
            held = _one(opened, facts, composite, by_level, results, below)
            results.setdefault(composite.level, [row.result for row in held.rows])
            done.append(held)
    return Live(opened, tuple(done), facts, ids)


def _one(
    period: Open,
    facts: GroundFacts,
    composite: Composite,
    by_level: Mapping[Level, list[Subject]],
    results: Mapping[Level, list[int | None]],
    below: Mapping[Level, Mapping[str, ChildTotals]],
) -> LiveComposite:
    subjects = by_level[composite.level]
    children = child_sums(facts, composite, by_level, results, period.scheme.households.not_due)
    for component in composite.components:
        level = component.source.level
        if level is not None and level in below:
            children[component.code] = _at(subjects, below[level], by_level["village"])
    owns = owns_of(facts, composite, subjects, children, frozenset())
    partners = partners_of(facts, composite, owns)
    checks = checks_of(facts, composite, counted_kinds(period.scheme, composite))
    rows = rows_of(facts, period.scheme, composite, subjects, owns, partners, checks)
    return LiveComposite(composite, tuple(rows), children)


def _at(subjects: list[Subject], sums: Mapping[str, ChildTotals], villages: list[Subject]) -> dict[str, ChildTotals]:
    """The villages' sums for villages, or added up for what stands above them."""
    if subjects and subjects[0].level == "village":
        return {s.code: sums[s.code] for s in subjects if s.code in sums}
    wanted = {s.code for s in subjects}
    found: dict[str, ChildTotals] = {}
    for village in villages:
        held = sums.get(village.code)
        for code in village.chain:
            if held is not None and code in wanted:
                old = found.get(code, ChildTotals(0, 0, 0, 0))
                found[code] = ChildTotals(*(a + b for a, b in zip(old, held, strict=True)))
    return found


def _facts(period: Open) -> tuple[GroundFacts, Mapping[str, int], dict[Level, dict[str, ChildTotals]]]:
    """The upper levels' facts from the running totals, and what the leaves below each village came to."""
    leaves = {composite.level: composite.code for composite in reversed(period.leaves())}
    levels: list[Level] = [*UPPER]
    if "household" not in leaves and _by_households(period):
        levels.append("household")
    subjects, ids = subjects_of(period.ground, period.scheme, period.span, levels)
    codes = {ids[subject.code]: subject.code for subject in subjects if subject.level in UPPER}
    below: dict[Level, dict[str, ChildTotals]] = {level: {} for level in leaves}
    households: dict[str, int] = {}
    for village, composite, due, rated, total in _village_sums(period.id, codes):
        for level, code in leaves.items():
            if code == composite:
                below[level][codes[village]] = ChildTotals(due, rated, total, rated)
                if level == "household":
                    households[codes[village]] = due
    for subject in subjects:
        if subject.level == "village":
            for above in subject.chain:
                households[above] = households.get(above, 0) + households.get(subject.code, 0)
    facts = GroundFacts(
        ground=period.ground.code,
        scheme_version=version_name(period.scheme, period.version),
        subjects=subjects,
        totals=running_totals(period.ground.id, period.scheme, period.span, codes),
        adjustments=adjustments_of(period.id),
        pairs=pairs_of(period.id),
        indicators=numbers_taken(period.ground, period.scheme, period.span, subjects),
        households=households if "household" in leaves else {},
    )
    return facts, ids, below


def _by_households(period: Open) -> bool:
    return any(
        component.source.by_households for composite in period.scheme.composites for component in composite.components
    )


def _village_sums(period: int, ids: Mapping[int, str]) -> list[tuple[int, str, int, int, int]]:
    listed = ", ".join(map(str, ids)) or "NULL"
    rows = fetch(
        "SELECT subject_id, composite, n_due, n_children, children_sum FROM standings_livefigure"
        f" WHERE period_id = %s AND subject_id IN ({listed})",
        [period],
    )
    return [(int(a), str(b), int(c), int(d), int(e)) for a, b, c, d, e in rows]
