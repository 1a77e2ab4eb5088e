"""Which row of the cast an address names, on the role's own ground and on another's."""

from __future__ import annotations

from collections.abc import Callable

from tests.cast import COUNTY, NOW, OTHER_COUNTY, OTHER_TOWN, OTHER_VILLAGE, TODAY, TOWN, WILLOW, Cast
from tests.house.permissions import Line, patterns
from xiangyue.base.models import Job
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


ADDRESSES: dict[tuple[str, str], Finder] = {
    ("job", "pk"): job_of,
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
