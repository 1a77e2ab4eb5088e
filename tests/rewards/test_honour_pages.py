"""Pages of titles and contests: done through forms, seen by whom, in few queries; the signed list adds up."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.budgets import assert_budget
from tests.cast import COUNTY, TOWN, WILLOW, Cast
from tests.rewards.stage import AFTER_NOTICE, LATER, with_rewards
from tests.rewards.test_honours import KEY, MORE, given_titles, ground, office, put_forward, stock
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.people.models import User
from xiangyue.places.models import Place
from xiangyue.rewards import contest_actions as contests
from xiangyue.rewards.contest_models import Contest, ContestStop, HandOut
from xiangyue.rewards.honour_models import Held, HonourBallot, HonourList, Nomination, Plaque
from xiangyue.standings.actions.publication import put_in_force

DAY = AFTER_NOTICE.date()


@pytest.fixture
def stage(cast: Cast) -> Cast:
    """The cast with three titles."""
    return with_rewards(cast, MORE)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, *args: Any) -> str:
    return reverse(f"rewards:{name}", args=args)


TITLE = (COUNTY, "linjiang", "family")


def test_a_title_is_given_through_its_pages(stage: Cast) -> None:
    village, county = logged_in(stage.users["village_office"]), logged_in(office(stage))
    first, second = stage.household(1).code, stage.household(2).code
    village.post(at("nominate", *TITLE), {"key": KEY, "place": first, "reason": "院子干净"})
    village.post(at("nominate", *TITLE), {"key": KEY, "lines": f"{second} 垃圾分得清\n"})
    assert Nomination.objects.count() == 2
    refused = village.post(at("nominate", *TITLE), {"key": KEY, "place": first, "reason": "好"}, follow=True)
    assert "已经推荐过" in refused.content.decode()
    assert village.post(at("honour_draw", *TITLE), {"key": KEY}).status_code == 403
    page = county.get(at("honour", *TITLE), {"key": KEY}).content.decode()
    assert "示例户1" in page
    ballot = {"key": KEY, "on": "2026-10-30", "minutes": "示例纪要1", "came": "2", "jurors": "甲评委、乙评委"}
    county.post(at("honour_vote", *TITLE), ballot | {f"votes-{first}": "2", f"votes-{second}": "1"})
    assert HonourBallot.objects.get().jurors == ["甲评委", "乙评委"]
    county.post(at("honour_draw", *TITLE), {"key": KEY})
    row = HonourList.objects.get()
    assert (row.n_chosen, row.lines.get(outcome="chosen").place.code) == (1, first)
    county.post(at("honour_propose", row.pk))
    row.refresh_from_db()
    assert row.publication is not None
    put_in_force(office(stage), row.publication, now=AFTER_NOTICE)
    shown = village.get(at("honour_list", row.pk)).content.decode()
    assert "第1轮到会 2 人，得 2 票（示例纪要1）" in shown


def test_the_way_to_what_is_due_stands_out_only_when_something_is(stage: Cast) -> None:
    page = logged_in(stage.users["county_office"]).get(at("honours")).content.decode()
    assert f'<a class="btn" href="{at("honours_due")}">' in page
    given_titles(stage)
    page = logged_in(stage.users["county_office"]).get(at("honours")).content.decode()
    assert f'<a class="btn btn-primary" href="{at("honours_due")}">' in page


def test_what_is_due_is_hung_from_its_list(stage: Cast) -> None:
    given_titles(stage)
    stock(stage, "001-003")
    Held.objects.update(given_on="2026-11-01")
    village, town = logged_in(stage.users["village_office"]), logged_in(stage.users["township_office"])
    keys = [str(pk) for pk in Held.objects.values_list("pk", flat=True)]
    assert village.post(at("plaques_act"), {"what": "hang", "chosen": keys}).status_code == 403
    assert "要挂牌的" in town.get(at("honours_due")).content.decode()
    town.post(at("plaques_act"), {"what": "hang", "chosen": keys, "spot": "院门", "on": "2026-11-02"})
    assert set(Held.objects.values_list("state", "spot")) == {("hanging", "院门")}
    home = stage.household(1).code
    assert "院门" in village.get(at("holder", home)).content.decode()
    bearer = logged_in(stage.users["bearer"])
    seen = [bearer.get(at("holder", stage.household(n).code)).status_code for n in range(1, 9)]
    assert sorted(set(seen)) == [200, 404]


def a_contest(cast: Cast) -> tuple[Contest, list[ContestStop]]:
    row = contests.open_contest(
        office(cast), ground(cast), "八整洁竞赛", KEY, ["family"], approval="示例-未报批", now=LATER
    )
    stops = [
        contests.add_stop(office(cast), row, cast.places[TOWN], f"示例{n}集", on=DAY.replace(day=n)) for n in (3, 6, 9)
    ]
    return row, stops


def test_goods_are_signed_for_and_add_up(stage: Cast) -> None:
    held = given_titles(stage)
    stock(stage, "001-003")
    with pytest.raises(Problem, match="没有批准文号"):
        contests.open_contest(office(stage), ground(stage), "竞赛", KEY, ["family"], approval=" ", now=LATER)
    row, stops = a_contest(stage)
    basin = contests.add_goods(office(stage), row, "脸盆", "个", 3)
    soap = contests.add_goods(office(stage), row, "洗衣粉", "袋", 5)
    first, later = [held[0].pk, held[1].pk], [held[2].pk]
    contests.plan_goods(office(stage), stops[0], first, {basin.pk: 1, soap.pk: 2}, today=DAY)
    with pytest.raises(Problem, match="少 1袋"):
        contests.plan_goods(office(stage), stops[1], later, {basin.pk: 1, soap.pk: 2}, today=DAY)
    with pytest.raises(Problem, match="已经安排在“示例3集”"):
        contests.plan_goods(office(stage), stops[1], first, {basin.pk: 1}, today=DAY)
    contests.plan_goods(office(stage), stops[1], later, {basin.pk: 1}, today=DAY)
    with pytest.raises(Problem, match="早于赶集日"):
        contests.sign(office(stage), stops[0], {held[0].place_id: "示例户1"}, on=DAY.replace(day=2), today=DAY)
    signed = {held[0].place_id: "示例户1"}
    last = DAY.replace(day=28)
    assert contests.sign(office(stage), stops[0], signed, on=DAY.replace(day=20), today=last, with_plaques=True) == 2
    totals = {one.goods.name: (one.bought, one.signed, one.waiting, one.left) for one in contests.totals(row)}
    assert totals == {"脸盆": (3, 1, 2, 0), "洗衣粉": (5, 2, 2, 1)}
    assert Plaque.objects.filter(state="out").count() == 1
    assert Held.objects.get(pk=held[0].pk).state == "handed"
    with pytest.raises(Problem, match="已经签收"):
        contests.unplan(office(stage), stops[0], held[0].place)
    assert contests.unplan(office(stage), stops[0], held[1].place) == 2


@pytest.mark.parametrize("said", ["2026年10月", "2026-10"])
def test_a_contest_is_opened_for_a_period_as_it_is_said(stage: Cast, said: str) -> None:
    told = {"name": "示例竞赛", "period": said, "approval": "示例-未报批", "honours": "|".join(TITLE)}
    page = logged_in(office(stage)).post(at("contest_open"), told, follow=True).content.decode()
    assert Contest.objects.get().key == "2026-10"
    assert "2026年10月 · 批准文号" in page
    refused = logged_in(office(stage)).post(at("contest_open"), told | {"period": "十月"}, follow=True).content.decode()
    assert "看不懂考核期" in refused
    assert "xiangyue" not in refused.split("看不懂考核期")[1][:80]


def test_the_signing_list_is_printed_and_recorded(stage: Cast) -> None:
    held = given_titles(stage)
    row, stops = a_contest(stage)
    basin = contests.add_goods(office(stage), row, "脸盆", "个", 3)
    county = logged_in(office(stage))
    chosen = {"chosen": [one.pk for one in held], f"goods-{basin.pk}": "1"}
    county.post(at("contest_plan", stops[0].pk), chosen)
    assert HandOut.objects.count() == 3
    ContestStop.objects.update(on="2026-11-03")
    page = county.get(at("contest_stop", stops[0].pk)).content.decode()
    assert "脸盆 3个" in page
    stock(stage, "001-003")
    Held.objects.update(given_on="2026-11-01")
    signed = {"chosen": [held[0].place_id], f"by-{held[0].place_id}": "示例户1", "on": "2026-11-03", "plaques": "1"}
    county.post(at("contest_sign", stops[0].pk), signed)
    assert HandOut.objects.exclude(signed_on=None).get().signed_by == "示例户1"
    village = logged_in(stage.users["village_office"])
    assert village.get(at("contest_stop", stops[0].pk)).status_code == 200
    assert village.post(at("contest_sign", stops[0].pk), signed).status_code == 403
    assert logged_in(stage.users["other_county_office"]).get(at("contest", row.pk)).status_code == 404
    _corrects(county, row, stops[0], held[0].place, basin.pk)
    assert village.get(at("contest_correct", stops[0].pk, held[0].place.code)).status_code == 403


def _corrects(county: Client, row: Contest, stop: ContestStop, home: Place, basin: int) -> None:
    """The page of a correction, from a wrong name and number to not signed at all."""
    address = at("contest_correct", stop.pk, home.code)
    assert address in county.get(at("contest_stop", stop.pk)).content.decode()
    right = {f"goods-{basin}": "1", "by": "示例户1", "on": "2026-11-03", "reason": "名字写错"}
    assert "没有要更正的" in county.post(address, right, follow=True).content.decode()
    assert (
        "没有写理由" in county.post(address, right | {"by": "示例户1之子", "reason": " "}, follow=True).content.decode()
    )
    assert "少 " in county.post(address, right | {f"goods-{basin}": "9"}, follow=True).content.decode()
    county.post(address, right | {"by": "示例户1之子"})
    lines = HandOut.objects.filter(place=home).order_by("pk")
    assert [(line.signed_by, line.reason) for line in lines] == [("示例户1", "名字写错"), ("示例户1之子", "")]
    assert "示例户1之子" in county.get(at("contest_stop", stop.pk)).content.decode()
    assert "名字写错" in county.get(address).content.decode()
    signed = {one.goods.name: (one.signed, one.waiting) for one in contests.totals(row)}
    assert signed == {"脸盆": (1, 2)}
    county.post(address, right | {"unsigned": "1", "reason": "那天没有来"})
    assert HandOut.objects.current().filter(place=home).get().signed_on is None
    assert {one.goods.name: (one.signed, one.waiting) for one in contests.totals(row)} == {"脸盆": (0, 3)}
    assert "已退回待领" in county.get(address).content.decode()
    assert Change.objects.filter(act="hand_out.corrected").count() == 2


def test_the_public_reads_titles_without_names(stage: Cast) -> None:
    given_titles(stage)
    Held.objects.update(given_on="2026-11-01")
    text = Client().get(reverse("public:honours", args=(COUNTY,))).content.decode()
    assert "最美家庭" in text
    assert "示例-未报批" in text
    assert "示例户" not in text


def test_pages_keep_their_budgets(stage: Cast) -> None:
    put_forward(stage, 8, "family")
    Nomination.objects.all().delete()
    given_titles(stage)
    row, stops = a_contest(stage)
    basin = contests.add_goods(office(stage), row, "脸盆", "个", 3)
    contests.plan_goods(office(stage), stops[0], Held.objects.values_list("pk", flat=True), {basin.pk: 1}, today=DAY)
    pages = {
        "rewards:honours": at("honours"), "rewards:honours_due": at("honours_due"), "rewards:honour": at("honour", *TITLE),
        "rewards:honour_list": at("honour_list", HonourList.objects.get().pk),
        "rewards:holder": at("holder", stage.household(1).code), "rewards:contests": at("contests"),
        "rewards:contest": at("contest", row.pk), "rewards:contest_stop": at("contest_stop", stops[0].pk),
        "public:honours": reverse("public:honours", args=(COUNTY,)),
    }  # fmt: skip
    client = logged_in(office(stage))
    for name, url in pages.items():
        client.get(url)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        assert_budget(name, len(queries))
    assert Held.objects.filter(place__path__contains=WILLOW).count() == 3


def test_a_title_opens_on_the_last_month_that_has_something(stage: Cast) -> None:
    village = logged_in(stage.users["village_office"])
    empty = village.get(at("honour", *TITLE)).context["key"]
    village.post(at("nominate", *TITLE), {"key": KEY, "place": stage.household(1).code, "reason": "院子干净"})
    assert village.get(at("honour", *TITLE)).context["key"] == KEY != empty
    assert village.get(at("honour", *TITLE), {"key": empty}).context["key"] == empty
