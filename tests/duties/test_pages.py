"""The pages of duties, with their query budgets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, OTHER_VILLAGE, PEACH, STREET, TOWN, WILLOW, Cast
from xiangyue.agreements.models import SchemeVersion
from xiangyue.duties.models import Assignment, Duty

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
    assert response.status_code == 200, address
    if budget:
        assert_budget(budget, len(queries))
    return response.content.decode()


def test_the_overview_tells_gaps_and_the_next_step(cast: Cast) -> None:
    words = page(logged_in(cast), reverse("duties:coverage"), "duties:coverage")
    for expected in ("县级领导包乡镇", "党员包户、村“三委”干部包户", "无人包保", "按规则分配", "每户自己承担"):
        assert expected in words.replace("&quot;", '"')
    assert "57.14%" in words, "8 of 14 households"


def test_a_layer_by_township_and_down_to_the_door(cast: Cast) -> None:
    client = logged_in(cast)
    words = page(client, reverse("duties:layer", args=(COUNTY,)), "duties:layer", layer="members")
    assert "东河镇" in words
    assert "缺 6" in words
    words = page(client, reverse("duties:layer", args=(PEACH,)), "duties:layer", layer="members")
    assert "示例户1" in words
    assert reverse("duties:assign", args=(f"{PEACH}-H00001",)) in words


def test_the_auditor_reads_gaps_and_gives_nothing(cast: Cast) -> None:
    words = page(logged_in(cast, "auditor"), reverse("duties:layer", args=(PEACH,)), layer="members")
    assert "示例户1" in words
    assert reverse("duties:assign", args=(f"{PEACH}-H00001",)) not in words
    words = page(logged_in(cast, "department"), reverse("duties:layer", args=(PEACH,)), layer="members")
    assert "示例户1" not in words


def test_the_load_shows_who_has_much_and_who_has_nothing(cast: Cast) -> None:
    words = page(logged_in(cast), reverse("duties:load", args=(COUNTY,)), "duties:load", layer="members")
    assert words.index("己党员") < words.index("庚党员") < words.index("寅党员")
    assert "还没有对象" in words
    words = page(logged_in(cast), reverse("duties:load", args=(COUNTY,)), layer="members", show="none")
    assert "寅党员" in words
    assert "己党员" not in words


def test_a_bearer_sees_the_own_page_and_no_other(cast: Cast) -> None:
    client = logged_in(cast, "bearer")
    words = page(client, reverse("duties:bearer", args=("P06",)), "duties:bearer")
    assert "自家院先管好" in words
    assert "每天到每个对象 1 次" in words
    assert reverse("duties:hand_over", args=("P06",)) not in words
    assert client.get(reverse("duties:bearer", args=("P07",))).status_code == 404
    assert client.get(reverse("duties:hand_over", args=("P06",))).status_code == 403
    assert client.get(reverse("duties:coverage")).status_code == 403


def test_who_answers_for_a_household(cast: Cast) -> None:
    Duty.objects.filter(target=cast.household(2)).update(to_on=timezone.localdate().replace(day=1))
    client = logged_in(cast, "village_office")
    address = reverse("duties:target", args=(cast.household(2).code,))
    words = page(client, address, "duties:target")
    assert "以前和以后" in words
    assert "指定包保人" in words
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "己党员" in fragment


def test_a_duty_is_given_on_its_page(cast: Cast) -> None:
    client = logged_in(cast, "township_office")
    code = f"{PEACH}-H00001"
    address = reverse("duties:assign", args=(code,))
    assert "寅党员" in page(client, address, "duties:assign")
    today = timezone.localdate().isoformat()
    data = {"layer": "members", "bearer": f"p{cast.people['P13'].pk}", "from_on": today}
    assert client.post(address, data).status_code == 302
    assert Duty.objects.get(target__code=code).created_by == cast.users["township_office"]
    answer = client.post(address, data)
    assert answer.status_code == 409
    assert "已经包保" in answer.content.decode()


def test_handing_over_and_standing_in_on_their_pages(cast: Cast) -> None:
    client = logged_in(cast, "village_office")
    today = timezone.localdate().isoformat()
    taker = f"p{cast.people['P07'].pk}"
    address = reverse("duties:stand_in", args=("P06",))
    assert "庚党员" in page(client, address)
    assert client.post(address, {"stand_in": taker, "from_on": today, "to_on": today}).status_code == 302
    assert Duty.objects.filter(stand_in=cast.people["P07"]).count() == 4
    assert client.post(reverse("duties:stand_in_end", args=("P06",))).status_code == 302
    address = reverse("duties:hand_over", args=("P06",))
    words = page(client, address, "duties:hand_over")
    assert "共 4 个" in words
    only = list(Duty.objects.filter(person=cast.people["P06"]).values_list("pk", flat=True))[:2]
    response = client.post(address, {"takers": [taker], "on": today, "only": only})
    assert response.status_code == 302
    assert Duty.objects.live(timezone.localdate()).filter(person=cast.people["P07"]).count() == 5


def test_the_walk_of_the_rule(cast: Cast) -> None:
    client = logged_in(cast, "township_office")
    address = reverse("duties:rule", args=(TOWN,))
    assert "预览" in page(client, address)
    words = page(client, address, "duties:rule", layers="members")
    assert "照此分配" in words
    digest = words.split('name="digest" value="')[1].split('"')[0]
    today = timezone.localdate().isoformat()
    data = {"layers": ["members"], "on": today, "worst_percent": "", "digest": digest}
    stale = client.post(address, {**data, "digest": "0" * 16})
    assert stale.status_code == 409
    response = client.post(address, data)
    row = Assignment.objects.get()
    assert response.url == reverse("duties:assignment", args=(row.pk,))  # type: ignore[attr-defined]
    assert "撤回" in page(client, response.url, "duties:assignment")  # type: ignore[attr-defined]
    client.post(reverse("duties:assignment_undo", args=(row.pk,)))
    row.refresh_from_db()
    assert row.undone_at is not None
    assert Duty.objects.count() == 8


def test_before_the_first_scheme_begins_duties_are_given_from_its_first_day(cast: Cast) -> None:
    Duty.objects.all().delete()
    begin = timezone.localdate() + timedelta(days=10)
    SchemeVersion.objects.update(from_on=begin)
    told = f"{begin.year}年{begin.month}月{begin.day}日起施行"
    client, code = logged_in(cast), f"{PEACH}-H00001"
    for address in (
        reverse("duties:coverage"), reverse("duties:layer", args=(COUNTY,)), reverse("duties:load", args=(COUNTY,)),
        reverse("duties:rule", args=(TOWN,)), reverse("duties:target", args=(code,)),
        reverse("duties:assign", args=(code,)),
    ):  # fmt: skip
        words = page(client, address)
        assert told in words, address
        assert "没有包保层" not in words
    words = page(client, reverse("duties:rule", args=(TOWN,)), layers="members")
    data = {"layers": ["members"], "on": begin.isoformat(), "digest": words.split('name="digest" value="')[1][:16]}
    assert client.post(reverse("duties:rule", args=(TOWN,)), data).status_code == 302
    assert set(Duty.objects.values_list("from_on", flat=True)) == {begin}
    assert "寅党员" in page(client, reverse("duties:target", args=(code,)))
    SchemeVersion.objects.update(from_on=timezone.localdate())
    assert "起施行" not in page(client, reverse("duties:coverage"))


def test_where_no_department_sits_nothing_leads_to_assigning_by_rule(cast: Cast) -> None:
    county, town = (page(logged_in(cast), reverse("duties:coverage"), place=code) for code in (COUNTY, TOWN))
    assert f"{reverse('duties:rule', args=(COUNTY,))}?layers=departments" in county
    assert f"{reverse('duties:rule', args=(TOWN,))}?layers=members" in town
    assert "layers=departments" not in town
    layer = page(logged_in(cast), reverse("duties:layer", args=(TOWN,)), layer="departments")
    assert "按规则分配" not in layer
    assert "departments" not in page(logged_in(cast), reverse("duties:rule", args=(TOWN,)))


@pytest.mark.parametrize("place", [STREET, OTHER_VILLAGE])
def test_other_ground_is_not_there(cast: Cast, place: str) -> None:
    client = logged_in(cast, "township_office")
    for name in ("layer", "load", "rule", "target", "assign"):
        assert client.get(reverse(f"duties:{name}", args=(place,))).status_code == 404, name
    assert client.get(reverse("duties:coverage"), {"place": place}).status_code == 404
    own = client.get(reverse("duties:layer", args=(WILLOW,)))
    assert own.status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast) -> None:
    client = logged_in(cast)
    addresses = [
        reverse("duties:coverage"), reverse("duties:load", args=(COUNTY,)), reverse("duties:bearer", args=("P06",)),
        reverse("duties:layer", args=(COUNTY,)) + "?layer=members",
        reverse("duties:rule", args=(COUNTY,)) + "?layers=members",
    ]  # fmt: skip

    def counts() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found.append(len(queries))
        return found

    counts()
    many = counts()
    for number in (4, 3, 2):
        Duty.objects.filter(target=cast.household(number)).delete()
    assert all(few <= most for few, most in zip(counts(), many, strict=True))
    assert counts()[:3] == many[:3]
