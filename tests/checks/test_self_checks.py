"""A village's daily check of itself and the checks of its public places: on the phone, in the recorder, typed in, from Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import BEGIN, NOW, PEACH, TOWN, WILLOW, Cast
from tests.desk.sheets import errors, look, take_in, workbook
from xiangyue.agreements.in_force import digest_of
from xiangyue.captures.intake import Actor, Answer
from xiangyue.checks.actions import record_sheet
from xiangyue.checks.models import Check, DayCount, Kind
from xiangyue.duties.models import Duty

if TYPE_CHECKING:
    from pathlib import Path

SPOT = f"{WILLOW}-G001"
ITEM = """
[[standards.areas]]
code = "a"
name = "公共区域"

[[standards.areas.items]]
code = "{code}-1"
name = "清扫干净"
kind = "deduct"
points = 100
steps = [{{ code = "dirty", name = "没有清扫", amount = 10 }}]
"""
MORE = """
[[layers]]
code = "{layer}"
name = "{name}"
bearer = "person"
target = "{level}"

[[standards]]
code = "{code}"
name = "{name}"
subject = "{level}"
standing = "示例,非官方"
{item}
[[check_kinds]]
code = "{kind}"
name = "{name}"
subject = "{level}"
standard = "{code}"
layers = ["{layer}"]
self_check = true
"""
KINDS = (("own", "village_daily", "村日检查", "village", "TD"), ("spots", "spot", "公共场所检查", "public_place", "TP"))


@pytest.fixture
def daily(cast: Cast) -> Cast:
    """The county's scheme with both kinds; committee member P08 bears 柳树村's own check, member P06 its square."""
    version = cast.scheme
    assert version is not None
    for layer, kind, name, level, code in KINDS:
        item = ITEM.format(code=code)
        version.text += MORE.format(layer=layer, kind=kind, name=name, level=level, code=code, item=item)
        Kind.objects.create(ground=version.ground, scheme=version.code, code=kind, name=name, level=level)
    version.digest = digest_of(version.text)
    version.save()
    for layer, who, target in (("own", "P08", WILLOW), ("spots", "P06", SPOT)):
        Duty.objects.create(
            ground=version.ground, scheme=version.code, layer=layer, target=cast.places[target],
            person=cast.people[who], from_on=BEGIN, created_at=NOW,
        )  # fmt: skip
    return cast


def typed(cast: Cast, user: str, kind: str, subject: str, inspector: str) -> Answer:
    """The answer to a sheet that this user types in for somebody."""
    return record_sheet(Actor(cast.users[user].pk, "office"), kind, subject, inspector=inspector)


def test_the_villages_office_types_in_its_own_daily_check(daily: Cast, client: Client) -> None:
    client.force_login(daily.users["village_office"])
    listed = client.get("/checks/entry/").content.decode()
    assert "村日检查" in listed
    assert "公共场所检查" in listed
    assert "日检查</h2>" not in listed.replace("村日检查", ""), "households stay with those who bear them"
    page = client.get(f"/checks/entry/village_daily/{WILLOW}/").content.decode()
    assert "辛委员" in page
    assert "本人" not in page, "whoever types it in does not bear it"
    form = {"day": timezone.localdate().isoformat(), "inspector": "P08", "n.TD-1.dirty": "2"}
    assert client.post(f"/checks/entry/village_daily/{WILLOW}/", form).status_code == 302
    made = Check.objects.get()
    assert (made.subject.code, made.inspector.code, made.n_faults, made.score) == (WILLOW, "P08", 1, 8_000)
    assert made.capture.channel == "counter"
    count = DayCount.objects.get(kind__code="village_daily")
    assert (count.village.code, count.n_checks, count.n_faulty) == (WILLOW, 1, 1)


def test_nobody_else_makes_it(daily: Cast) -> None:
    assert typed(daily, "village_office", "village_daily", WILLOW, "P05").state == "refused", "who does not bear it"
    assert typed(daily, "supervisor", "village_daily", WILLOW, "P08").state == "refused", "a team does not self-check"
    assert typed(daily, "other_township_office", "village_daily", WILLOW, "P08").state == "refused"
    assert typed(daily, "village_office", "village_open", WILLOW, "P05").state == "refused", (
        "others' checks stay others'"
    )
    assert typed(daily, "village_office", "village_daily", PEACH, "P08").state == "refused"
    assert typed(daily, "township_office", "village_daily", WILLOW, "P08").state == "stored"


def test_a_team_is_not_offered_it(daily: Cast, client: Client) -> None:
    client.force_login(daily.users["supervisor"])
    assert "村日检查" not in client.get("/checks/entry/").content.decode()
    assert client.get(f"/checks/entry/village_daily/{WILLOW}/").status_code == 404


def test_the_square_is_a_tap_on_the_phone_and_lies_in_the_recorder(daily: Cast, client: Client) -> None:
    client.force_login(daily.users["bearer"])
    page = client.get("/field/?check=spot").content.decode()
    assert "1 处全部正常" in page
    assert "村文化广场" in page
    told = client.get("/field/day.json").json()
    assert told["checks"]["linjiang/spot"]["places"] == [SPOT]
    assert told["checks"]["linjiang/spot"]["round"]
    assert client.post("/field/record/", {"check": "spot", "fine": SPOT}).status_code == 302
    made = Check.objects.get()
    assert (made.subject.code, made.inspector.code, made.score) == (SPOT, "P06", 10_000)
    assert "1 处" in client.get("/field/records/").content.decode()


def test_both_come_from_a_workbook(daily: Cast, tmp_path: Path) -> None:
    office = daily.users["village_office"]
    day = timezone.localdate().isoformat()
    heads = ["日期", "检查种类", "对象编码", "检查人编码", "记分"]
    rows = [[day, "村日检查", WILLOW, "P08", "TD-1.dirty×1"], [day, "公共场所检查", SPOT, "P06", ""]]
    wrong = [[day, "村日检查", WILLOW, "P05", ""]]
    assert "不是您包保的" in errors(look(office, "check", workbook(tmp_path / "a.xlsx", [heads, *wrong])))[2]
    take_in(office, "check", workbook(tmp_path / "b.xlsx", [heads, *rows]))
    assert {(row.subject.code, row.score) for row in Check.objects.all()} == {(WILLOW, 9_000), (SPOT, 10_000)}
    assert not Check.objects.filter(subject__code=TOWN).exists()
