"""The pages of visits, contributions, wishes, handbooks and cards, with their query budgets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, PEACH, TOWN, WILLOW, Cast
from tests.duties.visiting import MONEY, TREES, asked_for, bears, department, went
from xiangyue.base.models import Change
from xiangyue.captures.intake import Actor
from xiangyue.checks.actions import record_round
from xiangyue.duties.models import Duty
from xiangyue.duties.visit_models import CardHanding, Contribution, Visit, Wish

pytestmark = pytest.mark.django_db


def logged_in(cast: Cast, who: str = "county_office") -> Client:
    """A client of somebody of the cast."""
    client = Client()
    client.force_login(cast.users[who])
    return client


def page(client: Client, address: str, budget: str = "", **more: str) -> str:
    """The words of a page, held to its budget."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address, more)
    assert response.status_code == 200, (address, response.status_code)
    if budget:
        assert_budget(budget, len(queries))
    return response.content.decode()


def now() -> Any:
    """The server's own time: the pages look at today."""
    return timezone.now()


def stage(cast: Cast) -> None:
    """A department, a township leader and members with visits of today, a wish and what was brought."""
    department(cast)
    bears(cast, "township_leaders", "P03", WILLOW)
    bears(cast, "county_leaders", "P01", TOWN)
    went(cast, who="department", target=WILLOW, layer="departments", tasks=["goods"], given=[MONEY, TREES], now=now())
    went(cast, 1, tasks=["door"], note="老人在家", now=now())
    asked_for(cast, 1, now=now())


def test_a_ground_tells_each_layers_last_and_running_slot(cast: Cast) -> None:
    stage(cast)
    words = page(logged_in(cast), reverse("visits:ground"), "visits:ground")
    for expected in ("县级领导包乡镇", "部门企业包村屯", "党员包户", "没到齐", "老人在家"):
        assert expected in words, expected
    assert "老人在家" not in page(logged_in(cast, "supervisor"), reverse("visits:ground"))
    words = page(logged_in(cast), reverse("visits:layer", args=(COUNTY,)), "visits:layer", layer="members")
    assert words.index("东河镇") < words.index("己党员")
    behind = page(logged_in(cast), reverse("visits:layer", args=(WILLOW,)), layer="departments", show="behind")
    assert "示例县农业农村局" in behind, "nobody came last month"


def test_a_check_at_the_door_keeps_what_is_due(cast: Cast) -> None:
    address = reverse("visits:bearer", args=("P06",))
    client = logged_in(cast, "bearer")
    assert "这次到" in page(client, address)
    codes = [cast.household(number).code for number in (1, 2, 3, 4)]
    record_round(Actor(cast.users["bearer"].pk), "daily", fine=codes, now=now())
    words = page(client, address, "visits:bearer")
    assert "4/4" in words
    assert "这次已到齐" in words


def test_a_stand_in_keeps_it_for_the_bearer(cast: Cast) -> None:
    today = timezone.localdate()
    rows = Duty.objects.filter(person=cast.people["P07"])
    rows.update(stand_in=cast.people["P06"], stand_in_from=today, stand_in_to=today)
    went(cast, 5, now=now())
    words = page(logged_in(cast), reverse("visits:bearer", args=("P07",)))
    assert "1/3" in words, "one of three doors"
    words = page(logged_in(cast, "bearer"), reverse("visits:bearer", args=("P06",)))
    assert "替人代班" in words
    assert "0/4" in words, "somebody else's doors are not one's own"


def test_a_department_is_on_its_page_with_what_it_gave(cast: Cast) -> None:
    stage(cast)
    client = logged_in(cast, "department")
    assert client.get(reverse("visits:mine"))["Location"] == reverse("visits:organisation", args=("D01",))
    words = page(client, reverse("visits:organisation", args=("D01",)), "visits:organisation")
    for expected in ("部门企业包村屯", "1/1", "今年的投入", "5", "万元", "树苗"):
        assert expected in words, expected


def test_contributions_add_up_to_the_visits_they_open_to(cast: Cast) -> None:
    stage(cast)
    went(cast, who="department", target=WILLOW, layer="departments", given=[MONEY], now=now())
    client = logged_in(cast)
    words = page(client, reverse("visits:contributions"), "visits:contributions")
    assert "示例县农业农村局" in words
    assert words.count(">10<") >= 2, "two times 50,000 yuan: the department's line and the foot"
    response = client.get(reverse("visits:giver", args=("D01",)))
    shown = [gift for one in response.context["visits"] for gift in one.given if gift.label == "资金"]
    assert len(shown) == 2
    total = sum(Contribution.objects.filter(kind="money").values_list("amount", flat=True))
    assert [one.amount for one in response.context["sums"] if one.kind == "money"] == [total]
    page(client, reverse("visits:giver", args=("D01",)), "visits:giver")


def test_a_clerk_types_visit_after_visit(cast: Cast) -> None:
    client = logged_in(cast, "village_office")
    assert "庚党员" in page(client, reverse("visits:record"), "visits:record choose", q="庚")
    form = page(client, reverse("visits:record"), "visits:record", **{"for": "P07"})
    assert "每天上门督促检查" in form
    home = cast.household(5).code
    sent = {
        "for": "P07", "layer": "members", "day": timezone.localdate().isoformat(), "target": home, "tasks": ["door"],
        "with": "己党员、P05", "kind0": "people", "amount0": "2", "what0": "", "wish": "想要一个垃圾桶", "note": "在家",
        "paper": "1",
    }  # fmt: skip
    response = client.post(reverse("visits:record"), sent)
    assert response.status_code == 302
    assert "for=P07" in response["Location"]
    row = Visit.objects.get()
    assert (row.capture.channel, row.person, row.done) == ("paper", cast.people["P07"], ("door",))
    assert set(row.party.values_list("person__code", flat=True)) == {"P05", "P06", "P07"}
    assert Wish.objects.get().visit_uuid == row.capture.uuid
    bad = client.post(reverse("visits:record"), {**sent, "amount0": "两", "id": ""})
    assert bad.status_code == 422
    assert "想要一个垃圾桶" in bad.content.decode(), "what was typed is still there"
    assert Visit.objects.count() == 1


def test_a_visit_can_be_denied_and_taken_back(cast: Cast) -> None:
    went(cast, 1, now=now())
    row = Visit.objects.get()
    address = reverse("visits:visit", args=(row.pk,))
    assert "对方说没有来过" in page(logged_in(cast), address, "visits:visit")
    assert "撤回" in page(logged_in(cast, "bearer"), address)
    logged_in(cast).post(reverse("visits:deny", args=(row.pk,)), {"reason": "户主说没来"})
    assert "对方否认" in page(logged_in(cast), address)
    assert Change.objects.filter(act="visit.denied").count() == 1
    assert "0/4" in page(logged_in(cast), reverse("visits:bearer", args=("P06",)))
    logged_in(cast).post(reverse("visits:deny", args=(row.pk,)), {"reason": "核实来过", "decision": "restore"})
    logged_in(cast, "bearer").post(reverse("visits:undo", args=(row.pk,)))
    row.refresh_from_db()
    assert row.state == Visit.State.WITHDRAWN


def test_a_wish_from_told_to_settled(cast: Cast) -> None:
    asked_for(cast, 1, now=now())
    row = Wish.objects.get()
    client = logged_in(cast, "bearer")
    assert "门前路灯不亮" in page(client, reverse("visits:wishes"), "visits:wishes")
    assert "门前路灯不亮" not in page(logged_in(cast, "other_bearer"), reverse("visits:wishes"))
    address = reverse("visits:wish", args=(row.pk,))
    assert "下一步" in page(client, address, "visits:wish")
    act = reverse("visits:wish_act", args=(row.pk,))
    client.post(act, {"step": "settle", "answer": " "})
    row.refresh_from_db()
    assert row.state == Wish.State.OPEN, "without words nothing is settled"
    client.post(act, {"step": "settle", "answer": "村电工换了灯泡"})
    row.refresh_from_db()
    assert (row.state, row.words.answer) == (Wish.State.SETTLED, "村电工换了灯泡")
    assert "村电工换了灯泡" in page(client, address)
    client.post(act, {"step": "reopen"})
    row.refresh_from_db()
    assert row.state == Wish.State.OPEN


def test_the_handbook_writes_itself(cast: Cast) -> None:
    stage(cast)
    CardHanding.objects.create(household=cast.household(1), handed_on=timezone.localdate(), noted_at=now())
    duty = Duty.objects.get(target=cast.household(1))
    client = logged_in(cast, "bearer")
    words = page(client, reverse("visits:handbook", args=(duty.pk,)), "visits:handbook")
    for expected in ("己党员", "示例户1", "每天上门督促检查", "老人在家", "门前路灯不亮", "发联系卡", "乡镇领导包村屯"):
        assert expected in words, expected
    department_duty = Duty.objects.get(layer="departments")
    words = page(logged_in(cast, "department"), reverse("visits:handbook", args=(department_duty.pk,)))
    assert "树苗" in words
    assert "示例户1" not in page(logged_in(cast, "supervisor"), reverse("visits:handbook", args=(duty.pk,)))


def test_cards_are_printed_and_their_handing_out_is_noted(cast: Cast) -> None:
    client = logged_in(cast, "bearer")
    words = page(client, reverse("visits:cards", args=("P06",)), "visits:cards")
    for expected in ("示例户1", "己党员", "每天上门督促检查", "<svg", "包垃圾分类"):
        assert expected in words, expected
    today = timezone.localdate()
    client.post(reverse("visits:cards_handed", args=("P06",)), {"on": today.isoformat()})
    assert CardHanding.objects.filter(person=cast.people["P06"], handed_on=today).count() == 4
    assert Change.objects.filter(act="contact.seen").count() == 1, "who looked at phone numbers is logged"
    home = cast.household(5)
    client.post(reverse("visits:card_handed", args=(home.code,)), {})
    assert not CardHanding.objects.filter(household=home).exists(), "not one's own"
    office = logged_in(cast, "village_office")
    office.post(reverse("visits:card_handed", args=(home.code,)), {"on": (today + timedelta(days=1)).isoformat()})
    assert not CardHanding.objects.filter(household=home).exists(), "not handed out tomorrow"
    words = page(office, reverse("visits:card", args=(home.code,)), "visits:card")
    assert "庚党员" in words


def test_the_code_on_a_card_leads_everybody_somewhere(cast: Cast, client: Client) -> None:
    address = reverse("visits:door", args=(cast.household(1).code,))
    assert client.get(address)["Location"] == reverse("public:village", args=(COUNTY, WILLOW))
    assert logged_in(cast, "bearer").get(address)["Location"] == reverse("field:door", args=(cast.household(1).code,))
    office = logged_in(cast, "village_office")
    assert office.get(address)["Location"] == reverse("duties:target", args=(cast.household(1).code,))
    assert client.get(reverse("visits:door", args=(PEACH,))).status_code == 404


def test_the_way_back_of_a_bearer_leads_to_no_refusal(cast: Cast) -> None:
    stage(cast)
    me, office = logged_in(cast, "bearer"), logged_in(cast)
    duty = Duty.objects.filter(person=cast.people["P06"], target=cast.household(1)).latest("pk")
    home = cast.household(1).code
    ways = {
        "visits:record": ((), {"for": "P06"}), "visits:handbook": ((duty.pk,), {}), "duties:bearer": (("P06",), {}),
        "duties:target": ((home,), {}), "visits:cards": (("P06",), {}),
    }  # fmt: skip
    for name, (args, query) in ways.items():
        shown = page(me, reverse(name, args=args), **query)
        assert f'href="{reverse("visits:ground")}"' not in shown, name
        assert f'href="{reverse("duties:coverage")}"' not in shown, name
    bears(cast, "committee", "P08", home)
    shown = page(me, reverse("duties:target", args=(home,)))
    assert reverse("duties:bearer", args=("P06",)) in shown
    assert cast.people["P08"].name in shown
    assert reverse("duties:bearer", args=("P08",)) not in shown
    assert reverse("duties:bearer", args=("P08",)) in page(office, reverse("duties:target", args=(home,)))
    assert f'href="{reverse("visits:ground")}"' in page(office, reverse("visits:record"), **{"for": "P06"})
