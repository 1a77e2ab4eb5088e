"""The named cast: one small county that every test plays in, and the same persons every time.

示例县 (990100) has 东河镇 (two villages and a community) and 南街街道 (one village); 西岭县 (990200) is other ground.
柳树村 (990100100201) has two hamlets and eight households; names are made up and look it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.roles import Role
from xiangyue.checks.models import Kind
from xiangyue.duties.models import Duty
from xiangyue.field.models import Recorder
from xiangyue.people.models import Organisation, Person, Post, RoleGrant, User
from xiangyue.places.models import Household, HouseholdState, Level, Place, PlaceClass, PlaceSpan
from xiangyue.schemes import load, pack_text

BEGIN = date(2026, 1, 1)
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
"""10:00 on a Saturday, county time."""
COUNTY = "990100"
TOWN = "990100100"
STREET = "990100001"
WILLOW = "990100100201"
PEACH = "990100100202"
COMMUNITY = "990100100001"
STREET_VILLAGE = "990100001201"
OTHER_COUNTY = "990200"
OTHER_TOWN = "990200100"
OTHER_VILLAGE = "990200100201"
PASSWORD = "xiang-yue-2026"


@dataclass
class Cast:
    """Everyone and everything by name."""

    places: dict[str, Place] = field(default_factory=dict)
    """By code."""
    people: dict[str, Person] = field(default_factory=dict)
    """By code: P01 the county leader … P06 and P07 members, P08 a committee member."""
    users: dict[str, User] = field(default_factory=dict)
    """By role on 示例县's ground (the village office is 柳树村's, the bearer is member P06), and the same names with
    `other_` before them on 西岭县's."""
    organisations: dict[str, Organisation] = field(default_factory=dict)
    scheme: SchemeVersion | None = None

    def household(self, number: int, village: str = WILLOW) -> Place:
        """Household `number` (1 …) of a village."""
        return self.places[f"{village}-H{number:05d}"]


def make_cast() -> Cast:
    """Put the cast on the stage (about 60 rows)."""
    cast = Cast()
    _places(cast)
    _people(cast)
    _users(cast)
    _scheme(cast)
    _duties(cast)
    # the recorder is on in 示例县, off in 西岭县
    Recorder.objects.create(county=cast.places[COUNTY], filing_number="示例-未备案", set_at=NOW)
    return cast


def place(
    cast: Cast, code: str, name: str, level: str, parent: str | None, place_class: str = "", order: int = 0
) -> Place:
    """One place with its first span."""
    above = cast.places[parent] if parent else None
    row = Place(
        code=code,
        name=name,
        level=level,
        place_class=place_class,
        parent=above,
        order=order,
        from_on=BEGIN,
        path=(above.path if above else "") + code + "/",
    )
    row.ground = above.ground if above else None
    row.township = above.township if above else None
    row.village = above.village if above else None
    row.save()
    if level == Level.COUNTY:
        row.ground = row
    if level == Level.TOWNSHIP:
        row.township = row
    if level == Level.VILLAGE:
        row.village = row
    row.save()
    PlaceSpan.objects.create(place=row, name=name, place_class=place_class, parent=above, path=row.path, from_on=BEGIN)
    cast.places[code] = row
    return row


def _places(cast: Cast) -> None:
    place(cast, COUNTY, "示例县", Level.COUNTY, None)
    place(cast, TOWN, "东河镇", Level.TOWNSHIP, COUNTY, PlaceClass.TOWN)
    place(cast, STREET, "南街街道", Level.TOWNSHIP, COUNTY, PlaceClass.STREET)
    place(cast, WILLOW, "柳树村", Level.VILLAGE, TOWN, PlaceClass.VILLAGE)
    place(cast, PEACH, "桃花村", Level.VILLAGE, TOWN, PlaceClass.VILLAGE)
    place(cast, COMMUNITY, "河畔社区", Level.VILLAGE, TOWN, PlaceClass.COMMUNITY)
    place(cast, STREET_VILLAGE, "桃花村", Level.VILLAGE, STREET, PlaceClass.VILLAGE)
    place(cast, OTHER_COUNTY, "西岭县", Level.COUNTY, None)
    place(cast, OTHER_TOWN, "北坡镇", Level.TOWNSHIP, OTHER_COUNTY, PlaceClass.TOWN)
    place(cast, OTHER_VILLAGE, "柳树村", Level.VILLAGE, OTHER_TOWN, PlaceClass.VILLAGE)
    place(cast, f"{WILLOW}-Z01", "一组", Level.HAMLET, WILLOW, order=1)
    place(cast, f"{WILLOW}-Z02", "二组", Level.HAMLET, WILLOW, order=2)
    place(cast, f"{WILLOW}-G001", "村文化广场", Level.PUBLIC_PLACE, WILLOW)
    for number in range(1, 9):
        hamlet = f"{WILLOW}-Z0{1 if number <= 5 else 2}"
        _household(cast, WILLOW, hamlet, number)
    for number in range(1, 7):
        _household(cast, PEACH, PEACH, number)
    for number in (1, 2):
        _household(cast, OTHER_VILLAGE, OTHER_VILLAGE, number)


def _household(cast: Cast, village: str, parent: str, number: int) -> None:
    row = place(cast, f"{village}-H{number:05d}", f"{number}号", Level.HOUSEHOLD, parent, order=number)
    Household.objects.create(place=row, head_name=f"示例户{number}", phone=f"1990000{number:04d}", n_members=3)
    HouseholdState.objects.create(place=row, state=HouseholdState.State.LIVING, from_on=BEGIN)


def person(cast: Cast, code: str, name: str, at: str, post: str, home: Place | None = None) -> Person:
    """One person with one post at a place."""
    row = Person.objects.create(
        code=code,
        name=name,
        phone=f"1980000{len(cast.people):04d}",
        place=cast.places[at],
        home=home,
        party_member=post == Post.Kind.MEMBER,
        from_on=BEGIN,
    )
    Post.objects.create(person=row, kind=post, place=cast.places[at], from_on=BEGIN)
    cast.people[code] = row
    return row


def _people(cast: Cast) -> None:
    cast.organisations["D01"] = Organisation.objects.create(
        code="D01", name="示例县农业农村局", kind=Organisation.Kind.DEPARTMENT, place=cast.places[COUNTY], from_on=BEGIN
    )
    cast.organisations["E01"] = Organisation.objects.create(
        code="E01", name="示例县青禾公司", kind=Organisation.Kind.ENTERPRISE, place=cast.places[COUNTY], from_on=BEGIN
    )
    person(cast, "P01", "甲县领导", COUNTY, Post.Kind.COUNTY_LEADER)
    person(cast, "P02", "乙县干部", COUNTY, Post.Kind.OFFICIAL)
    person(cast, "P03", "丙镇领导", TOWN, Post.Kind.TOWNSHIP_LEADER)
    person(cast, "P04", "丁镇干部", TOWN, Post.Kind.OFFICIAL)
    person(cast, "P05", "戊支书", WILLOW, Post.Kind.VILLAGE_SECRETARY)
    person(cast, "P06", "己党员", WILLOW, Post.Kind.MEMBER, cast.household(1))
    person(cast, "P07", "庚党员", WILLOW, Post.Kind.MEMBER, cast.household(6))
    person(cast, "P08", "辛委员", WILLOW, Post.Kind.COMMITTEE_MEMBER)
    person(cast, "P09", "壬督导", COUNTY, Post.Kind.OFFICIAL)
    person(cast, "P10", "癸审计", COUNTY, Post.Kind.OFFICIAL)
    person(cast, "P11", "子部门", COUNTY, Post.Kind.OFFICIAL)
    person(cast, "P12", "丑管理", COUNTY, Post.Kind.OFFICIAL)
    person(cast, "P13", "寅党员", PEACH, Post.Kind.MEMBER)
    person(cast, "P21", "外县干部", OTHER_COUNTY, Post.Kind.OFFICIAL)
    person(cast, "P22", "外镇干部", OTHER_TOWN, Post.Kind.OFFICIAL)
    person(cast, "P23", "外村支书", OTHER_VILLAGE, Post.Kind.VILLAGE_SECRETARY)
    person(cast, "P24", "外村党员", OTHER_VILLAGE, Post.Kind.MEMBER)


def user(cast: Cast, name: str, role: str, code: str, at: str) -> User:
    """One user with one grant, who logs in with the person's phone and PASSWORD."""
    who = cast.people[code]
    row = User.objects.create_user(who.phone, PASSWORD, person=who)
    RoleGrant.objects.create(user=row, role=role, place=cast.places[at], from_on=BEGIN)
    cast.users[name] = row
    return row


def _users(cast: Cast) -> None:
    user(cast, "county_office", Role.COUNTY_OFFICE, "P02", COUNTY)
    user(cast, "township_office", Role.TOWNSHIP_OFFICE, "P04", TOWN)
    user(cast, "village_office", Role.VILLAGE_OFFICE, "P05", WILLOW)
    user(cast, "bearer", Role.BEARER, "P06", WILLOW)
    user(cast, "department", Role.DEPARTMENT, "P11", COUNTY)
    user(cast, "supervisor", Role.SUPERVISOR, "P09", COUNTY)
    user(cast, "auditor", Role.AUDITOR, "P10", COUNTY)
    user(cast, "keeper", Role.KEEPER, "P12", COUNTY)
    user(cast, "other_county_office", Role.COUNTY_OFFICE, "P21", OTHER_COUNTY)
    user(cast, "other_township_office", Role.TOWNSHIP_OFFICE, "P22", OTHER_TOWN)
    user(cast, "other_village_office", Role.VILLAGE_OFFICE, "P23", OTHER_VILLAGE)
    user(cast, "other_bearer", Role.BEARER, "P24", OTHER_VILLAGE)


def _scheme(cast: Cast) -> None:
    text = pack_text("linjiang").replace("220681", COUNTY)
    scheme = load(text)
    county = cast.places[COUNTY]
    cast.scheme = SchemeVersion.objects.create(
        ground=county,
        code=scheme.code,
        version=1,
        name=scheme.name,
        text=text,
        digest=digest_of(text),
        state=SchemeVersion.State.PUBLISHED,
        from_on=BEGIN,
        created_at=NOW,
        published_at=NOW,
    )
    Kind.objects.bulk_create(
        Kind(ground=county, scheme=scheme.code, code=kind.code, name=kind.name, level=kind.subject)
        for kind in scheme.check_kinds
    )


def _duties(cast: Cast) -> None:
    county = cast.places[COUNTY]
    assert cast.scheme is not None
    scheme = load(cast.scheme.text)
    members = next(row for row in scheme.layers if "member" in row.posts)
    worst = next(row for row in scheme.layers if "committee_member" in row.posts)

    def duty(layer: str, bearer: str, target: Place, exclusion: str = "") -> None:
        Duty.objects.create(
            ground=county,
            scheme=scheme.code,
            layer=layer,
            person=cast.people[bearer],
            target=target,
            exclusion=exclusion,
            from_on=BEGIN,
            created_at=NOW,
        )

    for number in range(1, 5):
        duty(members.code, "P06", cast.household(number), members.exclusion)
    for number in (5, 6, 7):
        duty(members.code, "P07", cast.household(number), members.exclusion)
    duty(worst.code, "P08", cast.household(8), worst.exclusion)
