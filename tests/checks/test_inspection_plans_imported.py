"""A yearly plan as a workbook: filed whole, or each row told why not, in words for the clerk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cast import COUNTY, OTHER_COUNTY, WILLOW, Cast
from tests.checks.going import DOCUMENT, plan
from tests.desk.sheets import errors, look, take_in, workbook
from xiangyue.checks.inspections.models import InspectionPlan
from xiangyue.checks.inspections.planning import times_of

HEAD = ("辖区编码", "年度", "督查方式", "月份", "次数", "备案文号", "备案日期")


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def file_of(tmp_path: Path, *rows: Sequence[Any]) -> Path:
    """A workbook of plan lines."""
    return workbook(tmp_path / "plan.xlsx", [HEAD, *rows], sheet="督查计划")


def line(
    way: str = "暗访", month: int = 3, times: Any = 1, *, ground: str = COUNTY, document: str | None = DOCUMENT,
    on: str | None = "2026-01-05",
) -> tuple[Any, ...]:  # fmt: skip
    """A row of the sheet."""
    return ground, 2026, way, month, times, document, on


def test_a_years_lines_are_filed_together(cast: Cast, tmp_path: Path) -> None:
    file = file_of(tmp_path, line(), line("open", 4), line(month=5, times=2))
    run = take_in(cast.users["county_office"], "inspection_plan", file)
    assert run.state == "done", run.found
    found = InspectionPlan.objects.get()
    assert (found.document, times_of(found)) == (DOCUMENT, {("secret", 3): 1, ("open", 4): 1, ("secret", 5): 2})
    again = look(cast.users["county_office"], "inspection_plan", file)
    assert again.counts["same"] == 3
    more = file_of(tmp_path, line(month=5, times=3, document=None, on=None))
    run = take_in(cast.users["county_office"], "inspection_plan", more)
    assert run.state == "done"
    assert times_of(InspectionPlan.objects.get())["secret", 5] == 3


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (line("夜访"), "没有“夜访”这种督查方式。只能填：明察、暗访"),
        (line(document=None, on=None), "备案文号"),
        (line(month=13), "12"),
        (line(times=99), "31"),
        (line(times="两次"), "两次"),
        (line("明察", 3, 5), "减负上限"),
        (line(times=6), "村次"),
        (line(ground=OTHER_COUNTY), "辖区"),
        (line(ground="999999"), "999999"),
        (line(on="去年底"), "去年底"),
    ],
)
def test_a_bad_row_is_told_in_words(cast: Cast, tmp_path: Path, row: tuple[Any, ...], said: str) -> None:
    run = look(cast.users["county_office"], "inspection_plan", file_of(tmp_path, row))
    assert run.counts["bad"] == 1, run.found
    assert said in errors(run)[2]
    assert InspectionPlan.objects.count() == 0


def test_a_month_does_not_fall_under_what_was_arranged(cast: Cast, tmp_path: Path) -> None:
    from tests.checks.going import sealed

    plan(cast)
    sealed(cast)
    run = look(cast.users["county_office"], "inspection_plan", file_of(tmp_path, line(month=11, times=0)))
    assert "已经安排了 1 次" in errors(run)[2]


def test_a_workbook_of_sheets_passes_no_guard(cast: Cast, tmp_path: Path) -> None:
    head = ("日期", "检查种类", "对象编码", "检查人编码")
    sheets = workbook(tmp_path / "sheets.xlsx", [head, ("2026-11-20", "暗访", WILLOW, "P09")], sheet="检查")
    assert look(cast.users["county_office"], "check", sheets).counts["add"] == 1
    plan(cast)
    run = look(cast.users["county_office"], "check", sheets)
    assert run.counts["bad"] == 1
    assert "没有安排壬督导查“柳树村”" in errors(run)[2]
