"""Rule 15: whom incentives pick, what each gets in fen, held against budgets; plans are compared, never cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .findings import Finding
from .settings import Budget, IncentiveRule, Incentives, Pick, PickKind

PICK_WORDS: dict[PickKind, str] = {
    "award": "奖级",
    "rank": "名次",
    "board": "榜",
    "stars": "星级",
    "grade": "等次",
}


class Payee(NamedTuple):
    """A subject that can be paid: its place for the totals, and its heads for amounts per head."""

    code: str
    name: str
    place: str = ""
    heads: int = 1


class Held(NamedTuple):
    """A result in force that a subject holds: a name (class, side, grade) or a number (rank, stars)."""

    subject: str
    kind: PickKind
    of: str
    value: str | int


@dataclass(frozen=True, slots=True)
class Line:
    """One amount for one subject by one rule, in fen."""

    subject: str
    rule: str
    place: str
    source: str
    amount: int
    why: str


@dataclass(frozen=True, slots=True)
class Source:
    """A source's budget and what the plan takes from it, in fen; `over` is what it lacks."""

    source: str
    name: str
    budget: int
    amount: int
    over: int


@dataclass(frozen=True, slots=True)
class IncentivePlan:
    """All lines by subject and rule, those set aside for a larger one of their group, and the totals."""

    lines: tuple[Line, ...]
    set_aside: tuple[Line, ...]
    total: int
    by_rule: tuple[tuple[str, int, int], ...]
    """(Rule, subjects, fen), in the scheme's order."""
    by_place: tuple[tuple[str, int], ...]
    by_source: tuple[Source, ...]
    findings: tuple[Finding, ...]

    @property
    def can_be_approved(self) -> bool:
        """Whether every source has enough."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Change:
    """A line that differs between two plans, in fen; 0 where a plan does not have it."""

    subject: str
    rule: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What a second plan would pay otherwise: lines, totals by rule and place (before, after), and overall."""

    lines: tuple[Change, ...]
    by_rule: tuple[tuple[str, int, int], ...]
    by_place: tuple[tuple[str, int, int], ...]
    before: int
    after: int
    why: str


class Payment(NamedTuple):
    """A row of the payment list: all that a subject gets, in fen, and for what."""

    place: str
    subject: str
    name: str
    amount: int
    why: str


def plan(payees: Iterable[Payee], held: Iterable[Held], incentives: Incentives) -> IncentivePlan:
    """What every subject gets for the results that it holds."""
    by_code = {payee.code: payee for payee in payees}
    results = [row for row in held if row.subject in by_code]
    drafted = [
        (order, rule, _line(by_code[code], rule))
        for order, rule in enumerate(incentives.rules)
        for code in sorted({row.subject for row in results if is_picked(row, rule.pick)})
    ]
    largest = _largest(drafted)
    paid = [line for order, rule, line in drafted if not rule.group or largest[rule.group, line.subject] == order]
    aside = [line for order, rule, line in drafted if rule.group and largest[rule.group, line.subject] != order]
    lines, set_aside = tuple(sorted(paid, key=_place_in_list)), tuple(sorted(aside, key=_place_in_list))
    sources = _sources(lines, incentives.budgets)
    by_rule = tuple((rule.code, *_counted(lines, rule.code)) for rule in incentives.rules)
    total = sum(line.amount for line in lines)
    return IncentivePlan(lines, set_aside, total, by_rule, _by_place(lines), sources, _over(sources))


def is_picked(held: Held, pick: Pick) -> bool:
    """Whether a result is one that the pick asks for; all who tie within a range hold the same number."""
    if (held.kind, held.of) != (pick.kind, pick.of):
        return False
    if isinstance(held.value, int):
        return pick.low <= held.value <= pick.high
    return held.value in pick.values


def approval_refusals(plan: IncentivePlan, drafted_by: str, approver: str) -> tuple[Finding, ...]:
    """Why this person cannot approve the plan; none: they can."""
    own = Finding("same-person", approver, "拟定人不能审批自己的方案。请由另一人审批。")
    return (*plan.findings, *((own,) if drafted_by == approver else ()))


def payments(plan: IncentivePlan, payees: Iterable[Payee]) -> tuple[Payment, ...]:
    """The payment list, one row a subject, by place and code; it adds up to the plan's total."""
    rows = []
    for payee in payees:
        own = [line for line in plan.lines if line.subject == payee.code]
        if own:
            amount = sum(line.amount for line in own)
            rows.append(Payment(payee.place, payee.code, payee.name, amount, "；".join(line.why for line in own)))
    return tuple(sorted(rows, key=lambda row: (row.place, row.subject)))


def compare(before: IncentivePlan, after: IncentivePlan) -> Difference:
    """What the second plan would pay otherwise than the first."""
    one, other = ({(line.subject, line.rule): line.amount for line in p.lines} for p in (before, after))
    keys = sorted(one.keys() | other.keys())
    changes = tuple(Change(*key, one.get(key, 0), other.get(key, 0)) for key in keys if one.get(key) != other.get(key))
    rules = _side_by_side({r: fen for r, _, fen in before.by_rule}, {r: fen for r, _, fen in after.by_rule})
    places = _side_by_side(dict(before.by_place), dict(after.by_place))
    words = f"原方案 {yuan(before.total)}，新方案 {yuan(after.total)}，"
    words += f"相差 {yuan(after.total - before.total)}，涉及 {len({row.subject for row in changes})} 个对象"
    return Difference(changes, rules, places, before.total, after.total, words)


def yuan(fen: int) -> str:
    """`40000000` fen as `400,000.00 元`."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d} 元"


def _line(payee: Payee, rule: IncentiveRule) -> Line:
    if rule.per_head:
        amount = rule.amount * payee.heads
        words = f"{rule.name}：每人 {yuan(rule.amount)}，{payee.heads} 人，{yuan(amount)}"
    else:
        amount, words = rule.amount, f"{rule.name}：{yuan(rule.amount)}"
    words += f"（依据{PICK_WORDS[rule.pick.kind]}）"
    return Line(payee.code, rule.code, payee.place, rule.source, amount, words)


def _largest(drafted: Sequence[tuple[int, IncentiveRule, Line]]) -> dict[tuple[str, str], int]:
    """(Group, subject) → the order of its largest line, of equals the first in the scheme."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for order, rule, line in drafted:
        key = (rule.group, line.subject)
        found[key] = min(found.get(key, (-line.amount, order)), (-line.amount, order))
    return {key: order for key, (_, order) in found.items()}


def _place_in_list(line: Line) -> tuple[str, str]:
    return line.subject, line.rule


def _counted(lines: Sequence[Line], rule: str) -> tuple[int, int]:
    own = [line.amount for line in lines if line.rule == rule]
    return len(own), sum(own)


def _by_place(lines: Iterable[Line]) -> tuple[tuple[str, int], ...]:
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.place] = totals.get(line.place, 0) + line.amount
    return tuple(sorted(totals.items()))


def _sources(lines: Sequence[Line], budgets: Iterable[Budget]) -> tuple[Source, ...]:
    held = {budget.source: budget for budget in budgets}
    rows = []
    for code in sorted(held.keys() | {line.source for line in lines}):
        budget = held.get(code, Budget(code, code, 0))
        amount = sum(line.amount for line in lines if line.source == code)
        rows.append(Source(code, budget.name, budget.amount, amount, max(0, amount - budget.amount)))
    return tuple(rows)


def _over(sources: Iterable[Source]) -> tuple[Finding, ...]:
    words = "{name}预算 {budget}，方案要 {amount}，超出 {over}，不能审批。请增加预算或调整方案；方案本身不会被削减。"
    return tuple(
        Finding(
            "over-budget",
            row.source,
            words.format(name=row.name, budget=yuan(row.budget), amount=yuan(row.amount), over=yuan(row.over)),
        )
        for row in sources
        if row.over > 0
    )


def _side_by_side(one: Mapping[str, int], other: Mapping[str, int]) -> tuple[tuple[str, int, int], ...]:
    return tuple((code, one.get(code, 0), other.get(code, 0)) for code in sorted(one.keys() | other.keys()))
