"""Consents are recorded per purpose with their day, and end on the day they are revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.cast import TODAY, WILLOW, Cast
from xiangyue.agreements.actions.consents import consented, record_consent, revoke_consents
from xiangyue.agreements.models import Consent
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem

pytestmark = pytest.mark.django_db
RED = Consent.Purpose.RED_PUBLIC
MAY = date(2026, 5, 1)


def test_a_consent_holds_from_its_day_until_it_is_revoked(cast: Cast) -> None:
    home, path = cast.household(1), cast.places[WILLOW].path
    first = record_consent(None, home, RED, given_on=MAY, given_by="示例户1", today=TODAY)
    assert record_consent(None, home, RED, given_on=TODAY, today=TODAY) == first
    assert revoke_consents(None, Consent.objects.filter(household=home), on=date(2026, 8, 1), today=TODAY) == 1
    days = [date(2026, 4, 30), MAY, date(2026, 7, 31), date(2026, 8, 1)]
    assert [consented(RED, day, path) for day in days] == [set(), {home.pk}, {home.pk}, set()]
    assert consented(Consent.Purpose.PAIR, MAY, path) == set()
    again = record_consent(None, home, RED, given_on=date(2026, 9, 1), today=TODAY)
    assert again.pk != first.pk
    assert list(Change.objects.order_by("id").values_list("act", flat=True)) == [
        "consent.given", "consent.revoked", "consent.given",
    ]  # fmt: skip


def test_nonsense_is_refused(cast: Cast) -> None:
    home = cast.household(1)
    record_consent(None, home, RED, given_on=MAY, today=TODAY)
    live = Consent.objects.all()
    tries: dict[str, Callable[[], Any]] = {
        "consent_household": lambda: record_consent(None, cast.places[WILLOW], RED, given_on=MAY, today=TODAY),
        "consent_day": lambda: record_consent(None, home, RED, given_on=date(2027, 1, 1), today=TODAY),
        "consent_order": lambda: revoke_consents(None, live, on=date(2026, 4, 1), today=TODAY),
    }
    for code, attempt in tries.items():
        with pytest.raises(Problem) as caught:
            attempt()
        assert caught.value.kind.code == code
    assert live.get().revoked_on is None
