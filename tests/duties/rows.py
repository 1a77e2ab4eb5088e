"""Which rows of the cast the addresses of duties name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace

from django.db import connection

from tests.cast import NOW, OTHER_COUNTY, OTHER_VILLAGE, PEACH, TODAY, TOWN, WILLOW, Cast
from tests.cast import place as put_place
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.captures.ids import new_id
from xiangyue.captures.intake import Actor
from xiangyue.captures.models import Capture
from xiangyue.checks.models import Kind
from xiangyue.duties.actions.visiting import record_visit, record_wish
from xiangyue.duties.dispatch_models import Dispatch, DispatchAsk
from xiangyue.duties.models import Assignment, Duty
from xiangyue.duties.team_models import Team, TeamMember, TeamSpot
from xiangyue.duties.visit_models import Visit, Wish, WishText
from xiangyue.people.models import Organisation
from xiangyue.places.models import Level

VANGUARD = """
[[layers]]
code = "vanguard"
name = "人居环境整治先锋队"
bearer = "person"
target = "public_place"
posts = ["member", "committee_member", "village_secretary", "volunteer"]
{more}cadence = {{ every = "week", per = "bearer" }}
tasks = [
  {{ code = "clear", name = "清理墙角、沟渠、滩涂" }},
  {{ code = "guide", name = "入户帮扶指导" }},
]
standing = "示例,非官方"
"""
type Finder = Callable[[Cast, bool], str | int]


def bearer_of(cast: Cast, is_own: bool) -> str:
    """Member P06, or one of the other county."""
    return "P06" if is_own else "P24"


def organisation_of(cast: Cast, is_own: bool) -> str:
    """The department that bears 柳树村, or one of the other county."""
    values = {"name": "西岭县农业农村局", "kind": "department", "place": cast.places[OTHER_COUNTY], "from_on": TODAY}
    if not is_own:
        return Organisation.objects.get_or_create(code="D98", defaults=values)[0].code
    own = {"ground": cast.places[TOWN].ground, "scheme": "linjiang", "from_on": TODAY, "created_at": NOW}
    Duty.objects.get_or_create(
        target=cast.places[WILLOW], layer="departments", organisation=cast.organisations["D01"], defaults=own
    )
    return "D01"


def duty_of(cast: Cast, is_own: bool) -> int:
    """A member's duty for a household."""
    home = cast.household(2 if is_own else 1, WILLOW if is_own else OTHER_VILLAGE)
    values = {"ground": home.ground, "scheme": "linjiang", "created_at": NOW, "from_on": TODAY}
    person = cast.people[bearer_of(cast, is_own)]
    return Duty.objects.get_or_create(target=home, layer="members", person=person, defaults=values)[0].pk


def assignment_of(cast: Cast, is_own: bool) -> int:
    """An assignment by rule over the village."""
    place = cast.places[WILLOW if is_own else OTHER_VILLAGE]
    values = {"scheme": "linjiang", "layers": "members", "from_on": TODAY, "done_at": NOW}
    return Assignment.objects.get_or_create(place=place, defaults=values)[0].pk


def visit_of(cast: Cast, is_own: bool) -> int:
    """A visit of member P06 at the first household (and one more at the second), or one of the other county."""
    found = Visit.objects.filter(target=cast.household(1, WILLOW if is_own else OTHER_VILLAGE)).first()
    if found is not None:
        return found.pk
    if not is_own:
        return _elsewhere(cast, "visit").visit.pk
    record_visit(Actor(cast.users["bearer"].pk), cast.household(2).code, now=NOW)
    record_visit(Actor(cast.users["bearer"].pk), cast.household(1).code, "members", tasks=["door"], now=NOW)
    return Visit.objects.get(target=cast.household(1)).pk


def wish_of(cast: Cast, is_own: bool) -> int:
    """A wish of the first household, told to member P06 (and one more of the second), or one of the other county."""
    found = Wish.objects.filter(household=cast.household(1, WILLOW if is_own else OTHER_VILLAGE)).first()
    if found is not None:
        return found.pk
    if not is_own:
        return _elsewhere(cast, "wish").wish.pk
    record_wish(Actor(cast.users["bearer"].pk), cast.household(2).code, "想学种菌子", now=NOW)
    record_wish(Actor(cast.users["bearer"].pk), cast.household(1).code, "门前路灯不亮", now=NOW)
    return Wish.objects.get(household=cast.household(1)).pk


def _elsewhere(cast: Cast, kind: str) -> Capture:
    """A capture of the other county with what it says."""
    place, person = cast.household(1, OTHER_VILLAGE), cast.people["P24"]
    capture = Capture.objects.create(
        uuid=new_id(), digest="0" * 64, kind=kind, place=place, person=person, channel="phone", made_at=NOW,
        received_at=NOW, body={},
    )  # fmt: skip
    ground = cast.places[OTHER_COUNTY]
    if kind == "visit":
        Visit.objects.create(
            ground=ground, scheme="linjiang", layer="members", target=place, person=person, capture=capture,
            day=TODAY, made_at=NOW,
        )  # fmt: skip
    else:
        wish = Wish.objects.create(
            ground=ground, household=place, person=person, capture=capture, day=TODAY, made_at=NOW
        )
        WishText.objects.create(wish=wish, text="修桥", erase_on=TODAY)
    return capture


def dispatch_of(cast: Cast, is_own: bool) -> int:
    """A dispatch meeting of the village, or of one of the other county."""
    place = cast.places[WILLOW if is_own else OTHER_VILLAGE]
    values = {"since": TODAY, "made_at": NOW, "erase_on": TODAY.replace(year=TODAY.year + 3)}
    return Dispatch.objects.get_or_create(place=place, held_on=TODAY, defaults=values)[0].pk


def ask_of(cast: Cast, is_own: bool) -> int:
    """What member P06 was asked to do at the village's meeting, or somebody of the other county at theirs."""
    person = cast.people[bearer_of(cast, is_own)]
    values = {"what": "示例任务", "by_on": TODAY}
    return DispatchAsk.objects.create(dispatch_id=dispatch_of(cast, is_own), person=person, **values).pk


def team_of(cast: Cast, is_own: bool) -> int:
    """A team of the village, or of one of the other county (and one more of another village on own ground)."""
    values = {"scheme": "linjiang", "layer": "vanguard", "from_on": TODAY, "made_at": NOW}
    if is_own:
        Team.objects.get_or_create(place=cast.places[PEACH], name="桃花村先锋队", defaults=values)
    place = cast.places[WILLOW if is_own else OTHER_VILLAGE]
    return Team.objects.get_or_create(place=place, name=f"{place.name}先锋队", defaults=values)[0].pk


def team_member_of(cast: Cast, is_own: bool) -> int:
    """A member of that team who is not asked as a bearer (and one more, on own ground)."""
    team, found = team_of(cast, is_own), 0
    for code, kind in (("P07", "front"), ("P08", "cadre")) if is_own else (("P24", "volunteer"),):
        values = {"kind": kind, "from_on": TODAY}
        found = TeamMember.objects.get_or_create(team_id=team, person=cast.people[code], defaults=values)[0].pk
    return found


def team_spot_of(cast: Cast, is_own: bool) -> int:
    """A public place of that team (and one more, on own ground)."""
    team, found = team_of(cast, is_own), 0
    village = WILLOW if is_own else OTHER_VILLAGE
    for number in (2, 1) if is_own else (1,):
        code = f"{village}-G00{number}"
        spot = cast.places.get(code) or put_place(cast, code, f"示例场所{number}", Level.PUBLIC_PLACE, village)
        found = TeamSpot.objects.get_or_create(team_id=team, place=spot, defaults={"from_on": TODAY})[0].pk
    return found


def vanguards(cast: Cast, more: str = "") -> None:
    """Let the county's scheme have a layer of vanguard teams, with more keys of it."""
    row = SchemeVersion.objects.get(pk=cast.scheme.pk if cast.scheme else 0)
    row.text += VANGUARD.format(more=more)
    row.digest = digest_of(row.text)
    row.save()


def governs_itself(cast: Cast) -> None:
    """Let the scheme be 东河镇's own, and what was kept under the county lie on the township's ground."""
    SchemeVersion.objects.filter(code="linjiang").update(ground=cast.places[TOWN])
    Kind.objects.update(ground=cast.places[TOWN])
    keep_by_scheme()


def keep_by_scheme() -> None:
    """What the migration to the grounds of schemes does."""
    module = import_module("xiangyue.duties.migrations.0008_ground_of_the_scheme")
    module.move(None, SimpleNamespace(connection=connection))


def team_staged(cast: Cast) -> int:
    """The village's team, on a layer that the scheme has."""
    vanguards(cast)
    return team_of(cast, True)


ADDRESSES: dict[tuple[str, str], Finder] = {
    ("duties:bearer", "person"): bearer_of,
    ("duties:hand_over", "person"): bearer_of,
    ("duties:stand_in", "person"): bearer_of,
    ("duties:stand_in_end", "person"): bearer_of,
    ("duties:organisation", "organisation"): organisation_of,
    ("duties:hand_over_unit", "organisation"): organisation_of,
    ("duties:end", "duty"): duty_of,
    ("duties:assignment", "assignment"): assignment_of,
    ("duties:assignment_undo", "assignment"): assignment_of,
    ("duties:assignment_end", "assignment"): assignment_of,
    **{(f"visits:{name}", "person"): bearer_of for name in ("bearer", "cards", "cards_handed")},
    **{(f"visits:{name}", "organisation"): organisation_of for name in ("organisation", "giver")},
    **{(f"visits:{name}", "pk"): visit_of for name in ("visit", "deny", "undo")},
    **{(f"visits:{name}", "pk"): wish_of for name in ("wish", "wish_act")},
    **{(f"visits:{name}", "pk"): dispatch_of for name in ("dispatch", "dispatch_minutes", "dispatch_ask")},
    ("visits:ask_end", "pk"): ask_of,
    ("visits:handbook", "duty"): duty_of,
    **{(f"teams:{name}", "pk"): team_of for name in ("team", "roster", "act")},
    **{(f"desk:{page} team", "key"): team_of for page in ("detail", "edit")},
    **{(f"desk:{page} team_member", "key"): team_member_of for page in ("detail", "edit")},
    **{(f"desk:{page} team_spot", "key"): team_spot_of for page in ("detail", "edit")},
    **{(f"desk:{page} visit", "key"): visit_of for page in ("detail", "edit")},
    **{(f"desk:{page} wish", "key"): wish_of for page in ("detail", "edit")},
}
