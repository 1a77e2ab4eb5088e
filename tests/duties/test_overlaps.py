"""No overlap where a layer is exclusive: the database holds it, whoever writes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import BEGIN, COUNTY, NOW, TODAY, WILLOW, Cast
from xiangyue.base.problems import Problem
from xiangyue.duties.bulk import DutyRow, store_duties
from xiangyue.duties.models import Duty

pytestmark = pytest.mark.django_db
MARK = "committee+members"


def duty(cast: Cast, bearer: str, target: str, **more: object) -> Duty:
    """A duty written straight to the database."""
    values: dict[str, object] = {"layer": "members", "exclusion": MARK, "from_on": BEGIN, **more}
    return Duty.objects.create(
        ground=cast.places[COUNTY], scheme="linjiang", person=cast.people[bearer], target=cast.places[target],
        created_at=NOW, **values,
    )  # fmt: skip


@pytest.fixture
def home(cast: Cast) -> str:
    """A household that nobody bears."""
    Duty.objects.all().delete()
    return f"{WILLOW}-H00003"


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        ({}, {}, False),
        ({}, {"layer": "committee"}, False),
        ({}, {"exclusion": "", "layer": "others"}, True),
        ({}, {"scheme_differs": True}, True),
        ({"to_on": date(2026, 3, 31)}, {"from_on": date(2026, 4, 1)}, True),
        ({"to_on": date(2026, 3, 31)}, {"from_on": date(2026, 3, 31)}, False),
        ({"from_on": date(2026, 4, 1)}, {"to_on": date(2026, 3, 31)}, True),
        ({"from_on": date(2026, 4, 1)}, {"to_on": date(2026, 4, 1)}, False),
        ({"team": "一排"}, {"team": "一排"}, True),
        ({"team": "一排"}, {"team": "二排"}, False),
        ({"team": "一排"}, {"team": ""}, False),
        ({"team": "一排"}, {"team": "一排", "layer": "committee"}, False),
        ({"exclusion": ""}, {"exclusion": ""}, True),
    ],
)
def test_two_bearers(cast: Cast, home: str, first: dict[str, object], second: dict[str, object], fits: bool) -> None:
    duty(cast, "P06", home, **first)
    if second.pop("scheme_differs", False):
        Duty.objects.update(scheme="other")
    if fits:
        duty(cast, "P07", home, **second)
        assert Duty.objects.count() == 2
        return
    with pytest.raises(IntegrityError, match="duty_no_overlap"), transaction.atomic():
        duty(cast, "P07", home, **second)
    assert Duty.objects.count() == 1


def test_nobody_bears_a_target_twice_at_a_time_even_on_an_open_layer(cast: Cast, home: str) -> None:
    duty(cast, "P06", home, exclusion="", to_on=date(2026, 6, 30))
    with pytest.raises(IntegrityError, match="duty_no_overlap"), transaction.atomic():
        duty(cast, "P06", home, exclusion="", from_on=date(2026, 6, 1))
    duty(cast, "P06", home, exclusion="", from_on=date(2026, 7, 1))


def test_an_update_cannot_make_an_overlap(cast: Cast, home: str) -> None:
    first = duty(cast, "P06", home, to_on=date(2026, 3, 31))
    duty(cast, "P07", home, from_on=date(2026, 4, 1))
    with pytest.raises(IntegrityError, match="duty_no_overlap"), transaction.atomic():
        Duty.objects.filter(pk=first.pk).update(to_on=None)
    Duty.objects.filter(pk=first.pk).update(to_on=date(2026, 2, 28))


def test_a_load_with_an_overlap_is_refused_in_words(cast: Cast, home: str) -> None:
    keys = [cast.people[code].pk for code in ("P06", "P07")]
    rows = [
        DutyRow(cast.places[COUNTY].pk, "linjiang", "members", key, None, cast.places[home].pk, "", MARK, BEGIN)
        for key in keys
    ]
    with pytest.raises(Problem) as caught, transaction.atomic():
        store_duties(rows)
    assert caught.value.kind.code == "duty_overlap"
    assert "请" in str(caught.value)
    assert not Duty.objects.exists()


days = st.integers(0, 12)
spans = st.tuples(days, st.one_of(st.none(), days)).filter(lambda span: span[1] is None or span[1] >= span[0])
written = st.lists(st.tuples(st.sampled_from(["P06", "P07", "P08"]), st.sampled_from(["", "一排"]), spans), max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(written)
def test_what_is_stored_never_overlaps(cast: Cast, rows: list[tuple[str, str, tuple[int, int | None]]]) -> None:
    Duty.objects.all().delete()
    for bearer, team, (start, end) in rows:
        last = None if end is None else TODAY + timedelta(days=end)
        try:
            with transaction.atomic():
                duty(cast, bearer, f"{WILLOW}-H00003", team=team, from_on=TODAY + timedelta(days=start), to_on=last)
        except IntegrityError:
            continue
    for day in range(14):
        live = list(Duty.objects.live(TODAY + timedelta(days=day)))
        teams = {(row.team or row.pk) for row in live}
        assert len(teams) <= 1
        assert len({row.person_id for row in live}) == len(live)
