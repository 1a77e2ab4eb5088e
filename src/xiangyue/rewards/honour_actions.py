"""Nominations, ballots and lists of titles: put forward, voted on, drawn as a version, proposed, struck off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.places.models import Place
from xiangyue.places.naming import with_names
from xiangyue.rewards import honour_problems as problems
from xiangyue.rewards import problems as room
from xiangyue.rewards import working
from xiangyue.rewards.edition import State
from xiangyue.rewards.honour_frame import Title, lists_of, log_places, nominees, require_places, title_for
from xiangyue.rewards.honour_models import Held, HonourBallot, HonourLine, HonourList, HonourVote, Nomination
from xiangyue.rewards.publishing import publish
from xiangyue.rewards.working import LOCK, Basis, Work, basis_of, closing_of, composite_of
from xiangyue.rules import ballots
from xiangyue.rules.days import local_day
from xiangyue.rules.honours import Given, give, give_by_ballot
from xiangyue.rules.numbers import show
from xiangyue.standings.counted import counted_results
from xiangyue.standings.models import Result

if TYPE_CHECKING:
    from xiangyue.people.models import User

OUTCOME = HonourLine.Outcome


class Drawn(NamedTuple):
    """One line of a list before it is stored."""

    place_id: int
    code: str
    outcome: str
    figure: int | None
    votes: int | None
    why: str


def nominate(
    actor: User | None, ground: Place, code: str, key: str, rows: Sequence[tuple[Place, str]], *, now: datetime,
    scheme: str = "",
) -> list[Nomination]:  # fmt: skip
    """The places put forward for a title in a period, each with its reason; nobody twice."""
    _work, title = title_for(ground, code, key, scheme)
    if title.honour.given_by == "rule":
        raise Problem(problems.BY_RULE, name=title.honour.name, what="推荐")
    if not rows or any(not reason.strip() for _place, reason in rows):
        raise Problem(problems.NO_REASON)
    require_places(title, [place for place, _reason in rows])
    with write():
        alone(LOCK)
        _require_new(title, key, [place for place, _reason in rows])
        made = Nomination.objects.bulk_create(
            (
                Nomination(
                    **title.same, key=key, place=place, reason=reason.strip()[:300], nominated_at=now,
                    nominated_by=actor,
                )
                for place, reason in rows
            ),
            batch_size=500,
        )  # fmt: skip
        told = {"title": title.honour.name, "period": key}
        table = Nomination._meta.label_lower
        log_places(actor, "nomination.made", table, ((row.pk, row.place.path, told) for row in made))
    return made


def _require_new(title: Title, key: str, places: Sequence[Place]) -> None:
    ids = [place.pk for place in places]
    named = Nomination.objects.filter(**title.same, key=key, withdrawn_at=None, place__in=ids).select_related("place")
    twice = [row.place.name for row in named[:1]]
    twice += [place.name for n, place in enumerate(places) if place.pk in ids[:n]]
    if twice:
        period = title_period(key)
        raise Problem(problems.NOMINATED_TWICE, place=twice[0], period=period, name=title.honour.name)
    held = Held.objects.live().filter(**title.same, place__in=ids).select_related("place").first()
    if held is not None:
        raise Problem(problems.HOLDS_IT, place=held.place.name, name=title.honour.name)


def title_period(key: str) -> str:
    """2026-10 as 2026年10月."""
    from xiangyue.rules.days import parse_period

    return parse_period(key).name


def withdraw_nomination(actor: User | None, row: Nomination, *, reason: str, now: datetime) -> Nomination:
    """A nomination taken back, with a reason; it stays on file."""
    if not reason.strip():
        raise Problem(problems.NO_REASON)
    with write():
        alone(LOCK)
        found = Nomination.objects.select_related("place").get(pk=row.pk)
        if found.withdrawn_at is None:
            found.withdrawn_at, found.withdrawn_why = now, reason.strip()[:200]
            found.save(update_fields=["withdrawn_at", "withdrawn_why"])
            changes.log(
                actor.pk if actor else None, "nomination.withdrawn", found, path=found.place.path,
                after={"period": found.key}, reason=found.withdrawn_why,
            )  # fmt: skip
    return found


def record_ballot(
    actor: User | None, ground: Place, code: str, key: str, votes: Mapping[str, int], *, held_on: date, minutes: str,
    came: int, now: datetime, jurors: Sequence[str] = (), called: int = 0, scheme: str = "",
) -> HonourBallot:  # fmt: skip
    """A ballot as its minutes have it: votes by code; of a jury, `called` is who is named.

    The first round votes on those nominated, a later one on those who tied.
    """
    _work, title = title_for(ground, code, key, scheme)
    if title.honour.given_by == "rule":
        raise Problem(problems.BY_RULE, name=title.honour.name, what="表决")
    named = tuple(dict.fromkeys(one.strip() for one in jurors if one.strip()))
    if title.honour.given_by == "jury":
        called = called or len(named)
    with write():
        alone(LOCK)
        ids = _candidates(title, key, votes)
        told = ballots.Ballot(title.honour.given_by, held_on, minutes, called, came, len(named), votes=dict(votes))
        if words := ballots.why_refused(told):
            raise Problem(problems.BALLOT_REFUSED, words=with_names(words, votes))
        if held_on > local_day(now):
            raise Problem(problems.BAD_DAY, day=held_on, why="还没到")
        rounds = HonourBallot.objects.filter(**title.same, key=key, withdrawn_at=None).count()
        row = HonourBallot.objects.create(
            **title.same, key=key, round=rounds + 1, kind=title.honour.given_by, held_on=held_on,
            minutes=minutes.strip()[:80], called=called, came=came, jurors=list(named), recorded_at=now,
            recorded_by=actor,
        )  # fmt: skip
        HonourVote.objects.bulk_create(
            (HonourVote(ballot=row, place_id=ids[one], votes=n) for one, n in sorted(votes.items())), batch_size=500
        )
        changes.log(
            actor.pk if actor else None, "honour_ballot.recorded", row, path=title.ground.path,
            after={"title": title.honour.name, "minutes": row.minutes, "came": came, "round": row.round},
        )  # fmt: skip
    return row


def _candidates(title: Title, key: str, votes: Mapping[str, int]) -> dict[str, int]:
    """Those who may be voted on now: the nominated, or after a tie those who tied; Problem for any other."""
    ids = nominees(title, key)
    past = list(_ballots(title, key))
    allowed = set(ids)
    if past:
        allowed = set(_counted(title, past)[-1].open)
        if not allowed:
            raise Problem(problems.VOTED, name=title.honour.name, period=title_period(key))
    if strangers := sorted(set(votes) - allowed):
        name = Place.objects.filter(code=strangers[0]).values_list("name", flat=True).first() or strangers[0]
        raise Problem(problems.NOT_OPEN if past else problems.NOT_NOMINATED, place=name)
    return ids


def _ballots(title: Title, key: str) -> Sequence[tuple[HonourBallot, dict[str, int]]]:
    """The ballots that count, by round, with their votes by code."""
    rows = HonourBallot.objects.filter(**title.same, key=key, withdrawn_at=None).order_by("round")
    votes: dict[int, dict[str, int]] = {}
    for ballot, one, n in HonourVote.objects.filter(ballot__in=rows).values_list("ballot_id", "place__code", "votes"):
        votes.setdefault(ballot, {})[one] = n
    return [(row, votes.get(row.pk, {})) for row in rows]


def _counted(title: Title, rounds: Sequence[tuple[HonourBallot, dict[str, int]]]) -> list[Given]:
    """What each round chose: a later one fills the places that the ones before left."""
    found: list[Given] = []
    left = title.honour.places
    for row, votes in rounds:
        kind: Any = row.kind
        told = ballots.Ballot(kind, row.held_on, row.minutes, row.called, row.came, len(row.jurors), votes=votes)
        given = give_by_ballot(told, replace(title.honour, places=left))
        found.append(given)
        left -= len(given.codes) if title.honour.places else 0
    return found


def withdraw_ballot(actor: User | None, ballot: HonourBallot, *, reason: str, now: datetime) -> HonourBallot:
    """The last ballot of a title's period that counts no longer, with a reason; it stays on file."""
    if not reason.strip():
        raise Problem(problems.NO_REASON)
    with write():
        alone(LOCK)
        row = HonourBallot.objects.select_related("ground").get(pk=ballot.pk)
        if row.withdrawn_at is not None:
            return row
        same = {"ground": row.ground, "scheme": row.scheme, "honour": row.honour, "key": row.key}
        if later := HonourBallot.objects.filter(**same, withdrawn_at=None, round__gt=row.round).first():
            raise Problem(problems.WITHDRAW_LAST, round=later.round)
        row.withdrawn_at, row.withdrawn_why = now, reason.strip()[:200]
        row.save(update_fields=["withdrawn_at", "withdrawn_why"])
        changes.log(
            actor.pk if actor else None, "honour_ballot.withdrawn", row, path=row.ground.path,
            after={"minutes": row.minutes}, reason=row.withdrawn_why,
        )  # fmt: skip
    return row


def draw_honours(
    actor: User | None, ground: Place, code: str, key: str, *, now: datetime, scheme: str = "", reason: str = ""
) -> HonourList:
    """A new version of who is given a title: by rule on the newest closed results, or by the ballots on file."""
    work, title = title_for(ground, code, key, scheme)
    with write():
        alone(LOCK)
        if title.honour.given_by == "rule":
            why, basis, lines = _by_rule(work, title)
        else:
            why, basis, lines = _by_ballot(work, title)
        return _store(actor, work, title, basis, lines, why=why, now=now, reason=reason)


def _by_rule(work: Work, title: Title) -> tuple[str, list[Basis], list[Drawn]]:
    composite_of(work, title.honour.composite)
    closing = closing_of(work)
    rows = Result.objects.filter(standing__closing=closing, standing__composite=title.honour.composite)
    figures = dict(counted_results(rows))
    given = give(figures.items(), title.honour)
    ids = dict(rows.values_list("subject__code", "subject_id"))
    lines = [
        Drawn(ids[code], code, OUTCOME.CHOSEN, figures[code], None, f"成绩 {show(figures[code])}")
        for code in given.codes
    ]
    return given.why, [basis_of(closing)], lines


def _by_ballot(work: Work, title: Title) -> tuple[str, list[Basis], list[Drawn]]:
    rounds = _ballots(title, work.span.key)
    if not rounds:
        raise Problem(problems.NO_BALLOT, name=title.honour.name, period=work.span.name)
    given = _counted(title, rounds)
    ids = nominees(title, work.span.key)
    lines: dict[str, Drawn] = {}
    for (row, votes), found in zip(rounds, given, strict=True):
        ranked = sorted(votes, key=lambda one: (-votes[one], one))
        chosen, still_open = set(found.codes), set(found.open)
        for one in [*found.codes, *(code for code in ranked if code not in chosen)]:
            outcome = OUTCOME.CHOSEN if one in chosen else OUTCOME.OPEN if one in still_open else OUTCOME.NOT
            why = f"第{row.round}轮到会 {row.came} 人，得 {votes[one]} 票（{row.minutes}）"
            if one in ids:
                lines.pop(one, None)
                lines[one] = Drawn(ids[one], one, outcome, None, votes[one], why)
    order = {OUTCOME.CHOSEN: 0, OUTCOME.OPEN: 1, OUTCOME.NOT: 2}
    words = "；".join(f"第{row.round}轮：{one.why}" for (row, _votes), one in zip(rounds, given, strict=True))
    basis = [Basis("ballot", row.pk, row.round, row.minutes) for row, _votes in rounds]
    return words, basis, sorted(lines.values(), key=lambda line: order[OUTCOME(line.outcome)])


def _store(
    actor: User | None, work: Work, title: Title, basis: Sequence[Basis], lines: Sequence[Drawn], *, why: str,
    now: datetime, reason: str,
) -> HonourList:  # fmt: skip
    honour = title.honour
    digest = _digest(work, honour.code, lines)
    number = working.next_version(HonourList, actor, work, {"code": honour.code}, digest)
    row = HonourList.objects.create(
        ground=work.ground, scheme=work.code, scheme_version=work.version, code=honour.code, key=work.span.key,
        name=honour.name, version=number, digest=digest, basis=[list(one) for one in basis], made_at=now, made_by=actor,
        reason=reason.strip()[:200], given_by=honour.given_by, approval=honour.approval, places=honour.places,
        why=why[:400], **_counts([line.outcome for line in lines]),
    )  # fmt: skip
    HonourLine.objects.bulk_create(
        (
            HonourLine(
                list=row, place_id=line.place_id, outcome=line.outcome, figure=line.figure, votes=line.votes,
                position=at, why=line.why[:300],
            )
            for at, line in enumerate(lines, 1)
        ),
        batch_size=500,
    )  # fmt: skip
    working.log(actor, "honour_list.drawn", row, {"chosen": row.n_chosen, "open": row.n_open, "digest": digest}, reason)
    return row


def _counts(outcomes: Sequence[str]) -> dict[str, int]:
    return {"n_chosen": outcomes.count(OUTCOME.CHOSEN), "n_open": outcomes.count(OUTCOME.OPEN)}


def _digest(work: Work, code: str, lines: Sequence[Drawn]) -> str:
    return working.digest_of(work, f"honour:{code}", [(row.code, row.outcome, row.figure, row.votes) for row in lines])


def propose_honours(actor: User | None, row: HonourList, *, now: datetime) -> HonourList:
    """The list on notice for the scheme's days; held back while it has no approval number or a tie is open."""
    with write():
        alone(LOCK)
        found = HonourList.objects.select_related("ground", "scheme_version").get(pk=row.pk)
        if not found.approval.strip():
            raise Problem(problems.NO_APPROVAL, name=found.name)
        if found.n_open:
            raise Problem(problems.STILL_OPEN, name=found.title, n=found.n_open)
        places = [line.place for line in found.lines.filter(outcome=OUTCOME.CHOSEN).select_related("place")]
        if not places:
            raise Problem(problems.NO_LINES, name=found.title)
        publish(actor, found, "honour", places, now=now)
        working.log(actor, "honour_list.proposed", found, {"n": len(places)})
    return found


def strike_honour(actor: User | None, line: HonourLine, *, reason: str, now: datetime) -> HonourList:
    """A new version without one of the chosen; nobody moves into its place, a running notice runs on."""
    if not reason.strip():
        raise Problem(room.NEEDS_REASON)
    with write():
        alone(LOCK)
        older = HonourList.objects.select_related("ground", "scheme_version").get(pk=line.list_id)
        if older.state not in (State.DRAWN, State.PROPOSED) or line.outcome != OUTCOME.CHOSEN:
            raise Problem(
                room.WRONG_STATE, name=older.title, version=older.version, state=State(older.state).label, act="除名"
            )
        row = _without(actor, older, line, reason.strip(), now)
        if older.state == State.PROPOSED:
            kept = row.lines.filter(outcome=OUTCOME.CHOSEN).select_related("place")
            publish(actor, row, "honour", [one.place for one in kept], now=now, reason=reason, runs_on=True)
        HonourList.objects.filter(pk=older.pk).update(state=State.SUPERSEDED)
        working.log(actor, "honour_list.struck", row, {"place": line.place.code}, reason)
    return row


def _without(actor: User | None, older: HonourList, line: HonourLine, reason: str, now: datetime) -> HonourList:
    work, title = title_for(older.ground, older.code, older.key, older.scheme)
    held = list(older.lines.select_related("place"))
    drawn = [
        Drawn(
            one.place_id, one.place.code, OUTCOME.STRUCK if one.pk == line.pk else one.outcome, one.figure, one.votes,
            f"异议成立除名：{reason}" if one.pk == line.pk else one.why,
        )
        for one in held
    ]  # fmt: skip
    number = lists_of(title, older.key).values_list("version", flat=True)[0] + 1
    row = HonourList.objects.get(pk=older.pk)
    row.pk, row.version, row.state = None, number, State.DRAWN
    row._state.adding = True
    row.digest = _digest(work, older.code, drawn)
    row.made_at, row.made_by, row.reason, row.publication = now, actor, reason[:200], None
    row.n_chosen, row.n_open = _counts([one.outcome for one in drawn]).values()
    row.save()
    HonourLine.objects.bulk_create(
        (
            HonourLine(
                list=row, place_id=one.place_id, outcome=one.outcome, figure=one.figure, votes=one.votes, position=at,
                why=one.why[:300],
            )
            for at, one in enumerate(drawn, 1)
        ),
        batch_size=500,
    )  # fmt: skip
    return row
