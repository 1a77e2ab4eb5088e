"""The guided restructuring: three steps on a page, a yes that holds only for what was shown, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import OTHER_VILLAGE, PEACH, STREET, STREET_VILLAGE, TOWN, WILLOW, Cast
from xiangyue.places.actions.tree import edit_place
from xiangyue.places.models import Place, Restructuring

pytestmark = pytest.mark.django_db
PAGE = "/places/restructurings/new/"


def asked(**more: Any) -> dict[str, Any]:
    """What the county's clerk fills in to merge 柳树村 and 桃花村."""
    today = timezone.localdate().isoformat()
    return {
        "kind": "merge", "level": "village", "within": TOWN, "chosen": [WILLOW, PEACH], "into": WILLOW,
        "new_name": "", "new_code": "", "new_class": "", "on": today, "reason": "示政发〔2026〕1号", **more,
    }  # fmt: skip


@pytest.fixture
def office(cast: Cast, client: Client) -> Client:
    """The township's clerk at the desk."""
    client.force_login(cast.users["township_office"])
    return client


def test_the_steps_lead_to_a_dry_run_and_a_yes(cast: Cast, office: Client) -> None:
    assert "做什么" in office.get(PAGE).content.decode()
    where = {"kind": "merge", "level": "village", "within": TOWN}
    assert "东河镇 柳树村（100201）" in office.get(PAGE, where).content.decode()
    shown = office.get(PAGE, asked())
    assert "关闭：东河镇 桃花村（100202）" in shown.content.decode()
    assert not Restructuring.objects.exists()
    plan = shown.context["plan"]
    done = office.post(PAGE, asked(fingerprint=plan.fingerprint))
    assert done.headers["Location"] == reverse("places:restructurings")
    assert Place.objects.get(code=f"{PEACH}-H00001").village == cast.places[WILLOW]
    row = Restructuring.objects.get()
    assert "柳树村" in office.get(reverse("places:restructurings")).content.decode()
    office.post(reverse("places:restructure_undo", args=[row.pk]))
    assert Place.objects.get(code=f"{PEACH}-H00001").village == cast.places[PEACH]


def test_a_yes_to_something_else_is_refused(cast: Cast, office: Client) -> None:
    plan = office.get(PAGE, asked()).context["plan"]
    edit_place(None, Place.objects.get(code=PEACH), name="改名村", today=timezone.localdate())
    response = office.post(PAGE, asked(fingerprint=plan.fingerprint))
    assert response.status_code == 409
    assert not Restructuring.objects.exists()


def test_a_split_asks_which_first(cast: Cast, office: Client) -> None:
    where = {"kind": "split", "level": "village", "within": TOWN}
    first = office.get(PAGE, where)
    assert list(first.context["which"].fields) == ["source"]
    second = office.get(PAGE, {**where, "source": WILLOW})
    assert f"{WILLOW}-Z02" in second.content.decode()
    chosen = asked(kind="split", source=WILLOW, chosen=[f"{WILLOW}-Z02"], new_name="新柳村", new_code="990100100204")
    shown = office.get(PAGE, chosen)
    assert "新设：新柳村" in shown.content.decode()


def test_what_cannot_be_done_is_said_on_the_form(cast: Cast, office: Client) -> None:
    page = office.get(PAGE, asked(chosen=[WILLOW])).content.decode()
    assert "合并至少要两个" in page
    assert "plan" not in office.get(PAGE, asked(chosen=[WILLOW])).context


@pytest.mark.parametrize("code", [STREET_VILLAGE, OTHER_VILLAGE])
def test_no_place_of_another_ground_can_be_chosen(cast: Cast, office: Client, code: str) -> None:
    response = office.get(PAGE, asked(chosen=[WILLOW, code]))
    assert "plan" not in response.context
    move = asked(kind="move", chosen=[WILLOW], to=STREET)
    assert "plan" not in office.get(PAGE, move).context


def test_the_tree_as_of_a_day(cast: Cast, office: Client, django_assert_max_num_queries: Any) -> None:
    edit_place(None, Place.objects.get(code=PEACH), name="改名村", today=timezone.localdate())
    with django_assert_max_num_queries(20) as taken:
        page = office.get(reverse("places:as_of"), {"day": "2026-11-01"}).content.decode()
    assert_budget("places:as_of", len(taken))
    assert "桃花村" in page
    assert "8<small" in page
    assert "南街街道" not in page
    assert "没有区划" in office.get(reverse("places:as_of"), {"day": "2020-01-01"}).content.decode()
