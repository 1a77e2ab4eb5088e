"""Which row of the cast an address names, on the role's own ground and on another's."""

from __future__ import annotations

from collections.abc import Callable

from tests.cast import COUNTY, NOW, OTHER_COUNTY, OTHER_TOWN, OTHER_VILLAGE, TODAY, TOWN, WILLOW, Cast
from tests.checks import inspection_rows as inspections
from tests.checks import odd_rows
from tests.duties import rows as duties
from tests.house.permissions import Line, patterns
from tests.papers import rows as papers
from tests.problems import rows as problems
from tests.rewards import honour_rows as honours
from tests.rewards import rows as rewards
from tests.standings import bulletins
from tests.standings import rating_rows as ratings
from tests.standings import rows as standings
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import Consent, SchemeVersion
from xiangyue.base.models import Job
from xiangyue.desk.models import Import
from xiangyue.duties.models import Duty
from xiangyue.people.models import Organisation, RoleGrant, User
from xiangyue.places.actions.restructure import carry_out
from xiangyue.places.restructuring import plan_rename

type Value = str | int
type Finder = Callable[[Cast, bool], Value]


def place_of(own: str, other: str) -> Finder:
    """The code of a place of the cast."""
    return lambda cast, is_own: cast.places[own if is_own else other].code


PARAMETERS: dict[str, Finder] = {
    "county": place_of(COUNTY, OTHER_COUNTY),
    "ground": place_of(COUNTY, OTHER_COUNTY),
    "township": place_of(TOWN, OTHER_TOWN),
    "village": place_of(WILLOW, OTHER_VILLAGE),
    "place": place_of(WILLOW, OTHER_VILLAGE),
    "code": place_of(WILLOW, OTHER_VILLAGE),
    "household": lambda cast, is_own: cast.household(1, WILLOW if is_own else OTHER_VILLAGE).code,
    "period": lambda cast, is_own: "2026-10",
    "version": lambda cast, is_own: 1,
    "scheme": lambda cast, is_own: "linjiang",
    "goal": lambda cast, is_own: "good_villages",
    "stage": lambda cast, is_own: "clean",
}
"""What a parameter of an address means wherever it stands."""


def job_of(cast: Cast, is_own: bool) -> Value:
    """A job that the county office (or the other county's) started: nobody else sees it."""
    user = cast.users["county_office" if is_own else "other_county_office"]
    return Job.objects.create(kind="import", title="导入农户", created_by=user, created_at=NOW).pk


def restructuring_of(cast: Cast, is_own: bool) -> Value:
    """A renaming of the township's village (or of one on other ground), not yet undone."""
    place = cast.places[WILLOW if is_own else OTHER_VILLAGE]
    return carry_out(None, plan_rename(place, "新名村", on=place.from_on, today=TODAY)).pk


def bearer_of(cast: Cast, is_own: bool) -> User:
    """A member who bears duty in the village, as a user; not one who asks, since asking may close the account."""
    if not is_own:
        return cast.users["other_bearer"]
    person = cast.people["P07"]
    user = User.objects.filter(person=person).first() or User.objects.create_user(person.phone, None, person=person)
    RoleGrant.objects.get_or_create(user=user, role="bearer", place=person.place, defaults={"from_on": TODAY})
    return user


def person_of(cast: Cast, is_own: bool) -> Value:
    """That member as a person."""
    return cast.people["P06" if is_own else "P24"].pk


def grant_of(cast: Cast, is_own: bool) -> Value:
    """That member's role."""
    return RoleGrant.objects.filter(user=bearer_of(cast, is_own)).latest("pk").pk


def scheme_of(cast: Cast, is_own: bool, state: str = "published") -> Value:
    """A version of the county's scheme, or of the other county's."""
    assert cast.scheme
    if is_own and state == "published":
        return cast.scheme.pk
    ground, text = cast.places[COUNTY if is_own else OTHER_COUNTY], cast.scheme.text
    rows = SchemeVersion.objects.filter(ground=ground, state=state)
    row = rows.first() or SchemeVersion.objects.create(
        ground=ground, code="linjiang", version=9, name="方案", text=text, digest=digest_of(text), state=state,
        from_on=TODAY, created_at=NOW,
    )  # fmt: skip
    return row.pk


def draft_of(cast: Cast, is_own: bool) -> Value:
    """A draft of the county's scheme, or of the other county's."""
    return scheme_of(cast, is_own, "draft")


def consent_of(cast: Cast, is_own: bool) -> Value:
    """A consent of a household of the village, or of one on other ground."""
    home = cast.household(1, WILLOW if is_own else OTHER_VILLAGE)
    values = {"purpose": "red_public", "given_on": TODAY}
    return Consent.objects.get_or_create(household=home, revoked_on=None, defaults=values)[0].pk


def organisation_of(cast: Cast, is_own: bool) -> Value:
    """The county's department, or an organisation of the other county."""
    if is_own:
        return cast.organisations["D01"].pk
    values = {"name": "西岭县某局", "kind": "department", "place": cast.places[OTHER_COUNTY], "from_on": TODAY}
    return Organisation.objects.get_or_create(code="D99", defaults=values)[0].pk


def duty_of(cast: Cast, is_own: bool) -> Value:
    """A duty for the village's first household, or for one on other ground."""
    values = {"ground": cast.places[OTHER_COUNTY], "scheme": "linjiang", "created_at": NOW, "from_on": TODAY}
    values["person"] = cast.people["P24"]
    home = cast.household(1, WILLOW if is_own else OTHER_VILLAGE)
    return Duty.objects.get_or_create(target=home, layer="members", defaults=values)[0].pk


def import_of(cast: Cast, is_own: bool) -> Value:
    """An import that the county office (or the other county's) handed in: nobody else sees it."""
    user = cast.users["county_office" if is_own else "other_county_office"]
    values = {"kind": "xlsx", "state": "refused", "uploaded_at": NOW}
    return Import.objects.get_or_create(desk="household", file_name="农户.xlsx", uploaded_by=user, defaults=values)[
        0
    ].pk


DESK_ROWS: dict[str, Finder] = {
    "place": lambda cast, is_own: cast.places[WILLOW if is_own else OTHER_VILLAGE].pk,
    "household": lambda cast, is_own: cast.household(1, WILLOW if is_own else OTHER_VILLAGE).pk,
    "duty": duty_of,
    "organisation": organisation_of,
    "person": person_of,
    "post": lambda cast, is_own: cast.people["P06" if is_own else "P24"].posts.get().pk,
    "user": lambda cast, is_own: bearer_of(cast, is_own).pk,
    "grant": grant_of,
    "consent": consent_of,
    "adjustment": lambda cast, is_own: standings.adjustment_of(cast, is_own).pk,
    "number": ratings.number_of,
    "violation": ratings.violation_of,
    "watch": ratings.watch_of,
}
"""Which row of a desk its addresses name."""


def closing_of(cast: Cast, is_own: bool) -> Value:
    """A month's results on notice on 示例县's ground, or on 西岭县's."""
    from tests.public.notices import on_notice

    return on_notice(cast, cast.places[COUNTY if is_own else OTHER_COUNTY]).pk


def check_of(cast: Cast, is_own: bool) -> Value:
    """A member's check of the first household, or one on other ground."""
    from tests.desk.data import other_check, own_check

    return int(own_check(cast) if is_own else other_check(cast))


def photo_of(cast: Cast, is_own: bool) -> Value:
    """The envelope of a capture with a photo that is whole."""
    from tests.field.photos import photo_on_file

    return photo_on_file(cast, is_own)


def held_of(cast: Cast, is_own: bool) -> Value:
    """A capture that waits for a person."""
    from xiangyue.captures.ids import new_id
    from xiangyue.captures.models import Capture

    place = cast.places[WILLOW if is_own else OTHER_VILLAGE]
    row = Capture.objects.create(
        uuid=new_id(), digest="0" * 64, kind="round", place=place, channel="phone", made_at=NOW, received_at=NOW,
        state="held", body={"check": "daily", "fine": []},
    )  # fmt: skip
    return row.pk


ADDRESSES: dict[tuple[str, str], Finder] = {
    ("checks:check", "pk"): check_of,
    **{(f"desk:{page} check", "key"): check_of for page in ("detail", "edit")},
    ("checks:decide", "pk"): held_of,
    ("field:photo", "capture"): photo_of,
    ("field:photo", "n"): lambda cast, is_own: 1,
    ("field:photo_part", "part"): lambda cast, is_own: 0,
    **{(f"field:{name}", "sha256"): lambda cast, is_own: "0" * 64 for name in ("photo_part", "photo_parts")},
    ("checks:sheet", "kind"): lambda cast, is_own: "village_open",
    ("desk:import_run", "run"): import_of,
    ("desk:import_bad", "run"): import_of,
    **{(f"desk:{page} {desk}", "key"): row for desk, row in DESK_ROWS.items() for page in ("detail", "edit")},
    **standings.ADDRESSES,
    **ratings.ADDRESSES,
    **bulletins.ADDRESSES,
    **rewards.ADDRESSES,
    **honours.ADDRESSES,
    **duties.ADDRESSES,
    **problems.ADDRESSES,
    **papers.ADDRESSES,
    **inspections.ADDRESSES,
    **{(f"agreements:{name}", "pk"): draft_of for name in ("edit", "form", "undo", "publish", "discard")},
    ("standings:drafted", "pk"): draft_of,
    **{(f"agreements:{name}", "pk"): scheme_of for name in ("read", "draft", "compare")},
    ("agreements:compare", "other"): scheme_of,
    **{
        (f"people:{name}", "pk"): lambda cast, is_own: bearer_of(cast, is_own).pk
        for name in ("user", "grant", "code", "active", "unlock", "phone")
    },
    ("people:add_user", "pk"): person_of,
    ("people:withdraw", "pk"): grant_of,
    **{(f"oddities:{name}", "pk"): odd_rows.oddity_of for name in ("oddity", "act")},
    ("job", "pk"): job_of,
    ("home_part", "part"): lambda cast, is_own: "live",
    ("public:village_then", "edition"): closing_of,
    ("public:ranking_then", "edition"): closing_of,
    ("public:notice", "edition"): closing_of,
    ("places:restructure_undo", "pk"): restructuring_of,
}
"""What a parameter means in one address; comes before PARAMETERS."""


def arguments(cast: Cast, line: Line) -> dict[str, Value]:
    """The arguments to reverse the line's address with."""
    wanted = dict(patterns())[line.name]
    found: dict[str, Value] = {"desk": line.desk} if line.desk else {}
    for name in wanted:
        if name != "desk":
            finder = ADDRESSES.get((line.address, name)) or ADDRESSES.get((line.name, name)) or PARAMETERS.get(name)
            assert finder, f"{line.address}: say in {__name__}.ADDRESSES which row `{name}` names"
            found[name] = finder(cast, line.ground != "other")
    return found
