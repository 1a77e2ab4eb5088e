"""Photos: announced, sent in parts that resume, looked at, stripped, kept for a term, shown to those who may."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.field.photos import announced, jpeg, photo_on_file
from xiangyue.base import terms
from xiangyue.captures import photos
from xiangyue.captures.ids import new_id
from xiangyue.captures.intake import Actor
from xiangyue.captures.keys import make_key
from xiangyue.captures.models import Capture
from xiangyue.captures.photo_models import Photo
from xiangyue.captures.pictures import KEPT_BYTES, clean

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
PART = 32 * 1024


@pytest.fixture
def phone(cast: Cast, client: Client) -> Client:
    """The bearer's phone."""
    client.force_login(cast.users["bearer"])
    return client


def send(client: Client, *envelopes: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers to envelopes."""
    raw = json.dumps({"sent_at": timezone.now().isoformat(), "envelopes": envelopes})
    found: list[dict[str, Any]] = client.post("/field/captures", raw, content_type="application/json").json()["answers"]
    return found


def put(client: Client, sha: str, part: int, data: bytes) -> Any:
    """The answer to one part."""
    return client.put(f"/field/photos/{sha}/{part}", data, content_type="application/octet-stream")


def parts_of(data: bytes) -> list[bytes]:
    """The data in parts."""
    return [data[at : at + PART] for at in range(0, len(data), PART)]


def a_round(cast: Cast, *numbers: int) -> dict[str, Any]:
    """A round's envelope, made now."""
    body = {"check": "daily", "fine": [cast.household(number).code for number in numbers]}
    return {"id": str(new_id()), "kind": "round", "made_at": timezone.now().isoformat(), "body": body}


def test_parts_may_come_twice_and_in_any_order_and_what_is_kept_has_no_metadata(cast: Cast, phone: Client) -> None:
    data = jpeg()
    pieces = parts_of(data)
    shown = a_round(cast, 1)
    told = announced(shown["id"], data, len(pieces))
    assert [answer["state"] for answer in send(phone, shown, told)] == ["stored", "stored"]
    sha = told["body"]["sha256"]
    assert phone.get(f"/field/photos/{sha}").json() == {"state": "waiting", "have": []}
    for part in reversed(range(1, len(pieces))):
        assert put(phone, sha, part, pieces[part]).json()["state"] == "waiting"
        put(phone, sha, part, pieces[part])
    assert phone.get(f"/field/photos/{sha}").json()["have"] == list(range(1, len(pieces)))
    assert put(phone, sha, 0, pieces[0]).json()["state"] == "whole"
    assert put(phone, sha, 0, pieces[0]).json()["state"] == "whole"
    row = Photo.objects.get()
    kept = photos.file_of(row).read_bytes()
    assert len(kept) == row.kept_size <= KEPT_BYTES
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.format == "JPEG"
        assert dict(picture.getexif()) == {}
    assert "示例相机".encode() not in kept
    assert len(row.dhash) == 16
    answer = phone.get(f"/field/photo/{shown['id']}/1.jpg")
    assert b"".join(answer) == kept
    assert answer.headers["Content-Type"] == "image/jpeg"


def test_a_photo_may_come_before_what_it_shows(cast: Cast, phone: Client) -> None:
    data, shown = jpeg(64, 64), a_round(cast, 2)
    told = announced(shown["id"], data, 1)
    assert send(phone, told)[0]["state"] == "stored"
    assert put(phone, told["body"]["sha256"], 0, data).json()["state"] == "whole"
    assert phone.get(f"/field/photo/{shown['id']}/1.jpg").status_code == 404
    assert send(phone, shown)[0]["state"] == "stored"
    assert phone.get(f"/field/photo/{shown['id']}/1.jpg").status_code == 200
    assert Capture.objects.get(kind="photo").place_id == cast.people["P06"].place_id


def test_of_a_capture_taken_back_no_photo_is_shown(cast: Cast, phone: Client) -> None:
    shown = photo_on_file(cast, True)
    assert phone.get(f"/field/photo/{shown}/1.jpg").status_code == 200
    Capture.objects.filter(uuid=shown).update(state="withdrawn")
    assert phone.get(f"/field/photo/{shown}/1.jpg").status_code == 404


def test_what_is_taken_back_takes_its_photos_along(cast: Cast, phone: Client) -> None:
    data, shown = jpeg(64, 64), a_round(cast, 1)
    told = announced(shown["id"], data, 1)
    send(phone, shown, told)
    put(phone, told["body"]["sha256"], 0, data)
    file = photos.file_of(Photo.objects.get())
    assert file.exists()
    body = {"undoes": shown["id"]}
    back = {"id": str(new_id()), "kind": "undo", "made_at": timezone.now().isoformat(), "body": body}
    assert send(phone, back)[0]["state"] == "stored"
    assert not file.exists()
    assert Photo.objects.get().state == Photo.State.ERASED


@pytest.mark.parametrize("data", [b"this is no photo at all", b"\xff\xd8\xff\xe0 half a header", b"<svg/>" * 9])
def test_what_is_no_photo_is_refused_and_nothing_of_it_kept(cast: Cast, phone: Client, data: bytes) -> None:
    told = announced(new_id(), data, 1)
    send(phone, told)
    answer = put(phone, told["body"]["sha256"], 0, data).json()
    assert answer["state"] == "refused"
    assert "不是照片" in answer["words"]
    assert answer["mend"]
    row = Photo.objects.get()
    assert row.state == Photo.State.REFUSED
    assert not photos.file_of(row).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"bytes": 50 * 1024 * 1024, "parts": 800}, {"bytes": 0}, {"parts": 0}, {"bytes": 100_000, "parts": 1}, {"n": 10},
        {"sha256": "abc"}, {"of": "7"}, {"bytes": "9"}, {"parts": 10**9},
    ],
    ids=str,
)  # fmt: skip
def test_an_announcement_that_cannot_be_is_refused(cast: Cast, phone: Client, wrong: dict[str, Any]) -> None:
    told = announced(new_id(), b"x" * 90, 1)
    told["body"] |= wrong
    answer = send(phone, told)[0]
    assert (answer["state"], answer["code"]) == ("refused", "photo_body")
    assert not Photo.objects.exists()


def test_a_part_too_large_or_too_many_is_refused(cast: Cast, phone: Client) -> None:
    data = jpeg(64, 64)
    told = announced(new_id(), data, 1)
    send(phone, told)
    sha = told["body"]["sha256"]
    assert put(phone, sha, 0, b"x" * (photos.PART_BYTES + 1)).json()["code"] == "photo_part"
    assert put(phone, sha, 1, b"x").json()["code"] == "photo_part"
    assert put(phone, sha, 0, b"").json()["code"] == "photo_part"
    assert put(phone, sha, 0, b"x" * len(data)).json()["code"] == "photo_broken"
    assert put(phone, sha, 0, data).json()["state"] == "whole"


def test_nobody_sends_or_reads_parts_of_anothers_photo(cast: Cast, phone: Client) -> None:
    data = jpeg(64, 64)
    told = announced(new_id(), data, 1)
    send(phone, told)
    sha = told["body"]["sha256"]
    other = Client()
    assert put(other, sha, 0, data).status_code == 401
    other.force_login(cast.users["village_office"])
    assert other.get(f"/field/photos/{sha}").status_code == 404
    assert put(other, sha, 0, data).status_code == 404
    shown = a_round(cast, 1)
    send(phone, shown)
    assert send(other, announced(shown["id"], data, 1))[0]["code"] == "photo_not_yours"


def test_a_photo_pinned_to_anothers_capture_before_it_came_is_not_shown_with_it(cast: Cast, phone: Client) -> None:
    data, shown = jpeg(64, 64), a_round(cast, 1)
    other = Client()
    other.force_login(cast.users["village_office"])
    told = announced(shown["id"], data, 1)
    assert send(other, told)[0]["state"] == "stored"
    assert put(other, told["body"]["sha256"], 0, data).json()["state"] == "whole"
    send(phone, shown)
    assert phone.get(f"/field/photo/{shown['id']}/1.jpg").status_code == 404


def test_a_key_sends_photos_too_and_a_page_needs_the_forms_token(cast: Cast) -> None:
    user, data = cast.users["bearer"], jpeg(64, 64)
    strict = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {make_key(user.pk, user.password)}"}
    told = announced(new_id(), data, 1)
    strict.post("/field/captures", json.dumps(told), content_type="application/json", headers=headers)
    path = f"/field/photos/{told['body']['sha256']}/0"
    strict.force_login(user)
    assert strict.put(path, data, content_type="application/octet-stream").status_code == 403
    strict.logout()
    assert strict.put(path, data, content_type="application/octet-stream", headers=headers).json()["state"] == "whole"


def test_a_photo_whose_last_part_came_as_the_server_stopped_goes_on_when_that_part_is_sent_again(
    cast: Cast, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, shown = jpeg(), a_round(cast, 1)
    size = photos.PART_BYTES
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    told = announced(shown["id"], data, len(parts))
    sha, user_id = told["body"]["sha256"], cast.users["bearer"].pk
    send(phone, shown, told)

    def stopped(*_given: Any) -> Any:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(photos, "_look_at", stopped)
        for number, part in enumerate(parts[:-1]):
            photos.take_part(user_id, sha, number, part, now=timezone.now())
        with pytest.raises(SystemExit):
            photos.take_part(user_id, sha, len(parts) - 1, parts[-1], now=timezone.now())
    before = photos.progress(user_id, sha)
    assert (before.state, before.have) == (Photo.State.WAITING, tuple(range(len(parts) - 1)))
    assert put(phone, sha, len(parts) - 1, parts[-1]).json()["state"] == "whole"
    assert photos.progress(user_id, sha).state == Photo.State.WHOLE
    assert phone.get(f"/field/photo/{shown['id']}/1.jpg").status_code == 200


def test_at_its_term_the_picture_goes_and_the_row_says_so(cast: Cast, phone: Client) -> None:
    shown = photo_on_file(cast, True)
    row = Photo.objects.get()
    assert terms.erase_over(row.erase_on) == {}
    assert terms.erase_over(row.erase_on + timedelta(days=1)) == {"captures.Photo": 1}
    assert not photos.file_of(row).exists()
    assert Photo.objects.get().state == Photo.State.ERASED
    assert phone.get(f"/field/photo/{shown}/1.jpg").status_code == 404


def test_a_form_hands_in_a_photo_whole(cast: Cast) -> None:
    of = new_id()
    answer = photos.keep_upload(of, 1, jpeg(), Actor(cast.users["bearer"].pk))
    assert answer.state == "stored"
    assert Photo.objects.get(of=of).state == Photo.State.WHOLE


def test_large_pictures_are_shrunk_and_alike_ones_have_like_hashes() -> None:
    large, other = clean(jpeg(2400, 1800)), clean(jpeg(2400, 1800, tone=90))
    assert max(large.width, large.height) == 1600
    assert len(large.data) <= KEPT_BYTES
    again = clean(large.data)
    assert bin(int(large.dhash, 16) ^ int(again.dhash, 16)).count("1") <= 4
    assert large.dhash != other.dhash
    tall = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 100), "red").save(tall, "JPEG", exif=exif)
    upright = clean(tall.getvalue())
    assert (upright.width, upright.height) == (100, 200)
