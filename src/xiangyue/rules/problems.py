"""From report to close-out: where a problem stands after its steps, when it is overdue, where it goes, and relapse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from .numbers import FULL, half_up, show
from .settings import ProblemKind, Tier

State = Literal["open", "working", "mended", "verified", "closed", "merged", "dismissed"]
StepKind = Literal[
    "reported", "found", "claimed", "assigned", "transferred", "escalated", "planned", "mended", "rejected", "verified",
    "closed", "reopened", "merged", "unmerged", "dismissed", "drawn", "fine", "relapsed", "note", "undone", "accepted",
    "declined",
]  # fmt: skip
LIVE: tuple[State, ...] = ("open", "working", "mended", "verified")
IN_HAND: tuple[State, ...] = ("open", "working")
"""States in which somebody still has to mend it: only these are overdue or go up."""
ALLOWED: dict[StepKind, tuple[State, ...]] = {
    "found": LIVE,
    "claimed": ("open",),
    "assigned": IN_HAND,
    "transferred": IN_HAND,
    "escalated": IN_HAND,
    "planned": IN_HAND,
    "mended": IN_HAND,
    "rejected": ("mended", "verified"),
    "verified": ("mended",),
    "closed": ("verified",),
    "reopened": ("closed", "dismissed"),
    "merged": ("open", "working", "mended"),
    "unmerged": ("merged",),
    "dismissed": IN_HAND,
    "drawn": ("closed",),
    "fine": ("closed",),
    "relapsed": ("closed",),
}
"""In which states a step can be taken; notes always."""
RANKS: dict[Tier, int] = {"village": 0, "township": 1, "county": 2}
FEWEST = 5
"""Second looks under which no rate of relapse is told."""
ABOUT = ("undone", "accepted", "declined")
"""Steps about another step."""


class Step(NamedTuple):
    """One step: its number, kind and day; who took it; to whom or where; which step or problem it is about."""

    n: int
    kind: StepKind
    day: date
    who: str = ""
    to: str = ""
    of: int = 0
    until: date | None = None
    """The day a plan promises."""
    conflict: bool = False
    """Made in the field on a state that had moved on: kept, and counted only once a person accepts it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a problem stands after its steps."""

    state: State
    tier: Tier
    reported_on: date
    deadline: date
    bearer: str = ""
    mended_on: date | None = None
    mended_by: str = ""
    verified_on: date | None = None
    closed_on: date | None = None
    plan_until: date | None = None
    planned: bool = False
    found: int = 1
    escalated: int = 0
    reopened: int = 0
    relapsed: int = 0
    look: Literal["", "due", "fine", "relapsed"] = ""
    into: int = 0
    """The problem it was merged into."""
    before: State = "open"
    """The state before it was merged or dismissed."""


class Rate(NamedTuple):
    """A rate in hundredths of 100.00, or None with the reason."""

    value: int | None
    why: str


def deadline(kind: ProblemKind, from_on: date) -> date:
    """The last day that is in time, counted from the report (or the reopening)."""
    return from_on + timedelta(days=kind.days)


def begin(kind: ProblemKind, tier: Tier, day: date) -> Standing:
    """Where a problem stands when it is reported."""
    return Standing("open", tier, day, deadline(kind, day))


def standing(kind: ProblemKind, tier: Tier, steps: Sequence[Step]) -> Standing:
    """Where it stands after all its steps, the report first; steps that were undone or are in doubt do not count."""
    now = begin(kind, tier, steps[0].day)
    for step in counted(steps[1:]):
        now = after(kind, now, step)
    return now


def counted(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps that count, in their order; one in doubt counts where it was accepted."""
    listed = tuple(steps)
    undone = {step.of for step in listed if step.kind == "undone"}
    doubtful = {step.n: step for step in listed if step.conflict}
    for step in listed:
        if step.kind == "accepted" and step.n not in undone and step.of in doubtful:
            yield doubtful[step.of]
        elif step.kind not in ABOUT and not step.conflict and step.n not in undone:
            yield step


def may(now: Standing, kind: StepKind) -> bool:
    """Whether a step of that kind can be taken in this state."""
    if kind in ("fine", "relapsed"):
        return now.state == "closed" and now.look == "due"
    if kind == "drawn":
        return now.state == "closed" and now.look == ""
    return kind == "note" or now.state in ALLOWED.get(kind, ())


def after(kind: ProblemKind, now: Standing, step: Step) -> Standing:
    """Where it stands after one more step; one that can't be taken changes nothing."""
    if not may(now, step.kind):
        return now
    if step.kind in ("reopened", "relapsed"):
        return _again(kind, now, step)
    if step.kind == "found":
        return replace(now, found=now.found + 1)
    if step.kind in ("merged", "dismissed"):
        return replace(now, state=step.kind, before=now.state, into=step.of if step.kind == "merged" else 0)
    if step.kind == "unmerged":
        return replace(now, state=now.before, into=0)
    if step.kind in ("drawn", "fine"):
        return replace(now, look="due" if step.kind == "drawn" else "fine")
    return _onward(kind, _passed_on(now, step), step)


def _passed_on(now: Standing, step: Step) -> Standing:
    """Who has it in hand after a step."""
    if step.kind == "claimed":
        return replace(now, state="working", bearer=step.who)
    if step.kind == "assigned":
        return replace(now, state="working", bearer=step.to)
    if step.kind == "transferred":
        return replace(now, state="open", bearer="", tier=_tier(step.to, now.tier))
    if step.kind == "escalated":
        up = _tier(step.to, now.tier)
        return replace(now, tier=up, escalated=now.escalated + 1) if RANKS[up] > RANKS[now.tier] else now
    if step.kind == "planned":
        return replace(now, state="working", planned=True, plan_until=step.until, bearer=step.to or now.bearer)
    return now


def _onward(kind: ProblemKind, now: Standing, step: Step) -> Standing:
    """How near to close-out it is after a step."""
    if step.kind == "mended":
        bearer = now.bearer or step.who
        return replace(now, state="mended", mended_on=step.day, mended_by=step.who, bearer=bearer)
    if step.kind == "rejected":
        return replace(now, state="working", mended_on=None, mended_by="", verified_on=None)
    if step.kind == "verified":
        if step.who and step.who == now.mended_by:
            return now
        closed = kind.closes == "verified"
        told = replace(now, state="closed" if closed else "verified", verified_on=step.day)
        return replace(told, closed_on=step.day) if closed else told
    return replace(now, state="closed", closed_on=step.day) if step.kind == "closed" else now


def _again(kind: ProblemKind, now: Standing, step: Step) -> Standing:
    """Open once more, with a new deadline; whoever had it has it again."""
    relapsed = step.kind == "relapsed"
    return replace(
        now,
        state="working" if now.bearer else "open",
        deadline=deadline(kind, step.day),
        mended_on=None,
        mended_by="",
        verified_on=None,
        closed_on=None,
        reopened=now.reopened + 1,
        relapsed=now.relapsed + relapsed,
        look="relapsed" if relapsed else "",
    )


def _tier(text: str, now: Tier) -> Tier:
    return next((tier for tier in RANKS if tier == text), now)


def overdue(now: Standing, today: date) -> int:
    """How many days past its deadline a problem is that somebody has still to mend; 0: none."""
    return late_days(now.state, now.deadline, today)


def late_days(state: str, deadline: date, today: date) -> int:
    """The same of a state and a deadline."""
    return max(0, (today - deadline).days) if state in IN_HAND else 0


def goes_up(kind: ProblemKind, now: Standing, today: date) -> Tier | None:
    """The office that the days past the deadline bring it to, where that is higher than who has it."""
    late = overdue(now, today)
    reached = [step.to for step in kind.escalations if late and late >= step.after]
    top = max(reached, key=RANKS.__getitem__, default=None)
    return top if top is not None and RANKS[top] > RANKS[now.tier] else None


def look_on(kind: ProblemKind, closed_on: date) -> date | None:
    """When a second look falls due; None where the kind has none."""
    return closed_on + timedelta(weeks=kind.look_weeks) if kind.look_weeks else None


def looks_at(kind: ProblemKind, n_closed: int) -> int:
    """How many of those closed in a township are drawn: the share rounded down, at least one where there are any."""
    if not kind.look_share or not n_closed:
        return 0
    return max(1, n_closed * kind.look_share // 100)


def relapse(looked: int, relapsed: int) -> Rate:
    """How many of those looked at again had come back; too few under five."""
    if looked < FEWEST:
        return Rate(None, f"回头看 {looked} 件，不足 {FEWEST} 件，太少")
    value = half_up(FULL * relapsed, looked)
    return Rate(value, f"回头看 {looked} 件，反弹 {relapsed} 件，反弹率 {show(value)}%")


def closed_share(n: int, closed: int) -> Rate:
    """How many of the reported ones are closed; merged and dismissed ones are not among them."""
    if not n:
        return Rate(None, "没有问题，缺项")
    value = half_up(FULL * closed, n)
    return Rate(value, f"共 {n} 件，已销号 {closed} 件，销号率 {show(value)}%")
