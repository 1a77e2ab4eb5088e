"""Villages, hamlets and households merge, split, move and get new names: planned, done at once, undone exactly."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.cast import COUNTY, OTHER_VILLAGE, PEACH, STREET, STREET_VILLAGE, TODAY, TOWN, WILLOW, Cast, place
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.duties.models import Duty
from xiangyue.people.grants import scope_of
from xiangyue.people.models import Person, RoleGrant
from xiangyue.places.actions.restructure import carry_out, undo
from xiangyue.places.actions.tree import New, add_place, edit_place
from xiangyue.places.models import Level, Place, PlaceSpan, Restructuring
from xiangyue.places.restructuring import Plan, plan_merge, plan_move, plan_rename, plan_split

pytestmark = pytest.mark.django_db
TABLES = (
    "places_place", "places_placespan", "places_household", "places_householdstate", "people_person", "people_post",
    "people_organisation", "people_rolegrant", "duties_duty", "agreements_consent",
)  # fmt: skip


def everything() -> dict[str, list[Any]]:
    """Every row of every table that a restructuring may touch."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            key = "place_id" if table == "places_household" else "id"
            cursor.execute(f"SELECT * FROM {table} ORDER BY {key}")
            found[table] = cursor.fetchall()
    return found


def fresh(cast: Cast, code: str) -> Place:
    """The row as it is now."""
    return Place.objects.get(code=code)


def merged(cast: Cast, into: Place | New | None = None) -> Plan:
    """柳树村 and 桃花村 become one: 柳树村 unless another is named."""
    both = [fresh(cast, WILLOW), fresh(cast, PEACH)]
    return plan_merge(both, into or both[0], on=TODAY, today=TODAY, reason="示政发〔2026〕1号")


def consistent() -> None:
    """Every place's path, township and village follow from its parent; every live place has one open span like it."""
    for row in Place.objects.select_related("parent"):
        above = row.parent.path if row.parent else ""
        assert row.path == f"{above}{row.code}/"
        if row.level not in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE) and row.parent:
            assert (row.village_id, row.township_id) == (row.parent.village_id, row.parent.township_id)
    for row in Place.objects.filter(to_on=None):
        span = PlaceSpan.objects.get(place=row, to_on=None)
        assert (span.name, span.place_class, span.parent_id, span.path) == (
            row.name, row.place_class, row.parent_id, row.path
        )  # fmt: skip
    assert not PlaceSpan.objects.filter(place__to_on__isnull=False, to_on=None).exists()


def test_the_dry_run_tells_and_touches_nothing(cast: Cast) -> None:
    before = everything()
    plan = merged(cast)
    assert everything() == before
    told = {(line.room, line.words): line.count for line in plan.lines}
    assert ("places", "关闭：东河镇 桃花村（100202）") in told
    assert told["places", "随之换到新的上级：农户"] == 6
    assert told["people", "职务转到新的区划"] == 1
    assert any("编码不变" in words for _room, words in told)


def test_villages_merge_into_one_of_them(cast: Cast) -> None:
    done = carry_out(None, merged(cast))
    peach = fresh(cast, PEACH)
    assert peach.to_on == TODAY - timedelta(days=1)
    household = fresh(cast, f"{PEACH}-H00001")
    assert household.path == f"{COUNTY}/{TOWN}/{WILLOW}/{PEACH}-H00001/"
    assert household.village_id == cast.places[WILLOW].pk
    consistent()
    assert Person.objects.get(code="P13").place == cast.places[WILLOW]
    assert done.ground.code == TOWN
    assert Change.objects.filter(act="places.restructured", key=str(done.pk)).count() == 1


def test_what_was_can_still_be_reported(cast: Cast) -> None:
    carry_out(None, merged(cast))
    eve = TODAY - timedelta(days=1)
    then = Place.objects.as_of(eve).get(code=f"{PEACH}-H00001")
    assert then.then_path == f"{COUNTY}/{TOWN}/{PEACH}/{PEACH}-H00001/"  # type: ignore[attr-defined]
    assert then.then_parent == cast.places[PEACH].pk  # type: ignore[attr-defined]
    assert Place.objects.as_of(eve).of(Level.VILLAGE).count() == 5
    assert Place.objects.as_of(TODAY).of(Level.VILLAGE).count() == 4


def test_villages_merge_into_a_new_one(cast: Cast) -> None:
    before = everything()
    done = carry_out(None, merged(cast, New("柳桃村", "990100100203", "village")))
    new = fresh(cast, "990100100203")
    assert Place.objects.filter(parent=new).live(TODAY).count() == 2 + 1 + 6
    grant = RoleGrant.objects.get(user=cast.users["village_office"], to_on=None)
    assert grant.place == new
    assert scope_of(cast.users["village_office"], TODAY).grants[0].path == new.path
    consistent()
    undo(None, done)
    assert everything() == before


def test_a_village_splits_and_comes_together_again(cast: Cast) -> None:
    before = everything()
    hamlet = fresh(cast, f"{WILLOW}-Z02")
    new = New("新柳村", "990100100204", "village")
    done = carry_out(None, plan_split(fresh(cast, WILLOW), [hamlet], new, on=TODAY, today=TODAY))
    assert fresh(cast, f"{WILLOW}-H00008").path.startswith(f"{COUNTY}/{TOWN}/990100100204/{WILLOW}-Z02/")
    consistent()
    undo(None, done)
    assert everything() == before


def test_a_village_moves_to_another_township(cast: Cast) -> None:
    before = everything()
    street = fresh(cast, STREET)
    done = carry_out(None, plan_move([fresh(cast, WILLOW)], street, on=TODAY, today=TODAY))
    household = fresh(cast, f"{WILLOW}-H00001")
    assert household.township_id == street.pk
    assert household.path.startswith(f"{COUNTY}/{STREET}/{WILLOW}/")
    assert done.ground.code == COUNTY
    consistent()
    undo(None, done)
    assert everything() == before


def test_hamlets_and_households_merge_split_and_move(cast: Cast) -> None:
    before = everything()
    first, second = fresh(cast, f"{WILLOW}-Z01"), fresh(cast, f"{WILLOW}-Z02")
    hamlets = carry_out(None, plan_merge([first, second], first, on=TODAY, today=TODAY))
    households = [fresh(cast, f"{WILLOW}-H0000{n}") for n in (1, 2)]
    homes = carry_out(None, plan_merge(households, households[0], on=TODAY, today=TODAY))
    split = carry_out(None, plan_split(fresh(cast, f"{WILLOW}-H00003"), [], New("3号东"), on=TODAY, today=TODAY))
    move = carry_out(None, plan_move([fresh(cast, f"{WILLOW}-H00004")], fresh(cast, PEACH), on=TODAY, today=TODAY))
    assert fresh(cast, f"{WILLOW}-H00009").name == "3号东"
    assert Duty.objects.get(target__code=f"{WILLOW}-H00002").to_on == TODAY - timedelta(days=1)
    consistent()
    for done in (move, split, homes, hamlets):
        undo(None, done)
    assert everything() == before


def test_a_village_gets_another_name_and_class(cast: Cast) -> None:
    before = everything()
    plan = plan_rename(fresh(cast, WILLOW), "柳荫社区", "community", on=TODAY, today=TODAY)
    done = carry_out(None, plan)
    assert (fresh(cast, WILLOW).name, fresh(cast, WILLOW).place_class) == ("柳荫社区", "community")
    eve = Place.objects.as_of(TODAY - timedelta(days=1)).get(code=WILLOW)
    assert eve.then_name == "柳树村"  # type: ignore[attr-defined]
    consistent()
    undo(None, done)
    assert everything() == before


def test_two_operations_of_one_day_are_undone_in_turn(cast: Cast) -> None:
    before = everything()
    first = carry_out(None, plan_rename(fresh(cast, WILLOW), "大柳树村", on=TODAY, today=TODAY))
    second = carry_out(None, plan_move([fresh(cast, WILLOW)], fresh(cast, STREET), on=TODAY, today=TODAY))
    consistent()
    with pytest.raises(Problem, match="划转"):
        undo(None, first)
    undo(None, second)
    undo(None, first)
    assert everything() == before
    with pytest.raises(Problem, match="撤回过了"):
        undo(None, first)


def test_what_has_been_built_on_is_not_undone(cast: Cast) -> None:
    done = carry_out(None, merged(cast, New("柳桃村", "990100100203", "village")))
    new = fresh(cast, "990100100203")
    extra = add_place(None, new, Level.HOUSEHOLD, New("新来户"), today=TODAY)
    after = everything()
    with pytest.raises(Problem, match="新来户"):
        undo(None, done)
    assert everything() == after
    assert extra.code == "990100100203-H00001"


def test_a_later_edit_stops_the_undo(cast: Cast) -> None:
    done = carry_out(None, plan_move([fresh(cast, WILLOW)], fresh(cast, STREET), on=TODAY, today=TODAY))
    edit_place(None, fresh(cast, WILLOW), name="别名村", today=TODAY)
    with pytest.raises(Problem) as caught:
        undo(None, done)
    assert caught.value.kind.code == "restructure_built_on"


def test_a_plan_made_stale_by_another_is_refused(cast: Cast) -> None:
    plan = merged(cast)
    carry_out(None, plan_move([fresh(cast, PEACH)], fresh(cast, STREET), on=TODAY, today=TODAY))
    with pytest.raises(Problem) as caught:
        carry_out(None, plan)
    assert caught.value.kind.code == "changed_meanwhile"
    assert Restructuring.objects.count() == 1


def test_nonsense_is_refused_with_words(cast: Cast) -> None:
    willow, peach, town = fresh(cast, WILLOW), fresh(cast, PEACH), fresh(cast, TOWN)
    tomorrow = TODAY + timedelta(days=1)
    household = fresh(cast, f"{WILLOW}-H00001")
    tries: list[tuple[str, Any]] = [
        ("restructure_few", lambda: plan_merge([willow], willow, on=TODAY, today=TODAY)),
        ("restructure_mixed", lambda: plan_merge([willow, household], willow, on=TODAY, today=TODAY)),
        ("restructure_mixed", lambda: plan_merge([willow, fresh(cast, OTHER_VILLAGE)], willow, on=TODAY, today=TODAY)),
        ("restructure_mixed", lambda: plan_merge([town, fresh(cast, STREET)], town, on=TODAY, today=TODAY)),
        ("restructure_future", lambda: plan_merge([willow, peach], willow, on=tomorrow, today=TODAY)),
        ("restructure_target", lambda: plan_move([willow], household, on=TODAY, today=TODAY)),
        ("restructure_same", lambda: plan_move([willow], town, on=TODAY, today=TODAY)),
        ("restructure_same", lambda: plan_rename(willow, "柳树村", on=TODAY, today=TODAY)),
        ("restructure_nothing", lambda: plan_split(willow, [], New("新", "990100100299"), on=TODAY, today=TODAY)),
        ("place_code_taken", lambda: merged(cast, New("新村", STREET_VILLAGE))),
        ("place_code", lambda: merged(cast, New("新村", "12345"))),
        ("place_name", lambda: merged(cast, New(" ", "990100100299"))),
        ("restructure_born", lambda: plan_merge([willow, peach], willow, on=date(2026, 1, 1), today=TODAY)),
    ]
    for code, attempt in tries:
        with pytest.raises(Problem) as caught:
            attempt()
        assert caught.value.kind.code == code
        assert caught.value.mend


@pytest.mark.slow
def test_a_village_of_2500_households_merges_within_a_second_or_so(cast: Cast) -> None:
    from xiangyue.base.bulk import insert_rows, next_ids
    from xiangyue.places.spans import open_spans

    big = place(cast, "990100100210", "大村", Level.VILLAGE, TOWN, "village")
    ids = next_ids(Place, 2500)
    fields = ["id", "code", "name", "level", "place_class", "parent", "path", "ground", "township", "village",
              "order", "from_on"]  # fmt: skip
    rows = []
    for n, key in enumerate(ids):
        code = f"{big.code}-H{n:05d}"
        rows.append((key, code, f"{n}号", "household", "", big.pk, f"{big.path}{code}/", big.ground_id,
                     big.township_id, big.pk, n, "2026-01-01"))  # fmt: skip
    insert_rows(Place, fields, rows)
    open_spans(list(ids))
    before = everything()
    begin = time.perf_counter()
    willow = fresh(cast, WILLOW)
    done = carry_out(None, plan_merge([fresh(cast, big.code), willow], willow, on=TODAY, today=TODAY))
    took = time.perf_counter() - begin
    undo(None, done)
    assert everything() == before
    assert took < 5, took
