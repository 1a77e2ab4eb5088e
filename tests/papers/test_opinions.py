"""Opinion sheets on paper: thirty printed at once, typed back by digits, each a voice, taken back and typed again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import NOW, PEACH, TODAY, TOWN, WILLOW, Cast
from tests.papers.sheets import as_one
from tests.standings import reviews
from xiangyue.agreements.burden_models import EntryTime
from xiangyue.base.shown import shown_at
from xiangyue.captures.models import Capture
from xiangyue.checks.models import Check, SheetTotal
from xiangyue.papers.models import Sheet
from xiangyue.papers.numbers import number_of
from xiangyue.site.office.needs_papers import sheets_missing
from xiangyue.standings.reviews.models import ReviewPlan
from xiangyue.standings.reviews.planning import turns_of


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY)


def printed(client: Client, copies: int = 5, **more: Any) -> list[Sheet]:
    """The opinion sheets of 柳树村 that the office prints."""
    form = {"subject": WILLOW, "form": "village_opinion", "copies": copies, **more}
    assert client.post("/papers/print/", form).status_code == 302
    return list(Sheet.objects.order_by("pk"))


def cells(*rows: tuple[Sheet, str], **more: str) -> dict[str, str]:
    """The form as the page sends it: a digit a question."""
    form = {f"c.{sheet.pk}.{n}": digit for sheet, digits in rows for n, digit in enumerate(digits, 1) if digit != " "}
    return {**form, "day": TODAY.isoformat(), "inspector": "P04", "shown": shown_at(NOW), **more}


def page_of(sheet: Sheet) -> str:
    return f"/papers/{sheet.number}/opinions/"


def total() -> tuple[int, int]:
    row = SheetTotal.objects.get(kind__code="village_opinion")
    return row.n, row.total


def test_thirty_are_printed_as_slips_that_bear_no_name(cast: Cast) -> None:
    office = as_one(cast, "township_office")
    assert "份数" in office.get("/papers/print/").content.decode()
    sheets = printed(office, 30)
    assert (len(sheets), len({sheet.uuid for sheet in sheets})) == (30, 30)
    told = office.get("/papers/prints/", {"n": [sheet.number for sheet in sheets]}).content.decode()
    assert told.count('class="q-slip"') == told.count("<svg xmlns") == 30
    for words in ("第 <b>30</b> 份", "1 满意", "4 不满意", "不用写名字", sheets[-1].shown):
        assert words in told, words
    one = office.get("/papers/prints/", {"n": sheets[6].number}).content.decode()
    assert "第 <b>7</b> 份" in one


@pytest.mark.parametrize("copies", ["0", "101", "三十", ""])
def test_a_number_of_copies_that_cannot_be_is_told(cast: Cast, copies: str) -> None:
    office = as_one(cast, "township_office")
    form = {"subject": WILLOW, "form": "village_opinion", "copies": copies}
    assert "1 到 100 份" in office.post("/papers/print/", form, follow=True).content.decode()
    form = {"subject": WILLOW, "form": "village_open", "copies": "2"}
    assert "1 到 1 份" in office.post("/papers/print/", form, follow=True).content.decode()
    assert not Sheet.objects.exists()


def test_they_are_typed_by_digits_and_each_counts(cast: Cast) -> None:
    office = as_one(cast, "township_office")
    first, second, third, fourth, _never = printed(office)
    assert office.get(f"/papers/{third.number}/").headers["Location"] == page_of(third)
    form = cells((first, "11"), (second, "４4"), (third, "20"), (fourth, "00"))
    told = office.post(page_of(first), form, follow=True).content.decode()
    assert "已录入 4 份" in told
    # 100.00, 0, and 80.00 by the one question answered; one that answers nothing is void
    assert total() == (3, 10_000 + 0 + 8_000)
    assert set(Check.objects.values_list("voice", flat=True)) == {first.pk, second.pk, third.pk, fourth.pk}
    assert set(Check.objects.values_list("inspector__code", flat=True)) == {"P04"}
    assert Capture.objects.filter(channel="paper").count() == 4
    assert EntryTime.objects.get().form == "village_opinion"
    assert list(Sheet.objects.exclude(typed_at=None).order_by("pk")) == [first, second, third, fourth]
    assert "一共打印 5 份，已录 4 份" in told


def test_a_cell_that_is_wrong_or_left_empty_is_told_and_all_stays_typed(cast: Cast) -> None:
    office = as_one(cast, "township_office")
    first, second, *_rest = printed(office)
    answer = office.post(page_of(first), cells((first, "17"), (second, "1 ")))
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "第 1 份第 2 项的“7”不对：请打 1 到 4，没填的打 0" in told
    assert "第 2 份第 2 项空着" in told
    assert 'value="7"' in told
    assert not Capture.objects.exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"day": (TODAY + timedelta(days=1)).isoformat()}, "还没到"),
        ({"day": "x"}, "日期没填"),
        ({"inspector": "P99"}, "没有编码为“P99”的检查人"),
    ],
)
def test_what_cannot_be_sent_is_told_and_nothing_is_lost(cast: Cast, more: dict[str, str], words: str) -> None:
    office = as_one(cast, "township_office")
    first, *_rest = printed(office)
    answer = office.post(page_of(first), cells((first, "12"), **more))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="2"' in answer.content.decode()
    assert not Check.objects.exists()
    assert "一份也没有录" in office.post(page_of(first), cells()).content.decode()


def test_typed_rows_are_shut_and_one_taken_back_is_typed_again(cast: Cast) -> None:
    office = as_one(cast, "township_office")
    first, second, *_rest = printed(office)
    office.post(page_of(first), cells((first, "11"), (second, "22")))
    # the page of somebody who had it open before sends the same row otherwise: it stands
    assert office.post(page_of(first), cells((first, "44"))).status_code == 422
    assert total() == (2, 18_000)
    told = office.post(f"/papers/{first.number}/undo/", follow=True)
    assert told.request["PATH_INFO"] == page_of(first)
    assert total() == (1, 8_000)
    office.post(page_of(first), cells((first, "33")))
    assert total() == (2, 14_000)
    assert Check.objects.filter(state=Check.State.COUNTED).count() == 2


def test_a_cancelled_copy_is_no_longer_asked_for(cast: Cast) -> None:
    office = as_one(cast, "township_office")
    first, second, *_rest = printed(office)
    office.post(f"/papers/{second.number}/cancel/")
    assert f"c.{second.pk}.1" not in office.get(page_of(first)).content.decode()
    office.post(page_of(first), cells((first, "11"), (second, "11")))
    assert total() == (1, 10_000)


def test_the_register_has_one_line_a_print_and_state(cast: Cast) -> None:
    office = as_one(cast, "township_office")
    first, *_rest = printed(office)
    others = printed(office, 2, subject=PEACH)[5:]
    office.post(page_of(first), cells((first, "11")))
    told = office.get("/papers/").content.decode()
    assert "在外 6" in told
    assert [n in told for n in ("评议表 4 份", "评议表 2 份", first.shown)] == [True, True, False]
    assert told.count("干群评议") == 2
    assert others[0].shown in told
    typed = office.get("/papers/?state=typed").content.decode()
    assert first.shown in typed
    assert "份</" not in typed


def test_copies_that_nobody_handed_in_are_not_asked_for_at_home(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    office = as_one(cast, "township_office")
    printed(office)
    office.post("/papers/print/", {"subject": PEACH, "form": "village_open"})
    later = NOW + timedelta(days=9)
    monkeypatch.setattr(timezone, "now", lambda: later)
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: later.date())
    assert "没交回 6" in office.get("/papers/").content.decode()
    paths = (cast.places[TOWN].path,)
    assert sheets_missing(paths, later.date()).n == 1


def test_the_page_of_a_print_belongs_to_those_over_the_place(cast: Cast) -> None:
    first, *_rest = printed(as_one(cast, "township_office"))
    for name, status in (
        ("county_office", 200),
        ("village_office", 403),
        ("other_village_office", 404),
        ("bearer", 404),
    ):
        assert as_one(cast, name).get(page_of(first)).status_code == status, name
    assert as_one(cast, "township_office").get(f"/papers/{number_of(9_999)}/opinions/").status_code == 404


def test_a_sheet_that_is_no_opinion_goes_to_its_own_page(cast: Cast) -> None:
    office = as_one(cast, "township_office")
    office.post("/papers/print/", {"subject": PEACH, "form": "village_open"})
    sheet = Sheet.objects.get()
    assert office.get(page_of(sheet)).headers["Location"] == f"/papers/{sheet.number}/"
    assert office.get(f"/papers/{sheet.number}/").status_code == 200


def test_queries_do_not_grow_with_the_copies(cast: Cast) -> None:
    office = as_one(cast, "township_office")
    first, *_rest = printed(office)
    many = printed(office, 60)[5:]
    for name, path, more in (
        ("papers:opinions", page_of(first), {}),
        ("papers:opinions", page_of(many[-1]), {}),
        ("papers:prints", "/papers/prints/", {"n": [sheet.number for sheet in many]}),
    ):
        with CaptureQueriesContext(connection) as found:
            assert office.get(path, more).status_code == 200
        assert_budget(name, len(found))


def test_a_team_prints_and_types_the_sheets_of_the_village_it_was_drawn_to(cast: Cast) -> None:
    review, _stage = reviews.mutual(reviews.county(cast))
    team, subject = turns_of(ReviewPlan.objects.get(review=review, state="drawn"))[0]
    n = reviews.TOWNS.index(team)
    member = as_one(cast, f"RL{n}")
    form = {"subject": subject, "form": "mutual_opinion", "copies": 3}
    told = member.post("/papers/print/", form, follow=True).content.decode()
    assert told.count('class="q-slip"') == 3
    first, second, _third = Sheet.objects.order_by("pk")
    for name in ("township_office", "village_office", *(f"RM{k}" for k in range(4) if k != n)):
        assert as_one(cast, name).get(page_of(first)).status_code in (403, 404), name
    answer = member.post(page_of(first), cells((first, "11"), (second, "44"), inspector=""), follow=True)
    assert "已录入 2 份" in answer.content.decode()
    assert set(Check.objects.values_list("voice", "score")) == {(first.pk, 10_000), (second.pk, 0)}
