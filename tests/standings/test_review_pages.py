"""The pages of a staged review: who sees what while it is worked on and afterwards, forms, workbooks, budgets."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, STREET, TOWN, WILLOW, Cast
from tests.standings import reviews
from tests.standings.reviews import MUTUAL, NORTH, TOWNS, clerk, later
from xiangyue.base.models import Change
from xiangyue.standings.reviews.models import Review, ReviewComment, ReviewFile, ReviewPlan, ReviewStageVersion
from xiangyue.standings.reviews.planning import turns_of
from xiangyue.standings.reviews.stages import finish_stage, open_stage


@pytest.fixture
def county(cast: Cast) -> Cast:
    """Four townships with seven villages."""
    return reviews.county(cast)


@pytest.fixture
def review(county: Cast) -> Review:
    """The mutual stage in force, the departments' open and filled, its jury's ballot recorded."""
    row, stage = reviews.mutual(county)
    reviews.all_turns(county, row, kinds=1)
    finish_stage(clerk(county), stage, now=later(1), accept_gaps="示例：只评一种表")
    open_stage(clerk(county), row, "departments", now=later(2))
    reviews.departments(county, row, later(2))
    return row


def as_user(cast: Cast, name: str = "county_office") -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def page(client: Client, name: str, *args: Any, status: int = 200) -> str:
    response = client.get(reverse(f"standings:{name}", args=args))
    assert response.status_code == status, name
    return response.content.decode()


def act(client: Client, address: str, /, *args: Any, **told: Any) -> str:
    response = client.post(reverse(f"standings:{address}", args=args), told, follow=True)
    return str(response.content.decode())


def test_from_opening_to_the_drawn_plan_by_the_pages(county: Cast) -> None:
    client = as_user(county)
    assert "三阶逐评" in page(client, "reviews")
    year = str(timezone.localdate().year)
    shown = act(client, "review_open", ground=COUNTY, scheme="tumen", code="three_stages", key=year)
    row = Review.objects.get()
    assert "已开评" in shown
    for n, town in enumerate(TOWNS):
        act(client, "review_team_act", row.pk, town, do="lead", person=f"RL{n}")
    assert "甲副书记" in page(client, "review_teams", row.pk)
    shown = act(client, "review_team_act", row.pk, STREET, do="bar", subject=WILLOW, reason="组长的妹妹任村会计")
    assert "组长的妹妹任村会计" in shown
    soon = timezone.localdate() + timedelta(days=3)
    shown = act(client, "review_plan_act", row.pk, do="make", number_name="下一期双色球", number_on=soon.isoformat())
    plan = ReviewPlan.objects.get()
    assert plan.commitment in shown
    assert plan.secret not in shown
    assert plan.secret not in page(client, "review_plan", row.pk)
    assert client.get(reverse("standings:review_plan_file", args=[row.pk, 1])).status_code == 404
    shown = act(client, "review_plan_act", row.pk, do="draw", number="1 2 3")
    assert "才公布" in shown
    ReviewPlan.objects.update(number_on=timezone.localdate())
    shown = act(client, "review_plan_act", row.pk, do="draw", number="03 11 17")
    assert "已抽定" in shown
    assert plan.secret in shown
    told = client.get(reverse("standings:review_plan_file", args=[row.pk, 1])).json()
    assert told["number"] == "03 11 17"
    assert "相符" in act(client, "review_verify", row.pk)
    assert "本镇" in page(client, "review_plan", row.pk)


def test_a_team_sees_and_enters_its_own_turns_only(county: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    review, _stage = reviews.mutual(county)
    monkeypatch.setattr(timezone, "now", lambda: MUTUAL)
    turns = turns_of(ReviewPlan.objects.get())
    mine = [subject for team, subject in turns if team == TOWN]
    client = as_user(county, "RM0")
    shown = client.get(reverse("checks:entry")).content.decode()
    for subject in mine:
        assert reverse("checks:sheet", args=["mutual_field", subject]) in shown
    others = {subject for _team, subject in turns} - set(mine)
    assert others
    for subject in others:
        assert reverse("checks:sheet", args=["mutual_field", subject]) not in shown
    sheet = client.get(reverse("checks:sheet", args=["mutual_field", mine[0]]))
    assert sheet.status_code == 200
    assert "甲副书记" in sheet.content.decode()
    assert "乙副书记" not in sheet.content.decode()
    assert client.get(reverse("checks:sheet", args=["mutual_field", next(iter(others))])).status_code in (403, 404)
    home = next(subject for subject in others if subject.startswith(TOWN))
    assert client.get(reverse("checks:sheet", args=["mutual_field", home])).status_code == 403
    done = client.post(reverse("checks:sheet", args=["mutual_field", mine[0]]), {"day": MUTUAL.date().isoformat()})
    assert done.status_code == 302
    shown = page(client, "review_team", review.pk, TOWN)
    assert "已交" in shown
    assert "甲副书记" in page(client, "review_sheets", review.pk, TOWN)
    page(client, "review_team", review.pk, NORTH, status=403)


def test_a_team_is_led_from_home_to_its_sheets(county: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    review, _stage = reviews.mutual(county)
    monkeypatch.setattr(timezone, "now", lambda: MUTUAL)
    client, mine = as_user(county, "RL0"), reverse("standings:review_team", args=[review.pk, TOWN])
    n = sum(team == TOWN for team, _subject in turns_of(ReviewPlan.objects.get()))
    home = client.get(reverse("home")).content.decode()
    assert "待交的评审表" in home
    assert f"本组评{n}个村" in home
    assert mine in home
    shown = page(client, "review", review.pk)
    assert "正在评审；公示以后才看得到得分" in shown
    assert mine in shown
    assert reverse("standings:review_stage", args=[review.pk, "mutual"]) not in shown
    reviews.all_turns(county, review)
    cache.clear()
    assert "待交的评审表" not in client.get(reverse("home")).content.decode()


def test_what_is_worked_on_is_seen_from_inside_only(county: Cast, review: Review) -> None:
    office, town, village = as_user(county), as_user(county, "RL0"), as_user(county, "village_office")
    assert "市级考评" in page(office, "review", review.pk)
    assert "示例评审〔2026〕1号" in page(office, "review_jury", review.pk, "departments")
    assert "还没有结果" in page(town, "review_stage", review.pk, "departments")
    assert "还没有结果" not in page(town, "review_stage", review.pk, "mutual")
    shown = page(village, "review_village", review.pk, WILLOW)
    assert "镇际互评" in shown
    assert "部门点评" not in shown
    page(village, "review_village", review.pk, f"{NORTH}201", status=403)
    page(as_user(county, "keeper"), "review", review.pk, status=404)
    page(as_user(county, "other_county_office"), "review", review.pk, status=404)
    page(town, "review_strictness", review.pk, "mutual", status=403)
    stage = ReviewStageVersion.objects.get(stage="departments")
    finish_stage(clerk(county), stage, now=later(3))
    shown = page(village, "review_village", review.pk, WILLOW)
    assert "巷道整洁" in shown
    notice = page(village, "publication", ReviewStageVersion.objects.get(stage="departments").publication_id)
    assert "部门点评" in notice


def test_a_department_comments_for_itself(county: Cast, review: Review) -> None:
    unit = county.organisations["D01"]
    person = county.people["P11"]
    person.organisation = unit
    person.save()
    client = as_user(county, "department")
    shown = page(client, "review_jury", review.pk, "departments")
    assert unit.name in shown
    assert "示例评审〔2026〕1号" not in shown
    act(
        client,
        "review_jury_act",
        review.pk,
        "departments",
        do="comment",
        subject=WILLOW,
        unit="冒名局",
        text="产业有起色",
    )
    assert ReviewComment.objects.get(text="产业有起色").unit == unit.name
    held = client.post(reverse("standings:review_jury_act", args=[review.pk, "departments"]), {"do": "withdraw"})
    assert held.status_code == 403


def test_the_end_by_the_pages(county: Cast, review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = ReviewStageVersion.objects.get(stage="departments")
    finish_stage(clerk(county), stage, now=later(3))
    client = as_user(county)
    monkeypatch.setattr(timezone, "now", lambda: later(12))
    act(client, "put_in_force", stage.__class__.objects.get(pk=stage.pk).publication_id, version=1)
    assert "已开始" in act(client, "review_stage_act", review.pk, "city", do="open")
    assert "还缺" in page(client, "review_stage", review.pk, "city")
    reviews.county_stage(county, review, later(12))
    files = reverse("standings:review_files", args=[review.pk, "city", WILLOW])
    item = ReviewFile.objects.filter(subject__code=WILLOW).values_list("item", flat=True)[0]
    wrong = client.post(files, {f"seen.{item}": "1", f"document.{item}": " "})
    assert "没有文号" in wrong.content.decode()
    client.post(files, {f"seen.{item}": "1", f"document.{item}": "示档〔2026〕9号"})
    assert ReviewFile.objects.get(subject__code=WILLOW, item=item).document == "示档〔2026〕9号"
    assert "试算" in page(client, "review_final", review.pk)
    assert "不能这样调整" in act(
        client, "review_final_act", review.pk, do="deviate", subject=WILLOW, stars="1", reason="试"
    )
    shown = act(
        client, "review_final_act", review.pk, do="deviate", subject=WILLOW, stars="2", reason="巩固期不满一年，按二星"
    )
    assert "巩固期不满一年" in shown
    shown = act(
        client, "review_adjust", review.pk, "city", subject=WILLOW, amount="-1.5", name="复核", reason="示例会议1号"
    )
    assert "−1.50" in shown
    assert "公示到" in act(client, "review_stage_act", review.pk, "city", do="finish")
    shown = page(as_user(county, "village_office"), "review_final", review.pk)
    assert "巩固期不满一年" in shown


def test_workbooks_are_safe_and_logged(county: Cast, review: Review) -> None:
    county.places[WILLOW].name = "=1+1村"
    county.places[WILLOW].save()
    client = as_user(county)
    got = client.get(reverse("standings:review_book", args=[review.pk, "mutual"]))
    book = openpyxl.load_workbook(BytesIO(b"".join(got.streaming_content)))  # type: ignore[attr-defined]
    rows = list(book.worksheets[0].iter_rows())
    assert len(rows) == 1 + reviews.VILLAGES
    cell = next(row[1] for row in rows if row[2].value == WILLOW)
    assert (cell.value, cell.data_type) == ("=1+1村", "s")
    line = Change.objects.get(act="review.exported")
    assert line.after is not None
    assert line.after["which"] == "mutual"
    assert client.get(reverse("standings:review_book", args=[review.pk, "final"])).status_code == 404
    assert "互评报告" in page(client, "review_mutual", review.pk)


PAGES = (
    ("standings:reviews", ()), ("standings:review", ()), ("standings:review_teams", ()),
    ("standings:review_team", (TOWN,)), ("standings:review_plan", ()),
    ("standings:review_stage", ("mutual",)), ("standings:review_village", (WILLOW,)), ("standings:review_jury", ("departments",)),
    ("standings:review_strictness", ("mutual",)), ("standings:review_mutual", ()), ("standings:review_sheets", (TOWN,)),
)  # fmt: skip


def test_budgets(county: Cast, review: Review) -> None:
    client = as_user(county)
    for name, args in PAGES:
        held = () if name == "standings:reviews" else (review.pk,)
        address = reverse(name, args=[*held, *args])
        client.get(address)
        with CaptureQueriesContext(connection) as told:
            assert client.get(address).status_code == 200
        assert_budget(name, len(told))


def test_a_violation_is_chosen_from_the_scheme_s_kinds(county: Cast) -> None:
    client = as_user(county)
    form = client.get(reverse("desk:create", args=["violation"])).content.decode()
    assert '<option value="村干部违法犯罪（有生效裁判或处罚决定）">' in form
    assert f'<option value="{WILLOW}">' in form
    assert "H00001" not in form


def test_an_amount_that_is_no_number_is_told_as_that(review: Review, county: Cast) -> None:
    told = {"subject": WILLOW, "name": "偏宽", "reason": "示例"}
    for amount, words in (("两分", "“两分”不是能加减的分"), ("999", "“999”不是能加减的分"), ("0", "分值不能是 0")):
        shown = act(as_user(county), "review_adjust", review.pk, "departments", amount=amount, **told)
        assert words in shown
