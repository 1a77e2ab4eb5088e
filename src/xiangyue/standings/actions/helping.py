"""Help instead of black: cases opened when a board comes into force, and what was done for each household."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from xiangyue.agreements.actions.consents import consented
from xiangyue.agreements.models import Consent
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.rules.days import local_day
from xiangyue.rules.settings import Scheme
from xiangyue.standings import problems
from xiangyue.standings.help_models import HelpCase
from xiangyue.standings.models import BoardEntry, Closing, Pair

if TYPE_CHECKING:
    from xiangyue.people.models import User

Why = HelpCase.Why


def open_cases(actor: User | None, closing: Closing, scheme: Scheme, *, now: datetime) -> int:
    """A case for each household that is spared the black board or has no partner; in the caller's transaction.

    Gives how many are new; a later version opens none twice.
    """
    boards = {board.code: board for board in scheme.boards}
    entries = BoardEntry.objects.filter(
        board__standing__closing=closing, board__standing__level="household", side="black", cured_on=None
    ).select_related("board")
    day = local_day(now)
    agreed = consented(Consent.Purpose.PAIR, day, closing.period.ground.path)
    paired = set(Pair.objects.filter(board__standing__closing=closing).values_list("black_id", flat=True))
    known = set(HelpCase.objects.filter(period=closing.period_id).values_list("household_id", flat=True))
    found: dict[int, str] = {}
    for entry in entries:
        if entry.taken_off == "help":
            found[entry.subject_id] = Why.NEED
        elif not entry.taken_off and boards[entry.board.board].pairs and entry.subject_id not in paired:
            found.setdefault(entry.subject_id, Why.ALONE if entry.subject_id in agreed else Why.NOT_AGREED)
    made = [
        HelpCase(household_id=household, period_id=closing.period_id, why=why, opened_on=day)
        for household, why in sorted(found.items())
        if household not in known
    ]
    HelpCase.objects.bulk_create(made, batch_size=500)
    if made:
        path = closing.period.ground.path
        changes.log(actor.pk if actor else None, "help.opened", closing, path=path, after={"n": len(made)})
    return len(made)


def open_for_parted(pairs: Iterable[Pair], day: date) -> None:
    """A case for each black household whose pair was ended by a consent taken back: its bearer helps it instead."""
    parted = [pair for pair in pairs if pair.black.level == "household"]
    rows = [
        HelpCase(
            household_id=pair.black_id,
            period_id=pair.board.standing.closing.period_id,
            why=Why.NOT_AGREED,
            opened_on=day,
        )
        for pair in parted
    ]
    HelpCase.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    for pair in parted:
        changes.log(None, "help.opened", pair, path=pair.black.path, after={"n": 1})


def record_help(actor: User | None, case: HelpCase, *, words: str, on: date, today: date) -> HelpCase:
    """What was done for the household, once, with the day: it answers all its cases that wait."""
    if not words.strip():
        raise Problem(problems.EMPTY_TEXT, what="帮了什么")
    if on > today or on < case.opened_on:
        raise Problem(problems.HELP_DAY, first=case.opened_on)
    with write():
        row = HelpCase.objects.select_for_update(of=("self",)).select_related("household").get(pk=case.pk)
        if row.done_on is not None:
            raise Problem(problems.ALREADY_HELPED, day=row.done_on)
        row.words, row.done_on, row.done_by = words.strip()[:200], on, actor
        waiting = HelpCase.objects.filter(household=row.household_id, done_on=None, opened_on__lte=on)
        waiting.update(words=row.words, done_on=on, done_by=actor)
        changes.log(actor.pk if actor else None, "help.recorded", row, path=row.household.path, after={"on": on})
    return row
