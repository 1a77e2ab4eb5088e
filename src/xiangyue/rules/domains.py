"""Rule 9, the domains: which thresholds are met, and what each unmet one lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .numbers import legend, told
from .settings import Domain, Threshold

SIGNS = {"at_least": "不低于", "at_most": "不高于"}


@dataclass(frozen=True, slots=True)
class Met:
    """A threshold, the subject's figure (None: no figure), and whether it is met."""

    code: str
    item: str
    figure: int | None
    is_met: bool
    why: str


@dataclass(frozen=True, slots=True)
class DomainMet:
    """A domain, its thresholds, how many of its items are met, and whether it gives its star."""

    code: str
    name: str
    thresholds: tuple[Met, ...]
    items: int
    items_met: int
    is_met: bool
    why: str

    @property
    def unmet(self) -> tuple[Met, ...]:
        """The thresholds that are not met."""
        return tuple(row for row in self.thresholds if not row.is_met)


def judge(domain: Domain, figures: Mapping[str, int]) -> DomainMet:
    """A domain judged by a subject's figures (indicator → number)."""
    rows = tuple(_threshold(row, figures.get(row.indicator)) for row in domain.thresholds)
    items: dict[str, bool] = {}
    for row in rows:
        items[row.item] = items.get(row.item, True) and row.is_met
    done, full = sum(items.values()), bool(rows) and all(row.is_met for row in rows)
    words = f"{domain.name}：{len(items)} 项，达标 {done} 项，{'得星' if full else '不得星'}"
    return DomainMet(domain.code, domain.name, rows, len(items), done, full, words)


def _threshold(threshold: Threshold, figure: int | None) -> Met:
    item = threshold.item or threshold.code
    wanted = f"{threshold.name}应{_wanted(threshold)}"
    if figure is None:
        return Met(threshold.code, item, None, False, f"{wanted}，未达标：没有填数")
    met = reached(threshold, figure)
    words = f"{wanted}，现为 {_number(threshold, figure)}，{'达标' if met else '未达标'}"
    if not met and threshold.reaches != "one_of" and not legend(threshold.unit):
        words += f"，差 {_number(threshold, abs(threshold.value - figure))}"
    return Met(threshold.code, item, figure, met, words)


def reached(threshold: Threshold, figure: int) -> bool:
    """Whether a figure meets the threshold."""
    if threshold.reaches == "one_of":
        return figure in threshold.values
    return figure >= threshold.value if threshold.reaches == "at_least" else figure <= threshold.value


def _wanted(threshold: Threshold) -> str:
    words = legend(threshold.unit)
    states = threshold.values if threshold.reaches == "one_of" else [n for n in sorted(words) if reached(threshold, n)]
    if states:
        listed = "、".join(_number(threshold, value) for value in states)
        return f"为 {listed}" if len(states) == 1 else f"为 {listed} 之一"
    return f"{SIGNS[threshold.reaches]} {_number(threshold, threshold.value)}"


def _number(threshold: Threshold, figure: int) -> str:
    return told(figure, threshold.decimals, threshold.unit)
