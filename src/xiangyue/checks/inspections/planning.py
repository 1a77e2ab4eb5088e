"""The yearly plan as it was filed: how many inspections of each way in each month, within the villages' cap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import Count, Q

from xiangyue.agreements.burden import hold_under_cap
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.checks.inspections import problems
from xiangyue.checks.inspections.facts import stratum_of, subjects_of
from xiangyue.checks.inspections.models import Inspection, InspectionPlan, PlannedInspection
from xiangyue.checks.inspections.ways import draw_of, level_of, way_in
from xiangyue.places.models import Place
from xiangyue.rules.burden import Received
from xiangyue.rules.settings import InspectionKind, Scheme

if TYPE_CHECKING:
    from xiangyue.people.models import User

MOST_TIMES = 31
KEPT_SECONDS = 60
"""What is filed is asked of every sheet: a new plan is known everywhere within a minute."""
type Times = Mapping[tuple[str, int], int]
"""(Way, month) → how many inspections."""


def file_plan(
    actor: User | None, ground: Place, scheme: Scheme, year: int, times: Times, *, document: str, filed_on: date,
    more: Mapping[tuple[str, int], Mapping[str, int]] | None = None,
) -> InspectionPlan:  # fmt: skip
    """The year's plan as it was filed, new or with other numbers under a new document; lines with 0 fall away.

    `more`: what the change line of a (way, month) tells besides.
    """
    with write():
        alone(f"inspections {ground.pk}")
        plan = InspectionPlan.objects.filter(ground=ground, scheme=scheme.code, year=year).first()
        before = times_of(plan)
        after = require_fileable(ground, scheme, year, times, document)
        row = plan or InspectionPlan(ground=ground, scheme=scheme.code, year=year)
        row.document, row.filed_on = document.strip()[:80], filed_on
        row.save()
        _write_lines(actor, row, scheme, before, after, more or {})
        cache.delete(_key(year))
        told = {"document": row.document, "times": sum(after.values())}
        changes.log(actor.pk if actor else None, "inspection_plan.filed", row, path=ground.path, after=told)
    return row


def require_fileable(ground: Place, scheme: Scheme, year: int, times: Times, document: str) -> Times:
    """The plan's lines with these taken in, where the plan may be filed so; a Problem says why not."""
    _require_sound(year, times, document)
    for code in {way for way, _month in times}:
        way_in(scheme, code)
    plan = InspectionPlan.objects.filter(ground=ground, scheme=scheme.code, year=year).first()
    after = {key: n for key, n in (times_of(plan) | dict(times)).items() if n}
    _require_room(ground, scheme, year, after)
    if plan is not None:
        _require_arranged(plan, scheme, after)
    return after


def times_of(plan: InspectionPlan | None) -> dict[tuple[str, int], int]:
    """(Way, month) → times of a plan."""
    if plan is None:
        return {}
    return {(way, month): n for way, month, n in plan.lines.values_list("kind", "month", "times")}


def line_for(ground: Place, scheme: Scheme, way: InspectionKind, day: date) -> PlannedInspection:
    """The plan's line that has room for one more inspection in the day's month; Problem otherwise."""
    plan = InspectionPlan.objects.filter(ground=ground, scheme=scheme.code, year=day.year).first()
    if plan is None:
        raise Problem(problems.NO_PLAN, year=day.year)
    line = plan.lines.filter(kind=way.code, month=day.month).select_related("plan__ground").first()
    n = 0 if line is None else line.inspections.exclude(state=Inspection.State.GIVEN_UP).count()
    if line is None or n >= line.times:
        raise Problem(problems.NOT_PLANNED, year=day.year, month=day.month, way=way.name, n=n)
    return line


def filed(ground_id: int, scheme: str, way: str, year: int) -> bool:
    """Whether the year's plan of a ground names a way: from then on its sheets are made by turns alone."""
    key = _key(year)
    found: set[tuple[int, str, str]] | None = cache.get(key)
    if found is None:
        rows = PlannedInspection.objects.filter(plan__year=year).order_by()
        ways = rows.values_list("plan__ground_id", "plan__scheme", "kind").distinct()
        found = {(ground or 0, name, kind) for ground, name, kind in ways}
        cache.set(key, found, KEPT_SECONDS)
    return (ground_id, scheme, way) in found


def _key(year: int) -> str:
    return f"inspections/filed/{year}"


def _require_sound(year: int, times: Times, document: str) -> None:
    if not document.strip():
        raise Problem(problems.NO_DOCUMENT)
    if not 2000 <= year <= 2100:
        raise Problem(problems.BAD_YEAR, year=year)
    for (_way, month), n in times.items():
        if not 0 <= n <= MOST_TIMES or not 1 <= month <= 12:
            raise Problem(problems.BAD_TIMES, month=month, times=n)


def _require_room(ground: Place, scheme: Scheme, year: int, times: Times) -> None:
    """Pass a plan under which no month asks more of the villages than the cap: of each, and of all together."""
    cap = scheme.burden.inspections_month
    if not cap:
        return
    ways = {code: way_in(scheme, code) for code, _month in times}
    villages = {way.code: level_of(scheme, way) == "village" for way in ways.values()}
    for month in sorted({month for _way, month in times}):
        mine = {way: n for (way, at), n in times.items() if at == month and villages[way]}
        places = subjects_of(ground, "village", date(year, month, 1)) if mine else []
        everywhere = sum(n for way, n in mine.items() if draw_of(scheme, ways[way]) is None)
        hold_under_cap(scheme, [Received(f"{month}月每个村", everywhere)])
        planned = sum(n * _places_of(scheme, ways[way], places) for way, n in mine.items())
        if planned > cap * len(places):
            room = cap * len(places)
            raise Problem(
                problems.NO_ROOM, month=month, planned=planned, cap=cap, villages=len(places), room=room
            )  # fmt: skip


def _places_of(scheme: Scheme, way: InspectionKind, places: list[Place]) -> int:
    """How many villages one inspection of a way comes to at most."""
    plan = draw_of(scheme, way)
    if plan is None:
        return len(places)
    sizes: dict[str, int] = {}
    for place in places:
        stratum = stratum_of(way, place)
        sizes[stratum] = sizes.get(stratum, 0) + 1
    return sum(min(plan.n, size) for size in sizes.values())


def _require_arranged(plan: InspectionPlan, scheme: Scheme, after: Times) -> None:
    """Pass a plan that still has room for what was arranged by it."""
    rows = plan.lines.annotate(
        n=Count("inspections", filter=~Q(inspections__state=Inspection.State.GIVEN_UP))
    ).values_list("kind", "name", "month", "n")  # fmt: skip
    for way, name, month, n in rows:
        if n > after.get((way, month), 0):
            raise Problem(problems.TIMES_USED, month=month, way=name, n=n)


def _write_lines(
    actor: User | None, plan: InspectionPlan, scheme: Scheme, before: Times, after: Times,
    more: Mapping[tuple[str, int], Mapping[str, int]],
) -> None:  # fmt: skip
    who, path = actor.pk if actor else None, plan.ground.path
    for (way, month), n in after.items():
        had, besides = before.get((way, month)), dict(more.get((way, month), {}))
        if n == had:
            continue
        name = way_in(scheme, way).name
        line, made = PlannedInspection.objects.update_or_create(
            plan=plan, kind=way, month=month, defaults={"times": n, "name": name}
        )  # fmt: skip
        act = "planned_inspection.added" if made else "planned_inspection.edited"
        changes.log(who, act, line, path=path, before=None if made else {"times": had}, after={"times": n} | besides)
    for way, month in before.keys() - after.keys():
        rows = plan.lines.filter(kind=way, month=month)
        # a line whose inspections were all given up stays, with nothing more to arrange
        rows.filter(inspections=None).delete()
        rows.update(times=0)
