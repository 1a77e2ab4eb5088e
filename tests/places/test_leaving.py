"""Households that are no more: no duty, no check due, a term for names and phones, figures as they stood; and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import NOW, OTHER_VILLAGE, TODAY, Cast
from xiangyue.base import terms
from xiangyue.base.models import Change
from xiangyue.duties.models import Duty
from xiangyue.places.actions.leaving import end_households, take_back_households
from xiangyue.places.models import Household, HouseholdState, Place, PlaceSpan
from xiangyue.places.states import states_on

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def rows(cast: Cast, *numbers: int) -> list[int]:
    return [cast.household(number).pk for number in numbers]


def leave(cast: Cast, *numbers: int) -> int:
    return end_households(None, Household.objects.filter(pk__in=rows(cast, *numbers)), last=TODAY)


def test_its_last_day_ends_its_duty_and_begins_its_term(cast: Cast) -> None:
    home = cast.household(1)
    Household.objects.filter(pk=home.pk).update(head_name="张示例", phone="19900000001")
    assert Duty.objects.live(TOMORROW).filter(target=home).exists()
    assert leave(cast, 1, 2) == 2
    assert not Place.objects.live(TOMORROW).filter(pk__in=rows(cast, 1, 2)).exists()
    assert Place.objects.live(TODAY).filter(pk=home.pk).exists()
    assert not Duty.objects.live(TOMORROW).filter(target__in=rows(cast, 1, 2)).exists()
    assert home.pk not in states_on(TOMORROW, home.path)
    assert PlaceSpan.objects.get(place=home).to_on == TODAY
    row = Household.objects.get(pk=home.pk)
    assert (row.head_name, row.erase_on) == ("张示例", TODAY + timedelta(days=365))
    assert "places.Household" not in terms.erase_over(TODAY + timedelta(days=365))
    assert terms.erase_over(TODAY + timedelta(days=366))["places.Household"] >= 1
    row.refresh_from_db()
    assert (row.head_name, row.phone) == ("", "")
    assert leave(cast, 1) == 0


def test_it_is_taken_back_as_it_stood(cast: Cast) -> None:
    home = cast.household(1)
    before = states_on(TODAY, home.path)
    leave(cast, 1)
    assert take_back_households(None, Household.objects.filter(pk=home.pk), today=TODAY) == 1
    assert Place.objects.live(TOMORROW).filter(pk=home.pk).exists()
    assert states_on(TOMORROW, home.path) == before
    assert Household.objects.get(pk=home.pk).erase_on is None
    assert PlaceSpan.objects.get(place=home).to_on is None
    assert HouseholdState.objects.filter(place=home, to_on=None).count() == 1
    acts = list(
        Change.objects.filter(table="places.place", key=str(home.pk)).order_by("pk").values_list("act", flat=True)
    )
    assert acts[-2:] == ["household.left", "household.back"]
    assert take_back_households(None, Household.objects.filter(pk=home.pk), today=TODAY) == 0


def test_the_desk_asks_once_and_touches_no_other_ground(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["village_office"])
    other = cast.household(1, OTHER_VILLAGE)
    sent = {"action": "left", "chosen": [str(cast.household(1).pk), str(other.pk)]}
    asked = client.post(reverse("desk:bulk", args=("household",)), sent)
    assert "今天是选中农户的最后一天" in asked.content.decode()
    assert not Place.objects.filter(level="household").exclude(to_on=None).exists()
    client.post(reverse("desk:bulk", args=("household",)), {**sent, "sure": "yes"})
    ended = Place.objects.filter(level="household").exclude(to_on=None)
    assert [place.pk for place in ended] == rows(cast, 1)
    assert NOW.date() <= ended[0].to_on  # type: ignore[operator]
    back = {"action": "back", "chosen": rows(cast, 1), "sure": "yes", "query": "live=ended"}
    client.post(reverse("desk:bulk", args=("household",)), back)
