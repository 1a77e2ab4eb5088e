"""The recorder's server side: its page, the files that it keeps, the day's data, the county's switch."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, PEACH, WILLOW
from xiangyue.base.models import Change
from xiangyue.captures.ids import new_id
from xiangyue.captures.models import Capture
from xiangyue.duties.models import Duty
from xiangyue.field import assets
from xiangyue.field.models import Recorder

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
MOST_FIRST_LOAD = 150 * 1024


@pytest.fixture
def phone(cast: Cast, client: Client) -> Client:
    """The bearer's phone."""
    client.force_login(cast.users["bearer"])
    return client


def day(client: Client) -> dict[str, Any]:
    """The day's data."""
    answer = client.get("/field/day.json", headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_the_day_holds_my_targets_and_no_more(cast: Cast, phone: Client) -> None:
    told = day(phone)
    mine = [code for code, row in told["places"].items() if row.get("mine")]
    assert mine == [cast.household(number).code for number in (1, 2, 3, 4)]
    assert told["places"][mine[0]] == {
        "name": "1号", "level": "household", "where": "一组", "head": "示例户1", "state": "living", "mine": True,
        "ownYard": True, "layers": ["linjiang/members"],
    }  # fmt: skip
    others = {code for code, row in told["places"].items() if not row.get("mine")}
    assert others == {WILLOW, f"{WILLOW}-Z01", f"{WILLOW}-Z02", f"{WILLOW}-G001"}
    assert "1990000" not in json.dumps(told), "no phone number goes to a phone"
    assert told["checks"]["linjiang/daily"]["places"] == mine
    assert {"round", "sheet", "undo", "photo"} <= set(told["kinds"])
    assert told["user"] == {"id": cast.users["bearer"].pk, "name": "己党员", "person": "P06", "large": False}


def test_the_sheets_come_with_the_words_and_pictograms_of_the_scheme(cast: Cast, phone: Client) -> None:
    told = day(phone)
    standard = told["standards"][told["checks"]["linjiang/daily"]["standard"]]
    first = standard["areas"][0]["items"][0]
    assert first["taps"][0] == {"says": {"step": "rubbish"}, "words": "垃圾乱丢", "icon": "trash-x", "unit": "处"}
    assert standard["standing"] == "示例,非官方"
    assert [task["code"] for task in told["layers"]["linjiang/members"]["tasks"]][:2] == ["own_yard", "door"]


def test_a_team_gets_its_sheets_and_an_office_its_places(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["supervisor"])
    told = day(client)
    kinds = {row["code"]: row for row in told["checks"].values()}
    assert all(not row["round"] for row in kinds.values())
    assert PEACH in kinds["village_open"]["places"]
    client.force_login(cast.users["village_office"])
    homes = [code for code, row in day(client)["places"].items() if row["level"] == "household"]
    assert homes == [cast.household(number).code for number in range(1, 9)]


def test_nothing_is_sent_again_while_nothing_changed(cast: Cast, phone: Client) -> None:
    first = phone.get("/field/day.json")
    tag = first.headers["ETag"]
    assert tag == f'"{first.json()["version"]}"'
    again = phone.get("/field/day.json", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert abs(int(again.headers["X-Server-Time"]) / 1000 - timezone.now().timestamp()) < 60
    sent = send(phone, cast, 1)
    other = phone.get("/field/day.json", headers={"If-None-Match": tag})
    assert other.status_code == 200
    done = other.json()["done"]["linjiang/daily"][cast.household(1).code]
    assert (done["mark"], done["n"], done["id"]) == ("clean", 0, sent)


def send(client: Client, cast: Cast, *numbers: int, **headers: str) -> str:
    """The id of a round of today."""
    body = {"check": "daily", "scheme": "linjiang", "fine": [cast.household(n).code for n in numbers], "base": "abc"}
    raw = {"id": str(new_id()), "kind": "round", "made_at": timezone.now().isoformat(), "body": body}
    answer = client.post("/field/captures", json.dumps(raw), content_type="application/json", headers=headers)
    assert answer.json()["state"] == "stored", answer.json()
    return str(raw["id"])


def test_what_the_phone_was_based_on_is_kept_with_the_capture(cast: Cast, phone: Client) -> None:
    assert Capture.objects.get(uuid=send(phone, cast, 2)).body["base"] == "abc"


def test_ten_thousand_at_once_are_told_to_come_in_parts(cast: Cast, phone: Client) -> None:
    body = {"check": "daily", "fine": [cast.household(1).code]}
    made = timezone.now().isoformat()
    raw = [{"id": str(new_id()), "kind": "round", "made_at": made, "body": body} for _ in range(201)]
    for listed in (raw, raw * 50):
        answer = phone.post("/field/captures", json.dumps({"envelopes": listed}), content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (413, "captures_too_large")
        assert "200" in answer.json()["mend"]
    assert not Capture.objects.exists()


def test_on_a_shared_phone_nobody_sends_for_whoever_was_there_before(cast: Cast, phone: Client) -> None:
    body = {"check": "daily", "fine": [cast.household(1).code]}
    raw = json.dumps({"id": str(new_id()), "kind": "round", "made_at": timezone.now().isoformat(), "body": body})
    other = str(cast.users["village_office"].pk)
    answer = phone.post("/field/captures", raw, content_type="application/json", headers={"X-Recorder-User": other})
    assert (answer.status_code, answer.json()["code"]) == (401, "other_user")
    assert not Capture.objects.exists()
    send(phone, cast, 1, **{"X-Recorder-User": str(cast.users["bearer"].pk)})


def test_it_is_off_until_the_county_has_a_filing_number(cast: Cast, phone: Client) -> None:
    office = Client()
    office.force_login(cast.users["county_office"])
    office.post("/field/switch/", {"county": COUNTY, "number": ""})
    answer = phone.get("/field/day.json", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (403, "recorder_off")
    assert "备案号" in answer.json()["mend"]
    assert "离线记录" not in phone.get("/field/").content.decode()
    # what is on a phone already is taken, and forms work
    send(phone, cast, 1)
    office.post("/field/switch/", {"county": COUNTY, "number": " 示备  2026-7 "})
    assert day(phone)["filing"] == "示备 2026-7"
    assert "离线记录" in phone.get("/field/").content.decode()
    assert list(Change.objects.filter(act__startswith="recorder.").order_by("id").values_list("act", flat=True)) == [
        "recorder.off", "recorder.on",
    ]  # fmt: skip
    assert "示备 2026-7" in office.get("/field/switch/").content.decode()


@pytest.mark.parametrize(("who", "status"), [("township_office", 404), ("other_county_office", 404), ("bearer", 403)])
def test_only_the_county_office_switches_it(cast: Cast, client: Client, who: str, status: int) -> None:
    client.force_login(cast.users[who])
    answer = client.post("/field/switch/", {"county": COUNTY, "number": "x"})
    assert answer.status_code == status
    assert Recorder.objects.get(county__code=COUNTY).filing_number == "示例-未备案"


def test_a_number_too_long_is_told(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["county_office"])
    assert "最多 60 个字" in client.post("/field/switch/", {"county": COUNTY, "number": "号" * 61}).content.decode()


def test_the_number_of_queries_does_not_grow_with_targets(cast: Cast, phone: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            day(phone)
        return len(queries)

    day(phone)
    few = count()
    Duty.objects.filter(target__in=[cast.household(number) for number in (5, 6, 7)]).update(person=cast.people["P06"])
    send(phone, cast, 1, 2, 5)
    many = count()
    assert many <= few
    assert_budget("field:day", many)


def test_the_page_is_the_same_for_everyone_and_light(cast: Cast, client: Client) -> None:
    nobody = client.get("/field/recorder/").content
    client.force_login(cast.users["bearer"])
    assert client.get("/field/recorder/").content == nobody
    files = [Path(str(finders.find(name))).read_bytes() for name in assets.asset_names()]
    day_json = json.dumps(day(client), ensure_ascii=False).encode()
    weight = sum(len(gzip.compress(data, 6)) for data in [nobody, day_json, *files])
    assert weight <= MOST_FIRST_LOAD, f"{weight} bytes"
    assert b"<script>" not in nobody
    assert b'onclick="' not in nobody


def test_the_worker_keeps_every_file_and_is_never_kept_itself(cast: Cast, client: Client) -> None:
    answer = client.get("/field/sw.js")
    text = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-store"
    assert assets.build() in text
    for name in assets.asset_names():
        assert f'"/static/{name}"' in text.replace("\\u002D", "-")
        assert finders.find(name), name
    assert set(client.cookies) == set()


def test_the_manifest_names_pictures_that_are_there(client: Client) -> None:
    told = client.get("/field/manifest.webmanifest").json()
    assert (told["start_url"], told["scope"]) == ("/field/recorder/", "/field/")
    for picture in told["icons"]:
        assert finders.find(picture["src"].removeprefix("/static/"))


def test_every_module_is_named_by_its_plain_address() -> None:
    for file in (assets.FOLDER / "field" / "recorder").glob("*.js"):
        text = file.read_text(encoding="utf-8")
        assert text.startswith("/* "), file.name
        assert text.count("\n") < 400
        for line in text.splitlines():
            if line.startswith("import"):
                named = line.rsplit('"', 2)[1].removeprefix("./")
                assert (file.parent / named).is_file(), f"{file.name}: {line}"
