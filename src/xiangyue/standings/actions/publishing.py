"""From closed to in force: the notice, its objections, the take-offs, and the version that is superseded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.rules.settings import Board, Scheme
from xiangyue.standings import problems
from xiangyue.standings.actions.closing import after_closing, supersede_older, worked_again
from xiangyue.standings.actions.pairs import end_pairs, pairs_from
from xiangyue.standings.closed import LOCK
from xiangyue.standings.facts import Roll
from xiangyue.standings.models import BoardEntry, Closing, Objection
from xiangyue.standings.store import store

if TYPE_CHECKING:
    from xiangyue.people.models import User


@dataclass(slots=True)
class TakeOffs:
    """Who comes off the boards since a version was closed: board code → subject codes."""

    cured: dict[str, set[str]] = field(default_factory=dict)
    upheld: dict[str, set[str]] = field(default_factory=dict)
    upheld_red: dict[str, set[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.cured or self.upheld or self.upheld_red)

    def into(self, roll: Roll) -> None:
        """Adds them to a roll."""
        for mine, theirs in ((self.cured, roll.cured), (self.upheld, roll.upheld), (self.upheld_red, roll.upheld_red)):
            for board, codes in mine.items():
                theirs.setdefault(board, set()).update(codes)


def locked(closing_id: int) -> Closing:
    """A closing read anew inside a write, so that two who act on it act one after the other."""
    return (
        Closing.objects.select_for_update(of=("self",))
        .select_related("period__ground", "scheme_version")
        .get(pk=closing_id)
    )


def propose(actor: User | None, closing: Closing, *, now: datetime, today: date) -> Closing:
    """The closing on notice for the scheme's days; black entries are told and their cure time begins."""
    with write():
        row = locked(closing.pk)
        _require(row, Closing.State.CLOSED, "公示")
        scheme = scheme_of(row.scheme_version)
        row.state, row.proposed_at, row.proposed_by = Closing.State.PROPOSED, now, actor
        row.notice_ends_on = today + timedelta(days=max(1, scheme.notice.days) - 1)
        row.save(update_fields=["state", "proposed_at", "proposed_by", "notice_ends_on"])
        _log(actor, "period.proposed", row, {"until": row.notice_ends_on})
    from xiangyue.standings import live

    live.tidy()
    return row


def withdraw_proposal(actor: User | None, closing: Closing, *, now: datetime, reason: str) -> Closing:
    """The notice taken back before it has run, with a reason; the version is closed again."""
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        row = locked(closing.pk)
        _require(row, Closing.State.PROPOSED, "撤回公示")
        row.state, row.proposed_at, row.proposed_by, row.notice_ends_on = Closing.State.CLOSED, None, None, None
        row.save(update_fields=["state", "proposed_at", "proposed_by", "notice_ends_on"])
        _log(actor, "period.proposal_withdrawn", row, {"at": now}, reason.strip())
    return row


def bring_in_force(actor: User | None, closing: Closing, *, now: datetime, today: date) -> Closing:
    """The boards in force after the notice: all objections answered, cure times over, take-offs settled.

    Who was cured or upheld since comes off by a newer version on the same records, which takes over the notice, so that
    the digest of what is in force covers the lists after the take-offs.
    """
    with write():
        alone(LOCK)
        row = locked(closing.pk)
        _require(row, Closing.State.PROPOSED, "生效")
        _ready(row, today)
        found = take_offs(row)
        if found:
            row = _settled(actor, row, found, now)
        row.state, row.in_force_at = Closing.State.IN_FORCE, now
        row.save(update_fields=["state", "in_force_at"])
        _expiries(row, today)
        supersede_older(row)
        ended = end_pairs(actor, row, now=now)
        made = pairs_from(actor, row, now=now, today=today)
        _log(actor, "period.in_force", row, {"pairs": len(made), "pairs_ended": ended})
    return row


def take_offs(closing: Closing) -> TakeOffs:
    """Cured entries and upheld objections of a version that its boards do not show yet."""
    found = TakeOffs()
    entries = BoardEntry.objects.filter(board__standing__closing=closing, taken_off="")
    cured = entries.filter(side="black", cured_on__isnull=False)
    for board, code in cured.values_list("board__board", "subject__code"):
        found.cured.setdefault(board, set()).add(code)
    upheld = Objection.objects.filter(closing=closing, upheld=True)
    for composite, subject, name in upheld.values_list("composite", "subject_id", "subject__name"):
        rows = entries.filter(subject_id=subject)
        if composite:
            rows = rows.filter(board__standing__composite=composite)
        listed = list(rows.values_list("board__board", "side", "subject__code"))
        off = BoardEntry.objects.filter(board__standing__closing=closing, subject_id=subject).exclude(taken_off="")
        if not listed and not off.exists():
            raise Problem(problems.UPHELD_WITHOUT_MEND, subject=name)
        for board, side, code in listed:
            (found.upheld if side == "black" else found.upheld_red).setdefault(board, set()).add(code)
    return found


def cure_ends(entry: BoardEntry, board: Board) -> date | None:
    """The last day of a black entry's cure time; None while its subject has not been told."""
    return None if entry.told_on is None else entry.told_on + timedelta(days=board.cure_days)


def untold(closing: Closing, scheme: Scheme, today: date) -> tuple[int, date | None]:
    """(how many black entries hold the closing back, the last day of the longest cure time that still runs)."""
    entries = BoardEntry.objects.filter(
        board__standing__closing=closing, side="black", taken_off="", cured_on=None
    ).select_related("board")
    n, last = 0, None
    for entry in entries:
        board = scheme.board(entry.board.board)
        ends = cure_ends(entry, board)
        if board.cure_days > 0 and (ends is None or ends >= today):
            n += 1
            last = max(filter(None, (last, ends)), default=None)
    return n, last


def _ready(closing: Closing, today: date) -> None:
    assert closing.notice_ends_on is not None
    if today <= closing.notice_ends_on:
        raise Problem(problems.NOTICE_RUNS, last=closing.notice_ends_on.isoformat())
    unanswered = closing.objections.filter(upheld=None).count()
    if unanswered:
        raise Problem(problems.UNANSWERED, n=unanswered)
    n, last = untold(closing, scheme_of(closing.scheme_version), today)
    if n:
        raise Problem(problems.CURE_TIME_RUNS, n=n, last=last.isoformat() if last else "告知后才开始计算")


def _settled(actor: User | None, closing: Closing, found: TakeOffs, now: datetime) -> Closing:
    """A newer version on the same records with the take-offs; it takes over the notice."""
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
    _carry_over(closing, newer)
    after_closing(actor, newer, worked)
    return newer


def _carry_over(older: Closing, newer: Closing) -> None:
    """What was told and mended stands by the new entries too."""
    told = {
        (row.board.board, row.side, row.subject_id): row
        for row in BoardEntry.objects.filter(board__standing__closing=older).select_related("board")
    }
    rows = list(BoardEntry.objects.filter(board__standing__closing=newer).select_related("board"))
    for row in rows:
        before = told.get((row.board.board, row.side, row.subject_id))
        if before is not None:
            row.told_on, row.cured_on = before.told_on, before.cured_on
    BoardEntry.objects.bulk_update(rows, ["told_on", "cured_on"], batch_size=500)


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
