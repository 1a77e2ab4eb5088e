"""Faults of checks that open problems, where the scheme asks for it: one a place and kind while it is on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.core.cache import cache
from django.utils import timezone

from xiangyue.agreements.in_force import schemes_on
from xiangyue.base.writes import alone
from xiangyue.checks.models import Check, Entry, Kind
from xiangyue.checks.totals import TotalChange
from xiangyue.places.models import Place
from xiangyue.problems.kinds import KindOn
from xiangyue.problems.models import LIVE, Problem, Source, State, Step
from xiangyue.problems.storing import NewProblem, NewStep, add_steps, hold, open_problems
from xiangyue.rules.days import local_day

KEPT_SECONDS = 60
TAKEN_BACK = "检查已撤回或被同日后一次替代"

type Asked = dict[int, dict[str, str]]
"""Key of a check kind → fault (`item` or `item.step`) → code of the kind of problem that it opens."""


class Seen(NamedTuple):
    """A fault of a counted check."""

    check: int
    place: int
    kind: str
    made_at: datetime
    inspector: int


def sheets_totalled(changes: Iterable[TotalChange]) -> None:
    """Follows the recording: where a sheet's kind is asked for, its faults open problems in the same transaction."""
    by_ground: dict[int, list[TotalChange]] = {}
    for change in changes:
        by_ground.setdefault(change.ground_id, []).append(change)
    now = timezone.now()
    for ground_id, some in by_ground.items():
        asked = asked_on(ground_id, local_day(now))
        mine = [change for change in some if change.kind_id in asked]
        if mine:
            open_from(ground_id, asked, {row.subject_id for row in mine}, {row.month for row in mine}, now=now)


def asked_on(ground_id: int, day: date) -> Asked:
    """What the scheme in force on a ground asks for; kept for a minute, since every check asks."""
    key = f"problems/asked/{ground_id}/{day}"
    held: Asked | None = cache.get(key)
    if held is None:
        held = read_asked(ground_id, day)
        cache.set(key, held, KEPT_SECONDS)
    return held


def read_asked(ground_id: int, day: date) -> Asked:
    """The same, read anew."""
    wanted: dict[tuple[str, str], dict[str, str]] = {}
    for _version, scheme in schemes_on((ground_id,), day):
        for kind in scheme.problem_kinds:
            for check in kind.check_kinds:
                wanted.setdefault((scheme.code, check), {}).update(dict.fromkeys(kind.faults, kind.code))
    if not wanted:
        return {}
    rows = Kind.objects.filter(ground_id=ground_id).values_list("pk", "scheme", "code")
    return {pk: wanted[scheme, code] for pk, scheme, code in rows if (scheme, code) in wanted}


def open_from(
    ground_id: int,
    asked: Asked,
    subjects: Collection[int],
    months: Collection[int],
    *,
    now: datetime,
    until: date | None = None,
) -> list[int]:
    """Open what the faults of these subjects' counted checks ask for; gives the keys of the new problems.

    A fault that is on file already changes nothing, so it is safe to run again. `until`: checks of later days are left.
    """
    alone(f"problems-of-checks-{ground_id}")
    _take_back(subjects, now)
    seen = _unseen(asked, subjects, months, until or local_day(now))
    live = {
        (place, kind): pk
        for pk, place, kind in Problem.objects.filter(place__in={one.place for one in seen}, state__in=LIVE)
        .order_by("-pk")
        .values_list("pk", "place_id", "kind")
    }
    again = [one for one in seen if (one.place, one.kind) in live]
    fresh: dict[tuple[int, str], list[Seen]] = {}
    for one in seen:
        if (one.place, one.kind) not in live:
            fresh.setdefault((one.place, one.kind), []).append(one)
    made = _open(ground_id, fresh, now) if fresh else []
    for pk, some in zip(made, fresh.values(), strict=True):
        live[some[0].place, some[0].kind] = pk
        again += some[1:]
    if again:
        hold(sorted({live[one.place, one.kind] for one in again}))
        add_steps([_again(live[one.place, one.kind], one, now) for one in again])
    return made


def _open(ground_id: int, fresh: dict[tuple[int, str], list[Seen]], now: datetime) -> list[int]:
    today = local_day(now)
    kinds = {
        kind.code: KindOn(version, kind)
        for version, scheme in schemes_on((ground_id,), today)
        for kind in scheme.problem_kinds
        if kind.check_kinds
    }
    places = Place.objects.in_bulk({place for place, _kind in fresh})
    return open_problems(
        [
            NewProblem(
                places[place], kinds[kind], today, some[0].made_at, Source.CHECK, person_id=some[0].inspector,
                check_id=some[0].check,
            )
            for (place, kind), some in fresh.items()
        ]
    )  # fmt: skip


def _again(problem: int, one: Seen, now: datetime) -> NewStep:
    return NewStep(problem, "found", local_day(now), one.made_at, person_id=one.inspector, check_id=one.check)


def _unseen(asked: Asked, subjects: Collection[int], months: Collection[int], until: date) -> list[Seen]:
    """The faults asked for in counted checks that no step tells of yet, each check and kind once, as they were made."""
    rows = Entry.objects.filter(
        check_row__subject__in=subjects, check_row__kind__in=asked, check_row__month__in=months, check_row__day__lte=until,
        check_row__state=Check.State.COUNTED, applicable=True, amount=0,
    ).order_by("check_row__made_at", "check_row_id", "pk")  # fmt: skip
    found: dict[tuple[int, str], Seen] = {}
    for check, place, check_kind, made_at, inspector, item, step in rows.values_list(
        "check_row_id", "check_row__subject_id", "check_row__kind_id", "check_row__made_at", "check_row__inspector_id",
        "item", "step",
    ):  # fmt: skip
        faults = asked[check_kind]
        kind = faults.get(f"{item}.{step}") or faults.get(item)
        if kind:
            found.setdefault((check, kind), Seen(check, place, kind, made_at, inspector))
    told = set(
        Step.objects.filter(check_row__in={check for check, _kind in found}).values_list(
            "check_row_id", "problem__kind"
        )
    )
    return [one for key, one in found.items() if key not in told]


def _take_back(subjects: Collection[int], now: datetime) -> None:
    """Problems that nobody has touched, of checks that count no more."""
    sources = (Source.CHECK, Source.INSPECTION)
    rows = Problem.objects.filter(place__in=subjects, state=State.OPEN, source__in=sources, n_steps=1)
    rows = rows.exclude(check_row=None)
    gone = sorted(rows.exclude(check_row__state=Check.State.COUNTED).values_list("pk", flat=True))
    if gone:
        hold(gone)
        add_steps([NewStep(pk, "dismissed", local_day(now), now, text=TAKEN_BACK) for pk in gone])
