"""The facts that checks are judged by: places, duties, persons, actors and schemes, read by set in few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.bulk import stored
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.scope import Grant, Scope
from xiangyue.checks.models import Kind
from xiangyue.rules.settings import CheckKind, Scheme, Standard

NO_KIND = problem_kind(
    "check_kind",
    _("{day}没有生效的方案规定“{check}”这种检查。"),
    _("请核对日期和检查种类;方案由县级办公室在“方案”页发布。"),
)
CHUNK = 20_000


class PlaceFact(NamedTuple):
    """A place as checks need it."""

    id: int
    code: str
    name: str
    level: str
    path: str
    ground_id: int
    township_id: int | None
    village_id: int | None
    from_on: date
    to_on: date | None

    @property
    def home_id(self) -> int:
        """The village that day counts go to; the place itself where it lies in no village."""
        return self.village_id or self.id


class DutyFact(NamedTuple):
    """One bearer's duty for a target."""

    scheme: str
    layer: str
    person_id: int | None
    organisation_id: int | None
    stand_in_id: int | None
    stand_in_from: date | None
    stand_in_to: date | None
    from_on: date
    to_on: date | None


class PersonFact(NamedTuple):
    """Someone who inspects."""

    id: int
    code: str
    organisation_id: int | None
    home_id: int | None
    path: str


@dataclass(frozen=True, slots=True)
class ActorFact:
    """A user who sends: whether the account is in use, its password's hash (keys are bound to it), its scope."""

    active: bool
    password: str
    person_id: int | None
    scope: Scope


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind of check means on a day: the scheme version, its standard, and the small number of the kind."""

    ground_id: int
    version_id: int
    kind_id: int
    scheme: Scheme
    kind: CheckKind
    standard: Standard


@dataclass(slots=True)
class World:
    """Everything loaded for one batch (or a whole ground)."""

    today: date
    places: dict[str, PlaceFact] = field(default_factory=dict)
    duties: dict[int, list[DutyFact]] = field(default_factory=dict)
    people: dict[str, PersonFact] = field(default_factory=dict)
    people_by_id: dict[int, PersonFact] = field(default_factory=dict)
    actors: dict[int, ActorFact] = field(default_factory=dict)
    versions: list[tuple[Any, ...]] = field(default_factory=list)
    """(id, ground, code, from, version, digest) of all published schemes of the grounds, newest first."""
    kinds: dict[tuple[int, str, str], int] = field(default_factory=dict)
    _rules: dict[tuple[Any, ...], Rule] = field(default_factory=dict)

    def rule(self, place: PlaceFact, scheme: str, check: str, day: date) -> Rule:
        """What `check` means for a place on a day; a township's scheme comes before its county's."""
        key = (place.ground_id, place.township_id, scheme, check, day)
        found = self._rules.get(key)
        if found is None:
            found = self._rules[key] = self._find_rule(place, scheme, check, day)
        return found

    def _find_rule(self, place: PlaceFact, scheme: str, check: str, day: date) -> Rule:
        for ground_id in (place.township_id, place.ground_id):
            seen: set[str] = set()
            for version_id, held_by, code, from_on, _version, digest in self.versions:
                if held_by != ground_id or code in seen or from_on > day or (scheme and code != scheme):
                    continue
                seen.add(code)
                settings = known_scheme(version_id, digest)
                kind = next((kind for kind in settings.check_kinds if kind.code == check), None)
                if kind is not None:
                    kind_id = self._kind_id(held_by, settings, kind)
                    standard = settings.standard(kind.standard)
                    return Rule(held_by, version_id, kind_id, settings, kind, standard)
        raise Problem(NO_KIND, day=day.isoformat(), check=check)

    def _kind_id(self, ground_id: int, scheme: Scheme, kind: CheckKind) -> int:
        key = (ground_id, scheme.code, kind.code)
        if key not in self.kinds:
            row, _made = Kind.objects.get_or_create(
                ground_id=ground_id,
                scheme=scheme.code,
                code=kind.code,
                defaults={"name": kind.name, "level": kind.subject},
            )
            self.kinds[key] = row.pk
        return self.kinds[key]


_schemes: dict[tuple[int, str], Scheme] = {}


def known_scheme(version_id: int, digest: str) -> Scheme:
    """The parsed scheme of a published version, which never changes; read once a process."""
    found = _schemes.get((version_id, digest))
    if found is None:
        if len(_schemes) > 64:
            _schemes.clear()
        found = _schemes[version_id, digest] = scheme_of(SchemeVersion.objects.get(pk=version_id))
    return found


def load_for(today: date, users: Collection[int], codes: Collection[str], inspectors: Collection[str]) -> World:
    """The world of one batch: these users, the subjects of these codes, and the inspectors named."""
    world = World(today)
    load_actors(world, users)
    load_people(world, "p.id", {actor.person_id for actor in world.actors.values() if actor.person_id})
    load_people(world, "p.code", inspectors)
    load_places(world, codes)
    load_duties(world, [place.id for place in world.places.values()])
    grounds = {ground for place in world.places.values() for ground in (place.ground_id, place.township_id) if ground}
    load_schemes(world, grounds)
    return world


def load_actors(world: World, users: Collection[int]) -> None:
    """The users with the grants that are live today."""
    day = stored(world.today)
    rows = rows_in(
        "SELECT u.id, u.is_active, u.password, u.person_id, g.role, l.path FROM people_user u"
        " LEFT JOIN people_rolegrant g ON g.user_id = u.id AND g.from_on <= %s AND (g.to_on IS NULL OR g.to_on >= %s)"
        " LEFT JOIN places_place l ON l.id = g.place_id WHERE u.id IN ({})",
        users,
        (day, day),
    )
    grants: dict[int, list[Grant]] = {}
    for row in rows:
        held = grants.setdefault(row[0], [])
        if row[4]:
            held.append(Grant(row[4], row[5]))
    for user_id, active, password, person_id, _role, _path in rows:
        scope = Scope(user_id, person_id, tuple(grants[user_id]))
        world.actors[user_id] = ActorFact(bool(active), password, person_id, scope)


def load_people(world: World, column: str, keys: Collection[Any]) -> None:
    """Persons by id or code."""
    for row in rows_in(
        "SELECT p.id, p.code, p.organisation_id, p.home_id, l.path FROM people_person p"
        f" JOIN places_place l ON l.id = p.place_id WHERE {column} IN ({{}})",
        keys,
    ):
        person = PersonFact(*row)
        world.people[person.code] = world.people_by_id[person.id] = person


PLACE_COLUMNS = "id, code, name, level, path, ground_id, township_id, village_id, from_on, to_on"


def load_places(world: World, codes: Collection[str]) -> None:
    """Places by code."""
    for row in rows_in(f"SELECT {PLACE_COLUMNS} FROM places_place WHERE code IN ({{}})", codes):
        world.places[row[1]] = PlaceFact(*row)


DUTY_COLUMNS = (
    "target_id, scheme, layer, person_id, organisation_id, stand_in_id, stand_in_from, stand_in_to, from_on, to_on"
)


def load_duties(world: World, targets: Collection[int]) -> None:
    """All duties for these targets, whenever they ran."""
    for row in rows_in(f"SELECT {DUTY_COLUMNS} FROM duties_duty WHERE target_id IN ({{}})", targets):
        world.duties.setdefault(row[0], []).append(DutyFact(*row[1:]))


def load_schemes(world: World, grounds: Collection[int]) -> None:
    """The published scheme versions and the kinds of check of these grounds."""
    world.versions = rows_in(
        "SELECT id, ground_id, code, from_on, version, digest FROM agreements_schemeversion"
        " WHERE state = 'published' AND ground_id IN ({}) ORDER BY from_on DESC, version DESC",
        grounds,
    )
    for kind_id, ground_id, scheme, code in rows_in(
        "SELECT id, ground_id, scheme, code FROM checks_kind WHERE ground_id IN ({})", grounds
    ):
        world.kinds[ground_id, scheme, code] = kind_id


def rows_in(statement: str, keys: Collection[Any], before: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement whose `{}` stands for the marks of `keys`; nothing without keys."""
    found: list[tuple[Any, ...]] = []
    listed = list(keys)
    with connection.cursor() as cursor:
        for part in _parts(listed):
            cursor.execute(statement.format(", ".join(["%s"] * len(part))), [*before, *part])
            found += cursor.fetchall()
    return found


def _parts(keys: list[Any]) -> Iterable[list[Any]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
