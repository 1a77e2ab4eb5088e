"""What looks odd is found, shown to a person and called fine or asked about; nothing else in the product reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from tests.budgets import assert_budget
from tests.cast import NOW, PEACH, WILLOW
from tests.checks.odd_rows import captured, oddity_of, photo
from tests.house.source import modules
from xiangyue.base import terms
from xiangyue.base.models import Change
from xiangyue.checks.oddities.finding import MANY_A_MINUTE, find_oddities
from xiangyue.checks.oddities.models import LookedTo, Oddity, PhotoBand

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast

pytestmark = pytest.mark.django_db
HASH, NEAR, FAR = "0f1e2d3c4b5a6978", "0f1e2d3c4b5a697b", "f0e1d2c3b4a59687"
MAY_KNOW = (
    "checks/oddities/",
    "checks/apps.py",
    "site/urls.py",
    "site/office/needs_problems.py",
    "site/office/needs_own.py",
    "field/views.py",
    "checks/migrations/",
)


@pytest.fixture(autouse=True)
def looked_before(cast: Cast) -> None:
    """The first look was taken, on an empty register."""
    find_oddities(now=NOW)


def kinds() -> dict[str, int]:
    """What was found, with how many captures."""
    return {row.kind: row.captures.count() for row in Oddity.objects.all()}


def test_the_same_picture_on_another_day_is_found_and_one_visit_is_not(cast: Cast) -> None:
    photo(cast, HASH)
    photo(cast, HASH, NOW + timedelta(minutes=20))
    photo(cast, FAR, NOW + timedelta(days=1))
    assert find_oddities(now=NOW) == 0
    photo(cast, NEAR, NOW + timedelta(days=1))
    assert find_oddities(now=NOW) == 1
    row = Oddity.objects.get()
    assert (row.kind, row.person, row.place.code) == ("photo", cast.people["P06"], WILLOW)
    assert row.captures.count() == 3
    assert find_oddities(now=NOW) == 0


def test_a_picture_used_by_two_people_in_two_villages_lies_with_their_township(cast: Cast) -> None:
    first = photo(cast, HASH)
    again = photo(
        cast, HASH, NOW + timedelta(minutes=1), place=cast.places[PEACH], person=cast.people["P07"], user=None
    )
    find_oddities(now=NOW)
    row = Oddity.objects.get()
    assert (row.person, row.place) == (cast.people["P07"], cast.places[PEACH].township)
    assert {link.capture_id for link in row.captures.all()} == {first.pk, again.pk}


def test_pictures_without_anything_in_them_say_nothing(cast: Cast) -> None:
    photo(cast, "0" * 16)
    photo(cast, "0" * 16, NOW + timedelta(days=1))
    assert find_oddities(now=NOW) == 0
    assert not PhotoBand.objects.exists()


def test_odd_times_are_found(cast: Cast) -> None:
    captured(cast)
    assert find_oddities(now=NOW) == 0
    captured(cast, datetime(2026, 11, 20, 18, 0, tzinfo=UTC))
    captured(cast, NOW - timedelta(days=9), received_at=NOW)
    captured(cast, NOW - timedelta(days=1), clock_error=-3 * 365 * 86_400)
    for second in range(MANY_A_MINUTE):
        captured(cast, NOW - timedelta(days=2) + timedelta(seconds=second))
    captured(cast, datetime(2026, 11, 20, 19, 0, tzinfo=UTC), channel="import")
    assert find_oddities(now=NOW) == 4
    assert kinds() == {"night": 1, "late": 1, "clock": 1, "burst": MANY_A_MINUTE}


def test_at_its_term_the_whole_of_it_goes(cast: Cast) -> None:
    oddity_of(cast, is_own=True)
    Oddity.objects.update(erase_on=NOW.date() - timedelta(days=400))
    assert terms.erase_over(NOW.date()) == {"checks.Oddity": 1}
    assert not Oddity.objects.exists()


def test_somebody_looks_asks_and_lets_it_be(cast: Cast, client: Client) -> None:
    pk = oddity_of(cast, is_own=True)
    page, act = reverse("oddities:oddity", args=[pk]), reverse("oddities:act", args=[pk])
    client.force_login(cast.users["township_office"])
    assert "没问题" in client.get(page).content.decode()
    client.post(act, {"act": "ask", "text": "那天晚上在补记吗？"})
    client.force_login(cast.users["bearer"])
    assert "那天晚上在补记吗？" in client.get(page).content.decode()
    client.post(act, {"act": "fine"})
    assert Oddity.objects.get().state == "asked"
    client.post(act, {"act": "answer", "text": "是，白天没信号。"})
    client.force_login(cast.users["township_office"])
    assert "是，白天没信号。" in client.get(page).content.decode()
    client.post(act, {"act": "fine"})
    assert Oddity.objects.get().state == "fine"
    acts = Change.objects.filter(table="checks.oddity").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["oddity.asked", "oddity.answered", "oddity.fine"]
    assert not any("补记" in str(one) for one in Change.objects.values_list("before", "after", "reason"))


def test_pages_keep_their_budgets(
    cast: Cast, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(4):
        photo(cast, HASH, NOW + timedelta(days=day))
    captured(cast, datetime(2026, 11, 20, 18, 0, tzinfo=UTC))
    find_oddities(now=NOW)
    client.force_login(cast.users["county_office"])
    row = Oddity.objects.get(kind="photo")
    with django_assert_max_num_queries(40) as asked:
        assert client.get(reverse("oddities:oddities")).status_code == 200
    assert_budget("oddities:oddities", len(asked))
    with django_assert_max_num_queries(40) as asked:
        assert client.get(reverse("oddities:oddity", args=[row.pk])).status_code == 200
    assert_budget("oddities:oddity", len(asked))


def test_the_first_look_asks_nobody_about_what_was_before(cast: Cast) -> None:
    LookedTo.objects.all().delete()
    captured(cast, datetime(2026, 11, 20, 18, 0, tzinfo=UTC))
    assert find_oddities(now=NOW) == 0
    assert LookedTo.objects.get().last_capture > 0


def test_no_rule_score_or_board_reads_it() -> None:
    knows = [
        module.place
        for module in modules("src")
        if ("oddities" in module.text or "Oddity" in module.text)
        and not any(part in module.place for part in MAY_KNOW)
        and not module.place.endswith("site/navigation.py")
    ]
    assert knows == []
    # and no row of another table points at one
    pointing = [field.name for field in Oddity._meta.get_fields() if field.auto_created and field.is_relation]
    assert pointing == ["captures"]


def heap(cast: Cast, n: int = 3, kind: str = "night", state: str = "open") -> list[Oddity]:
    """So many rows of one day and kind about the bearer's records, in two villages."""
    for number in range(n):
        oddity = Oddity(
            kind=kind, key=f"{kind}:{state}:{number}", place=cast.places[(WILLOW, PEACH)[number % 2]], person=cast.people["P06"],
            day=NOW.date(), state=state, erase_on=NOW.date() + timedelta(days=365), question="补记的吗？" * (state == "asked"),
        )  # fmt: skip
        oddity.save()
    return list(Oddity.objects.filter(kind=kind, state=state))


def group(client: Client, act: str, kind: str = "night", state: str = "open", **more: str) -> str:
    sent = {"day": NOW.date().isoformat(), "kind": kind, "state": state, "act": act, **more}
    return str(client.post(reverse("oddities:group"), sent, follow=True).content.decode())


def test_one_look_does_for_all_of_a_day_and_kind(cast: Cast, client: Client) -> None:
    heap(cast)
    heap(cast, 2, "late")
    client.force_login(cast.users["township_office"])
    page = client.get(reverse("oddities:oddities")).content.decode()
    assert page.count('<details class="y-part"') == 2
    assert page.count('y-part" open') == 1
    assert "这一组 3 条都已记下" in group(client, "fine")
    assert Oddity.objects.filter(state="fine", kind="night", looked_by=cast.users["township_office"]).count() == 3
    assert Oddity.objects.filter(kind="late", state="open").count() == 2
    assert Change.objects.filter(table="checks.oddity", act="oddity.fine").count() == 3
    # a second tap finds nothing left
    assert "现在不能这样做" in group(client, "fine")


def test_one_question_to_all_and_one_answer_to_all(cast: Cast, client: Client) -> None:
    heap(cast)
    client.force_login(cast.users["township_office"])
    assert "没有写字" in group(client, "ask", text=" ")
    group(client, "ask", text="那天晚上在补记吗？")
    assert Oddity.objects.filter(state="asked", question="那天晚上在补记吗？").count() == 3
    client.force_login(cast.users["bearer"])
    home = client.get(reverse("home")).content.decode()
    assert "等您回一句的记录" in home
    assert "请回一句话" in client.get(reverse("field:today")).content.decode()
    assert "这一组都这样回答" in client.get(reverse("oddities:oddities")).content.decode()
    group(client, "answer", state="asked", text="白天没信号，晚上补记的。")
    assert Oddity.objects.filter(state="answered", answer="白天没信号，晚上补记的。").count() == 3
    assert "等您回一句的记录" not in client.get(reverse("home")).content.decode()
    assert "请回一句话" not in client.get(reverse("field:today")).content.decode()
    assert not any("补记" in str(one) for one in Change.objects.values_list("before", "after", "reason"))


def test_nobody_does_it_for_their_own_nor_on_others_ground(cast: Cast, client: Client) -> None:
    rows = heap(cast)
    Oddity.objects.filter(pk=rows[0].pk).update(person=cast.people["P04"])
    oddity_of(cast, False)
    Oddity.objects.filter(place__ground__code="990200").update(day=NOW.date())
    # P04 is the township office's person: the one about P04 stays
    client.force_login(cast.users["township_office"])
    assert "这一组 2 条都已记下" in group(client, "fine")
    left = set(Oddity.objects.filter(state="open").values_list("person__code", flat=True))
    assert left == {"P04", "P24"}
    # who sees them and may not write does nothing to them
    client.force_login(cast.users["auditor"])
    assert "现在不能这样做" in group(client, "fine")
    client.force_login(cast.users["bearer"])
    assert "现在不能这样做" in group(client, "answer", text="好")
    assert client.post(reverse("oddities:group"), {"act": "fine", "day": "x"}).status_code == 404
