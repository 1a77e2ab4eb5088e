"""What if: places, floors, amounts, ranges and budgets changed on the page, drawn and planned anew beside the scheme's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from xiangyue.rewards.award_facts import Draw, draw_award, draw_grading
from xiangyue.rewards.incentive_actions import with_what_is_left
from xiangyue.rewards.incentive_facts import Holdings, holdings, list_settings, payees, picks_of, redrawn
from xiangyue.rewards.subjects import Who
from xiangyue.rewards.working import Work
from xiangyue.rules import incentives as rule
from xiangyue.rules.numbers import show
from xiangyue.rules.settings import Award, AwardClass, GradeBand, Grading, IncentiveRule, Incentives, Scheme

MOST = 10**12


@dataclass(frozen=True, slots=True)
class Knob:
    """One number that can be changed: its field's name, its label, the scheme's value, the one asked, what is wrong."""

    name: str
    label: str
    own: str
    value: str
    unit: str
    wrong: bool = False

    @property
    def changed(self) -> bool:
        """Whether another number than the scheme's is asked."""
        return self.value != self.own and not self.wrong


@dataclass(frozen=True, slots=True)
class KnobGroup:
    """The knobs of one award, of the amounts, or of the budgets."""

    title: str
    rows: tuple[tuple[str, tuple[Knob, ...]], ...]
    """(Row's name, its knobs)."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """Two plans on the same results, what differs, and the numbers that were asked."""

    before: rule.IncentivePlan
    after: rule.IncentivePlan
    difference: rule.Difference
    groups: tuple[KnobGroup, ...]
    who: Mapping[str, Who]
    missing: tuple[str, ...]
    draws: tuple[tuple[str, Draw, Draw], ...]
    """(Award or grading, its classes before, and after)."""

    @property
    def changed(self) -> bool:
        """Whether any number was changed."""
        return any(knob.changed for group in self.groups for _, knobs in group.rows for knob in knobs)


class Asked:
    """The numbers asked on the page; each knob is told once, with what the scheme has."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self.told = told

    def whole(self, name: str, label: str, own: int, unit: str) -> tuple[int, Knob]:
        """A whole number ≥ 0."""
        text = self.told.get(name, "").strip() or str(own)
        sound = text.isdigit() and int(text) < MOST
        return (int(text) if sound else own), Knob(name, label, str(own), text, unit, not sound)

    def hundredths(self, name: str, label: str, own: int, unit: str) -> tuple[int, Knob]:
        """A number ≥ 0 with at most two decimals, as whole hundredths."""
        written = show(own).removesuffix(".00")
        text = self.told.get(name, "").strip().replace(",", "") or written
        value = _hundredths(text)
        return (own if value is None else value), Knob(name, label, written, text, unit, value is None)


def _hundredths(text: str) -> int | None:
    try:
        value = Decimal(text) * 100
    except InvalidOperation:
        return None
    return int(value) if value.is_finite() and 0 <= value < MOST and value == int(value) else None


def simulate(work: Work, incentives: Incentives, told: Mapping[str, str]) -> Simulation:
    """The incentives on what the rules would draw now, beside the same with the numbers asked."""
    asked = Asked(told)
    picked: set[tuple[str, str]] = {(row.pick.kind, row.pick.of) for row in incentives.rules}
    awards, award_groups = _awards(work.scheme, asked, picked)
    gradings, grading_groups = _gradings(work.scheme, asked, picked)
    other, money_groups = _money(with_what_is_left(work, incentives), asked)
    scheme = replace(work.scheme, awards=awards, gradings=gradings)
    found = holdings(work, picks_of(incentives), anew=True)
    changed = redrawn(found, scheme, incentives)
    paid = payees(work, incentives, changed)
    before = rule.plan(paid.values(), found.held, with_what_is_left(work, incentives))
    after = rule.plan(paid.values(), changed.held, other)
    return Simulation(
        before, after, rule.compare(before, after), (*award_groups, *grading_groups, *money_groups), changed.who,
        tuple(found.missing), _draws(work.scheme, scheme, found, incentives),
    )  # fmt: skip


def _awards(scheme: Scheme, asked: Asked, picked: set[tuple[str, str]]) -> tuple[tuple[Award, ...], list[KnobGroup]]:
    made: list[Award] = []
    groups: list[KnobGroup] = []
    for award in scheme.awards:
        if ("award", award.code) not in picked:
            made.append(award)
            continue
        classes: list[AwardClass] = []
        rows: list[tuple[str, tuple[Knob, ...]]] = []
        for row in award.classes:
            stem = f"{award.code}.{row.code}"
            places, one = asked.whole(f"places.{stem}", "名额", row.places, "个")
            floor, two = asked.hundredths(f"floor.{stem}", "分数线", row.floor, "分")
            classes.append(replace(row, places=places, floor=floor))
            rows.append((row.name, (one, two)))
        made.append(replace(award, classes=tuple(classes)))
        groups.append(KnobGroup(award.name, tuple(rows)))
    return tuple(made), groups


def _gradings(
    scheme: Scheme, asked: Asked, picked: set[tuple[str, str]]
) -> tuple[tuple[Grading, ...], list[KnobGroup]]:
    made: list[Grading] = []
    groups: list[KnobGroup] = []
    for grading in scheme.gradings:
        if ("grade", grading.code) not in picked or grading.basis == "entered":
            made.append(grading)
            continue
        bands: list[GradeBand] = []
        rows: list[tuple[str, tuple[Knob, ...]]] = []
        for row in grading.grades:
            stem = f"{grading.code}.{row.code}"
            places, one = asked.whole(f"places.{stem}", "名额", row.places, "个")
            floor, two = asked.hundredths(f"floor.{stem}", "分数线", row.floor, "分")
            bands.append(replace(row, places=places, floor=floor))
            rows.append((row.name, (one, two)))
        made.append(replace(grading, grades=tuple(bands)))
        groups.append(KnobGroup(grading.name, tuple(rows)))
    return tuple(made), groups


def _money(incentives: Incentives, asked: Asked) -> tuple[Incentives, list[KnobGroup]]:
    rules: list[IncentiveRule] = []
    rows: list[tuple[str, tuple[Knob, ...]]] = []
    for row in incentives.rules:
        amount, knob = asked.hundredths(f"amount.{row.code}", "每人" if row.per_head else "每个", row.amount, "元")
        knobs = [knob]
        pick = row.pick
        if pick.kind in ("rank", "stars"):
            low, first = asked.whole(f"low.{row.code}", "从", pick.low, "名" if pick.kind == "rank" else "星")
            high, last = asked.whole(f"high.{row.code}", "到", pick.high, "名" if pick.kind == "rank" else "星")
            pick, knobs = replace(pick, low=low, high=high), [knob, first, last]
        rules.append(replace(row, amount=amount, pick=pick))
        rows.append((row.name, tuple(knobs)))
    budgets = []
    held: list[tuple[str, tuple[Knob, ...]]] = []
    for budget in incentives.budgets:
        amount, knob = asked.hundredths(f"budget.{budget.source}", "预算", budget.amount, "元")
        budgets.append(replace(budget, amount=amount))
        held.append((budget.name, (knob,)))
    other = replace(incentives, rules=tuple(rules), budgets=tuple(budgets))
    return other, [KnobGroup("金额", tuple(rows)), KnobGroup("预算", tuple(held))]


def _draws(
    before: Scheme, after: Scheme, found: Holdings, incentives: Incentives
) -> tuple[tuple[str, Draw, Draw], ...]:
    """The classes of every award and grading that is drawn, before and after."""
    rows: list[tuple[str, Draw, Draw]] = []
    seen: set[tuple[str, str]] = set()
    for pick in picks_of(incentives):
        one, other = list_settings(before, pick), list_settings(after, pick)
        stood = found.drawn.get((pick.kind, pick.of))
        if stood is None or one is None or other is None or (pick.kind, pick.of) in seen:
            continue
        seen.add((pick.kind, pick.of))
        drawn = [draw_award(stood, x) if isinstance(x, Award) else draw_grading(stood, x) for x in (one, other)]
        rows.append((one.name, drawn[0], drawn[1]))
    return tuple(rows)
