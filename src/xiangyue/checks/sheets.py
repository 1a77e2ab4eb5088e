"""A sheet as an office types it in: what may be inspected by whom, its items as fields, and back to entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from xiangyue.agreements.in_force import schemes_on, schemes_over
from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import Scope, below
from xiangyue.checks import permits
from xiangyue.places.models import Level, Place
from xiangyue.rules.settings import CheckKind, Item, Scheme, Standard
from xiangyue.rules.sheet import Entry, maximum_of

ENTERERS = STAFF | {Role.SUPERVISOR}


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of check that the actor may enter, and the subjects it is made on."""

    kind: CheckKind
    scheme: Scheme
    subjects: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class StepField:
    """A step of an item: how many places."""

    name: str
    words: str
    unit: str
    each: int
    """Hundredths a place; 0: the whole item."""
    value: str


@dataclass(frozen=True, slots=True)
class ItemField:
    """An item of the sheet with its fields and what was typed."""

    item: Item
    number: int
    maximum: int
    steps: tuple[StepField, ...]
    options: tuple[tuple[str, str, int, bool], ...]
    """(value, words, hundredths that remain, chosen), for grade, pass and zero items; the first is the clean one."""
    not_applicable: bool
    amount: str = ""


def choices(scope: Scope, today: date, *, self_checks: bool = False) -> list[Choice]:
    """What the actor may enter today: kinds not made by bearers, on places below the actor's own (or at it: a team).

    `self_checks`: besides, those that an office types in for the bearers of its villages and public places.
    """
    turns = [Choice(kind, scheme, tuple(places)) for scheme, kind, places in permits.offers(scope, today)]
    paths = [(grant.path, grant.role == Role.SUPERVISOR) for grant in scope.grants if grant.role in ENTERERS]
    if not paths:
        return turns
    rows = Place.objects.live(today).filter(
        below("path", tuple(path for path, _team in paths)),
        level__in=(Level.TOWNSHIP, Level.VILLAGE, Level.HAMLET, Level.PUBLIC_PLACE),
    )
    offices = tuple(path for path, team in paths if not team)
    all_places = list(rows.select_related("township", "village").order_by("path"))
    places = [
        place
        for place in all_places
        if any(place.path.startswith(path) and (team or place.path != path) for path, team in paths)
    ]
    grounds = {ground for place in places for ground in (place.ground_id, place.township_id)}
    if self_checks:
        grounds |= {ground for place in all_places for ground in (place.ground_id, place.township_id)}
    found: list[Choice] = []
    for version, scheme in schemes_on(tuple(grounds), today):
        for kind in scheme.check_kinds:
            if kind.self_check and not self_checks:
                continue
            own = [place for place in all_places if place.path.startswith(offices)] if kind.self_check else places
            mine = tuple(
                place
                for place in own
                if place.level == kind.subject and version.ground_id in (place.ground_id, place.township_id)
            )
            if mine and not permits.guards(scheme, kind, version.ground_id, today):
                found.append(Choice(kind, scheme, mine))
    return found + turns


def door_kinds(scope: Scope, today: date) -> list[CheckKind]:
    """The kinds made at households that the actor may enter: their places are too many to list, one is asked for."""
    rows = Place.objects.live(today).of(Level.VILLAGE).filter(below("path", scope.paths(ENTERERS)))
    grounds = {pk for pair in rows.values_list("ground_id", "township_id").distinct() for pk in pair if pk}
    return [
        kind
        for version, scheme in schemes_on(tuple(grounds), today)
        for kind in scheme.check_kinds
        if kind.subject == "household" and not kind.self_check
        and not permits.guards(scheme, kind, version.ground_id, today)
    ]  # fmt: skip


def kind_on(place: Place, check: str, day: date) -> tuple[Scheme, CheckKind, Standard] | None:
    """The kind of check of that code for a place on a day, with its standard."""
    for _version, scheme in reversed(schemes_over(place, day)):
        for kind in scheme.check_kinds:
            if kind.code == check and kind.subject == place.level:
                return scheme, kind, scheme.standard(kind.standard)
    return None


def areas_of(standard: Standard, form: Mapping[str, str]) -> list[tuple[str, list[ItemField]]]:
    """The fields of a standard by area, items numbered through, filled with what was typed."""
    found: list[tuple[str, list[ItemField]]] = []
    number = 0
    for area in standard.areas:
        fields = []
        for item in area.items:
            number += 1
            fields.append(_field(item, number, form))
        found.append((area.name, fields))
    return found


def entries_of(standard: Standard, form: Mapping[str, str]) -> tuple[Entry, ...]:
    """The entries of what was typed; a count that is no number is handed on as 0, for the rules to refuse."""
    found: list[Entry] = []
    for item in standard.items:
        if form.get(f"na.{item.code}"):
            found.append(Entry(item.code, applicable=False))
            continue
        if item.kind == "deduct" or (item.kind == "bonus" and item.steps):
            for step in item.steps:
                typed = form.get(f"n.{item.code}.{step.code}", "").strip()
                if typed not in ("", "0"):
                    found.append(Entry(item.code, step.code, int(typed) if typed.isdecimal() else 0))
        elif item.kind == "bonus":
            typed = form.get(f"b.{item.code}", "").strip()
            if typed not in ("", "0"):
                found.append(Entry(item.code, amount=_hundredths(typed)))
        elif (value := form.get(f"v.{item.code}", "")) not in ("", _clean(item)):
            found.append(Entry(item.code, grade=value) if item.kind == "grade" else Entry(item.code, failed=True))
    return tuple(found)


def persons_near(path: str) -> Q:
    """Who may have inspected a place: persons of the places above it, and at it."""
    parts = path.rstrip("/").split("/")
    paths = ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
    return Q(place__path__in=paths, to_on=None)


def _field(item: Item, number: int, form: Mapping[str, str]) -> ItemField:
    steps: tuple[StepField, ...] = ()
    options: tuple[tuple[str, str, int, bool], ...] = ()
    if item.steps:
        steps = tuple(
            StepField(
                f"n.{item.code}.{step.code}",
                step.name,
                step.unit,
                0 if step.all else step.amount,
                form.get(f"n.{item.code}.{step.code}", ""),
            )
            for step in item.steps
        )
    elif item.kind in ("grade", "pass", "zero"):
        chosen = form.get(f"v.{item.code}", "") or _clean(item)
        options = tuple((*option, option[0] == chosen) for option in _options(item))
    gone = bool(form.get(f"na.{item.code}"))
    amount = form.get(f"b.{item.code}", "")
    return ItemField(item, number, maximum_of(item), steps, options, gone, amount)


def _options(item: Item) -> list[tuple[str, str, int]]:
    if item.kind == "grade":
        ordered = sorted(item.grades, key=lambda grade: -grade.points)
        return [(grade.code, grade.name, grade.points) for grade in ordered]
    return [("ok", "合格", maximum_of(item)), ("failed", item.fault or "不合格", 0)]


def _clean(item: Item) -> str:
    return _options(item)[0][0]


def _hundredths(typed: str) -> int:
    whole, _dot, part = typed.partition(".")
    if not (whole + part).isdecimal() or len(part) > 2:
        return 0
    return int(whole or 0) * 100 + int((part + "00")[:2])
