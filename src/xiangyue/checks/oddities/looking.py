"""What a person does with what looks odd: calls it fine or asks back; whoever was asked answers in a sentence."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from xiangyue.base.changes import log
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.scope import Scope
from xiangyue.base.writes import write
from xiangyue.checks.oddities.models import Oddity
from xiangyue.desk.happened import tell

LONGEST = 300
OWN = problem_kind("oddity_own", _("这是您自己的记录。"), _("请由同事或上级来看。"), 403)
NO_WORDS = problem_kind("oddity_words", _("没有写字。"), _("请写一句话，不超过 300 字。"))
NOT_NOW = problem_kind("oddity_state", _("这一条现在不能这样做。"), _("请刷新页面，看看它到了哪一步。"), 409)
tell("oddity.fine", _("看过记录，没问题"))
tell("oddity.asked", _("就记录问本人"))
tell("oddity.answered", _("就记录作答"))


def call_fine(scope: Scope, row: Oddity, *, now: datetime) -> None:
    """Somebody looked and it is fine: that is its end, and it follows nothing from it."""
    _not_own(scope, row)
    _move(scope, row, "oddity.fine", Oddity.State.FINE, looked_by_id=scope.user_id, looked_at=now)


def ask_back(scope: Scope, row: Oddity, question: str, *, now: datetime) -> None:
    """Ask the person whose captures they are."""
    _not_own(scope, row)
    if row.person_id is None or row.state == Oddity.State.FINE:
        raise Problem(NOT_NOW)
    words = words_of(question)
    _move(scope, row, "oddity.asked", Oddity.State.ASKED, looked_by_id=scope.user_id, looked_at=now, question=words)


def answer(scope: Scope, row: Oddity, text: str) -> None:
    """The person's answer to what was asked."""
    if row.person_id is None or row.person_id != scope.person_id:
        raise Problem(OWN)
    if row.state not in (Oddity.State.ASKED, Oddity.State.ANSWERED):
        raise Problem(NOT_NOW)
    _move(scope, row, "oddity.answered", Oddity.State.ANSWERED, answer=words_of(text))


def _not_own(scope: Scope, row: Oddity) -> None:
    if row.person_id is not None and row.person_id == scope.person_id:
        raise Problem(OWN)


def words_of(text: str) -> str:
    """A sentence as it was typed; refused when there is none, or it is too long."""
    found = text.strip()
    if not 1 <= len(found) <= LONGEST:
        raise Problem(NO_WORDS)
    return found


def _move(scope: Scope, row: Oddity, act: str, state: Oddity.State, **values: object) -> None:
    """The step and its line in the change log; what was written stands in the row alone, which goes at its term."""
    with write():
        if not Oddity.objects.filter(pk=row.pk, state=row.state).update(state=state, **values):
            raise Problem(NOT_NOW)
        log(scope.user_id, act, row, path=row.place.path, before={"state": row.state}, after={"state": str(state)})
