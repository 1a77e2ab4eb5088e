"""Single places: added with a code, edited with what stood before kept, and how households stand on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import COUNTY, PEACH, TODAY, TOWN, WILLOW, Cast
from xiangyue.base.changes import history
from xiangyue.base.consequences import FOLLOWERS
from xiangyue.base.problems import Problem
from xiangyue.places.actions.tree import New, add_place, edit_place, set_household_state
from xiangyue.places.models import HouseholdState, Level, Place, PlaceSpan
from xiangyue.places.picking import place_label
from xiangyue.places.states import states_on

pytestmark = pytest.mark.django_db
State = HouseholdState.State


def test_a_household_gets_the_next_code_and_lives_there(cast: Cast) -> None:
    row = add_place(None, cast.places[f"{WILLOW}-Z01"], Level.HOUSEHOLD, New("9号"), today=TODAY)
    assert row.code == f"{WILLOW}-H00009"
    assert row.village == cast.places[WILLOW]
    assert states_on(TODAY, row.path) == {row.pk: State.LIVING}
    assert PlaceSpan.objects.get(place=row).from_on == TODAY


@pytest.mark.parametrize(
    ("level", "code", "stored"),
    [("village", "990100100205", "990100100205"), ("village", "９９０１００１００２０６", "990100100206")],
)
def test_a_village_is_known_by_its_twelve_digits(cast: Cast, level: str, code: str, stored: str) -> None:
    row = add_place(None, cast.places[TOWN], level, New("新村", code), today=TODAY)
    assert (row.code, row.village_id) == (stored, row.pk)


def test_a_township_may_be_written_with_its_zeros(cast: Cast) -> None:
    row = add_place(None, cast.places[COUNTY], Level.TOWNSHIP, New("新镇", "990100101000", "town"), today=TODAY)
    assert (row.code, row.township_id) == ("990100101", row.pk)


@pytest.mark.parametrize(
    ("parent", "level", "code", "problem"),
    [
        (TOWN, "household", "", "place_level"),
        (WILLOW, "village", "990100100209", "place_level"),
        (TOWN, "village", "", "place_code"),
        (TOWN, "village", "9901", "place_code"),
        (TOWN, "village", PEACH, "place_code_taken"),
    ],
)
def test_a_wrong_place_is_refused(cast: Cast, parent: str, level: str, code: str, problem: str) -> None:
    with pytest.raises(Problem) as caught:
        add_place(None, cast.places[parent], level, New("某处", code), today=TODAY)
    assert caught.value.kind.code == problem


def test_an_edit_keeps_what_stood_before(cast: Cast) -> None:
    village = cast.places[WILLOW]
    edit_place(cast.users["county_office"].pk, village, name="新柳村", today=TODAY)
    edit_place(None, village, name="新柳树村", today=TODAY)
    names = list(PlaceSpan.objects.filter(place=village).order_by("from_on").values_list("name", "from_on", "to_on"))
    assert names == [("柳树村", date(2026, 1, 1), TODAY - timedelta(days=1)), ("新柳树村", TODAY, None)]
    assert [line.act for line in history(village)] == ["place.edited", "place.edited"]


def test_states_run_from_day_to_day(cast: Cast) -> None:
    home = cast.household(1)
    set_household_state(None, home, State.AWAY, on=date(2026, 6, 1), to_on=date(2026, 6, 30))
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [states_on(day, home.path)[home.pk] for day in days] == ["living", "away", "away", "living"]
    set_household_state(None, home, State.HELP, on=date(2026, 6, 15))
    assert [states_on(day, home.path)[home.pk] for day in days] == ["living", "away", "help", "help"]


def test_states_of_a_village_take_one_query(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(states_on(TODAY, cast.places[WILLOW].path)) == 8


def test_only_households_have_a_state(cast: Cast) -> None:
    with pytest.raises(Problem):
        set_household_state(None, cast.places[WILLOW], State.AWAY, on=TODAY)


def test_places_of_one_name_are_told_apart(cast: Cast) -> None:
    labels = {place_label(row) for row in Place.objects.filter(name="桃花村").select_related("township", "village")}
    assert labels == {"东河镇 桃花村（100202）", "南街街道 桃花村（001201）"}


def test_what_lies_above(cast: Cast) -> None:
    above = Place.objects.above(cast.household(1).path)
    assert [row.level for row in above] == ["county", "township", "village", "hamlet", "household"]


def test_a_changed_state_is_told_to_upper_rooms(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[list[int]] = []
    monkeypatch.setitem(FOLLOWERS, "states_changed", (told.append,))
    set_household_state(None, cast.household(1), State.AWAY, on=TODAY)
    row = add_place(None, cast.places[PEACH], Level.HOUSEHOLD, New("99号"), today=TODAY)
    assert told == [[cast.household(1).pk], [row.pk]]
