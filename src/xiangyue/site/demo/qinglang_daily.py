"""Qinglang's rhythm (row Q3): each village's daily check of itself for some weeks, and the township's weekly dispatch."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from xiangyue.checks.bulk import Round
from xiangyue.duties.actions.dispatching import Asking, ask, end_ask, hold_dispatch
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.site.demo.county import County
from xiangyue.site.demo.drawing import inspected, moment
from xiangyue.site.demo.recipe import Built

DAYS = 35
"""So many days back the villages have made their daily checks."""
MISSED = 0.08
"""The share of days on which a village forgot."""
MEETINGS = (32, 25, 18, 11, 4)
"""Days before today on which the township held its weekly dispatch."""
TASKS = ("把公路沿线的积存垃圾清走", "疏通集镇排水沟", "补上漏查的日检查", "督促逾期问题销号")


def with_duties(county: County, begin: date) -> County:
    """The county in which each village's secretary bears its daily check."""
    rows = [["daily", village.committee[0], "", village.code, "", begin] for village in county.villages]
    county.tables["duties"] += rows
    return county


def daily_checks(built: Built) -> Iterator[Round]:
    """The villages' sheets of the last weeks, up to yesterday; some days are missing, some sheets found something."""
    for back in range(DAYS, 0, -1):
        day = built.today - timedelta(days=back)
        for village in built.county.villages if day >= built.first else ():
            rng = random.Random(f"daily/{village.code}/{back}")
            if rng.random() < MISSED:
                continue
            by, chance = village.committee[0], rng.choice((0.02, 0.05, 0.2))
            sheet = inspected(built.scheme, built.ids, "village_daily", village.code, by, day, chance, key=str(back))
            yield sheet._replace(channel="phone")


def weekly_dispatch(built: Built) -> None:
    """The last five meetings, each asking two villages for something; the older ones' is done."""
    rng = random.Random("weekly")
    for back in MEETINGS:
        on = built.today - timedelta(days=back)
        if on < built.first:
            continue
        row = hold_dispatch(built.office, built.ground, on, chair="示例乡长", today=on, now=moment(on, 15 * 60))
        for village in rng.sample(built.county.villages, 2):
            doer = Person.objects.get(code=village.committee[0])
            asking = Asking(doer, rng.choice(TASKS), on + timedelta(days=6), Place.objects.get(code=village.code))
            made = ask(built.office, row, asking)
            if asking.by_on < built.today:
                end_ask(built.office, made, "done", "已办好（示例）", today=asking.by_on)
