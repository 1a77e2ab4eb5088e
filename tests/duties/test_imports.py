"""Duties from a workbook: bearers named in three ways, what is wrong told row by row, hand-overs in one file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import BEGIN, PEACH, TODAY, WILLOW, Cast
from xiangyue.agreements.models import SchemeVersion
from xiangyue.desk import registry
from xiangyue.desk.engine import context_for, importer_for
from xiangyue.desk.importer import Planned, Row
from xiangyue.desk.references import load_book
from xiangyue.duties.desk import TARGET
from xiangyue.duties.models import Duty
from xiangyue.people.grants import scope_of

pytestmark = pytest.mark.django_db


def plan(cast: Cast, rows: list[dict[str, Any]], who: str = "county_office") -> tuple[Any, list[Planned]]:
    """The importer and what would become of the rows."""
    desk, scope = registry.get("duty"), scope_of(cast.users[who], TODAY)
    books = {"target": load_book(TARGET, scope)}
    values = [{name: books[name](cell) if name in books else cell for name, cell in row.items()} for row in rows]
    importer = importer_for(desk, context_for(desk, scope, {name for row in rows for name in row}))
    return importer, list(importer.plan(iter([Row(number, row) for number, row in enumerate(values, 2)])))


def row(person: str, number: int, village: str = PEACH, **more: Any) -> dict[str, Any]:
    """A row that lets a member bear a household."""
    return {"layer": "党员包户", "person": person, "target": f"{village}-H{number:05d}", "from_on": TODAY, **more}


def carry_out(cast: Cast, rows: list[dict[str, Any]]) -> list[Planned]:
    """Take the rows in."""
    importer, plans = plan(cast, rows)
    good = [one for one in plans if one.outcome in ("add", "change")]
    importer.apply(good, actor_id=cast.users["county_office"].pk)
    return plans


def test_bearers_by_code_by_name_and_by_the_phones_tail(cast: Cast) -> None:
    twin = cast.people["P13"]
    cast.people["P07"].name = twin.name
    cast.people["P07"].save()
    _importer, plans = plan(
        cast, [row("P13", 1), row("己党员", 2), row("寅党员", 3), row("寅党员" + twin.phone[-4:], 4)]
    )
    assert [one.outcome for one in plans] == ["add", "add", "bad", "add"]
    assert "手机号后四位" in plans[2].errors[0]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (row("P06", 2, WILLOW), "重叠"),
        (row("P08", 1), "职务"),
        (row("nobody", 1), "没有找到人员"),
        (row("P13", 1, layer="没有的层"), "方案里没有包保层"),
        (row("P13", 1, layer="部门企业包村屯"), "不是"),
        (row("P06", 1, WILLOW), "自己家"),
        (row("P13", 1, to_on=TODAY - timedelta(days=1)), "截止日早于起始日"),
        ({**row("P13", 1), "organisation": "D01"}, "只填一个"),
        ({"layer": "党员包户", "target": f"{PEACH}-H00001"}, "只填一个"),
    ],
)
def test_what_is_wrong_is_told(cast: Cast, cells: dict[str, Any], words: str) -> None:
    _importer, (one,) = plan(cast, [cells])
    assert one.outcome == "bad"
    assert any(words in error for error in one.errors), one.errors


def test_two_rows_that_overlap_name_each_other(cast: Cast) -> None:
    _importer, plans = plan(cast, [row("P13", 1), row("P06", 1)])
    assert [one.outcome for one in plans] == ["bad", "bad"]
    assert "第 3 行" in plans[0].errors[0]
    assert "第 2 行" in plans[1].errors[0]


def test_a_team_is_one_duty(cast: Cast) -> None:
    plans = carry_out(cast, [row("P13", 1, team="一排"), row("P06", 1, team="一排")])
    assert [one.outcome for one in plans] == ["add", "add"]
    assert Duty.objects.filter(team="一排").count() == 2


def test_an_old_duty_ends_and_the_next_begins_in_one_file(cast: Cast) -> None:
    eve = TODAY - timedelta(days=1)
    rows = [row("P07", 2, WILLOW), row("P06", 2, WILLOW, from_on=BEGIN, to_on=eve)]
    plans = carry_out(cast, rows)
    assert [one.outcome for one in plans] == ["add", "change"]
    found = Duty.objects.filter(target=cast.household(2)).order_by("from_on")
    assert list(found.values_list("person__code", "from_on", "to_on")) == [("P06", BEGIN, eve), ("P07", TODAY, None)]


def test_what_is_on_file_is_left_alone(cast: Cast) -> None:
    _importer, (one,) = plan(cast, [row("P06", 2, WILLOW, from_on=BEGIN)])
    assert one.outcome == "same"


def test_the_limit_counts_the_whole_file(cast: Cast) -> None:
    cells = {"layer": "乡镇领导包村屯", "person": "P03", "from_on": date(2026, 6, 1)}
    villages = [WILLOW, PEACH, "990100100001", "990100001201"]
    _importer, plans = plan(cast, [{**cells, "target": code} for code in villages])
    assert {one.outcome for one in plans} == {"bad"}
    assert "最多 3 个" in plans[0].errors[0]
    _importer, plans = plan(cast, [{**cells, "target": code} for code in villages[:3]])
    assert {one.outcome for one in plans} == {"add"}


def test_nobody_imports_their_own_overseer(cast: Cast) -> None:
    cells = {"layer": "部门企业包村屯", "organisation": "D01", "target": WILLOW}
    _importer, (one,) = plan(cast, [cells], who="village_office")
    assert "上一级" in one.errors[0]
    _importer, (one,) = plan(cast, [cells], who="township_office")
    assert one.outcome == "add"


def test_before_the_first_scheme_begins_a_row_without_a_day_begins_with_it(cast: Cast) -> None:
    begin = timezone.localdate() + timedelta(days=10)
    Duty.objects.all().delete()
    SchemeVersion.objects.update(from_on=begin)
    given = row("P13", 1)
    del given["from_on"]
    assert [one.outcome for one in carry_out(cast, [given])] == ["add"]
    assert Duty.objects.get().from_on == begin
