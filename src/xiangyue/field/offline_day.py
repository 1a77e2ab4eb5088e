"""The day's data for a phone without signal: my targets, what is done there, the sheets to tap, in one JSON document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xiangyue.agreements.in_force import schemes_by_ground, schemes_on
from xiangyue.base.roles import Role
from xiangyue.base.scope import Scope
from xiangyue.captures import intake
from xiangyue.captures.envelope import VERSION, canonical
from xiangyue.checks.models import Check
from xiangyue.checks.sheets import choices
from xiangyue.duties.layers import cadence_words
from xiangyue.field.forms_json import standard_json
from xiangyue.field.inspection_day import inspections_json
from xiangyue.field.problem_day import problems_json, where_of
from xiangyue.field.targets import Target, partners_of, targets_of
from xiangyue.people.models import Person
from xiangyue.places.models import Household, Level, Place
from xiangyue.rules.settings import CheckKind, Scheme

SPOTS = (Level.VILLAGE, Level.HAMLET, Level.PUBLIC_PLACE)
STATES = (Check.State.COUNTED, Check.State.VOID, Check.State.HELD, Check.State.LATE)


@dataclass(slots=True)
class OfflineDay:
    """What goes to the phone, as it is gathered."""

    scope: Scope
    person: Person | None
    day: date
    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    checks: dict[str, dict[str, Any]] = field(default_factory=dict)
    standards: dict[str, Any] = field(default_factory=dict)
    layers: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    at_hand: list[dict[str, Any]] = field(default_factory=list)
    """The problems that wait for the actor."""
    inspections: list[dict[str, Any]] = field(default_factory=list)
    """The inspections of the actor's own teams."""

    def add_standard(self, scheme: Scheme, kind: CheckKind) -> str:
        """The key of the kind's standard, with its buttons taken along."""
        key = f"{scheme.code}/{kind.standard}"
        if key not in self.standards:
            self.standards[key] = standard_json(scheme.standard(kind.standard))
        return key

    def add_check(self, scheme: Scheme, kind: CheckKind, *, rounds: bool) -> dict[str, Any]:
        """The kind of check, with the places it is made on yet to be named."""
        key = f"{scheme.code}/{kind.code}"
        if key not in self.checks:
            self.checks[key] = {
                "scheme": scheme.code,
                "code": kind.code,
                "name": kind.name,
                "round": rounds,
                "standard": self.add_standard(scheme, kind),
                "places": [],
            }
        return self.checks[key]

    def add_place(self, place: Place, where: str, head: str = "") -> None:
        """A place that is not the person's own target."""
        if place.code not in self.places:
            row = {"name": place.name, "level": place.level, "where": where}
            self.places[place.code] = row | ({"head": head} if head else {})

    def as_json(self) -> dict[str, Any]:
        """The document without who reads it."""
        return {
            "format": VERSION,
            "day": self.day.isoformat(),
            "kinds": sorted(kind for handler in intake.HANDLERS for kind in handler.kinds),
            "places": self.places,
            "checks": self.checks,
            "standards": self.standards,
            "layers": self.layers,
            "problems": self.problems,
            "done": self.done,
            "atHand": self.at_hand,
            "inspections": self.inspections,
        }


def offline_day(scope: Scope, person: Person | None, day: date) -> OfflineDay:
    """The actor's day; in a number of queries that does not grow with targets."""
    found = OfflineDay(scope, person, day)
    targets = targets_of(person, day) if person else []
    schemes = schemes_by_ground((ground for target in targets for ground, _scheme, _layer in target.layers), day)
    partners = partners_of(person, targets, day) if person else {}
    for target in targets:
        _add_target(found, target, schemes, partners.get(target.code, []))
    if person and found.checks:
        _add_done(found, person, targets)
    _add_sheets(found, day)
    _add_spots(found, targets)
    for scheme in schemes.values():
        _add_problem_kinds(found, scheme)
    if not schemes:
        _add_problem_kinds_of_ground(found, day)
    for place, told in problems_json(scope, person, [target.path for target in targets], day):
        found.add_place(place, where_of(place))
        found.at_hand.append(told)
    for places, route in inspections_json(scope, day):
        for place in places:
            found.add_place(place, where_of(place))
        found.inspections.append(route)
    return found


def digest_of(document: dict[str, Any]) -> str:
    """Twelve digits that change when the document does: what a record made offline was based on."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()[:12]


def _add_target(
    found: OfflineDay, target: Target, schemes: Mapping[tuple[int, str], Scheme], partners: list[dict[str, str]]
) -> None:
    row: dict[str, Any] = {
        "name": target.name, "level": target.level, "where": target.where, "head": target.head,
        "state": target.state, "mine": True, "layers": [],
    }  # fmt: skip
    row |= {"standsIn": True} if target.stands_in else {}
    row |= {"ownYard": True} if target.own_yard else {}
    row |= {"with": partners} if partners else {}
    found.places[target.code] = row
    for ground, code, layer_code in target.layers:
        scheme = schemes.get((ground, code))
        layer = next((one for one in scheme.layers if one.code == layer_code), None) if scheme else None
        if scheme is None or layer is None:
            continue
        row["layers"].append(f"{code}/{layer_code}")
        found.layers[f"{code}/{layer_code}"] = {
            "code": layer_code,
            "name": layer.name,
            "every": cadence_words(layer.cadence),
            "tasks": [{"code": task.code, "name": task.name} for task in layer.tasks],
        }
        for kind in scheme.check_kinds:
            months = scheme.standard(kind.standard).months
            if (
                layer_code in kind.layers
                and kind.subject == target.level
                and found.day.month in (months or (found.day.month,))
            ):
                places = found.add_check(scheme, kind, rounds=True)["places"]
                if target.code not in places:
                    places.append(target.code)


def _add_done(found: OfflineDay, person: Person, targets: list[Target]) -> None:
    rows = Check.objects.filter(
        inspector=person, day=found.day, state__in=STATES, subject_id__in=[target.id for target in targets]
    )
    codes = {target.id: target.code for target in targets}
    for scheme, kind, subject, state, score, faults, capture, made_at in rows.order_by("id").values_list(
        "kind__scheme", "kind__code", "subject_id", "state", "score", "n_faults", "capture__uuid", "made_at"
    ):
        mark = "held" if state == Check.State.HELD else "void" if score is None else "fault" if faults else "clean"
        found.done.setdefault(f"{scheme}/{kind}", {})[codes[subject]] = {
            "mark": mark,
            "n": faults,
            "id": str(capture),
            "at": made_at.isoformat(timespec="seconds"),
        }


def _add_sheets(found: OfflineDay, day: date) -> None:
    """The sheets that an office or a team may fill in today, in the order in which the places are to be seen."""
    for choice in choices(found.scope, day):
        if day.month not in (choice.scheme.standard(choice.kind.standard).months or (day.month,)):
            continue
        row = found.add_check(choice.scheme, choice.kind, rounds=False)
        for place in choice.subjects:
            where = place.village.name if place.village and place.village_id != place.pk else ""
            found.add_place(place, where or (place.township.name if place.township else ""))
            row["places"].append(place.code)


def _add_spots(found: OfflineDay, targets: list[Target]) -> None:
    """Where a problem can be: the villages of one's targets with their hamlets and public places; a village's own doors."""
    villages = {target.village_code for target in targets} - {""}
    offices = {grant.path for grant in found.scope.grants if grant.role == Role.VILLAGE_OFFICE}
    own = {path.rstrip("/").rpartition("/")[2] for path in offices}
    if not villages | own:
        return
    rows = Place.objects.live(found.day).filter(village__code__in=villages | own, level__in=SPOTS)
    for place in rows.select_related("township", "village").order_by("path"):
        where = place.township.name if place.level == Level.VILLAGE and place.township else ""
        found.add_place(place, where or (place.village.name if place.village else ""))
    if own:
        homes = Household.objects.filter(place__village__code__in=own, place__to_on=None).select_related(
            "place__parent"
        )
        for home in homes.order_by("place__path"):
            found.add_place(home.place, home.place.parent.name if home.place.parent else "", home.head_name)


def _add_problem_kinds(found: OfflineDay, scheme: Scheme) -> None:
    for kind in scheme.problem_kinds:
        found.problems.setdefault(
            kind.code,
            {
                "name": kind.name,
                "icon": kind.pictogram or "alert-triangle",
                "levels": list(kind.levels),
                "days": kind.days,
            },
        )


def _add_problem_kinds_of_ground(found: OfflineDay, day: date) -> None:
    """The kinds of the schemes over an office's ground, for who has no target of their own."""
    codes = {code for grant in found.scope.grants for code in grant.path.rstrip("/").split("/")[:2]}
    grounds = Place.objects.filter(code__in=codes, level__in=(Level.COUNTY, Level.TOWNSHIP)).values_list(
        "pk", flat=True
    )
    for _version, scheme in schemes_on(tuple(grounds), day):
        _add_problem_kinds(found, scheme)
