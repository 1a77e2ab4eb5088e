"""How the intake treats rounds, sheets and what takes them back: judged together, stored together."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.roundtrip import Command, Question, Rows, tell
from xiangyue.base.saying import said_day
from xiangyue.captures import afterwards, intake, photos
from xiangyue.captures.envelope import Envelope
from xiangyue.captures.intake import Ticket, Verdict
from xiangyue.captures.keys import proof_of
from xiangyue.captures.models import Capture
from xiangyue.checks import judging, permits, requests
from xiangyue.checks.judging import NOT_YOURS, UNKNOWN_PLACE, Scored, may_record
from xiangyue.checks.models import Check
from xiangyue.checks.storing import STATE, Filing, file, month_of, take_out
from xiangyue.checks.world import ActorFact, PersonFact, Rule, World, load_actors, questions_for, world_of
from xiangyue.people.senders import NO_GRANT, SIGNED_OUT
from xiangyue.rules.days import belongs, local_day

UNKNOWN_PERSON = problem_kind(
    "check_inspector", gettext_lazy("没有编码为“{code}”的检查人。"), gettext_lazy("请核对检查人编码。")
)
NO_INSPECTOR = problem_kind(
    "check_no_inspector", gettext_lazy("没有写明检查人。"), gettext_lazy("请选一位检查人，或在账号里关联本人。")
)
MIXED = problem_kind(
    "check_mixed", gettext_lazy("一次记录里的对象属于不同的方案。"), gettext_lazy("请按乡镇分开记录。")
)
NOTHING_TO_UNDO = problem_kind(
    "undo_unknown", gettext_lazy("没有找到要撤回的记录。"), gettext_lazy("请先发送原来的记录，再撤回。")
)
UNDONE = problem_kind("undo_twice", gettext_lazy("这条记录已经撤回过了。"), gettext_lazy("不用再撤回。"))
UNDO_OVER = problem_kind(
    "undo_over", gettext_lazy("记录满 10 分钟后不能自己撤回。"), gettext_lazy("要更正请重新记录一次，以最后一次为准。")
)
UNDO_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A round or sheet that may be taken."""

    inspector: PersonFact
    channel: str
    scored: tuple[Scored, ...]

    @property
    def rule(self) -> Rule:
        return self.scored[0].rule


class ChecksHandler(intake.Handler):
    """Rounds and sheets."""

    kinds = ("round", "sheet")

    def read(self, envelope: Envelope) -> requests.Request:
        """The body of a round or sheet."""
        return requests.read_round(envelope.body) if envelope.kind == "round" else requests.read_sheet(envelope.body)

    def questions(self, tickets: Sequence[Ticket]) -> Sequence[Question]:
        """The users, the subjects and the inspectors named; and which months are closed."""
        subjects = {row.subject for ticket in tickets for row in ticket.request.rows}
        world = questions_for(
            local_day(max(ticket.now for ticket in tickets)),
            {ticket.actor.user_id for ticket in tickets},
            subjects,
            {ticket.request.inspector for ticket in tickets if ticket.request.inspector},
        )
        months = {month_of(ticket.day) for ticket in tickets}
        return [*world, *intake.closed_question({code[:6] for code in subjects}, months)]

    def judge(self, tickets: Sequence[Ticket], answers: Sequence[Rows]) -> None:
        """Each ticket's verdict."""
        world = world_of(local_day(max(ticket.now for ticket in tickets)), answers)
        closed = intake.closed_told(answers)
        for ticket in tickets:
            try:
                found = _judge(world, ticket)
            except Problem as problem:
                intake.refuse(ticket, problem)
                continue
            shut = (found.rule.ground_id, found.rule.scheme.code, month_of(ticket.day)) in closed
            ticket.verdict = _verdict(ticket, found, shut)

    def store(self, tickets: Sequence[Ticket], captures: Command) -> None:
        """The captures with the checks of all tickets."""
        file([_filing(ticket) for ticket in tickets], captures)


class UndoHandler(intake.Handler):
    """What takes back a capture of any kind within ten minutes of the tap."""

    kinds = ("undo",)

    def read(self, envelope: Envelope) -> requests.Undo:
        """The body of an undo."""
        return requests.read_undo(envelope.body)

    def judge(self, tickets: Sequence[Ticket], answers: Sequence[Rows]) -> None:
        """Each ticket's verdict."""
        today = local_day(max(ticket.now for ticket in tickets))
        world = load_actors(today, {ticket.actor.user_id for ticket in tickets})
        found = Capture.objects.filter(uuid__in=[ticket.request.target for ticket in tickets])
        targets = {capture.uuid: capture for capture in found}
        for ticket in tickets:
            try:
                ticket.verdict = _undo_verdict(ticket, known_actor(world, ticket), targets.get(ticket.request.target))
            except Problem as problem:
                intake.refuse(ticket, problem)

    def store(self, tickets: Sequence[Ticket], captures: Command) -> None:
        """Withdraw what may still be withdrawn."""
        tell(captures)
        undone = {ticket.verdict.facts for ticket in tickets if ticket.verdict and ticket.verdict.state == "stored"}
        states = (STATE.COUNTED, STATE.REPLACED, STATE.VOID, STATE.LATE, STATE.HELD)
        rows = Check.objects.filter(capture_id__in=undone, state__in=states)
        take_out(list(rows.values_list("id", flat=True)))
        afterwards.take_back(list(Capture.objects.filter(pk__in=undone).exclude(kind__in=ChecksHandler.kinds)))
        Capture.objects.filter(pk__in=undone).update(state=Capture.State.WITHDRAWN)
        photos.drop_of(undone)


def known_actor(world: World, ticket: Ticket) -> ActorFact:
    """The actor, in use and with a live grant; a key must still fit the password."""
    actor = world.actors.get(ticket.actor.user_id)
    proof = ticket.actor.proof
    if actor is None or not actor.active or (proof and not hmac.compare_digest(proof, proof_of(actor.password))):
        raise Problem(SIGNED_OUT)
    if not actor.scope.grants:
        raise Problem(NO_GRANT)
    return actor


def _judge(world: World, ticket: Ticket) -> _Judged:
    actor = known_actor(world, ticket)
    request: requests.Request = ticket.request
    inspector = _inspector(world, actor, request.inspector)
    scored = tuple(_judge_row(world, actor, request, row, inspector, ticket) for row in request.rows)
    rule = scored[0].rule
    if any(one.rule.ground_id != rule.ground_id or one.rule.scheme is not rule.scheme for one in scored):
        raise Problem(MIXED)
    if inspector is None:
        raise Problem(NO_INSPECTOR)
    own = inspector.id == actor.person_id
    if permits.guards(rule.scheme, rule.kind, rule.ground_id, ticket.day):
        for one in scored:
            permits.judge(permits.Asked(actor.scope, inspector, one.place, rule, ticket.day))
    elif not (own and rule.kind.layers):
        for one in scored:
            if not may_record(actor.scope, one.place, rule):
                raise Problem(NOT_YOURS, name=one.place.name, kind=rule.kind.name)
    channel = ticket.actor.channel
    if rule.kind.layers and not own and channel in (Capture.Channel.PHONE, Capture.Channel.OFFICE):
        channel = Capture.Channel.COUNTER
    return _Judged(inspector, channel, scored)


def _inspector(world: World, actor: ActorFact, code: str) -> PersonFact | None:
    if not code:
        return world.people_by_id.get(actor.person_id) if actor.person_id else None
    found = world.people.get(code)
    if found is None or not any(_same_county(found.path, grant.path) for grant in actor.scope.grants):
        raise Problem(UNKNOWN_PERSON, code=code)
    return found


def _same_county(path: str, other: str) -> bool:
    return path.partition("/")[0] == other.partition("/")[0]


def _judge_row(
    world: World,
    actor: ActorFact,
    request: requests.Request,
    row: requests.Row,
    inspector: PersonFact | None,
    ticket: Ticket,
) -> Scored:
    try:
        return judging.judge_row(world, request.scheme, request.check, row, inspector, ticket.day)
    except Problem as problem:
        place = world.places.get(row.subject)
        if place is None or any(place.path.startswith(grant.path) for grant in actor.scope.grants):
            raise
        if problem.kind is judging.OWN_TARGET and inspector is not None and inspector.id == actor.person_id:
            # whoever bears it knows it
            raise
        # what lies outside the actor's ground is not even named
        raise Problem(UNKNOWN_PLACE, code=row.subject) from None


def _verdict(ticket: Ticket, judged: _Judged, shut: bool) -> Verdict:
    state, words, mend = answer_for(ticket, judged.rule, shut)
    return Verdict(
        state,
        _where(judged.scored),
        judged.inspector.id,
        judged.channel,
        requests.without_text(ticket.envelope.body),
        judged,
        words,
        mend,
    )


def answer_for(ticket: Ticket, rule: Rule, shut: bool) -> tuple[str, str, str]:
    """Rule 2's answer: stored, late or held, with words and what to do."""
    limit = rule.scheme.late_limit_days
    where = belongs(ticket.day, local_day(ticket.now), limit)
    if where == "early":
        words = _("记录的日期%s在今天之后，已留存，等人工核对。") % said_day(ticket.day)
        return "held", words, _("请看看手机的日期对不对；办公室核对后会处理这条。")
    if where == "old":
        words = _("记录的日期%(day)s早于 %(n)d 天，已留存，等人工核对。") % {"day": said_day(ticket.day), "n": limit}
        return "held", words, _("请告诉办公室为什么现在才报；核对后才计入。")
    if shut:
        words = _("%s所在的月份已经关账，这条已存为迟到记录，暂不计入。") % said_day(ticket.day)
        return "late", words, _("办公室为这个月开新版本时会计入，不用再报。")
    return "stored", "", ""


def _where(scored: Sequence[Scored]) -> int:
    """The smallest of village, township and county that holds all subjects."""
    first = scored[0].place
    for level in ("home_id", "township_id"):
        if len({getattr(one.place, level) for one in scored}) == 1 and getattr(first, level):
            return int(getattr(first, level))
    return first.ground_id


def _filing(ticket: Ticket) -> Filing:
    verdict = ticket.verdict
    assert verdict is not None
    judged: _Judged = verdict.facts
    return Filing(ticket.capture_id, judged.inspector.id, ticket.day, ticket.made_at, verdict.state, judged.scored)


def _undo_verdict(ticket: Ticket, actor: ActorFact, target: Capture | None) -> Verdict:
    mine = target is not None and (
        target.user_id == ticket.actor.user_id or (target.person_id and target.person_id == actor.person_id)
    )
    known = target is not None and (target.kind in ChecksHandler.kinds or afterwards.room_of(target.kind) is not None)
    if target is None or not mine or not known:
        raise Problem(NOTHING_TO_UNDO)
    if target.state == Capture.State.WITHDRAWN:
        raise Problem(UNDONE)
    if ticket.made_at - tapped_at(target) > UNDO_WITHIN:
        raise Problem(UNDO_OVER)
    shut = target.state == Capture.State.STORED and _in_closed_month(target)
    words = _("这个月已经关账，撤回已存为迟到记录，暂不生效。") if shut else _("已撤回。")
    mend = _("办公室为这个月开新版本时会处理。") if shut else ""
    return Verdict(
        "late" if shut else "stored",
        target.place_id,
        target.person_id,
        ticket.actor.channel,
        ticket.envelope.body,
        target.pk,
        words,
        mend,
    )


def tapped_at(capture: Capture) -> datetime:
    """When the person tapped: what was typed in from paper was tapped when it came in."""
    return capture.made_at if capture.channel == Capture.Channel.PHONE else capture.received_at


def _in_closed_month(target: Capture) -> bool:
    rows: Any = Check.objects.filter(capture=target).values_list("ground_id", "kind__scheme", "month").distinct()
    return any(month in intake.closed_months(ground, scheme, {month}) for ground, scheme, month in rows)
