"""Short ways to print a sheet for the named member and to fill it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.cast import NOW, TODAY, Cast
from xiangyue.base.problems import Problem
from xiangyue.papers import actions
from xiangyue.papers.lines import offers_for
from xiangyue.papers.models import Sheet
from xiangyue.papers.units import filled_in, layout_of

FIRST = date(2026, 11, 1)
LAST = date(2026, 11, 30)


def as_one(cast: Cast, name: str = "village_office") -> Client:
    """A browser of that user."""
    client = Client()
    client.force_login(cast.users[name])
    return client


def refused(code: str) -> Any:
    """Expects a problem of that code."""
    return pytest.raises(Problem, check=lambda problem: problem.kind.code == code)


def printed(cast: Cast, first: date = FIRST, last: date = LAST, **more: Any) -> Sheet:
    """A sheet of member P06 (four households), printed by the village office."""
    person = cast.people[more.get("person", "P06")]
    offers = offers_for(person, first, last)
    offer = next(one for one in offers if one.form == more.get("form", "round"))
    actor = cast.users[more.get("by", "village_office")]
    return actions.print_sheet(actor, person, offer, first, last, now=more.get("now", NOW))


def typed(cast: Cast, sheet: Sheet, cells: dict[int, dict[int, str]], **more: Any) -> actions.Typed:
    """What becomes of the cells (day → line → text) that somebody types in."""
    sheet.refresh_from_db()
    layout = layout_of(sheet)
    filled = filled_in(layout, {"cells": cells, "wishes": more.get("wishes", {})}, more.get("today", TODAY))
    actor = cast.users[more.get("by", "village_office")]
    return actions.type_in(
        actor, layout, filled, correcting=more.get("correcting", False), now=more.get("now", NOW)
    )  # fmt: skip
