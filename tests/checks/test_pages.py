"""The office's pages: a sheet typed in, a check written out, what is held and late, a workbook taken in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import PEACH, WILLOW, Cast
from tests.desk.sheets import errors, look, take_in, workbook
from tests.standings.facts import check
from xiangyue.agreements.in_force import scheme_of
from xiangyue.captures.intake import Actor
from xiangyue.captures.models import Capture
from xiangyue.checks.actions import Fault, record_round
from xiangyue.checks.imports import read_entries
from xiangyue.checks.models import Check, CheckNote
from xiangyue.duties.models import Duty
from xiangyue.rules.sheet import Entry
from xiangyue.schemes import pack

if TYPE_CHECKING:
    from pathlib import Path

HEADS = ["日期", "检查种类", "对象编码", "检查人编码", "记分", "时间"]


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.fixture
def office(cast: Cast, client: Client) -> Client:
    client.force_login(cast.users["township_office"])
    return client


def standard() -> Any:
    scheme = pack("linjiang")
    return scheme.standard(scheme.check_kind("village_open").standard)


def test_many_places_are_folded_by_township_with_what_was_entered(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(cast, PEACH, 9_000, day=timezone.localdate(), kind_code="village_open", inspector="P03")
    client.force_login(cast.users["county_office"])
    assert '<details class="y-part" open>' in page(client, "/checks/entry/")
    monkeypatch.setattr("xiangyue.checks.views.entry.FEW", 1)
    html = page(client, "/checks/entry/")
    assert '<details class="y-part"><summary><b>东河镇</b>' in html
    assert "3 个，本月已录 1 个" in html


def test_all_25_items_stand_on_one_page(cast: Cast, office: Client) -> None:
    assert "桃花村" in page(office, "/checks/entry/")
    html = page(office, f"/checks/entry/village_open/{PEACH}/")
    assert html.count("data-item ") == 25
    assert all(item.name in html for item in standard().items)
    assert "示例,非官方" in html


def test_a_sheet_is_typed_in_by_numbers_and_opens_to_its_reasons(cast: Cast, office: Client) -> None:
    item = next(item for item in standard().items if item.steps and not item.steps[0].all)
    field = f"n.{item.code}.{item.steps[0].code}"
    form = {"day": timezone.localdate().isoformat(), "note": "路口", field: "2"}
    response = office.post(f"/checks/entry/village_open/{PEACH}/", form)
    assert response.status_code == 302
    check = Check.objects.get()
    assert (check.subject.code, check.inspector, check.capture.channel) == (PEACH, cast.people["P04"], "office")
    assert CheckNote.objects.get().text == "路口"
    with CaptureQueriesContext(connection) as queries:
        html = page(office, f"/checks/{check.pk}/")
    assert_budget("checks:check", len(queries))
    assert f"{item.steps[0].name} 2 {item.steps[0].unit}" in html
    assert "没有问题" in html


def test_a_sheet_on_paper_is_of_its_own_day_and_inspector(cast: Cast, office: Client) -> None:
    day = timezone.localdate() - timedelta(days=3)
    form = {"day": day.isoformat(), "inspector": "P03", "paper": "1"}
    office.post(f"/checks/entry/village_open/{PEACH}/", form)
    check = Check.objects.get()
    assert (check.day, check.inspector, check.capture.channel) == (day, cast.people["P03"], "paper")


def test_what_is_refused_keeps_what_was_typed(cast: Cast, office: Client) -> None:
    item = next(item for item in standard().items if item.steps)
    field = f"n.{item.code}.{item.steps[0].code}"
    response = office.post(f"/checks/entry/village_open/{PEACH}/", {field: "5000", "note": "留着"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "太多了" in html
    assert "留着" in html
    assert 'value="5000"' in html
    assert not Check.objects.exists()


def test_held_captures_are_taken_in_or_left_out(cast: Cast, office: Client) -> None:
    now = timezone.now()
    actor = Actor(cast.users["bearer"].pk)
    codes = [cast.household(1).code]
    for number in (1, 2):
        made_at = now + timedelta(days=number)
        record_round(actor, "daily", fine=codes, faults=[Fault(cast.household(2).code, (Entry("S01-1", "rubbish"),))],
                     made_at=made_at, now=now)  # fmt: skip
    first, second = Capture.objects.order_by("id")
    with CaptureQueriesContext(connection) as queries:
        assert "在收到那天之后" in page(office, "/checks/held/")
    assert_budget("checks:held", len(queries))
    today = timezone.localdate().isoformat()
    office.post(f"/checks/held/{first.pk}/", {"decision": "accept", "day": today})
    office.post(f"/checks/held/{second.pk}/", {"decision": "dismiss", "reason": ""})
    assert "没有写原因" in page(office, "/checks/held/")
    office.post(f"/checks/held/{second.pk}/", {"decision": "dismiss", "reason": "重复"})
    assert list(Capture.objects.order_by("id").values_list("state", flat=True)) == ["stored", "withdrawn"]
    assert Check.objects.filter(state=Check.State.COUNTED).count() == 2
    assert "没有待核对的记录" in page(office, "/checks/held/")


def test_the_desks_page_names_what_was_found(cast: Cast, office: Client) -> None:
    fault = Fault(cast.household(1).code, (Entry("S01-1", "rubbish", 2), Entry("S01-1", "unsorted")))
    record_round(Actor(cast.users["bearer"].pk, "phone"), "daily", faults=(fault,))
    row = Check.objects.get()
    standard = scheme_of(row.scheme_version).standard("S01")
    item = next(one for one in standard.items if one.code == "S01-1")
    html = page(office, f"/desk/check/{row.pk}/")
    assert f"S01-1 {item.name}" in html
    assert all(step.name in html for step in item.steps if step.code in ("rubbish", "unsorted"))
    assert "rubbish" not in html


def test_late_captures_are_listed(cast: Cast, office: Client) -> None:
    actor = Actor(cast.users["bearer"].pk)
    record_round(actor, "daily", fine=[cast.household(1).code])
    Capture.objects.update(state="late")
    assert "己党员" in page(office, "/checks/late/")


def test_a_bearer_opens_own_checks_only(cast: Cast, client: Client) -> None:
    record_round(Actor(cast.users["bearer"].pk), "daily", fine=[cast.household(1).code])
    check = Check.objects.get()
    client.force_login(cast.users["bearer"])
    assert "没有问题" in page(client, f"/checks/{check.pk}/")
    client.force_login(cast.users["other_bearer"])
    assert client.get(f"/checks/{check.pk}/").status_code == 404


def test_an_opinion_is_numbered_on_and_each_counts(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["county_office"])
    url = f"/checks/entry/village_opinion/{WILLOW}/"
    for n in (1, 2):
        told = page(client, url)
        assert f'name="voice" value="{n}"' in told
        assert f"已录 {n - 1} 份" in told
        form = {"day": timezone.localdate().isoformat(), "inspector": "P02", "voice": str(n), "v.P01-1": "poor"}
        assert client.post(url, form).status_code == 302
    assert list(Check.objects.order_by("pk").values_list("voice", "state")) == [(1, 1), (2, 1)]
    # the second again, otherwise: it is put right, not added
    client.post(url, form | {"v.P01-1": "good"})
    assert list(Check.objects.filter(state=1).order_by("voice").values_list("voice", "score")) == [
        (1, 5_000),
        (2, 10_000),
    ]
    answer = client.post(url, form | {"voice": "两"})
    assert answer.status_code == 422
    assert "份号应是整数" in answer.content.decode()
    assert "第几份" not in page(client, f"/checks/entry/village_open/{WILLOW}/")


class TestWorkbook:
    """Checks from Excel, with what people do to workbooks."""

    def take(self, cast: Cast, tmp_path: Path, *rows: list[Any], who: str = "township_office") -> Any:
        file = workbook(tmp_path / "checks.xlsx", [HEADS, *rows])
        return take_in(cast.users[who], "check", file)

    def seen(self, cast: Cast, tmp_path: Path, *rows: list[Any], who: str = "township_office") -> Any:
        return look(cast.users[who], "check", workbook(tmp_path / "checks.xlsx", [HEADS, *rows]))

    def day(self, back: int = 1) -> str:
        return (timezone.localdate() - timedelta(days=back)).isoformat()

    def test_a_sheet_a_row(self, cast: Cast, tmp_path: Path) -> None:
        first, second = [item for item in standard().items if item.steps][:2]
        recorded = f"{first.code}.{first.steps[0].code}×2;{second.name}.{second.steps[0].name}*1"
        self.take(
            cast, tmp_path,
            [self.day(), "明察", PEACH, "P03", recorded, ""],
            [self.day(), "village_secret", WILLOW, "P03", "", "15:30"],
        )  # fmt: skip
        rows = dict(Check.objects.values_list("subject__code", "n_faults"))
        assert rows == {PEACH: 2, WILLOW: 0}
        assert set(Capture.objects.values_list("channel", "kind")) == {("import", "sheet")}
        again = self.seen(cast, tmp_path, [self.day(), "明察", PEACH, "P03", recorded, ""])
        assert again.counts["same"] == 1

    def test_a_later_one_of_the_day_replaces_and_an_earlier_one_is_told(self, cast: Cast, tmp_path: Path) -> None:
        self.take(cast, tmp_path, [self.day(), "明察", PEACH, "P03", "", "14:00"])
        item = next(item for item in standard().items if item.steps)
        recorded = f"{item.code}.{item.steps[0].code}"
        told = errors(self.seen(cast, tmp_path, [self.day(), "明察", PEACH, "P03", "随便写写", "9:00"]))
        assert f"例如 {item.name}.{item.steps[0].name}×2" in str(told)
        told = errors(self.seen(cast, tmp_path, [self.day(), "明察", PEACH, "P03", recorded, "9:00"]))
        assert "14:00 已有一次检查" in str(told)
        self.take(cast, tmp_path, [self.day(), "明察", PEACH, "P03", recorded, "16:00"])
        assert list(Check.objects.order_by("id").values_list("state", flat=True)) == [2, 1]

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            (["2099-01-01", "明察", PEACH, "P03", "", ""], "还没到"),
            (["DAY", "日检查", "990100100201-H00005", "P06", "", ""], "不是您包保的"),
            (["DAY", "比武", PEACH, "P03", "", ""], "请填其中之一"),
            (["DAY", "明察", PEACH, "P99", "", ""], "没有编码为“P99”的检查人"),
            (["DAY", "明察", "990200100201", "P03", "", ""], "不在您的辖区"),
            (["DAY", "明察", PEACH, "P03", "D99-9.x×1", ""], "看不懂"),
            (["DAY", "明察", PEACH, "P03", "", "25:90"], "看不懂"),
            (["DAY", "明察", PEACH, "P03", "D01-01.none", ""], "情形"),
        ],
        ids=["tomorrow", "outside duty", "kind", "inspector", "other ground", "item", "time", "step"],
    )
    def test_a_bad_row_says_what_to_do(self, cast: Cast, tmp_path: Path, row: list[str], words: str) -> None:
        item = next(item for item in standard().items if item.steps)
        cells = [cell.replace("DAY", self.day()).replace("D01-01", item.code) for cell in row]
        assert words in str(errors(self.seen(cast, tmp_path, cells)))

    def test_nobody_inspects_what_they_bear(self, cast: Cast, tmp_path: Path) -> None:
        Duty.objects.create(
            ground=cast.places["990100"], scheme="linjiang", layer="township_leaders", person=cast.people["P03"],
            target=cast.places[PEACH], from_on=timezone.localdate() - timedelta(days=30), created_at=timezone.now(),
        )  # fmt: skip
        told = errors(self.seen(cast, tmp_path, [self.day(), "明察", PEACH, "P03", "", ""]))
        assert "不能由其检查" in str(told)

    def test_an_old_one_waits_for_a_person(self, cast: Cast, tmp_path: Path) -> None:
        self.take(cast, tmp_path, [self.day(40), "明察", PEACH, "P03", "", ""])
        assert Capture.objects.get().state == "held"
        assert Check.objects.get().state == Check.State.HELD


def test_entries_are_read_by_code_or_name() -> None:
    sheet = pack("linjiang").standard("S01")
    item = sheet.items[0]
    assert read_entries(sheet, f"{item.name}.{item.steps[0].name}×3") == (Entry(item.code, item.steps[0].code, 3),)
    assert read_entries(sheet, " ; ") == ()
    with pytest.raises(ValueError, match="看不懂"):
        read_entries(sheet, "?")


def test_a_households_sheet_is_no_departments_business_a_villages_is(cast: Cast, client: Client) -> None:
    door = check(cast, cast.household(1).code, 9_000)
    village = check(cast, PEACH, 8_000, kind_code="village_secret", inspector="P04")
    for role, seen in (("department", 404), ("supervisor", 404), ("keeper", 404), ("auditor", 200)):
        client.force_login(cast.users[role])
        assert client.get(f"/checks/{door.pk}/").status_code == seen, role
        assert client.get(f"/desk/check/{door.pk}/").status_code == seen, role
        assert (cast.household(1).code in client.get("/desk/check/").content.decode()) is (seen == 200), role
    for role, seen in (("department", 200), ("supervisor", 200), ("keeper", 404)):
        client.force_login(cast.users[role])
        assert client.get(f"/checks/{village.pk}/").status_code == seen, role
