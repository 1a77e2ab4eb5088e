"""Qinglang's monthly bulletins (row Q3): each month's begun and issued once its results are in force, opened by its villages.

The last month's is left to whoever looks at the demo: the home page asks for it.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from xiangyue.people.grants import scope_of
from xiangyue.people.models import User
from xiangyue.rules.days import Span, month_of, previous
from xiangyue.site.demo.acts import SETTLED_AFTER, at
from xiangyue.site.demo.county import County, Village
from xiangyue.site.demo.recipe import Built
from xiangyue.standings.bulletins.acts import begin_bulletin, issue_bulletin, take_note
from xiangyue.standings.bulletins.models import Bulletin

UNREAD = 0.1
"""The share of villages whose office did not open one."""


def bulletin(built: Built, span: Span) -> None:
    """A month's bulletin, the day after its results came in force; none of the month that was over last."""
    last = previous(month_of(built.today))
    if span.kind != "month" or span.key >= last.key:
        return
    day = span.ends_on + timedelta(days=SETTLED_AFTER + 2)
    row = begin_bulletin(built.office, built.ground, span.key, today=day, now=at(day, 9))
    row = issue_bulletin(built.office, row, today=day, now=at(day, 10))
    villages = list(built.county.villages)
    if span == previous(last):
        # the village that the demo shows has the newest one still to open
        villages.remove(shown(built.county))
    _opened(row, villages, day + timedelta(days=1))


def shown(county: County) -> Village:
    """The village whose secretary has an account to look at the demo with: the one with the most households."""
    return max(county.villages, key=lambda found: (len(found.households), found.code))


def _opened(row: Bulletin, villages: list[Village], day: date) -> None:
    users = {user.person.code: user for user in User.objects.select_related("person") if user.person}
    for village in villages:
        user = users.get(village.committee[0])
        if user is not None and random.Random(f"opened/{row.key}/{village.code}").random() >= UNREAD:
            take_note(user, scope_of(user, day), row, now=at(day, 11))
