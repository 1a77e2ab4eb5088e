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
from xiangyue.base.roundtrip import Question, Rows, among, ask
from xiangyue.base.scope import Grant, Scope
from xiangyue.checks.models import Kind
from xiangyue.rules.settings import CheckKind, Scheme, Standard

NO_KIND = problem_kind(
    "check_kind",
    _("{day}没有生效的方案规定“{check}”这种检查。"),
    _("请核对日期和检查种类；方案由县级办公室在“方案”页发布。"),
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

    def kinds_for(self, place: PlaceFact, day: date) -> list[CheckKind]:
        """All kinds of check that the schemes in force name for a place on a day."""
        found: dict[str, CheckKind] = {}
        for ground_id in (place.township_id, place.ground_id):
            seen: set[str] = set()
            for version_id, held_by, code, from_on, _version, digest in self.versions:
                if held_by == ground_id and code not in seen and from_on <= day:
                    seen.add(code)
                    for kind in known_scheme(version_id, digest).check_kinds:
                        found.setdefault(kind.code, kind)
        return list(found.values())

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
        raise Problem(NO_KIND, day=day, check=check)

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


PLACE_COLUMNS = "l.id, l.code, l.name, l.level, l.path, l.ground_id, l.township_id, l.village_id, l.from_on, l.to_on"
DUTY_COLUMNS = (
    "d.scheme, d.layer, d.person_id, d.organisation_id, d.stand_in_id, d.stand_in_from, d.stand_in_to, d.from_on,"
    " d.to_on"
)
PERSON_COLUMNS = "p.id, p.code, p.organisation_id, p.home_id, w.path"


def load_for(today: date, users: Collection[int], codes: Collection[str], inspectors: Collection[str]) -> World:
    """The world of one batch, in one trip: these users, the subjects of these codes, the inspectors named."""
    return world_of(today, ask(*questions_for(today, users, codes, inspectors)))


def questions_for(
    today: date, users: Collection[int], codes: Collection[str], inspectors: Collection[str]
) -> tuple[Question, ...]:
    """What is asked for that world; `world_of` reads the answers, which stand first among any others."""
    those, subjects = among("l.code", codes)
    named, persons = among("p.code", inspectors)
    here, counties = among("SUBSTR(g.path, 1, 7)", sorted({code[:6] + "/" for code in codes}))
    # grounds lie high in the tree: told so, the database begins with the few of them
    ground = f"g.level IN ('county', 'township') AND {here}"
    return (
        _actors(today, users),
        (
            f"SELECT {PLACE_COLUMNS}, {DUTY_COLUMNS} FROM places_place l"
            f" LEFT JOIN duties_duty d ON d.target_id = l.id WHERE {those}",
            subjects,
        ),
        (
            f"SELECT {PERSON_COLUMNS} FROM people_person p JOIN places_place w ON w.id = p.place_id WHERE {named}",
            persons,
        ),
        (
            "SELECT v.id, v.ground_id, v.code, v.from_on, v.version, v.digest FROM agreements_schemeversion v"
            f" JOIN places_place g ON g.id = v.ground_id WHERE {ground}"
            " AND v.state = 'published' ORDER BY v.from_on DESC, v.version DESC",
            counties,
        ),
        (
            "SELECT k.id, k.ground_id, k.scheme, k.code FROM checks_kind k JOIN places_place g ON g.id = k.ground_id"
            f" WHERE {ground}",
            counties,
        ),
    )


def world_of(today: date, answers: Sequence[Rows]) -> World:
    """The world that the answers to `questions_for` tell of."""
    actors, places, people, versions, kinds, *_others = answers
    world = World(today)
    _take_actors(world, actors)
    for row in places:
        place = world.places.get(row[1]) or world.places.setdefault(row[1], PlaceFact(*row[:10]))
        if row[10] is not None:
            world.duties.setdefault(place.id, []).append(DutyFact(*row[10:]))
    for row in people:
        _take_person(world, PersonFact(*row))
    world.versions = versions
    world.kinds = {(ground_id, scheme, code): kind_id for kind_id, ground_id, scheme, code in kinds}
    return world


def load_actors(today: date, users: Collection[int]) -> World:
    """The world of those who only take back: the users with the grants that are live today."""
    world = World(today)
    _take_actors(world, ask(_actors(today, users))[0])
    return world


def _actors(today: date, users: Collection[int]) -> Question:
    day = stored(today)
    these, keys = among("u.id", users)
    return (
        f"SELECT u.id, u.is_active, u.password, u.person_id, g.role, l.path, {PERSON_COLUMNS} FROM people_user u"
        " LEFT JOIN people_rolegrant g ON g.user_id = u.id AND g.from_on <= %s AND (g.to_on IS NULL OR g.to_on >= %s)"
        " LEFT JOIN places_place l ON l.id = g.place_id"
        " LEFT JOIN people_person p ON p.id = u.person_id LEFT JOIN places_place w ON w.id = p.place_id"
        f" WHERE {these}",
        [day, day, *keys],
    )


def _take_actors(world: World, rows: Rows) -> None:
    grants: dict[int, list[Grant]] = {}
    for row in rows:
        held = grants.setdefault(row[0], [])
        if row[4]:
            held.append(Grant(row[4], row[5]))
    for row in rows:
        user_id, active, password, person_id = row[:4]
        if user_id not in world.actors:
            scope = Scope(user_id, person_id, tuple(grants[user_id]))
            world.actors[user_id] = ActorFact(bool(active), password, person_id, scope)
            if person_id is not None:
                _take_person(world, PersonFact(*row[6:]))


def _take_person(world: World, person: PersonFact) -> None:
    world.people[person.code] = world.people_by_id[person.id] = person


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
