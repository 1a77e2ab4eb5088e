"""The desks of people: lists on one's own ground, persons imported with their posts, grants withdrawn in a row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import PEACH, TODAY, WILLOW, Cast
from xiangyue.base.models import Change
from xiangyue.base.writes import write
from xiangyue.desk.declaration import Named
from xiangyue.desk.engine import context_for, importer_for
from xiangyue.desk.importer import Row
from xiangyue.desk.registry import get
from xiangyue.people.grants import scope_of
from xiangyue.people.models import Person, Post, RoleGrant
from xiangyue.places.models import Place

pytestmark = pytest.mark.django_db
DESKS = ("organisation", "person", "post", "user", "grant")


def named(place: Place) -> Named:
    """A place as a cell refers to it."""
    return Named(place.pk, place.code, place.name, place.path)


def take_in(cast: Cast, user: str, rows: list[dict[str, Any]]) -> list[str]:
    """Import persons as the engine does; the outcome of each row."""
    desk = get("person")
    scope = scope_of(cast.users[user])
    importer = importer_for(desk, context_for(desk, scope, frozenset().union(*rows)))
    importer.load()
    planned = list(importer.plan(Row(number, values) for number, values in enumerate(rows, 2)))
    with write():
        good = [plan for plan in planned if plan.outcome in ("add", "change")]
        importer.apply(good, actor_id=cast.users[user].pk)
    return [plan.outcome for plan in planned]


def person(cast: Cast, code: str, at: str = WILLOW, **more: Any) -> dict[str, Any]:
    """A row of the sheet."""
    return {"code": code, "name": "卯党员", "place": named(cast.places[at]), "from_on": date(2026, 3, 1), **more}


def test_a_person_comes_with_a_post(cast: Cast) -> None:
    assert take_in(cast, "township_office", [person(cast, "P30", post="member")]) == ["add"]
    post = Post.objects.get(person__code="P30")
    assert (post.kind, post.place, post.from_on) == ("member", cast.places[WILLOW], date(2026, 3, 1))
    assert Change.objects.filter(act__in=("person.added", "post.added"), key=str(post.person_id)).count() == 2


def test_the_same_sheet_twice_changes_nothing(cast: Cast) -> None:
    rows = [person(cast, "P30", post="member"), person(cast, "P31", party_member=True)]
    take_in(cast, "township_office", rows)
    assert take_in(cast, "township_office", [dict(row) for row in rows]) == ["same", "same"]
    assert Post.objects.filter(person__code="P30").count() == 1


def test_a_new_post_alone_is_a_change(cast: Cast) -> None:
    known = {"code": "P06", "post": "committee_member"}
    assert take_in(cast, "township_office", [known]) == ["change"]
    posts = Post.objects.filter(person__code="P06").order_by("kind")
    assert [(post.kind, post.place.code) for post in posts] == [("committee_member", WILLOW), ("member", WILLOW)]


def test_a_person_of_other_ground_is_refused(cast: Cast) -> None:
    assert take_in(cast, "village_office", [person(cast, "P30", PEACH, post="member")]) == ["bad"]
    assert take_in(cast, "other_county_office", [{"code": "P06", "post": "volunteer"}]) == ["bad"]
    assert not Person.objects.filter(code="P30").exists()
    assert not Post.objects.filter(kind="volunteer").exists()


@pytest.mark.parametrize("desk", DESKS)
def test_the_desks_open(cast: Cast, client: Client, desk: str) -> None:
    client.force_login(cast.users["township_office"])
    page = client.get(reverse("desk:list", args=[desk])).content.decode()
    assert "外县" not in page
    if desk != "organisation":
        assert "戊支书" in page
    for name in ("template", "import", "create"):
        if desk in ("organisation", "person", "post") and name != "template":
            assert client.get(reverse(f"desk:{name}", args=[desk])).status_code == 200


def test_grants_are_withdrawn_in_a_row_but_not_those_above(cast: Cast) -> None:
    township = cast.users["township_office"]
    county_in_town = RoleGrant.objects.create(
        user=cast.users["department"], role="auditor", place=cast.places[WILLOW], from_on=TODAY
    )
    action = get("grant").bulk[0]
    assert action.function(scope_of(township), RoleGrant.objects.all()) == 2
    left = set(
        RoleGrant.objects.filter(to_on=None, place__path__startswith="990100/").values_list("user_id", flat=True)
    )
    assert {township.pk, county_in_town.user_id} <= left
    assert cast.users["bearer"].pk not in left


def test_phones_are_masked_until_looked_at_and_looks_are_logged(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["county_office"])
    phone = cast.people["P06"].phone
    for desk, key in (("person", cast.people["P06"].pk), ("user", cast.users["bearer"].pk)):
        assert phone not in client.get(reverse("desk:list", args=[desk])).content.decode()
        assert phone not in client.get(reverse("desk:detail", args=[desk, key])).content.decode()
