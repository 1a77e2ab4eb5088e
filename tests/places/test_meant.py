"""A place found by what people call it: code, name, village and door; never outside the paths, never one of several."""

from __future__ import annotations

import pytest

from tests.cast import COUNTY, OTHER_VILLAGE, PEACH, TOWN, WILLOW, Cast
from xiangyue.places.meant import named


@pytest.mark.parametrize("typed", ["柳树村", WILLOW, " 柳树村 ", f"{WILLOW}，"])
def test_a_village_by_its_name_or_code(cast: Cast, typed: str) -> None:
    assert named(typed, (cast.places[TOWN].path,)) == cast.places[WILLOW]


@pytest.mark.parametrize("typed", ["柳树村 {door}", "柳树村，{door}", "{code}"])
def test_a_household_by_its_village_and_door(cast: Cast, typed: str) -> None:
    home = cast.household(1)
    assert named(typed.format(door=home.name, code=home.code), (cast.places[COUNTY].path,)) == home


def test_nothing_is_found_outside_the_paths_nor_by_a_door_alone(cast: Cast) -> None:
    home = cast.household(1)
    assert named(OTHER_VILLAGE, (cast.places[COUNTY].path,)) is None
    assert named(f"柳树村 {home.name}", (cast.places[PEACH].path,)) is None
    assert named(home.name, (cast.places[COUNTY].path,)) is None
    assert named("柳树村 东边 3号", (cast.places[COUNTY].path,)) is None
    assert named("", (cast.places[COUNTY].path,)) is None


def test_a_name_that_two_places_have_means_neither(cast: Cast) -> None:
    other = cast.places[WILLOW]
    twin = cast.places[TOWN]
    twin.name = other.name
    twin.save()
    assert named(other.name, (cast.places[COUNTY].path,)) is None
