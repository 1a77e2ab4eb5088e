"""Rule 16: a period of a ground closed as one pure function of its facts and its scheme."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from operator import itemgetter
from typing import NamedTuple

from .board import BoardDraw, Spared, Standing, draw
from .columns import ORDER, child_sums, counted_kinds, owns_of
from .component import ChildTotals, Part, part_of_children, part_of_indicator, part_of_sheets
from .days import Span
from .findings import Finding
from .ground import GroundFacts, MonthResult, Subject
from .numbers import clamp
from .ranking import CHAIN, group_level, group_of
from .result import figures, joined, months_words, own_words
from .settings import Board, Component, Composite, Level, Scheme

__all__ = ["Closed", "ClosedComposite", "GroundFacts", "MonthResult", "Row", "Subject", "close", "digest", "order_of"]


class Row(NamedTuple):
    """A subject's line of a closed composite; figures None when unrated, `board` is red, black or empty."""

    code: str
    category: str
    group: str
    own: int | None
    joint: int | None
    paired: int | None
    adjustments: int | None
    result: int | None
    rank: int | None
    board: str
    checks: int


_UNRATED = (None, None, None, None, None, None, "")
type _Moved = tuple[int | None, int, int, int]


@dataclass(frozen=True, slots=True)
class ClosedComposite:
    """A composite's rows (sorted by code), boards and digest; parts and reasons are worked out when asked for."""

    code: str
    name: str
    level: Level
    rows: tuple[Row, ...]
    boards: tuple[BoardDraw, ...]
    digest: str
    basis: _Basis

    def row(self, code: str) -> Row | None:
        """The subject's row, if it has one."""
        at = bisect_left(self.rows, code, key=lambda row: row[0])
        return self.rows[at] if at < len(self.rows) and self.rows[at].code == code else None

    def parts(self, code: str) -> tuple[Part, ...]:
        """The parts that the subject's own figure is made of."""
        return self.basis.parts(code)

    def why(self, code: str) -> str:
        """How the subject's figures came about, in words."""
        row = self.row(code)
        return "" if row is None else self.basis.why(row)


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed period of a ground: one entry per composite, lower levels first."""

    ground: str
    scheme_version: str
    period: Span
    composites: tuple[ClosedComposite, ...]
    findings: tuple[Finding, ...]

    def composite(self, code: str) -> ClosedComposite:
        """The composite of that code; KeyError when it was not closed."""
        for composite in self.composites:
            if composite.code == code:
                return composite
        raise KeyError(code)


def close(facts: GroundFacts, scheme: Scheme, period: Span, composites: Collection[str] | None = None) -> Closed:
    """All composites of the period's kind (or those named) closed on the facts; the same facts give the same bytes."""
    by_level = _by_level(facts.subjects)
    done: list[ClosedComposite] = []
    results: dict[Level, list[int | None]] = {}
    findings: list[Finding] = _unknown(facts)
    for composite in order_of(scheme, period):
        if composites is not None and composite.code not in composites:
            continue
        closed, found = _close_one(facts, scheme, period, composite, by_level, results)
        done.append(closed)
        # children are taken from the first composite of their level
        results.setdefault(composite.level, [row[7] for row in closed.rows])
        findings += found
    return Closed(facts.ground, facts.scheme_version, period, tuple(done), tuple(findings))


def order_of(scheme: Scheme, period: Span) -> list[Composite]:
    """The composites of the period's kind, lower levels first, else in the scheme's order."""
    return sorted((c for c in scheme.composites if c.period == period.kind), key=lambda c: ORDER.index(c.level))


def digest(ground: str, scheme_version: str, period: str, rows: Iterable[Row]) -> str:
    """SHA-256 (hex) of the closed rows in the exact byte format of rule 16; the order of `rows` does not matter."""
    lines = [f"{ground}\t{scheme_version}\t{period}\n"]
    # code points sort as their UTF-8 bytes do
    for code, category, _, own, _, paired, adjustments, result, rank, board, _ in sorted(rows, key=itemgetter(0)):
        if result is None:
            lines.append(f"{code}\t{category}\t\t\t\t\t\t\n")
        else:
            lines.append(f"{code}\t{category}\t{own}\t{paired}\t{adjustments}\t{result}\t{rank}\t{board}\n")
    return sha256("".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a composite's figures were made from, kept to explain them."""

    facts: GroundFacts
    composite: Composite
    children: Mapping[str, Mapping[str, ChildTotals]]
    partner_own: Mapping[str, int | None]
    not_due: frozenset[str]

    def parts(self, code: str) -> tuple[Part, ...]:
        return tuple(self._part(component, code) for component in self.composite.components)

    def _part(self, component: Component, code: str) -> Part:
        source = component.source
        if source.kind == "sheets":
            return part_of_sheets(component, self.facts.totals.get(source.check_kind, {}).get(code))
        if source.kind == "children":
            return part_of_children(component, self.children[component.code].get(code))
        return part_of_indicator(component, self.facts.indicators.get(source.indicator, {}).get(code))

    def why(self, row: Row) -> str:
        if row.code in self.not_due:
            return "本期末外出或空户,不参评"
        composite = self.composite
        if composite.mode == "months":
            months = self.facts.months.get(composite.of, {}).get(row.code, ())
            words = months_words([(m.month, m.result) for m in months], composite.rated_months)
        else:
            words = own_words(self.parts(row.code))
        adjustments = self.facts.adjustments.get(composite.code, {}).get(row.code, ())
        told = figures(row.own, self.partner_own.get(row.code), composite.pair_weight, adjustments)
        return f"{words};{told.why}"


def _by_level(subjects: Iterable[Subject]) -> dict[Level, list[Subject]]:
    levels: dict[Level, list[Subject]] = {level: [] for level in ORDER}
    for subject in subjects:
        levels[subject[1]].append(subject)
    for held in levels.values():
        held.sort(key=itemgetter(0))
    return levels


def _close_one(
    facts: GroundFacts,
    scheme: Scheme,
    period: Span,
    composite: Composite,
    by_level: Mapping[Level, list[Subject]],
    results: Mapping[Level, Sequence[int | None]],
) -> tuple[ClosedComposite, list[Finding]]:
    subjects = by_level[composite.level]
    not_due = frozenset(s[0] for s in subjects if s[4] in scheme.households.not_due)
    children = child_sums(facts, composite, by_level, results, scheme.households.not_due)
    owns = owns_of(facts, composite, subjects, children, not_due)
    partner_own = _partners(facts, composite, owns)
    kinds = counted_kinds(scheme, composite)
    checks = _checks(facts, composite, kinds)
    drafted = _rows(facts, scheme, composite, subjects, owns, partner_own, checks)
    boards = _boards(facts, scheme, composite, subjects, drafted, bool(kinds))
    marks = _marks(boards)
    rows = tuple(row._replace(board=marks[row[0]]) if row[0] in marks else row for row in drafted)
    basis = _Basis(facts, composite, children, partner_own, not_due)
    stamp = digest(facts.ground, facts.scheme_version, period.key, rows)
    closed = ClosedComposite(composite.code, composite.name, composite.level, rows, boards, stamp, basis)
    return closed, _findings(facts, scheme, closed)


def _partners(facts: GroundFacts, composite: Composite, owns: Mapping[str, int]) -> dict[str, int | None]:
    """Code → own figure of its live partner; a months composite has no pairs of its own (rule 5)."""
    if composite.mode == "months":
        return {}
    outside = facts.partners_own.get(composite.code, {})
    partner_own: dict[str, int | None] = {}
    for red, black in facts.pairs.get(composite.code, ()):
        partner_own[red] = owns.get(black, outside.get(black))
        partner_own[black] = owns.get(red, outside.get(red))
    return partner_own


def _checks(facts: GroundFacts, composite: Composite, kinds: frozenset[str]) -> dict[str, int]:
    """Code → counted sheets of the kinds in the composite."""
    if composite.mode == "months":
        months = facts.months.get(composite.of, {})
        return {code: sum(month[2] for month in held) for code, held in months.items()}
    checks: dict[str, int] = {}
    for kind in sorted(kinds):
        held = {code: totals[0] for code, totals in facts.totals.get(kind, {}).items()}
        checks = {c: held.get(c, 0) + checks.get(c, 0) for c in held.keys() | checks.keys()} if checks else held
    return checks


def _rows(
    facts: GroundFacts,
    scheme: Scheme,
    composite: Composite,
    subjects: Sequence[Subject],
    owns: Mapping[str, int],
    partner_own: Mapping[str, int | None],
    checks: Mapping[str, int],
) -> list[Row]:
    """The rows with their ranks, before any board; plain tuples and locals, for a county has 40,000 of them."""
    group_at = group_level(scheme, composite)
    at = CHAIN.index(group_at)
    moved = _moved(facts, composite, owns, partner_own)
    places: list[tuple[str, str]] = []
    groups: dict[tuple[str, str], list[int]] = {}
    for code, _, category, chain, _ in subjects:
        group = chain[at] if len(chain) > at and chain[at] else group_of(chain, group_at) or facts.ground
        key = (group, category)
        places.append(key)
        if code in owns:
            held = groups.get(key)
            if held is None:
                held = groups[key] = []
            held.append(moved[code][3] if code in moved else owns[code])
    ranks = {key: _ranks(held) for key, held in groups.items()}
    rows: list[Row] = []
    new = tuple.__new__
    for subject, (group, category) in zip(subjects, places, strict=True):
        code = subject[0]
        own = owns.get(code)
        if own is None:
            rows.append(new(Row, (code, category, group, *_UNRATED, checks.get(code, 0))))
            continue
        joint, paired, added, result = moved[code] if code in moved else (None, own, 0, own)
        rank = ranks[group, category][result]
        rows.append(new(Row, (code, category, group, own, joint, paired, added, result, rank, "", checks.get(code, 0))))
    return rows


def _moved(
    facts: GroundFacts, composite: Composite, owns: Mapping[str, int], partner_own: Mapping[str, int | None]
) -> dict[str, _Moved]:
    """(Joint, paired, adjustments, result) of the few rated subjects that have a partner or adjustments."""
    adjustments = facts.adjustments.get(composite.code, {})
    moved: dict[str, _Moved] = {}
    for code in partner_own.keys() | adjustments.keys():
        own = owns.get(code)
        if own is not None:
            joint, paired = joined(own, partner_own.get(code), composite.pair_weight)
            added = sum(adjustment.amount for adjustment in adjustments.get(code, ()))
            moved[code] = (joint, paired, added, clamp(paired + added))
    return moved


def _ranks(results: list[int]) -> dict[int, int]:
    """Result → rank in one group: rule 6 as in `ranking.rank`, by result, since equals share a rank."""
    ranks: dict[int, int] = {}
    for n, result in enumerate(sorted(results, reverse=True), 1):
        ranks.setdefault(result, n)
    return ranks


def _boards(
    facts: GroundFacts,
    scheme: Scheme,
    composite: Composite,
    subjects: Sequence[Subject],
    rows: Sequence[Row],
    counted: bool,
) -> tuple[BoardDraw, ...]:
    draws: list[BoardDraw] = []
    for board in scheme.boards:
        if board.composite != composite.code:
            continue
        # a composite of children alone has no sheets of its own to be counted
        asked = board if counted else replace(board, min_checks=0)
        pools = _pools(facts, scheme, board, subjects, rows)
        draws += [draw(pool, asked, group, category) for (group, category), pool in sorted(pools.items())]
    return tuple(draws)


def _pools(
    facts: GroundFacts, scheme: Scheme, board: Board, subjects: Sequence[Subject], rows: Sequence[Row]
) -> dict[tuple[str, str], list[Standing]]:
    """(Group, category) → its rated subjects; a group with none rated keeps an empty pool."""
    helped = scheme.households.helped
    none: frozenset[str] = frozenset()
    cured, upheld = facts.cured.get(board.code, none), facts.upheld.get(board.code, none)
    upheld_red = facts.upheld_red.get(board.code, none)
    new = tuple.__new__
    # rows are grouped for ranks already, most often just as the board wants them
    as_ranked = board.group == group_level(scheme, scheme.composite(board.composite))
    pools: dict[tuple[str, str], list[Standing]] = {}
    for subject, row in zip(subjects, rows, strict=True):
        code, category, group, _, _, _, _, result, _, _, checks = row
        if board.categories and category not in board.categories:
            continue
        if not as_ranked:
            group = group_of(subject[3], board.group) or facts.ground
        pool = pools.get((group, category))
        if pool is None:
            pool = pools[group, category] = []
        if result is None:
            continue
        spared: Spared = ""
        if subject[4] in helped:
            spared = "help"
        elif code in cured:
            spared = "cured"
        elif code in upheld:
            spared = "upheld"
        pool.append(new(Standing, (code, result, checks, spared, code in upheld_red)))
    return pools


def _marks(boards: Iterable[BoardDraw]) -> dict[str, str]:
    """Code → red or black after the take-offs; of several boards the first in the scheme speaks."""
    marks: dict[str, str] = {}
    for board in boards:
        for code in board.red:
            marks.setdefault(code, "red")
        for code in board.black:
            marks.setdefault(code, "black")
    return marks


def _unknown(facts: GroundFacts) -> list[Finding]:
    """Figures of subjects that the ground does not have on the period's last day."""
    codes = {subject[0] for subject in facts.subjects}
    findings = []
    for kind, totals in facts.totals.items():
        strange = sorted(totals.keys() - codes)
        if strange:
            words = f"有 {len(strange)} 个对象的检查不在本期名册里,未计入,例如 {strange[0]}。请核对名册或检查记录。"
            findings.append(Finding("unknown-subject", kind, words))
    return findings


def _findings(facts: GroundFacts, scheme: Scheme, closed: ClosedComposite) -> list[Finding]:
    findings: list[Finding] = []
    if not any(row[7] is not None for row in closed.rows):
        words = f"“{closed.name}”本期没有任何成绩,全部列为未评。请确认检查都已录入。"
        findings.append(Finding("nothing-recorded", closed.code, words))
    if any(category.level == closed.level for category in scheme.categories):
        bare = [row[0] for row in closed.rows if not row[1]]
        if bare:
            words = f"“{closed.name}”有 {len(bare)} 个对象没有类别,例如 {bare[0]}。请在名册里补上类别。"
            findings.append(Finding("no-category", closed.code, words))
    for code in facts.adjustments.get(closed.code, {}):
        row = closed.row(code)
        if row is None or row.result is None:
            words = f"{code} 没有成绩,给它的调整不起作用。请核对调整。"
            findings.append(Finding("adjusted-unrated", code, words))
    return findings
