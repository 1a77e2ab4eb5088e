"""Inspections: only from a filed plan, nobody knows where before the day, sheets by turns alone, objections answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import COMMUNITY, COUNTY, NOW, PEACH, STREET_VILLAGE, TODAY, TOWN, WILLOW, Cast
from tests.checks.going import (
    DOCUMENT,
    EVENING,
    LITTER,
    SOON,
    THEN,
    opened,
    plan,
    scheme_on_stage,
    sealed,
    sheet,
    turns,
)
from xiangyue.base.consequences import tie
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.captures.intake import Actor
from xiangyue.checks.actions import record_sheet
from xiangyue.checks.inspections import drawing
from xiangyue.checks.inspections.arranging import add_member, add_team, arrange, enter_number, give_up
from xiangyue.checks.inspections.facts import received, subjects_of
from xiangyue.checks.inspections.going import finish, lookers, note_look, open_targets, told_of
from xiangyue.checks.inspections.models import Inspection, InspectionPlan, SheetObjection
from xiangyue.checks.inspections.objecting import answer, object_to
from xiangyue.checks.inspections.planning import file_plan, times_of
from xiangyue.checks.inspections.seeing import shown_sheets, stops_of
from xiangyue.checks.models import Check
from xiangyue.duties.models import Duty
from xiangyue.places.models import Place


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Passes when the block raises a Problem of that code, in Chinese and with a mend."""
    with pytest.raises(Problem) as found:
        yield
    assert found.value.kind.code == code, found.value
    assert re.search("[一-鿿]", found.value.words)
    assert re.search("[一-鿿]", found.value.mend)


pytestmark = pytest.mark.usefixtures("no_followers")


def test_a_plan_needs_its_document_and_keeps_to_the_villages_cap(cast: Cast) -> None:
    ground, scheme = cast.places[COUNTY], scheme_on_stage(cast)
    office = cast.users["county_office"]

    def file(times: dict[tuple[str, int], int], document: str = DOCUMENT) -> InspectionPlan:
        return file_plan(office, ground, scheme, 2026, times, document=document, filed_on=TODAY)

    with refused("inspection_document"):
        file({("secret", 11): 2}, " ")
    with refused("inspection_times"):
        file({("secret", 11): 99})
    with refused("inspection_way"):
        file({("nightly", 11): 1})
    # four a month are the cap: an open inspection comes to every village
    with refused("burden_over"):
        file({("open", 3): 5})
    # 4 villages × 4 = 16 village visits; a secret inspection goes to at most 3 of them (two of 东河镇's, one of 南街街道)
    with refused("inspection_no_room"):
        file({("open", 3): 2, ("secret", 3): 3})
    found = file({("open", 3): 2, ("secret", 3): 2})
    assert times_of(found) == {("open", 3): 2, ("secret", 3): 2}
    again = file({("secret", 3): 0, ("secret", 4): 1}, "示督〔2026〕2号")
    assert (again.pk, again.document) == (found.pk, "示督〔2026〕2号")
    assert times_of(again) == {("open", 3): 2, ("secret", 4): 1}
    assert Change.objects.filter(act="inspection_plan.filed").count() == 2


def test_nothing_is_arranged_outside_the_plan(cast: Cast) -> None:
    with refused("inspection_no_plan"):
        sealed(cast)
    plan(cast, {("secret", 11): 1})
    row = sealed(cast)
    with refused("inspection_not_planned"):
        sealed(cast, on=SOON + timedelta(days=1))
    with refused("inspection_times_used"):
        plan(cast, {("secret", 11): 0})
    give_up(cast.users["county_office"], row, reason="组长生病")
    assert sealed(cast, on=SOON + timedelta(days=1)).nth == 2


def test_days_and_number_are_held_to_their_order(cast: Cast) -> None:
    plan(cast)
    office, ground = cast.users["county_office"], cast.places[COUNTY]

    def make(**more: Any) -> Inspection:
        values: dict[str, Any] = {"from_on": SOON, "number_name": "示例彩票", "number_on": SOON, "now": NOW} | more
        return arrange(office, ground, "linjiang", "secret", **values)

    with refused("inspection_days"):
        make(from_on=TODAY - timedelta(days=1))
    with refused("inspection_days"):
        make(to_on=SOON + timedelta(days=5))
    with refused("draw_number_day"):
        make(number_on=TODAY)
    with refused("draw_number_name"):
        make(number_name=" ")
    with refused("inspection_number_late"):
        make(number_on=SOON + timedelta(days=1))
    with refused("inspection_way"):
        arrange(office, ground, "linjiang", "nightly", from_on=SOON, now=NOW)


def test_the_targets_are_nobodys_before_the_day_and_the_teams_on_it(cast: Cast) -> None:
    plan(cast)
    row = sealed(cast)
    assert row.commitment
    assert row.turns.count() == 0
    with refused("draw_number_wait"):
        enter_number(None, row, "0734215", now=NOW)
    with refused("inspection_not_today"):
        open_targets(cast.users["supervisor"], row, now=THEN)
    enter_number(None, row, "0734215", now=THEN - timedelta(days=1))
    with refused("inspection_not_today"):
        open_targets(cast.users["supervisor"], row, now=THEN - timedelta(days=1))
    with refused("inspection_not_team"):
        open_targets(cast.users["county_office"], row, now=THEN)
    found = open_targets(cast.users["supervisor"], row, now=THEN)
    # two of 东河镇's three, one of 南街街道
    codes = [turn.subject.code for turn in turns(found)]
    assert len(codes) == 3
    assert STREET_VILLAGE in codes
    assert codes == sorted(codes)
    assert [turn.order for turn in turns(found)] == [1, 2, 3]
    again = open_targets(cast.users["supervisor"], found, now=THEN)
    assert [turn.subject.code for turn in turns(again)] == codes
    note_look(cast.users["supervisor"], found)
    note_look(cast.users["supervisor"], found)
    assert [line.act for line in lookers(found)] == ["inspection.looked"]
    assert found.opened_by == cast.users["supervisor"]


def test_a_late_day_and_a_team_without_leader_stay_closed(cast: Cast) -> None:
    plan(cast)
    row = sealed(cast)
    add_team(None, row)
    enter_number(None, row, "1", now=THEN)
    with refused("inspection_no_leader"):
        open_targets(cast.users["supervisor"], row, now=THEN)
    add_member(None, row, 2, "P10", leads=True)
    with refused("inspection_member_twice"):
        add_member(None, row, 1, "P10")
    with refused("inspection_person"):
        add_member(None, row, 1, "P21")
    with refused("inspection_over"):
        open_targets(cast.users["supervisor"], row, now=THEN + timedelta(days=1))


def test_the_draw_is_the_same_again_and_a_changed_file_is_found_out(cast: Cast) -> None:
    plan(cast)
    told = json.loads(json.dumps(told_of(opened(cast))))
    assert drawing.differences(told) == []
    other = told | {"secret": "willow-2026"}
    assert drawing.differences(other)[0] == "公开的密钥与事先公布的摘要不符。"
    moved = json.loads(json.dumps(told))
    moved["turns"][0][0] = "990100100999"
    assert len(drawing.differences(moved)) == 2
    fewer = json.loads(json.dumps(told))
    fewer["facts"]["subjects"].pop()
    assert "抽签名单与安排时公布的摘要不符。" in drawing.differences(fewer)
    with refused("inspection_file"):
        drawing.read_told("{}")
    with refused("inspection_file"):
        drawing.read_told("[1")
    with refused("inspection_file"):
        drawing.differences(told | {"held": {"seen": 3}})


def test_who_has_ties_everywhere_is_not_gone_to(cast: Cast) -> None:
    plan(cast)
    for code in (WILLOW, PEACH):
        Duty.objects.create(
            ground=cast.places[COUNTY], scheme="linjiang", layer="x", person=cast.people["P09"], created_at=NOW,
            target=cast.places[code], from_on=date(2026, 1, 1),
        )  # fmt: skip
    row = opened(cast)
    assert [turn.subject.code for turn in turns(row)] == [STREET_VILLAGE, COMMUNITY]
    assert row.held["barred"] == {WILLOW: "各组组员都要回避", PEACH: "各组组员都要回避"}


def test_whoever_is_at_the_months_cap_is_not_drawn(cast: Cast) -> None:
    plan(cast, {("secret", 11): 2})
    county = cast.users["supervisor"]
    for day in range(3, 7):
        at = NOW.replace(day=day)
        # outside a way of the plan the office's own kinds count too: here a kind that no plan names
        assert record_sheet(Actor(county.pk), "village_open", WILLOW, now=at, made_at=at).state == "stored"
    subjects = subjects_of(cast.places[COUNTY], "village", SOON)
    assert received(scheme_on_stage(cast), "village", subjects, SOON)[WILLOW] == 4
    row = opened(cast)
    assert WILLOW not in [turn.subject.code for turn in turns(row)]
    lot = next(lot for lot in drawing.lots_of(row.facts, row.held, row.seed) if lot.code == WILLOW)
    assert "减负上限 4 次" in lot.why


def test_sheets_are_made_by_turns_alone_once_a_plan_is_filed(cast: Cast) -> None:
    office, supervisor = cast.users["county_office"], cast.users["supervisor"]
    at = NOW
    assert record_sheet(Actor(supervisor.pk), "village_secret", PEACH, now=at, made_at=at).state == "stored"
    plan(cast)
    answered = record_sheet(Actor(supervisor.pk), "village_secret", PEACH, now=at, made_at=at)
    assert (answered.state, answered.code) == ("refused", "inspection_not_turn")
    row = opened(cast)
    turn = turns(row)[0]
    left_out = Place.objects.get(
        code=next(code for code in (WILLOW, PEACH, COMMUNITY) if code not in {one.subject.code for one in turns(row)})
    )
    answered = record_sheet(Actor(supervisor.pk), "village_secret", left_out.code, now=THEN, made_at=THEN)
    assert answered.code == "inspection_not_turn"
    assert sheet(office, turn).code == "inspection_not_turn"
    assert sheet(supervisor, turn, LITTER).state == "stored"
    # the office types in what a member of the team wrote on paper
    assert sheet(office, turns(row)[1], inspector="P09").state == "stored"
    stops = stops_of(row)
    assert [stop.is_done for stop in stops] == [True, True, False]
    assert stops[0].sheets[0].n_faults == 1


def test_the_inspection_ends_when_every_turn_is_accounted_for(cast: Cast) -> None:
    found: list[Any] = []
    tie("inspection_faults", found.append)
    plan(cast)
    row = opened(cast)
    supervisor = cast.users["supervisor"]
    for turn in turns(row)[:2]:
        sheet(supervisor, turn, LITTER)
    with refused("inspection_unseen"):
        finish(supervisor, row, {}, now=EVENING)
    last = turns(row)[2]
    with refused("inspection_sheets_in"):
        give_up(supervisor, row, reason="下雨")
    done = finish(supervisor, row, {last.pk: "塌方封路"}, now=EVENING)
    assert done.state == "finished"
    assert [turn.unseen for turn in turns(done)] == ["", "", "塌方封路"]
    assert [len(one.check_ids) for one in found] == [2]
    with refused("inspection_state"):
        finish(supervisor, done, {}, now=EVENING)


def test_the_village_sees_its_sheet_in_the_evening_and_objects(cast: Cast) -> None:
    plan(cast)
    row = opened(cast)
    turn = turns(row)[0]
    supervisor, office, village = (cast.users[name] for name in ("supervisor", "county_office", "village_office"))
    sheet(supervisor, turn, LITTER)
    assert shown_sheets(turn, THEN) == []
    check = Check.objects.get()
    with refused("inspection_no_sheet"):
        object_to(village, turn, check.pk, "不对", now=THEN)
    assert shown_sheets(turn, EVENING) == [check]
    with refused("inspection_objection_empty"):
        object_to(village, turn, check.pk, " ", now=EVENING)
    with refused("inspection_objection_late"):
        object_to(village, turn, check.pk, "不对", now=EVENING + timedelta(days=4))
    made = object_to(village, turn, check.pk, "那堆是隔壁村的", now=EVENING)
    with refused("inspection_objection_open"):
        object_to(village, turn, check.pk, "再说一次", now=EVENING)
    with refused("inspection_own_sheet"):
        answer(supervisor, made, upheld=False, words="没错", now=EVENING)
    with refused("inspection_answer_empty"):
        answer(office, made, upheld=True, words="", now=EVENING)
    done = answer(office, made, upheld=True, words="实地核对过，在界外", now=EVENING + timedelta(days=1))
    assert done.outcome == SheetObjection.Outcome.UPHELD
    check.refresh_from_db()
    assert check.state == Check.State.WITHDRAWN
    assert stops_of(row)[0].sheets == ()
    with refused("inspection_objection_answered"):
        answer(office, made, upheld=False, words="又想了想", now=EVENING)
    # the corrected sheet of that day is taken
    assert sheet(supervisor, turn, now=THEN).state == "stored"


def test_a_rejected_objection_leaves_the_sheet(cast: Cast) -> None:
    plan(cast)
    turn = turns(opened(cast))[0]
    sheet(cast.users["supervisor"], turn, LITTER)
    check = Check.objects.get()
    made = object_to(cast.users["village_office"], turn, check.pk, "不对", now=EVENING)
    answer(cast.users["county_office"], made, upheld=False, words="照片在界内", now=EVENING)
    check.refresh_from_db()
    assert check.state == Check.State.COUNTED


def test_who_is_inspected_after_an_upheld_objection_weighs_more(cast: Cast) -> None:
    plan(cast)
    row = opened(cast)
    turn = turns(row)[0]
    sheet(cast.users["supervisor"], turn, LITTER)
    made = object_to(cast.users["village_office"], turn, Check.objects.get().pk, "不对", now=EVENING)
    answer(cast.users["county_office"], made, upheld=True, words="属实", now=EVENING)
    later = sealed(cast, on=SOON + timedelta(days=2), now=EVENING + timedelta(hours=1))
    weights = {code: weight for code, _stratum, weight, _town in later.facts["subjects"]}
    assert weights.pop(turn.subject.code) == max(weights.values()) + 1


def test_an_open_inspection_goes_everywhere_and_is_known_ahead(cast: Cast) -> None:
    plan(cast)
    row = arrange(
        cast.users["county_office"], cast.places[COUNTY], "linjiang", "open", from_on=SOON, townships=(TOWN,), now=NOW
    )
    assert (row.state, row.commitment) == ("ready", "")
    add_member(None, row, 1, "P09", leads=True)
    add_team(None, row)
    add_member(None, row, 2, "P10", leads=True)
    found = open_targets(cast.users["supervisor"], row, now=THEN)
    assert sorted(turn.subject.code for turn in turns(found)) == sorted([WILLOW, PEACH, COMMUNITY])
    assert sorted(turn.team.number for turn in turns(found)) in ([1, 1, 2], [1, 2, 2])


def test_an_open_inspection_over_the_cap_is_not_arranged(cast: Cast) -> None:
    plan(cast, {("open", 11): 1})
    for day in range(3, 7):
        at = NOW.replace(day=day)
        record_sheet(Actor(cast.users["supervisor"].pk), "village_secret", WILLOW, now=at, made_at=at)
    with refused("burden_over"):
        arrange(None, cast.places[COUNTY], "linjiang", "open", from_on=SOON, now=NOW)
