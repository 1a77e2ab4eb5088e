"""Giving stars: a rating worked out and put down as a version with its digest; corrections are newer versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.places.models import Place
from xiangyue.rules.days import local_day
from xiangyue.standings import problems
from xiangyue.standings.closed import LOCK
from xiangyue.standings.ratings import problems as refused
from xiangyue.standings.ratings.models import StarRating
from xiangyue.standings.ratings.rating import AskedRating, WorkedRating, asked_rating, work_out
from xiangyue.standings.ratings.store import store

if TYPE_CHECKING:
    from xiangyue.people.models import User

State = StarRating.State


def give_stars(
    actor: User | None,
    ground: Place,
    scheme: str,
    code: str,
    key: str,
    *,
    now: datetime,
    early: bool = False,
    reason: str = "",
    expect: int | None = None,
    scores: Mapping[str, int | None] | None = None,
    basis: str = "",
) -> StarRating:
    """The next version of a rating on what is on file now; of two who give it at once the second is told.

    `early`: although the period is not over; `expect`: the version that the actor saw (0: none yet); `scores` and
    `basis`: a staged review's scores instead of the composite's results, and its key. A newer version needs a reason.
    """
    asked = asked_rating(ground, scheme, code, key)
    with write():
        alone(LOCK)
        last = newest(asked)
        number = last.version if last else 0
        if expect is not None and expect != number and last is not None:
            raise Problem(problems.OTHER_VERSION, seen=expect, version=number, **_by(last))
        if last is not None and not reason.strip():
            raise Problem(problems.NEEDS_REASON)
        if last is not None and last.state == State.PROPOSED:
            raise Problem(refused.RATING_ON_NOTICE, rating=last.name, version=number)
        if local_day(now) <= asked.span.ends_on and not early:
            raise Problem(refused.RATING_RUNNING, name=asked.span.name, last=asked.span.ends_on)
        return put_down(actor, work_out(asked, scores), number + 1, now, reason.strip(), basis)


def newest(asked: AskedRating) -> StarRating | None:
    """The newest version of a rating."""
    rows = StarRating.objects.filter(
        ground=asked.ground, scheme=asked.scheme.code, code=asked.rating.code, key=asked.span.key
    )
    return rows.select_related("rated_by__person", "scheme_version", "ground").order_by("-version").first()


def put_down(
    actor: User | None, worked: WorkedRating, number: int, now: datetime, reason: str, basis: str = ""
) -> StarRating:
    """The worked rating as version `number`; older ones that are not in force give way."""
    asked = worked.asked
    row = StarRating.objects.create(
        ground=asked.ground, scheme=asked.scheme.code, code=asked.rating.code, name=asked.rating.name[:60],
        level=asked.rating.level, key=asked.span.key, version=number, scheme_version=asked.version,
        closing=worked.closing, basis=basis[:60], digest=worked.rated.digest, n_subjects=len(worked.rated.rows),
        n_rated=worked.n_rated, rated_at=now, rated_by=actor, reason=reason[:200],
    )  # fmt: skip
    store(row, worked)
    supersede_older(row)
    told = {"name": row.name, "key": row.key, "version": number, "digest": row.digest, "rated": row.n_rated}
    log(actor, "rating.given" if number == 1 else "rating.new_version", row, told, reason)
    return row


def supersede_older(row: StarRating) -> None:
    """Older versions that were never in force give way at once; one in force when the newer one is."""
    states = [State.CLOSED, State.PROPOSED]
    if row.state == State.IN_FORCE:
        states.append(State.IN_FORCE)
    older = StarRating.objects.filter(
        ground=row.ground_id, scheme=row.scheme, code=row.code, key=row.key, version__lt=row.version
    )
    older.filter(state__in=states).update(state=State.SUPERSEDED)


def log(actor: User | None, act: str, row: StarRating, after: dict[str, Any], reason: str = "") -> None:
    """A line about a rating in the change log."""
    changes.log(actor.pk if actor else None, act, row, path=row.ground.path, after=after, reason=reason[:200])


def _by(row: StarRating) -> dict[str, str]:
    from django.utils.timezone import localtime

    who = str(row.rated_by) if row.rated_by else "命令行"
    return {"who": who, "when": localtime(row.rated_at).strftime("%m月%d日 %H:%M")}
