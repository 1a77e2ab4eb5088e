"""The chain of a month counted from records made by hand: villages that come and go, months that run or are empty."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.cast import COMMUNITY, COUNTY, NOW, OTHER_TOWN, PEACH, TODAY, WILLOW, Cast
from tests.public.notices import on_notice, standing
from tests.standings.bulletins import KEY, chain, issued, october, row_of, words
from xiangyue.places.actions.restructure import carry_out
from xiangyue.places.models import Place
from xiangyue.places.restructuring import plan_merge, plan_rename
from xiangyue.standings.bulletins.heads import links_of, village_links
from xiangyue.standings.models import Closing

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """October made by hand; the pages are opened on the day of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return october(cast)


def test_the_figures_are_those_of_the_records(stage: Cast) -> None:
    found = chain()
    willow, peach = row_of(found, WILLOW).n, row_of(found, PEACH).n
    assert [willow.days_due, willow.days_done, willow.checks, willow.faulty] == [31, 29, 58, 1]
    assert [peach.days_due, peach.days_done, peach.checks, peach.faulty] == [31, 2, 13, 3]
    assert [willow.spots, willow.spots_checked] == [1, 1]
    assert [willow.opened, willow.mended, willow.closed, willow.overdue] == [2, 1, 1, 1]
    assert [willow.asked, willow.asked_done] == [2, 1]
    assert found.meetings == (date(2026, 10, 6), date(2026, 10, 20))
    assert found.total.days_done == 31
    # 河畔社区 has no homes: nothing is due at doors there
    assert row_of(found, COMMUNITY).n.days_due == 0
    assert found.total.checks == 71
    assert [row.name for row in found.rows] == ["河畔社区", "柳树村", "桃花村"]


def test_a_county_is_the_sum_of_its_townships_and_a_village_sees_its_own_row(stage: Cast) -> None:
    county, town, village = chain(COUNTY), chain(), chain(WILLOW)
    assert [(fold.name, len(fold.rows), fold.held) for fold in county.folds] == [("南街街道", 1, 0), ("东河镇", 3, 2)]
    assert county.folds[1].total == town.total
    assert [row.code for row in village.rows] == [WILLOW]
    assert village.rows[0].n == row_of(town, WILLOW).n


def test_while_a_month_runs_it_is_counted_to_this_day(stage: Cast) -> None:
    day = date(2026, 10, 10)
    found = chain(today=day)
    willow = row_of(found, WILLOW)
    assert found.runs
    # today's check is seen apart: nobody is behind while the day is not over
    assert [willow.n.days_due, willow.n.days_done, willow.checked_today] == [9, 9, True]
    assert not row_of(found, PEACH).checked_today
    assert found.meetings_due == 0
    third = links_of(found, day, [], may_write=True)[2]
    assert (third.state, third.url) == ("plain", "")


def test_the_first_of_a_month_owes_nothing(stage: Cast) -> None:
    found = chain(key="2026-12", today=date(2026, 12, 1))
    assert found.total.days_due == 0
    assert links_of(found, date(2026, 12, 1), [], may_write=True)[0].state == "plain"


def test_the_head_says_what_keeps_the_rhythm_and_where_the_rest_is_done(stage: Cast) -> None:
    first, second, third = links_of(chain(), TODAY, [], may_write=True)
    assert (first.name, first.state) == ("日检查", "due")
    # 柳树村 missed two of 31, which is less than one in ten
    assert "1个村没跟上：桃花村缺29天" in first.words
    # 河畔社区 owes nothing, so it neither keeps nor loses the rhythm
    assert "一天不漏的有0个村，有漏查的2个村" in words("daily")
    assert (second.name, second.state) == ("双周调度", "done")
    assert "应开2次，开了2次" in second.words
    assert reverse("visits:dispatches") in second.url
    assert (third.state, third.url) == ("due", reverse("standings:periods"))
    assert "没有关账" in third.words


def test_whether_the_months_result_of_a_village_stands(stage: Cast) -> None:
    assert {row.close for row in chain().rows} == {"open"}
    closing = on_notice(stage, stage.places[COUNTY], KEY, Closing.State.PROPOSED)
    standing(
        closing,
        "village_month",
        "village",
        [(stage.places[WILLOW], "village", 9_000), (stage.places[PEACH], "village", None)],
    )
    found = chain()
    assert (row_of(found, WILLOW).close, row_of(found, PEACH).close) == ("proposed", "unrated")
    Closing.objects.update(state=Closing.State.IN_FORCE)
    assert row_of(chain(), WILLOW).close == "in_force"


def test_a_village_merged_in_the_month_is_counted_to_its_last_day(stage: Cast) -> None:
    on = date(2026, 10, 11)
    willow, peach = Place.objects.get(code=WILLOW), Place.objects.get(code=PEACH)
    carry_out(None, plan_merge([willow, peach], willow, on=on, today=TODAY, reason="示政发〔2026〕1号"))
    found = chain()
    gone = row_of(found, PEACH)
    assert gone.until == date(2026, 10, 10)
    assert [gone.n.days_due, gone.n.days_done] == [10, 2]
    assert row_of(found, WILLOW).n.days_due == 31
    assert "桃花村（到10月10日）" in words("daily")
    assert PEACH not in {row.code for row in chain(key="2026-11").rows}


def test_a_name_is_the_one_of_the_month(stage: Cast) -> None:
    willow = Place.objects.get(code=WILLOW)
    carry_out(None, plan_rename(willow, "新柳村", on=date(2026, 11, 5), today=TODAY))
    assert row_of(chain(), WILLOW).name == "柳树村"
    assert row_of(chain(key="2026-11"), WILLOW).name == "新柳村"


def test_a_place_without_a_scheme_has_a_chain_without_duties(stage: Cast) -> None:
    found = chain(OTHER_TOWN)
    assert (found.daily, found.total.days_due, found.is_empty) == ((), 0, True)
    assert links_of(found, TODAY, [], may_write=True)[0].badge == "没有规定"
    assert "方案没有规定" in words("daily", OTHER_TOWN)


def test_an_empty_month_says_so(stage: Cast) -> None:
    found = chain(key="2026-03")
    assert found.is_empty
    assert "没有检查记录" in words("daily", key="2026-03")
    row = issued(stage, key="2026-03")
    assert row.told["is_empty"]
    assert row.told["figures"]["total"]["checks"] == 0


def test_a_village_reads_what_is_left_to_do(stage: Cast) -> None:
    found = chain(WILLOW)
    row = issued(stage)
    told = village_links(found, found.rows[0], TODAY, [row])
    assert [one.state for one in told] == ["done", "due", "due", "due"]
    assert "逾期1件" in told[1].badge
    assert told[3].url == reverse("bulletins:bulletin", args=(row.pk,))
