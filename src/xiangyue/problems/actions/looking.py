"""The second look: a month's draw is planned with a sealed secret, drawn with the public number, and looked at."""

from __future__ import annotations

from datetime import date, datetime

from xiangyue.base.bulk import insert_rows
from xiangyue.base.changes import log
from xiangyue.base.problems import Problem as Wrong
from xiangyue.base.sealing import commit, require_number, take_number
from xiangyue.base.writes import write
from xiangyue.places.models import Place
from xiangyue.problems import words
from xiangyue.problems.kinds import kinds_of
from xiangyue.problems.models import Look, LookDraw, Problem, State
from xiangyue.problems.storing import NewStep, add_steps, hold
from xiangyue.rules.days import local_day, parse_period
from xiangyue.rules.draw import Drawable, Lot, draw
from xiangyue.rules.problems import looks_at
from xiangyue.rules.settings import DrawPlan


def plan_looks(
    actor_id: int | None,
    ground: Place,
    month: str,
    *,
    number_name: str,
    number_on: date,
    now: datetime,
    secret: str = "",
) -> LookDraw:
    """The month's draw on a ground, its secret sealed; the public number must not be out yet."""
    today = local_day(now)
    require_number(number_name, number_on, today=today)
    if parse_period(month).ends_on >= today:
        raise Wrong(words.DRAW_EARLY, why="这个月还没有过完")
    with write():
        if LookDraw.objects.filter(ground=ground, month=month).exists():
            raise Wrong(words.DRAW_EARLY, why="这个月已有抽签计划")
        row = LookDraw(ground=ground, month=month, planned_on=today)
        commit(row, number_name, number_on, secret=secret)
        row.save()
        after = {"month": month, "commitment": row.commitment, "number": number_name}
        log(actor_id, "look.planned", row, path=ground.path, after=after)
    return row


def draw_looks(actor_id: int | None, pk: int, number: str, *, now: datetime) -> LookDraw:
    """Draw: of each kind and township its share; the drawn are due for a second look, all lots are kept."""
    today = local_day(now)
    with write():
        row = LookDraw.objects.select_for_update(of=("self",)).select_related("ground").get(pk=pk)
        if row.drawn_on is not None:
            raise Wrong(words.DRAW_EARLY, why="已经抽过了")
        take_number(row, number, today=today)
        row.drawn_on, row.drawn_by_id = today, actor_id
        row.save()
        candidates, lots = lots_of(row)
        insert_rows(
            Look,
            ("draw", "problem", "stratum", "key", "place", "is_drawn", "why"),
            (
                (row.pk, candidates[lot.code], lot.stratum, lot.key, lot.place, lot.is_drawn, lot.why[:200])
                for lot in lots
            ),
        )
        drawn = sorted(candidates[lot.code] for lot in lots if lot.is_drawn)
        hold(drawn)
        add_steps([NewStep(key, "drawn", today, now, actor_id) for key in drawn])
        log(actor_id, "look.drawn", row, path=row.ground.path, after={"number": row.number, "drawn": len(drawn)})
    return row


def lots_of(row: LookDraw) -> tuple[dict[str, int], list[Lot]]:
    """(Code of a candidate → its key, every lot) of a draw whose seed is known."""
    month = parse_period(row.month)
    rows = list(
        Problem.objects.filter(
            ground=row.ground, state=State.CLOSED, look="", closed_on__gte=month.starts_on, closed_on__lte=month.ends_on
        ).order_by("pk")
    )
    kinds = kinds_of(rows)
    townships = dict(Problem.objects.filter(pk__in=[one.pk for one in rows]).values_list("pk", "place__township__code"))
    strata: dict[tuple[str, str], list[Problem]] = {}
    for problem in rows:
        if kinds[problem.pk].look_share:
            strata.setdefault((problem.kind, townships[problem.pk] or row.ground.code), []).append(problem)
    lots: list[Lot] = []
    for (kind, township), some in sorted(strata.items()):
        plan = DrawPlan(row.plan, "回头看", looks_at(kinds[some[0].pk], len(some)))
        lots += draw([Drawable(str(one.uuid), f"{kind}/{township}") for one in some], plan, row.seed)
    return {str(one.uuid): one.pk for one in rows}, lots
