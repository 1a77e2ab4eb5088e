"""Whether a visit or a wish may be taken: the place, who went, on which layer, by whom it is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from xiangyue.agreements.in_force import schemes_over
from xiangyue.base.dated import held_on
from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import Scope
from xiangyue.duties.layers import LayerOn, layers_on
from xiangyue.duties.models import Duty
from xiangyue.duties.visits import problems
from xiangyue.duties.visits.bodies import VisitAsked, WishAsked
from xiangyue.people.models import Organisation, Person
from xiangyue.people.senders import Sender, senders_of
from xiangyue.places.models import Level, Place
from xiangyue.rules.days import runs_on

MAY = frozenset({Role.DEPARTMENT})
DEFAULT_LIMIT = 31


@dataclass(frozen=True, slots=True)
class JudgedVisit:
    """A visit that may be taken."""

    place: Place
    layer: LayerOn
    person: Person | None
    organisation: Organisation | None
    company: tuple[Person, ...]
    limit: int
    """The scheme's limit in days for what is told late."""
    asked: VisitAsked


@dataclass(frozen=True, slots=True)
class JudgedWish:
    """A wish that may be taken."""

    place: Place
    person: Person | None
    limit: int
    asked: WishAsked


@dataclass(slots=True)
class World:
    """Everything loaded for one batch."""

    today: date
    senders: dict[int, Sender] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Organisation] = field(default_factory=dict)
    duties: dict[int, list[Duty]] = field(default_factory=dict)
    _layers: dict[tuple[int | None, int | None, date], tuple[LayerOn, ...]] = field(default_factory=dict)
    _limits: dict[tuple[int | None, int | None, date], dict[str, int]] = field(default_factory=dict)

    def layers(self, place: Place, day: date) -> tuple[LayerOn, ...]:
        """The layers in force over a place on a day; read once a township and day."""
        key = (place.ground_id, place.township_id, day)
        if key not in self._layers:
            self._layers[key] = layers_on(place, day)
        return self._layers[key]

    def limit(self, place: Place, day: date, scheme: str) -> int:
        """How many days late a record may be told under that scheme."""
        key = (place.ground_id, place.township_id, day)
        if key not in self._limits:
            self._limits[key] = {row.code: row.late_limit_days for _version, row in schemes_over(place, day)}
        limits = self._limits[key]
        return limits.get(scheme, max(limits.values(), default=DEFAULT_LIMIT))


def load_world(
    today: date, users: Collection[int], visits: Iterable[VisitAsked], wishes: Iterable[WishAsked] = ()
) -> World:
    """The world of one batch, in a handful of queries."""
    asked, wished = list(visits), list(wishes)
    world = World(today, senders_of(users, today) if users else {})
    codes = {one.target for one in asked} | {one.household for one in wished}
    rows = Place.objects.filter(code__in=codes).select_related("ground", "township", "village")
    world.places = {row.code: row for row in rows}
    named = {code for one in asked for code in (one.person, *one.company)} | {one.person for one in wished}
    people = Person.objects.filter(code__in=named - {""}).select_related("organisation", "place")
    world.people = {row.code: row for row in people}
    units = Organisation.objects.filter(code__in={one.organisation for one in asked} - {""}).select_related("place")
    world.units = {row.code: row for row in units}
    around = {pk for place in world.places.values() for pk in at_or_above(place)}
    for row in Duty.objects.filter(target_id__in=around).select_related("organisation"):
        world.duties.setdefault(row.target_id, []).append(row)
    return world


def at_or_above(place: Place) -> tuple[int, ...]:
    """The keys of a place and all that it lies in."""
    held = (place.pk, place.parent_id, place.village_id, place.township_id, place.ground_id)
    return tuple(dict.fromkeys(pk for pk in held if pk))


def judge_visit(
    world: World, asked: VisitAsked, scope: Scope, sender: Person | None, day: date, today: date | None = None
) -> JudgedVisit:
    """The visit that may be taken; a Problem says why not."""
    place = _place(world, asked.target, scope, sender, day)
    person = _person(world, asked, sender, place)
    unit = _unit(world, asked, place)
    company = tuple(_known(world, code, place) for code in asked.company)
    # what is dated tomorrow is judged by today's duties: a person decides on it later
    on = min(day, today or world.today)
    layer, duty = _duty(world, asked, place, person, unit, on)
    if unit is None and duty.organisation_id is not None:
        unit = duty.organisation
    _may(scope, sender, person, unit, place)
    known = {task.code for task in layer.layer.tasks}
    for task in asked.tasks:
        if task not in known:
            raise Problem(problems.NO_TASK, layer=layer.layer.name, task=task)
    return JudgedVisit(place, layer, person, unit, company, world.limit(place, on, layer.scheme), asked)


def judge_wish(world: World, asked: WishAsked, scope: Scope, sender: Person | None, day: date) -> JudgedWish:
    """The wish that may be taken; a Problem says why not."""
    place = _place(world, asked.household, scope, sender, day)
    if place.level != Level.HOUSEHOLD:
        raise Problem(problems.NOT_HERE, place=place.name)
    person = _known(world, asked.person, place) if asked.person else sender
    own = sender is not None and person is not None and sender.pk == person.pk
    if not scope.holds(STAFF, place.path):
        if not own or person is None:
            raise Problem(problems.NOT_YOURS, who=person.name if person else "", place=place.name)
        if not _bears(world, place, person, min(day, world.today)):
            raise Problem(problems.OUTSIDE_DUTY, day=day, who=person.name, place=place.name)
    return JudgedWish(place, person, world.limit(place, min(day, world.today), ""), asked)


def live(duty: Duty, day: date) -> bool:
    """Whether the duty is live on the day."""
    return runs_on(duty.from_on, duty.to_on, day)


def stands_in(duty: Duty, person_id: int, day: date) -> bool:
    """Whether that person stands in on the duty on the day."""
    begun = duty.stand_in_from is None or duty.stand_in_from <= day
    return duty.stand_in_id == person_id and begun and (duty.stand_in_to is None or duty.stand_in_to >= day)


def _place(world: World, code: str, scope: Scope, sender: Person | None, day: date) -> Place:
    place = world.places.get(code)
    grounds = {grant.path.partition("/")[0] for grant in scope.grants}
    if place is None or place.path.partition("/")[0] not in grounds:
        raise Problem(problems.NO_PLACE, code=code)
    if place.from_on > day or (place.to_on is not None and place.to_on < day):
        raise Problem(problems.GONE, name=place.name, day=day)
    on_ground = any(place.path.startswith(grant.path) for grant in scope.grants)
    if not on_ground and (sender is None or not _bears(world, place, sender, min(day, world.today))):
        # what lies outside the sender's ground, and is not borne by them, is not even named
        raise Problem(problems.NO_PLACE, code=code)
    return place


def _bears(world: World, place: Place, person: Person, day: date) -> bool:
    return any(
        live(duty, day) and _answers(duty, person, None, day)
        for pk in at_or_above(place)
        for duty in world.duties.get(pk, ())
    )


def _answers(duty: Duty, person: Person | None, unit: Organisation | None, day: date) -> bool:
    if unit is not None and duty.organisation_id == unit.pk:
        return True
    if person is None:
        return False
    if duty.person_id == person.pk or stands_in(duty, person.pk, day):
        return True
    return duty.organisation_id is not None and duty.organisation_id == person.organisation_id


def _known(world: World, code: str, place: Place) -> Person:
    person = world.people.get(code)
    if person is None or person.place.path.partition("/")[0] != place.path.partition("/")[0]:
        raise Problem(problems.NO_PERSON, code=code)
    return person


def _person(world: World, asked: VisitAsked, sender: Person | None, place: Place) -> Person | None:
    if asked.person:
        return _known(world, asked.person, place)
    if asked.organisation:
        # a department's visit typed in by an office names nobody; its own clerk went unless another is named
        return sender if sender is not None and _is_of(sender, asked.organisation) else None
    if sender is None:
        raise Problem(problems.NOBODY)
    return sender


def _is_of(person: Person, code: str) -> bool:
    return person.organisation is not None and person.organisation.code == code


def _unit(world: World, asked: VisitAsked, place: Place) -> Organisation | None:
    if not asked.organisation:
        return None
    unit = world.units.get(asked.organisation)
    if unit is None or unit.place.path.partition("/")[0] != place.path.partition("/")[0]:
        raise Problem(problems.NO_UNIT, code=asked.organisation)
    return unit


def _duty(
    world: World, asked: VisitAsked, place: Place, person: Person | None, unit: Organisation | None, day: date
) -> tuple[LayerOn, Duty]:
    """The layer and the duty that the visit is on: of the layer named, else the nearest that fits."""
    layers = {(one.scheme, one.code): one for one in world.layers(place, day)}
    if asked.layer and not any(one.code == asked.layer for one in layers.values()):
        raise Problem(problems.NO_LAYER, layer=asked.layer)
    for pk in at_or_above(place):
        for duty in world.duties.get(pk, ()):
            one = layers.get((duty.scheme, duty.layer))
            if one is None or asked.layer not in ("", one.code) or asked.scheme not in ("", one.scheme):
                continue
            if live(duty, day) and _answers(duty, person, unit, day):
                return one, duty
    who = unit or person
    raise Problem(problems.OUTSIDE_DUTY, day=day, who=who.name if who else "", place=place.name)


def _may(scope: Scope, sender: Person | None, person: Person | None, unit: Organisation | None, place: Place) -> None:
    if sender is not None and person is not None and sender.pk == person.pk:
        return
    if scope.holds(STAFF, place.path):
        return
    colleague = unit is not None and sender is not None and sender.organisation_id == unit.pk
    if colleague and scope.holds(MAY):
        return
    who = person or unit
    raise Problem(problems.NOT_YOURS, who=who.name if who else "", place=place.name)


def live_at(place: Place, day: date) -> Q:
    """The condition that a duty is live on the day for the place or what it lies in."""
    return Q(target_id__in=at_or_above(place)) & held_on(day)
