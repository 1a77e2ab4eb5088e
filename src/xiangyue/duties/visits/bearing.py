"""What stands on a bearer's own page: each layer with its slots, its targets and when they were seen last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q, QuerySet

from xiangyue.duties.actions.single import Bearing, borne_by
from xiangyue.duties.dispatch_models import DispatchAsk
from xiangyue.duties.layers import LayerOn, layers_on
from xiangyue.duties.models import Duty
from xiangyue.duties.reading import standing_in
from xiangyue.duties.visit_models import Visit, VisitParty, VisitQuerySet, Wish
from xiangyue.duties.visits.keeping import facts_of, window, with_cadence
from xiangyue.duties.visits.marks import mark
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.rules.days import Span
from xiangyue.rules.duty import Slot, Standing, kept, standing

SLOTS = 5
"""Slots before the running one that the page looks back on."""
MOST_TARGETS = 200
RECENT = 20


@dataclass(frozen=True, slots=True)
class SlotTold:
    """A slot of the last ones: how much of it was kept."""

    slot: Slot
    due: int
    kept: int
    is_running: bool

    @property
    def state(self) -> str:
        """A key of the badges."""
        if self.kept >= self.due:
            return "done"
        return "due" if self.is_running else "late"


@dataclass(frozen=True, slots=True)
class TargetTold:
    """A target of the bearer: its duty, and the last day that somebody was there for it."""

    duty: Duty
    last_on: date | None


@dataclass(frozen=True, slots=True)
class LayerTold:
    """A layer that the bearer holds something on."""

    layer: LayerOn
    standing: Standing | None
    slots: tuple[SlotTold, ...]
    targets: tuple[TargetTold, ...]
    n_targets: int


def visits_of(bearer: Bearing) -> VisitQuerySet:
    """The visits that the bearer was on, or somebody for it."""
    party = VisitParty.objects.filter(**{"person" if isinstance(bearer, Person) else "organisation": bearer})
    return Visit.objects.filter(pk__in=party.values("visit_id"))


def layers_told(bearer: Bearing, day: date) -> list[LayerTold]:
    """The bearer's layers that are live on the day, each with its cadence's slots and its targets."""
    live = Duty.objects.live(day).filter(pk__in=borne_by(bearer).values("pk"))
    rows = live.select_related("target__village", "target__township", "target__household").order_by("target__path")
    grounds: dict[tuple[int | None, int | None], Place] = {}
    held: dict[tuple[str, str], list[Duty]] = {}
    for row in rows:
        held.setdefault((row.scheme, row.layer), []).append(row)
        grounds.setdefault((row.target.ground_id, row.target.township_id), row.target)
    layers = {(one.scheme, one.code): one for place in list(grounds.values())[:3] for one in layers_on(place, day)}
    return [_told(bearer, layers[key], mine, day) for key, mine in held.items() if key in layers]


def _told(bearer: Bearing, one: LayerOn, mine: list[Duty], day: date) -> LayerTold:
    last_on = _last_seen(bearer, mine)
    targets = tuple(TargetTold(row, last_on.get(row.target_id)) for row in mine[:MOST_TARGETS])
    cadence = one.layer.cadence
    if cadence is None or not with_cadence([one]):
        return LayerTold(one, None, (), targets, len(mine))
    first, last = window(cadence, day, SLOTS)
    facts = facts_of(one, borne_by(bearer).filter(scheme=one.scheme, layer=one.code), first, last)
    key = str(mark(bearer))
    terms, visits = facts.terms.get(key, []), facts.visits.get(key, ())
    told = standing(cadence, day, terms, visits)
    by_slot: dict[Slot, list[int]] = {}
    for row in kept(cadence, Span("", "month", first, last), terms, visits).slots:
        sums = by_slot.setdefault(row.slot, [0, 0])
        sums[0] += row.due
        sums[1] += row.kept
    slots = tuple(SlotTold(slot, due, n, slot == told.slot) for slot, (due, n) in by_slot.items())
    seen = {int(visit.target): visit.day for visit in visits if not visit.denied}
    latest = {pk: max(filter(None, (last_on.get(pk), seen.get(pk))), default=None) for pk in {*last_on, *seen}}
    targets = tuple(TargetTold(row.duty, latest.get(row.duty.target_id)) for row in targets)
    return LayerTold(one, told, slots, targets, len(mine))


def _last_seen(bearer: Bearing, mine: list[Duty]) -> dict[int, date]:
    rows = visits_of(bearer).filter(state=Visit.State.COUNTED, target_id__in=[row.target_id for row in mine[:900]])
    found: dict[int, date] = dict(rows.order_by().values_list("target_id").annotate(last=Max("day")))
    return found


def stood_in_for(person: Person, day: date) -> QuerySet[Duty]:
    """The duties that the person stands in on today."""
    rows = Duty.objects.live(day).filter(standing_in(day), stand_in=person)
    return rows.select_related("target__village", "target__township", "person", "organisation").order_by("target__path")


def asks_of(bearer: Bearing) -> QuerySet[DispatchAsk]:
    """What the bearer was asked to do at dispatch and has not done; a person's organisation's too."""
    mine = Q(person=bearer) if isinstance(bearer, Person) else Q(organisation=bearer)
    if isinstance(bearer, Person) and bearer.organisation_id:
        mine |= Q(organisation_id=bearer.organisation_id)
    rows = DispatchAsk.objects.filter(mine, state=DispatchAsk.State.OPEN)
    return rows.select_related("dispatch__place", "person", "organisation", "place").order_by("by_on", "pk")


def wishes_of(bearer: Bearing, day: date) -> QuerySet[Wish]:
    """The open wishes of the households that the bearer answers for, and those told to the bearer."""
    live = Duty.objects.live(day).filter(pk__in=borne_by(bearer).values("pk"))
    mine = Q(household_id__in=live.order_by().values("target_id"))
    if isinstance(bearer, Person):
        mine |= Q(person=bearer)
    rows = Wish.objects.filter(mine, state__in=(Wish.State.OPEN, Wish.State.PROBLEM))
    return rows.select_related("household__village", "household__household", "words", "person").order_by("day", "pk")
