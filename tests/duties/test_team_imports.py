"""Teams from a workbook: founded, joined, given their places; what is wrong is told row by row and nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import BEGIN, PEACH, TODAY, WILLOW, Cast
from tests.desk.sheets import errors, look, read, take_in, workbook
from tests.duties.test_teams import DITCH, SQUARE, borne, founded, joined, spotted, staged
from xiangyue.base.models import Change
from xiangyue.desk.models import Import
from xiangyue.duties.actions.single import Terms, assign
from xiangyue.duties.models import Duty
from xiangyue.duties.team_models import Team, TeamMember, TeamSpot

pytestmark = pytest.mark.django_db
NAME = "柳树村先锋队"
JUNE = date(2026, 6, 1)
HEADS = {
    "team": ["辖区编码", "队名", "包保层", "成立日期", "解散日期"],
    "team_member": ["辖区编码", "队名", "队员", "类别", "队长", "起始日", "截止日"],
    "team_spot": ["辖区编码", "队名", "点位编码", "起始日", "截止日"],
}
type Cell = str | date | None


@pytest.fixture
def stage(cast: Cast) -> Cast:
    """The county's scheme has a layer of vanguards; 柳树村 has a square and a ditch."""
    return staged(cast)


def file(tmp_path: Path, desk: str, *rows: list[Cell]) -> Path:
    """A workbook of the desk with these rows."""
    cells = [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in rows]
    return workbook(tmp_path / f"{desk}.xlsx", [HEADS[desk], *cells])


def told(cast: Cast, tmp_path: Path, desk: str, *rows: list[Cell], who: str = "county_office") -> dict[int, str]:
    """What is wrong with which row of the sheet."""
    return errors(look(cast.users[who], desk, file(tmp_path, desk, *rows)))


def taken(cast: Cast, tmp_path: Path, desk: str, *rows: list[Cell]) -> dict[str, int]:
    """The counts of an import that was confirmed."""
    run = take_in(cast.users["village_office"], desk, file(tmp_path, desk, *rows))
    assert run.state == Import.State.DONE, (run.words, run.found)
    return {key: n for key, n in run.counts.items() if n}


def member(person: str = "P06", kind: str = "党员小组长", leads: str = "", first: Cell = BEGIN, last: Cell = None,
           ground: str = WILLOW, team: str = NAME) -> list[Cell]:  # fmt: skip
    """A row of the members' sheet."""
    return [ground, team, person, kind, leads, first, last]


def spot(place: str = SQUARE, first: Cell = BEGIN, last: Cell = None, ground: str = WILLOW) -> list[Cell]:
    """A row of the spots' sheet."""
    return [ground, NAME, place, first, last]


def test_a_team_its_people_and_places_come_in_and_answer_for_them(stage: Cast, tmp_path: Path) -> None:
    assert taken(stage, tmp_path, "team", [WILLOW, NAME, "人居环境整治先锋队", BEGIN, None]) == {"add": 1}
    two = taken(stage, tmp_path, "team_member", member(leads="是"), member("P07", "统战小组长", first=JUNE))
    assert two == {"add": 2}
    assert taken(stage, tmp_path, "team_spot", spot(), spot("一组水沟", first=JUNE)) == {"add": 2}
    assert borne() == {
        ("P06", SQUARE, BEGIN, None), ("P06", DITCH, JUNE, None),
        ("P07", SQUARE, JUNE, None), ("P07", DITCH, JUNE, None),
    }  # fmt: skip
    assert TeamMember.objects.get(leads=True).person.code == "P06"
    assert Team.objects.get().made_by == stage.users["village_office"]
    assert Change.objects.filter(act="duty.assigned").count() == 4
    # what is on file is left alone, and so a sheet can be sent twice
    assert taken(stage, tmp_path, "team_member", member(leads="是"), member("P07", "统战小组长", first=JUNE)) == {
        "same": 2
    }
    assert Duty.objects.filter(layer="vanguard").count() == 4


def test_members_leave_and_return_and_the_lead_changes_in_one_sheet(stage: Cast, tmp_path: Path) -> None:
    team = founded(stage)
    joined(stage, team, leads=True)
    spotted(stage, team)
    eve = JUNE - timedelta(days=1)
    counts = taken(
        stage, tmp_path, "team_member", member(last=eve), member("P06", "志愿者", first=JUNE),
        member("P07", "统战小组长", "是", JUNE),
    )  # fmt: skip
    assert counts == {"add": 2, "change": 1}
    assert borne() == {("P06", SQUARE, BEGIN, eve), ("P06", SQUARE, JUNE, None), ("P07", SQUARE, JUNE, None)}
    rows = TeamMember.objects.order_by("from_on", "person__code")
    assert list(rows.values_list("person__code", "leads", "kind")) == [
        ("P06", False, "party"), ("P06", False, "volunteer"), ("P07", True, "front")
    ]  # fmt: skip
    assert taken(stage, tmp_path, "team_member", member("P06", "志愿者", "是", JUNE)) == {"change": 1}
    assert TeamMember.objects.get(leads=True).person.code == "P06"


def test_a_team_is_disbanded_and_its_name_is_free_in_the_same_sheet(stage: Cast, tmp_path: Path) -> None:
    team = founded(stage)
    joined(stage, team)
    spotted(stage, team)
    eve = JUNE - timedelta(days=1)
    rows: list[list[Cell]] = [[WILLOW, NAME, None, BEGIN, eve], [WILLOW, NAME, "vanguard", JUNE, None]]
    assert taken(stage, tmp_path, "team", *rows) == {"add": 1, "change": 1}
    assert borne() == {("P06", SQUARE, BEGIN, eve)}
    assert list(Team.objects.order_by("from_on").values_list("from_on", "to_on")) == [(BEGIN, eve), (JUNE, None)]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (member("nobody"), "没有找到人员"),
        (member("P08", "村（社区）干部"), ""),
        (member("P10", "志愿者"), "没有这一层要求的职务"),
        (member("P06", "组长"), "类别"),
        (member(team="没有的队"), "没有叫“没有的队”的先锋队"),
        (member(ground="990100100999"), "没有找到辖区"),
        (member(first=BEGIN, last=BEGIN - timedelta(days=1)), "截止日早于起始日"),
        (member(first=BEGIN - timedelta(days=9)), "还没有成立"),
        (member("P07", "统战小组长"), "起已在“柳树村先锋队”里"),
        (member("P07", "志愿者", first=date(2026, 3, 1)), "要换类别"),
        (member("P07", "党员小组长", first=date(2026, 3, 1), last=BEGIN), "才开始"),
        (member("P06", kind=""), "没有填"),
    ],
)
def test_what_is_wrong_with_a_member_is_told(stage: Cast, tmp_path: Path, cells: list[Cell], words: str) -> None:
    team = founded(stage)
    joined(stage, team, "P07", date(2026, 3, 1))
    run = look(stage.users["county_office"], "team_member", file(tmp_path, "team_member", cells))
    found = errors(run)
    assert (words in found[2]) if words else not found
    assert all(row["label"] for row in run.found["rows"]["bad"]), "a bad row is called by something"


def test_whom_one_row_lets_in_the_next_does_not_let_in_again(stage: Cast, tmp_path: Path) -> None:
    founded(stage)
    found = told(
        stage, tmp_path, "team_member", member(), member(first=JUNE), member("P07", leads="是"),
        member("P13", leads="是"),
    )  # fmt: skip
    assert "第 3 行的日期重叠" in found[2]
    assert "第 2 行的日期重叠" in found[3]
    assert "第 5 行也写了任队长" in found[4]
    assert "第 4 行也写了任队长" in found[5]
    assert "重复" in told(stage, tmp_path, "team_member", member(), member())[3]
    assert not TeamMember.objects.exists()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (spot(WILLOW), "没有找到公共场所"),
        (spot(f"{PEACH}-G001"), "不在柳树村"),
        (spot("没有的沟"), "没有找到公共场所"),
        (spot(DITCH), "起已由“柳树村先锋队”包保"),
        (spot(ground=PEACH), "桃花村没有叫"),
        (spot(last=BEGIN - timedelta(days=1)), "截止日早于起始日"),
    ],
)
def test_what_is_wrong_with_a_spot_is_told(stage: Cast, tmp_path: Path, cells: list[Cell], words: str) -> None:
    from tests.cast import place
    from xiangyue.places.models import Level

    place(stage, f"{PEACH}-G001", "桃花广场", Level.PUBLIC_PLACE, PEACH)
    team = founded(stage)
    spotted(stage, team, DITCH, JUNE)
    assert words in told(stage, tmp_path, "team_spot", cells)[2]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[WILLOW, NAME, None, JUNE, None]], "已有叫"),
        ([[WILLOW, "二队", None, JUNE, None], [WILLOW, "二队", None, TODAY, None]], "已有叫"),
        ([[WILLOW, "二队", "党员包户", JUNE, None]], "填成其中之一：人居环境整治先锋队"),
        ([[WILLOW, "二队", None, JUNE, BEGIN]], "解散日期早于成立日期"),
        ([[f"{WILLOW}-Z01", "二队", None, JUNE, None]], "没有找到辖区"),
        ([[WILLOW, NAME, "党员包户", BEGIN, None]], "不能改"),
        ([[WILLOW, NAME, None, BEGIN, date(2026, 2, 1)]], "才开始"),
        ([[WILLOW, None, None, BEGIN, None]], "“队名”没有填"),
    ],
)
def test_what_is_wrong_with_a_team_is_told(stage: Cast, tmp_path: Path, rows: list[list[Cell]], words: str) -> None:
    joined(stage, founded(stage), "P07", date(2026, 3, 1))
    found = told(stage, tmp_path, "team", *rows)
    assert words in found[2]
    assert Team.objects.count() == 1


def test_duties_that_were_given_by_hand_and_the_limit_stand_in_the_way(cast: Cast, tmp_path: Path) -> None:
    stage = staged(cast, more="per_bearer = 1\n")
    team = founded(stage)
    joined(stage, team)
    assign(stage.users["village_office"], stage.places[SQUARE], "vanguard", stage.people["P07"], Terms(BEGIN))
    spotted(stage, team)
    found = told(stage, tmp_path, "team_member", member("P07"))
    assert "重叠" in found[2]
    assert "最多 1 个" in told(stage, tmp_path, "team_spot", spot(DITCH))[2]


def test_others_ground_stays_closed_and_the_good_rows_can_go_alone(stage: Cast, tmp_path: Path) -> None:
    founded(stage)
    found = told(
        stage, tmp_path, "team_member", member(), member(ground=PEACH, team="桃花村先锋队"), who="village_office"
    )
    assert "辖区" in found[3]
    assert 2 not in found
    run = take_in(
        stage.users["village_office"], "team_member", file(tmp_path, "team_member", member(), member("nobody")), "good"
    )
    assert run.counts["add"] == 1
    assert TeamMember.objects.count() == 1
    assert TeamSpot.objects.count() == 0


def test_the_template_has_the_columns_and_the_page_leads_to_it(stage: Cast, client: Client, tmp_path: Path) -> None:
    client.force_login(stage.users["village_office"])
    for desk, headings in HEADS.items():
        page: Any = client.get(reverse("desk:import", args=(desk,)))
        assert page.status_code == 200
        template: Any = client.get(reverse("desk:import", args=(desk,)), {"file": "template"})
        made = tmp_path / "template.xlsx"
        made.write_bytes(b"".join(template.streaming_content) if template.streaming else template.content)
        assert [str(cell).rstrip("*＊ ") for cell in read(made)[0]] == headings
