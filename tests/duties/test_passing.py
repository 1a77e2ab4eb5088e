"""Giving, ending, handing over and standing in: dates inside, posts and limits held, all of it logged."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import BEGIN, COUNTY, NOW, PEACH, TODAY, TOWN, WILLOW, Cast
from tests.duties.refusals import refused
from xiangyue.base.changes import history
from xiangyue.base.models import Change
from xiangyue.duties.actions.passing import end_stand_in, hand_over, set_stand_in
from xiangyue.duties.actions.single import Terms, assign, end_duty
from xiangyue.duties.models import Duty
from xiangyue.people.grants import scope_of
from xiangyue.people.models import Post

pytestmark = pytest.mark.django_db
EVE = TODAY - timedelta(days=1)


def give(cast: Cast, bearer: str, number: int, layer: str = "members", **more: object) -> Duty:
    """Let somebody bear a household of 柳树村 from today."""
    terms = Terms(**{"from_on": TODAY, **more})  # type: ignore[arg-type]
    return assign(cast.users["village_office"], cast.household(number), layer, cast.people[bearer], terms,
                  scope=scope_of(cast.users["village_office"], TODAY), now=NOW)  # fmt: skip


def test_a_duty_is_given_and_logged(cast: Cast) -> None:
    Duty.objects.filter(target=cast.household(2)).update(to_on=EVE)
    row = give(cast, "P07", 2)
    assert (row.exclusion, row.scheme, row.ground_id) == ("committee+members", "linjiang", cast.places[COUNTY].pk)
    line = history(row).get()
    assert (line.act, line.after["bearer"], line.actor) == ("duty.assigned", "P07", cast.users["village_office"])


@pytest.mark.parametrize(
    ("bearer", "number", "layer", "more", "problem"),
    [
        ("P07", 2, "members", {}, "duty_taken"),
        ("P08", 2, "committee", {}, "duty_taken"),
        ("P06", 2, "members", {}, "duty_twice"),
        ("P07", 2, "members", {"team": "一排"}, "duty_taken"),
        ("P08", 2, "members", {}, "duty_post"),
        ("P06", 1, "members", {"from_on": date(2027, 1, 1)}, "duty_own_house"),
        ("P07", 2, "members", {"from_on": TODAY, "to_on": EVE}, "duty_dates"),
        ("P07", 2, "departments", {}, "duty_target_level"),
        ("P07", 2, "own_duty", {}, "duty_households_own"),
        ("P07", 2, "nothing", {}, "duty_no_layer"),
    ],
)
def test_what_does_not_fit_is_refused(
    cast: Cast, bearer: str, number: int, layer: str, more: dict[str, object], problem: str
) -> None:
    if problem == "duty_own_house":
        Duty.objects.filter(target=cast.household(number)).delete()
    before = Duty.objects.count()
    with refused(problem):
        give(cast, bearer, number, layer, **more)
    assert Duty.objects.count() == before


def test_a_limit_is_held(cast: Cast) -> None:
    leader = cast.people["P03"]
    Post.objects.create(person=leader, kind=Post.Kind.TOWNSHIP_LEADER, place=cast.places[COUNTY], from_on=BEGIN)
    codes = [WILLOW, PEACH, "990100100001", "990100001201"]
    for place, code in enumerate(codes, 1):
        if place == 4:
            with refused("duty_limit"):
                assign(None, cast.places[code], "township_leaders", leader, Terms(TODAY))
        else:
            assign(None, cast.places[code], "township_leaders", leader, Terms(TODAY))


def test_a_village_does_not_choose_who_answers_for_it(cast: Cast) -> None:
    scope = scope_of(cast.users["village_office"], TODAY)
    with refused("duty_above"):
        assign(None, cast.places[WILLOW], "departments", cast.organisations["D01"], Terms(TODAY), scope=scope)
    scope = scope_of(cast.users["township_office"], TODAY)
    assign(None, cast.places[WILLOW], "departments", cast.organisations["D01"], Terms(TODAY), scope=scope)


def test_an_ended_duty_counts_its_last_day(cast: Cast) -> None:
    row = Duty.objects.get(target=cast.household(2))
    end_duty(cast.users["village_office"], row, TODAY, reason="外出务工")
    assert Duty.objects.live(TODAY).filter(pk=row.pk).exists()
    assert not Duty.objects.live(TODAY + timedelta(days=1)).filter(pk=row.pk).exists()
    assert history(row).get().reason == "外出务工"
    with refused("duty_ended"):
        end_duty(None, row, TODAY)
    with refused("duty_not_begun"):
        end_duty(None, Duty.objects.get(target=cast.household(3)), BEGIN - timedelta(days=1))


def test_handing_over_everything(cast: Cast) -> None:
    giver, taker = cast.people["P07"], cast.people["P06"]
    assert hand_over(cast.users["village_office"], giver, [taker], TODAY, reason="调离") == 3
    rows = Duty.objects.filter(target__in=[cast.household(n) for n in (5, 6, 7)])
    assert set(rows.filter(person=giver).values_list("from_on", "to_on")) == {(BEGIN, EVE)}
    assert set(rows.filter(person=taker).values_list("from_on", "to_on", "exclusion")) == {
        (TODAY, None, "committee+members")
    }
    assert Change.objects.filter(act="duty.handed_over", reason="调离").count() == 3


def test_some_to_several_in_the_order_of_the_doors(cast: Cast) -> None:
    other = cast.people["P13"]
    giver = cast.people["P06"]
    rows = list(Duty.objects.filter(person=giver).order_by("target__path"))
    takers = [cast.people["P07"], other]
    assert hand_over(None, giver, takers, TODAY, only=[row.pk for row in rows[1:]]) == 3
    now = {row.target.code[-1]: row.person for row in Duty.objects.live(TODAY).select_related("target", "person")}
    assert (now["1"], now["2"], now["3"], now["4"]) == (giver, takers[0], takers[0], takers[1])


def test_what_begins_on_the_day_changes_its_bearer(cast: Cast) -> None:
    Duty.objects.filter(person=cast.people["P07"]).update(from_on=TODAY)
    hand_over(None, cast.people["P07"], [cast.people["P06"]], TODAY)
    assert not Duty.objects.filter(person=cast.people["P07"]).exists()
    assert Duty.objects.filter(person=cast.people["P06"], from_on=TODAY).count() == 3


def test_hand_overs_that_make_no_sense(cast: Cast) -> None:
    giver = cast.people["P06"]
    with refused("duty_self"):
        hand_over(None, giver, [giver], TODAY)
    with refused("duty_post"):
        hand_over(None, giver, [cast.people["P08"]], TODAY)
    with refused("duty_nothing"):
        hand_over(None, giver, [cast.people["P07"]], BEGIN - timedelta(days=1))
    Duty.objects.filter(target=cast.household(8)).delete()
    Duty.objects.filter(target=cast.household(6)).update(person=giver)
    with refused("duty_own_house"):
        hand_over(None, giver, [cast.people["P07"]], TODAY)
    assert Duty.objects.live(TODAY).filter(person=giver).count() == 5


def test_a_stand_in_for_some_days(cast: Cast) -> None:
    person, other = cast.people["P06"], cast.people["P07"]
    assert set_stand_in(None, person, other, TODAY, TODAY + timedelta(days=5)) == 4
    assert Change.objects.filter(act="duty.stand_in").count() == 4
    assert end_stand_in(None, person) == 4
    assert not Duty.objects.filter(stand_in__isnull=False).exists()
    with refused("duty_self"):
        set_stand_in(None, person, person, TODAY, TODAY)
    with refused("duty_dates"):
        set_stand_in(None, person, other, TODAY, EVE)


def test_a_township_leader_is_the_countys_or_townships_to_choose(cast: Cast) -> None:
    Duty.objects.create(ground=cast.places[COUNTY], scheme="linjiang", layer="township_leaders", from_on=BEGIN,
                        person=cast.people["P03"], target=cast.places[WILLOW], created_at=NOW)  # fmt: skip
    person(cast)
    with refused("duty_above"):
        hand_over(None, cast.people["P03"], [cast.people["P04"]], TODAY,
                  scope=scope_of(cast.users["village_office"], TODAY))  # fmt: skip
    scope = scope_of(cast.users["township_office"], TODAY)
    assert hand_over(None, cast.people["P03"], [cast.people["P04"]], TODAY, scope=scope) == 1


def person(cast: Cast) -> None:
    """Make P04 a township leader too."""
    Post.objects.create(
        person=cast.people["P04"], kind=Post.Kind.TOWNSHIP_LEADER, place=cast.places[TOWN], from_on=BEGIN
    )
