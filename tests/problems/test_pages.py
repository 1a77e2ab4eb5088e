"""The pages of problems: done through forms, seen by whom, in few queries whatever their number."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, NOW, PEACH, TOWN, WILLOW, Cast
from tests.problems.rows import HOME, closed, look_of, reported, sender, step, supply_of
from xiangyue.problems.actions.reporting import step_problem
from xiangyue.problems.actions.stepping import bearer_key
from xiangyue.problems.models import Given, LookDraw, Problem, Supply


def client(cast: Cast, name: str) -> Client:
    """One of the cast, logged in."""
    found = Client()
    found.force_login(cast.users[name])
    return found


def at(name: str, *args: Any) -> str:
    return reverse(f"problems:{name}", args=args)


def body(reply: Any) -> str:
    return str(reply.content.decode())


def test_a_bearer_reports_and_mends_on_the_phone_and_the_secretary_verifies(cast: Cast) -> None:
    bearer, village = client(cast, "bearer"), client(cast, "village_office")
    assert "1号" in body(bearer.get(at("report")))
    page = body(bearer.get(at("report"), {"place": HOME}))
    assert "柴草乱垛" in page
    assert "7 天内整改" in page
    sent = {"place": HOME, "kind": "firewood", "text": "堆在门口"}
    page = body(bearer.post(at("report"), sent, follow=True))
    assert "已报上去" in page
    found = Problem.objects.get()
    assert found.source == "field"
    assert "已整改好" in page
    page = body(bearer.post(at("take", found.pk), {"step": "mended", "text": "已归垛码齐"}, follow=True))
    assert "待核实" in page
    assert "核实：整改好了" not in page
    assert "己党员" in body(village.get(at("mine"), {"tab": "verify"}))
    page = body(village.post(at("take", found.pk), {"step": "verified"}, follow=True))
    assert "已销号" in page
    assert "已归垛码齐" in page


def test_what_cannot_be_done_is_told(cast: Cast) -> None:
    found = reported(cast)
    village = client(cast, "village_office")
    page = body(village.post(at("take", found.pk), {"step": "mended", "text": ""}, follow=True))
    assert "没有写明做了什么" in page
    page = body(village.post(at("take", found.pk), {"step": "verified"}, follow=True))
    assert "不能再“核实整改好”" in page
    assert Problem.objects.get().n_steps == 1
    page = body(client(cast, "bearer").post(at("report"), {"place": PEACH, "kind": "rubbish"}, follow=True))
    assert "不在您的范围内" in page


def test_passing_on_planning_and_merging_through_forms(cast: Cast) -> None:
    found, twin = reported(cast), reported(cast, by="village_office")
    village = client(cast, "village_office")
    told = {"step": "planned", "text": "先清后绿", "code": "P08", "until": "2026-12-20"}
    assert "已记下" in body(village.post(at("take", found.pk), told, follow=True))
    found.refresh_from_db()
    assert found.person == cast.people["P08"]
    assert "辛委员" in body(village.get(at("problem", found.pk)))
    village.post(at("merge", twin.pk), {"into": str(found.pk)})
    twin.refresh_from_db()
    assert twin.into == found
    village.post(at("take", found.pk), {"step": "escalated", "text": "要钩机"})
    found.refresh_from_db()
    assert found.tier == "township"


def test_a_doubt_is_shown_and_decided(cast: Cast) -> None:
    found = closed(cast)
    step_problem(sender(cast, "bearer"), found.uuid, "mended", text="我也清了", base=1, now=NOW)
    village = client(cast, "village_office")
    page = body(village.get(at("problem", found.pk)))
    assert "存疑" in page
    page = body(village.post(at("decide", found.pk, 4), {"answer": "decline"}, follow=True))
    assert "没有采纳" in page
    assert "存疑，还不算" not in page


def test_the_overview_counts_by_township_and_village(cast: Cast) -> None:
    closed(cast)
    reported(cast, kind="rubbish", now=timezone.now() - timedelta(days=9), by="village_office")
    county = client(cast, "county_office")
    page = body(county.get(at("overview"), {"at": COUNTY, "span": "all"}))
    assert "东河镇" in page
    assert "共 2 件，已销号 1 件，销号率 50.00%" in page
    assert "柳树村" in body(county.get(at("overview"), {"at": TOWN, "span": "all"}))
    assert county.get(at("overview"), {"at": "990200"}).status_code == 404
    page = body(county.get(at("digest")))
    assert "逾期 1 件" in page
    assert "己党员" in page


def test_a_need_is_matched_with_an_offer(cast: Cast) -> None:
    found = reported(cast)
    supply = Supply.objects.get(pk=supply_of(cast, True))
    Supply.objects.filter(pk=supply.pk).update(from_on=NOW.date() - timedelta(days=3))
    step(cast, found, "bearer", "escalated", "要垃圾桶", to="township")
    town = client(cast, "township_office")
    page = body(town.get(at("lists")))
    assert "垃圾桶" in page
    page = body(town.post(at("give", found.pk), {"supply": str(supply.pk), "amount": "9"}, follow=True))
    assert "只剩 5 个" in page
    town.post(at("give", found.pk), {"supply": str(supply.pk), "amount": "2"})
    found.refresh_from_db()
    supply.refresh_from_db()
    assert (found.organisation, supply.n_given) == (cast.organisations["D01"], 2)
    assert Given.objects.get().amount == 2
    assert "示例县农业农村局" in body(town.get(at("lists"), {"tab": "tasks"}))
    assert "柳树村" in body(town.get(at("lists"), {"tab": "supplies"}))


def test_a_unit_sees_what_was_given_to_it_and_no_doors(cast: Cast) -> None:
    person = cast.people["P11"]
    person.organisation = cast.organisations["D01"]
    person.save()
    mine, other = reported(cast), reported(cast, by="village_office", kind="sewage")
    step(cast, mine, "village_office", "assigned", to=bearer_key("D01", mine.place.path))
    unit = client(cast, "department")
    assert unit.get(at("problem", mine.pk)).status_code == 200
    assert unit.get(at("problem", other.pk)).status_code == 404
    page = body(unit.post(at("take", mine.pk), {"step": "mended", "text": "已清"}, follow=True))
    assert "待核实" in page


def test_a_month_is_planned_and_drawn_through_its_pages(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    county = client(cast, "county_office")
    page = body(county.get(at("looks")))
    assert "定一个月的抽签" in page
    assert "定一个月的抽签" not in body(client(cast, "township_office").get(at("looks")))
    told = {"month": "2026-99", "number_name": "彩票", "number_on": "2027-01-01"}
    assert "没有选月份" in body(county.post(at("look_plan"), told, follow=True))
    row = LookDraw.objects.get(pk=look_of(cast, True))
    assert row.secret not in body(county.get(at("look", row.pk)))
    page = body(county.post(at("look_draw", row.pk), {"number": "0734215"}, follow=True))
    assert "已抽出 0 件" in page
    assert row.secret in page


def test_what_is_offered_says_its_kinds_by_name_and_takes_names_or_codes(cast: Cast) -> None:
    county, new = client(cast, "county_office"), reverse("desk:create", args=["supply"])
    told = {
        "ground": COUNTY,
        "organisation": "D01",
        "what": "清运车",
        "from_on": "2026-11-01",
        "amount": "5",
        "unit": "车次",
    }
    page = body(county.get(new))
    assert "问题种类的名称" in page
    assert "rubbish" not in page
    page = body(county.post(new, {**told, "kinds": "垃圾乱倒、飞碟"}))
    assert "“飞碟”不是这里的问题种类。请填：垃圾乱倒、" in page
    assert "垃圾乱倒、飞碟" in page
    county.post(new, {**told, "kinds": "sewage, 垃圾乱倒"})
    row = Supply.objects.get()
    assert row.kinds == "污水乱泼、垃圾乱倒"
    assert "污水乱泼、垃圾乱倒" in body(county.get(reverse("desk:edit", args=["supply", row.pk])))
    assert row.is_for(reported(cast, kind="sewage"))
    assert not row.is_for(reported(cast, kind="manure", place=f"{WILLOW}-H00002"))


@pytest.mark.parametrize("many", [False, True])
def test_pages_stay_in_their_budgets(cast: Cast, many: bool) -> None:
    first = reported(cast)
    step(cast, first, "bearer", "escalated", "要钩机", to="township")
    supply_of(cast, True)
    closed(cast, place=f"{WILLOW}-H00002", kind="sewage")
    if many:
        for number in range(1, 9):
            one = reported(cast, by="village_office", place=f"{WILLOW}-H{number:05d}", kind="manure")
            step(cast, one, "village_office", "escalated", "办不了", to="township")
        for _n in range(6):
            step(cast, first, "township_office", "note")
    for who, name, args in (
        ("bearer", "problems:mine", ()), ("village_office", "problems:mine", ()),
        ("county_office", "problems:overview", ()), ("county_office", "problems:digest", ()),
        ("county_office", "problems:lists", ()), ("township_office", "problems:problem", (first.pk,)),
        ("bearer", "problems:report", ()), ("county_office", "problems:looks", ()),
        ("county_office", "problems:look", (look_of(cast, True),)),
    ):  # fmt: skip
        browser = client(cast, who)
        browser.get(reverse(name, args=args))
        cache.clear()
        with CaptureQueriesContext(connection) as told:
            assert browser.get(reverse(name, args=args)).status_code == 200
        assert_budget(name, len(told))


def test_the_kinds_of_a_place_are_those_of_its_scheme() -> None:
    from xiangyue.schemes import pack

    kinds = {kind.code: kind for kind in pack("linjiang").problem_kinds}
    assert {"rubbish", "sewage", "firewood", "manure", "sheds"} <= set(kinds)
    assert json.dumps([kinds["sheds"].days, kinds["rubbish"].days]) == "[30, 3]"
