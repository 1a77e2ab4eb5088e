"""The steps that people take: claimed, assigned, passed on, planned, mended, verified, closed, reopened, merged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xiangyue.base.changes import log
from xiangyue.base.problems import Problem as Wrong
from xiangyue.base.roles import OFFICES, Role
from xiangyue.base.writes import write
from xiangyue.captures.models import Capture
from xiangyue.people.models import Organisation, Person
from xiangyue.problems import words
from xiangyue.problems.access import Actor, is_bearer, is_office, verifies_as
from xiangyue.problems.kinds import first_tier, kind_of
from xiangyue.problems.models import Problem, Step, Tier
from xiangyue.problems.replaying import doubts, standing_of
from xiangyue.problems.storing import NewStep, add_steps, hold
from xiangyue.problems.wishes import tell_wishes
from xiangyue.rules import problems as rules
from xiangyue.rules.days import local_day
from xiangyue.rules.settings import ProblemKind

NEED_TEXT = {"mended": "做了什么", "rejected": "哪里没整改好", "reopened": "为什么重开", "dismissed": "为什么不属实",
             "planned": "怎么整改", "note": "备注", "relapsed": "反弹的情况", "escalated": "为什么办不了"}  # fmt: skip
TOP = 2


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as a person asks for it; `to`: p12, o3 or a tier; `of`: a step's number or a problem's key."""

    kind: str
    text: str = ""
    to: str = ""
    of: int = 0
    until: date | None = None


def _office(actor: Actor, row: Problem, _kind: ProblemKind, _day: date) -> bool:
    return is_office(actor, row)


def _works(actor: Actor, row: Problem, _kind: ProblemKind, day: date) -> bool:
    # what went up is still theirs to mend where it lies
    return is_office(actor, row, first_tier(row.place)) or is_bearer(actor, row, day)


def _verifies(actor: Actor, row: Problem, kind: ProblemKind, _day: date) -> bool:
    return bool(verifies_as(actor, row, kind))


def _above(actor: Actor, row: Problem, _kind: ProblemKind, _day: date) -> bool:
    return actor.scope.holds(OFFICES, row.place.path) and actor.who != row.mended_by


def _looks(actor: Actor, row: Problem, _kind: ProblemKind, _day: date) -> bool:
    return actor.scope.holds(OFFICES | {Role.SUPERVISOR}, row.place.path) and actor.who != row.mended_by


def _anyone(_actor: Actor, _row: Problem, _kind: ProblemKind, _day: date) -> bool:
    return True


type Permit = Callable[[Actor, Problem, ProblemKind, date], bool]
PERMITS: dict[str, Permit] = {
    **dict.fromkeys(("claimed", "planned", "mended", "escalated"), _works),
    **dict.fromkeys(("assigned", "transferred", "merged", "unmerged", "dismissed", "accepted", "declined"), _office),
    **dict.fromkeys(("rejected", "verified"), _verifies),
    **dict.fromkeys(("closed", "reopened"), _above),
    **dict.fromkeys(("fine", "relapsed"), _looks),
    "note": _anyone,
}


def may_take(actor: Actor, row: Problem, kind: ProblemKind, step: str, today: date) -> bool:
    """Whether the actor may take that step now: by the state, and by who they are."""
    state: Any = step
    return rules.may(_as_row(row), state) and PERMITS[step](actor, row, kind, today)


def _as_row(row: Problem) -> rules.Standing:
    """The standing as far as the question which steps are open needs it."""
    state: Any = row.state
    tier: Any = row.tier
    look: Any = row.look
    return rules.Standing(state, tier, row.reported_on, row.deadline, look=look)


def take(actor: Actor, pk: int, taken: Taken, *, now: datetime) -> Problem:
    """Take one step; a Problem says why it can't be taken. The actor sees the problem already."""
    today = local_day(now)
    with write():
        row, kind = _held(pk)
        _hold_open(actor, row, kind, taken, today)
        made = add_steps([_step(actor, row, kind, taken, now)])[0]
        tell_wishes([made])
        _log(actor, row, made, taken)
    return made


def decide(actor: Actor, pk: int, n: int, accept: bool, *, text: str = "", now: datetime) -> Problem:
    """Say whether a step in doubt counts; its capture waits no longer."""
    with write():
        row, kind = _held(pk)
        if not _office(actor, row, kind, local_day(now)):
            raise Wrong(words.NOT_YOURS, step=Step.Kind.ACCEPTED.label)
        steps = list(row.steps.order_by("n"))
        doubtful = next((step for step in doubts(steps) if step.n == n), None)
        if doubtful is None:
            raise Wrong(words.NO_STEP)
        answer = "accepted" if accept else "declined"
        made = add_steps([_step(actor, row, kind, Taken(answer, text, of=n), now)])[0]
        tell_wishes([made])
        state = Capture.State.STORED if accept else Capture.State.WITHDRAWN
        Capture.objects.filter(problem_step=doubtful, state=Capture.State.HELD).update(state=state)
        _log(actor, row, made, Taken(answer, of=n))
    return made


def merge(actor: Actor, pk: int, into: int, *, now: datetime) -> Problem:
    """Let a problem stand under another of the same place and kind."""
    if pk == into:
        raise Wrong(words.SELF_MERGE, why="这是同一个问题")
    rows = {row.pk: row for row in Problem.objects.filter(pk__in=(pk, into)).select_related("place")}
    one, other = rows.get(pk), rows.get(into)
    if one is None or other is None or one.place_id != other.place_id or one.kind != other.kind:
        raise Wrong(words.SELF_MERGE, why="地点或种类不一样")
    if other.state not in rules.LIVE:
        raise Wrong(words.SELF_MERGE, why="那个问题已经不在办理中")
    return take(actor, pk, Taken("merged", of=into), now=now)


def bearer_key(code: str, path: str) -> str:
    """p12 or o3 for the code of a person or organisation of the same county; a Problem where there is none."""
    county = path.split("/", 1)[0] + "/"
    inside = {"place__path__startswith": county, "code": code.strip(), "to_on": None}
    person = Person.objects.filter(**inside).values_list("pk", flat=True).first()
    if person is not None:
        return f"p{person}"
    unit = Organisation.objects.filter(**inside).values_list("pk", flat=True).first()
    if unit is None:
        raise Wrong(words.NO_BEARER, code=code[:24])
    return f"o{unit}"


def _held(pk: int) -> tuple[Problem, ProblemKind]:
    held = hold([pk])
    if not held:
        raise Wrong(words.UNKNOWN)
    return held[0], kind_of(held[0])


def _hold_open(actor: Actor, row: Problem, kind: ProblemKind, taken: Taken, today: date) -> None:
    label = Step.Kind(taken.kind).label
    if taken.kind in NEED_TEXT and not taken.text.strip():
        raise Wrong(words.NO_TEXT, what=NEED_TEXT[taken.kind])
    standing = standing_of(row, kind, list(row.steps.order_by("n")))
    step: Any = taken.kind
    if not rules.may(standing, step):
        raise Wrong(words.NOT_NOW, state=row.get_state_display(), step=label)
    if taken.kind in ("verified", "rejected") and not verifies_as(actor, row, kind):
        if actor.who == row.mended_by:
            raise Wrong(words.OWN_WORK)
        raise Wrong(words.NOT_VERIFIER, kind=kind.name, who=verifiers_named(kind))
    if not PERMITS[taken.kind](actor, row, kind, today):
        raise Wrong(words.NOT_YOURS, step=label)
    if taken.kind == "escalated" and not _is_up(taken.to, row.tier):
        raise Wrong(words.NOT_UP, tier=row.get_tier_display())


def verifiers_named(kind: ProblemKind, level: str = "household") -> str:
    """村、乡镇 of those who may verify; a household only where the problem is at one."""
    names = {"household": "农户", "village": "村", "township": "乡镇", "county": "县", "supervisor": "督导组"}
    return "、".join(names[one] for one in kind.verifiers if one != "household" or level == "household")


def _is_up(to: str, tier: str) -> bool:
    ranks: dict[Any, int] = dict(rules.RANKS)
    return ranks.get(to, -1) > ranks[tier]


def next_tier(tier: str) -> str:
    """The office above; the county's own for the county's."""
    order = list(Tier.values)
    return order[min(order.index(tier) + 1, TOP)]


def _step(actor: Actor, row: Problem, kind: ProblemKind, taken: Taken, now: datetime) -> NewStep:
    told_by = verifies_as(actor, row, kind) if taken.kind in ("verified", "rejected") else ""
    return NewStep(
        row.pk, taken.kind, local_day(now), now, actor.user_id, actor.person.pk if actor.person else None, taken.to,
        taken.of, taken.until, told_by=told_by, text=taken.text.strip(),
    )  # fmt: skip


def _log(actor: Actor, before: Problem, after: Problem, taken: Taken) -> None:
    said: dict[str, Any] = {"state": after.state, "tier": after.tier}
    if taken.to:
        said["to"] = taken.to
    log(
        actor.user_id,
        f"problem.{taken.kind}",
        after,
        path=before.place.path,
        before={"state": before.state},
        after=said,
    )
