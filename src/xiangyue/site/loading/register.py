"""The register of a load: places, households and their states, organisations, persons with posts, users and roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.utils import timezone
from django.utils.crypto import get_random_string

from xiangyue.base.bulk import insert_rows, next_ids, stored
from xiangyue.people.models import Organisation, Person, Post, RoleGrant, User
from xiangyue.people.phones import is_mobile
from xiangyue.places.models import HOUSEHOLD_DAYS, Household, HouseholdState, Level, Place, PlaceSpan
from xiangyue.site.loading.cells import words_of
from xiangyue.site.loading.faults import Faults
from xiangyue.site.loading.tables import POSTS, ROLES

Rows = Iterable[tuple[int, dict[str, Any]]]
ABOVE = {
    Level.TOWNSHIP: (Level.COUNTY,),
    Level.VILLAGE: (Level.TOWNSHIP,),
    Level.HAMLET: (Level.VILLAGE,),
    Level.HOUSEHOLD: (Level.HAMLET, Level.VILLAGE),
    Level.PUBLIC_PLACE: (Level.HAMLET, Level.VILLAGE, Level.TOWNSHIP),
}
CODE_LENGTH = {Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


@dataclass(slots=True)
class Spot:
    """A place as the load knows it."""

    id: int
    code: str
    level: str
    path: str
    ground: int
    township: int | None
    village: int | None
    place_class: str = ""


@dataclass
class Known:
    """What is on file or has come in so far, by code."""

    spots: dict[str, Spot] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)

    @classmethod
    def on_file(cls) -> Known:
        """Everything that is in the database already."""
        known = cls()
        names = ("id", "code", "level", "path", "ground_id", "township_id", "village_id", "place_class")
        for key, code, level, path, ground, *rest in Place.objects.values_list(*names):
            known.spots[code] = Spot(key, code, level, path, ground or key, *rest)
        known.people = dict(Person.objects.values_list("code", "id"))
        known.organisations = dict(Organisation.objects.values_list("code", "id"))
        return known


PLACE_FIELDS = (
    "id", "code", "name", "level", "place_class", "parent", "path", "ground", "township", "village", "order",
    "from_on", "to_on",
)  # fmt: skip
SPAN_FIELDS = ("place", "name", "place_class", "parent", "path", "from_on", "to_on")


def load_places(rows: Rows, known: Known, begin: date, faults: Faults) -> int:
    """Store the places that are new, parents before children whatever their order in the table; gives how many."""
    waiting: dict[str, tuple[int, dict[str, Any]]] = {}
    for line, row in rows:
        if row["code"] in waiting:
            first = waiting[row["code"]][0]
            faults.add("places", line, "code", f"编码 {row['code']} 与第 {first} 行重复。", "请删去一行，或改正编码。")
        elif row["code"] not in known.spots:
            waiting[row["code"]] = (line, row)
    ordered: list[tuple[int, dict[str, Any]]] = []
    while waiting:
        ready = [code for code, (_, row) in waiting.items() if row["parent"] not in waiting]
        if not ready:
            for line, _ in waiting.values():
                faults.add("places", line, "parent", "上级编码绕成了圈。", "请改正上级编码。")
            break
        ordered += [waiting.pop(code) for code in ready]
    return _store_places(ordered, known, begin, faults)


def _store_places(ordered: list[tuple[int, dict[str, Any]]], known: Known, begin: date, faults: Faults) -> int:
    ids = next_ids(Place, len(ordered)) if ordered else ()
    places, spans = [], []
    for key, (line, row) in zip(ids, ordered, strict=True):
        parent = known.spots.get(row["parent"]) if row["parent"] else None
        if not _placed(line, row, parent, faults):
            continue
        spot = new_spot(key, row["code"], row["level"], parent)
        spot.place_class = row["class"]
        known.spots[spot.code] = spot
        above = parent.id if parent else None
        dates = (stored(row["from"] or begin), stored(row["to"]))
        places.append(
            (key, spot.code, row["name"], spot.level, row["class"], above, spot.path, spot.ground, spot.township,
             spot.village, row["order"] or 0, *dates)
        )  # fmt: skip
        spans.append((key, row["name"], row["class"], above, spot.path, *dates))
    insert_rows(Place, PLACE_FIELDS, places)
    insert_rows(PlaceSpan, SPAN_FIELDS, spans)
    return len(places)


def new_spot(key: int, code: str, level: str, parent: Spot | None) -> Spot:
    """A place under its parent."""
    return Spot(
        id=key,
        code=code,
        level=level,
        path=(parent.path if parent else "") + code + "/",
        ground=parent.ground if parent else key,
        township=key if level == Level.TOWNSHIP else (parent.township if parent else None),
        village=key if level == Level.VILLAGE else (parent.village if parent else None),
    )


def _placed(line: int, row: dict[str, Any], parent: Spot | None, faults: Faults) -> bool:
    level = Level(row["level"])
    if level == Level.HOUSEHOLD:
        faults.add("places", line, "level", "农户不在区划表里。", "请把农户写进 households 表。")
        return False
    wanted = CODE_LENGTH.get(level)
    if wanted and not (row["code"].isdigit() and len(row["code"]) == wanted):
        faults.add(
            "places",
            line,
            "code",
            f"“{row['code']}”不是 {wanted} 位数字。",
            f"{level.label}编码用 {wanted} 位统计代码。",
        )
        return False
    if level == Level.COUNTY:
        if row["parent"]:
            faults.add("places", line, "parent", "县没有上级。", "请留空。")
            return False
        return True
    if parent is None:
        faults.add("places", line, "parent", f"上级“{row['parent']}”不存在。", "请先在本表加上它，或改正编码。")
        return False
    if parent.level not in ABOVE[level]:
        names = "、".join(str(Level(found).label) for found in ABOVE[level])
        faults.add("places", line, "parent", f"{level.label}的上级应是{names}。", "请改正上级编码或层级。")
        return False
    return True


def _term(last: date | None) -> Any:
    """The last day of what is known of a household that is no more."""
    return stored(last + timedelta(days=HOUSEHOLD_DAYS)) if last else None


def load_households(rows: Rows, known: Known, begin: date, faults: Faults) -> int:
    """Store the households that are new, each with its personal data apart and its first state; gives how many."""
    wanted: dict[str, tuple[int, dict[str, Any], Spot]] = {}
    for line, row in rows:
        parent = known.spots.get(row["place"])
        if row["code"] in wanted:
            faults.add(
                "households",
                line,
                "code",
                f"编码 {row['code']} 与第 {wanted[row['code']][0]} 行重复。",
                "请删去一行，或改正编码。",
            )
        elif parent is None or parent.level not in ABOVE[Level.HOUSEHOLD]:
            faults.add(
                "households",
                line,
                "place",
                f"“{row['place']}”不是已有的村或屯组。",
                "请先在 places 表加上它，或改正编码。",
            )
        elif row["code"] not in known.spots:
            wanted[row["code"]] = (line, row, parent)
    places, spans, people, states = [], [], [], []
    ids = next_ids(Place, len(wanted)) if wanted else ()
    for key, (code, (_, row, parent)) in zip(ids, wanted.items(), strict=True):
        spot = known.spots[code] = new_spot(key, code, Level.HOUSEHOLD, parent)
        dates = (stored(row["from"] or begin), stored(row["to"]))
        places.append(
            (key, code, row["door"], Level.HOUSEHOLD, "", parent.id, spot.path, spot.ground, spot.township,
             spot.village, row["order"] or 0, *dates)
        )  # fmt: skip
        spans.append((key, row["door"], "", parent.id, spot.path, *dates))
        people.append((key, row["head_name"], row["phone"], row["members"], "", _term(row["to"])))
        states.append((key, row["state"] or HouseholdState.State.LIVING, *dates))
    insert_rows(Place, PLACE_FIELDS, places)
    insert_rows(PlaceSpan, SPAN_FIELDS, spans)
    insert_rows(Household, ("place", "head_name", "phone", "n_members", "note", "erase_on"), people)
    insert_rows(HouseholdState, ("place", "state", "from_on", "to_on"), states)
    return len(places)


def load_organisations(rows: Rows, known: Known, begin: date, faults: Faults) -> int:
    """Store the organisations that are new; gives how many."""
    fresh: dict[str, Organisation] = {}
    for line, row in rows:
        spot = known.spots.get(row["place"])
        if spot is None:
            faults.add("organisations", line, "place", f"区划“{row['place']}”不存在。", "请改正编码。")
        elif row["code"] in fresh:
            faults.add("organisations", line, "code", f"编码 {row['code']} 重复。", "请删去一行，或改正编码。")
        elif row["code"] not in known.organisations:
            fresh[row["code"]] = Organisation(
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                place_id=spot.id,
                from_on=row["from"] or begin,
                to_on=row["to"],
            )
    for made in Organisation.objects.bulk_create(fresh.values(), batch_size=500):
        known.organisations[made.code] = made.pk
    return len(fresh)


def load_persons(rows: Rows, known: Known, begin: date, faults: Faults) -> int:
    """Store the persons that are new, their posts, and users for those with roles; gives how many."""
    fresh: dict[str, Person] = {}
    phones: dict[str, str] = dict(User.objects.values_list("phone", "person__code"))
    holders: list[tuple[Person, list[tuple[str, Spot]], list[tuple[str, Spot]], date]] = []
    for line, row in rows:
        spot = known.spots.get(row["place"])
        if row["code"] in known.people:
            continue
        if row["code"] in fresh:
            faults.add("persons", line, "code", f"编码 {row['code']} 重复。", "请删去一行，或改正编码。")
            continue
        posts = _at_places(line, "posts", row["posts"], POSTS, known, faults)
        roles = _at_places(line, "roles", row["roles"], ROLES, known, faults)
        if not _person_placed(line, row, spot, roles, known, faults) or spot is None:
            continue
        if roles and phones.setdefault(row["phone"], row["code"]) != row["code"]:
            other = phones[row["phone"]]
            faults.add("persons", line, "phone", f"手机号已由“{other}”登录使用。", "一人一个手机号，请改正。")
            continue
        person = fresh[row["code"]] = Person(
            code=row["code"],
            name=row["name"],
            phone=row["phone"],
            place_id=spot.id,
            organisation_id=known.organisations.get(row["organisation"]),
            home_id=known.spots[row["home"]].id if row["home"] else None,
            party_member=row["party_member"],
            from_on=row["from"] or begin,
            to_on=row["to"],
        )
        holders.append((person, posts, roles, row["from"] or begin))
    for person in Person.objects.bulk_create(fresh.values(), batch_size=500):
        known.people[person.code] = person.pk
    Post.objects.bulk_create(
        (
            Post(person=person, kind=kind, place_id=spot.id, from_on=day)
            for person, posts, _, day in holders
            for kind, spot in posts
        ),
        batch_size=500,
    )
    _load_users(holders)
    return len(fresh)


def _person_placed(
    line: int, row: dict[str, Any], spot: Spot | None, roles: list[Any], known: Known, faults: Faults
) -> bool:
    good = True
    if spot is None:
        faults.add("persons", line, "place", f"区划“{row['place']}”不存在。", "请改正编码。")
        good = False
    if row["organisation"] and row["organisation"] not in known.organisations:
        faults.add(
            "persons", line, "organisation", f"单位“{row['organisation']}”不存在。", "请先在 organisations 表加上它。"
        )
        good = False
    if row["home"] and row["home"] not in known.spots:
        faults.add("persons", line, "home", f"农户“{row['home']}”不存在。", "请改正编码，或留空。")
        good = False
    if roles and not row["phone"]:
        faults.add("persons", line, "phone", "有角色的人要用手机号登录。", "请填写手机号。")
        good = False
    elif roles and not is_mobile(row["phone"]):
        faults.add("persons", line, "phone", f"“{row['phone']}”不是 11 位手机号。", "请改正，或去掉角色。")
        good = False
    return good


def _at_places(
    line: int, column: str, text: str, choices: dict[str, str], known: Known, faults: Faults
) -> list[tuple[str, Spot]]:
    found = []
    by_word = words_of(choices)
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        word, _, code = (piece.strip() for piece in part.partition("@"))
        kind, spot = by_word.get(word), known.spots.get(code)
        if kind is None:
            listed = "、".join(f"{value}（{label}）" for value, label in choices.items())
            faults.add("persons", line, column, f"“{part}”不明白。", f"请写成 种类@区划编码，种类可用：{listed}。")
        elif spot is None:
            faults.add("persons", line, column, f"“{part}”里的区划“{code}”不存在。", "请改正编码。")
        else:
            found.append((kind, spot))
    return found


def _load_users(holders: list[tuple[Person, list[Any], list[tuple[str, Spot]], date]]) -> None:
    """Users without a password: the office hands each a one-time code."""
    taken = set(User.objects.values_list("phone", flat=True))
    now = timezone.now()
    wanted = [row for row in holders if row[2] and row[0].phone not in taken]
    users = User.objects.bulk_create(
        (
            User(
                phone=person.phone,
                person_id=person.pk,
                password=UNUSABLE_PASSWORD_PREFIX + get_random_string(40),
                created_at=now,
            )
            for person, _, _, _ in wanted
        ),
        batch_size=500,
    )
    RoleGrant.objects.bulk_create(
        (
            RoleGrant(user=user, role=role, place_id=spot.id, from_on=day)
            for user, (_, _, roles, day) in zip(users, wanted, strict=True)
            for role, spot in roles
        ),
        batch_size=500,
    )
