"""The pages of a desk: who sees names and phones, the form, the lock against overwriting, bulk actions, long lists."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests.cast import PEACH, WILLOW
from xiangyue.agreements.models import Consent
from xiangyue.base.models import Change
from xiangyue.desk.listing import told
from xiangyue.places.models import Household, HouseholdState, Place

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

pytestmark = pytest.mark.django_db
LIST = "/desk/household/"


def page(client: Client, cast: Cast, role: str, url: str, data: dict[str, Any] | None = None) -> Any:
    """What one of the cast gets."""
    client.force_login(cast.users[role])
    return client.get(url) if data is None else client.post(url, data)


def form_data(client: Client, cast: Cast, url: str) -> dict[str, Any]:
    """What stands in the form at first."""
    form = page(client, cast, "county_office", url).context["form"]
    return {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}


def test_phones_are_masked_until_asked_for_and_the_look_is_logged(cast: Cast, client: Client) -> None:
    home = cast.household(1)
    url = reverse("desk:detail", args=("household", home.pk))
    assert "19900000001" not in page(client, cast, "village_office", url).text
    assert "19900000001" not in page(client, cast, "village_office", LIST).text
    assert not Change.objects.filter(act="contact.seen").exists()
    assert "19900000001" in page(client, cast, "village_office", url, {}).text
    line = Change.objects.get(act="contact.seen")
    assert (line.actor, line.key, line.path) == (cast.users["village_office"], str(home.pk), home.path)


def test_what_belongs_to_a_row_is_added_from_its_page(cast: Cast, client: Client) -> None:
    home = cast.household(3)
    url = reverse("desk:detail", args=("household", home.pk))
    adding = f"/desk/consent/new/?household={home.code}"
    assert f'href="{adding}"' in page(client, cast, "village_office", url).text
    assert adding not in page(client, cast, "auditor", url).text
    form = page(client, cast, "village_office", adding).context["form"]
    assert form.get_initial_for_field(form.fields["household"], "household") == home.code
    said = {"household": "柳树村 3号", "purpose": "结对共评", "given_on": "2026-10-01"}
    response = page(client, cast, "village_office", "/desk/consent/new/", said)
    assert response.status_code == 302, response.context["form"].errors
    assert Consent.objects.get(household=home).purpose == Consent.Purpose.PAIR


def test_an_auditor_sees_names_and_never_phones(cast: Cast, client: Client) -> None:
    url = reverse("desk:detail", args=("household", cast.household(1).pk))
    assert "示例户1" in page(client, cast, "auditor", url).text
    assert "199****0001" in page(client, cast, "auditor", url, {}).text
    response = page(client, cast, "auditor", "/desk/household/export/?format=csv")
    text = b"".join(response.streaming_content).decode()
    assert "示例户1" in text
    assert "19900000001" not in text


def test_a_department_sees_itself_and_even_that_masked(cast: Cast, client: Client) -> None:
    response = page(client, cast, "department", "/desk/person/")
    assert [row.cells[0].value for row in response.context["table"]["rows"]] == ["子*"]


def test_a_new_household_from_the_form(cast: Cast, client: Client) -> None:
    response = page(
        client, cast, "village_office", "/desk/household/new/", {"village": WILLOW, "door": "77号", "head_name": "新户"}
    )
    place = Place.objects.get(name="77号")
    assert response.headers["Location"] == reverse("desk:detail", args=("household", place.pk))
    assert place.code == f"{WILLOW}-H00009"
    assert Change.objects.get(key=str(place.pk)).act == "household.added"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"village": WILLOW, "door": ""}, "没有填"),
        ({"village": WILLOW, "door": "77号", "n_members": "三"}, "不是整数"),
        ({"village": PEACH, "door": "77号"}, "不在您的辖区"),
        ({"village": WILLOW, "door": "77号", "hamlet": "九组"}, "没有叫“九组”"),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(
    data: dict[str, str], words: str, cast: Cast, client: Client
) -> None:
    response = page(client, cast, "village_office", "/desk/household/new/", data)
    assert response.status_code == 200
    assert words in response.text
    assert not Place.objects.filter(name="77号").exists()
    if data["door"]:
        assert 'value="77号"' in response.text


def test_an_edit_changes_what_was_changed_and_keeps_masked_data(cast: Cast, client: Client) -> None:
    url = reverse("desk:edit", args=("household", cast.household(1).pk))
    data = form_data(client, cast, url)
    assert data["phone"] == "199****0001"
    page(client, cast, "county_office", url, data | {"n_members": "5", "state": "help", "state_from": "2026-11-20"})
    home = Household.objects.get(pk=cast.household(1).pk)
    assert (home.n_members, home.phone, home.head_name) == (5, "19900000001", "示例户1")
    assert HouseholdState.objects.get(place=home.pk, to_on=None).from_on == date(2026, 11, 20)
    line = Change.objects.get(key=str(home.pk))
    assert (line.before, line.after) == ({"n_members": 3, "state": "living"}, {"n_members": 5, "state": "help"})


def test_who_saves_second_is_told_and_overwrites_nothing(cast: Cast, client: Client) -> None:
    url = reverse("desk:edit", args=("household", cast.household(1).pk))
    first, second = form_data(client, cast, url), form_data(client, cast, url)
    page(client, cast, "county_office", url, first | {"n_members": "5"})
    response = page(client, cast, "village_office", url, second | {"n_members": "9"})
    assert response.status_code == 409
    assert "刚被别人改过" in response.text
    assert Household.objects.get(pk=cast.household(1).pk).n_members == 5
    again = {"base": response.context["form"]["base"].value()}
    assert page(client, cast, "village_office", url, second | {"n_members": "9"} | again).status_code == 302
    assert Household.objects.get(pk=cast.household(1).pk).n_members == 9


def test_a_bulk_action_asks_once_and_acts_on_what_was_chosen(cast: Cast, client: Client) -> None:
    duties = [str(pk) for pk in cast.people["P07"].duties.values_list("pk", flat=True)]
    url = reverse("desk:bulk", args=("duty",))
    asked = page(client, cast, "county_office", url, {"action": "end", "chosen": duties[:1], "query": "q=P07"})
    assert (asked.status_code, asked.context["n_all"]) == (200, 3)
    done = page(client, cast, "county_office", url, {"action": "end", "chosen": duties[:1], "sure": "yes"})
    assert done.status_code == 302
    assert cast.people["P07"].duties.exclude(to_on=None).count() == 1
    data = {"action": "end", "all": "yes", "sure": "yes", "query": "q=P07"}
    page(client, cast, "county_office", url, data)
    assert cast.people["P07"].duties.exclude(to_on=None).count() == 3
    assert cast.people["P06"].duties.exclude(to_on=None).count() == 0


def test_a_bulk_action_touches_no_other_ground(cast: Cast, client: Client) -> None:
    duties = [str(pk) for pk in cast.people["P07"].duties.values_list("pk", flat=True)]
    data = {"action": "end", "chosen": duties, "sure": "yes"}
    page(client, cast, "other_county_office", reverse("desk:bulk", args=("duty",)), data)
    assert cast.people["P07"].duties.exclude(to_on=None).count() == 0


def test_a_long_list_is_paged_and_counted_up_to_its_cap(cast: Cast, client: Client) -> None:
    village = cast.places[PEACH]
    rows = [
        Place(
            code=f"{PEACH}-G{number:03d}", name=f"点{number}", level="public_place", parent=village, ground=village.ground,
            path=f"{village.path}{PEACH}-G{number:03d}/", from_on=village.from_on, village=village,
        )
        for number in range(100, 260)
    ]  # fmt: skip
    Place.objects.bulk_create(rows)
    first = page(client, cast, "county_office", "/desk/place/?level=public_place&sort=code").context
    assert first["table"]["page"].count == 161
    assert len(first["table"]["rows"]) == 25
    last = page(client, cast, "county_office", "/desk/place/?level=public_place&sort=code&page=7").context
    assert len(last["table"]["rows"]) == 11
    assert not {row.key for row in first["table"]["rows"]} & {row.key for row in last["table"]["rows"]}
    wide = page(
        client, cast, "county_office", "/desk/place/?level=public_place&size=200&cols=name&cols=from_on"
    ).context
    assert len(wide["table"]["rows"]) == 161
    assert [head.heading for head in wide["table"]["columns"]] == ["名称", "起始日"]


def test_the_upload_page_takes_a_file_and_leads_to_its_dry_run(cast: Cast, client: Client, tmp_path: Any) -> None:
    from tests.desk.sheets import HOUSEHOLD, workbook
    from xiangyue.base.worker import work_off

    file = workbook(
        tmp_path / "x.xlsx", [list(HOUSEHOLD), [WILLOW, None, None, "91号"], [WILLOW, None, None, "92号", None, "12"]]
    )
    with file.open("rb") as upload:
        response = page(client, cast, "county_office", "/desk/household/import/", {"file": upload})
    url = response.headers["Location"]
    assert "正在" in client.get(url).text or "排队" in client.get(url).text
    work_off()
    shown = client.get(url)
    assert "只导入正确的 1 行" in shown.text
    assert "不是电话号码" in shown.text
    assert client.get(f"{url}bad.xlsx").status_code == 200
    assert client.post(url, {"choice": "all"}).status_code == 409
    client.post(url, {"choice": "good"})
    work_off()
    assert "导入完成" in client.get(url).text
    assert client.post(url, {"choice": "good"}).status_code == 409
    assert Place.objects.filter(name="91号").count() == 1
    assert page(client, cast, "village_office", url).status_code == 404


def test_days_and_instants_of_a_list_are_said_in_words() -> None:
    assert told("date", date(2026, 12, 6)) == "2026年12月6日"
    assert told("instant", datetime(2026, 12, 6, 1, 5, tzinfo=UTC)) == "2026年12月6日 09:05"
