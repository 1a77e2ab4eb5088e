"""Adjustments from a workbook: read as offices write them, entered once, never changed by a later row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.cast import COUNTY, PEACH, WILLOW, Cast
from tests.desk.sheets import errors, look, take_in, workbook
from tests.standings.facts import check
from xiangyue.desk.models import Import
from xiangyue.standings.actions.periods import open_periods
from xiangyue.standings.imports import read_period, read_points
from xiangyue.standings.models import Adjustment, LiveFigure, Period

HEAD = ("考核期", "考核", "对象编码", "分值", "事由", "依据", "日期", "编号")


def book(file: Path, *rows: tuple[object, ...]) -> Path:
    return workbook(file, [list(HEAD), *(list(row) for row in rows)])


@pytest.mark.parametrize(
    ("typed", "key"),
    [("2026-10", "2026-10"), ("2026-10-01", "2026-10"), ("2026年9月", "2026-09"), ("2026年第三季度", "2026-Q3"),
     ("2026年", "2026"), ("2026-Q4", "2026-Q4")],
)  # fmt: skip
def test_a_period_as_offices_write_it(typed: str, key: str) -> None:
    assert read_period(typed).key == key


@pytest.mark.parametrize(("typed", "points"), [("2", 200), ("-1.5", -150), ("−0.25", -25), ("+3.00", 300), ("１", 100)])
def test_points_with_their_sign(typed: str, points: int) -> None:
    assert read_points(typed) == points


@pytest.mark.parametrize("typed", ["两分", "0", "1.234", "100.01", "nan", "1e9"])
def test_points_that_are_none(typed: str) -> None:
    with pytest.raises(ValueError, match="分值"):
        read_points(typed)


def test_rows_come_in_once_and_the_live_standing_follows(cast: Cast, tmp_path: Path) -> None:
    open_periods(date(2026, 11, 21))
    home = cast.household(1)
    check(cast, home.code, 9_000, date(2026, 11, 5))
    file = book(
        tmp_path / "a.xlsx",
        (date(2026, 11, 1), "农户月度得分", home.code, -1.5, "示例扣分", "示例第1号", "2026-11-06", ""),
        ("2026年11月", "village_month", WILLOW, "2", "示例加分", "示例第2号", "", "示例-7"),
    )
    assert take_in(cast.users["county_office"], "adjustment", file).state == Import.State.DONE
    found = {row.subject.code: row for row in Adjustment.objects.select_related("subject", "period")}
    assert (found[home.code].amount, found[home.code].on, found[home.code].period.key) == (
        -150, date(2026, 11, 6), "2026-11",
    )  # fmt: skip
    assert found[WILLOW].code == "示例-7"
    assert found[home.code].code.startswith("2026-11-")
    period = Period.objects.get(key="2026-11", ground=cast.places[COUNTY])
    live = LiveFigure.objects.get(subject=home, period=period)
    assert (live.own, live.added, live.result) == (9_000, -150, 8_850)
    assert look(cast.users["county_office"], "adjustment", file).counts["same"] == 2


def test_each_bad_row_says_what_to_do(cast: Cast, tmp_path: Path) -> None:
    good = ("2026-10", "村月度得分", PEACH, "1", "示例", "示例", "2026-10-09", "A1")
    take_in(cast.users["county_office"], "adjustment", book(tmp_path / "first.xlsx", good))
    rows = {
        "还没有开始": ("2026-12", *good[1:]),
        "请填其中之一": ("2026-10", "村季度排名", *good[2:]),
        "不是“农户月度得分”的考核对象": ("2026-10", "农户月度得分", *good[2:]),
        "看不懂考核期": ("十月", *good[1:]),
        "最多两位小数": (*good[:3], "1.005", *good[4:]),
        "日期 2026-11-30 还没到": (*good[:6], "2026-11-30", "A2"),
        "请先撤销那一条": (*good[:3], "5", *good[4:]),
        "没有填": (*good[:5], "", *good[6:]),
    }
    run = look(cast.users["county_office"], "adjustment", book(tmp_path / "bad.xlsx", *rows.values()))
    said = list(errors(run).values())
    assert len(said) == len(rows)
    for words, told in zip(rows, said, strict=True):
        assert words in told
    assert Adjustment.objects.count() == 1


def test_a_townships_office_enters_on_its_own_ground_only(cast: Cast, tmp_path: Path) -> None:
    row = ("2026-10", "村月度得分", "990100001201", "1", "示例", "示例", "", "")
    run = look(cast.users["township_office"], "adjustment", book(tmp_path / "x.xlsx", row))
    assert "辖区" in next(iter(errors(run).values()))
