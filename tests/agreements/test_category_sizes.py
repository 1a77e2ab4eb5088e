"""The pages of a scheme count a ground's categories in its register: fewer than five are told, whatever the pack says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.budgets import assert_budget
from tests.cast import COUNTY, TOWN, Cast, place
from xiangyue.agreements.category_sizes import category_sizes
from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.places.models import Level, Place, PlaceClass

DAY = date(2026, 10, 15)


def test_sizes_are_the_registers_of_the_day(cast: Cast) -> None:
    assert cast.scheme is not None
    scheme, county = scheme_of(cast.scheme), cast.places[COUNTY]
    sizes = category_sizes(county, scheme, DAY)
    assert sizes == {"towns": 1, "streets": 1, "villages": 3, "communities": 1, "households": 14}
    assert category_sizes(cast.places[TOWN], scheme, DAY)["villages"] == 2
    gone = cast.places["990100100202"]
    Place.objects.filter(pk=gone.pk).update(to_on=DAY - timedelta(days=1))
    assert category_sizes(county, scheme, DAY)["villages"] == 2


def test_a_level_that_nobody_has_entered_yet_is_not_counted(cast: Cast) -> None:
    assert cast.scheme is not None
    row = place(cast, "990300", "新县", Level.COUNTY, None)
    assert category_sizes(row, scheme_of(cast.scheme), DAY) == {}


@pytest.mark.parametrize("name", ["read", "edit", "publish"])
def test_the_pages_tell_small_categories(cast: Cast, client: Client, name: str) -> None:
    client.force_login(cast.users["county_office"])
    assert cast.scheme is not None
    client.post(reverse("agreements:draft", args=[cast.scheme.pk]))
    draft = SchemeVersion.objects.get(state="draft")
    with CaptureQueriesContext(connection) as taken:
        told = client.get(reverse(f"agreements:{name}", args=[draft.pk])).content.decode()
    assert_budget(f"agreements:{name}", len(taken))
    assert "只有 3 个对象" in told
    for n in range(3, 6):
        place(cast, f"99010010020{n + 3}", f"新{n}村", Level.VILLAGE, TOWN, PlaceClass.VILLAGE)
    told = client.get(reverse(f"agreements:{name}", args=[draft.pk])).content.decode()
    assert "只有 3 个对象" not in told
    assert "只有 1 个对象" in told


def test_the_form_of_a_category_tells_it_beside_the_row(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["county_office"])
    assert cast.scheme is not None
    client.post(reverse("agreements:draft", args=[cast.scheme.pk]))
    draft = SchemeVersion.objects.get(state="draft")
    codes = [row.code for row in scheme_of(cast.scheme).categories]
    address = reverse("agreements:form", args=[draft.pk])
    for code, told in (("villages", True), ("households", False)):
        page = client.get(address, {"at": f"categories[{codes.index(code)}]"}).content.decode()
        assert ("只有 3 个对象" in page) == told
