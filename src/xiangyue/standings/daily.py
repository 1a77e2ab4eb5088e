"""What is done with periods every day: those that begin today are opened, so that what is over can be seen waiting."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from xiangyue.base.daily import every_day
from xiangyue.base.jobs import Progress, work
from xiangyue.standings.actions.periods import open_periods

KIND = "standings.daily"


def register() -> None:
    """Let it be done every day."""
    every_day(KIND, "开始新的考核期")


@work(KIND)
def do_daily(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    """The day's work on all grounds: how many periods were opened."""
    return {"opened": len(open_periods(timezone.localdate()))}
