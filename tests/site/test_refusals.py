"""What nobody should be able to do: ask for what is hidden, send what is too big, forge a form, be led elsewhere."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import COUNTY, WILLOW
from xiangyue.desk import views as desk_views
from xiangyue.people.models import Person
from xiangyue.places.models import Household

if TYPE_CHECKING:
    from tests.cast import Cast

HUGE = "9" * 30


def logged_in(cast: Cast, role: str, **options: Any) -> Client:
    """A browser of someone in that role."""
    client = Client(**options)
    client.force_login(cast.users[role])
    return client


def test_a_forged_form_is_refused_in_words(cast: Cast) -> None:
    client = logged_in(cast, "county_office", enforce_csrf_checks=True)
    answer = client.post(reverse("people:password"), {"old": "x"})
    assert answer.status_code == 403
    assert "刷新后重新填写" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/desk/post/?of=person:abc",
        f"/desk/post/?of=person:{HUGE}",
        "/desk/post/?of=person__user__password:1",
        "/desk/person/?q=%00",
        "/office/search/?q=a%00b",
    ],
)
def test_an_address_that_makes_no_sense_is_told_so(cast: Cast, address: str) -> None:
    answer = logged_in(cast, "county_office").get(address)
    assert answer.status_code == 400
    assert "没有看懂" in answer.content.decode()


@pytest.mark.parametrize("key", ["abc", HUGE, "-1", "0x10"])
@pytest.mark.parametrize("desk", ["household", "person", "place"])
def test_a_key_that_cannot_be_is_not_there(cast: Cast, desk: str, key: str) -> None:
    assert logged_in(cast, "county_office").get(f"/desk/{desk}/{key}/").status_code == 404


@pytest.mark.parametrize("name", ["standings:period", "checks:check", "people:user", "job", "agreements:read"])
def test_a_number_no_database_holds_is_not_there(cast: Cast, name: str) -> None:
    assert logged_in(cast, "county_office").get(reverse(name, args=(int(HUGE),))).status_code == 404


def test_what_is_larger_than_any_import_is_not_even_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IMPORT_MAX_BYTES", 1_000)
    client = logged_in(cast, "county_office")
    file = SimpleUploadedFile("农户.xlsx", b"PK" + b"0" * (2 * 1024 * 1024))
    answer = client.post(reverse("desk:import", args=("household",)), {"file": file})
    assert answer.status_code == 413
    assert "请把文件拆成几个" in answer.content.decode()


def test_too_many_fields_are_told(cast: Cast) -> None:
    answer = Client().post(
        reverse("login"), {f"field{n}": "1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    )
    assert answer.status_code == 400
    assert "请分几次提交" in answer.content.decode()


def test_an_export_of_very_many_rows_asks_to_be_narrowed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_views, "EXPORT_MOST", 3)
    answer = logged_in(cast, "county_office").get(reverse("desk:export", args=("household",)))
    assert answer.status_code == 413
    assert "请先在列表上筛选" in answer.content.decode()


def test_the_hidden_half_of_a_number_cannot_be_asked_for(cast: Cast) -> None:
    person = cast.people["P06"]
    address = reverse("desk:list", args=("person",))
    for role, found in (("county_office", True), ("auditor", False), ("supervisor", False)):
        client = logged_in(cast, role)
        assert (person.code in client.get(address, {"q": person.phone}).content.decode()) is found, role
        page = client.get(reverse("search"), {"q": person.phone[-4:]}).content.decode()
        assert (person.name in page) is found, role


def test_the_marks_of_a_pattern_are_plain_letters(cast: Cast) -> None:
    client = logged_in(cast, "county_office")
    for mark in ("%", "_", "己_员", "%党%"):
        assert (
            cast.people["P06"].code
            not in client.get(reverse("desk:list", args=("person",)), {"q": mark}).content.decode()
        )
        assert "没有找到" in client.get(reverse("search"), {"q": mark}).content.decode()


def test_marks_in_a_name_stay_marks(cast: Cast) -> None:
    evil = "<script>alert(1)</script>"
    Person.objects.filter(pk=cast.people["P06"].pk).update(name=evil)
    Household.objects.filter(place=cast.household(1)).update(head_name=evil)
    county, bearer = logged_in(cast, "county_office"), logged_in(cast, "bearer")
    seen = 0
    for client, address in (
        (county, reverse("desk:list", args=("person",))),
        (county, reverse("desk:list", args=("household",))),
        (county, reverse("desk:detail", args=("person", cast.people["P06"].pk))),
        (county, reverse("duties:bearer", args=("P06",))),
        (county, reverse("search") + "?q=script"),
        (bearer, reverse("field:today")),
        (bearer, reverse("field:door", args=(cast.household(1).code,))),
        (bearer, reverse("field:me")),
    ):
        text = client.get(address).content.decode()
        assert evil not in text, address
        seen += "&lt;script&gt;" in text
    assert seen >= 6


def test_a_formula_in_a_name_comes_out_as_text(cast: Cast) -> None:
    import openpyxl

    formula = '=HYPERLINK("http://x","点")'
    Household.objects.filter(place=cast.household(1)).update(head_name=formula)
    client = logged_in(cast, "county_office")
    address = reverse("desk:export", args=("household",))
    lines = b"".join(client.get(address, {"format": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=HYPERLINK" in lines
    book = openpyxl.load_workbook(BytesIO(b"".join(client.get(address).streaming_content)))  # type: ignore[attr-defined]
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == formula]
    assert [cell.data_type for cell in cells] == ["s"]


def test_one_who_logs_in_from_a_strangers_link_stays_here(cast: Cast) -> None:
    from tests.cast import PASSWORD

    user = cast.users["county_office"]
    for aim in (
        "https://example.org/",
        "//example.org",
        "javascript:alert(1)",
        "/\\example.org",
        "http:///example.org",
    ):
        answer = Client().post(reverse("login"), {"phone": user.phone, "password": PASSWORD, "next": aim})
        assert answer.headers["Location"] == reverse("home"), aim


def test_a_form_sends_nobody_to_another_site(cast: Cast) -> None:
    client = logged_in(cast, "bearer")
    household = cast.household(8).code
    answer = client.post(
        reverse("field:record"), {"fine": household, "id": "x"}, headers={"Referer": "https://example.org/trap"}
    )
    assert answer.headers["Location"].startswith(reverse("field:today"))


def test_households_are_nowhere_in_public(cast: Cast) -> None:
    text = Client().get(reverse("public:county", args=(COUNTY,))).content.decode()
    text += Client().get(reverse("public:village", args=(COUNTY, WILLOW))).content.decode()
    text += Client().get(reverse("public:screen", args=(COUNTY,))).content.decode()
    assert "示例户" not in text
    assert "-H0000" not in text
