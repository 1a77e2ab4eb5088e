"""The pages of a desk: list, detail, edit, bulk, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast


@pytest.mark.parametrize("name", ["place", "household"])
def test_smoke(name: str, cast: Cast, client: Client) -> None:
    client.force_login(cast.users["county_office"])
    for url in ("list", "create", "import"):
        response = client.get(reverse(f"desk:{url}", args=(name,)))
        assert response.status_code == 200
    key = cast.household(1).pk
    assert client.get(reverse("desk:detail", args=("household", key))).status_code == 200
    assert client.get(reverse("desk:edit", args=("household", key))).status_code == 200
    assert client.get(reverse("desk:imports")).status_code == 200
    for form in ("", "?format=csv"):
        r = client.get(reverse("desk:export", args=(name,)) + form)
        assert r.status_code == 200
    assert client.get(reverse("desk:import", args=(name,)) + "?file=template").status_code == 200
