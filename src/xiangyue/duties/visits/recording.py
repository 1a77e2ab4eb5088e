"""What the office's form for a visit offers, and how what was typed is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import Scope, below
from xiangyue.duties.actions.single import Bearing, borne_by
from xiangyue.duties.layers import LayerOn, layers_on
from xiangyue.duties.models import Duty
from xiangyue.duties.visit_models import UNITS, Contribution
from xiangyue.duties.visits.bodies import Given
from xiangyue.duties.visits.problems import BODY, NO_PERSON
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Level, Place
from xiangyue.places.picking import place_label

LINES = 3
"""Lines for contributions on the form."""
FOUND = 40
MOST_VILLAGES = 60
WORDS = re.compile(r"[、,，;；\s]+")
AMOUNT = re.compile(r"^[0-9０-９][0-9０-９,，]*$")


@dataclass(frozen=True, slots=True)
class Option:
    """A place to choose."""

    code: str
    label: str
    is_household: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """One layer of the bearer's, with where a visit on it can be."""

    layer: LayerOn
    options: tuple[Option, ...]


def bearer_asked(scope: Scope, code: str) -> Bearing | None:
    """Whom the form is for: the one named on the actor's ground or in the actor's own unit, else the actor; None: to be chosen."""
    own = Person.objects.select_related("organisation", "place").filter(pk=scope.person_id or 0).first()
    if not code:
        bears = own is not None and borne_by(own).exists()
        if own is not None and own.organisation and scope.holds(frozenset({Role.DEPARTMENT})) and not bears:
            return own.organisation
        return own if bears else None
    if own is not None and code == own.code:
        return own
    if own is not None and own.organisation is not None and code == own.organisation.code:
        return own.organisation
    person = Person.objects.select_related("organisation", "place").filter(code=code).first()
    unit = Organisation.objects.select_related("place").filter(code=code).first()
    found: Bearing | None = person or unit
    if found is None or not scope.holds(STAFF) or not duties_on_ground(scope, found).exists():
        return None
    return found


def duties_on_ground(scope: Scope, bearer: Bearing) -> QuerySet[Duty]:
    """The bearer's duties that the actor, of staff, may record visits for."""
    return borne_by(bearer).filter(below("target__path", scope.paths(STAFF)))


def found_bearers(scope: Scope, q: str) -> list[Bearing]:
    """Persons and organisations that bear something on the actor's ground, by name or code."""
    duties = Duty.objects.filter(below("target__path", scope.paths(STAFF)))
    wanted = Q(name__contains=q) | Q(code__startswith=q)
    people = Person.objects.filter(wanted, pk__in=duties.order_by().values("person_id")).select_related("place")
    units = Organisation.objects.filter(wanted, pk__in=duties.order_by().values("organisation_id"))
    return [*units.select_related("place").order_by("code")[:FOUND], *people.order_by("place__path", "code")[:FOUND]]


def offered(scope: Scope, bearer: Bearing, day: date) -> list[Offered]:
    """The layers that the bearer holds something on that day, each with its targets."""
    own = scope.person_id is not None and scope.person_id == getattr(bearer, "pk", None) and isinstance(bearer, Person)
    rows = Duty.objects.live(day).filter(pk__in=borne_by(bearer).values("pk"))
    colleague = isinstance(bearer, Organisation) and scope.holds(frozenset({Role.DEPARTMENT}))
    if not own and not colleague:
        rows = rows.filter(below("target__path", scope.paths(STAFF)))
    rows = rows.select_related("target__township", "target__village", "target__household").order_by("target__path")
    held: dict[tuple[str, str], list[Place]] = {}
    for row in rows:
        held.setdefault((row.scheme, row.layer), []).append(row.target)
    found = []
    for (scheme, code), targets in held.items():
        layers = layers_on(targets[0], day)
        one = next((one for one in layers if (one.scheme, one.code) == (scheme, code)), None)
        if one is not None:
            found.append(Offered(one, tuple(_options(targets))))
    return found


def _options(targets: list[Place]) -> list[Option]:
    found = [Option(row.code, _label(row), row.level == Level.HOUSEHOLD) for row in targets]
    towns = [row.pk for row in targets if row.level == Level.TOWNSHIP]
    if towns:
        villages = Place.objects.filter(township_id__in=towns, level=Level.VILLAGE, to_on=None)
        rows = villages.select_related("township", "village").order_by("path")[:MOST_VILLAGES]
        found += [Option(row.code, place_label(row), False) for row in rows]
    return found


def _label(place: Place) -> str:
    home: Any = getattr(place, "household", None) if place.level == Level.HOUSEHOLD else None
    return f"{place_label(place)} {home.head_name}".strip() if home is not None else place_label(place)


def given_in(form: QueryDict) -> tuple[Given, ...]:
    """The contributions that were typed; Problem for an amount that is none."""
    found = []
    for n in range(LINES):
        amount, kind = form.get(f"amount{n}", "").strip(), form.get(f"kind{n}", "")
        if not amount:
            continue
        if not AMOUNT.match(amount) or kind not in Contribution.Kind.values:
            raise Problem(BODY, what=_("投入的数量“%s”应是大于零的整数") % amount[:20])
        number = int(amount.replace(",", "").replace("，", ""))
        found.append(Given(kind, number, form.get(f"what{n}", "").strip()[:60]))
    return tuple(found)


def company_in(text: str, county: str) -> tuple[str, ...]:
    """The codes of the persons named by code or by a name that only one of the county has; Problem for others."""
    codes = []
    for typed in (one for one in WORDS.split(text.strip()) if one):
        rows = Person.objects.filter(Q(code=typed) | Q(name=typed), place__path__startswith=county, to_on=None)
        found = list(rows.order_by("code").values_list("code", flat=True)[:2])
        if len(found) != 1:
            raise Problem(NO_PERSON, code=typed)
        codes.append(found[0])
    return tuple(dict.fromkeys(codes))


def kinds() -> list[tuple[str, str, str]]:
    """(Value, label, unit) of the kinds of contributions."""
    return [(kind.value, str(kind.label), str(UNITS[kind.value])) for kind in Contribution.Kind]
