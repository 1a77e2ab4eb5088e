"""Visits: what is taken, refused with words, held, sent twice, taken back; and whose visit it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, OTHER_VILLAGE, PEACH, TODAY, TOWN, WILLOW, Cast
from tests.duties.visiting import MONEY, TREES, actor, asked_for, bears, department, only, went
from xiangyue.captures.envelope import seal
from xiangyue.captures.ids import new_id
from xiangyue.captures.intake import submit
from xiangyue.captures.models import Capture
from xiangyue.checks.actions import accept_held, dismiss_held
from xiangyue.duties.actions.visiting import deny_visit, restore_visit
from xiangyue.duties.models import Duty
from xiangyue.duties.visit_models import Contribution, Visit, VisitNote, VisitParty, Wish, WishText
from xiangyue.people.grants import scope_of

pytestmark = pytest.mark.django_db


def test_a_visit_with_tasks_a_note_and_what_was_brought(cast: Cast) -> None:
    answer = went(cast, 1, layer="members", tasks=["door", "yard"], note="老人在家", given=[TREES])
    assert (answer.state, answer.words) == ("stored", "")
    row = only()
    assert (row.layer, row.target, row.person, row.day) == (
        "members", cast.household(1), cast.people["P06"], TODAY,
    )  # fmt: skip
    assert row.done == ("door", "yard")
    assert VisitNote.objects.get().text == "老人在家"
    gift = Contribution.objects.get()
    assert (gift.kind, gift.amount, gift.text.what) == ("goods", 200, "树苗")
    kept = str(row.capture.body)
    assert "老人" not in kept, "free text lies apart, with a term"
    assert "树苗" not in kept
    assert VisitNote.objects.get().erase_on == TODAY + timedelta(days=365)


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    key = new_id()
    assert [went(cast, 1, id=key).state for _n in range(2)] == ["stored", "already"]
    assert went(cast, 2, id=key).state == "conflict"
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"target": f"{PEACH}-H00001"}, "visit_outside_duty"),
        ({"target": f"{OTHER_VILLAGE}-H00001"}, "visit_place"),
        ({"target": "990100100201-H99999"}, "visit_place"),
        ({"layer": "nothing"}, "visit_layer"),
        ({"layer": "members", "tasks": ["dance"]}, "visit_task"),
        ({"company": ["X9"]}, "visit_person"),
        ({"person": "P07", "target": f"{WILLOW}-H00005"}, "visit_not_yours"),
        ({"note": "长" * 301}, "visit_body"),
        ({"given": [type(MONEY)("money", 0)]}, "visit_body"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_what_is_refused_says_why_and_what_to_do(more: dict[str, Any], code: str, cast: Cast) -> None:
    if more.get("target", "").startswith(PEACH):
        # a household of one's own ground that somebody else answers for
        cast.users["bearer"].grants.update(place=cast.places[TOWN])
    answer = went(cast, **more)
    assert (answer.state, answer.code) == ("refused", code), answer
    assert answer.words
    assert answer.mend
    assert not Visit.objects.exists()


def test_what_the_form_said_wrong_is_refused_before_the_queue(cast: Cast) -> None:
    for body in (
        {},
        {"target": 7},
        {"target": "x", "tasks": "all"},
        {"target": "x", "contributions": [{"kind": "gold"}]},
    ):
        answer = submit(seal("visit", body, id=new_id()), actor(cast), now=NOW)
        assert (answer.state, answer.code) == ("refused", "visit_body"), body


def test_who_may_record_for_whom(cast: Cast) -> None:
    assert went(cast, 5, "village_office", person="P07").state == "stored"
    assert only().capture.channel == Capture.Channel.COUNTER
    assert only().person == cast.people["P07"]
    assert went(cast, 5, "supervisor", person="P07").code == "visit_not_yours"
    cast.users["bearer"].grants.all().delete()
    assert went(cast, 1).code == "no_grant"


def test_a_department_is_visited_for_by_its_people(cast: Cast) -> None:
    department(cast)
    answer = went(cast, who="department", target=WILLOW, layer="departments", tasks=["goods"], given=[MONEY])
    assert answer.state == "stored", answer
    row = only()
    assert (row.organisation, row.person) == (cast.organisations["D01"], cast.people["P11"])
    assert went(cast, who="county_office", target=WILLOW, organisation="D01", channel="office").state == "stored"
    assert Visit.objects.filter(person=None).count() == 1, "an office need not say who of the department went"


def test_a_stand_in_goes_for_the_bearer_on_those_days(cast: Cast) -> None:
    rows = Duty.objects.filter(target=cast.household(5))
    rows.update(stand_in=cast.people["P06"], stand_in_from=TODAY, stand_in_to=TODAY)
    assert went(cast, 5).state == "stored"
    tomorrow = TODAY + timedelta(days=1)
    assert went(cast, 5, now=NOW + timedelta(days=1), day=tomorrow).code == "visit_outside_duty"


def test_those_who_go_together_stand_in_one_visit(cast: Cast) -> None:
    department(cast)
    bears(cast, "township_leaders", "P03", WILLOW)
    went(cast, who="department", target=WILLOW, layer="departments", company=["P03", "P05"])
    party = set(VisitParty.objects.values_list("person__code", "organisation__code"))
    assert party == {("P11", "D01"), ("P03", None), ("P05", None)}


def test_dated_tomorrow_or_long_ago_waits_for_a_person(cast: Cast) -> None:
    early = went(cast, 1, day=TODAY + timedelta(days=1))
    old = went(cast, 2, day=TODAY - timedelta(days=40))
    assert [early.state, old.state] == ["held", "held"]
    assert all(answer.words and answer.mend for answer in (early, old))
    scope = scope_of(cast.users["county_office"], TODAY)
    assert accept_held(scope, early.capture_id or 0, day=TODAY, now=NOW) == "stored"
    dismiss_held(scope, old.capture_id or 0, reason="记错了人")
    states = {row.target: (row.state, row.day) for row in Visit.objects.all()}
    assert states[cast.household(1)] == (Visit.State.COUNTED, TODAY)
    assert states[cast.household(2)][0] == Visit.State.WITHDRAWN


def test_taken_back_within_ten_minutes(cast: Cast) -> None:
    first, wish = went(cast, 1), asked_for(cast)
    for answer in (first, wish):
        body = {"undoes": answer.id}
        told = submit(seal("undo", body, id=new_id()), actor(cast), now=NOW + timedelta(minutes=9))
        assert told.state == "stored", told
    assert only().state == Visit.State.WITHDRAWN
    assert Wish.objects.get().state == Wish.State.WITHDRAWN
    late = went(cast, 2)
    told = submit(seal("undo", {"undoes": late.id}, id=new_id()), actor(cast), now=NOW + timedelta(minutes=11))
    assert told.code == "undo_over"


def test_what_the_household_denies_keeps_nothing_and_can_be_restored(cast: Cast) -> None:
    went(cast, 1)
    office = cast.users["village_office"]
    row = deny_visit(office, only(), "户主说没人来，已电话核实", today=TODAY)
    assert (row.state, row.denied_on) == (Visit.State.DENIED, TODAY)
    assert restore_visit(office, row, "当天去的是老人在家").state == Visit.State.COUNTED


def test_a_wish_lies_in_words_apart_and_knows_its_visit(cast: Cast) -> None:
    key = new_id()
    assert asked_for(cast, 1, "有三百斤白菜卖不出去", visit=key).state == "stored"
    assert went(cast, 1, id=key).state == "stored", "the two arrive in any order"
    row = Wish.objects.get()
    assert (row.household, row.person, row.visit_uuid, row.state) == (
        cast.household(1), cast.people["P06"], key, Wish.State.OPEN,
    )  # fmt: skip
    assert WishText.objects.get().text == "有三百斤白菜卖不出去"
    assert "白菜" not in str(row.capture.body)
    assert asked_for(cast, 1, "  ").code == "wish_text"
    assert asked_for(cast, 6).code == "visit_outside_duty"
    county = submit(
        seal("wish", {"household": WILLOW, "text": "路"}, id=new_id()), actor(cast, "county_office"), now=NOW
    )
    assert county.code == "wish_not_here"
