"""The notice of a closing: proposed, withdrawn, brought in force; what the engine calls for it is its kind below."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.saying import said_day
from xiangyue.base.writes import alone, write
from xiangyue.rules.days import local_day, parse_period
from xiangyue.rules.settings import Board, Scheme
from xiangyue.standings import problems
from xiangyue.standings.actions import publication as notices
from xiangyue.standings.actions.closing import after_closing, supersede_older, worked_again
from xiangyue.standings.actions.helping import open_cases
from xiangyue.standings.actions.pairs import end_pairs, pairs_from
from xiangyue.standings.closed import LOCK
from xiangyue.standings.models import BoardEntry, Closing
from xiangyue.standings.notices.kinds import CLOSING, PublicationKind, Told, told_by_days
from xiangyue.standings.notices.models import Objection, Publication
from xiangyue.standings.store import store
from xiangyue.standings.take_offs import carry_over, listed_then, take_offs
from xiangyue.standings.untold import not_upheld

if TYPE_CHECKING:
    from xiangyue.people.models import User


def key_of(closing: Closing) -> str:
    """What is published in all versions of a closing's period."""
    return f"{closing.period.scheme}/{closing.period.key}"


def locked(closing_id: int) -> Closing:
    """A closing read anew inside a write, so that two who act on it act one after the other."""
    return (
        Closing.objects.select_for_update(of=("self",))
        .select_related("period__ground", "scheme_version")
        .get(pk=closing_id)
    )


def propose(actor: User | None, closing: Closing, *, now: datetime) -> Closing:
    """The closing on notice for the scheme's days."""
    with write():
        row = locked(closing.pk)
        _require(row, Closing.State.CLOSED, "公示")
        days = max(1, scheme_of(row.scheme_version).notice.days)
        title = _("%s考核结果") % parse_period(row.period.key).name
        shown = notices.propose(
            actor, CLOSING, row.period.ground, key_of(row), title, (), days, now=now, version=row.version,
            summary=_summary(row), reason=row.reason,
        )  # fmt: skip
        row.state, row.proposed_at, row.proposed_by = Closing.State.PROPOSED, now, actor
        row.notice_ends_on, row.publication = shown.notice_ends_on, shown
        row.save(update_fields=["state", "proposed_at", "proposed_by", "notice_ends_on", "publication"])
    from xiangyue.standings import live

    live.tidy()
    return row


def withdraw_proposal(actor: User | None, closing: Closing, *, now: datetime, reason: str) -> Closing:
    """The notice taken back before it has run, with a reason; the version is closed again."""
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        notices.withdraw(actor, _notice(closing, "撤回公示"), reason=reason, now=now)
        return locked(closing.pk)


def bring_in_force(actor: User | None, closing: Closing, *, now: datetime) -> Closing:
    """The boards in force after the notice: all objections answered, cure times over, take-offs settled.

    Who was cured or upheld since comes off by a newer version on the same records, which takes over the notice, so that
    the digest of what is in force covers the lists after the take-offs.
    """
    done = notices.put_in_force(actor, _notice(closing, "生效"), now=now)
    return Closing.objects.select_related("period__ground", "scheme_version").get(publication=done)


def cure_ends(entry: BoardEntry, board: Board) -> date | None:
    """The last day of a black entry's cure time; None while its subject has not been told."""
    return None if entry.told_on is None else entry.told_on + timedelta(days=board.cure_days)


def untold(closing: Closing, scheme: Scheme, today: date) -> tuple[int, date | None]:
    """(how many black entries hold the closing back, the last day of the longest cure time that still runs)."""
    entries = not_upheld(
        BoardEntry.objects.filter(board__standing__closing=closing, side="black", taken_off="", cured_on=None)
    )
    n, last = 0, None
    for board in scheme.boards:
        if board.cure_days <= 0:
            continue
        still = Q(told_on=None) | Q(told_on__gte=today - timedelta(days=board.cure_days))
        held = entries.filter(still, board__board=board.code).aggregate(n=Count("pk"), last=Max("told_on"))
        n += held["n"]
        ends = held["last"] + timedelta(days=board.cure_days) if held["last"] else None
        last = max(filter(None, (last, ends)), default=None)
    return n, last


def _page(publication: Publication) -> str:
    return reverse("standings:period", args=[_of(publication).period_id])


def _waiting(publication: Publication, day: date) -> tuple[str, ...]:
    closing = _of(publication)
    words = held_back(*untold(closing, scheme_of(closing.scheme_version), day))
    return (words,) if words else ()


def held_back(n: int, last: date | None) -> str:
    """What `untold` found, in words with what to do; nothing where nothing holds the closing back."""
    if not n:
        return ""
    if last is None:
        return _("黑榜还有%s个对象没有告知：请在红黑榜里逐个榜登记告知，整改期从告知那天算起") % n
    return _("黑榜还有%(n)s个对象没有告知，或整改期没有满（已告知的最晚到%(last)s）") % {"n": n, "last": said_day(last)}


def _told(publication: Publication) -> Told:
    rows = BoardEntry.objects.filter(board__standing__closing__publication=publication, side="black", taken_off="")
    return told_by_days(rows.order_by("told_on").values_list("told_on").annotate(n=Count("pk")))


def _upheld(objection: Objection, actor: User | None, now: datetime) -> str:
    boards = listed_then(objection.publication, objection)
    if boards:
        return _("从%s除名，生效时按同一批记录出新版；其他对象不动") % "、".join(f"“{name}”" for name in boards)
    return _("不在榜上：请按答复加减分或补录检查，再开新版本重新公示")


def _settle(publication: Publication, actor: User | None, now: datetime) -> Publication:
    alone(LOCK)
    closing = locked(_of(publication).pk)
    found = take_offs(closing, publication)
    if not found:
        return publication
    worked = worked_again(closing, into=found.into)
    newer = Closing.objects.create(
        period=closing.period,
        version=closing.version + 1,
        scheme_version=closing.scheme_version,
        last_check=closing.last_check,
        closed_at=now,
        closed_by=actor,
        reason="整改到位、异议成立的除名",
        proposed_at=closing.proposed_at,
        proposed_by=closing.proposed_by,
        notice_ends_on=closing.notice_ends_on,
        state=Closing.State.PROPOSED,
        out_of_date=closing.out_of_date,
    )
    store(newer, worked.gathered, worked.closed, worked.scheme)
    carry_over(closing, newer)
    after_closing(actor, newer, worked)
    renewed = notices.renew(
        actor, publication, now=now, reason=newer.reason, version=newer.version, summary=_summary(newer)
    )
    newer.publication = renewed
    newer.save(update_fields=["publication"])
    return renewed


def _in_force(publication: Publication, actor: User | None, now: datetime) -> None:
    row = locked(_of(publication).pk)
    row.state, row.in_force_at = Closing.State.IN_FORCE, now
    row.save(update_fields=["state", "in_force_at"])
    _expiries(row, local_day(now))
    supersede_older(row)
    ended = end_pairs(actor, row, now=now)
    made = pairs_from(actor, row, now=now, today=local_day(now))
    helped = open_cases(actor, row, scheme_of(row.scheme_version), now=now)
    _log(actor, "period.in_force", row, {"pairs": len(made), "pairs_ended": ended, "help": helped})


def _withdrawn(publication: Publication, actor: User | None, now: datetime) -> None:
    row = locked(_of(publication).pk)
    row.state, row.proposed_at, row.proposed_by, row.notice_ends_on = Closing.State.CLOSED, None, None, None
    row.save(update_fields=["state", "proposed_at", "proposed_by", "notice_ends_on"])


def _superseded(publication: Publication, actor: User | None, now: datetime) -> None:
    Closing.objects.filter(publication=publication).update(state=Closing.State.SUPERSEDED)


KIND = PublicationKind(
    CLOSING,
    gettext_lazy("考核结果与红黑榜"),
    page=_page,
    waiting=_waiting,
    told=_told,
    upheld=_upheld,
    settle=_settle,
    in_force=_in_force,
    withdrawn=_withdrawn,
    superseded=_superseded,
)
"""What the notice engine does with a closing: its black entries hold it back, its take-offs settle it."""


def _of(publication: Publication) -> Closing:
    return Closing.objects.select_related("period__ground", "scheme_version").get(publication=publication)


def _notice(closing: Closing, act: str) -> Publication:
    row = Closing.objects.select_related("publication").get(pk=closing.pk)
    _require(row, Closing.State.PROPOSED, act)
    assert row.publication is not None
    return row.publication


def _summary(closing: Closing) -> dict[str, Any]:
    return {
        "scheme": closing.period.scheme,
        "period": closing.period.key,
        "digests": dict(closing.standings.order_by("pk").values_list("name", "digest")),
    }


def _expiries(closing: Closing, today: date) -> None:
    scheme = scheme_of(closing.scheme_version)
    for board in scheme.boards:
        BoardEntry.objects.filter(board__standing__closing=closing, board__board=board.code).update(
            expires_on=today + timedelta(days=board.expire_days)
        )


def _require(closing: Closing, state: str, act: str) -> None:
    if closing.state != state:
        label = Closing.State(closing.state).label
        raise Problem(problems.WRONG_STATE, version=closing.version, state=label, act=act)


def _log(actor: User | None, act: str, row: Closing, after: dict[str, Any], reason: str = "") -> None:
    told = {"version": row.version, **after}
    changes.log(actor.pk if actor else None, act, row, path=row.period.ground.path, after=told, reason=reason)
