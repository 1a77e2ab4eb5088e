"""Setting targets, telling numbers, marking stages: each with its basis and a line in the change log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.goal_models import Reading, StageReached, Target
from xiangyue.base import changes
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.writes import alone, write
from xiangyue.people.models import User
from xiangyue.places.models import Place
from xiangyue.rules.numbers import pointed
from xiangyue.rules.settings import Goal, Scheme, Stage

NO_BASIS = problem_kind("goal_basis", _("没有写依据。"), _("请写文件、记录或验收的名称和日期。"))
FUTURE = problem_kind("goal_day", _("日期{day}还没到。"), _("请填已经发生的日期。"))
WRONG_LEVEL = problem_kind("goal_level", _("“{place}”不是这个目标要填的对象。"), _("请在列出的对象里填。"))
BELOW_ZERO = problem_kind("goal_negative", _("{place}的数不能小于0。"), _("请核对后再填。"))


def set_targets(
    actor: User | None, ground: Place, scheme: Scheme, goal: Goal, year: int,
    values: Mapping[Place, int | None], *, document: str = "", now: datetime,
) -> int:  # fmt: skip
    """How many targets changed: set, set anew, or (None) taken away."""
    _hold(ground, goal, values)
    with write():
        alone(f"goal:{ground.pk}:{scheme.code}:{goal.code}:{year}")
        held = {
            row.place_id: row
            for row in Target.objects.filter(scheme=scheme.code, goal=goal.code, year=year, place__in=list(values))
        }
        changed = 0
        for place, value in values.items():
            row = held.get(place.pk)
            before = row.value if row else None
            if value == before:
                continue
            changed += 1
            if value is None and row is not None:
                row.delete()
            else:
                fields = {"value": value, "document": document.strip()[:60], "set_at": now, "set_by": actor}
                key = {"place": place, "scheme": scheme.code, "goal": goal.code, "year": year}
                Target.objects.update_or_create(**key, defaults=fields, create_defaults={"ground": ground, **fields})
            _log(
                actor,
                "target.set",
                place,
                {goal.name: _said(before, goal)},
                {goal.name: _said(value, goal), "year": year},
            )
    return changed


def tell_numbers(
    actor: User | None, ground: Place, scheme: Scheme, goal: Goal, values: Mapping[Place, int],
    *, on: date, source: str, today: date, now: datetime,
) -> int:  # fmt: skip
    """How many numbers were told; each stands beside the earlier ones."""
    _hold(ground, goal, values)
    _hold_basis(source, on, today)
    with write():
        Reading.objects.bulk_create(
            Reading(
                ground=ground, scheme=scheme.code, goal=goal.code, place=place, on=on, value=value,
                source=source.strip()[:120], entered_at=now, entered_by=actor,
            )
            for place, value in values.items()
        )  # fmt: skip
        for place, value in values.items():
            _log(actor, "goal.told", place, None, {goal.name: _said(value, goal), "on": on.isoformat()}, source)
    return len(values)


def reach_stage(
    actor: User | None, ground: Place, scheme: Scheme, stage: Stage, places: Sequence[Place],
    *, on: date, basis: str, today: date, now: datetime,
) -> int:  # fmt: skip
    """How many places newly reached the stage; who has it already keeps its day."""
    _hold_basis(basis, on, today)
    with write():
        alone(f"stage:{ground.pk}:{scheme.code}:{stage.code}")
        live = StageReached.objects.filter(scheme=scheme.code, stage=stage.code, place__in=places, withdrawn_at=None)
        held = set(live.values_list("place_id", flat=True))
        fresh = [place for place in places if place.pk not in held]
        StageReached.objects.bulk_create(
            StageReached(
                ground=ground, scheme=scheme.code, stage=stage.code, place=place, reached_on=on,
                basis=basis.strip()[:200], entered_at=now, entered_by=actor,
            )
            for place in fresh
        )  # fmt: skip
        for place in fresh:
            _log(actor, "stage.reached", place, None, {"stage": stage.name, "on": on.isoformat()}, basis)
    return len(fresh)


def take_back_stage(
    actor: User | None, scheme: Scheme, stage: Stage, places: Sequence[Place], *, reason: str, now: datetime
) -> int:
    """How many places no longer count as having reached the stage."""
    if not reason.strip():
        raise Problem(NO_BASIS)
    with write():
        rows = StageReached.objects.filter(scheme=scheme.code, stage=stage.code, place__in=places, withdrawn_at=None)
        found = list(rows.select_related("place"))
        rows.update(withdrawn_at=now)
        for row in found:
            _log(actor, "stage.taken_back", row.place, {"stage": stage.name}, {}, reason)
    return len(found)


def _hold(ground: Place, goal: Goal, values: Mapping[Place, int | None]) -> None:
    for place, value in values.items():
        if place.level != goal.level or not place.path.startswith(ground.path):
            raise Problem(WRONG_LEVEL, place=place.name)
        if value is not None and value < 0:
            raise Problem(BELOW_ZERO, place=place.name)


def _hold_basis(basis: str, on: date, today: date) -> None:
    if not basis.strip():
        raise Problem(NO_BASIS)
    if on > today:
        raise Problem(FUTURE, day=on)


def _said(value: int | None, goal: Goal) -> str:
    return "" if value is None else f"{pointed(value, goal.decimals)}{goal.unit}"


def _log(
    actor: User | None,
    act: str,
    place: Place,
    before: dict[str, object] | None,
    after: dict[str, object],
    reason: str = "",
) -> None:
    changes.log(
        actor.pk if actor else None, act, place, path=place.path, before=before, after=after, reason=reason[:200]
    )
