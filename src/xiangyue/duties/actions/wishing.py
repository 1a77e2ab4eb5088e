"""What becomes of a wish: settled, declined with words, or handed on as a problem to whoever can help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from xiangyue.base import changes
from xiangyue.base.consequences import FOLLOWERS, follow
from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.duties.visit_models import Wish, WishText
from xiangyue.duties.visits import problems
from xiangyue.duties.visits.storing import set_terms
from xiangyue.people.models import User

STATE = Wish.State
HANDED_ON = "wish_handed_on"
"""The event that the problems' room follows; it sets `key`."""
PAGE_ASKED = "problem_page_asked"


@dataclass
class HandedOn:
    """A wish that needs someone else: the follower opens a problem of `kind` for it and sets its `key`."""

    wish: Wish
    text: str
    kind: str
    actor: User | None
    key: str = ""


@dataclass
class PageAsked:
    """Asked of the problems' room: the address of the problem of that key."""

    key: str
    url: str = ""


def problem_page(wish: Wish) -> str:
    """The address of the problem that a wish became; empty where there is none, or no room above to say."""
    asked = PageAsked(wish.problem_key)
    if wish.problem_key:
        follow(PAGE_ASKED, asked)
    return asked.url


def problems_are_kept() -> bool:
    """Whether some room above takes wishes as problems."""
    return bool(FOLLOWERS.get(HANDED_ON))


def settle_wish(actor: User | None, wish: Wish, answer: str, *, today: date) -> Wish:
    """The wish settled, with what was done; Problem without words or when it is over."""
    return _end(actor, wish, STATE.SETTLED, answer, today, what="怎么办好的", wanted=(STATE.OPEN, STATE.DECLINED))


def decline_wish(actor: User | None, wish: Wish, answer: str, *, today: date) -> Wish:
    """The wish that can't be met, with what the household was told."""
    return _end(actor, wish, STATE.DECLINED, answer, today, what="为什么不能办、怎么向农户说明的", wanted=(STATE.OPEN,))


def reopen_wish(actor: User | None, wish: Wish, *, today: date) -> Wish:
    """A wish that was ended too early is open again."""
    with write():
        row = _locked(wish)
        if row.state not in (STATE.SETTLED, STATE.DECLINED) or row.problem_key:
            raise Problem(problems.WISH_OVER, state=row.get_state_display())
        return _set(actor, row, STATE.OPEN, today, "wish.reopened")


def hand_on_wish(actor: User | None, wish: Wish, *, kind: str = "", today: date) -> Wish:
    """The wish as a problem of that kind, opened in the same transaction by the room above."""
    with write():
        row = _locked(wish)
        if row.state != STATE.OPEN:
            raise Problem(problems.WISH_OVER, state=row.get_state_display())
        text = WishText.objects.filter(wish=row).values_list("text", flat=True).first() or ""
        handed = HandedOn(row, text, kind, actor)
        follow(HANDED_ON, handed)
        row.problem_key = handed.key
        return _set(actor, row, STATE.PROBLEM, today, "wish.handed_on")


def wish_became_problem(capture_uuid: UUID, key: str, *, actor: User | None, today: date) -> Wish | None:
    """For the room above, when a problem names a wish as its source: the wish is theirs now; None where there is none."""
    row = Wish.objects.select_related("household").filter(capture__uuid=capture_uuid, state=STATE.OPEN).first()
    if row is None:
        return None
    row.problem_key = key
    return _set(actor, row, STATE.PROBLEM, today, "wish.handed_on")


def wish_mended(key: str, answer: str, *, actor: User | None, today: date) -> int:
    """For the room above, when a problem is closed: the wishes it came from are settled; gives how many."""
    with write():
        rows = list(Wish.objects.select_related("household").filter(problem_key=key, state=STATE.PROBLEM))
        for row in rows:
            WishText.objects.filter(wish=row).update(answer=answer[:300])
            _set(actor, row, STATE.SETTLED, today, "wish.settled")
    return len(rows)


def wish_back(key: str, *, actor: User | None, today: date) -> int:
    """For the room above, when a problem turns out to be none or is taken back: its wishes are open again."""
    with write():
        rows = list(Wish.objects.select_related("household").filter(problem_key=key, state=STATE.PROBLEM))
        for row in rows:
            row.problem_key = ""
            _set(actor, row, STATE.OPEN, today, "wish.reopened")
    return len(rows)


def _locked(wish: Wish) -> Wish:
    return Wish.objects.select_for_update(of=("self",)).select_related("household").get(pk=wish.pk)


def _end(
    actor: User | None, wish: Wish, state: Wish.State, answer: str, today: date, *, what: str, wanted: tuple[str, ...]
) -> Wish:
    if not answer.strip():
        raise Problem(problems.NEEDS_WORDS, what=what)
    with write():
        row = _locked(wish)
        if row.state not in wanted:
            raise Problem(problems.WISH_OVER, state=row.get_state_display())
        WishText.objects.filter(wish=row).update(answer=answer.strip()[:300])
        return _set(actor, row, state, today, f"wish.{state.value}")


def _set(actor: User | None, row: Wish, state: Wish.State, today: date, act: str) -> Wish:
    before = {"state": row.get_state_display()}
    row.state, row.changed_on = state, today
    row.save(update_fields=["state", "changed_on", "problem_key"])
    set_terms(Wish.objects.filter(pk=row.pk), today)
    after = {"state": str(state.label)}
    changes.log(actor.pk if actor else None, act, row, path=row.household.path, before=before, after=after)
    return row
