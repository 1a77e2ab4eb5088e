"""Who answers for a household sees its figures: its bearer, who stands in for the bearer, and whose organisation bears."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import COUNTY, NOW, WILLOW, Cast
from xiangyue.duties.models import Duty
from xiangyue.people.grants import scope_of
from xiangyue.places.models import Place
from xiangyue.standings.access import sees

TODAY = timezone.localdate()


@pytest.fixture
def home(cast: Cast) -> Place:
    """A household that nobody answers for."""
    home = cast.household(8)
    Duty.objects.filter(target=home).delete()
    return home


def see(cast: Cast, user: str, place: Place) -> bool:
    return sees(scope_of(cast.users[user]), place)


def bear(cast: Cast, home: Place, **values: object) -> Duty:
    assert cast.scheme is not None
    return Duty.objects.create(
        ground=cast.places[COUNTY], scheme=cast.scheme.code, layer="members", target=home, from_on=date(2026, 1, 1),
        created_at=NOW, **values,
    )  # fmt: skip


def test_who_stands_in_sees_while_standing_in(cast: Cast, home: Place) -> None:
    duty = bear(cast, home, person=cast.people["P07"])
    assert not see(cast, "bearer", home)
    day = timedelta(days=1)
    Duty.objects.filter(pk=duty.pk).update(
        stand_in=cast.people["P06"], stand_in_from=TODAY - day, stand_in_to=TODAY + day
    )
    assert see(cast, "bearer", home)
    client = Client()
    client.force_login(cast.users["bearer"])
    assert client.get(f"/duties/targets/{home.code}/").status_code == 200
    Duty.objects.filter(pk=duty.pk).update(stand_in_to=TODAY - day)
    assert not see(cast, "bearer", home)
    assert client.get(f"/duties/targets/{home.code}/").status_code == 404


def test_who_belongs_to_the_organisation_that_bears_sees(cast: Cast, home: Place) -> None:
    bear(cast, home, organisation=cast.organisations["D01"])
    member = cast.people["P11"]
    assert member.organisation_id is None
    assert not see(cast, "department", home)
    member.organisation = cast.organisations["D01"]
    member.save()
    assert see(cast, "department", home)
    assert not see(cast, "department", cast.household(1))
    Duty.objects.filter(target=home).update(to_on=TODAY - timedelta(days=1))
    assert not see(cast, "department", home)
    assert see(cast, "department", cast.places[WILLOW])
