"""A county that begins is told its next step on the home page, until somebody answers for a place."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import COUNTY, TODAY, Cast
from xiangyue.agreements.models import SchemeVersion
from xiangyue.duties.models import Duty
from xiangyue.people.models import Person
from xiangyue.site.office.needs_first import first_step

pytestmark = pytest.mark.django_db


def home(cast: Cast, role: str = "county_office") -> str:
    client = Client()
    client.force_login(cast.users[role])
    return client.get(reverse("home"), follow=True).content.decode()


def test_one_step_after_the_other(cast: Cast) -> None:
    assert "步：" not in home(cast)
    Duty.objects.all().delete()
    text = home(cast)
    assert "第四步：排包保" in text
    assert reverse("duties:coverage") in text
    SchemeVersion.objects.update(state=SchemeVersion.State.DRAFT)
    assert "第三步：定方案" in home(cast)
    assert "本月未检查的村" not in home(cast)
    assert "步：" not in home(cast, "village_office")


def test_a_ground_without_a_village_is_told_to_bring_its_places() -> None:
    found = first_step(("999999/",), TODAY)
    assert found is not None
    assert found.title == "第一步：登记区划"
    assert found.url == reverse("desk:import", args=("place",))


def test_a_ground_with_villages_but_nobody_to_answer_is_told_to_bring_its_people(cast: Cast) -> None:
    Duty.objects.all().delete()
    Person.objects.update(place=cast.places[COUNTY])
    found = first_step((f"{cast.places[COUNTY].path}990100100/",), TODAY)
    assert found is not None
    assert found.title == "第二步：登记人员和农户"
    assert found.url == reverse("desk:import", args=("person",))


def test_the_scheme_of_the_county_counts_for_its_township(cast: Cast) -> None:
    Duty.objects.all().delete()
    found = first_step((f"{cast.places[COUNTY].path}990100100/",), TODAY)
    assert found is not None
    assert found.title == "第四步：排包保"
