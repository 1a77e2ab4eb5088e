"""Rule 16: a period of a ground closed as one pure function of its facts and its scheme."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from operator import itemgetter

from .board import BoardDraw, draw
from .columns import ORDER, child_sums, counted_kinds, owns_of
from .component import ChildTotals, Part, part_of_children, part_of_indicator, part_of_sheets
from .days import Span
from .findings import Finding
from .ground import GroundFacts, MonthResult, Subject
from .result import figures, months_words, own_words
from .rows import Row, checks_of, partners_of, pools_of, rows_of
from .settings import Component, Composite, Indicator, Level, Scheme

__all__ = ["Closed", "ClosedComposite", "GroundFacts", "MonthResult", "Row", "Subject", "close", "digest", "order_of"]


@dataclass(frozen=True)
class ClosedComposite:
    """A composite's rows (sorted by code) and boards; digest, parts and reasons are worked out when asked for."""

    code: str
    name: str
    level: Level
    rows: tuple[Row, ...]
    boards: tuple[BoardDraw, ...]
    period: str
    basis: _Basis

    @cached_property
    def digest(self) -> str:
        """Rule 16's digest of the rows."""
        facts = self.basis.facts
        return digest(facts.ground, facts.scheme_version, self.period, self.rows)

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
    indicators: Mapping[str, Indicator]

    def parts(self, code: str) -> tuple[Part, ...]:
        return tuple(self._part(component, code) for component in self.composite.components)

    def _part(self, component: Component, code: str) -> Part:
        source = component.source
        if source.kind == "sheets":
            return part_of_sheets(component, self.facts.totals.get(source.check_kind, {}).get(code))
        if source.kind == "children":
            return part_of_children(component, self.children[component.code].get(code))
        number = self.facts.indicators.get(source.indicator, {}).get(code)
        return part_of_indicator(component, number, self.indicators.get(source.indicator))

    def why(self, row: Row) -> str:
        if row.code in self.not_due:
            return "本期末外出或空户，不参评"
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
    partner_own = partners_of(facts, composite, owns)
    kinds = counted_kinds(scheme, composite)
    checks = checks_of(facts, composite, kinds)
    drafted = rows_of(facts, scheme, composite, subjects, owns, partner_own, checks)
    boards = _boards(facts, scheme, composite, subjects, drafted, bool(kinds))
    marks = _marks(boards)
    rows = tuple([row._replace(board=marks[row[0]]) if row[0] in marks else row for row in drafted])
    indicators = {indicator.code: indicator for indicator in scheme.indicators}
    basis = _Basis(facts, composite, children, partner_own, not_due, indicators)
    closed = ClosedComposite(composite.code, composite.name, composite.level, rows, boards, period.key, basis)
    return closed, _findings(facts, scheme, closed)


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
        pools = pools_of(facts, scheme, board, subjects, rows)
        draws += [draw(pool, asked, group, category) for (group, category), pool in sorted(pools.items())]
    return tuple(draws)


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
        if not all(map(codes.__contains__, totals)):
            strange = sorted(totals.keys() - codes)
            words = f"有 {len(strange)} 个对象的检查不在本期名册里，未计入，例如 {strange[0]}。请核对名册或检查记录。"
            findings.append(Finding("unknown-subject", kind, words))
    return findings


def _findings(facts: GroundFacts, scheme: Scheme, closed: ClosedComposite) -> list[Finding]:
    findings: list[Finding] = []
    if not any(row[7] is not None for row in closed.rows):
        words = f"“{closed.name}”本期没有任何成绩，全部列为未评。请确认检查都已录入。"
        findings.append(Finding("nothing-recorded", closed.code, words))
    if any(category.level == closed.level for category in scheme.categories):
        bare = [row[0] for row in closed.rows if not row[1]]
        if bare:
            words = f"“{closed.name}”有 {len(bare)} 个对象没有类别，例如 {bare[0]}。请在名册里补上类别。"
            findings.append(Finding("no-category", closed.code, words))
    for code in facts.adjustments.get(closed.code, {}):
        row = closed.row(code)
        if row is None or row.result is None:
            words = f"{code} 没有成绩，给它的调整不起作用。请核对调整。"
            findings.append(Finding("adjusted-unrated", code, words))
    return findings
