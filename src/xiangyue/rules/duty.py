"""Rule 12: coverage, the slots of a cadence, what is due in a period and what of it is kept."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .days import Span
from .numbers import FULL, half_up, show
from .settings import Cadence, Every

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A stretch of days in which a visit is owed; both days inside it."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True, slots=True)
class Term:
    """One duty of a bearer for a target; both days inside it, no end while it runs."""

    target: str
    starts_on: date
    ends_on: date | None = None
    absences: tuple[tuple[date, date | None], ...] = ()
    """Days on which the target household is away or empty (both inside, None: until further notice)."""
    bearer: str = ""
    team: str = ""
    """Those who bear the target together share it; empty: the bearer alone."""
    stand_ins: tuple[tuple[str, date | None, date | None], ...] = ()
    """(Who, first day, last day) standing in for the bearer; None: open."""

    def is_live(self, day: date) -> bool:
        """Whether the duty is live on the day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def stands_in(self, who: Collection[str], day: date) -> bool:
        """Whether one of them stands in for the bearer on the day."""
        return any(
            one in who and (start is None or start <= day) and (end is None or day <= end)
            for one, start, end in self.stand_ins
        )

    def is_absent(self, day: date) -> bool:
        """Whether the target is away or empty on the day."""
        return any(start <= day and (end is None or day <= end) for start, end in self.absences)


@dataclass(frozen=True, slots=True)
class Visit:
    """A bearer was at a target on a day; a visit that the household denied keeps nothing."""

    day: date
    target: str
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Outing:
    """Some people were at a place on a day: the place and all that it lies in, and who was there, or for whom."""

    day: date
    places: tuple[str, ...]
    who: frozenset[str]
    denied: bool = False


@dataclass(frozen=True, slots=True)
class SlotKept:
    """A due slot: how often it was owed and kept, for a target (empty: for the bearer)."""

    slot: Slot
    target: str
    due: int
    kept: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Due and kept of a cadence in a period; rate None when nothing was due."""

    due: int
    kept: int
    rate: int | None
    slots: tuple[SlotKept, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a bearer stands on a day: the slot that runs and the one that ended before it; `left`: still owed by its end."""

    slot: Slot
    running: Kept
    last: Kept
    left: int
    is_behind: bool
    """Whether the last slot was not kept in full."""
    why: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Targets with a live duty among the targets; away and empty households stand apart."""

    targets: int
    covered: int
    apart: int
    rate: int | None
    gaps: tuple[str, ...]
    why: str


def slot_of(every: Every, day: date) -> Slot:
    """The slot of a cadence that holds the day."""
    if every == "day":
        return Slot(day, day)
    if every == "week":
        monday = day - day.weekday() * DAY
        return Slot(monday, monday + 6 * DAY)
    if every == "quarter":
        last = (day.month + 2) // 3 * 3
        return Slot(date(day.year, last - 2, 1), date(day.year, last, monthrange(day.year, last)[1]))
    ends = day.replace(day=monthrange(day.year, day.month)[1])
    if every == "month":
        return Slot(day.replace(day=1), ends)
    return Slot(day.replace(day=1), day.replace(day=15)) if day.day <= 15 else Slot(day.replace(day=16), ends)


def slots(every: Every, starts_on: date, ends_on: date) -> tuple[Slot, ...]:
    """The slots whose last day lies in the days given (both inside), first to last."""
    found = []
    slot = slot_of(every, starts_on)
    while slot.ends_on <= ends_on:
        found.append(slot)
        slot = slot_of(every, slot.ends_on + DAY)
    return tuple(found)


def is_due(slot: Slot, term: Term) -> bool:
    """Whether a duty owes the slot: live on its last day, for at least half its days, target not away then."""
    last = slot.ends_on
    if not term.is_live(last) or term.is_absent(last):
        return False
    inside = (last - max(slot.starts_on, term.starts_on)).days + 1
    return inside * 2 >= slot.days


def credited(terms: Sequence[Term], outings: Iterable[Outing], per: str) -> dict[str, tuple[Visit, ...]]:
    """Bearer → the visits that count for it.

    An outing to the target, or to a place in it, on a day of the duty counts for every bearer who was there, was stood
    in for, or had somebody of its own there; per target, for all who bear the target together.
    """
    by_target: dict[str, list[Term]] = {}
    for term in terms:
        by_target.setdefault(term.target, []).append(term)
    found: dict[str, set[Visit]] = {}
    for outing in outings:
        for place in outing.places:
            live = [term for term in by_target.get(place, ()) if term.is_live(outing.day)]
            there = [term for term in live if term.bearer in outing.who or term.stands_in(outing.who, outing.day)]
            if not there:
                continue
            visit = Visit(outing.day, place, outing.denied)
            teams = {term.team for term in there if term.team} if per == "target" else set()
            together = [term for term in live if term.team in teams] if teams else []
            for term in (*there, *together):
                found.setdefault(term.bearer, set()).add(visit)
    return {bearer: tuple(sorted(mine, key=lambda one: (one.day, one.target))) for bearer, mine in found.items()}


def standing(cadence: Cadence, day: date, terms: Sequence[Term], visits: Sequence[Visit]) -> Standing:
    """How one bearer stands on a day: what the running slot owes still, and whether the last one was kept."""
    slot = slot_of(cadence.every, day)
    before = slot_of(cadence.every, slot.starts_on - DAY)
    days = _days_by_target(terms, visits)
    running = _kept(cadence, _span(slot), terms, days)
    last = _kept(cadence, _span(before), terms, days)
    left = running.due - running.kept
    behind = last.kept < last.due
    words = (
        [f"上次（{before.starts_on:%m-%d} 至 {before.ends_on:%m-%d}）应到 {last.due} 次，已到 {last.kept} 次"]
        if last.due
        else []
    )
    if running.due:
        words.append(f"这次到 {slot.ends_on:%m-%d} 应到 {running.due} 次，还差 {left} 次" if left else "这次已到齐")
    return Standing(slot, running, last, left, behind, "；".join(words) or "眼下没有应到的次数")


def kept(cadence: Cadence, period: Span, terms: Sequence[Term], visits: Iterable[Visit]) -> Kept:
    """What one bearer owed and kept in the period; `period` may be cut short at today."""
    return _kept(cadence, period, terms, _days_by_target(terms, visits))


def _kept(cadence: Cadence, period: Span, terms: Sequence[Term], days: dict[str, set[date]]) -> Kept:
    rows = []
    for slot in slots(cadence.every, period.starts_on, period.ends_on):
        if cadence.per == "bearer":
            if any(is_due(slot, term) for term in terms):
                # two doors on one day are one outing
                there = {day for found in days.values() for day in found if slot.starts_on <= day <= slot.ends_on}
                rows.append(SlotKept(slot, "", cadence.times, min(cadence.times, len(there))))
            continue
        for target in sorted({term.target for term in terms if is_due(slot, term)}):
            n = sum(slot.starts_on <= day <= slot.ends_on for day in days.get(target, ()))
            rows.append(SlotKept(slot, target, cadence.times, min(cadence.times, n)))
    due, done = sum(row.due for row in rows), sum(row.kept for row in rows)
    return Kept(due, done, rate(done, due), tuple(rows), _words(due, done))


def rate(kept: int, due: int) -> int | None:
    """Kept over due in hundredths of 100.00; None when nothing is due."""
    return half_up(FULL * kept, due) if due > 0 else None


def coverage(
    targets: Iterable[tuple[str, str]], covered: Collection[str], absent: Collection[str] = ("away", "empty")
) -> Coverage:
    """Coverage of (code, state) targets by the codes that have a live duty; `gaps` are those without."""
    present, apart = [], 0
    for code, state in targets:
        if state in absent:
            apart += 1
        else:
            present.append(code)
    gaps = tuple(sorted(code for code in present if code not in covered))
    done = len(present) - len(gaps)
    value = rate(done, len(present))
    words = f"应包保 {len(present)} 个，已有人包保 {done} 个，覆盖率 {show(value)}%" if present else "没有应包保的对象"
    words += f";外出和空户 {apart} 户另计" if apart else ""
    return Coverage(len(present), done, apart, value, gaps, words)


def _span(slot: Slot) -> Span:
    return Span("", "month", slot.starts_on, slot.ends_on)


def _days_by_target(terms: Sequence[Term], visits: Iterable[Visit]) -> dict[str, set[date]]:
    """Target → the days of its visits that lie in a duty for it and were not denied."""
    by_target: dict[str, list[Term]] = {}
    for term in terms:
        by_target.setdefault(term.target, []).append(term)
    found: dict[str, set[date]] = {}
    for visit in visits:
        if not visit.denied and any(term.is_live(visit.day) for term in by_target.get(visit.target, ())):
            found.setdefault(visit.target, set()).add(visit.day)
    return found


def _words(due: int, done: int) -> str:
    if due == 0:
        return "本期没有应到的次数，缺项"
    return f"应到 {due} 次，已到 {done} 次，到位率 {show(rate(done, due))}%"
