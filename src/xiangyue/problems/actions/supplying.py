"""Matching the three lists: so much of what an organisation offers is given to a problem, which it then has in hand."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, QuerySet

from xiangyue.base.dated import not_over
from xiangyue.base.problems import Problem as Wrong
from xiangyue.base.writes import write
from xiangyue.problems import words
from xiangyue.problems.access import Actor
from xiangyue.problems.actions.stepping import Taken, take
from xiangyue.problems.models import Given, Problem, Supply
from xiangyue.rules.days import local_day


def fitting(problem: Problem, day: date) -> QuerySet[Supply]:
    """What is offered for a problem on a day and not all given: on its ground, for its kind."""
    codes = problem.place.path.split("/")[:-1]
    above = ["/".join(codes[:n]) + "/" for n in range(1, len(codes) + 1)]
    rows = Supply.objects.filter(ground__path__in=above, from_on__lte=day, n_given__lt=F("amount"))
    rows = rows.filter(not_over(day)).select_related("organisation", "ground")
    named = [row.pk for row in rows if row.is_for(problem)]
    return rows.filter(pk__in=named)


def give(actor: Actor, problem_id: int, supply_id: int, amount: int, *, now: datetime) -> Supply:
    """Give so much of a supply to a problem; a Problem where too little is left or it does not fit."""
    day = local_day(now)
    with write():
        problem = Problem.objects.select_related("place").get(pk=problem_id)
        supply = Supply.objects.select_for_update(of=("self",)).filter(
            pk__in=fitting(problem, day).values("pk"), pk=supply_id
        )
        row = supply.first()
        if row is None:
            raise Wrong(words.NO_SUPPLY, what="这条供给", left=0, unit="项")
        if not 1 <= amount <= row.amount - row.n_given:
            raise Wrong(words.NO_SUPPLY, what=row.what, left=row.amount - row.n_given, unit=row.unit)
        given, new = Given.objects.get_or_create(
            supply=row, problem=problem, defaults={"amount": amount, "given_on": day}
        )
        if not new:
            Given.objects.filter(pk=given.pk).update(amount=F("amount") + amount)
        Supply.objects.filter(pk=row.pk).update(n_given=F("n_given") + amount)
        text = f"供需对接：{row.what} {amount} {row.unit}"
        take(actor, problem.pk, Taken("assigned", text, f"o{row.organisation_id}"), now=now)
    return row
