"""The departments' stage: a named jury, its minuted ballot, and what departments say of each village."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.places.models import Place
from xiangyue.places.naming import with_names
from xiangyue.rules import ballots
from xiangyue.standings.reviews import problems
from xiangyue.standings.reviews.facts import subjects_for
from xiangyue.standings.reviews.models import Review, ReviewBallot, ReviewComment, ReviewJuror, ReviewVote
from xiangyue.standings.reviews.opening import log
from xiangyue.standings.reviews.stages import require_open, stage_of

if TYPE_CHECKING:
    from xiangyue.people.models import User


def add_juror(actor: User | None, review: Review, stage: str, *, name: str, unit: str) -> ReviewJuror:
    """A member of the jury, by name and unit; the list is fixed once a ballot is recorded."""
    for what, value in (("姓名", name), ("单位", unit)):
        if not value.strip():
            raise Problem(problems.EMPTY, what=what)
    with write():
        _require_unvoted(review, stage)
        row, made = ReviewJuror.objects.get_or_create(
            review=review, stage=stage, name=name.strip()[:40], unit=unit.strip()[:80]
        )
        if not made:
            raise Problem(problems.JUROR_TWICE, name=row.name, unit=row.unit)
        log(actor, "review_juror.added", row, review, {"stage": stage, "unit": row.unit})
    return row


def drop_juror(actor: User | None, juror: ReviewJuror) -> None:
    """A juror taken off the list before the ballot."""
    with write():
        _require_unvoted(juror.review, juror.stage)
        log(actor, "review_juror.dropped", juror, juror.review, {"stage": juror.stage, "unit": juror.unit})
        juror.delete()


def record_ballot(
    actor: User | None, review: Review, stage: str, *, held_on: date, minutes: str, came: int,
    votes: Mapping[str, int], now: datetime, called: int = 0,
) -> ReviewBallot:  # fmt: skip
    """A ballot as its minutes have it; `called` is the jury's number, or what is given for an assembly."""
    found = stage_of(review, stage)
    if found.ballot == "none":
        raise Problem(problems.NO_BALLOT_HERE, stage=found.name)
    codes = {row[0] for row in subjects_for(review)}
    if strangers := sorted(votes.keys() - codes):
        raise Problem(problems.NOT_IN_REVIEW, subject=strangers[0])
    with write():
        require_open(review, stage, "录入表决")
        named = ReviewJuror.objects.filter(review=review, stage=stage).count() if found.ballot == "jury" else 0
        called = named if found.ballot == "jury" else called
        told = ballots.Ballot(found.ballot, held_on, minutes, called, came, named, votes=dict(votes))
        if words := ballots.why_refused(told):
            raise Problem(problems.BALLOT_REFUSED, words=with_names(words, codes))
        ReviewBallot.objects.filter(review=review, stage=stage, withdrawn_at=None).update(withdrawn_at=now)
        row = ReviewBallot.objects.create(
            review=review, stage=stage, held_on=held_on, minutes=minutes.strip()[:80], called=called, came=came,
            named=named, recorded_at=now, recorded_by=actor,
        )  # fmt: skip
        ids = dict(Place.objects.filter(code__in=votes).values_list("code", "pk"))
        ReviewVote.objects.bulk_create(
            (ReviewVote(ballot=row, subject_id=ids[code], votes=n) for code, n in sorted(votes.items())), batch_size=500
        )
        log(actor, "review_ballot.recorded", row, review, {"stage": stage, "minutes": row.minutes, "came": came})
    return row


def withdraw_ballot(actor: User | None, ballot: ReviewBallot, *, reason: str, now: datetime) -> ReviewBallot:
    """A ballot that counts no longer, with a reason; it stays on file."""
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        require_open(ballot.review, ballot.stage, "作废表决")
        row = ReviewBallot.objects.select_for_update(of=("self",)).get(pk=ballot.pk)
        if row.withdrawn_at is None:
            row.withdrawn_at = now
            row.save(update_fields=["withdrawn_at"])
            log(actor, "review_ballot.withdrawn", row, ballot.review, {"minutes": row.minutes}, reason=reason.strip())
    return row


def comment(
    actor: User | None, review: Review, stage: str, subject: Place, *, unit: str, text: str, now: datetime
) -> ReviewComment:
    """What a unit says of a village; said again, it takes the place of what it said before."""
    for what, value in (("单位", unit), ("点评", text)):
        if not value.strip():
            raise Problem(problems.EMPTY, what=what)
    if subject.code not in {row[0] for row in subjects_for(review)}:
        raise Problem(problems.NOT_IN_REVIEW, subject=subject.name)
    with write():
        require_open(review, stage, "点评")
        row, made = ReviewComment.objects.update_or_create(
            review=review, stage=stage, subject=subject, unit=unit.strip()[:80],
            defaults={"text": text.strip()[:500], "written_at": now, "written_by": actor},
        )  # fmt: skip
        act = "review_comment.written" if made else "review_comment.rewritten"
        log(actor, act, row, review, {"unit": row.unit, "text": row.text}, subject)
    return row


def _require_unvoted(review: Review, stage: str) -> None:
    require_open(review, stage, "改评审团名单")
    if ReviewBallot.objects.filter(review=review, stage=stage, withdrawn_at=None).exists():
        raise Problem(problems.JURY_FIXED)
