"""Who reviews whom: a secret committed, a public number fixed later, the plan drawn from both and open to everyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q

from xiangyue.agreements.burden import hold_under_cap
from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.problems import Problem
from xiangyue.base.sealing import commit, require_number, take_number
from xiangyue.base.writes import alone, write
from xiangyue.duties.models import Duty
from xiangyue.places.models import Place
from xiangyue.rules.burden import Received
from xiangyue.rules.days import local_day
from xiangyue.rules.reviewers import Reviewed, Team, plan
from xiangyue.rules.reviewers import ReviewPlan as Drawn
from xiangyue.standings.reviews import problems
from xiangyue.standings.reviews.facts import plan_in_use, sheets_of, subjects_for
from xiangyue.standings.reviews.models import (
    Review,
    ReviewBar,
    ReviewMember,
    ReviewPlan,
    ReviewStageVersion,
    ReviewTeam,
    ReviewTurn,
)
from xiangyue.standings.reviews.opening import log
from xiangyue.standings.reviews.settings import mutual_in, settings_for

if TYPE_CHECKING:
    from xiangyue.people.models import User

State = ReviewPlan.State
ANY_SEED = "before the draw"
"""How many teams a subject can have does not hang on the seed."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A team that may not review a subject, and why."""

    team: str
    subject: str
    why: str


def conflicts_of(review: Review, day: date) -> list[Conflict]:
    """Every conflict of interest: a member's duty in the village, a member's home there, and what was declared."""
    members = list(
        ReviewMember.objects.filter(team__review=review, left_on=None).values_list(
            "team__township__code", "person_id", "person__organisation_id", "person__name", "person__home__path"
        )
    )
    paths = dict(Place.objects.filter(code__in=[row[0] for row in subjects_for(review)]).values_list("path", "code"))
    found = [
        Conflict(team, subject, reason)
        for team, subject, reason in ReviewBar.objects.filter(team__review=review).values_list(
            "team__township__code", "subject__code", "reason"
        )
    ]
    for team, _person, _unit, name, home in members:
        if home and (code := _within(home, paths)):
            found.append(Conflict(team, code, f"{name}家在这里"))
    people = [row[1] for row in members]
    units = [row[2] for row in members if row[2]]
    duties = Duty.objects.live(day).below(review.ground.path)
    duties = duties.filter(Q(person__in=people) | Q(organisation__in=units) | Q(stand_in__in=people))
    for person, unit, stand_in, path in duties.values_list(
        "person_id", "organisation_id", "stand_in_id", "target__path"
    ).distinct():
        code = _within(path, paths)
        for team, held, own_unit, name, _home in members if code else ():
            if held in (person, stand_in) or (unit is not None and unit == own_unit):
                found.append(Conflict(team, code, f"{name}在这里包保"))
    return sorted(set(found), key=lambda row: (row.team, row.subject, row.why))


def make_plan(
    actor: User | None, review: Review, *, number_name: str, number_on: date, now: datetime, secret: str = ""
) -> ReviewPlan:
    """A plan that waits for its public number: everything but the number is fixed, the secret's hash is shown."""
    settings = settings_for(review)
    if mutual_in(settings) is None:
        raise Problem(problems.NO_MUTUAL, review=review.name)
    today = local_day(now)
    require_number(number_name, number_on, today=today)
    with write():
        alone(f"review {review.ground_id}")
        live = ReviewPlan.objects.filter(review=review).exclude(state=State.SUPERSEDED).first()
        if live is not None:
            raise Problem(problems.PLAN_STATE, state=live.get_state_display(), act="另作安排")
        _require_leaders(review)
        version = (ReviewPlan.objects.filter(review=review).aggregate(last=Max("version"))["last"] or 0) + 1
        facts = _facts(review, settings.times, version, today)
        _require_enough(facts)
        received = [Received(code, settings.times) for code, _township in facts["subjects"]]
        hold_under_cap(scheme_of(review.scheme_version), received)
        row = ReviewPlan(review=review, version=version, facts=facts, planned_at=now, planned_by=actor)
        commit(row, number_name, number_on, secret=secret)
        row.save()
        log(actor, "review_plan.made", row, review, {"commitment": row.commitment, "number": row.number_name})
    return row


def draw_plan(actor: User | None, plan_row: ReviewPlan, *, number: str, now: datetime) -> ReviewPlan:
    """The plan drawn from its secret and the number as it was published; the secret is open from now on."""
    with write():
        row = _locked(plan_row)
        if row.state != State.PLANNED:
            raise Problem(problems.PLAN_STATE, state=row.get_state_display(), act="抽定")
        take_number(row, number, today=local_day(now))
        drawn = drawn_from(row.facts, row.seed)
        row.state, row.digest, row.why, row.drawn_at, row.drawn_by = State.DRAWN, digest(drawn), drawn.why, now, actor
        row.save()
        _store_turns(row, drawn)
        log(actor, "review_plan.drawn", row, row.review, {"number": row.number, "seed": row.seed})
    return row


def give_up_plan(actor: User | None, plan_row: ReviewPlan, *, reason: str, now: datetime) -> ReviewPlan:
    """A plan that is made anew, with a reason, before its first sheet; it stays readable."""
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        row = _locked(plan_row)
        if row.state == State.SUPERSEDED:
            raise Problem(problems.PLAN_STATE, state=row.get_state_display(), act="重新安排")
        if n := sheets_by(row, local_day(now)):
            raise Problem(problems.PLAN_IN_USE, n=n)
        row.state, row.reason = State.SUPERSEDED, reason.strip()[:200]
        row.save(update_fields=["state", "reason"])
        log(actor, "review_plan.given_up", row, row.review, {"version": row.version}, reason=row.reason)
    return row


def drawn_from(facts: Mapping[str, Any], seed: str) -> Drawn:
    """The turns that these facts give by a seed: what anyone can recompute."""
    return plan(
        [Team(code, township) for code, township in facts["teams"]],
        [Reviewed(code, township) for code, township in facts["subjects"]],
        facts["times"],
        seed=seed,
        code=facts["code"],
        barred={(team, subject) for team, subject, _why in facts["barred"]},
    )


def digest(drawn: Drawn) -> str:
    """SHA-256 over the turns, a line each: subject, tab, team."""
    lines = sorted(f"{turn.subject}\t{turn.team}\n" for turn in drawn.turns)
    return sha256("".join(lines).encode()).hexdigest()


def sheets_by(row: ReviewPlan, today: date) -> int:
    """How many sheets were handed in by a plan's turns."""
    stage = mutual_in(settings_for(row.review))
    begun = ReviewStageVersion.objects.filter(review=row.review, stage=stage.code if stage else "").first()
    if row.state != State.DRAWN or stage is None or begun is None:
        return 0
    codes = {code for code, _township in row.facts["subjects"]}
    return len(sheets_of(row.review, stage, begun.opened_on, today, codes))


def loads_of(facts: Mapping[str, Any], turns: list[tuple[str, str]]) -> dict[str, int]:
    """Team → how many subjects it reviews."""
    loads = {code: 0 for code, _township in facts["teams"]}
    for team, _subject in turns:
        loads[team] += 1
    return loads


def turns_of(row: ReviewPlan) -> list[tuple[str, str]]:
    """(Team, subject) of a plan."""
    held = ReviewTurn.objects.filter(plan=row).order_by("subject__code", "team__township__code")
    return list(held.values_list("team__township__code", "subject__code"))


def in_use(review: Review) -> ReviewPlan | None:
    """The drawn plan, if any."""
    return plan_in_use(review)


def _facts(review: Review, times: int, version: int, day: date) -> dict[str, Any]:
    teams = ReviewTeam.objects.filter(review=review).order_by("township__code").values_list("township__code", flat=True)
    return {
        "code": f"{review.scheme}/{review.code}/{review.key}/v{version}",
        "times": times,
        "teams": [[code, code] for code in teams],
        "subjects": [[code, township] for code, _group, _category, township in subjects_for(review)],
        "barred": [[row.team, row.subject, row.why] for row in conflicts_of(review, day)],
    }


def _require_leaders(review: Review) -> None:
    led = ReviewMember.objects.filter(team__review=review, leads=True, left_on=None).values("team")
    without = ReviewTeam.objects.filter(review=review).exclude(pk__in=led)
    names = list(without.order_by("township__code").values_list("township__name", flat=True))
    if names:
        raise Problem(problems.NO_LEADER, teams="、".join(names[:6]))


def _require_enough(facts: Mapping[str, Any]) -> None:
    tried = drawn_from(facts, ANY_SEED)
    if tried.findings:
        first = tried.findings[0]
        name = Place.objects.filter(code=first.subject).values_list("name", flat=True).first()
        raise Problem(problems.TOO_FEW_TEAMS, n=len(tried.findings), example=name, words=first.words)


def _store_turns(row: ReviewPlan, drawn: Drawn) -> None:
    teams = dict(ReviewTeam.objects.filter(review=row.review).values_list("township__code", "pk"))
    places = dict(Place.objects.filter(code__in={turn.subject for turn in drawn.turns}).values_list("code", "pk"))
    ReviewTurn.objects.bulk_create(
        (ReviewTurn(plan=row, team_id=teams[turn.team], subject_id=places[turn.subject]) for turn in drawn.turns),
        batch_size=500,
    )


def _locked(row: ReviewPlan) -> ReviewPlan:
    found = ReviewPlan.objects.select_for_update(of=("self",)).select_related(
        "review__ground", "review__scheme_version"
    )
    return found.get(pk=row.pk)


def _within(path: str, subjects: Mapping[str, str]) -> str:
    """The subject at or above a path; empty where there is none."""
    codes = path.split("/")[:-1]
    for n in range(len(codes), 0, -1):
        if (code := subjects.get("/".join(codes[:n]) + "/")) is not None:
            return code
    return ""
