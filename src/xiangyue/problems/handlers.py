"""How the intake treats problems and their steps, and what becomes of them when they are taken back or let in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.problems import Problem as Wrong
from xiangyue.base.roundtrip import Command, Rows, tell
from xiangyue.base.saying import said_day
from xiangyue.base.scope import Scope
from xiangyue.captures import intake
from xiangyue.captures.envelope import Envelope
from xiangyue.captures.intake import Ticket, Verdict
from xiangyue.captures.models import Capture
from xiangyue.people.senders import Sender, hold_sender, senders_of
from xiangyue.places.models import Place
from xiangyue.problems import requests, words
from xiangyue.problems.access import Actor, may_report, seen, verifies_as
from xiangyue.problems.actions.stepping import PERMITS
from xiangyue.problems.kinds import KindOn, kind_at, kind_of
from xiangyue.problems.models import SEE, Problem, Source, Step
from xiangyue.problems.replaying import doubts, standing_of
from xiangyue.problems.storing import NewProblem, NewStep, add_steps, hold, open_problems
from xiangyue.problems.wishes import came_from, tell_wishes
from xiangyue.rules import problems as rules
from xiangyue.rules.days import belongs, local_day, runs_on


class ProblemHandler(intake.Handler):
    """Problems reported from the field, a page or a workbook."""

    kinds = ("problem",)

    def read(self, envelope: Envelope) -> requests.Reported:
        """The body of a problem."""
        return requests.read_problem(envelope.body)

    def judge(self, tickets: Sequence[Ticket], answers: Sequence[Rows]) -> None:
        """Each ticket's verdict."""
        today = local_day(max(ticket.now for ticket in tickets))
        senders = senders_of({ticket.actor.user_id for ticket in tickets}, today)
        places = {row.code: row for row in Place.objects.filter(code__in={ticket.request.place for ticket in tickets})}
        for ticket in tickets:
            try:
                sender = hold_sender(senders.get(ticket.actor.user_id), ticket)
                ticket.verdict = _reported(ticket, sender, places.get(ticket.request.place), today)
            except Wrong as problem:
                intake.refuse(ticket, problem)

    def store(self, tickets: Sequence[Ticket], captures: Command) -> None:
        """The captures with the problems of all tickets."""
        tell(captures)
        rows = [_new(ticket) for ticket in tickets]
        open_problems(rows)
        came_from([(row.uuid, row.of) for row in rows if row.source == Source.WISH and row.uuid and row.of])


@dataclass(frozen=True, slots=True)
class _Report:
    """A problem that may be stored."""

    place: Place
    on: KindOn
    day: date


def _reported(ticket: Ticket, sender: Sender, place: Place | None, today: date) -> Verdict:
    request: requests.Reported = ticket.request
    if place is None or not runs_on(place.from_on, place.to_on, today) or not may_report(sender.scope, place, today):
        raise Wrong(words.NO_PLACE, code=request.place)
    on = kind_at(place, request.kind, today)
    odd = belongs(ticket.day, today, 31) != "counts"
    said = _("手机上的日期%s对不上，按今天收到记。") % said_day(ticket.day) if odd else ""
    mend = _("请看看手机的日期对不对。") if odd else ""
    return Verdict(
        "stored", place.village_id or place.pk, sender.person.pk if sender.person else None, ticket.actor.channel,
        requests.without_text(ticket.envelope.body), _Report(place, on, today if odd else ticket.day), said, mend,
    )  # fmt: skip


def _new(ticket: Ticket) -> NewProblem:
    assert ticket.verdict is not None
    report: _Report = ticket.verdict.facts
    request: requests.Reported = ticket.request
    return NewProblem(
        report.place, report.on, report.day, ticket.made_at, request.source, ticket.actor.user_id,
        ticket.verdict.person_id, request.text, ticket.envelope.id, request.of, ticket.capture_id,
    )  # fmt: skip


class StepHandler(intake.Handler):
    """Steps of problems made in the field: claimed, mended, verified, noted."""

    kinds = ("problem_step",)

    def read(self, envelope: Envelope) -> requests.Stepped:
        """The body of a step."""
        return requests.read_step(envelope.body)

    def judge(self, tickets: Sequence[Ticket], answers: Sequence[Rows]) -> None:
        """Each ticket's verdict; steps of one problem one after another, as they were made."""
        today = local_day(max(ticket.now for ticket in tickets))
        senders = senders_of({ticket.actor.user_id for ticket in tickets}, today)
        keys = dict(Problem.objects.filter(uuid__in={t.request.problem for t in tickets}).values_list("uuid", "pk"))
        held = {row.uuid: _Now(row) for row in hold(sorted(keys.values()))}
        for ticket in sorted(tickets, key=lambda one: (one.made_at, one.envelope.id)):
            try:
                sender = hold_sender(senders.get(ticket.actor.user_id), ticket)
                ticket.verdict = _stepped(ticket, sender, held.get(ticket.request.problem), today)
            except Wrong as problem:
                intake.refuse(ticket, problem)

    def store(self, tickets: Sequence[Ticket], captures: Command) -> None:
        """The captures with the steps of all tickets."""
        tell(captures)
        ordered = sorted(tickets, key=lambda one: (one.made_at, one.envelope.id))
        tell_wishes(add_steps([_step(ticket) for ticket in ordered]))


class _Now:
    """A problem as it stands while the steps of a batch are judged."""

    def __init__(self, row: Problem) -> None:
        self.row = row
        self.kind = kind_of(row)
        self.standing = standing_of(row, self.kind, list(row.steps.order_by("n")))
        self.n = row.n_steps

    def after(self, step: rules.Step) -> None:
        """Let a step count for those that follow in the batch."""
        self.standing = rules.after(self.kind, self.standing, step)
        self.row.state, self.row.mended_by = self.standing.state, self.standing.mended_by
        self.n += 1


@dataclass(frozen=True, slots=True)
class _Taken:
    """A step that may be stored."""

    problem_id: int
    conflict: bool
    day: date
    told_by: str


def _stepped(ticket: Ticket, sender: Sender, now: _Now | None, today: date) -> Verdict:
    request: requests.Stepped = ticket.request
    if now is None or not _sees(sender.scope, now.row):
        raise Wrong(words.UNKNOWN)
    actor = Actor(sender.scope, ticket.actor.user_id, sender.person)
    kind: Any = request.step
    moved = request.base < now.n
    conflict = belongs(ticket.day, today, 31) != "counts"
    try:
        _hold(actor, now, kind, today)
    except Wrong:
        if not moved:
            raise
        conflict = True
    day = ticket.day if not conflict or ticket.day <= today else today
    told_by = verifies_as(actor, now.row, now.kind) if kind == "verified" else ""
    if not conflict:
        now.after(rules.Step(now.n + 1, kind, day, actor.who))
    words_, mend = _in_doubt(now.row) if conflict else ("", "")
    return Verdict(
        "held" if conflict else "stored", now.row.place.village_id or now.row.place_id,
        sender.person.pk if sender.person else None, ticket.actor.channel, requests.without_text(ticket.envelope.body),
        _Taken(now.row.pk, conflict, day, told_by), words_, mend,
    )  # fmt: skip


def _sees(scope: Scope, row: Problem) -> bool:
    # an office on its own ground is known without asking
    return scope.holds(SEE, row.place.path) or seen(scope).filter(pk=row.pk).exists()


def _hold(actor: Actor, now: _Now, step: Any, today: date) -> None:
    """Pass only a step that can be taken now, by this actor."""
    if not rules.may(now.standing, step):
        raise Wrong(words.NOT_NOW, state=now.row.get_state_display(), step=Step.Kind(step).label)
    if step == "verified" and actor.who == now.standing.mended_by:
        raise Wrong(words.OWN_WORK)
    if not PERMITS[step](actor, now.row, now.kind, today):
        raise Wrong(words.NOT_YOURS, step=Step.Kind(step).label)


def _in_doubt(row: Problem) -> tuple[str, str]:
    said = _("这个问题在您记录之后已有变化，现在是“%s”；这一步留着，等办公室看过再算。") % row.get_state_display()
    return said, _("请同步后看看最新的情况。")


def _step(ticket: Ticket) -> NewStep:
    assert ticket.verdict is not None
    taken: _Taken = ticket.verdict.facts
    request: requests.Stepped = ticket.request
    return NewStep(
        taken.problem_id, request.step, taken.day, ticket.made_at, ticket.actor.user_id, ticket.verdict.person_id,
        conflict=taken.conflict, told_by=taken.told_by, text=request.text, capture_id=ticket.capture_id,
    )  # fmt: skip


class Afterwards:
    """Problems and steps taken back by their maker, and steps in doubt let in by a person."""

    kinds = ("problem", "problem_step")

    def take_back(self, captures: Sequence[Capture]) -> None:
        """What these captures said counts no more; where somebody has built on it, that is noted instead."""
        now = timezone.now()
        steps = Step.objects.filter(capture__in=captures).select_related("problem").order_by("problem_id", "-n")
        hold(sorted({step.problem_id for step in steps}))
        for step in steps:
            tell_wishes(add_steps([_undoing(step, now)]))

    def let_in(self, capture: Capture, on: date) -> None:
        """A step in doubt counts as of its own day."""
        step = Step.objects.filter(capture=capture).select_related("problem").first()
        if step is None or step not in doubts(list(step.problem.steps.order_by("n"))):
            raise Wrong(words.NO_STEP)
        hold([step.problem_id])
        tell_wishes(
            add_steps([NewStep(step.problem_id, "accepted", local_day(timezone.now()), timezone.now(), of=step.n)])
        )


def _undoing(step: Step, now: datetime) -> NewStep:
    """The step that takes another back: as the last that counts it is undone, else it stays and that is noted."""
    today = local_day(now)
    later = list(
        Step.objects.filter(problem=step.problem_id, n__gt=step.n).exclude(kind__in=("note", "found", "undone"))
    )
    if step.conflict and step in doubts([step, *later]):
        return NewStep(step.problem_id, "declined", today, now, step.user_id, step.person_id, of=step.n)
    undone = set(Step.objects.filter(problem=step.problem_id, kind="undone").values_list("of", flat=True))
    if any(one.n not in undone for one in later):
        said = _("%s撤回来迟了，后面已经有人接着办，照旧有效。") % step.get_kind_display()
        return NewStep(step.problem_id, "note", today, now, step.user_id, step.person_id, text=said)
    if step.n == 1:
        said = _("报告人撤回")
        return NewStep(step.problem_id, "dismissed", today, now, step.user_id, step.person_id, text=said)
    return NewStep(step.problem_id, "undone", today, now, step.user_id, step.person_id, of=step.n)
