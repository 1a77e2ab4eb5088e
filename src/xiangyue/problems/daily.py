"""What is done with problems every day: those past their deadline go up the tree."""

from __future__ import annotations

from datetime import datetime
from itertools import batched
from typing import Any

from django.utils import timezone

from xiangyue.base.changes import log_many
from xiangyue.base.daily import every_day
from xiangyue.base.jobs import Progress, work
from xiangyue.base.writes import write
from xiangyue.problems.kinds import kinds_of
from xiangyue.problems.models import IN_HAND, Problem
from xiangyue.problems.storing import NewStep, add_steps, hold
from xiangyue.rules import problems as rules
from xiangyue.rules.days import local_day

KIND = "problems.daily"
AT_ONCE = 300


def register() -> None:
    """Let it be done every day."""
    every_day(KIND, "问题逾期上报")


@work(KIND)
def do_daily(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    """The day's work on all grounds: how many went up."""
    return {"escalated": escalate_overdue(now=timezone.now())}


def escalate_overdue(*, now: datetime, ground_id: int | None = None) -> int:
    """Let everything past its deadline go up as far as its days bring it; gives how many went up. Safe to run again."""
    today = local_day(now)
    late = Problem.objects.filter(state__in=IN_HAND, deadline__lt=today)
    if ground_id is not None:
        late = late.filter(ground_id=ground_id)
    n = 0
    for keys in batched(late.order_by("pk").values_list("pk", flat=True), AT_ONCE):
        with write():
            n += _escalate(keys, now)
    return n


def _escalate(keys: tuple[int, ...], now: datetime) -> int:
    """Those of these problems that go up, in one transaction."""
    today = local_day(now)
    rows = hold(keys)
    kinds = kinds_of(rows)
    steps: list[NewStep] = []
    lines: list[tuple[str, str, str, str, dict[str, Any] | None, dict[str, Any] | str | None]] = []
    for row in rows:
        state: Any = row.state
        tier: Any = row.tier
        now_ = rules.Standing(state, tier, row.reported_on, row.deadline)
        up = rules.goes_up(kinds[row.pk], now_, today)
        if up is None:
            continue
        text = f"逾期 {rules.overdue(now_, today)} 天，按方案上报"
        steps.append(NewStep(row.pk, "escalated", today, now, to=up, text=text))
        before, after = {"tier": row.tier}, {"tier": up}
        lines.append(("problem.escalated", "problems.problem", str(row.pk), row.place.path, before, after))
    if steps:
        add_steps(steps)
        log_many(lines, None)
    return len(steps)
