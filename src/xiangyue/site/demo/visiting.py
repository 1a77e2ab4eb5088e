"""A demo's visits: who went where on which layer, what was brought, what households asked for, and the dispatch meetings.

Only captures and acts are made here: what was due and kept, who is behind and every sum follows from them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from itertools import batched

from django.db import transaction

from xiangyue.base.bulk import insert_rows, next_ids, stored
from xiangyue.captures import intake
from xiangyue.captures.envelope import canonical
from xiangyue.captures.models import Capture
from xiangyue.duties.actions.dispatching import Asking, ask, end_ask, hold_dispatch
from xiangyue.duties.actions.wishing import settle_wish
from xiangyue.duties.models import Duty
from xiangyue.duties.visit_models import Wish
from xiangyue.duties.visits.bodies import Given
from xiangyue.duties.visits.storing import Filing, WishFiling, file_visits, file_wishes
from xiangyue.people.models import Organisation, Person
from xiangyue.rules.duty import Slot, slots
from xiangyue.rules.settings import Cadence, Layer
from xiangyue.site.demo.acts import at
from xiangyue.site.demo.drawing import moment, uuid_of
from xiangyue.site.demo.recipe import Built

GOES = 0.94
"""Share of the slots that are kept."""
WISHES = 0.03
"""Share of the visits to a household on which something is asked for."""
CHUNK = 1_000
NOTES = ("和户主一起清了柴草垛", "院里干净，提醒把农具收好", "讲了垃圾分类", "帮着扫了门前", "老人独自在家，帮着提水")
ASKED = (
    "有三百斤白菜卖不出去",
    "门前路灯不亮",
    "想学种菌子",
    "土豆没有销路",
    "自家门前的边沟堵了",
    "补办证明不知道去哪里办",
)
DONE = ("联系了单位食堂，已经卖完", "村电工换了灯泡", "报了下个月的培训班", "带着去便民大厅办好了")
GOODS = ("树苗", "垃圾桶", "花种", "扫帚铁锹", "米面油")
TASKS = ("清理村口堆物点", "帮村里联系白菜销路", "修好主街边沟", "把路灯报修办完")
FIRST_SHARES = {"money": 0.6, "people": 0.95, "rubbish": 0.7, "goods": 0.35}
"""Share of a department's visits on which something of the kind is brought."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn: layer → days back from yesterday, and the sums that departments' contributions come to by kind."""

    layers: Mapping[str, int]
    totals: Mapping[str, int] = field(default_factory=dict)
    seed: str = "visits"
    meets: bool = True
    """Whether wishes are settled and dispatch meetings held, too."""
    apart: bool = False
    """Whether bearers of the same targets go on days of their own."""


@dataclass(slots=True)
class _Going:
    """A visit before it is stored."""

    layer: Layer
    duty: Duty
    day: date
    rng: random.Random
    given: list[Given] = field(default_factory=list)


REPORTED = {"money": 302_000_000, "people": 18_200, "work": 176, "rubbish": 19_600_000, "goods": 52_000}
"""Linjiang's contributions as its report has them: yuan, person-times, works, kilograms (goods are assumed)."""
PAIRED = 82
"""Departments and enterprises that they were given by."""


def linjiang_visits(built: Built) -> int:
    """Leaders' and departments' visits; doors are seen by the daily checks. What was given comes to the reported sums."""
    of = Organisation.objects.filter(duties__ground=built.ground, duties__layer="departments").distinct().count()
    totals = {kind: total * of // PAIRED for kind, total in REPORTED.items()}
    layers = {"county_leaders": 120, "township_leaders": 75, "departments": _this_year(built), "committee": 9}
    return visits(built, Plan(layers, totals))


def lvyuan_visits(built: Built) -> int:
    """Four weeks of cadres at their households and two months of departments, leaders and townships in the villages."""
    layers = {"leaders": 60, "departments": 60, "locals": 60, "cadres": 28, "route_departments": 28, "route_nodes": 28}
    return visits(built, Plan(layers, {"people": 3_000, "rubbish": 30_000, "goods": 7_000}))


def _this_year(built: Built) -> int:
    """Days since New Year, so that the year's sums are the reported ones; eleven months in the first weeks of a year."""
    days = (built.today - date(built.today.year, 1, 1)).days - 1
    return days if days >= 60 else 330


def visits(built: Built, plan: Plan) -> int:
    """Store the visits and wishes of a plan, settle what was settled, hold the meetings; gives how many visits."""
    going: list[_Going] = []
    for layer in built.scheme.layers:
        if layer.code in plan.layers and layer.cadence is not None:
            going += _drawn(built, plan, layer, layer.cadence)
    for kind, total in plan.totals.items():
        _allot(kind, total, [one for one in going if one.duty.organisation_id], random.Random(f"{plan.seed}/{kind}"))
    people = _people([one.duty.organisation_id for one in going if one.duty.organisation_id])
    for some in batched(sorted(going, key=lambda one: one.day), CHUNK):
        with transaction.atomic():
            _store(built, some, people)
    if plan.meets:
        _settle(built)
        _meetings(built)
    return len(going)


def _drawn(built: Built, plan: Plan, layer: Layer, cadence: Cadence) -> Iterator[_Going]:
    yesterday = built.today - timedelta(days=1)
    first = max(built.first, yesterday - timedelta(days=plan.layers[layer.code]))
    held: dict[tuple[int | None, int | None], list[Duty]] = {}
    rows = Duty.objects.below(built.ground.path).filter(scheme=built.scheme.code, layer=layer.code)
    for duty in rows.select_related("target").order_by("target__path", "pk"):
        held.setdefault((duty.person_id, duty.organisation_id), []).append(duty)
    running = [*slots(cadence.every, first, yesterday), *_open(cadence, yesterday)]
    for n, ((person, unit), duties) in enumerate(held.items()):
        mark = f"/{n}" if plan.apart else ""
        rng = random.Random(
            f"{plan.seed}{mark}/{layer.code}/{duties[0].target.code}/{len(duties)}/{person is None}/{unit is None}"
        )
        lazy = rng.random() < 0.08
        for slot in running:
            for _n in range(cadence.times):
                if rng.random() < (0.6 if lazy else GOES) and (found := _one(layer, duties, slot, yesterday, rng)):
                    yield found


def _open(cadence: Cadence, yesterday: date) -> list[Slot]:
    """The slot that yesterday lies in, where it has not ended: some have been already."""
    after = slots(cadence.every, yesterday, yesterday + timedelta(days=100))
    return [one for one in after[:1] if one.ends_on > yesterday]


def _one(layer: Layer, duties: Sequence[Duty], slot: Slot, until: date, rng: random.Random) -> _Going | None:
    duty = rng.choice(duties)
    day = slot.starts_on + timedelta(days=rng.randrange(slot.days))
    if day > until or day < duty.from_on or (duty.to_on is not None and day > duty.to_on):
        return None
    return _Going(layer, duty, day, rng)


def _allot(kind: str, total: int, going: Sequence[_Going], rng: random.Random) -> None:
    """Share a sum out over visits of organisations, so that it comes out exactly."""
    share = FIRST_SHARES.get(kind, 1.0)
    chosen = [one for one in going if rng.random() < share] or list(going[:1])
    if not chosen or total <= 0:
        return
    if kind == "work":
        chosen = rng.sample(chosen, min(total, len(chosen)))
    chosen = chosen[:total]
    weights = [rng.uniform(0.4, 1.8) for _one in chosen]
    left, sum_ = total - len(chosen), sum(weights)
    amounts = [1 + int(left * weight / sum_) for weight in weights]
    amounts[-1] += total - sum(amounts)
    for one, amount in zip(chosen, amounts, strict=True):
        one.given.append(Given(kind, amount, rng.choice(GOODS) if kind == "goods" else ""))


def _people(units: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Person.objects.filter(organisation_id__in=set(units)).order_by("code")
    for unit, pk in rows.values_list("organisation_id", "pk"):
        found.setdefault(unit or 0, []).append(pk)
    return found


def _store(built: Built, some: Sequence[_Going], people: Mapping[int, list[int]]) -> None:
    wished = [one for one in some if one.duty.target.level == "household" and one.rng.random() < WISHES]
    ids = iter(next_ids(Capture, len(some) + len(wished)))
    captures, filings, wishes = [], [], []
    for n, one in enumerate(some):
        duty, rng = one.duty, one.rng
        made = moment(one.day, rng.randrange(8 * 60, 17 * 60))
        staff = people.get(duty.organisation_id or 0, [])
        person = duty.person_id or (rng.choice(staff[:12]) if staff else None)
        tasks = [task.code for task in one.layer.tasks if rng.random() < 0.6] or [one.layer.tasks[0].code]
        pk = next(ids)
        captures.append(_capture(pk, "visit", one, n, person, made))
        note = rng.choice(NOTES) if duty.target.level == "household" and rng.random() < 0.15 else ""
        filings.append(
            Filing(
                pk, built.ground.pk, duty.scheme, duty.layer, duty.target_id, person, duty.organisation_id,
                ((person, duty.organisation_id),), one.day, made, tuple(tasks), note, tuple(one.given),
            )
        )  # fmt: skip
        if one in wished:
            key = next(ids)
            captures.append(_capture(key, "wish", one, n, person, made))
            wishes.append(WishFiling(key, built.ground.pk, duty.target_id, person, rng.choice(ASKED), one.day, made))
    insert_rows(Capture, intake.COLUMNS, captures)
    file_visits(filings)
    file_wishes(wishes)


def _capture(pk: int, kind: str, one: _Going, n: int, person: int | None, made: object) -> tuple[object, ...]:
    target = one.duty.target
    uuid = uuid_of("demo", kind, one.duty.pk, one.day, n)
    key = "target" if kind == "visit" else "household"
    return (
        pk, stored(uuid), sha256(uuid.bytes).hexdigest(), kind, target.village_id or target.pk, person, None, "phone",
        stored(made), 0, stored(made), "stored", canonical({key: target.code}),
    )  # fmt: skip


def _settle(built: Built) -> None:
    """Most wishes are settled within a week, by acts of the product."""
    until = built.today - timedelta(days=1)
    for row in Wish.objects.filter(ground=built.ground, state=Wish.State.OPEN).order_by("day", "pk"):
        rng = random.Random(f"settle/{row.pk}")
        on = row.day + timedelta(days=rng.randrange(1, 8))
        if on <= until and rng.random() < 0.85:
            settle_wish(built.office, row, rng.choice(DONE), today=on)


def _meetings(built: Built) -> None:
    """The last three meetings, each asking for a few things; the older ones' are done."""
    rng = random.Random("meetings")
    # by people's codes, for keys differ from one build to the next
    doers: list[Person | Organisation] = list(
        Organisation.objects.filter(duties__ground=built.ground).distinct().order_by("code")[:8]
    )
    villages = [duty.target for duty in Duty.objects.filter(ground=built.ground, target__level="village", to_on=None)
                .select_related("target").order_by("target__path")[:40]]  # fmt: skip
    for back in (33, 19, 5):
        on = built.today - timedelta(days=back)
        if on < built.first or not doers:
            continue
        row = hold_dispatch(built.office, built.ground, on, chair="示例领导", today=on, now=at(on, 15))
        for what in rng.sample(TASKS, 3):
            place = rng.choice(villages) if villages else None
            by_on = on + timedelta(days=rng.choice((7, 10, 13)))
            made = ask(built.office, row, Asking(rng.choice(doers), what, by_on, place))
            if by_on < built.today and rng.random() < 0.8:
                end_ask(built.office, made, "done", "已办好（示例）", today=by_on)
