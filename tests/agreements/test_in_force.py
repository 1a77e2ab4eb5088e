"""Which scheme is in force on a day, and from when a new one is."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import COUNTY, NOW, TODAY, TOWN, WILLOW, Cast
from xiangyue.agreements.actions.publishing import publish_scheme
from xiangyue.agreements.in_force import scheme_on, schemes_over
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.people.grants import scope_of
from xiangyue.schemes import SchemeErrors, pack_text
from xiangyue.standings.actions.closing import close_period

pytestmark = pytest.mark.django_db
TEXT = pack_text("linjiang").replace("220681", COUNTY)
SECOND = TEXT.replace("late_limit_days = 31", "late_limit_days = 20")
DECEMBER = date(2026, 12, 1)


def refused(cast: Cast, text: str, from_on: date, code: str = COUNTY) -> str:
    """The code of the problem that publishing meets."""
    with pytest.raises(Problem) as caught:
        publish_scheme(cast.users["county_office"], cast.places[code], text, from_on, today=TODAY)
    assert caught.value.mend
    return caught.value.kind.code


def test_a_new_version_is_in_force_from_the_next_period_on(cast: Cast) -> None:
    county = cast.places[COUNTY]
    version = publish_scheme(cast.users["county_office"], county, SECOND, DECEMBER, today=TODAY)
    assert version.version == 2
    assert scheme_on(county, "linjiang", date(2026, 11, 30))[1].late_limit_days == 31
    assert scheme_on(county, "linjiang", DECEMBER)[1].late_limit_days == 20
    line = Change.objects.get(act="scheme.published")
    assert (line.key, line.actor_id) == (str(version.pk), cast.users["county_office"].pk)


def test_the_same_text_is_not_published_twice(cast: Cast) -> None:
    county = cast.places[COUNTY]
    first = publish_scheme(None, county, SECOND, DECEMBER, today=TODAY)
    assert publish_scheme(None, county, SECOND, date(2027, 1, 1), today=TODAY) == first
    assert SchemeVersion.objects.filter(ground=county).count() == 2


@pytest.mark.parametrize("day", [TODAY, date(2026, 11, 1), date(2026, 12, 2), date(2026, 1, 1)])
def test_a_running_period_keeps_its_scheme(cast: Cast, day: date) -> None:
    assert refused(cast, SECOND, day) == "scheme_day"


def test_a_version_does_not_slip_in_before_another(cast: Cast) -> None:
    publish_scheme(None, cast.places[COUNTY], SECOND, date(2027, 2, 1), today=TODAY)
    assert refused(cast, SECOND.replace("days = 20", "days = 10"), DECEMBER) == "scheme_order"


def test_a_month_that_was_closed_early_keeps_its_scheme(cast: Cast) -> None:
    close_period(cast.users["county_office"], cast.places[COUNTY], "2026-12", now=NOW, early=True, empty=True)
    assert refused(cast, SECOND, DECEMBER) == "scheme_closed"
    with pytest.raises(Problem, match=r"2026年12月已经关账.*2027年1月1日"):
        publish_scheme(None, cast.places[COUNTY], SECOND, DECEMBER, today=TODAY)
    assert publish_scheme(None, cast.places[COUNTY], SECOND, date(2027, 1, 1), today=TODAY).version == 2


def test_a_grounds_first_scheme_may_begin_in_the_past(cast: Cast) -> None:
    SchemeVersion.objects.all().delete()
    publish_scheme(None, cast.places[COUNTY], TEXT, date(2025, 6, 1), today=TODAY)
    assert scheme_on(cast.places[COUNTY], "linjiang", date(2025, 6, 1))[0].version == 1
    with pytest.raises(Problem, match="2025年5月31日"):
        scheme_on(cast.places[COUNTY], "linjiang", date(2025, 5, 31))


def test_a_scheme_names_its_own_ground(cast: Cast) -> None:
    assert refused(cast, TEXT.replace(COUNTY, "990200"), DECEMBER) == "scheme_ground"
    assert refused(cast, TEXT, DECEMBER, WILLOW) == "scheme_level"


def test_a_text_that_cannot_be_read_is_told_with_its_lines(cast: Cast) -> None:
    with pytest.raises(SchemeErrors) as caught:
        publish_scheme(None, cast.places[COUNTY], TEXT.replace("weight = ", "wait = "), DECEMBER, today=TODAY)
    assert all(error.line and error.mend for error in caught.value.errors)


def test_the_second_look_takes_one_query_and_no_text(cast: Cast, django_assert_num_queries: object) -> None:
    county = cast.places[COUNTY]
    first = scheme_on(county, "linjiang", TODAY)[1]
    with django_assert_num_queries(1):  # type: ignore[operator]
        version, again = scheme_on(county, "linjiang", TODAY)
    assert again is first
    assert "text" in version.get_deferred_fields()


def test_a_place_stands_under_its_countys_and_its_townships_schemes(cast: Cast) -> None:
    text = TEXT.replace(f'"{COUNTY}"', f'"{TOWN}"').replace('code = "linjiang"', 'code = "donghe"', 1)
    publish_scheme(None, cast.places[TOWN], text, date(2026, 6, 1), today=TODAY)
    codes = [scheme.code for _, scheme in schemes_over(cast.places[WILLOW], TODAY)]
    assert codes == ["linjiang", "donghe"]


@pytest.mark.parametrize(("user", "n"), [("bearer", 1), ("township_office", 1), ("county_office", 1), ("keeper", 0)])
def test_a_scheme_is_read_from_below(cast: Cast, user: str, n: int) -> None:
    assert SchemeVersion.objects.read_by(scope_of(cast.users[user], TODAY)).count() == n
    assert SchemeVersion.objects.read_by(scope_of(cast.users["other_bearer"], TODAY)).count() == 0
