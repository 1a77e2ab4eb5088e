"""The pages of sheets: printed with number and code, found by a typed or scanned number, filled, sent as a workbook."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import NOW, PEACH, TODAY, WILLOW, Cast
from tests.papers.sheets import as_one, printed, typed
from xiangyue.agreements.burden_models import EntryTime
from xiangyue.base.shown import shown_at
from xiangyue.captures.models import Capture
from xiangyue.checks.models import Check
from xiangyue.papers.models import Sheet
from xiangyue.papers.numbers import number_of


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY)


def filled(cells: dict[int, dict[int, str]], **more: Any) -> dict[str, str]:
    """The form as the page sends it."""
    return {"filled": json.dumps({"cells": cells, "wishes": {}}), **more}


def test_a_bearers_month_is_printed_and_stands_on_the_register(cast: Cast) -> None:
    office = as_one(cast)
    page = office.get("/papers/print/?for=P06").content.decode()
    assert "日检查" in page
    answer = office.post("/papers/print/", {"for": "P06", "form": "round.linjiang.daily", "span": "month"}, follow=True)
    told = answer.content.decode()
    sheet = Sheet.objects.get()
    assert (sheet.from_on.day, sheet.to_on.day, len(sheet.rows)) == (1, 30, 4)
    for words in (sheet.shown, "<svg", "己党员", "示例户1", "2026年11月", "戊支书", "1号"):
        assert words in told, words
    assert sheet.shown in office.get("/papers/").content.decode()


def test_all_bearers_of_a_village_are_printed_at_once(cast: Cast) -> None:
    office = as_one(cast, "township_office")
    assert "柳树村" in office.get("/papers/print/?q=柳树").content.decode()
    assert "日检查" in office.get(f"/papers/print/?village={WILLOW}").content.decode()
    form = {"village": WILLOW, "form": "round.linjiang.daily", "span": "day"}
    told = office.post("/papers/print/", form, follow=True).content.decode()
    assert Sheet.objects.count() == 3
    assert all(sheet.shown in told for sheet in Sheet.objects.all())
    assert set(Sheet.objects.values_list("from_on", "to_on")) == {(TODAY, TODAY)}


def test_a_bearer_prints_and_types_their_own_and_nobody_elses(cast: Cast) -> None:
    member = as_one(cast, "bearer")
    form = {"form": "round.linjiang.daily", "span": "day"}
    assert member.post("/papers/print/", form, follow=True).status_code == 200
    sheet = Sheet.objects.get()
    assert member.post(f"/papers/{sheet.number}/", filled({0: {1: ".", 2: "."}})).status_code == 302
    assert Capture.objects.get().person == cast.people["P06"]
    other = printed(cast, person="P07")
    assert member.get(f"/papers/{other.number}/").status_code == 404
    assert member.get("/papers/print/?for=P07").status_code in (403, 404)


@pytest.mark.parametrize(
    ("typed_in", "words"),
    [("123", "右上角"), ("swapped", "有一位输错了"), ("unknown", "不是您辖区"), ("foreign", "退给印表的单位")],
)
def test_a_wrong_number_is_told_in_words(cast: Cast, typed_in: str, words: str) -> None:
    sheet = printed(cast)
    number = sheet.number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    cases = {"swapped": wrong, "unknown": number_of(9_999), "foreign": number}
    office = as_one(cast, "other_village_office" if typed_in == "foreign" else "village_office")
    answer = office.get("/papers/", {"number": cases.get(typed_in, typed_in)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert (
        as_one(cast).get("/papers/", {"number": f"http://x/papers/{number}/"}).headers["Location"]
        == f"/papers/{number}/"
    )


def test_typed_in_is_measured_and_told_and_can_be_taken_back(cast: Cast) -> None:
    office, sheet = as_one(cast), printed(cast)
    form = filled({0: {1: ".", 2: "A"}, 1: {1: "."}}, shown=shown_at(NOW))
    answer = office.post(f"/papers/{sheet.number}/", form, follow=True)
    assert "已录入 2 条" in answer.content.decode()
    assert EntryTime.objects.get().form == "paper"
    again = office.post(f"/papers/{sheet.number}/", form, follow=True).content.decode()
    assert "没有重复计入" in again
    other = office.post(f"/papers/{sheet.number}/", filled({0: {1: "B", 2: "A"}}))
    assert other.status_code == 422
    assert "原来是 √，现在是 B" in other.content.decode()
    assert "已撤回 2 条" in office.post(f"/papers/{sheet.number}/undo/", follow=True).content.decode()
    assert not Check.objects.filter(state=Check.State.COUNTED).exists()


@pytest.mark.parametrize(
    "sent", ["", "[]", "{", '{"cells": 5}', '{"cells": {"x": {"1": "."}}}', '{"cells": {"0": []}}']
)
def test_what_no_page_of_ours_sends_is_told_and_not_stored(cast: Cast, sent: str) -> None:
    sheet = printed(cast)
    answer = as_one(cast).post(f"/papers/{sheet.number}/", {"filled": sent})
    assert answer.status_code == 422
    assert "还没有录入任何一格" in answer.content.decode()
    assert not Capture.objects.exists()


def test_the_workbook_goes_out_and_comes_back_into_the_grid(cast: Cast) -> None:
    office, sheet = as_one(cast), printed(cast)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(office.get(f"/papers/{sheet.number}/workbook/"))))
    page = book.active
    assert page["B1"].value == sheet.number
    page["D5"], page["D6"], page["E5"] = "√", "A2", "好"
    page["F6"], page["Z7"] = "Q", "√"
    answer = _upload(office, sheet, book)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "第 6 行" in told
    assert "没有字母“Q”" in told
    assert "11月23日还没到" in told
    page["F6"], page["Z7"] = None, None
    told = _upload(office, sheet, book).content.decode()
    assert '"0": {"1": ".", "2": "AA"}' in told
    assert not Capture.objects.exists()


def test_a_workbook_of_another_sheet_or_none_at_all_is_told(cast: Cast) -> None:
    office, sheet, other = as_one(cast), printed(cast), printed(cast)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(office.get(f"/papers/{other.number}/workbook/"))))
    assert "里面的表号是" in _upload(office, sheet, book).content.decode()
    broken = SimpleUploadedFile("a.xlsx", b"not a workbook")
    told = office.post(f"/papers/{sheet.number}/upload/", {"file": broken}).content.decode()
    assert "不是 Excel 文件" in told
    assert "没有选文件" in office.post(f"/papers/{sheet.number}/upload/").content.decode()


def test_an_inspection_sheet_is_printed_and_typed_under_its_own_number(cast: Cast) -> None:
    office = as_one(cast, "township_office")
    checks = office.get("/papers/print/").context["checks"]
    kind = next(choice.kind.code for choice in checks if PEACH in {one.code for one in choice.subjects})
    told = office.post("/papers/print/", {"subject": PEACH, "form": kind}, follow=True).content.decode()
    sheet = Sheet.objects.get()
    assert sheet.shown in told
    page = f"/papers/{sheet.number}/"
    assert office.get(page).status_code == 200
    assert office.post(page, {"day": "2026-11-23", "inspector": ""}).status_code == 422
    assert office.post(page, {"day": TODAY.isoformat(), "inspector": ""}).status_code == 302
    assert Capture.objects.get(uuid=sheet.uuid).channel == "paper"
    assert office.post(page, {"day": TODAY.isoformat(), "inspector": ""}).status_code == 302
    assert Check.objects.count() == 1
    assert Sheet.objects.get().state_on(TODAY) == "typed"
    assert "已撤回 1 条" in office.post(f"{page}undo/", follow=True).content.decode()


def test_the_pages_take_few_queries_whatever_the_lines(cast: Cast, django_assert_max_num_queries: Any) -> None:
    office, sheet = as_one(cast), printed(cast)
    typed(cast, sheet, {day: {1: ".", 2: "."} for day in range(20)})
    for name, url in (
        ("papers:sheets", "/papers/"), ("papers:print", "/papers/print/"), ("papers:print bearer", "/papers/print/?for=P06"),
        ("papers:prints", f"/papers/prints/?n={sheet.number}"), ("papers:type", f"/papers/{sheet.number}/"),
    ):  # fmt: skip
        office.get(url)
        with django_assert_max_num_queries(60) as found:
            assert office.get(url).status_code == 200
        assert_budget(name, len(found))


def _upload(client: Client, sheet: Sheet, book: Any) -> Any:
    out = io.BytesIO()
    book.save(out)
    return client.post(f"/papers/{sheet.number}/upload/", {"file": SimpleUploadedFile("a.xlsx", out.getvalue())})


def test_what_did_not_come_back_stands_on_the_offices_home(cast: Cast) -> None:
    sheet = printed(cast, date(2026, 10, 1), date(2026, 10, 31))
    printed(cast)
    for name in ("village_office", "township_office"):
        told = as_one(cast, name).get("/office/").content.decode()
        assert "没交回的纸质表" in told
    assert sheet.shown in as_one(cast).get("/papers/?state=missing").content.decode()
    assert "没交回的纸质表" not in as_one(cast, "other_village_office").get("/office/").content.decode()


def test_who_only_reads_the_register_is_led_nowhere_that_refuses_them(cast: Cast) -> None:
    reader = as_one(cast, "auditor")
    assert "/papers/print/" not in reader.get("/papers/").content.decode()
    as_one(cast).post("/papers/print/", {"for": "P06", "form": "round.linjiang.daily", "span": "month"})
    page = reader.get("/papers/").content.decode()
    assert Sheet.objects.get().shown in page
    assert reader.get(reverse("papers:type", args=[Sheet.objects.get().number])).status_code == 403
    assert reverse("papers:type", args=[Sheet.objects.get().number]) not in page
