"""The burden account's clock: a form says when it was shown, and what it took is added up for its sender's week."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import F

from xiangyue.agreements.burden_models import EntryTime
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.shown import HandedIn, seconds_since
from xiangyue.rules.burden import Received, received_over
from xiangyue.rules.days import LOCAL
from xiangyue.rules.settings import Scheme

OVER_CAP = problem_kind("burden_over", "这样安排会超过方案定的减负上限：{what}", "请合并、改期或减少，再发布。")


def note_time(person_id: int | None, form: str, mark: str, *, now: datetime) -> None:
    """Add what a form took to its sender's week; one without a mark or a person (an office account) adds nothing."""
    seconds = seconds_since(mark, now) if mark and person_id else None
    if seconds is None or person_id is None:
        return
    key = {"person_id": person_id, "week": monday_of(now.astimezone(LOCAL).date()), "form": form[:40]}
    EntryTime.objects.bulk_create([EntryTime(**key)], ignore_conflicts=True)
    EntryTime.objects.filter(**key).update(n=F("n") + 1, seconds=F("seconds") + seconds)


def form_handed_in(facts: HandedIn) -> None:
    """A form of a room below measured itself."""
    note_time(facts.person_id, facts.form, facts.mark, now=facts.now)


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def week_of(person_id: int, day: date) -> tuple[int, int]:
    """(Forms, seconds) of a person's own week."""
    rows = EntryTime.objects.filter(person_id=person_id, week=monday_of(day)).values_list("n", "seconds")
    return sum(n for n, _ in rows), sum(seconds for _, seconds in rows)


def hold_under_cap(scheme: Scheme, planned: list[Received]) -> None:
    """Pass only a plan under which no village receives more in a month than the scheme's caps; Problem names them."""
    found = received_over(planned, scheme)
    if found:
        more = f"等 {len(found)} 个村" if len(found) > 5 else ""
        raise Problem(OVER_CAP, what="；".join(f"{row.subject} {row.words}" for row in found[:5]) + more)
