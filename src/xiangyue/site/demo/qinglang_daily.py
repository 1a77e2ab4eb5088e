"""Qinglang's rhythm (row Q3): each village's daily check of itself, its public places every week, the weekly dispatch."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from xiangyue.checks.bulk import Round
from xiangyue.duties.actions.dispatching import Asking, ask, end_ask, hold_dispatch, write_minutes
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.site.demo.county import County
from xiangyue.site.demo.drawing import inspected, moment
from xiangyue.site.demo.qinglang_teams import spots_of
from xiangyue.site.demo.recipe import Built

MISSED = 0.08
"""The share of days on which a village forgot, and of weeks without a meeting."""
UNSEEN = 0.15
"""The share of public places that nobody checked in a week."""
LAST_MEETING = 4
"""Days before today on which the township held its last weekly dispatch; the others lie a week apart before it."""
TASKS = ("把公路沿线的积存垃圾清走", "疏通集镇排水沟", "补上漏查的日检查", "督促逾期问题销号")


def with_duties(county: County, begin: date) -> County:
    """The county in which each village's secretary bears its daily check."""
    rows = [["daily", village.committee[0], "", village.code, "", begin] for village in county.villages]
    county.tables["duties"] += rows
    return county


def daily_checks(built: Built) -> Iterator[Round]:
    """The villages' own sheets, up to yesterday; some days are missing, some sheets found something."""
    for back in range((built.today - built.first).days, 0, -1):
        day = built.today - timedelta(days=back)
        for village in built.county.villages:
            if back % 7 == LAST_MEETING:
                yield from _spots(built, village.code, village.members[0], day, back)
            rng = random.Random(f"daily/{village.code}/{back}")
            if rng.random() < MISSED:
                continue
            by, chance = village.committee[0], rng.choice((0.02, 0.05, 0.2))
            sheet = inspected(built.scheme, built.ids, "village_daily", village.code, by, day, chance, key=str(back))
            yield sheet._replace(channel="phone")


def _spots(built: Built, village: str, by: str, day: date, back: int) -> Iterator[Round]:
    """The leader of the village's team goes round its public places once a week."""
    for spot in spots_of(village):
        if random.Random(f"spot/{spot}/{back}").random() >= UNSEEN:
            sheet = inspected(built.scheme, built.ids, "spot", spot, by, day, 0.06, key=str(back))
            yield sheet._replace(channel="phone")


def weekly_dispatch(built: Built) -> None:
    """The meetings of each week, each asking two villages for something; the older ones' is done."""
    rng = random.Random("weekly")
    for back in range(LAST_MEETING, (built.today - built.first).days, 7)[::-1]:
        skipped, villages = rng.random() < MISSED and back > LAST_MEETING, rng.sample(built.county.villages, 2)
        if skipped:
            continue
        on = built.today - timedelta(days=back)
        row = hold_dispatch(built.office, built.ground, on, chair="示例乡长", today=on, now=moment(on, 15 * 60))
        write_minutes(built.office, row, "逐村过了一遍日检查和问题清单，交办任务见下（示例）。", row.chair)
        for village in villages:
            doer = Person.objects.get(code=village.committee[0])
            asking = Asking(doer, rng.choice(TASKS), on + timedelta(days=6), Place.objects.get(code=village.code))
            made = ask(built.office, row, asking)
            if asking.by_on < built.today:
                end_ask(built.office, made, "done", "已办好（示例）", today=asking.by_on)
