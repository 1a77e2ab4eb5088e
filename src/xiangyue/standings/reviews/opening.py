"""Opening a review, and its teams: who belongs to them, who leads, and which conflicts of interest were declared."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from xiangyue.agreements.in_force import scheme_on
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.people.models import Person
from xiangyue.places.models import Level, Place
from xiangyue.rules.days import local_day
from xiangyue.rules.settings import PeriodKind
from xiangyue.standings.actions.periods import span_of
from xiangyue.standings.reviews import problems
from xiangyue.standings.reviews.models import Review, ReviewBar, ReviewMember, ReviewPlan, ReviewTeam
from xiangyue.standings.reviews.settings import (
    mutual_in,
    rating_for,
    rating_in,
    require_sources,
    settings_for,
    settings_in,
)

if TYPE_CHECKING:
    from xiangyue.people.models import User

KINDS: dict[PeriodKind, str] = {"month": "月", "quarter": "季度", "year": "年"}


def open_review(actor: User | None, ground: Place, scheme: str, code: str, key: str, *, now: datetime) -> Review:
    """A review of a period, opened by the county office from the scheme in force; its townships get a team each."""
    span, today = span_of(key), local_day(now)
    version, read = scheme_on(ground, scheme, today)
    settings = settings_in(read, code)
    rating = rating_in(read, settings)
    if rating.period != span.kind:
        raise Problem(problems.WRONG_PERIOD, review=settings.name, kind=KINDS[rating.period], key=key)
    require_sources(read, settings)
    with write():
        alone(f"review {ground.pk}")
        held = Review.objects.filter(ground=ground, scheme=scheme, code=code, key=key).first()
        if held is not None:
            who = str(held.opened_by) if held.opened_by else "命令行"
            raise Problem(problems.REVIEW_OPENED, key=key, review=settings.name, who=who)
        row = Review.objects.create(
            ground=ground, scheme_version=version, scheme=scheme, code=code, name=settings.name, key=key,
            starts_on=span.starts_on, ends_on=span.ends_on, opened_on=today, opened_at=now, opened_by=actor,
        )  # fmt: skip
        if mutual_in(settings) is not None:
            townships = Place.objects.below(ground.path).of(Level.TOWNSHIP).live(min(today, span.ends_on))
            ReviewTeam.objects.bulk_create(ReviewTeam(review=row, township=town) for town in townships.order_by("code"))
        log(actor, "review.opened", row, row, {"key": key, "review": settings.name})
    return row


def add_team(actor: User | None, review: Review, township: Place) -> ReviewTeam:
    """A township's team, before the plan is made."""
    _require_unplanned(review)
    if township.level != Level.TOWNSHIP or not township.path.startswith(review.ground.path):
        raise Problem(problems.NOT_A_TOWNSHIP, place=township.name)
    with write():
        row, made = ReviewTeam.objects.get_or_create(review=review, township=township)
        if not made:
            raise Problem(problems.TEAM_EXISTS, township=township.name)
        log(actor, "review_team.added", row, review, {"township": township.code})
    return row


def drop_team(actor: User | None, team: ReviewTeam) -> None:
    """A team taken out before the plan is made: its township sends nobody."""
    _require_unplanned(team.review)
    with write():
        log(actor, "review_team.dropped", team, team.review, {"township": team.township.code})
        team.delete()


def add_member(actor: User | None, team: ReviewTeam, person: Person, *, leads: bool = False) -> ReviewMember:
    """A person of the township into its team; a new leader takes over from the one before."""
    if not person.place.path.startswith(team.township.path):
        raise Problem(problems.NOT_ITS_PERSON, person=person.name, township=team.township.name)
    with write():
        alone(f"review team {team.pk}")
        held = ReviewMember.objects.filter(team=team, person=person).first()
        if held is not None and held.left_on is None and held.leads == leads:
            raise Problem(problems.IS_MEMBER, person=person.name, team=team.township.name)
        if leads:
            ReviewMember.objects.filter(team=team, leads=True).update(leads=False)
        row = held or ReviewMember(team=team, person=person)
        row.leads, row.left_on = leads, None
        row.save()
        log(actor, "review_member.added", row, team.review, {"person": person.code, "leads": leads}, team.township)
    return row


def remove_member(actor: User | None, member: ReviewMember, *, today: date) -> ReviewMember:
    """A member who leaves; what they handed in stays."""
    with write():
        row = ReviewMember.objects.select_for_update(of=("self",)).select_related("person", "team").get(pk=member.pk)
        if row.left_on is not None:
            raise Problem(problems.NOT_MEMBER, person=row.person.name)
        row.left_on, row.leads = today, False
        row.save(update_fields=["left_on", "leads"])
        team = member.team
        log(actor, "review_member.left", row, team.review, {"person": row.person.code}, team.township)
    return row


def declare_conflict(actor: User | None, team: ReviewTeam, subject: Place, *, reason: str) -> ReviewBar:
    """A conflict of interest between a team and a subject, declared before the plan is made, with its reason."""
    _require_unplanned(team.review)
    if not reason.strip():
        raise Problem(problems.BAR_WITHOUT_REASON)
    level = rating_for(team.review).level
    if subject.level != level or not subject.path.startswith(team.review.ground.path):
        raise Problem(problems.NOT_IN_REVIEW, subject=subject.name)
    with write():
        row, _made = ReviewBar.objects.update_or_create(
            team=team, subject=subject, defaults={"reason": reason.strip()[:200]}
        )
        log(actor, "review_bar.declared", row, team.review, {"team": team.township.code, "subject": subject.code})
    return row


def lift_conflict(actor: User | None, bar: ReviewBar) -> None:
    """A conflict that was declared by mistake taken back before the plan is made."""
    review = bar.team.review
    _require_unplanned(review)
    with write():
        log(actor, "review_bar.lifted", bar, review, {"team": bar.team.township.code, "subject": bar.subject.code})
        bar.delete()


def _require_unplanned(review: Review) -> None:
    if mutual_in(settings_for(review)) is None:
        raise Problem(problems.NO_MUTUAL, review=review.name)
    if ReviewPlan.objects.filter(review=review).exclude(state=ReviewPlan.State.SUPERSEDED).exists():
        raise Problem(problems.TEAM_FIXED)


def log(
    actor: User | None, act: str, row: Any, review: Review, after: dict[str, Any], place: Place | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    """One change line of a review's act, at the place that it concerns (the review's ground, when none is named)."""
    path = (place or review.ground).path
    changes.log(actor.pk if actor else None, act, row, path=path, after=after, reason=reason[:200])
