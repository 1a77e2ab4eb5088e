"""The pages of inspections: the office arranges, the team goes, the village sees and objects, the month reports itself."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, NOW, Cast
from tests.checks.going import EVENING, LITTER, LOTTERY, SOON, THEN, opened, plan, sealed, sheet, turns
from xiangyue.base.models import Change
from xiangyue.checks.inspections.going import finish
from xiangyue.checks.inspections.models import Inspection, InspectionPlan, SheetObjection
from xiangyue.checks.models import Check
from xiangyue.people.models import User
from xiangyue.site.commands.draw import verify


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the clock."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_clock(NOW)
    return set_clock


def as_one(user: User) -> Client:
    """A browser of that user."""
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, url: str, status: int = 200) -> str:
    """What a page says."""
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode()


def test_the_office_files_a_plan_arranges_and_numbers(cast: Cast, at: Any) -> None:
    office = as_one(cast.users["county_office"])
    page = f"/inspections/plan/{COUNTY}/linjiang/2026/"
    assert "未备案" in text_of(office, page)
    wrong = office.post(page, {"secret.11": "2x", "document": "示督〔2026〕1号", "filed_on": "2026-01-05"})
    assert wrong.status_code == 422
    assert "次数" in wrong.content.decode()
    assert 'value="2x"' in wrong.content.decode()
    assert office.post(page, {"secret.11": "2", "document": "", "filed_on": "2026-01-05"}).status_code == 422
    office.post(page, {"secret.11": "2", "document": "示督〔2026〕1号", "filed_on": "2026-01-05"})
    assert InspectionPlan.objects.get().document == "示督〔2026〕1号"
    arrange = f"/inspections/arrange/{COUNTY}/linjiang/"
    text_of(office, arrange)
    told = {"way": "secret", "from_on": str(SOON), "number_name": LOTTERY, "number_on": str(SOON - timedelta(days=1))}
    assert "公布日期" in office.post(arrange, told | {"number_on": "2026-11-01"}).content.decode()
    answer = office.post(arrange, told)
    row = Inspection.objects.get()
    assert answer.headers["Location"] == f"/inspections/{row.pk}/"
    act = f"/inspections/{row.pk}/act/"
    for do in (
        {"do": "lead", "team": "1", "person": "P09 壬督导"},
        {"do": "vehicle", "team": "1", "vehicle": "工作用车1辆"},
        {"do": "add_team"},
        {"do": "drop_team", "team": "2"},
        {"do": "add", "team": "1", "person": "P10"},
        {"do": "remove", "person": "P10"},
    ):
        assert office.post(act, do).status_code == 302
    assert "壬督导" in text_of(office, f"/inspections/{row.pk}/")
    at(THEN - timedelta(days=1))
    office.post(act, {"do": "number", "number": "0734215"})
    row.refresh_from_db()
    assert row.state == "ready"


def test_nobody_but_the_team_sees_where_before_the_evening(cast: Cast, at: Any) -> None:
    plan(cast)
    row = sealed(cast)
    team, office = as_one(cast.users["supervisor"]), as_one(cast.users["county_office"])
    village = as_one(cast.users["village_office"])
    assert "打开" in text_of(team, f"/inspections/{row.pk}/day/")
    team.post(f"/inspections/{row.pk}/day/act/", {"do": "open"})
    assert Inspection.objects.get().turns.count() == 0
    text_of(office, f"/inspections/{row.pk}/day/", 403)
    row = opened_again(row, cast)
    at(THEN)
    names = [turn.subject.name for turn in turns(row)]
    page = text_of(team, f"/inspections/{row.pk}/day/")
    assert all(name in page for name in names)
    assert Change.objects.filter(act="inspection.looked").count() == 1
    page = text_of(office, f"/inspections/{row.pk}/")
    assert "去哪里还没有公开" in page
    assert names[-1] not in page
    assert "secret" not in text_of(office, f"/inspections/{row.pk}/draw/").replace("village_secret", "")
    text_of(office, f"/inspections/{row.pk}/draw/file/", 404)
    turn = turns(row)[0]
    sheet(cast.users["supervisor"], turn, LITTER)
    check = Check.objects.get()
    text_of(village, f"/inspections/turns/{turn.pk}/", 404)
    text_of(office, f"/checks/{check.pk}/", 404)
    text_of(team, f"/checks/{check.pk}/")
    at(EVENING)
    assert names[0] in text_of(office, f"/inspections/{row.pk}/")
    text_of(office, f"/checks/{check.pk}/")
    assert "重算相符" in text_of(office, f"/inspections/{row.pk}/draw/")


def opened_again(row: Inspection, cast: Cast) -> Inspection:
    """The inspection with its number entered and its targets opened on the day."""
    from xiangyue.checks.inspections.arranging import enter_number
    from xiangyue.checks.inspections.going import open_targets

    enter_number(None, row, "0734215", now=THEN - timedelta(days=1))
    return open_targets(cast.users["supervisor"], row, now=THEN)


def test_the_team_goes_from_turn_to_turn_to_the_end(cast: Cast, at: Any) -> None:
    plan(cast)
    row = opened(cast)
    at(THEN)
    team = as_one(cast.users["supervisor"])
    turn = turns(row)[0]
    to_sheet = team.get(f"/inspections/turns/{turn.pk}/").headers["Location"]
    assert to_sheet == f"/checks/entry/village_secret/{turn.subject.code}/?inspection={row.pk}"
    text_of(team, to_sheet)
    answer = team.post(to_sheet, {"day": str(SOON), "inspector": "P09", "n.D01-01.heap": "2"})
    assert answer.headers["Location"] == f"/inspections/{row.pk}/day/"
    assert "<svg" in text_of(team, f"/inspections/{row.pk}/sheets/")
    team.post(f"/inspections/{row.pk}/day/act/", {"do": "finish"})
    assert Inspection.objects.get().state == "opened"
    rest = {f"unseen.{one.pk}": "塌方封路" for one in turns(row)[1:]}
    team.post(f"/inspections/{row.pk}/day/act/", {"do": "finish", **rest})
    assert Inspection.objects.get().state == "finished"
    assert "塌方封路" in text_of(team, f"/inspections/{row.pk}/day/")


def test_the_village_objects_and_the_office_answers(cast: Cast, at: Any) -> None:
    plan(cast)
    row = opened(cast)
    turn = turns(row)[0]
    sheet(cast.users["supervisor"], turn, LITTER)
    check = Check.objects.get()
    person = cast.people["P13"]
    user = User.objects.create_user(person.phone, None, person=person)
    user.grants.create(role="village_office", place=turn.subject, from_on="2026-01-01")
    village, office = as_one(user), as_one(cast.users["county_office"])
    at(EVENING)
    assert turn.subject.name in text_of(village, "/inspections/")
    page = f"/inspections/turns/{turn.pk}/"
    assert "提出异议" in text_of(village, page)
    office_try = office.post(f"{page}object/", {"check": check.pk, "text": "不对"})
    assert office_try.status_code == 403
    village.post(f"{page}object/", {"check": "x", "text": "不对"})
    assert SheetObjection.objects.count() == 0
    village.post(f"{page}object/", {"check": check.pk, "text": "那堆是隔壁村的"})
    made = SheetObjection.objects.get()
    assert "那堆是隔壁村的" in text_of(office, "/inspections/")
    assert (
        village.post(f"/inspections/objections/{made.pk}/answer/", {"do": "uphold", "words": "是"}).status_code == 403
    )
    office.post(f"/inspections/objections/{made.pk}/answer/", {"do": "uphold", "words": "实地核对过，在界外"})
    assert "实地核对过" in text_of(village, page)
    made.refresh_from_db()
    assert made.outcome == "upheld"


def test_the_month_reports_itself(cast: Cast, at: Any) -> None:
    plan(cast)
    row = opened(cast)
    for turn in turns(row)[:2]:
        sheet(cast.users["supervisor"], turn, LITTER)
    finish(cast.users["supervisor"], row, {turns(row)[2].pk: "塌方封路"}, now=EVENING)
    office = as_one(cast.users["county_office"])
    page = f"/inspections/report/{COUNTY}/linjiang/2026-11/"
    at(THEN)
    said = text_of(office, page)
    assert "查到 2 个对象" not in said
    assert "塌方封路" not in said
    at(EVENING)
    said = text_of(office, page)
    for words in (
        "2026年11月按备案的年度计划开展督查 1 次（暗访 1 次）",
        "查到 2 个对象",
        "塌方封路",
        "下半年以来共 1 次",
    ):
        assert words in said, words
    text_of(office, f"/inspections/report/{COUNTY}/linjiang/2026/", 404)
    text_of(office, f"/inspections/report/{COUNTY}/linjiang/2026-13/", 404)
    text_of(as_one(cast.users["village_office"]), page, 403)


def test_anyone_draws_again_from_the_file(cast: Cast, at: Any, tmp_path: Any) -> None:
    plan(cast)
    row = opened(cast)
    at(EVENING)
    answer = as_one(cast.users["village_office"]).get(f"/inspections/{row.pk}/draw/file/")
    file = tmp_path / "draw.json"
    file.write_bytes(answer.content)
    result = CliRunner().invoke(verify, [str(file)])
    assert (result.exit_code, "相符：抽中的 3 个对象" in result.output) == (0, True)
    told = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(told | {"number": "0734216"}), encoding="utf-8")
    result = CliRunner().invoke(verify, [str(file)])
    assert result.exit_code == 1
    assert "按计算" in result.output
    file.write_bytes(b"\xff\xfe")
    result = CliRunner().invoke(verify, [str(file)])
    assert "不是督查抽签的核验文件" in result.output


@pytest.mark.parametrize(
    ("name", "url", "who"),
    [
        ("inspections:inspections", "/inspections/", "county_office"),
        ("inspections:plan", f"/inspections/plan/{COUNTY}/linjiang/2026/", "county_office"),
        ("inspections:inspection", "/inspections/{pk}/", "county_office"),
        ("inspections:day", "/inspections/{pk}/day/", "supervisor"),
        ("inspections:sheets", "/inspections/{pk}/sheets/", "supervisor"),
        ("inspections:draw", "/inspections/{pk}/draw/", "county_office"),
        ("inspections:report", f"/inspections/report/{COUNTY}/linjiang/2026-11/", "county_office"),
    ],
)
def test_pages_keep_to_their_budgets(
    cast: Cast, at: Any, name: str, url: str, who: str, django_assert_max_num_queries: Any
) -> None:
    plan(cast)
    row = opened(cast)
    for turn in turns(row):
        sheet(cast.users["supervisor"], turn, LITTER)
    at(EVENING)
    client = as_one(cast.users[who])
    client.get(url.format(pk=row.pk))
    with django_assert_max_num_queries(200) as asked:
        assert client.get(url.format(pk=row.pk)).status_code == 200
    assert_budget(name, len(asked))
