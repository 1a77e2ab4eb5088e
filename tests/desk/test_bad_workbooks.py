"""The workbooks people really send: merged cells, wrong sheets, numbers as text, lost digits, other people's ground."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import OTHER_VILLAGE, PEACH, WILLOW
from tests.desk.sheets import HOUSEHOLD, confirm, errors, look, read, take_in, workbook
from xiangyue.desk.models import Import
from xiangyue.places.models import Household, HouseholdState, Place

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def row(door: str | None = "91号", village: Any = WILLOW, **more: Any) -> list[Any]:
    """A row of a household by heading."""
    values = {"所在村": village, "门牌": door} | more
    return [values.get(heading) for heading in HOUSEHOLD]


def households(file: Path, *rows: list[Any], merged: Any = ()) -> Path:
    """A workbook of households."""
    return workbook(file / "农户.xlsx", [list(HOUSEHOLD), *rows], merged=merged)


def check(cast: Cast, file: Path, user: str = "county_office") -> Import:
    """The dry run by one of the cast."""
    return look(cast.users[user], "household", file)


def test_what_is_new_changed_and_left_alone_is_told_and_nothing_written(cast: Cast, tmp_path: Path) -> None:
    before = Place.objects.count()
    run = check(
        cast,
        households(
            tmp_path,
            row("91号", 户主姓名="新户", 人口数=4),
            row("1号", 户主姓名="示例户1", 人口数=5),
            row("2号", 户主姓名="示例户2"),
        ),
    )
    assert run.state == Import.State.CHECKED, run.words
    assert run.counts == {"add": 1, "change": 1, "same": 1, "bad": 0}
    assert run.found["rows"]["change"][0]["changes"] == [["人口数", "3", "5"]]
    assert Place.objects.count() == before


def test_new_households_get_code_span_state_and_history(cast: Cast, tmp_path: Path) -> None:
    run = take_in(
        cast.users["county_office"],
        "household",
        households(
            tmp_path,
            row("91号", **{"屯(组)": "二组", "户主姓名": "新户", "状态": "外出", "状态起始日": "2026年3月1日"}),
        ),
    )
    assert run.state == Import.State.DONE
    place = Place.objects.get(name="91号")
    assert place.code == f"{WILLOW}-H00009"
    assert place.path == cast.places[f"{WILLOW}-Z02"].path + place.code + "/"
    assert (place.village_id, place.township_id) == (cast.places[WILLOW].pk, cast.places[WILLOW].township_id)
    assert place.order == 91
    assert place.spans.get().name == "91号"
    state = place.states.get()
    assert (state.state, state.from_on.isoformat()) == ("away", "2026-03-01")
    assert Household.objects.get(place=place).head_name == "新户"
    from xiangyue.base.changes import history

    line = history(("places.place", str(place.pk))).get()
    assert (line.act, line.after["import"], line.after["row"]) == ("household.added", run.pk, 2)
    assert "新户" not in str(line.after)


def test_a_state_changes_from_its_day(cast: Cast, tmp_path: Path) -> None:
    take_in(
        cast.users["county_office"],
        "household",
        households(tmp_path, row("1号", 状态="外出", 状态起始日="2026.06.01")),
    )
    states = HouseholdState.objects.filter(place=cast.household(1)).order_by("from_on")
    assert [(s.state, str(s.from_on), str(s.to_on)) for s in states] == [
        ("living", "2026-01-01", "2026-05-31"),
        ("away", "2026-06-01", "None"),
    ]


def test_full_width_digits_stray_spaces_and_text_numbers_are_understood(cast: Cast, tmp_path: Path) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in WILLOW)
    run = take_in(
        cast.users["county_office"],
        "household",
        households(
            tmp_path,
            row(" 9１号\u3000", wide, 户主姓名="\u200b新 户\u3000", 联系电话=" 199-0000 9999 ", 人口数="４"),
            row("92号", float(WILLOW), 人口数=4.0),
            row("93号", "\u3000柳 树村\u200b"),
        ),
    )
    assert run.state == Import.State.DONE, (run.words, run.found)
    home = Household.objects.get(place__name="91号")
    assert (home.head_name, home.phone, home.n_members) == ("新 户", "19900009999", 4)


def test_days_in_every_writing(cast: Cast, tmp_path: Path) -> None:
    days = [
        "2026-03-01",
        "2026/3/1",
        "2026.3.1",
        "2026年3月1日",
        "20260301",
        20260301,
        46082,
        "46082",
        "2026-3-1 10:00",
    ]
    rows = [row(f"{number}号", 状态起始日=day) for number, day in enumerate(days, 101)]
    run = take_in(cast.users["county_office"], "household", households(tmp_path, *rows))
    assert run.state == Import.State.DONE, run.found
    found = HouseholdState.objects.filter(place__order__gt=100).values_list("from_on", flat=True)
    assert {str(day) for day in found} == {"2026-03-01"}
    assert len(found) == len(days)


def test_digits_lost_to_scientific_notation_are_told(cast: Cast, tmp_path: Path) -> None:
    run = check(
        cast, households(tmp_path, row("91号", "9.90E+11"), row("92号", 9.9010010020123e17), row("93号", "2.20681E+11"))
    )
    told = errors(run)
    assert "科学记数" in told[2]
    assert "15 位" in told[3]
    assert "文本" in told[4]


def test_a_date_for_a_code_and_words_for_numbers_are_told(cast: Cast, tmp_path: Path) -> None:
    run = check(
        cast,
        households(
            tmp_path,
            row("91号", 人口数="三口人"),
            row("92号", 状态="在家"),
            row("93号", 状态起始日="2026-02-30"),
            row("94号", 联系电话="12345"),
        ),
    )
    told = errors(run)
    assert "不是整数" in told[2]
    assert "在住、外出、空置、需帮助" in told[3]
    assert "不是日期" in told[4]
    assert "不是电话号码" in told[5]


def test_the_same_key_twice_names_both_rows(cast: Cast, tmp_path: Path) -> None:
    run = check(
        cast, households(tmp_path, row("91号"), row("92号"), row("91 号"), row("1号"), row(农户编码=f"{WILLOW}-H00001"))
    )
    told = errors(run)
    assert "第 4 行重复" in told[2]
    assert "第 2 行重复" in told[4]
    assert "第 6 行重复" in told[5]
    assert "第 5 行重复" in told[6]
    assert run.counts == {"add": 1, "change": 0, "same": 0, "bad": 4}


def test_villages_of_one_name_are_told_by_their_codes(cast: Cast, tmp_path: Path) -> None:
    run = check(cast, households(tmp_path, row("91号", "桃花村"), row("92号", "柳树村"), row("93号", "没有村")))
    told = errors(run)
    assert f"{PEACH}(东河镇)" in told[2]
    assert "990100001201(南街街道)" in told[2]
    assert 3 not in told, "the other county's 柳树村 is not on the actor's ground"
    assert "没有找到" in told[4]


def test_other_peoples_ground_is_refused(cast: Cast, tmp_path: Path) -> None:
    before = Place.objects.count()
    rows = (
        row("91号", OTHER_VILLAGE),
        row("1号", OTHER_VILLAGE, 农户编码=f"{OTHER_VILLAGE}-H00001", 户主姓名="抢来的"),
        row("92号", None, 农户编码=f"{OTHER_VILLAGE}-H00077"),
        row("93号", PEACH),
    )
    run = check(cast, households(tmp_path, *rows), user="village_office")
    assert run.counts == {"add": 0, "change": 0, "same": 0, "bad": 4}
    assert all("辖区" in words for words in errors(run).values())
    confirm(run, "good")
    assert Place.objects.count() == before
    assert not Household.objects.filter(head_name="抢来的").exists()


def test_a_hamlet_that_does_not_exist_and_a_move_are_refused(cast: Cast, tmp_path: Path) -> None:
    run = check(
        cast,
        households(
            tmp_path,
            row("91号", **{"屯(组)": "九组"}),
            row("1号", **{"农户编码": f"{WILLOW}-H00001", "屯(组)": "二组"}),
        ),
    )
    told = errors(run)
    assert "没有叫“九组”的屯（组）" in told[2]
    assert "划转" in told[3]


def test_merged_villages_are_filled_down_and_merged_doors_refused(cast: Cast, tmp_path: Path) -> None:
    rows = [row("91号"), row("92号", None), row("93号", None), row("94号"), row("x"), row(None)]
    run = check(cast, households(tmp_path, *rows, merged=[("A2:A4", WILLOW), ("D6:D7", "95号")]))
    told = errors(run)
    assert run.counts["add"] == 4
    assert "D6:D7" in told[6]
    assert "D6:D7" in told[7]
    assert any("合并" in warning for warning in run.found["warnings"])


def test_the_head_row_may_stand_lower_and_columns_in_any_order(cast: Cast, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "x.xlsx",
        [
            ["东河镇农户登记表"],
            [],
            ["序号", "门牌*", " 户主 ", "村（社区）", "不认识的列"],
            [1, "91号", "新户", WILLOW, "?"],
            [],
            [None, "   ", None, None, None],
            [2, "92号", "另一户", WILLOW, None],
        ],
    )
    run = check(cast, file)
    assert run.counts["add"] == 2, (run.words, run.found)
    assert any("不认识的列" in warning for warning in run.found["warnings"])


def test_a_wrong_sheet_says_what_was_found_and_what_is_expected(cast: Cast, tmp_path: Path) -> None:
    run = check(cast, workbook(tmp_path / "x.xlsx", [["甲", "乙"], [1, 2]], sheet="别的表"))
    assert run.state == Import.State.REFUSED
    assert "别的表" in run.words
    assert "门牌" in run.words


def test_missing_required_columns_are_named(cast: Cast, tmp_path: Path) -> None:
    run = check(cast, workbook(tmp_path / "x.xlsx", [["所在村", "户主姓名", "人口数"], [WILLOW, "甲", 3]]))
    assert run.state == Import.State.REFUSED
    assert "缺少这些必填列：门牌" in run.words


def test_two_columns_of_one_name_are_refused(cast: Cast, tmp_path: Path) -> None:
    run = check(cast, workbook(tmp_path / "x.xlsx", [["所在村", "门牌", "门牌"], [WILLOW, "1号", "2号"]]))
    assert run.state == Import.State.REFUSED
    assert "两列都叫“门牌”" in run.words


def test_an_empty_sheet_is_refused_in_words(cast: Cast, tmp_path: Path) -> None:
    run = check(cast, workbook(tmp_path / "x.xlsx", [list(HOUSEHOLD)]))
    assert run.state == Import.State.REFUSED
    assert "没有数据" in run.words


def test_too_many_rows_are_refused_before_they_are_read(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.IMPORT_MAX_ROWS = 3
    run = check(cast, households(tmp_path, *(row(f"{n}号") for n in range(91, 96))))
    assert run.state == Import.State.REFUSED
    assert "一次最多 3 行" in run.words


def test_all_or_nothing_is_the_rule_and_good_rows_a_choice(cast: Cast, tmp_path: Path) -> None:
    file = households(tmp_path, row("91号"), row("92号", 人口数="很多"))
    run = check(cast, file)
    assert run.counts["bad"] == 1
    refused = confirm(run, "all")
    assert refused.state == Import.State.CHECKED
    assert "一行也没有写入" in refused.words
    assert not Place.objects.filter(name="91号").exists()
    done = confirm(refused, "good")
    assert done.state == Import.State.DONE
    assert Place.objects.filter(name="91号").exists()


def test_bad_rows_come_back_with_what_to_do_and_can_be_sent_again(cast: Cast, tmp_path: Path) -> None:
    run = check(cast, households(tmp_path, row("91号"), row("92号", 人口数="很多", 联系电话=19900001234.0)))
    cells = read(run.bad_file)
    assert cells[0] == [*HOUSEHOLD, "错误说明", "原行号"]
    assert len(cells) == 2
    assert "不是整数" in cells[1][-2]
    assert cells[1][-1] == 3
    again = check(cast, run.bad_file)
    assert list(errors(again).values()) == ["“人口数”：“很多”不是整数。请只填数字，不带单位和文字。"]


def test_blank_cells_leave_alone_and_a_word_clears(cast: Cast, tmp_path: Path) -> None:
    run = take_in(
        cast.users["county_office"],
        "household",
        households(tmp_path, row("1号", 联系电话="清空"), row("2号"), row("清空")),
    )
    assert run.state == Import.State.CHECKED, "no household is called so"
    run = take_in(
        cast.users["county_office"], "household", households(tmp_path, row("1号", 联系电话="清空"), row("2号"))
    )
    assert run.counts == {"add": 0, "change": 1, "same": 1, "bad": 0}
    assert Household.objects.get(place=cast.household(1)).phone == ""
    assert Household.objects.get(place=cast.household(2)).phone != ""


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_csv_in_the_codings_people_have(cast: Cast, tmp_path: Path, coding: str) -> None:
    file = tmp_path / "x.csv"
    mark = "\t" if coding == "utf-16" else ","
    file.write_bytes(
        "\r\n".join(mark.join(r) for r in (["所在村", "门牌", "户主姓名"], [WILLOW, "91号", "新户"])).encode(coding)
    )
    assert check(cast, file).counts["add"] == 1


def test_levels_are_known_by_the_words_people_use_and_orphans_of_two_villages_are_no_twins(
    cast: Cast, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [
        ["编码", "名称", "层级", "类别", "上级编码"],
        ["990100199", "新镇", "乡镇", "镇", "990100"],
        ["990100199201", "新村", "村", "行政村", "990100199"],
        [None, "一组", "组", None, "990100199201"],
        ["990100198", "错镇", "公社", "镇", "990100"],
        [None, "一组", "屯", None, "990100198201"],
        [None, "一组", "屯", None, "990100198202"],
    ]
    run = look(cast.users["county_office"], "place", workbook(tmp_path / "x.xlsx", rows, sheet="区划"))
    assert run.counts == {"add": 3, "change": 0, "same": 0, "bad": 3}
    told = errors(run)
    assert "“公社”不在可选项里" in told[5]
    assert "重复" not in told[6] + told[7]
    page = Client()
    page.force_login(cast.users["county_office"])
    shown = page.get(reverse("desk:import_run", args=[run.pk])).content.decode()
    assert "990100198 错镇 镇" in shown


def test_places_in_one_sheet_may_name_parents_in_it(cast: Cast, tmp_path: Path) -> None:
    head = ["编码", "名称", "层级", "类别", "上级编码", "排序"]
    rows: list[list[Any]] = [
        [None, "三组", "屯(组)", None, "990100100299", 3],
        ["990100100299", "新桥村", "村（社区）", "行政村", "990100100", 9],
        [None, "晒谷场", "公共场所", None, "新桥村", 1],
        ["990100100298", "无根村", "村（社区）", "行政村", "990100777", 1],
        [None, "四组", "屯(组)", None, "990100100298", 1],
        ["990100100297", "错类村", "村（社区）", "街道", "990100100", 1],
        ["990200100299", "别县村", "村（社区）", "行政村", "990200100", 1],
    ]
    run = look(cast.users["county_office"], "place", workbook(tmp_path / "x.xlsx", [head, *rows], sheet="区划"))
    told = errors(run)
    assert run.counts == {"add": 3, "change": 0, "same": 0, "bad": 4}
    assert "不存在" in told[5]
    assert "不存在" in told[6]
    assert "行政村、社区" in told[7]
    assert "辖区" in told[8]
    done = confirm(run, "good")
    assert done.state == Import.State.DONE
    village = Place.objects.get(code="990100100299")
    hamlet = Place.objects.get(name="三组")
    assert (hamlet.code, hamlet.parent, hamlet.village) == ("990100100299-Z01", village, village)
    assert village.village == village
    assert village.spans.get().path == village.path
