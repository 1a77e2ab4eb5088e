"""The pages of lists, appraisals, plans and the simulation: who sees what, in few queries, and what they do."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from tests.budgets import assert_budget
from tests.cast import COUNTY, PEACH, WILLOW, Cast
from tests.rewards.stage import LATER, YEAR, bears, closing, in_force, second_clerk, villages, with_rewards
from tests.rewards.test_incentives import closed, drafted, heads, lists
from xiangyue.base.models import Change
from xiangyue.people.grants import scope_of
from xiangyue.people.models import User
from xiangyue.places.models import Place
from xiangyue.rewards import offers
from xiangyue.rewards.award_models import AwardList
from xiangyue.rewards.edition import State
from xiangyue.rewards.incentive_actions import approve_plan, mark_paid
from xiangyue.rewards.incentive_models import IncentivePlan, Payment
from xiangyue.rewards.performance_actions import appraise, propose_appraisal
from xiangyue.rewards.performance_models import AppraisalLine
from xiangyue.standings.models import Period


@pytest.fixture
def year(cast: Cast) -> Cast:
    """A closed year of five villages."""
    return closed(with_rewards(cast), 9_500, 9_000, 8_500, 8_000, 7_000)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, *args: Any, query: str = "") -> str:
    return reverse(f"rewards:{name}", args=args) + query


def what(kind: str, code: str, ground: str = COUNTY) -> dict[str, str]:
    return {"what": f"{kind}|{ground}|linjiang|{code}|{YEAR}"}


def simulate(query: str = "") -> str:
    return at("simulate", COUNTY, "year_2", YEAR, query=f"?scheme=linjiang{query}")


def test_a_list_is_drawn_looked_at_and_proposed(year: Cast) -> None:
    client = logged_in(year.users["county_office"])
    offered = client.get(at("lists")).content.decode()
    assert "2026年 · 先进村" in offered
    answer = client.post(at("draw"), what("award", "village_2"), follow=True)
    text = answer.content.decode()
    row = AwardList.objects.get()
    assert "标兵村" in text
    assert "500,000.00" in text
    assert "没有因同分多出的钱" in text
    client.post(at("propose", row.pk))
    row.refresh_from_db()
    assert row.state == State.PROPOSED


def test_closed_years_are_offered_first_and_one_that_runs_says_so(year: Cast) -> None:
    day = date(2027, 1, 5)
    held = {"ground": year.places[COUNTY], "scheme": "linjiang", "kind": "year"}
    Period.objects.create(key="2027", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31), **held)
    found = offers.offers(scope_of(year.users["county_office"], day), (AwardList.Kind.AWARD,), day)
    told = [one.words for one in found if one.code == "village_2"]
    assert told == ["2026年 · 先进村", "2027年 · 先进村（还没关账）"]


def test_drafts_are_seen_only_by_who_works_on_them(year: Cast) -> None:
    row = lists(year, force=False)[0]
    assert logged_in(year.users["auditor"]).get(at("list", row.pk)).status_code == 200
    for name in ("township_office", "village_office", "bearer", "department"):
        assert logged_in(year.users[name]).get(at("list", row.pk)).status_code == 404
    AwardList.objects.filter(pk=row.pk).update(state=State.IN_FORCE)
    for name in ("township_office", "village_office", "bearer", "department"):
        assert logged_in(year.users[name]).get(at("list", row.pk)).status_code == 200
    assert logged_in(year.users["other_county_office"]).get(at("list", row.pk)).status_code == 404


def test_one_is_struck_on_the_page(year: Cast) -> None:
    row = lists(year, force=False)[0]
    client = logged_in(year.users["county_office"])
    line = row.lines.order_by("position")[0]
    client.post(at("strike", row.pk), {"line": line.pk, "reason": "弄虚作假"})
    newer = AwardList.objects.get(code="village_2", version=2)
    assert "弄虚作假" in client.get(at("list", newer.pk)).content.decode()
    assert "没有选对象" in client.post(at("strike", newer.pk), {"line": "x"}, follow=True).content.decode()


def test_the_simulation_shows_both_sides_and_stores_nothing(year: Cast) -> None:
    lists(year)
    heads(year)
    client = logged_in(year.users["county_office"])
    same = client.get(simulate()).content.decode()
    assert "没有变化" in same
    text = client.get(
        simulate("&places.village_2.model=3&amount.qualified=60000.50&budget.county=700000")
    ).content.decode()
    # three model villages in the place of one: 600,000 + 2 × 100,000, and nobody is left for the third class
    assert "800,000.00" in text
    assert "+200,000.00" in text
    assert "超出预算" in text
    assert "原 50000" in text
    assert IncentivePlan.objects.count() == 0


def test_a_wrong_number_is_told_and_not_used(year: Cast) -> None:
    lists(year)
    client = logged_in(year.users["county_office"])
    text = client.get(simulate("&places.village_2.model=-1&amount.model=abc")).content.decode()
    assert text.count("请填不小于0的数字") == 2
    assert "没有变化" in text


def test_a_plan_from_draft_to_payment_list(year: Cast) -> None:
    lists(year)
    heads(year)
    clerk, other = logged_in(year.users["county_office"]), logged_in(second_clerk(year))
    clerk.post(at("draft"), what("incentives", "year_2"))
    plan = IncentivePlan.objects.get()
    assert "660,000.00" in clerk.get(at("plan", plan.pk)).content.decode()
    assert clerk.get(at("payment_list", plan.pk)).status_code == 409
    clerk.post(at("approve", plan.pk))
    plan.refresh_from_db()
    assert plan.state == State.DRAWN
    home = other.get(reverse("home")).content.decode()
    assert f'href="{at("plan", plan.pk)}"' in home
    assert "待审批奖补" in home
    other.post(at("approve", plan.pk))
    plan.refresh_from_db()
    assert plan.state == State.IN_FORCE
    assert "待审批奖补" not in other.get(reverse("home")).content.decode()
    chosen = [line.pk for line in plan.lines.filter(rule="model")]
    clerk.post(at("pay", plan.pk), {"chosen": chosen, "paid_on": "2026-11-20", "voucher": "=示例-001"})
    payment = Payment.objects.get()
    book = openpyxl.load_workbook(BytesIO(b"".join(clerk.get(at("payment_list", plan.pk)).streaming_content)))  # type: ignore[attr-defined]
    rows = list(book.active.iter_rows(values_only=True))
    # one row a subject: the first village by three rules, its secretary apart
    assert rows[1][2:5] == ("示例1村", villages(year, 1)[0].code, 357_000)
    assert rows[1][6:9] == (200_000, "2026-11-20", "=示例-001")
    assert rows[-1][4] == 660_000
    assert sum(row[4] for row in rows[1:-1]) == 660_000
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    assert Change.objects.filter(act="incentive_plan.exported").count() == 1
    clerk.post(at("reverse", payment.pk), {"reason": "退回"})
    payment.refresh_from_db()
    assert payment.reversed_at is not None
    assert "退回" in clerk.get(at("plan", plan.pk)).content.decode()


def test_a_village_sees_only_its_own_lines_once_approved(year: Cast) -> None:
    lists(year)
    heads(year)
    plan = drafted(year)
    village = year.users["village_office"]
    assert logged_in(village).get(at("plan", plan.pk)).status_code == 404
    approve_plan(second_clerk(year), plan, now=LATER)
    plan.lines.filter(rule="advanced", subject=villages(year, 2)[1].code).update(path=year.places[WILLOW].path)
    text = logged_in(village).get(at("plan", plan.pk)).content.decode()
    assert "示例2村" in text
    assert "示例3村" not in text
    assert "660,000.00" not in text
    assert logged_in(village).get(at("payment_list", plan.pk)).status_code == 403
    assert logged_in(village).post(at("pay", plan.pk)).status_code == 403


def test_a_bearer_sees_only_its_own_appraisal(year: Cast) -> None:
    homes = {year.household(n).code: 9_000 for n in range(1, 9)}
    closing(year, {"homes_2": homes}, version=2)
    row = appraise(year.users["county_office"], year.places[COUNTY], "members_2", YEAR, now=LATER)
    own, other = (AppraisalLine.objects.get(appraisal=row, subject=f"person:{code}") for code in ("P06", "P07"))
    bearer = logged_in(year.users["bearer"])
    assert bearer.get(at("appraisal_line", own.pk)).status_code == 404
    propose_appraisal(year.users["county_office"], row, now=LATER)
    text = bearer.get(at("appraisal_line", own.pk)).content.decode()
    assert "所包农户成绩 90.00 × 40" in text
    assert "绩效系数" in text
    assert "太少" in text
    assert bearer.get(at("appraisal_line", other.pk)).status_code == 404
    assert "己党员" in bearer.get(at("mine")).content.decode()
    shown = bearer.get(at("appraisal", row.pk)).content.decode()
    assert "己党员" in shown
    assert "庚党员" not in shown
    village = logged_in(year.users["village_office"]).get(at("appraisal_line", other.pk)).content.decode()
    assert "绩效系数" not in village
    assert logged_in(year.users["other_county_office"]).get(at("appraisal", row.pk)).status_code == 404


def test_a_department_sees_its_own(year: Cast) -> None:
    bears(year, "departments", year.places[WILLOW], unit="D01")
    bears(year, "departments", year.places[PEACH], unit="E01")
    person = year.people["P11"]
    person.organisation = year.organisations["D01"]
    person.save()
    closing(year, {"villages_2": {WILLOW: 9_000, PEACH: 8_000}}, version=2)
    row = appraise(year.users["county_office"], year.places[COUNTY], "departments_2", YEAR, now=LATER)
    propose_appraisal(year.users["county_office"], row, now=LATER)
    text = logged_in(year.users["department"]).get(at("appraisal", row.pk)).content.decode()
    assert "示例县农业农村局" in text
    assert "示例县青禾公司" not in text


def test_a_commendation_is_written_approved_and_public(year: Cast) -> None:
    first = villages(year, 1)[0]
    bears(year, "departments", first, unit="D01")
    bears(year, "township_leaders", first, person="P03")
    lists(year)
    clerk, other = logged_in(year.users["county_office"]), logged_in(year.users["township_office"])
    clerk.post(at("draw"), what("commendation", "model_bearers"))
    row = AwardList.objects.get(kind="commendation")
    assert {line.subject for line in row.lines.all()} == {"unit:D01", "person:P03"}
    assert "所包保的 1 个对象在“先进村”中评为标兵村" in row.text
    line = row.lines.get(subject="unit:D01")
    clerk.post(at("text", row.pk), {f"method-{line.pk}": "每周带头清沟"})
    row.refresh_from_db()
    assert "做法：每周带头清沟。" in row.text
    clerk.post(at("propose", row.pk))
    clerk.post(at("approve_text", row.pk))
    row.refresh_from_db()
    assert (row.state, row.approved_at) == (State.DRAWN, None)
    assert other.post(at("approve_text", row.pk)).status_code == 404
    logged_in(second_clerk(year)).post(at("approve_text", row.pk))
    clerk.post(at("propose", row.pk))
    in_force(year, row)
    text = b"".join([logged_in(year.users["bearer"]).get(at("text_file", row.pk)).content]).decode()
    assert text.startswith("\ufeff示例县2026年标兵村包保人通报表扬\r\n")
    answer = logged_in(year.users["bearer"]).get(at("text_document", row.pk))
    assert answer.headers["Content-Disposition"].endswith(".docx")
    document = Document(BytesIO(answer.content))
    assert [part.text for part in document.paragraphs] == [part for part in row.text.split("\n") if part]
    assert document.paragraphs[0].runs[0].bold
    assert document.core_properties.author == row.ground.name
    award = AwardList.objects.exclude(kind="commendation")[0]
    assert logged_in(year.users["county_office"]).get(at("text_document", award.pk)).status_code == 404


def test_pages_keep_their_budgets(year: Cast) -> None:
    from xiangyue.rewards.edition import Edition

    row = lists(year)[0]
    heads(year)
    plan = drafted(year)
    approve_plan(second_clerk(year), plan, now=LATER)
    mark_paid(year.users["county_office"], plan, [plan.lines.all()[0].pk], paid_on=LATER.date(), voucher="1", now=LATER)
    closing(year, {"homes_2": {year.household(n).code: 9_000 for n in range(1, 9)}}, version=9)
    made: Edition = appraise(year.users["county_office"], year.places[COUNTY], "members_2", YEAR, now=LATER)
    line = AppraisalLine.objects.filter(appraisal=made.pk)[0]
    client = logged_in(year.users["county_office"])
    pages = {
        "rewards:lists": at("lists"), "rewards:list": at("list", row.pk), "rewards:plans": at("plans"),
        "rewards:plan": at("plan", plan.pk), "rewards:simulate": simulate(), "rewards:appraisals": at("appraisals"),
        "rewards:appraisal": at("appraisal", made.pk), "rewards:appraisal_line": at("appraisal_line", line.pk),
    }  # fmt: skip
    for name, url in pages.items():
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        assert_budget(name, len(queries))
    assert Place.objects.exists()
