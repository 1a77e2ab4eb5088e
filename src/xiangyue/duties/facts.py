"""What an assignment by rule is worked out from: targets, bearers and duties, read by set."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from xiangyue.base.consequences import follow
from xiangyue.base.dated import not_over
from xiangyue.duties.coverage import apart_in, targets_below
from xiangyue.duties.layers import LayerOn
from xiangyue.duties.models import Duty
from xiangyue.people.models import Organisation, Person, Post
from xiangyue.places.models import Place
from xiangyue.rules.settings import Layer

PERSON, ORGANISATION = "person", "organisation"


class Spot(NamedTuple):
    """A target: where it lies, its hamlet and place along the row."""

    id: int
    code: str
    name: str
    path: str
    hamlet: str
    position: int


class Who(NamedTuple):
    """A bearer, with the path of the post (or the organisation's place) and where he or she lives."""

    code: str
    name: str
    person_id: int | None
    organisation_id: int | None
    seat: str
    hamlet: str = ""
    position: int = 0
    home_id: int | None = None


class Held(NamedTuple):
    """A duty on file that is live on the day or begins later."""

    id: int
    layer: str
    target_id: int
    person_id: int | None
    organisation_id: int | None
    team: str
    from_on: date
    to_on: date | None


@dataclass
class Weighing:
    """Asked of upper rooms before the worst are picked: `results` takes each target's last result in hundredths."""

    path: str
    level: str
    day: date
    results: dict[int, int] = field(default_factory=dict)


@dataclass
class Facts:
    """Everything about one group of layers below one place."""

    spots: list[Spot]
    bearers: dict[str, list[Who]]
    """By layer code, each bearer once, by code."""
    held: dict[int, list[Held]]
    """By target."""
    results: dict[int, int]


def read_facts(place: Place, on: date, group: Sequence[LayerOn], chosen: Sequence[LayerOn]) -> Facts:
    """The facts for assigning the `chosen` layers of a group at or below a place from `on`."""
    level = chosen[0].layer.target
    weighing = Weighing(place.path, level, on)
    if len(chosen) > 1:
        follow("duties_weighing", weighing)
    held = _held(place, on, group)
    return Facts(
        spots=_spots(place, on, chosen[0].layer, held),
        bearers={one.code: bearers_for(one.layer, place.path, on) for one in chosen},
        held=held,
        results=weighing.results,
    )


def _spots(place: Place, on: date, layer: Layer, held: Collection[int]) -> list[Spot]:
    """The targets; households that are away or empty only where somebody bears them already, so that nobody's
    neighbours change hands whenever a family leaves or comes home."""
    rows = targets_below(layer, place.path, on)
    values = rows.order_by("path").values_list("pk", "code", "name", "path", "parent__code", "order")
    away = set(apart_in(place.path, on).values_list("pk", flat=True)) if layer.target == "household" else set()
    return [Spot(*row) for row in values if row[0] not in away or row[0] in held]


def bearers_for(layer: Layer, path: str, on: date) -> list[Who]:
    """Who may bear the layer by post (or as an organisation), with a seat at or below `path`."""
    live = not_over(on)
    inside = Q(place__path__gte=path, place__path__lt=path[:-1] + "0")
    if layer.bearer == ORGANISATION:
        kinds = (Organisation.Kind.DEPARTMENT, Organisation.Kind.ENTERPRISE)
        units = Organisation.objects.filter(live, inside, from_on__lte=on, kind__in=kinds).order_by("code")
        return [Who(code, name, None, pk, seat) for pk, code, name, seat in _values(units, "place__path")]
    person_live = not_over(on, "person__")
    posts = Post.objects.filter(live, inside, person_live, from_on__lte=on, person__from_on__lte=on)
    if layer.posts:
        posts = posts.filter(kind__in=layer.posts)
    rows = posts.order_by("person__code", "place__path").values_list(
        "person_id", "person__code", "person__name", "place__path", "person__home__parent__code",
        "person__home__order", "person__home_id",
    )  # fmt: skip
    found: dict[int, Who] = {}
    for pk, code, name, seat, hamlet, order, home in rows:
        found.setdefault(pk, Who(code, name, pk, None, seat, hamlet or "", order or 0, home))
    return list(found.values())


def seated(layers: Sequence[LayerOn], path: str, on: date) -> tuple[LayerOn, ...]:
    """Those of the layers that somebody with a seat at or below `path` may bear: what can be assigned by rule there."""
    if not layers:
        return ()
    live = not_over(on)
    inside = Q(place__path__gte=path, place__path__lt=path[:-1] + "0", from_on__lte=on)
    units = set(Organisation.objects.filter(live, inside).order_by().values_list("kind", flat=True).distinct())
    posts = set(Post.objects.filter(live, inside).order_by().values_list("kind", flat=True).distinct())
    able = bool(units & {Organisation.Kind.DEPARTMENT, Organisation.Kind.ENTERPRISE})

    def borne(one: LayerOn) -> bool:
        if one.layer.bearer == ORGANISATION:
            return able
        return bool(posts & set(one.layer.posts) if one.layer.posts else posts)

    return tuple(one for one in layers if borne(one))


def _values(rows: object, seat: str) -> list[tuple[int, str, str, str]]:
    return list(rows.values_list("pk", "code", "name", seat))  # type: ignore[attr-defined]


def _held(place: Place, on: date, group: Sequence[LayerOn]) -> dict[int, list[Held]]:
    rows = Duty.objects.not_over(on).below(place.path)
    rows = rows.filter(scheme=group[0].scheme, layer__in=[one.code for one in group])
    found: dict[int, list[Held]] = {}
    values = rows.order_by("pk").values_list(
        "pk", "layer", "target_id", "person_id", "organisation_id", "team", "from_on", "to_on"
    )
    for row in values:
        held = Held(*row)
        found.setdefault(held.target_id, []).append(held)
    return found


def names_of(people: Collection[int], organisations: Collection[int]) -> dict[tuple[str, int], tuple[str, str]]:
    """(kind, key) → (code, name) of bearers."""
    found = {(PERSON, pk): (code, name) for pk, code, name in _in(Person, people)}
    return found | {(ORGANISATION, pk): (code, name) for pk, code, name in _in(Organisation, organisations)}


def _in(model: type[Person] | type[Organisation], keys: Collection[int]) -> list[tuple[int, str, str]]:
    found: list[tuple[int, str, str]] = []
    ordered = sorted(keys)
    for start in range(0, len(ordered), 5_000):
        rows = model._default_manager.filter(pk__in=ordered[start : start + 5_000])
        found += rows.values_list("pk", "code", "name")
    return found
