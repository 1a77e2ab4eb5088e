"""The visits part of a performance: due and kept of the period, missing where nothing was recorded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import COUNTY, PEACH, WILLOW, Cast
from tests.duties.visiting import went
from tests.rewards.stage import YEAR, bears, with_rewards
from xiangyue.captures.models import Capture
from xiangyue.duties.visit_models import Visit
from xiangyue.rewards.performance_visits import visit_rates
from xiangyue.rewards.working import work_on


@pytest.fixture
def scheme(cast: Cast) -> Cast:
    """Two units that bear a village each since June, asked to come once a month."""
    found = with_rewards(cast)
    bears(found, "departments", found.places[WILLOW], unit="D01", since=date(2026, 6, 1))
    bears(found, "departments", found.places[PEACH], unit="E01", since=date(2026, 6, 1))
    return found


def came(cast: Cast, unit: str, village: str, *days: date) -> None:
    """The office writes down on each day that the unit was there."""
    for day in days:
        answer = went(cast, who="county_office", target=village, organisation=unit, day=day)
        assert answer.kept, answer
    # what was told late was looked at and let in
    Visit.objects.update(state=Visit.State.COUNTED)
    Capture.objects.update(state=Capture.State.STORED)


def rates(cast: Cast, layer: str = "departments") -> dict[str, tuple[int | None, int, int]]:
    """Code → rate, kept and due of the year."""
    work = work_on(cast.places[COUNTY], YEAR, "")
    codes = {unit.pk: code for code, unit in cast.organisations.items()}
    found = visit_rates(work, work.scheme.layer(layer))
    return {codes[unit or 0]: (one.value, one.n, one.total) for (_person, unit), one in found.items()}


def test_nothing_on_file_is_missing_not_nought(scheme: Cast) -> None:
    assert rates(scheme) == {}


def test_kept_over_due_of_the_year(scheme: Cast) -> None:
    came(scheme, "D01", WILLOW, date(2026, 6, 3), date(2026, 6, 20), date(2026, 8, 31), date(2026, 9, 1))
    # June to December are due; twice in June is once; E01's own are not on file, but the layer's are
    assert rates(scheme) == {"D01": (4_286, 3, 7), "E01": (0, 0, 7)}
    Visit.objects.filter(day=date(2026, 9, 1)).update(state=Visit.State.DENIED)
    assert rates(scheme)["D01"] == (2_857, 2, 7)


def test_doors_seen_each_day_have_no_rate_of_their_own(scheme: Cast) -> None:
    went(scheme, 1, day=date(2026, 11, 20) + timedelta(days=1))
    assert rates(scheme, "members") == {}
