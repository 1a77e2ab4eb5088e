"""How each title that is held stands by rule 13: it hangs, is to be warned of, or is to be taken down, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xiangyue.agreements.in_force import scheme_on
from xiangyue.base.problems import Problem
from xiangyue.places.models import Level
from xiangyue.rewards.honour_models import Held
from xiangyue.rules.days import parse_period
from xiangyue.rules.honours import Cause, Holding, PeriodResult, counted, holding
from xiangyue.rules.settings import Honour
from xiangyue.standings.models import Closing, Result

type TitleKey = tuple[int, str, str]
"""Ground, scheme, title."""
GONE = Honour("", "", "household")


@dataclass(frozen=True, slots=True)
class Stand:
    """A title that is held: how it stands by rule, and whether its warning has been told."""

    held: Held
    holding: Holding
    told: bool

    @property
    def todo(self) -> str:
        """What is to be done: hang, warn, take, or nothing."""
        if self.holding.state == "taken_down":
            return "take"
        if self.held.state != Held.State.HANGING:
            return "hang"
        return "warn" if self.holding.state == "warned" and not self.told else ""


def stands(held: Sequence[Held], day: date) -> list[Stand]:
    """How these titles stand on the day, by results in force; the scheme in force on the day says floor and periods."""
    honours = honours_of(held, day)
    results = _results(held, honours)
    found = []
    for row in held:
        honour = honours.get(key_of(row), GONE)
        mine = results.get((row.ground_id, row.scheme, honour.composite, row.place_id), ())
        found.append(stand(row, mine, honour))
    return found


def key_of(row: Held) -> TitleKey:
    """Which title a held one is."""
    return row.ground_id, row.scheme, row.honour


def honours_of(held: Iterable[Held], day: date) -> dict[TitleKey, Honour]:
    """The settings of these titles in the schemes in force on the day; a title that is in none is missing."""
    found: dict[TitleKey, Honour] = {}
    for ground, code in sorted({(row.ground_id, row.scheme) for row in held}):
        try:
            _version, scheme = scheme_on(ground, code, day)
        except Problem:
            # the scheme has ended: what hangs goes on hanging, nothing takes it down by result
            continue
        found |= {(ground, code, honour.code): honour for honour in scheme.honours}
    return found


def _results(
    held: Sequence[Held], honours: Mapping[TitleKey, Honour]
) -> dict[tuple[int, str, str, int], list[PeriodResult]]:
    composites = {honour.composite for honour in honours.values() if honour.composite and honour.floor}
    if not held or not composites:
        return {}
    rows = Result.objects.filter(
        standing__closing__state=Closing.State.IN_FORCE,
        standing__closing__period__ground__in={row.ground_id for row in held},
        standing__closing__period__ends_on__gte=min(row.given_on for row in held),
        standing__composite__in=composites,
        subject__in=Held.objects.filter(pk__in=[row.pk for row in held]).values("place"),
    )
    period = "standing__closing__period__"
    values = rows.values_list(
        f"{period}ground_id", f"{period}scheme", "standing__composite", "subject_id", f"{period}key", "standing__level",
        "own", "result",
    )  # fmt: skip
    found: dict[tuple[int, str, str, int], list[PeriodResult]] = {}
    for ground, scheme, composite, place, key, level, own, result in values:
        figure = counted(own, result) if level == Level.HOUSEHOLD else result
        row = PeriodResult(parse_period(key), figure)
        found.setdefault((ground, scheme, composite, place), []).append(row)
    return found


def stand(held: Held, results: Sequence[PeriodResult], honour: Honour) -> Stand:
    """How one title stands: low periods take it down only where the warning was told before the last of them ended."""
    causes = [Cause(held.cause_on, held.cause, held.cause_record)] if held.cause_on else []
    found = holding(held.given_on, results, honour, causes)
    if found.state == "hangs" or honour.periods <= 1:
        return Stand(held, found, told=False)
    by_cause = holding(held.given_on, (), honour, causes)
    if found == by_cause or (found.down_on and held.cause_on == found.down_on):
        return Stand(held, found, told=False)
    fine, told = _warned(held, results, honour, found.down_on)
    if found.state == "warned" or told:
        return Stand(held, found, told)
    return _late(held, results, honour, found, by_cause, fine)


def _warned(held: Held, results: Sequence[PeriodResult], honour: Honour, down_on: date | None) -> tuple[date, bool]:
    """The end of the last fine period before this row of low ones, and whether the warning was told in that row."""
    before = [
        row.period.ends_on for row in results
        if row.result is not None and row.result >= honour.floor and (down_on is None or row.period.ends_on < down_on)
    ]  # fmt: skip
    fine = max(before, default=held.given_on - timedelta(days=1))
    in_time = held.warned_on is not None and held.warned_on > fine and (down_on is None or held.warned_on <= down_on)
    return fine, in_time


def _late(
    held: Held, results: Sequence[PeriodResult], honour: Honour, found: Holding, by_cause: Holding, fine: date
) -> Stand:
    """The row is full but nobody warned in time: it is warned now, and one more low period takes it down."""
    assert found.down_on is not None
    warned = held.warned_on if held.warned_on and held.warned_on > fine else None
    rows = sorted((row for row in results if row.period.ends_on > found.down_on), key=lambda row: row.period.ends_on)
    for at, row in enumerate(rows):
        if row.result is None:
            continue
        if row.result >= honour.floor:
            return stand(held, rows[at:], honour)
        if warned and row.period.ends_on >= warned:
            return Stand(held, Holding("taken_down", found.row + 1, row.period.ends_on, found.why), told=True)
    if by_cause.state == "taken_down":
        return Stand(held, by_cause, told=False)
    words = f"{found.why.removesuffix('，予以摘牌')}，但没有预警过：先预警，下一期仍低于就摘牌"
    return Stand(held, Holding("warned", found.row, None, words), told=warned is not None)
