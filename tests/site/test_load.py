"""A folder written by hand is loaded, whole or not at all."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from xiangyue.agreements.models import Consent
from xiangyue.checks.models import Check, Entry, SheetTotal
from xiangyue.duties.models import Duty
from xiangyue.people.models import Person, RoleGrant, User
from xiangyue.places.models import Household, HouseholdState, Place, PlaceSpan
from xiangyue.site.loading.faults import LoadError
from xiangyue.site.loading.load import Loaded, load_tables
from xiangyue.site.loading.tables import read_folder
from xiangyue.standings.models import Adjustment

WILLOW = Path(__file__).parent.parent / "fixtures" / "willow"
BEGIN = date(2026, 1, 1)
pytestmark = pytest.mark.django_db


def load(folder: Path) -> Loaded:
    """Load a folder quietly."""
    scheme, tables = read_folder(folder)
    return load_tables(scheme, tables, begin=BEGIN, say=lambda name, n: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the folder, to be spoilt."""
    return Path(shutil.copytree(WILLOW, tmp_path / "willow"))


def spoil(file: Path, row: int, column: str, value: str) -> None:
    """Set one cell; row 1 is the first after the heading."""
    with file.open(newline="", encoding="utf-8") as source:
        rows = list(csv.reader(source))
    rows[row][rows[0].index(column)] = value
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)


def faults_of(folder: Path) -> list[str]:
    """The faults of a folder that can't be loaded, as words; nothing was stored."""
    with pytest.raises(LoadError) as caught:
        load(folder)
    assert not Place.objects.exists()
    assert not Check.objects.exists()
    return [str(fault) for fault in caught.value.faults]


def test_everything_of_the_folder_is_stored() -> None:
    loaded = load(WILLOW)
    assert loaded.ground == "990300"
    assert loaded.counts["households"] == 11
    village = Place.objects.get(code="990300100201")
    assert (village.level, village.place_class, village.parent.code) == ("village", "village", "990300100")  # type: ignore[union-attr]
    household = Place.objects.get(code="990300100201-H00001")
    assert household.path == "990300/990300100/990300100201/990300100201-Z01/990300100201-H00001/"
    assert household.village == village
    assert PlaceSpan.objects.filter(place=household, to_on=None).count() == 1
    assert Household.objects.get(place=household).head_name == "样例户1"
    states = dict(HouseholdState.objects.values_list("place__code", "state"))
    assert (states["990300100201-H00006"], states["990300100202-H00005"]) == ("away", "help")
    assert Duty.objects.count() == 11
    assert Person.objects.get(code="P2").party_member
    assert set(User.objects.values_list("phone", flat=True)) == {"19911110001", "19911110002", "19911110003"}
    assert RoleGrant.objects.filter(user__phone="19911110003").count() == 2
    assert Adjustment.objects.get().amount == -150


def test_scores_come_from_the_entries_and_the_last_made_counts() -> None:
    load(WILLOW)
    assert Check.objects.count() == 123
    fault = Check.objects.filter(n_faults=1, subject__code="990300100201-H00002").first()
    assert fault is not None
    assert fault.score == 8333
    twice = Check.objects.filter(subject__code="990300100201-H00001", day=date(2026, 10, 12)).order_by("made_at")
    assert [check.state for check in twice] == [Check.State.REPLACED, Check.State.COUNTED]
    assert list(Entry.objects.filter(check_row=twice[1]).values_list("item", "step", "n")) == [("S01-3", "sewage", 2)]
    total = SheetTotal.objects.get(subject__code="990300100201-H00001", kind__code="daily")
    assert (total.n, total.total, total.lowest, total.last) == (12, 11 * 10_000 + 6667, 6667, 6667)


def test_loading_again_changes_nothing() -> None:
    load(WILLOW)
    before = {model: model.objects.count() for model in (Place, Person, User, Check, Entry, Adjustment)}
    load(WILLOW)
    after = {model: model.objects.count() for model in before}
    assert after == before
    assert Duty.objects.count() == 11


def test_states_by_dates_leave_no_day_with_two(folder: Path) -> None:
    home = "990300100202-H00005"
    (folder / "states.csv").write_text(
        f"household,state,from,to\n{home},away,2026-10-05,2026-10-20\n{home},空置,2026-10-10,2026-10-12\n",
        encoding="utf-8",
    )
    load(folder)

    def told() -> list[tuple[str, str, str]]:
        rows = HouseholdState.objects.filter(place__code=home).order_by("from_on")
        return [(row.state, f"{row.from_on:%m-%d}", f"{row.to_on:%m-%d}" if row.to_on else "") for row in rows]

    expected = [
        ("help", "01-01", "10-04"), ("away", "10-05", "10-09"), ("empty", "10-10", "10-12"),
        ("away", "10-13", "10-20"), ("help", "10-21", ""),
    ]  # fmt: skip
    assert told() == expected
    load(folder)
    assert told() == expected
    # what the office wrote afterwards is not taken back by loading again
    HouseholdState.objects.filter(place__code=home, to_on=None).update(to_on=date(2026, 10, 31))
    HouseholdState.objects.create(
        place=Place.objects.get(code=home), state=HouseholdState.State.LIVING, from_on=date(2026, 11, 1)
    )
    later = told()
    load(folder)
    assert told() == later


@pytest.mark.parametrize(
    "row", ["{home},away,2026-10-05,2026-10-04", "{home},away,2026-10-01,\n{home},empty,2026-10-01,"]
)
def test_states_that_can_not_be_are_named(folder: Path, row: str) -> None:
    text = "household,state,from,to\n" + row.format(home="990300100202-H00005")
    (folder / "states.csv").write_text(text, encoding="utf-8")
    assert any(fault.startswith("states") for fault in faults_of(folder))


def test_a_load_may_be_of_an_earlier_year(folder: Path) -> None:
    for name in ("checks.csv", "adjustments.csv"):
        text = (folder / name).read_text(encoding="utf-8").replace("2026-1", "2024-1")
        (folder / name).write_text(text, encoding="utf-8")
    scheme, tables = read_folder(folder)
    load_tables(scheme, tables, begin=None, say=lambda name, n: None)
    assert Place.objects.get(code="990300100201").from_on == date(2024, 1, 1)


def test_what_was_taken_back_is_not_given_again_by_a_second_load(folder: Path) -> None:
    load(folder)
    Consent.objects.update(revoked_on=date(2026, 11, 1))
    assert load(folder).counts["consents"] == 0
    assert not Consent.objects.filter(revoked_on=None).exists()


TYPED = [
    ("places.csv", 3, "层级", "县"),
    ("places.csv", 4, "层级", "乡镇"),
    ("households.csv", 11, "state", "需帮助"),
    ("persons.csv", 1, "phone", "199-1111 0001"),
    ("persons.csv", 1, "posts", "干部@990300"),
    ("persons.csv", 1, "roles", "县级办公室 @ 990300"),
    ("checks.csv", 122, "made_at", "2026/10/20 10:00"),
    ("checks.csv", 122, "made_at", "2026年10月20日 9:05:30"),
    ("checks.csv", 122, "day", "２０２６年10月20日"),
    ("adjustments.csv", 1, "points", "－１．５"),
]


@pytest.mark.parametrize(("name", "row", "column", "value"), TYPED)
def test_what_people_type_is_understood(folder: Path, name: str, row: int, column: str, value: str) -> None:
    spoil(folder / name, row, column, value)
    load(folder)
    assert Check.objects.count() == 123
    assert User.objects.filter(phone="19911110001").exists()
    assert Adjustment.objects.get().amount == -150


def test_tables_in_the_encoding_of_old_spreadsheets(folder: Path) -> None:
    for file in folder.glob("*.csv"):
        file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))
    load(folder)
    assert Place.objects.get(code="990300100201").name == "柳湾村"


def test_duties_written_twice_are_one_and_overlapping_ones_are_a_fault(folder: Path) -> None:
    duties = folder / "duties.csv"
    lines = duties.read_text(encoding="utf-8").splitlines()
    duties.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    load(folder)
    assert Duty.objects.count() == 11
    duties.write_text("layer,person,target\ncommittee,P3,990300100201-H00001\n", encoding="utf-8")
    with pytest.raises(LoadError) as caught:
        load(folder)
    assert "duties" in str(caught.value)
    assert Duty.objects.count() == 11


def test_a_check_left_out_does_not_make_its_entries_look_lost(folder: Path) -> None:
    spoil(folder / "checks.csv", 2, "day", "哪天")
    assert len(faults_of(folder)) == 1


SPOILT: list[tuple[str, int, str, str, str]] = [
    ("places.csv", 1, "上级编码", "990300999", "上级“990300999”不存在"),
    ("places.csv", 1, "编码", "99030010020", "不是 12 位数字"),
    ("places.csv", 1, "层级", "hamlett", "不在可选值里"),
    ("households.csv", 2, "code", "990300100201-H00001", "与第 2 行重复"),
    ("households.csv", 1, "place", "990300100299", "不是已有的村或屯组"),
    ("persons.csv", 2, "roles", "king@990300", "不明白"),
    ("duties.csv", 1, "layer", "nobody", "没有“nobody”这一层"),
    ("duties.csv", 1, "organisation", "D9", "只填一个"),
    ("checks.csv", 1, "kind", "hourly", "没有“hourly”这种检查"),
    ("checks.csv", 1, "subject", "990300100201", "不是已有的农户"),
    ("checks.csv", 1, "day", "2026-13-01", "不是日期"),
    ("checks.csv", 1, "day", "2999-01-01", "还没有到"),
    ("checks.csv", 2, "id", "c1", "重复"),
    ("entries.csv", 1, "item", "S99", "S99"),
    ("entries.csv", 1, "check", "nowhere", "不在 checks 表里"),
    ("adjustments.csv", 1, "points", "1.505", "最多两位小数"),
    ("adjustments.csv", 1, "points", "120", "不能超过 100 分"),
    ("persons.csv", 3, "phone", "19911110002", "已由“P2”"),
    ("persons.csv", 3, "phone", "1991111", "不是 11 位手机号"),
    ("persons.csv", 3, "name", "样" * 41, "太长"),
    ("persons.csv", 3, "roles", "bearer@990300100209", "“990300100209”不存在"),
    ("consents.csv", 1, "purpose", "everything", "不在可选值里"),
]


@pytest.mark.parametrize(("name", "row", "column", "value", "words"), SPOILT)
def test_a_fault_is_named_and_nothing_is_stored(
    folder: Path, name: str, row: int, column: str, value: str, words: str
) -> None:
    spoil(folder / name, row, column, value)
    found = faults_of(folder)
    assert any(words in fault for fault in found), found


def test_an_unknown_column_and_a_broken_scheme_are_named(folder: Path) -> None:
    text = (folder / "scheme.toml").read_text(encoding="utf-8")
    (folder / "scheme.toml").write_text(
        text.replace('code = "linjiang"', 'weigth = 1\ncode = "linjiang"', 1), encoding="utf-8"
    )
    assert any("weigth" in fault for fault in faults_of(folder))
    shutil.copy(WILLOW / "scheme.toml", folder / "scheme.toml")
    spoil(folder / "persons.csv", 0, "party_member", "党员?")
    assert any("没有这一列" in fault for fault in faults_of(folder))


def test_one_workbook_loads_as_the_folder_does(folder: Path) -> None:
    import xlsxwriter

    book: Any = xlsxwriter.Workbook(str(folder / "county.xlsx"))
    for file in sorted(folder.glob("*.csv")):
        sheet = book.add_worksheet(file.stem)
        with file.open(newline="", encoding="utf-8") as source:
            for number, row in enumerate(csv.reader(source)):
                sheet.write_row(number, 0, row)
        file.unlink()
    book.close()
    assert load(folder).counts["checks"] == 123
