"""Vanguard teams: duties follow from members and spots by dates, and from nothing else; pages, phone, public places."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import BEGIN, COUNTY, NOW, PEACH, STREET_VILLAGE, TODAY, TOWN, WILLOW, Cast
from tests.cast import place as put_place
from tests.duties.rows import governs_itself, vanguards
from tests.duties.visiting import actor, went
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.checks.models import Kind
from xiangyue.duties.actions.passing import hand_over
from xiangyue.duties.actions.single import Terms, assign
from xiangyue.duties.actions.visiting import record_visit
from xiangyue.duties.models import Duty
from xiangyue.duties.team_models import Team, TeamDuty, TeamMember
from xiangyue.duties.teams import acts
from xiangyue.duties.teams.shown import members_of, spots_of, teams_of, week_of
from xiangyue.duties.visit_models import Visit
from xiangyue.field.day import day_of
from xiangyue.field.offline_day import offline_day
from xiangyue.field.targets import targets_of
from xiangyue.people.grants import scope_of
from xiangyue.places.models import Level, Place

pytestmark = pytest.mark.django_db
SQUARE, DITCH = f"{WILLOW}-G001", f"{WILLOW}-G002"


@pytest.fixture
def stage(cast: Cast) -> Cast:
    """The county's scheme has a layer of vanguards; 柳树村 has a square and a ditch."""
    return staged(cast)


def staged(cast: Cast, more: str = "") -> Cast:
    """The same, with more keys of the layer."""
    vanguards(cast, more)
    put_place(cast, DITCH, "一组水沟", Level.PUBLIC_PLACE, f"{WILLOW}-Z01")
    return cast


def founded(cast: Cast, from_on: date = BEGIN, place: str = WILLOW, name: str = "柳树村先锋队") -> Team:
    """A team of the village without anybody in it."""
    return acts.found_team(cast.users["village_office"], cast.places[place], "vanguard", name, from_on, now=NOW)


def joined(cast: Cast, team: Team, person: str = "P06", from_on: date = BEGIN, **more: Any) -> TeamMember:
    """One more member."""
    kind = more.pop("kind", "party")
    return acts.add_member(cast.users["village_office"], team, cast.people[person], kind, from_on, now=NOW, **more)


def spotted(cast: Cast, team: Team, place: str = SQUARE, from_on: date = BEGIN) -> Any:
    """One more spot."""
    return acts.add_spot(cast.users["village_office"], team, cast.places[place], from_on, now=NOW)


def borne() -> set[tuple[str, str, date, date | None]]:
    """Who bears which spot from when to when."""
    rows = Duty.objects.filter(layer="vanguard").values_list("person__code", "target__code", "from_on", "to_on")
    return set(rows)


def test_each_member_answers_for_each_spot_while_both_are_the_teams(stage: Cast) -> None:
    team, march, may = founded(stage), date(2026, 3, 1), date(2026, 5, 1)
    first = joined(stage, team)
    spotted(stage, team)
    ditch = spotted(stage, team, DITCH, march)
    joined(stage, team, "P07", may, kind="front")
    assert borne() == {
        ("P06", SQUARE, BEGIN, None), ("P06", DITCH, march, None),
        ("P07", SQUARE, may, None), ("P07", DITCH, may, None),
    }  # fmt: skip
    assert set(Duty.objects.filter(layer="vanguard").values_list("team", flat=True)) == {"柳树村先锋队"}
    june = date(2026, 6, 30)
    assert acts.end_member(None, first, june) == 2
    assert acts.end_spot(None, ditch, date(2026, 7, 31)) == 1
    assert borne() == {
        ("P06", SQUARE, BEGIN, june), ("P06", DITCH, march, june),
        ("P07", SQUARE, may, None), ("P07", DITCH, may, date(2026, 7, 31)),
    }  # fmt: skip
    assert acts.disband(None, team, TODAY) == 1
    assert not Duty.objects.filter(layer="vanguard", to_on=None).exists()
    assert not team.members.filter(to_on=None).exists()


def test_what_would_begin_after_the_last_day_is_taken_away(stage: Cast) -> None:
    team = founded(stage)
    member = joined(stage, team)
    spotted(stage, team)
    spotted(stage, team, DITCH, TODAY + timedelta(days=20))
    acts.end_member(None, member, TODAY)
    assert borne() == {("P06", SQUARE, BEGIN, TODAY)}
    assert Change.objects.filter(act="duty.taken_away").count() == 1


def test_each_act_stands_in_the_change_log(stage: Cast) -> None:
    team = founded(stage)
    member = joined(stage, team, leads=True)
    spot = spotted(stage, team)
    acts.make_leader(None, joined(stage, team, "P07"))
    acts.rename_team(None, team, "柳树先锋")
    acts.end_spot(None, spot, TODAY)
    acts.end_member(None, member, TODAY)
    acts.disband(None, team, TODAY)
    told = set(Change.objects.values_list("act", flat=True))
    assert {
        "team.founded", "team.renamed", "team.leader", "team.disbanded", "team_member.added", "team_member.ended",
        "team_spot.added", "team_spot.ended", "duty.assigned", "duty.ended",
    } <= told  # fmt: skip


def test_only_one_leads(stage: Cast) -> None:
    team = founded(stage)
    joined(stage, team, leads=True)
    second = joined(stage, team, "P07", leads=True)
    assert list(team.members.filter(leads=True)) == [second]
    acts.make_leader(None, team.members.get(person__code="P06"))
    assert team.members.get(leads=True).person.code == "P06"


def test_duties_that_the_team_did_not_make_stay_as_they_are(stage: Cast) -> None:
    own = assign(None, stage.places[SQUARE], "vanguard", stage.people["P07"], Terms(BEGIN))
    team = founded(stage)
    spotted(stage, team)
    with pytest.raises(Problem) as told:
        joined(stage, team, "P07")
    assert told.value.kind.code == "team_borne_already"
    assert not team.members.exists(), "nothing is left of an act that was refused"
    joined(stage, team)
    acts.disband(None, team, TODAY)
    own.refresh_from_db()
    assert own.to_on is None


def test_what_was_handed_over_is_no_longer_the_teams(stage: Cast) -> None:
    team = founded(stage)
    member = joined(stage, team)
    spotted(stage, team)
    hand_over(
        None,
        stage.people["P06"],
        [stage.people["P07"]],
        TODAY,
        only=list(TeamDuty.objects.values_list("duty", flat=True)),
    )
    acts.end_member(None, member, TODAY + timedelta(days=3))
    assert ("P07", SQUARE, TODAY, None) in borne()
    assert ("P06", SQUARE, BEGIN, TODAY - timedelta(days=1)) in borne(), "a day that is past stays"


def test_a_team_bears_an_exclusive_layer_together_and_keeps_others_out(cast: Cast) -> None:
    staged(cast, "exclusive = true\n")
    team = founded(cast)
    spotted(cast, team)
    joined(cast, team)
    joined(cast, team, "P07")
    assert Duty.objects.filter(layer="vanguard").count() == 2
    with pytest.raises(Problem):
        assign(None, cast.places[SQUARE], "vanguard", cast.people["P08"], Terms(BEGIN))
    other = founded(cast, name="第二队")
    joined(cast, other, "P08")
    with pytest.raises(Problem) as told:
        spotted(cast, other)
    assert told.value.kind.code == "duty_overlap"
    acts.rename_team(None, team, "第一队")
    joined(cast, team, "P05")
    assert Duty.objects.filter(layer="vanguard", team="第一队").count() == 3


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (joined, "team_member_twice"),
        (lambda cast, team: joined(cast, team, "P03"), "duty_post"),
        (lambda cast, team: joined(cast, team, "P07", BEGIN - timedelta(days=1)), "team_not_then"),
        (spotted, "team_spot_twice"),
        (lambda cast, team: spotted(cast, team, STREET_VILLAGE), "team_spot_outside"),
        (lambda cast, team: spotted(cast, team, f"{WILLOW}-H00001"), "duty_target_level"),
        (lambda cast, team: founded(cast), "team_name_taken"),
        (lambda cast, team: founded(cast, name=" "), "team_name"),
        (lambda cast, team: founded(cast, place=f"{WILLOW}-Z01"), "team_ground"),
        (lambda cast, team: acts.end_member(None, team.members.get(), BEGIN - timedelta(days=1)), "team_not_begun"),
        (lambda cast, team: acts.found_team(None, team.place, "members", "队", BEGIN), "team_layer"),
    ],
)  # fmt: skip
def test_what_may_not_be_is_told_and_leaves_nothing(stage: Cast, what: Any, code: str) -> None:
    team = founded(stage)
    joined(stage, team)
    spotted(stage, team)
    before = borne()
    with pytest.raises(Problem) as told:
        what(stage, team)
    assert told.value.kind.code == code
    assert borne() == before


def test_another_grounds_office_changes_nothing(stage: Cast) -> None:
    team = founded(stage)
    scope = scope_of(stage.users["other_township_office"])
    with pytest.raises(Problem):
        acts.add_spot(stage.users["other_township_office"], team, stage.places[SQUARE], BEGIN, scope=scope)


def test_a_week_of_a_team(stage: Cast) -> None:
    team = founded(stage)
    joined(stage, team, leads=True)
    joined(stage, team, "P08", kind="cadre")
    spotted(stage, team)
    spotted(stage, team, DITCH)
    before = week_of(TODAY) - timedelta(days=1)
    record_visit(actor(stage), DITCH, "vanguard", tasks=["clear"], day=before, now=NOW)
    record_visit(actor(stage), SQUARE, "vanguard", tasks=["clear", "guide"], now=NOW)
    went(stage, 1)
    (row,) = teams_of(stage.places[TOWN], TODAY)
    assert (row.kinds, row.members, row.spots, row.leader) == ((1, 0, 1, 0, 0), 2, 2, stage.people["P06"].name)
    assert (row.visits, row.seen, row.tasks) == (1, 1, 2)
    assert teams_of(stage.places[PEACH], TODAY) == []
    cleared = {spot.row.place.code: spot.cleared_on for spot in spots_of(team, layer(team), TODAY)}
    assert cleared == {SQUARE: TODAY, DITCH: before}
    assert [len(kind.members) for kind in members_of(team, TODAY)] == [1, 0, 1, 0, 0]


def layer(team: Team) -> Any:
    """The team's layer today."""
    from xiangyue.duties.teams.shown import layer_for

    return layer_for(team, TODAY)


def test_a_member_has_the_spots_on_the_phone_and_is_there_with_the_layers_tasks(stage: Cast) -> None:
    team = founded(stage)
    joined(stage, team)
    spotted(stage, team)
    found = {target.code: target.layers for target in targets_of(stage.people["P06"], TODAY)}
    assert found[SQUARE] == [(stage.places[COUNTY].pk, "linjiang", "vanguard")]
    answer = record_visit(actor(stage), SQUARE, "vanguard", tasks=["clear"], now=NOW)
    assert answer.state == "stored"
    assert Visit.objects.get(target=stage.places[SQUARE]).done == ("clear",)


def test_a_team_is_founded_changed_and_disbanded_on_its_pages(stage: Cast, client: Client) -> None:
    client.force_login(stage.users["village_office"])
    today = timezone.localdate()
    response = client.post(
        reverse("teams:found", args=(WILLOW,)),
        {"name": "柳树村先锋队", "layer": "linjiang/vanguard", "from_on": today.isoformat()},
    )
    team = Team.objects.get()
    page, act = reverse("teams:team", args=(team.pk,)), reverse("teams:act", args=(team.pk,))
    assert response["Location"] == page
    for person, kind in (("P06", "party"), ("P08", "cadre")):
        client.post(act, {"act": "add_member", "person": f"p{stage.people[person].pk}", "kind": kind,
                          "from_on": today.isoformat(), "leads": "on"})  # fmt: skip
    client.post(act, {"act": "add_spot", "place": SQUARE, "from_on": today.isoformat()})
    assert Duty.objects.filter(layer="vanguard", to_on=None).count() == 2
    first = team.members.get(person__code="P06")
    client.post(act, {"act": "lead", "row": first.pk})
    for address, budget in (
        (page, "teams:team"), (reverse("teams:roster", args=(team.pk,)), "teams:roster"),
        (f"{reverse('teams:ground')}?place={WILLOW}", "teams:ground"),
        (reverse("teams:found", args=(WILLOW,)), "teams:found"),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            words = client.get(address).content.decode()
        assert "先锋队" in words
        assert_budget(budget, len(queries))
    assert "村文化广场" in client.get(page).content.decode()
    typed = {"act": "add_member", "person": "", "kind": "volunteer", "from_on": "2026-13-45"}
    refused = client.post(act, typed)
    assert refused.status_code == 422
    assert refused.context["member_form"].errors.keys() == {"person", "from_on"}
    assert 'value="2026-13-45"' in refused.content.decode(), "what was typed is not lost"
    early = {"act": "add_spot", "place": DITCH, "from_on": "2020-01-01"}
    again = client.post(act, early)
    assert "还没有成立" in str(again.context["spot_form"].non_field_errors())
    assert again.context["spot_form"]["place"].value() == DITCH
    client.post(act, {"act": "rename", "name": "柳树先锋"})
    client.post(act, {"act": "end_member", "row": first.pk, "last": today.isoformat()})
    client.post(act, {"act": "end_spot", "row": team.spots.get().pk, "last": today.isoformat()})
    client.post(act, {"act": "disband", "last": today.isoformat()})
    team.refresh_from_db()
    assert (team.name, team.to_on) == ("柳树先锋", today)
    assert "已解散" in client.get(page).content.decode()
    client.force_login(stage.users["bearer"])
    assert client.get(page).status_code == 200, "who is in a team reads its page"
    assert client.post(act, {"act": "rename", "name": "我的队"}).status_code in (403, 404)


def test_a_secretary_registers_a_public_place(stage: Cast, client: Client) -> None:
    client.force_login(stage.users["village_office"])
    page = reverse("teams:places", args=(WILLOW,))
    client.post(page, {"sort": "沟渠", "name": "村口桥头", "parent": f"{WILLOW}-Z02"})
    client.post(page, {"sort": "道路", "name": "进村道路", "parent": WILLOW})
    assert set(Place.objects.filter(level=Level.PUBLIC_PLACE, from_on=timezone.localdate()).values_list("name", "parent__code")) == {
        ("村口桥头（沟渠）", f"{WILLOW}-Z02"), ("进村道路", WILLOW)
    }  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        words = client.get(page).content.decode()
    assert "村口桥头（沟渠）" in words
    assert_budget("teams:places", len(queries))
    assert client.post(page, {"sort": "沟渠", "name": "", "parent": WILLOW}).status_code == 422
    client.force_login(stage.users["auditor"])
    assert client.get(page).status_code == 200
    assert client.post(page, {"sort": "沟渠", "name": "河滩", "parent": WILLOW}).status_code == 403


def test_the_list_does_not_ask_more_for_more_teams(stage: Cast, client: Client) -> None:
    client.force_login(stage.users["village_office"])
    page = f"{reverse('teams:ground')}?place={WILLOW}"
    team = founded(stage)
    joined(stage, team)
    spotted(stage, team)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for n in range(3):
        more = founded(stage, name=f"第{n}队")
        joined(stage, more, "P07")
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few)


def test_a_townships_own_scheme_is_on_the_phone(stage: Cast, client: Client) -> None:
    """A township governs itself inside its county: what its teams bear lies on its own ground."""
    governs_itself(stage)
    team = founded(stage)
    joined(stage, team)
    spotted(stage, team)
    assert Duty.objects.get(layer="vanguard").ground == stage.places[TOWN]
    document = offline_day(scope_of(stage.users["bearer"]), stage.people["P06"], TODAY).as_json()
    assert document["places"][SQUARE]["layers"] == ["linjiang/vanguard"]
    assert [task["code"] for task in document["layers"]["linjiang/vanguard"]["tasks"]] == ["clear", "guide"]
    found = day_of(stage.people["P06"], TODAY)
    assert found.kind is not None
    assert found.kind_id == Kind.objects.get(code=found.kind.code).pk
    client.force_login(stage.users["bearer"])
    page = client.get(reverse("visits:record"), {"layer": "vanguard"}).content.decode()
    assert "村文化广场" in page
    assert "清理墙角、沟渠、滩涂" in page
