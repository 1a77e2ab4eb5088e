"""Rule 13: titles given by rule or ballot, warned one period before, and taken down after so many low periods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from .ballots import Ballot, choose, refusals
from .days import Span
from .numbers import show
from .settings import Honour

State = Literal["hangs", "warned", "taken_down"]


class PeriodResult(NamedTuple):
    """A holder's result of one period; None: unrated."""

    period: Span
    result: int | None


class Cause(NamedTuple):
    """Another cause of the scheme for which a title is taken down, with its record."""

    day: date
    cause: str
    record: str


@dataclass(frozen=True, slots=True)
class Holding:
    """How a title stands: `row` low periods in a row now, since when it is down, and why."""

    state: State
    row: int
    down_on: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Given:
    """Who is given a title, best first; `open`: those who tie in a ballot and are voted on again."""

    honour: str
    codes: tuple[str, ...]
    open: tuple[str, ...]
    why: str


def counted(own: int | None, result: int | None) -> int | None:
    """What a household's plaque and points go by: the better of own and result; None when unrated."""
    return max((value for value in (own, result) if value is not None), default=None)


def give(results: Iterable[tuple[str, int | None]], honour: Honour) -> Given:
    """Who is given a title by rule: the rated from the floor on, the first places, all who tie at the last."""
    if honour.given_by != "rule":
        return Given(honour.code, (), (), "这个称号由表决产生，不按成绩直接授予。")
    held = [(code, result) for code, result in results if result is not None and result >= honour.give_floor]
    held.sort(key=lambda row: (-row[1], row[0]))
    words = f"成绩不低于 {show(honour.give_floor)} 的 {len(held)} 个"
    if 0 < honour.places < len(held):
        line = held[honour.places - 1][1]
        held = [row for row in held if row[1] >= line]
        words += f"，取前 {honour.places} 名，末位 {show(line)} 同分的都授予，共 {len(held)} 个"
    return Given(honour.code, tuple(code for code, _ in held), (), words)


def give_by_ballot(ballot: Ballot, honour: Honour) -> Given:
    """Who is given a title by the ballot that the honour names; nobody when it does not count."""
    if honour.given_by != ballot.kind:
        return Given(honour.code, (), (), "这个称号不由这种表决产生。请核对方案。")
    if failed := refusals(ballot):
        return Given(honour.code, (), (), "".join(finding.words for finding in failed))
    chosen = choose(ballot, honour.places)
    return Given(honour.code, chosen.codes, chosen.tied, chosen.why)


def holding(given_on: date, results: Iterable[PeriodResult], honour: Honour, causes: Sequence[Cause] = ()) -> Holding:
    """How a title given on the day stands after these periods; once down it stays down."""
    end = min((row for row in causes if row.day >= given_on and row.cause in honour.causes), default=None)
    rows = sorted((row for row in results if row.period.ends_on >= given_on), key=lambda row: row.period.ends_on)
    low: list[PeriodResult] = []
    for row in rows:
        if row.result is None or honour.floor <= 0:
            continue
        low = [*low, row] if row.result < honour.floor else []
        if len(low) >= honour.periods and (end is None or row.period.ends_on < end.day):
            return Holding("taken_down", len(low), row.period.ends_on, _low_words(low, honour, "予以摘牌"))
    if end is not None:
        return Holding("taken_down", len(low), end.day, f"因“{end.cause}”摘牌（{end.record}）")
    if low and len(low) == honour.periods - 1:
        return Holding("warned", len(low), None, _low_words(low, honour, "预警：下一期仍低于就摘牌"))
    words = _low_words(low, honour, "继续挂牌") if low else "没有连续偏低的考核期，继续挂牌"
    return Holding("hangs", len(low), None, words)


def _low_words(low: Sequence[PeriodResult], honour: Honour, then: str) -> str:
    listed = "、".join(f"{row.period.name} {show(row.result)}" for row in low)
    return f"{listed}，连续 {len(low)} 期低于 {show(honour.floor)}（满 {honour.periods} 期摘牌），{then}"
