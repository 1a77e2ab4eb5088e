"""An inspection of 示例县 from the filed plan to its sheets, a step at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tests.cast import COUNTY, NOW, TODAY, Cast
from xiangyue.agreements.in_force import scheme_of
from xiangyue.captures.intake import Actor, Answer
from xiangyue.checks.actions import record_sheet
from xiangyue.checks.inspections.arranging import add_member, arrange, enter_number
from xiangyue.checks.inspections.going import open_targets
from xiangyue.checks.inspections.models import Inspection, InspectionPlan, InspectionTurn
from xiangyue.checks.inspections.planning import file_plan
from xiangyue.people.models import User
from xiangyue.rules.settings import Scheme
from xiangyue.rules.sheet import Entry

SOON = TODAY + timedelta(days=3)
THEN = NOW + timedelta(days=3)
"""10:00 of the day of the inspection."""
EVENING = THEN + timedelta(hours=9)
DOCUMENT = "示督〔2026〕1号"
LOTTERY = "示例彩票第2026137期"
LITTER = Entry("D01-01", "heap", 2)


def scheme_on_stage(cast: Cast) -> Scheme:
    """The cast's scheme, parsed."""
    assert cast.scheme is not None
    return scheme_of(cast.scheme)


def plan(cast: Cast, times: Mapping[tuple[str, int], int] | None = None) -> InspectionPlan:
    """The year's plan as it was filed: twice in secret and once openly in November."""
    return file_plan(
        cast.users["county_office"], cast.places[COUNTY], scheme_on_stage(cast), 2026,
        times if times is not None else {("secret", 11): 2, ("open", 11): 1},
        document=DOCUMENT, filed_on=date(2026, 1, 5),
    )  # fmt: skip


def sealed(cast: Cast, *, on: date = SOON, now: datetime = NOW, secret: str = "bamboo-2026", **more: Any) -> Inspection:
    """A secret inspection on a day, sealed, with the supervisor leading its one team."""
    row = arrange(
        cast.users["county_office"], cast.places[COUNTY], "linjiang", more.pop("way", "secret"), from_on=on,
        number_name=LOTTERY, number_on=on - timedelta(days=1), now=now, secret=secret, **more,
    )  # fmt: skip
    add_member(cast.users["county_office"], row, 1, "P09", leads=True)
    return row


def opened(cast: Cast, **more: Any) -> Inspection:
    """The same with its number entered and its targets opened by the supervisor on the day."""
    row = sealed(cast, **more)
    enter_number(cast.users["county_office"], row, "0734215", now=THEN - timedelta(days=1))
    return open_targets(cast.users["supervisor"], row, now=THEN)


def turns(row: Inspection) -> list[InspectionTurn]:
    """Its turns in the order of the day."""
    return list(row.turns.select_related("subject", "team", "inspection"))


def sheet(
    user: User, turn: InspectionTurn, *entries: Entry, now: datetime = THEN, inspector: str = "", kind: str = "village_secret"
) -> Answer:  # fmt: skip
    """A sheet of a turn, handed in by a user."""
    return record_sheet(
        Actor(user.pk), kind, turn.subject.code, entries=entries, now=now, made_at=now, inspector=inspector
    )  # fmt: skip
