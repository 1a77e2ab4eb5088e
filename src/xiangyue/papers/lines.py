"""The lines of a sheet: which targets a bearer has in a span of days, in the order of the doors, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, Q

from xiangyue.agreements.in_force import schemes_on
from xiangyue.base.dated import not_over
from xiangyue.duties.models import Duty
from xiangyue.papers.letters import letters_for, letters_of
from xiangyue.papers.models import Sheet
from xiangyue.people.models import Person
from xiangyue.places.models import HouseholdState, Level, Place
from xiangyue.rules.settings import Scheme

NOT_DUE = ("away", "empty")


@dataclass(frozen=True, slots=True)
class Offer:
    """A form that can be printed for a bearer: its kind, the check or layer, and how many lines it would have."""

    form: str
    ground_id: int
    scheme: str
    code: str
    title: str
    layers: tuple[str, ...]
    level: str
    n: int

    @property
    def key(self) -> str:
        """What the page sends back."""
        return f"{self.form}.{self.scheme}.{self.code}"


@dataclass(slots=True)
class Line:
    """One line of a sheet."""

    n: int
    id: int
    code: str
    name: str
    where: str
    head: str
    state: str
    spans: list[tuple[date, date | None]] = field(default_factory=list)
    """When the bearer answers for it."""

    def holds(self, day: date) -> bool:
        """Whether the bearer answers for it on the day."""
        return any(first <= day and (last is None or day <= last) for first, last in self.spans)

    @property
    def label(self) -> str:
        """The door and the family."""
        return f"{self.name} {self.head}".strip()


def duties_of(person: Person, first: date, last: date) -> list[Duty]:
    """What the person answers for on some day of the span: they, someone they stand in for, or their organisation."""
    mine = Q(person=person) | Q(stand_in=person)
    if person.organisation_id:
        mine |= Q(organisation_id=person.organisation_id)
    return list(Duty.objects.meeting(first, last).filter(mine).select_related("target").order_by("target__path"))


def offers_for(person: Person, first: date, last: date) -> list[Offer]:
    """The forms that can be printed for a bearer: checks that they make, then visits, layer by layer."""
    duties = duties_of(person, first, last)
    found: list[Offer] = []
    for version, scheme in schemes_on(tuple({duty.ground_id for duty in duties}), last):
        here = [duty for duty in duties if duty.ground_id == version.ground_id and duty.scheme == scheme.code]
        if here:
            found += _offers(version.ground_id, scheme, here)
    return found


def _offers(ground_id: int, scheme: Scheme, duties: list[Duty]) -> list[Offer]:
    found = []
    for kind in scheme.check_kinds:
        n = len({duty.target_id for duty in duties if duty.layer in kind.layers and duty.target.level == kind.subject})
        if n and letters_of(scheme.standard(kind.standard)):
            found.append(Offer("round", ground_id, scheme.code, kind.code, kind.name, kind.layers, kind.subject, n))
    for layer in scheme.layers:
        n = len({duty.target_id for duty in duties if duty.layer == layer.code})
        if n and layer.bearer != "household" and (letters_for(layer) or not layer.tasks):
            found.append(Offer("visit", ground_id, scheme.code, layer.code, layer.name, (layer.code,), "", n))
    return found


def codes_for(offer: Offer, person: Person, first: date, last: date) -> list[str]:
    """The codes of the lines in order: own yard first, then hamlet by hamlet along the doors."""
    targets: dict[int, Place] = {}
    for duty in duties_of(person, first, last):
        fits = duty.scheme == offer.scheme and duty.ground_id == offer.ground_id and duty.layer in offer.layers
        if fits and offer.level in ("", duty.target.level):
            targets[duty.target_id] = duty.target
    ordered = sorted(
        targets.values(), key=lambda row: (row.pk != person.home_id, row.path.rsplit("/", 2)[0], row.order, row.path)
    )
    return [row.code for row in ordered]


def lines_of(sheet: Sheet, layers: Iterable[str]) -> list[Line]:
    """The lines of a sheet as they stand now, in the order of the paper; a handful of queries whatever their number."""
    rows = Place.objects.filter(code__in=sheet.rows).select_related("parent", "village", "household")
    places = {row.code: row for row in rows}
    keys = [row.pk for row in places.values()]
    away = dict(
        HouseholdState.objects.filter(not_over(sheet.to_on), place_id__in=keys, from_on__lte=sheet.to_on).values_list(
            "place_id", "state"
        )
    )
    spans = _spans(sheet, set(layers), set(keys))
    found = []
    for n, code in enumerate(sheet.rows, 1):
        row = places[code]
        home: Any = getattr(row, "household", None) if row.level == Level.HOUSEHOLD else None
        where = row.parent if row.parent and row.parent.level == Level.HAMLET else row.village
        state = away.get(row.pk, "living")
        found.append(
            Line(
                n, row.pk, code, row.name, where.name if where and where.pk != row.pk else "",
                home.head_name if home else "", state, spans.get(row.pk, []),
            )
        )  # fmt: skip
    return found


def _spans(sheet: Sheet, layers: set[str], keys: set[int]) -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = {}
    if sheet.person is None:
        return found
    for duty in duties_of(sheet.person, sheet.from_on, sheet.to_on):
        if duty.target_id not in keys or duty.scheme != sheet.scheme or duty.layer not in layers:
            continue
        first, last = duty.from_on, duty.to_on
        if duty.person_id != sheet.person_id and duty.stand_in_id == sheet.person_id:
            first = max(first, duty.stand_in_from or first)
            last = min((day for day in (last, duty.stand_in_to) if day is not None), default=None)
        found.setdefault(duty.target_id, []).append((first, last))
    return found


def bearers_in(place: Place, first: date, last: date) -> list[Person]:
    """The persons who answer for something in a village on some day of the span."""
    rows = Duty.objects.meeting(first, last).below(place.path).exclude(person=None).order_by()
    people = Person.objects.filter(pk__in=rows.values("person_id")).select_related("place", "organisation")
    return list(people.order_by("place__path", "code"))


def month_around(day: date) -> tuple[date, date]:
    """The first and last day of the day's month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def one_a_layer(place: Place, first: date, last: date) -> list[Person]:
    """One bearer of each layer that is borne in a village."""
    rows = Duty.objects.meeting(first, last).below(place.path).exclude(person=None).order_by()
    keys = rows.values_list("scheme", "layer").annotate(one=Min("person_id"))
    people = Person.objects.filter(pk__in={one for _scheme, _layer, one in keys})
    return list(people.select_related("place", "organisation").order_by("code"))
