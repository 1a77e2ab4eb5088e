"""The phone's pages: a round in a few taps, one door's faults, taking back, recording for another, the JSON door."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import WILLOW, Cast
from xiangyue.captures.ids import new_id
from xiangyue.captures.keys import make_key
from xiangyue.captures.models import Capture
from xiangyue.checks.models import Check
from xiangyue.duties.models import Duty
from xiangyue.field.tiles import groups_of, tapped
from xiangyue.places.models import Place
from xiangyue.rules.sheet import Entry
from xiangyue.schemes import pack


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.fixture
def phone(cast: Cast, client: Client) -> Client:
    client.force_login(cast.users["bearer"])
    return client


def fields(html: str, name: str) -> list[str]:
    """The values of the hidden fields of that name."""
    mark = f'name="{name}" value="'
    return [part.partition('"')[0] for part in html.split(mark)[1:]]


def test_today_lists_my_doors_my_own_yard_first(cast: Cast, phone: Client) -> None:
    Place.objects.filter(pk=cast.household(1).pk).update(order=9)
    html = page(phone, "/field/")
    assert html.index("1号") < html.index("2号") < html.index("4号")
    assert "自家院" in html
    assert "5号" not in html
    assert "4 户全部正常" in html


def test_a_round_with_one_fault_is_two_forms(cast: Cast, phone: Client) -> None:
    door = f"/field/door/{cast.household(3).code}/"
    sheet = page(phone, door)
    assert "垃圾乱丢" in sheet
    form = {"id": fields(sheet, "id")[0], "check": "daily", "subject": cast.household(3).code}
    form |= {"t.S01-1.rubbish": "1", "n.S01-1.rubbish": "2", "note": "门口"}
    phone.post("/field/record/", form)
    today = page(phone, "/field/")
    assert "其余 3 户全部正常" in today
    phone.post("/field/record/", {"id": fields(today, "id")[0], "check": "daily", "fine": fields(today, "fine")})
    assert Check.objects.filter(state=Check.State.COUNTED).count() == 4
    assert Check.objects.get(subject=cast.household(3)).score == 6_667
    done = page(phone, "/field/")
    assert "有问题的 1 户" in done
    assert "10 分钟内可撤回" in done


def test_the_same_form_twice_is_one_capture(cast: Cast, phone: Client) -> None:
    today = page(phone, "/field/")
    form = {"id": fields(today, "id")[0], "check": "daily", "fine": fields(today, "fine")}
    phone.post("/field/record/", form)
    phone.post("/field/record/", form)
    assert Capture.objects.count() == 1
    assert "没有重复计入" in page(phone, "/field/")


def test_the_last_tap_can_be_taken_back(cast: Cast, phone: Client) -> None:
    today = page(phone, "/field/")
    phone.post("/field/record/", {"id": fields(today, "id")[0], "check": "daily", "fine": fields(today, "fine")})
    target = fields(page(phone, "/field/"), "target")[0]
    phone.post("/field/undo/", {"target": target})
    assert "4 户全部正常" in page(phone, "/field/")
    assert set(Check.objects.values_list("state", flat=True)) == {Check.State.WITHDRAWN}
    assert "已撤回" in page(phone, "/field/records/")


def test_away_households_are_shown_and_owe_nothing(cast: Cast, phone: Client) -> None:
    cast.household(2).states.update(state="away")
    html = page(phone, "/field/")
    assert "3 户全部正常" in html
    assert "外出" in html


def test_households_records_and_me(cast: Cast, phone: Client) -> None:
    today = page(phone, "/field/")
    phone.post("/field/record/", {"id": fields(today, "id")[0], "check": "daily", "fine": fields(today, "fine")})
    assert "查 1 次" in page(phone, "/field/households/")
    assert "日检查" in page(phone, "/field/records/")
    mine = page(phone, "/field/me/")
    assert "自家院" in mine
    assert "100.00" in mine


def test_a_helper_records_for_a_person_and_it_says_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["village_office"])
    assert "己党员" in page(client, "/field/counter/")
    html = page(client, "/field/?for=P06")
    assert "正在替" in html
    form = {"id": fields(html, "id")[0], "check": "daily", "fine": fields(html, "fine"), "for": "P06"}
    assert client.post("/field/record/", form).headers["Location"].endswith("for=P06")
    capture = Capture.objects.get()
    assert (capture.channel, capture.person, capture.user) == (
        "counter", cast.people["P06"], cast.users["village_office"],
    )  # fmt: skip


@pytest.mark.parametrize(("who", "status"), [("bearer", 404), ("other_village_office", 404), ("auditor", 403)])
def test_nobody_else_records_for_a_person(cast: Cast, client: Client, who: str, status: int) -> None:
    client.force_login(cast.users[who])
    assert client.get("/field/?for=P07").status_code == status


def test_a_door_of_another_bearer_is_not_there(cast: Cast, phone: Client) -> None:
    assert phone.get(f"/field/door/{cast.household(5).code}/").status_code == 404
    phone.post("/field/record/", {"id": str(new_id()), "check": "daily", "fine": [cast.household(5).code]})
    assert not Capture.objects.exists()
    assert "不是您包保的" in page(phone, "/field/")


def test_the_time_of_the_tap_comes_from_the_phone(cast: Cast, phone: Client) -> None:
    made = timezone.now() - timedelta(minutes=30)
    form = {"id": str(new_id()), "check": "daily", "fine": [cast.household(1).code], "made_at": made.isoformat()}
    phone.post("/field/record/", form | {"sent_at": timezone.now().isoformat()})
    assert abs(Capture.objects.get().made_at - made) < timedelta(seconds=2)


@pytest.mark.parametrize("address", ["field:today", "field:households", "field:records"])
def test_the_number_of_queries_does_not_grow_with_doors(cast: Cast, phone: Client, address: str) -> None:
    from django.urls import reverse

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(phone, reverse(address))
        return len(queries)

    page(phone, "/field/")
    few = count()
    Duty.objects.filter(target__in=[cast.household(number) for number in (5, 6, 7)]).update(person=cast.people["P06"])
    today = page(phone, "/field/")
    phone.post("/field/record/", {"id": fields(today, "id")[0], "check": "daily", "fine": fields(today, "fine")})
    page(phone, reverse(address))
    many = count()
    assert many <= few + 1
    assert_budget(address, many)


class TestJson:
    """The door for envelopes."""

    def envelope(self, cast: Cast, *numbers: int) -> dict[str, Any]:
        body = {"check": "daily", "fine": [cast.household(number).code for number in numbers]}
        return {"id": str(new_id()), "kind": "round", "made_at": timezone.now().isoformat(), "body": body}

    def send(self, client: Client, raw: Any, key: str = "", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        data = raw if isinstance(raw, str) else json.dumps(raw)
        return client.post("/field/captures", data, content_type="application/json", headers=headers, **more)

    def key(self, cast: Cast, name: str = "bearer") -> str:
        return make_key(cast.users[name].pk, cast.users[name].password)

    def test_one_is_stored_then_already(self, cast: Cast, client: Client) -> None:
        raw = self.envelope(cast, 1, 2)
        first = self.send(client, raw, self.key(cast))
        assert (first.status_code, first.json()) == (200, {"id": raw["id"], "state": "stored"})
        again = self.send(client, raw, self.key(cast))
        assert (again.status_code, again.json()["state"]) == (200, "already")
        raw["body"]["fine"].pop()
        other = self.send(client, raw, self.key(cast))
        assert (other.status_code, other.json()["state"]) == (409, "conflict")

    def test_many_have_an_answer_each(self, cast: Cast, client: Client) -> None:
        listed = [self.envelope(cast, 1), self.envelope(cast, 5), {"id": "7"}, self.envelope(cast, 2)]
        response = self.send(client, {"sent_at": timezone.now().isoformat(), "envelopes": listed}, self.key(cast))
        assert [answer["state"] for answer in response.json()["answers"]] == ["stored", "refused", "refused", "stored"]
        assert all(answer.get("mend") for answer in response.json()["answers"][1:3])

    @pytest.mark.parametrize("raw", ["", "[]", "{", '{"envelopes": 7}', '"\\ud800"', "1e999"])
    def test_what_is_no_envelope_is_refused(self, cast: Cast, client: Client, raw: str) -> None:
        response = self.send(client, raw, self.key(cast))
        assert 400 <= response.status_code < 500
        assert response.json()["words"]

    def test_without_a_key_or_log_in_it_is_closed(self, cast: Cast, client: Client) -> None:
        assert self.send(client, self.envelope(cast, 1)).status_code == 401
        assert self.send(client, self.envelope(cast, 1), "xy1.1.9999999999.a.b").status_code == 401
        cast.users["bearer"].is_active = False
        cast.users["bearer"].save()
        assert self.send(client, self.envelope(cast, 1), self.key(cast)).status_code == 401

    def test_a_session_needs_the_forms_token(self, cast: Cast) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(cast.users["bearer"])
        assert self.send(strict, self.envelope(cast, 1)).status_code == 403
        page(strict, "/field/")
        token = strict.cookies["csrftoken"].value
        sent = strict.post(
            "/field/captures", json.dumps(self.envelope(cast, 1)), content_type="application/json",
            headers={"X-CSRFToken": token},
        )  # fmt: skip
        assert (sent.status_code, sent.json()["state"]) == (200, "stored")

    def test_a_key_is_given_to_who_is_logged_in(self, cast: Cast, phone: Client) -> None:
        given = phone.post("/field/token").json()
        assert self.send(Client(), self.envelope(cast, 1), given["token"]).json()["state"] == "stored"

    def test_the_short_way_answers_as_the_long_one(self, cast: Cast, client: Client) -> None:
        from io import BytesIO

        from xiangyue.field import receiving

        raw = self.envelope(cast, 1)
        data = json.dumps(raw).encode()
        environ = {
            "PATH_INFO": "/field/captures", "REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(data)),
            "HTTP_AUTHORIZATION": f"Bearer {self.key(cast)}", "wsgi.input": BytesIO(data),
        }  # fmt: skip
        assert receiving.takes(environ)
        told: list[Any] = []
        body = b"".join(receiving.respond(environ, lambda status, headers: told.extend([status, dict(headers)])))
        assert told[0] == "200 OK"
        assert told[1]["Content-Type"] == "application/json"
        assert json.loads(body) == {"id": raw["id"], "state": "stored"}
        assert self.send(client, raw, self.key(cast)).json()["state"] == "already"
        del environ["HTTP_AUTHORIZATION"]
        assert not receiving.takes(environ)


def test_every_fault_of_the_standard_has_a_tile_and_comes_back_as_it_was_tapped() -> None:
    standard = pack("linjiang").standard("S01")
    groups = groups_of(standard, {"S01-1.rubbish": 3})
    tiles = [tile for group in groups for tile in group.tiles]
    assert {tile.n for tile in tiles if tile.name == "S01-1.rubbish"} == {3}
    assert all(tile.words and tile.icon for tile in tiles)
    form = {f"t.{tile.name}": "1" for tile in tiles} | {"n.S01-1.rubbish": "4", "t.S99.none": "1"}
    entries = tapped(standard, form)
    assert len(entries) == len(tiles)
    assert Entry("S01-1", "rubbish", 4) in entries


def test_a_person_without_duties_sees_how_to_begin(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["village_office"])
    assert "没有要查的户" in page(client, "/field/")
    assert WILLOW in cast.places
