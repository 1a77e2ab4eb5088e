"""Which rows of the cast the addresses of duties name."""

from __future__ import annotations

from collections.abc import Callable

from tests.cast import NOW, OTHER_COUNTY, OTHER_VILLAGE, TODAY, TOWN, WILLOW, Cast
from xiangyue.duties.models import Assignment, Duty
from xiangyue.people.models import Organisation

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
}
